/** Copies of the database of any age that come back, as restored backups, beside the running bot, or as a standby that lagged: on a fake homeserver, with somebody who reads along. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../../src/platform/clock.ts';
import { createIds } from '../../../../src/platform/ids.ts';
import { type TestDeps, testDeps } from '../../../contract/adapter-deps.ts';
import { isCommand, never, sendOf } from '../../../contract/chat-adapter.suite.ts';
import { type LogLine, recordingLog } from '../../../fakes/fake-log.ts';
import type { FakeEvent } from '../../../fakes/matrix-homeserver.ts';
import { allAskedFor } from '../../../rooms.ts';
import { ANN, at, fake, hastyButPatient, homeserverPerTest, start, synced, until } from '../bench.ts';
import { Person } from './person.ts';
import { indexOf, type MemoryRows, memoryRows } from './support.ts';

homeserverPerTest();

const ROUNDS = allAskedFor() ? 20 : 2;
const OLD = { code: 'config_invalid', message: expect.stringMatching(/^[^\n]*old copy[^\n]*npx tocsin setup[^\n]*$/) };

let ann: Person;
beforeEach(async () => {
  ann = await Person.on(fake, ANN);
});
afterEach(() => ann.close());

type Served = TestDeps & { rows: MemoryRows; seen: LogLine[]; later: number };

function depsOver(rows: MemoryRows): Served {
  const { log, lines } = recordingLog();
  const deps = Object.assign(hastyButPatient(testDeps({ log, rows })), { rows, seen: lines, later: 0 });
  const { clock } = deps;
  // Two processes have no ids in common.
  deps.ids = createIds(systemClock);
  deps.clock = {
    ...clock,
    now: () => clock.now() + deps.later,
    monotonic: () => clock.monotonic() + deps.later,
  };
  return deps;
}

const served = (deps: Served) => start({ e2ee: true }, deps);
type Bot = Awaited<ReturnType<typeof served>>;
let texts = 0;

/** Says something new, as the outbox does: until it is delivered. Resolves with what was said. */
async function say(bot: Bot, room: string): Promise<string> {
  const text = `message ${++texts}`;
  const message = { ...sendOf(at(room), text), key: `delivery-${texts}` };
  for (let tries = 0; tries < 20; tries++)
    if ((await bot.adapter.send(message, never)).kind === 'delivered') return text;
  throw new Error(`not delivered: ${text}`);
}

/** A room that wants a new key after each three messages. */
function room(): string {
  const made = fake.room(ANN);
  const rotation = { algorithm: 'm.megolm.v1.aes-sha2', rotation_period_msgs: 3 };
  fake.state(made, ANN, 'm.room.encryption', '', rotation);
  return made;
}

const ended = (outcome: PromiseSettledResult<unknown>): unknown =>
  outcome.status === 'rejected' ? outcome.reason : null;

/** What was said there is read, all of it, and no place of a key was used twice. */
async function nothingLost(roomId: string, said: readonly string[]): Promise<void> {
  const events: FakeEvent[] = fake.said(roomId);
  const bodies: unknown[] = [];
  for (const event of events) bodies.push((await ann.read(roomId, event)).body);
  expect(bodies.toSorted()).toEqual(said.toSorted());
  const places = events.map(({ content }) => `${String(content.session_id)} ${indexOf(content.ciphertext)}`);
  expect(places.filter((place, i) => places.indexOf(place) !== i)).toEqual([]);
}

/** As the one line says: a new session, on whatever database is there. */
async function afterSetup(rows: MemoryRows, roomId: string, said: string[]): Promise<void> {
  fake.device = `DEVICE${texts}`;
  const bot = await served(depsOver(rows));
  const asked = `!tocsin again ${texts}`;
  await ann.say(roomId, asked);
  await bot.heard.waitFor(isCommand(`again ${texts}`));
  said.push(await say(bot, roomId), await say(bot, roomId));
  await nothingLost(roomId, said);
  await bot.adapter.stop();
}

const SECOND = 1_000;
const AGES: [what: string, ms: number, messages: number][] = [
  ['1 s old', SECOND, 1],
  ['1 min old', 60 * SECOND, 1],
  ['59 min old', 59 * 60 * SECOND, 2],
  ['2 h old', 120 * 60 * SECOND, 2],
  ['of before a new key of the room', 30 * SECOND, 4],
];

test.each(AGES)(
  'a copy %s: refused with what to do, and with a new session everything is read',
  async (_, ms, messages) => {
    for (let i = 0; i < ROUNDS; i++) {
      const deps = depsOver(memoryRows());
      fake.device = `FIRST${i}`;
      const first = await served(deps);
      const roomId = room();
      const said: string[] = [];
      for (let before = 0; before <= i % 4; before++) said.push(await say(first, roomId));
      const copy = deps.rows.copy();
      deps.later += ms;
      for (let after = 0; after < messages; after++) said.push(await say(first, roomId));
      if (i % 2) await first.adapter.stop();
      const told = fake.said(roomId).length;
      await expect(served(depsOver(copy))).rejects.toMatchObject(OLD);
      expect([fake.said(roomId).length, copy.writes]).toEqual([told, 0]);
      // Its own goes on, whatever became of the copy.
      if (i % 2 === 0) said.push(await say(first, roomId));
      await first.adapter.stop();
      await afterSetup(copy, roomId, said);
      fake.rooms.clear();
    }
  },
  300_000,
);

test('a copy of after a new key, of before a command came: refused, since it could not read the next one', async () => {
  for (let i = 0; i < ROUNDS; i++) {
    const deps = depsOver(memoryRows());
    fake.device = `FIRST${i}`;
    const first = await served(deps);
    const roomId = room();
    const said = [];
    for (let n = 0; n < 4; n++) said.push(await say(first, roomId));
    const copy = deps.rows.copy();
    await ann.say(roomId, '!tocsin status ru');
    await first.heard.waitFor(isCommand('status ru'));
    await synced();
    await first.adapter.stop();
    await expect(served(depsOver(copy))).rejects.toMatchObject(OLD);
    await afterSetup(copy, roomId, said);
    fake.rooms.clear();
  }
}, 300_000);

test('a copy after which nothing was done: it goes on, and what was said before is not said again', async () => {
  for (let i = 0; i < ROUNDS; i++) {
    const deps = depsOver(memoryRows());
    fake.device = `FIRST${i}`;
    const first = await served(deps);
    const roomId = room();
    const said = [await say(first, roomId)];
    await synced();
    await first.adapter.stop();
    const second = await served(depsOver(deps.rows.copy()));
    said.push(await say(second, roomId), await say(second, roomId), await say(second, roomId));
    await nothingLost(roomId, said);
    await second.adapter.stop();
    await expect(served(deps)).rejects.toMatchObject(OLD);
    fake.rooms.clear();
  }
}, 300_000);

test('a copy started beside the running bot, which speaks on: one of them at most, whichever it is, and it loses nothing', async () => {
  for (let i = 0; i < ROUNDS; i++) {
    const deps = depsOver(memoryRows());
    fake.device = `FIRST${i}`;
    const first = await served(deps);
    const roomId = room();
    const said = [await say(first, roomId)];
    await synced();
    const copy = depsOver(deps.rows.copy());
    // At another moment of the start each time.
    const speaking = (async () => {
      await new Promise((resolve) => setTimeout(resolve, i * 10));
      return await say(first, roomId);
    })();
    const [spoke, begun] = await Promise.allSettled([speaking, served(copy)]);
    if (spoke.status === 'fulfilled') said.push(spoke.value);
    const second = begun.status === 'fulfilled' ? begun.value : null;
    if (!second) expect(ended(begun)).toMatchObject(OLD);
    const later = await Promise.allSettled([say(first, roomId), second ? say(second, roomId) : 'none']);
    const on = later.filter((one) => one.status === 'fulfilled' && one.value !== 'none');
    expect(on.length).toBeLessThanOrEqual(1);
    // Both were in the way of each other: the account is begun anew by itself.
    const again = !second && on.length === 0 ? await served(deps) : null;
    if (again) said.push(await say(again, roomId));
    said.push(...later.flatMap((one) => (one.status === 'fulfilled' && one.value !== 'none' ? [one.value] : [])));
    await Promise.all([first, second, again].map((one) => one?.adapter.stop()));
    await afterSetup(copy.rows, roomId, said);
    fake.rooms.clear();
  }
}, 300_000);

test('a copy takes over from a bot that says nothing: the sync tells it, and it stops at once', async () => {
  const broken: unknown[] = [];
  const deps = Object.assign(depsOver(memoryRows()), { broken: () => void broken.push(1) });
  const first = await served(deps);
  await synced();
  const second = await served(depsOver(deps.rows.copy()));
  await until(() => broken.length === 1);
  expect(deps.seen.filter(({ level }) => level === 'error')).toMatchObject([
    { message: expect.stringContaining('go on elsewhere'), fields: { error: OLD.message } },
  ]);
  const roomId = room();
  expect((await first.adapter.send(sendOf(at(roomId), 'x'), never)).kind).toBe('retry');
  await nothingLost(roomId, [await say(second, roomId)]);
});

test('a standby that lags 30 s is promoted under the running bot: it stops before it says anything more, and the next start is refused', async () => {
  for (let i = 0; i < ROUNDS; i++) {
    const broken: unknown[] = [];
    const rows = { ...memoryRows() };
    const deps = Object.assign(depsOver(rows), { broken: () => void broken.push(1) });
    fake.device = `FIRST${i}`;
    const first = await served(deps);
    const roomId = room();
    const said = [await say(first, roomId)];
    const standby = rows.copy();
    for (let n = 0; n <= i % 4; n++) said.push(await say(first, roomId));
    Object.assign(rows, { ...standby });
    await expect(say(first, roomId)).rejects.toThrow('not delivered');
    await until(() => broken.length === 1);
    await first.adapter.stop();
    await expect(served(depsOver(rows))).rejects.toMatchObject(OLD);
    await afterSetup(rows, roomId, said);
    fake.rooms.clear();
  }
}, 300_000);
