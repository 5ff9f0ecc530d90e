/** A pair on two platforms, with the program and a Synapse as processes: Telegram is cut off, and the Matrix chat has each alert in time, once. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request as ask, createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeTelegram, type FakeUser } from '../fakes/fake-telegram/client.ts';
import { freePort } from '../fakes/free-port.ts';
import { describeIf } from '../fakes/shared.ts';
import { type MatrixUser, waitFor } from './matrix-user.ts';
import { report } from './observatories/world.ts';
import { Program } from './program.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';

/** While Telegram is cut off, the program's clocks run so many times faster. */
const SPEED = 20;
/** When it answers again. */
const BACK = 4;
const SIX_MINUTES = (6 * 60_000) / SPEED;
const NEWSROOM = 'token-of-the-newsroom-1';
const MONITOR = 'token-of-the-monitor-02';
/** Where a message to a room stops on its way: never gone to Synapse, or gone there and the answer kept back. */
type Stop = 'before' | 'after';

/** Between program and Synapse: lets everything through, but for messages that are stopped. */
class Between {
  readonly server: Server;
  readonly stopped: Stop[] = [];
  stop: Stop | null = null;

  constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.server = createServer((incoming, outgoing) => {
      const { method, url = '', headers } = incoming;
      const stop = method === 'PUT' && url.includes('/send/m.room.message/') ? this.stop : null;
      if (stop) this.stopped.push(stop);
      if (stop === 'before') return;
      const onward = ask({ hostname, port, method, path: url, headers }, (answer) => {
        if (stop === 'after') return void answer.resume();
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      });
      for (const side of [incoming, outgoing, onward]) side.on('error', () => undefined);
      outgoing.on('close', () => onward.destroy());
      incoming.pipe(onward);
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'a pair of chats, Telegram cut off', () => {
  let hs: Synapse;
  let telegram: FakeTelegram;
  let between: Between;
  let program: Program;
  let bot: MatrixUser;
  let ann: MatrixUser;
  let annToo: FakeUser;
  let room: string;
  let port: number;
  let speed = 1;
  let ticking: Promise<void>;
  const stopping = new AbortController();

  function faster(times: number): void {
    speed = times;
    writeFileSync(join(program.folder, 'speed'), String(times));
  }

  /** Telegram's clock goes with the program's: what it holds a poll for is as much shorter. */
  async function keepTime(): Promise<void> {
    for (let last = performance.now(); !stopping.signal.aborted;) {
      await new Promise((wake) => setTimeout(wake, 50));
      const now = performance.now();
      await telegram.clock({ advance_ms: Math.round((now - last) * speed) });
      last = now;
    }
  }

  beforeAll(async () => {
    [hs, telegram] = await Promise.all([startSynapse(), FakeTelegram.start({ limits: 'off', callLog: 100_000 })]);
    await telegram.clock({ mode: 'manual', now: Date.now() });
    ticking = keepTime();
    [bot, ann] = [await hs.register('tocsin'), await hs.register('ann')];
    between = new Between(hs.baseUrl);
    const homeserver = await between.listen();
    port = await freePort();
    program = await Program.create(
      {
        database: 'tocsin.db',
        baseline: null,
        accounts: [
          { id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot },
          { id: 'mx', platform: 'matrix', homeserver, accessToken: bot.token, inviteFrom: ['*:localhost'] },
        ],
        network: { allowPrivateAddresses: true },
        web: { listen: `127.0.0.1:${port}` },
        policy: { groupWait: '1s' },
        sources: [
          { id: 'newsroom', kind: 'push', token: 'env:NEWSROOM', as: 'outlet', name: 'The Newsroom' },
          { id: 'monitor', kind: 'push', token: 'env:MONITOR', as: 'monitor', name: 'NetWatch' },
        ],
      },
      { NEWSROOM, MONITOR, NODE_OPTIONS: `--import=${join(import.meta.dirname, 'faster-clock.mjs')}` },
    );
    program.extend({ TOCSIN_TEST_SPEED: join(program.folder, 'speed') });
    await program.start();
    annToo = await telegram.user({ first_name: 'Ann', language_code: 'en' });
    await annToo.send('/subscribe ru');
    await annToo.chat.waitFor({ contains: 'Russia', timeout_ms: 15_000 });
    room = await ann.createRoom({ invite: [bot.userId], direct: true });
    await ann.waitForMembership(room, bot.userId, 'join');
    await annToo.send('/link');
    const { text } = await annToo.chat.waitFor({ contains: 'It works once', timeout_ms: 15_000 });
    await ann.send(room, `link ${/[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(text)![0]}`);
    await ann.waitForMessage(room, ({ body }) => body.includes('Connected. This is now the second chat'));
    await annToo.chat.waitFor({ contains: 'the second chat of this one is now', timeout_ms: 15_000 });
  }, 90_000);
  afterAll(async () => {
    stopping.abort();
    await ticking;
    await program?.remove();
    between?.close();
    await telegram?.stop();
    await hs?.stop();
  });

  /** An account waits for a minute at most between two tries; then, as fast as a busy machine can. */
  async function back(): Promise<void> {
    await new Promise((wake) => setTimeout(wake, 80_000 / SPEED));
    faster(BACK);
  }

  /** As who posts does it: once more, when the program was too busy. */
  const post = async (token: string, body: object) => {
    const taken = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/reports`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
      return answer.ok || undefined;
    };
    await waitFor(taken, 10_000, 'a report to be taken');
  };
  /** Two voices, so that it is told. */
  async function happens(service: string, action = 'block') {
    await post(NEWSROOM, report(`${action}-${service}-n`, { service, action }));
    await post(MONITOR, report(`${action}-${service}-m`, { service, action }));
  }
  const inMatrix = async (words: string) =>
    (await ann.messages(room)).filter(({ sender, body }) => sender === bot.userId && body.includes(words));
  const inTelegram = async (words: string) =>
    (await annToo.chat.botTexts()).filter((text: string) => text.includes(words));

  test('every call answers 502: the alert within six minutes, once; Telegram is back: no echo, and what is new goes there again', async () => {
    await telegram.fault({ fault: '502', times: 0 });
    faster(SPEED);
    const began = performance.now();
    await happens('whatsapp');
    const alert = await ann.waitForMessage(room, ({ body }) => body.includes('WhatsApp blocked'), SIX_MINUTES + 5_000);
    const minutes = ((performance.now() - began) * SPEED) / 60_000;
    console.log(`the second chat had it after ${minutes.toFixed(1)} minutes of the program's time`);
    expect(minutes).toBeGreaterThan(4.5);
    expect(minutes).toBeLessThan(6);
    expect(alert.body).toContain('Told here, because Telegram was not taking messages.');
    await telegram.clearFaults();
    await back();
    await happens('signal');
    await annToo.chat.waitFor({ contains: 'Signal blocked', timeout_ms: 40_000 });
    expect(await inTelegram('WhatsApp blocked')).toEqual([]);
    expect([(await inMatrix('WhatsApp blocked')).length, (await inMatrix('Signal blocked')).length]).toEqual([1, 0]);
  }, 120_000);

  test('no call is answered, and the program is killed twice in the middle of the takeover: once all the same', async () => {
    await telegram.fault({ fault: 'hang', times: 0 });
    between.stop = 'before';
    faster(SPEED);
    await happens('viber');
    for (const [now, next] of [
      ['before', 'after'],
      ['after', null],
    ] as const) {
      await waitFor(() => between.stopped.includes(now) || undefined, SIX_MINUTES + 10_000, `a message stopped ${now}`);
      await program.kill();
      between.stop = next;
      await program.start();
    }
    expect([...new Set(between.stopped)]).toEqual(['before', 'after']);
    await ann.waitForMessage(room, ({ body }) => body.includes('Viber blocked'), 15_000);
    await telegram.clearFaults();
    await back();
    await happens('max');
    await annToo.chat.waitFor({ contains: 'MAX blocked', timeout_ms: 40_000 });
    // What becomes of it rings in Telegram again, and the message in Matrix is put right without a sound.
    await happens('viber', 'unblock');
    await annToo.chat.waitFor({ contains: 'Viber works again', timeout_ms: 40_000 });
    await ann.waitForMessage(room, ({ body }) => body.includes('Viber works again'), 15_000);
    expect(await inTelegram('🔴 Russia: Viber')).toEqual([]);
    const isRing = ({ content }: { content: object }) => !JSON.stringify(content).includes('m.replace');
    const rings = [...(await inMatrix('Viber blocked')), ...(await inMatrix('Viber works again'))].filter(isRing);
    expect(rings.map(({ body }) => /Viber (?:blocked|works again)/.exec(body)![0])).toEqual(['Viber blocked']);
  }, 90_000);
});
