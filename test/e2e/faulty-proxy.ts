/** Stands between the program and a real homeserver, and does what goes wrong there (`matrix-faults.ts`) to the requests that a test names. */
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { breakWith, type FaultKind } from '../fakes/matrix-faults.ts';

export interface FaultyProxy {
  baseUrl: string;
  /** What is to go wrong with a request, "METHOD /path"; a promise holds it up until then. Asked for each; null: nothing. */
  break(rule: (line: string) => FaultKind | null | Promise<FaultKind | null>): void;
  /** Holds the answer back, not the request: the homeserver has done it by then. */
  hold(rule: (line: string) => Promise<void> | null): void;
  /** Everything works again. */
  mend(): void;
  /** "METHOD /path" of every request, without the query, since it was last emptied. */
  readonly lines: string[];
  /** Bodies of requests that send an event as it is: plain text on its way. */
  readonly plain: string[];
  stop(): Promise<void>;
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target);
  const lines: string[] = [];
  const plain: string[] = [];
  let rule: Parameters<FaultyProxy['break']>[0] = () => null;
  let holding: Parameters<FaultyProxy['hold']>[0] = () => null;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = decodeURIComponent(request.url!.split('?')[0]!);
    const line = `${request.method} ${path}`;
    lines.push(line);
    if (/^PUT .*\/send\/m\.room\.message\//.test(line)) plain.push(`${line} ${body}`);
    const fault = await rule(line);
    if (fault && (await breakWith(fault, response))) return;
    const headers = { ...request.headers, host: `${hostname}:${port}` };
    await new Promise<void>((done) => {
      const onward = ask({ hostname, port, path: request.url, method: request.method, headers }, async (answer) => {
        const parts: Buffer[] = [];
        for await (const part of answer) parts.push(part as Buffer);
        await holding(line);
        if (fault === 'drop-after') response.destroy();
        else if (!response.destroyed) response.writeHead(answer.statusCode!, answer.headers).end(Buffer.concat(parts));
        done();
      });
      onward.on('error', () => {
        response.destroy();
        done();
      });
      response.on('close', () => onward.destroy());
      onward.end(body);
    });
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    break(next) {
      rule = next;
    },
    hold(next) {
      holding = next;
    },
    mend() {
      rule = () => null;
      holding = () => null;
    },
    lines,
    plain,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
