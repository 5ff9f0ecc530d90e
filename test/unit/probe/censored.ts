/** Sites on loopback with what may stand before them: nothing, a censor of some kind, or nobody at all. */
import net from 'node:net';
import { afterEach } from 'vitest';
import type { Dialed, Dialer } from '../../../src/sources/probe/net/connection.ts';
import { httpsSite, NAME, page, rawSite, type Site } from './tls-server.ts';

type Open = <T extends { close(): unknown }>(made: Promise<T>) => Promise<T>;

/** Opens what is closed when the test is over. */
export function closedAfterEach(): Open {
  const closers: (() => unknown)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });
  return async (made) => {
    const one = await made;
    closers.push(() => one.close());
    return one;
  };
}

const dead = (tcp: 'timeout' | 'refused'): Dialed => ({ tcp, socket: null, ms: 5, errno: tcp.toUpperCase() });
/** A site, or how each attempt ends. */
export type Way = Site | 'timeout' | 'refused';
export const way = (via: Dialer['via'], by: (address: string, port: number) => Way): Dialer => ({
  via,
  async dial(address, port, ms, signal) {
    const at = by(address, port);
    return typeof at === 'string' ? dead(at) : at.dialer.dial(address, port, ms, signal);
  },
});

/** Does something to a connection; false = lets it pass. */
type Act = (socket: net.Socket, n: number) => boolean;
export const reset: Act = (socket) => {
  socket.resetAndDestroy();
  return true;
};
export const hangUp: Act = (socket) => {
  socket.end();
  return true;
};

export function sitesOf(open: Open) {
  const plain = (head: string, body = '') =>
    open(
      rawSite((socket) => socket.end(`HTTP/1.1 ${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)),
    );
  const secure = () => open(httpsSite((_path, socket) => socket.write(page('<title>The true page</title>'))));
  return {
    plain,
    secure,
    moved: () => plain(`301 Moved\r\nLocation: https://${NAME}/`),
    /** A box before the site that reads the name in the handshake: what it does to each connection with it, by its number. */
    async censored(act: Act, name = NAME): Promise<Site> {
      const site = await secure();
      let n = 0;
      return open(
        rawSite((socket, hello) => {
          if (hello.includes(name) && act(socket, n++)) return;
          const onward = net.connect(site.port, '127.0.0.1');
          onward.on('error', () => socket.destroy());
          onward.write(hello);
          socket.pipe(onward).pipe(socket);
        }),
      );
    },
  };
}
