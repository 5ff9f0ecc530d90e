/**
 * How soon encrypted Matrix rooms are told: `node bench/matrix-encrypted.ts [rooms] [people a room] [distinct] [idle]`. The homeserver of the tests runs in the same process, and so did the
 * people's machines that made their keys. `distinct`: nobody is in two rooms. `idle`: keys were shared ahead.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdapter } from '../src/adapters/matrix/adapter.ts';
import { loadEngine } from '../src/adapters/matrix/crypto/machine.ts';
import { systemClock } from '../src/platform/clock.ts';
import { createIds } from '../src/platform/ids.ts';
import { openStore } from '../src/store/open.ts';
import { recorder, testDeps } from '../test/contract/adapter-deps.ts';
import { never, sendOf } from '../test/contract/chat-adapter.suite.ts';
import { quietLog } from '../test/fakes/fake-log.ts';
import { FakeHomeserver } from '../test/fakes/matrix-homeserver.ts';

const numbers = process.argv.slice(2).map(Number).filter(Number.isFinite);
const [ROOMS = 50, PEOPLE = 100] = numbers;
const distinct = process.argv.includes('distinct');
const idle = process.argv.includes('idle');
const WINDOW = 4;

const fake = await FakeHomeserver.start();
const sdk = await loadEngine(() => {});
const nameOf = (room: number, i: number): string => `@p${distinct ? room * PEOPLE + i : i}:fake.test`;

async function publish(user: string): Promise<void> {
  const machine = await sdk.OlmMachine.initialize(new sdk.UserId(user), new sdk.DeviceId('PHONE'));
  for (const { type, body } of await machine.outgoingRequests())
    if (type === sdk.RequestType.KeysUpload)
      fake.keys.answer(user, 'PHONE', 'POST', ['keys', 'upload'], JSON.parse(body) as Record<string, unknown>);
  machine.close();
}

for (let room = 0; room < (distinct ? ROOMS : 1); room++)
  for (let i = 0; i < PEOPLE; i++) await publish(nameOf(room, i));
const rooms = Array.from({ length: ROOMS }, (_, room) => {
  const roomId = fake.room(nameOf(room, 0), { encrypted: true });
  for (let i = 1; i < PEOPLE; i++) fake.member(roomId, nameOf(room, i), nameOf(room, i), 'join');
  return roomId;
});

const folder = mkdtempSync(join(tmpdir(), 'tocsin-encrypted-'));
const store = await openStore(join(folder, 'tocsin.db'), {
  clock: systemClock,
  log: quietLog,
  ids: createIds(systemClock),
});
const account = { id: 'mx', platform: 'matrix', homeserver: fake.baseUrl, accessToken: fake.token } as const;
const adapter = createAdapter(
  { ...account, e2ee: true, rate: 0 },
  testDeps({ log: quietLog, rows: store.rows('account/mx') }),
);
await adapter.start(recorder());
const shared = (): number => fake.keys.toDevices.reduce((sum, { count }) => sum + count, 0);
if (idle) while (shared() < ROOMS * PEOPLE) await systemClock.sleep(50);

async function tell(name: string): Promise<void> {
  const began = performance.now();
  const times: number[] = [];
  const left = [...rooms];
  const worker = async (): Promise<void> => {
    for (let chat = left.shift(); chat !== undefined; chat = left.shift()) {
      const at = performance.now();
      const outcome = await adapter.send(sendOf({ accountId: 'mx', chat, thread: null }, name), never);
      if (outcome.kind !== 'delivered') throw new Error(JSON.stringify(outcome));
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, worker));
  times.sort((a, b) => a - b);
  const [ms, p50, max] = [performance.now() - began, times[times.length >> 1]!, times.at(-1)!].map(Math.round);
  console.log(JSON.stringify({ told: name, rooms: ROOMS, people: PEOPLE, distinct, idle, ms, p50, max }));
}

for (const name of ['first', 'second', 'third']) await tell(name);
await adapter.stop();
await store.close();
await fake.stop();
rmSync(folder, { recursive: true });
