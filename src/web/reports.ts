import type { ReportDesk } from '../core/ports/report-desk.ts';
import type { WebServer } from './server.ts';

/** Where newsrooms, monitors and authorities post to (docs/push.md). */
const PATH = '/reports';

export function mountReports(mount: WebServer['mount'], desk: ReportDesk, stopping: AbortSignal): void {
  mount(PATH, {
    methods: ['POST'],
    maxBytes: desk.maxBytes,
    concurrency: desk.atOnce,
    async handle({ headers, body }) {
      if (stopping.aborted) return { status: 503, headers: { 'retry-after': '5' } };
      const {
        status,
        body: text,
        retryAfter,
      } = await desk.handle({ authorization: headers.authorization ?? null, body });
      return {
        status,
        type: 'application/json; charset=utf-8',
        body: text,
        headers: {
          ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
          ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
        },
      };
    },
  });
}
