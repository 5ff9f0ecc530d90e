/** What can go wrong between a client and a homeserver; `matrix-homeserver.ts` does it on demand. */
import type { ServerResponse } from 'node:http';

type Json = Record<string, unknown>;

export type FaultKind =
  /** 429 with `retry_after_ms` in the body / with a `Retry-After` header and a body that is not Matrix's. */
  | '429-body'
  | '429-header'
  /** 502 with a proxy's page; 500 with a Matrix body. */
  | '502'
  | '500'
  /** The connection breaks before anything is done / after it is done, without an answer. */
  | 'drop-before'
  | 'drop-after'
  /** A proxy's own 403 or 404 page. */
  | 'html-403'
  | 'html-404'
  /** 401 M_UNKNOWN_TOKEN. */
  | 'unknown-token'
  /** 400, as for a sync token of another life of the server. */
  | '400'
  /** No answer at all / 100 ms late. */
  | 'hang'
  | 'slow'
  /** Status 200 with `null`, with a page, with endless text. */
  | 'null'
  | 'page'
  | 'endless';

/** True when the request has been dealt with. */
export async function breakWith(kind: FaultKind, response: ServerResponse): Promise<boolean> {
  const page = (status: number, headers: Record<string, string> = {}): true => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<html>nginx</html>');
    return true;
  };
  switch (kind) {
    case '429-body':
      reply(response, 429, { ...error('M_LIMIT_EXCEEDED'), retry_after_ms: 1_234 });
      return true;
    case '429-header':
      return page(429, { 'retry-after': '3' });
    case '502':
      return page(502);
    case '500':
      reply(response, 500, error('M_UNKNOWN'));
      return true;
    case '400':
      reply(response, 400, error('M_UNKNOWN'));
      return true;
    case 'html-403':
      return page(403);
    case 'html-404':
      return page(404);
    case 'page':
      return page(200);
    case 'unknown-token':
      reply(response, 401, error('M_UNKNOWN_TOKEN'));
      return true;
    case 'null':
      response.writeHead(200, { 'content-type': 'application/json' }).end('null');
      return true;
    case 'drop-before':
      response.destroy();
      return true;
    case 'hang':
      return true;
    case 'endless': {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.on('close', () => clearInterval(pump));
      const pump = setInterval(() => response.write('x'.repeat(1_000_000)), 1);
      return true;
    }
    case 'slow':
      await new Promise((r) => setTimeout(r, 100));
      return false;
    case 'drop-after':
      return false;
  }
}

export const error = (errcode: string): Json => ({ errcode, error: 'the fake says so' });

export function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
