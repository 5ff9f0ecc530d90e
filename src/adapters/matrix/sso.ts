/** The way back from a login in the browser: a door on this machine alone, open until the browser has come by. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SsoDoor {
  /** What to open in the browser. */
  link: string;
  /** Resolves with the token that the browser brought. */
  token: Promise<string>;
  close(): void;
}

/** A page of the homeserver's sends the browser to an address that nobody can guess; other paths and methods get nothing. */
export async function openSsoDoor(base: string): Promise<SsoDoor> {
  const path = `/${randomBytes(16).toString('hex')}`;
  const { promise: token, resolve } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    const found = url?.pathname === path && request.method === 'GET' ? url.searchParams.get('loginToken') : null;
    response.setHeader('content-type', 'text/plain; charset=utf-8').setHeader('connection', 'close');
    if (!isLoginToken(found)) {
      response.writeHead(404).end('Nothing here.\n');
      return;
    }
    response.end('Logged in. You can close this window and go back to the terminal.\n');
    resolve(found);
  });
  server.maxHeadersCount = 100;
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const back = `http://127.0.0.1:${port}${path}`;
  return {
    link: `${base}/_matrix/client/v3/login/sso/redirect?redirectUrl=${encodeURIComponent(back)}`,
    token,
    close: () => void server.close().closeAllConnections(),
  };
}

/** What somebody pasted: the token, or the address that their browser ended at. Null = neither. */
export function loginTokenIn(pasted: string): string | null {
  const text = pasted.trim();
  const found = URL.parse(text)?.searchParams.get('loginToken') ?? text;
  return isLoginToken(found) ? found : null;
}

const isLoginToken = (text: string | null | undefined): text is string =>
  typeof text === 'string' && /^[\x21-\x7e]{8,2048}$/.test(text);
