/**
 * What keys of strangers cost over a month: `node bench/matrix-strangers.ts [keys] [keys a stranger] [days]`. The bot's machine and its database are a process of their own, with
 * a clock that this one moves; its memory is what it is after the garbage was collected twice. At the end somebody who has just invited the bot must be read.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RENEW_AFTER } from '../src/adapters/matrix/crypto/encryption.ts';
import { loadEngine, type MachineRequest, openCrypto } from '../src/adapters/matrix/crypto/machine.ts';
import { systemClock } from '../src/platform/clock.ts';
import { createIds } from '../src/platform/ids.ts';
import { openStore } from '../src/store/open.ts';
import { FakeClock } from '../test/fakes/fake-clock.ts';
import { quietLog } from '../test/fakes/fake-log.ts';
import { FakeHomeserver } from '../test/fakes/matrix-homeserver.ts';

type Json = Record<string, unknown>;
const BOT = '@bot:fake.test';
const DEVICE = 'DEVICE';
const HOUR_MS = 3_600_000;
const OURS = '!ours:fake.test';

/** As the program starts itself (`src/begin.mjs`). */
const FLAGS = ['--min-semi-space-size=4', '--max-semi-space-size=4', '--v8-pool-size=1'];
const ALLOCATOR = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };

const megabytes = (bytes: number): number => Math.round(bytes / 104_857.6) / 10;

/** Pages of the machine's own memory, which never become fewer. */
let pages = (): number => 0;
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { instantiate(...args: unknown[]): Promise<{ exports: { memory: { buffer: ArrayBuffer } } }> };
};
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const made = await instantiate.apply(WebAssembly, args);
  pages = () => made.exports.memory.buffer.byteLength;
  return made;
};

/** The bot: takes in what it is sent, and says how large it is. */
async function bot(file: string): Promise<void> {
  const clock = new FakeClock();
  const store = await openStore(file, { clock: systemClock, log: quietLog, ids: createIds(systemClock) });
  const waiting = new Map<number, (answer: Json) => void>();
  let asked = 0;
  const open = () =>
    openCrypto({
      identity: { userId: BOT, deviceId: DEVICE },
      rows: store.rows('account/mx'),
      ask: ({ method, path, body }) =>
        new Promise((done) => {
          waiting.set(++asked, done);
          process.send!({ ask: asked, method, path, body });
        }),
      count: async () => {},
      clock,
      log: quietLog,
      signal: new AbortController().signal,
      broken: (error) => {
        throw error;
      },
    });
  let came = 0;
  let gone = 0;
  let renewed = 0;
  async function begun() {
    const made = await open();
    made.onKeys((keys) => {
      came += keys;
    });
    return made;
  }
  let crypto = await begun();
  const work: Record<string, (line: Json) => Promise<unknown>> = {
    async take({ part, ms }) {
      await clock.pass(Number(ms));
      await crypto.receive(part as Json);
      await crypto.flush();
      gone += await crypto.letGo((roomId) => roomId === OURS);
      if (gone >= RENEW_AFTER) {
        gone = 0;
        renewed++;
        crypto.close();
        crypto = await begun();
      }
      return came;
    },
    read: async ({ event }) => crypto.decrypt(OURS, event as Json),
    async size() {
      for (let i = 0; i < 2; i++) {
        globalThis.gc!();
        await new Promise((done) => setTimeout(done, 300));
      }
      const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
      const mb = Object.fromEntries(
        Object.entries({ rss, heapUsed, heapTotal, external, wasm: pages() }).map(([name, bytes]) => [
          name,
          megabytes(bytes),
        ]),
      );
      const rows = await store.rows('account/mx').all();
      const byStore = Object.groupBy(rows, ({ bucket }) => bucket.replace(/.*,"|"\]/g, ''));
      const rowCounts = Object.fromEntries(Object.entries(byStore).map(([name, list]) => [name, list!.length]));
      return { ...mb, database: megabytes(statSync(file).size), came, renewed, rows: rowCounts };
    },
  };
  process.on('message', async (line: Json) => {
    if (line.answer) return waiting.get(Number(line.to))!(line.answer as Json);
    process.send!({ to: line.id, done: await work[String(line.do)]!(line) });
  });
  await crypto.flush();
  process.send!({ ready: true });
}

async function month(): Promise<void> {
  const [KEYS = 50_000, EACH = 10, DAYS = 30] = process.argv.slice(2).map(Number).filter(Number.isFinite);
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-strangers-'));
  const fake = await FakeHomeserver.start();
  const child: ChildProcess = fork(import.meta.filename, ['--bot', join(folder, 'tocsin.db')], {
    execArgv: ['--expose-gc', ...FLAGS],
    env: { ...process.env, ...ALLOCATOR },
    serialization: 'advanced',
  });
  const ready = Promise.withResolvers<void>();
  const waiting = new Map<number, (value: never) => void>();
  child.on('message', (line: Json) => {
    if (line.ready) return ready.resolve();
    if (!line.ask) return waiting.get(Number(line.to))!(line.done as never);
    const parts = String(line.path).split('/').slice(4).map(decodeURIComponent);
    const answer = fake.keys.answer(
      BOT,
      DEVICE,
      String(line.method),
      parts,
      JSON.parse(String(line.body ?? '{}')) as Json,
    );
    child.send({ to: line.ask, answer: structuredClone(answer?.[1] ?? {}) as object });
  });
  let calls = 0;
  const tell = <T>(what: string, more: Json = {}): Promise<T> =>
    new Promise((done) => {
      waiting.set(++calls, done);
      child.send({ id: calls, do: what, ...more });
    });
  await ready.promise;
  let since = 0;
  const hour = async (ms = HOUR_MS, more: Json = {}): Promise<number> => {
    const { part } = fake.keys.since(BOT, DEVICE, since);
    since = Number(fake.position);
    return await tell<number>('take', { part: { ...part, ...more }, ms });
  };
  let made = 0;
  const sdk = await loadEngine(() => {});
  const ask = (user: string, { type, body, event_type: kind, txn_id: txn }: MachineRequest): string => {
    const { KeysUpload, KeysQuery, KeysClaim } = sdk.RequestType;
    const path =
      type === sdk.RequestType.ToDevice
        ? ['sendToDevice', kind!, txn!]
        : [
            'keys',
            type === KeysUpload ? 'upload' : type === KeysQuery ? 'query' : type === KeysClaim ? 'claim' : 'other',
          ];
    return JSON.stringify(fake.keys.answer(user, 'PHONE', 'POST', path, JSON.parse(body) as Json)![1]);
  };
  /** Somebody with a device, who gives the bot keys for rooms that it is not in. */
  async function stranger(user: string, rooms: readonly string[]): Promise<void> {
    const machine = await sdk.OlmMachine.initialize(new sdk.UserId(user), new sdk.DeviceId('PHONE'));
    const bots = () => [new sdk.UserId(BOT)];
    const done = async (one: MachineRequest): Promise<void> =>
      void (await machine.markRequestAsSent(one.id!, one.type, ask(user, one)));
    await machine.updateTrackedUsers(bots());
    for (const one of await machine.outgoingRequests()) await done(one as MachineRequest);
    const claim = await machine.getMissingSessions(bots());
    if (claim) await done(claim as MachineRequest);
    for (const room of rooms) {
      const settings = new sdk.EncryptionSettings();
      for (const one of await machine.shareRoomKey(new sdk.RoomId(room), bots(), settings))
        await done(one as MachineRequest);
    }
    machine.close();
  }
  const strangers = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const user = `@s${++made}:d${made % 500}.test`;
      await stranger(
        user,
        Array.from({ length: EACH }, (_, k) => `!r${made}-${k}:d.test`),
      );
      fake.keys.remove(user, 'PHONE');
    }
  };
  // What is loaded and made once is no growth.
  await strangers(20);
  await hour();
  for (let i = 0; i < 30; i++) await hour();
  const told = async (day: number): Promise<void> =>
    console.log(JSON.stringify({ day, strangers: made, ...(await tell<Json>('size')) }));
  await told(0);
  const perHour = KEYS / EACH / (DAYS * 24);
  for (let at = 1; at <= DAYS * 24; at++) {
    await strangers(Math.floor(at * perHour) - Math.floor((at - 1) * perHour));
    await hour();
    if (at % (DAYS * 4) === 0) await told(at / 24);
  }
  await told(DAYS);
  // Whoever has just invited the bot is heard, whatever came before.
  const before = await tell<number>('take', { part: {}, ms: 0 });
  await stranger('@new:elsewhere.test', [OURS]);
  const member = {
    type: 'm.room.member',
    state_key: BOT,
    sender: '@new:elsewhere.test',
    content: { membership: 'invite' },
  };
  const invited = { rooms: { invite: { [OURS]: { invite_state: { events: [member] } } } } };
  const heard = (await hour(0, invited)) - before;
  console.log(JSON.stringify({ newcomersKeysHeard: heard }));
  child.kill();
  await fake.stop();
  rmSync(folder, { recursive: true, force: true });
}

if (process.argv[2] === '--bot') await bot(process.argv[3]!);
else await month();
