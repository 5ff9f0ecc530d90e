/** Small servers on loopback for tests of the guarded fetch. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcp, type Socket, type Server as TcpServer } from 'node:net';

export interface Running {
  port: number;
  url: string;
  /** Paths (with method) in the order they came. */
  seen: string[];
  close(): Promise<void>;
}

export async function serve(listener: RequestListener): Promise<Running> {
  const seen: string[] = [];
  const server = createServer({ keepAlive: true }, (request: IncomingMessage, response: ServerResponse) => {
    seen.push(`${request.method} ${request.url}`);
    response.on('error', () => {});
    return listener(request, response);
  });
  return running(server, seen);
}

/** An HTTP proxy for plain http: targets and CONNECT; every target is taken to `port` on loopback. */
export async function serveProxy(port: number): Promise<Running> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    const target = new URL(request.url!);
    void fetch(`http://127.0.0.1:${port}${target.pathname}`, { redirect: 'manual' }).then(async (answer) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  server.on('connect', (request, socket: Socket) => {
    seen.push(`CONNECT ${request.url}`);
    const out = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      out.pipe(socket).pipe(out);
    });
    for (const side of [out, socket]) side.on('error', () => {});
  });
  return running(server, seen);
}

/** A SOCKS5 proxy without authentication; every target is taken to `port` on loopback. */
export async function serveSocks(port: number): Promise<Running> {
  const seen: string[] = [];
  const server = createTcp((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (ask: Buffer) => {
        const name = ask[3] === 3 ? ask.subarray(5, 5 + ask[4]!).toString() : [...ask.subarray(4, 8)].join('.');
        seen.push(name);
        const out = connect(port, '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]));
          out.pipe(socket).pipe(out);
        });
        out.on('error', () => {});
      });
    });
  });
  return running(server, seen);
}

async function running(server: Server | TcpServer, seen: string[]): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', () => ready()));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      for (const socket of sockets) socket.destroy();
    });
  return { port, url: `http://127.0.0.1:${port}`, seen, close };
}
