/** No fault between the bot and its homeserver makes it say in plain text what belongs into an encrypted room, or say it twice: a real Synapse, with the faults in between. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createAdapter } from '../../src/adapters/matrix/adapter.ts';
import type { ChatAdapter, Outgoing } from '../../src/core/ports/chat-adapter.ts';
import { type Recorder, recorder, testDeps } from '../contract/adapter-deps.ts';
import { sendOf } from '../contract/chat-adapter.suite.ts';
import type { FaultKind } from '../fakes/matrix-faults.ts';
import { describeIf } from '../fakes/shared.ts';
import { memoryRows } from '../unit/matrix/crypto/support.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';
import { type MatrixUser, waitFor } from './matrix-user.ts';
import { hasNio, NEEDS_NIO, Nio, type NioPerson } from './nio.ts';
import { hasSynapse, NEEDS_SYNAPSE, type Synapse, startSynapse } from './synapse.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 90_000 });

const FAULTS: FaultKind[] = [
  '429-body',
  '429-header',
  '502',
  '500',
  'drop-before',
  'drop-after',
  'html-403',
  'html-404',
  'unknown-token',
  'null',
  'page',
  'endless',
];
/** One attempt; what has no end is given up. */
const ATTEMPT_MS = 2_500;
const ATTEMPTS = 25;
const ENCRYPTION = { algorithm: 'm.megolm.v1.aes-sha2' };

describeIf(hasSynapse() && hasNio(), hasSynapse() ? NEEDS_NIO : NEEDS_SYNAPSE, 'faults over encrypted rooms', () => {
  let hs: Synapse;
  let nio: Nio;
  let proxy: FaultyProxy;
  let bot: MatrixUser;
  let ann: NioPerson;
  let adapter: ChatAdapter;
  let heard: Recorder;

  beforeAll(async () => {
    hs = await startSynapse();
    nio = Nio.start(hs);
    proxy = await startFaultyProxy(hs.baseUrl);
    [bot, ann] = [await hs.register('bot'), await nio.person('ann', { crossSign: true })];
    adapter = createAdapter(
      { id: 'mx', platform: 'matrix', homeserver: proxy.baseUrl, accessToken: bot.token, rate: 0, e2ee: true },
      testDeps({ rows: memoryRows() }),
    );
    heard = recorder();
    await adapter.start(heard);
  });
  afterAll(async () => {
    await adapter?.stop();
    await proxy?.stop();
    await nio?.stop();
    await hs?.stop();
  });

  afterEach(() => proxy?.mend());

  async function roomWithBot(encrypted: boolean): Promise<string> {
    const room = await ann.createRoom({ encrypted, invite: [bot.userId] });
    await ann.waitForMembership(room, bot.userId, 'join', 30_000);
    return room;
  }

  /** As the outbox does it: the same message again and again until it is delivered. */
  async function deliver(message: Outgoing, ms = ATTEMPT_MS): Promise<number> {
    for (let tries = 1; tries <= ATTEMPTS; tries++) {
      const outcome = await adapter.send(message, AbortSignal.timeout(ms));
      if (outcome.kind === 'delivered') return tries;
      expect(outcome, 'what is passing is no reason to give a room up').toMatchObject({ kind: 'retry' });
    }
    throw new Error(`not delivered in ${ATTEMPTS} attempts`);
  }

  const at = (chat: string) => ({ accountId: 'mx', chat, thread: null });
  const plainIn = async (room: string): Promise<unknown[]> =>
    (await hs.kept(room)).filter(({ type, sender }) => type === 'm.room.message' && sender === bot.userId);

  for (const fault of FAULTS)
    test(`${fault}, once for each thing that is asked for: told once, encrypted`, async () => {
      // A device that is not known yet, so that its keys are asked for as well.
      const second = await nio.person(`ann/${fault}`, { listen: false });
      await second.sync();
      const room = await roomWithBot(true);
      proxy.plain.length = 0;
      const broken = new Set<string>();
      proxy.break((line) => {
        // Names of rooms, transactions and people are no difference.
        const kind = line.replace(/[!$@][^/]+/g, '*').replace(/(send\/[^/]+|sendToDevice\/[^/]+)\/.*/, '$1');
        if (broken.has(kind) || line.endsWith('/sync')) return null;
        broken.add(kind);
        return fault;
      });
      const text = `through ${fault}`;
      const tries = await deliver(sendOf(at(room), text, { tone: 'alert' })).finally(proxy.mend);
      expect([...broken].join('\n'), 'it was broken').toMatch(/send\/m\.room\.encrypted/);
      expect(tries).toBeGreaterThan(1);
      await ann.waitForMessage(room, (m) => m.body === text && m.encrypted, 30_000);
      expect((await ann.messages(room)).filter((m) => m.body === text)).toHaveLength(1);
      await second.sync();
      expect((await second.messages(room)).map((m) => m.body)).toEqual([text]);
      expect(proxy.plain).toEqual([]);
      expect(await plainIn(room)).toEqual([]);
    });

  /** The stream of events breaks once, so that what was known of rooms is asked anew. */
  async function interrupt(room: string, times: number): Promise<void> {
    let broken = 0;
    proxy.break((line) => (line.endsWith('/sync') && broken < times && ++broken > 0 ? '502' : null));
    // The question that is under way is answered by what happens in the room; the next ones fail.
    await ann.sendPlain(room, 'wakes it');
    await waitFor(() => (broken > 0 ? true : undefined), 30_000, 'a sync that fails');
    await new Promise((r) => setTimeout(r, 300));
  }

  test('a room turns encrypted between the question and the send: what was to be said is said encrypted', async () => {
    const room = await roomWithBot(false);
    await heard.waitFor((event) => event.kind === 'joined' && event.address.chat === room, 20_000);
    await interrupt(room, 1);
    proxy.plain.length = 0;
    let asked = (): void => {};
    const question = new Promise<void>((done) => {
      asked = done;
    });
    let answer = (): void => {};
    const held = new Promise<void>((done) => {
      answer = done;
    });
    proxy.hold((line) => {
      if (!/^GET .*\/state\/m\.room\.encryption/.test(line)) return null;
      asked();
      return held;
    });
    const sending = deliver(sendOf(at(room), 'not for everybody'), 60_000);
    await question;
    await ann.state(room, 'm.room.encryption', ENCRYPTION);
    // Whatever comes after it in the stream is heard after it.
    await ann.send(room, '!tocsin after it');
    await heard.waitFor((event) => event.kind === 'command' && event.address.chat === room, 40_000);
    answer();
    await sending.finally(proxy.mend);
    await ann.waitForMessage(room, (m) => m.body === 'not for everybody' && m.encrypted);
    expect(proxy.plain).toEqual([]);
  });

  test('what was known of a room is stale, for the stream was interrupted meanwhile: asked anew, said encrypted', async () => {
    const room = await roomWithBot(false);
    await deliver(sendOf(at(room), 'for everybody'));
    proxy.plain.length = 0;
    await interrupt(room, Number.POSITIVE_INFINITY);
    await ann.state(room, 'm.room.encryption', ENCRYPTION);
    await deliver(sendOf(at(room), 'not any more')).finally(proxy.mend);
    await ann.waitForMessage(room, (m) => m.body === 'not any more' && m.encrypted, 20_000);
    expect(proxy.plain).toEqual([]);
  });
});
