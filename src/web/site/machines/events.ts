import type { SitePart } from '../deps.ts';
import { refused } from './answers.ts';
import { only, scopeOf } from './asked.ts';
import { placeOfId } from './event-id.ts';
import { createListeners, MAX_EACH } from './listeners.ts';
import { Problem } from './problem.ts';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

/** `/events`: each change of an incident as it happens. */
export const events: SitePart = (site, deps) => {
  const listeners = createListeners(deps);
  site.get('/events', (c) => {
    try {
      const query = new URL(c.req.url).searchParams;
      only(query, ['country', 'service', 'lang']);
      const last = placeOfId(c.req.header('last-event-id') ?? '');
      const { client, signal } = c.env;
      const stream = listeners.open({ client, scope: scopeOf(query, deps), last, signal });
      if (stream === 'full') return later('Too many listen already; come back later.', 60);
      if (stream === 'too-many')
        return later(`More than ${MAX_EACH} listen from your address; end one, or share one among yours.`, 60);
      return new Response(stream, { headers: HEADERS });
    } catch (error) {
      if (error instanceof Problem) return refused(error);
      throw error;
    }
  });
};

function later(detail: string, seconds: number): Response {
  const answer = refused(new Problem(503, null, detail));
  answer.headers.set('retry-after', String(seconds));
  return answer;
}
