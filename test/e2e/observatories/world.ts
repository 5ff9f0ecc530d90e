/** A running program with two people on Telegram, one for each language, and servers on loopback that stand for what it asks. */
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { FakeTelegram, type FakeUser } from '../../fakes/fake-telegram/client.ts';
import { freePort } from '../../fakes/free-port.ts';
import { type Running, serve } from '../../unit/http/servers.ts';
import { Program } from '../program.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const PUSH_TOKEN = 'a-token-of-the-newsroom';

/** When each request to a server began and ended, by this machine's monotonic clock. */
export interface Seen {
  path: string;
  began: number;
  ended: number | null;
}

export async function counted(listener: RequestListener): Promise<Running & { requests: Seen[] }> {
  const requests: Seen[] = [];
  const server = await serve((request, response) => {
    const one: Seen = { path: request.url ?? '', began: performance.now(), ended: null };
    requests.push(one);
    response.on('close', () => {
      one.ended = performance.now();
    });
    return listener(request, response);
  });
  return { ...server, requests };
}

/** What breaks the manners among these: two at one time, or two that are less than two seconds apart. */
export function rudeness(requests: readonly Seen[]): string[] {
  return requests.slice(1).flatMap((one, i) => {
    const before = requests[i]!;
    const gap = one.began - before.began;
    if (before.ended === null || before.ended > one.began) return [`${one.path} while ${before.path}`];
    return gap < 2_000 ? [`${one.path} ${Math.round(gap)} ms after ${before.path}`] : [];
  });
}

export interface World {
  program: Program;
  telegram: FakeTelegram;
  ann: FakeUser;
  olga: FakeUser;
  /** Of the web listener. */
  port: number;
  /** Sets the program's wall clock ahead of this machine's. */
  ahead(ms: number): void;
  now(): number;
  post(body: unknown, over?: { token?: string; headers?: Record<string, string> }): Promise<Response>;
  /** Everything that one of them was sent after subscribing, in its newest form, oldest first. */
  heard(who?: FakeUser): Promise<string[]>;
  close(): Promise<void>;
}

export async function world(
  config: { sources: object[] } & Record<string, unknown>,
  { follow = 'ru', env = {} }: { follow?: string; env?: Record<string, string> } = {},
): Promise<World> {
  const telegram = await FakeTelegram.start({ limits: 'official', rejectUnknown: true });
  const port = await freePort();
  let offset = 0;
  const program = await Program.create(
    {
      database: 'tocsin.db',
      baseline: null,
      accounts: [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot }],
      network: { allowPrivateAddresses: true },
      web: { listen: `127.0.0.1:${port}` },
      policy: { groupWait: '1s' },
      ...config,
    },
    { PUSH_TOKEN, ...env },
  );
  const aheadFile = join(program.folder, 'ahead');
  writeFileSync(aheadFile, '0');
  program.extend({
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'shifted-clock.mjs')}`,
    TOCSIN_TEST_AHEAD: aheadFile,
  });
  await program.start();
  const ann = await telegram.user({ first_name: 'Ann', language_code: 'en' });
  const olga = await telegram.user({ first_name: 'Ольга', language_code: 'ru' });
  const from = new Map<FakeUser, number>();
  for (const one of [ann, olga]) {
    await one.send(`/subscribe ${follow}`);
    const answer = await one.chat.waitFor({ timeout_ms: 10_000 });
    from.set(one, answer.message_id);
  }
  return {
    program,
    telegram,
    ann,
    olga,
    port,
    ahead(ms) {
      offset = ms;
      writeFileSync(aheadFile, String(ms));
    },
    now: () => Date.now() + offset,
    post: (body, { token = PUSH_TOKEN, headers = {} } = {}) =>
      fetch(`http://127.0.0.1:${port}/reports`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async heard(who = ann) {
      const all = (await who.chat.transcript({ from: 'bot', include_deleted: false })) as {
        message_id: number;
        text: string;
      }[];
      return all.filter((one) => one.message_id > from.get(who)!).map(({ text }) => text);
    },
    async close() {
      await program.remove();
      await telegram.stop();
    },
  };
}

/** A report as a newsroom posts it. */
export const report = (id: string, over: Record<string, unknown> = {}) => ({
  id,
  country: 'RU',
  service: 'whatsapp',
  action: 'block',
  at: new Date(Date.now() - MINUTE).toISOString(),
  method: null,
  region: null,
  url: `https://news.example/${id}`,
  title: `It does not open any more (${id})`,
  ...over,
});

/** An answer in JSON, whatever was asked. */
export const answering =
  (body: (url: URL) => unknown): RequestListener =>
  (request, response) => {
    const found = body(new URL(request.url!, 'http://x'));
    response.setHeader('content-type', 'application/json');
    if (found === undefined) response.statusCode = 404;
    response.end(JSON.stringify(found ?? {}));
  };

/** Asks again and again until it is so; fails with what was last seen. */
export async function eventually<T>(look: () => Promise<T>, isSo: (value: T) => boolean, ms: number): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await look();
    if (isSo(value)) return value;
    if (performance.now() > deadline) throw new Error(`Not within ${ms} ms; last seen: ${JSON.stringify(value)}`);
    await new Promise((wake) => setTimeout(wake, 250));
  }
}
