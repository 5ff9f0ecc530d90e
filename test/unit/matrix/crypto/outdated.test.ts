/** Which keys and channels are let go, and what a machine that has let go still reads. */
import { expect, test } from 'vitest';
import { openCrypto } from '../../../../src/adapters/matrix/crypto/machine.ts';
import { type KeptRecord, outdated } from '../../../../src/adapters/matrix/crypto/outdated.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { quietLog } from '../../../fakes/fake-log.ts';
import { FakeHomeserver } from '../../../fakes/matrix-homeserver.ts';
import { Person } from './person.ts';
import { memoryRows } from './support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;
const OURS = '!ours:x';
const packed = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64');

let count = 0;
/** As keys of devices look. */
const curve = (name: string): string => name.padEnd(43, '0');
const keyOf = (roomId: string, user: string | null, age: number, channel = 'CURVE'): KeptRecord => ({
  store: 'inbound_group_sessions3',
  key: `${roomId}\u001dsession${++count}`,
  value: {
    pickled_session: packed({ sender_data: user ? { SenderUnverified: { user_id: user } } : { UnknownDevice: {} } }),
    sender_key: curve(channel),
  },
  at: NOW - age,
});
const channelOf = (device: string, age: number): KeptRecord => ({
  store: 'session',
  key: `${curve(device)}\u001dsession${++count}`,
  value: 'x',
  at: NOW - age,
});
const device = (name: string): KeptRecord => ({
  store: 'devices',
  key: `@ann:x\u001d${name}`,
  value: packed({ device_keys: { keys: { 'curve25519:D': curve(name) } } }),
  at: NOW,
});
const gone = (all: KeptRecord[]): unknown[] => outdated(all, (roomId) => roomId === OURS, NOW).map(({ key }) => key);

test('keys of rooms that we are in: the newest of each person stay for as long as a room may want, those before for days', () => {
  const newest = [1, 30, 80].map((days) => keyOf(OURS, '@ann:x', days * DAY));
  const before = keyOf(OURS, '@ann:x', 89 * DAY);
  const other = keyOf(OURS, '@ben:x', 89 * DAY);
  const tooOld = keyOf(OURS, '@carl:x', 91 * DAY);
  expect(gone([other, before, tooOld, ...newest])).toEqual([before.key, tooOld.key]);
  const many = Array.from({ length: 30 }, (_, i) => keyOf(OURS, '@eve:x', i * 1_000, `DEVICE${i}`));
  expect(gone(many)).toEqual(many.slice(20).map(({ key }) => key));
  expect(gone([keyOf(OURS, null, DAY), keyOf(OURS, null, 0, 'OTHER')])).toEqual([]);
});

test('keys of rooms that we are not in: for an hour, and no more than a thousand', () => {
  const [early, late] = [keyOf('!other:x', '@ann:x', HOUR + 1), keyOf('!other:x', '@ann:x', HOUR - 1)];
  expect(gone([early, late])).toEqual([early.key]);
  const crowd = Array.from({ length: 5_000 }, (_, i) => keyOf(`!room${i}:x`, `@p${i}:x`, i));
  expect(gone(crowd)).toEqual(crowd.slice(1_000).map(({ key }) => key));
});

test('channels: the newest few of devices that are known stay, those of strangers for a day', () => {
  const known = Array.from({ length: 5 }, (_, i) => channelOf('CURVE', (i + 2) * DAY));
  const bySpeaker = channelOf('SPEAKER', 300 * DAY);
  const strange = [channelOf('STRANGE', DAY + 1), channelOf('STRANGE', DAY - 1)];
  expect(gone([...known, bySpeaker, ...strange, device('CURVE'), keyOf(OURS, '@ben:x', 0, 'SPEAKER')])).toEqual([
    strange[0]!.key,
    known[3]!.key,
    known[4]!.key,
  ]);
});

test('marks of messages: a day; records of any other shape or store: never touched, never thrown over', () => {
  const mark = (age: number): KeptRecord => ({
    store: 'olm_hashes',
    key: `CURVE\u001d${age}`,
    value: true,
    at: NOW - age,
  });
  expect(gone([mark(DAY + 1), mark(DAY - 1)])).toEqual([`CURVE\u001d${DAY + 1}`]);
  const odd = ['inbound_group_sessions3', 'session', 'devices', 'core', 'olm_hashes'].flatMap((store) =>
    [null, 7, 'eyJ', { pickled_session: 5 }].map((value, key) => ({
      store,
      key,
      value,
      at: store === 'olm_hashes' ? NOW : 0,
    })),
  );
  expect(gone(odd)).toEqual([]);
});

test('a machine that has let go: what is in use is still read, also after a restart, and what is gone is gone from the rows', async () => {
  const fake = await FakeHomeserver.start();
  const rows = memoryRows();
  const clock = new FakeClock();
  const open = (from = rows) =>
    openCrypto({
      identity: { userId: '@bot:fake.test', deviceId: 'DEVICE' },
      rows: from,
      ask: async ({ method, path, body }) => {
        const parts = path.split('/').slice(4).map(decodeURIComponent);
        const asked = JSON.parse(body ?? '{}') as Record<string, unknown>;
        const answer = fake.keys.answer('@bot:fake.test', 'DEVICE', method, parts, asked);
        return structuredClone((answer?.[1] ?? {}) as Record<string, unknown>);
      },
      count: async () => {},
      clock,
      log: quietLog,
      signal: new AbortController().signal,
      broken: () => {},
    });
  let bot = await open();
  await bot.flush();
  const ann = await Person.on(fake, '@ann:fake.test');
  let since = 0;
  const hear = async () => {
    const { part } = fake.keys.since('@bot:fake.test', 'DEVICE', since);
    since = Number(fake.position);
    await bot.receive(part);
    await bot.flush();
  };
  const room = fake.room('@ann:fake.test', { encrypted: true });
  const elsewhere = [0, 1, 2].map(() => fake.room('@ann:fake.test', { encrypted: true }));
  for (const one of [room, ...elsewhere]) await ann.say(one, 'hello');
  await hear();
  const keys = async () => (await rows.all()).filter(({ bucket }) => bucket.includes('inbound_group_sessions')).length;
  expect(await keys()).toBe(4);
  await clock.pass(2 * HOUR);
  // A restart does not make anything younger.
  bot.close();
  bot = await open();
  await bot.letGo((roomId) => roomId === room);
  expect(await keys()).toBe(1);
  const read = async () => bot.decrypt(room, { ...(await ann.say(room, 'again')), room_id: room } as never);
  expect(await read()).toMatchObject({ ok: true, event: { content: { body: 'again' } } });
  // By the same channel.
  await ann.say(fake.room('@ann:fake.test', { encrypted: true }), 'a new room');
  await hear();
  expect(await keys()).toBe(2);
  bot.close();
  bot = await open(rows.copy());
  expect(await read()).toMatchObject({ ok: true });
  bot.close();
  ann.close();
  await fake.stop();
});
