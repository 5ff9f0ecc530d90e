import type { Context } from 'hono';
import type { SiteDeps, SiteEnv } from '../deps.ts';
import { respond } from '../respond.ts';
import type { Made } from '../shelf.ts';
import { PROBLEM_TYPE, Problem, problemBody } from './problem.ts';

/** What is made for one key stands for so long, ms: others wait for news there. */
export const FRESH = 5_000;

/** `make` is asked what the request reads as; what is wrong with it becomes a problem of RFC 9457. */
export async function answered<A>(
  c: Context<SiteEnv>,
  deps: Pick<SiteDeps, 'shelf' | 'clock'>,
  read: () => A,
  { key, make }: { key(asked: A): string; make(asked: A): Promise<Made> },
): Promise<Response> {
  try {
    const asked = read();
    const now = Math.floor(deps.clock.monotonic() / FRESH);
    return await respond(c, deps, `${key(asked)} ${now}`, () => make(asked));
  } catch (error) {
    if (error instanceof Problem) return refused(error);
    throw error;
  }
}

export const refused = (problem: Problem): Response =>
  new Response(problemBody(problem), {
    status: problem.status,
    headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' },
  });
