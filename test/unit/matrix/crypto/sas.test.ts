/** Interactive verification between two machines: what the person sees, and how it may end. */
import * as sdk from '@matrix-org/matrix-sdk-crypto-wasm';
import { expect, test } from 'vitest';
import { makeIdentity, standing } from '../../../../src/adapters/matrix/crypto/cross-signing.ts';
import { type Meeting, meet, type Outcome, type Witness } from '../../../../src/adapters/matrix/crypto/verification.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { KeyServer, type Person } from '../../../fakes/key-server.ts';

const BOT = '@bot:x';
const ANN = '@ann:x';
const ROOM = '!room:x';

/** What one person does at the terminal, and what they saw. */
function witness(answers: Partial<Witness> = {}): Witness & { saw: number[][]; who: string[] } {
  const saw: number[][] = [];
  const who: string[] = [];
  return {
    saw,
    who,
    async accepts(party, signal) {
      who.push(`${party.userId} ${party.deviceId} ${party.own}`);
      return answers.accepts ? await answers.accepts(party, signal) : true;
    },
    async compare(emoji, party, signal) {
      saw.push([...emoji]);
      return answers.compare ? await answers.compare(emoji, party, signal) : true;
    },
  };
}

const waiting = (more: Partial<Meeting>): Meeting => ({
  whom: null,
  since: null,
  former: new Set(),
  remember: async () => {},
  patienceMs: 20_000,
  witness: witness(),
  clock: systemClock,
  txnId: 'txn',
  signal: new AbortController().signal,
  ...more,
});

const who = (userId: string) => ({ userId, password: async () => null, approve: null });

async function pair(other: string, room: 'none' | 'plain' | 'encrypted' = 'none') {
  const server = new KeyServer();
  const bot = await server.person(BOT, 'BOTDEV');
  const peer = await server.person(other, 'PEERDEV');
  for (const one of new Set([peer, ...(other === BOT ? [] : [bot])])) {
    await standing(one.link);
    await makeIdentity(one.link, who(one.link.identity.userId), false);
  }
  await standing(bot.link);
  if (room !== 'none') server.rooms.set(ROOM, { members: [BOT, other], encrypted: room === 'encrypted', events: [] });
  return { server, bot, peer };
}

/** The first waits, the second asks. */
async function both(
  server: KeyServer,
  asked: { at: Person; with?: Partial<Meeting> },
  asking: { at: Person; whom: string; with?: Partial<Meeting> },
): Promise<[Outcome | null, Outcome | null]> {
  const first = meet(asked.at.link, waiting(asked.with ?? {}));
  // So that the order is always the same.
  while (server.asked.filter(({ path }) => path.endsWith('sync')).length < 2)
    await new Promise((resolve) => setImmediate(resolve));
  const second = meet(asking.at.link, waiting({ whom: asking.whom, ...asking.with }));
  return await Promise.all([first, second]);
}

test('own other session asks: the same seven emoji on both sides, and our device is signed by it', async () => {
  const { server, bot, peer } = await pair(BOT);
  expect(await standing(bot.link)).toMatchObject({ identity: 'elsewhere', signed: false });
  const here = witness();
  const there = witness();
  const ends = await both(
    server,
    { at: bot, with: { witness: here } },
    { at: peer, whom: BOT, with: { witness: there } },
  );
  expect(ends).toMatchObject([
    { end: 'done', who: { userId: BOT, deviceId: 'PEERDEV', own: true } },
    { end: 'done', who: { userId: BOT, deviceId: 'BOTDEV', own: true } },
  ]);
  expect(here.saw).toEqual(there.saw);
  expect(here.saw[0]).toHaveLength(7);
  expect(here.who).toEqual([`${BOT} PEERDEV true`]);
  expect(there.who).toEqual([]);
  expect(await standing(bot.link)).toMatchObject({ signed: true });
});

test('we ask our own other session: it accepts, and our device is signed', async () => {
  const { server, bot, peer } = await pair(BOT);
  const ends = await both(server, { at: peer }, { at: bot, whom: BOT });
  expect(ends.map((one) => one?.end)).toEqual(['done', 'done']);
  expect(await standing(bot.link)).toMatchObject({ signed: true });
});

const ROOMS: ['plain' | 'encrypted', asks: 'ann' | 'bot'][] = [
  ['plain', 'ann'],
  ['encrypted', 'ann'],
  ['encrypted', 'bot'],
];
test.each(ROOMS)('in a direct chat, %s, %s asks: both identities are verified', async (room, asks) => {
  const { server, bot, peer } = await pair(ANN, room);
  const here = witness();
  const there = witness();
  const [ours, theirs] = [
    { at: bot, with: { witness: here } },
    { at: peer, with: { witness: there } },
  ];
  const ends =
    asks === 'ann'
      ? await both(server, ours, { ...theirs, whom: BOT })
      : await both(server, theirs, { ...ours, whom: ANN });
  expect(ends.map((one) => one?.end)).toEqual(['done', 'done']);
  expect(here.saw).toEqual(there.saw);
  const query = peer.machine.queryKeysForUsers([new sdk.UserId(BOT), new sdk.UserId(ANN)]);
  await peer.link.send(query);
  const identity = await peer.machine.getIdentity(new sdk.UserId(BOT));
  expect(identity?.isVerified()).toBe(true);
  const said = server.rooms.get(ROOM)!.events.map(({ type }) => type);
  expect(new Set(said.filter((type) => type === 'm.room.encrypted' || room === 'plain'))).toEqual(new Set(said));
});

test('the emoji are not the same: both sides end it as a mismatch, and nothing is signed', async () => {
  const { server, bot, peer } = await pair(BOT);
  const ends = await both(
    server,
    { at: bot, with: { witness: witness({ compare: async () => false }) } },
    { at: peer, whom: BOT },
  );
  expect(ends).toMatchObject([
    { end: 'mismatch', byUs: true },
    { end: 'mismatch', byUs: false },
  ]);
  expect(await standing(bot.link)).toMatchObject({ signed: false });
});

test('the other side says that they differ while we think: our question ends', async () => {
  const { server, bot, peer } = await pair(BOT);
  let ended = false;
  const compare = (_: unknown, __: unknown, signal: AbortSignal) =>
    new Promise<boolean>((_, reject) => {
      signal.addEventListener('abort', () => {
        ended = true;
        reject(signal.reason);
      });
    });
  const ends = await both(
    server,
    { at: bot, with: { witness: witness({ compare }) } },
    { at: peer, whom: BOT, with: { witness: witness({ compare: async () => false }) } },
  );
  expect(ends).toMatchObject([
    { end: 'mismatch', byUs: false },
    { end: 'mismatch', byUs: true },
  ]);
  expect(ended).toBe(true);
});

test('declined: the one who asked reads so, and we go on waiting', async () => {
  const { server, bot, peer } = await pair(ANN, 'plain');
  const clock = new FakeClock();
  const turn = server.idle;
  let declined = false;
  server.idle = (ms) => (declined ? clock.pass(4_000) : turn(ms));
  const accepts = async () => {
    declined = true;
    return false;
  };
  const ends = await both(
    server,
    { at: bot, with: { clock, witness: witness({ accepts }), patienceMs: 60_000 } },
    { at: peer, whom: BOT },
  );
  expect(ends).toMatchObject([null, { end: 'cancelled', byUs: false, code: 'm.user' }]);
});

test('nobody comes: it ends when patience does', async () => {
  const { server, bot } = await pair(BOT);
  const clock = new FakeClock();
  server.idle = () => clock.pass(4_000);
  expect(await meet(bot.link, waiting({ clock, patienceMs: 60_000 }))).toBe(null);
  expect(clock.monotonic()).toBeGreaterThanOrEqual(60_000);
});

test('nobody answers our request: after ten minutes it has timed out', async () => {
  const { server, bot } = await pair(ANN, 'plain');
  const clock = new FakeClock();
  server.idle = () => clock.pass(4_000);
  expect(await meet(bot.link, waiting({ clock, whom: ANN }))).toMatchObject({ end: 'timeout' });
  expect(clock.monotonic()).toBe(600_000);
});

test('ended by the person: it rejects, and the other side is told', async () => {
  const { server, bot, peer } = await pair(ANN, 'plain');
  const leaving = new AbortController();
  const compare = async (): Promise<boolean> => {
    leaving.abort(new Error('Ctrl-C'));
    throw leaving.signal.reason;
  };
  const first = both(
    server,
    { at: bot, with: { witness: witness({ compare }), signal: leaving.signal } },
    { at: peer, whom: BOT },
  );
  await expect(first).rejects.toThrow('Ctrl-C');
  const last = server.rooms.get(ROOM)!.events.at(-1)!;
  expect(last).toMatchObject({ type: 'm.key.verification.cancel', sender: BOT, content: { code: 'm.user' } });
});

test('begun without a request, as older apps do: asked first, then the emoji', async () => {
  const { server, bot, peer } = await pair(BOT);
  const here = witness();
  const waits = meet(bot.link, waiting({ witness: here }));
  while (server.asked.filter(({ path }) => path.endsWith('sync')).length < 2)
    await new Promise((resolve) => setImmediate(resolve));
  const content = {
    from_device: 'PEERDEV',
    transaction_id: 'old-style',
    method: 'm.sas.v1',
    key_agreement_protocols: ['curve25519-hkdf-sha256'],
    hashes: ['sha256'],
    message_authentication_codes: ['hkdf-hmac-sha256.v2'],
    short_authentication_string: ['decimal', 'emoji'],
  };
  await peer.need('PUT', '/_matrix/client/v3/sendToDevice/m.key.verification.start/1', {
    messages: { [BOT]: { BOTDEV: content } },
  });
  while (!server.asked.some(({ path }) => path.includes('m.key.verification.accept')))
    await new Promise((resolve) => setImmediate(resolve));
  expect(here.who).toEqual([`${BOT} PEERDEV true`]);
  await peer.need('PUT', '/_matrix/client/v3/sendToDevice/m.key.verification.cancel/2', {
    messages: { [BOT]: { BOTDEV: { transaction_id: 'old-style', code: 'm.user', reason: 'no' } } },
  });
  expect(await waits).toMatchObject({ end: 'cancelled', code: 'm.user', byUs: false });
});

test('somebody without an identity is asked to make one; without a chat, to open one', async () => {
  const server = new KeyServer();
  const bot = await server.person(BOT, 'BOTDEV');
  await expect(meet(bot.link, waiting({ whom: ANN }))).rejects.toThrow('has no identity');
  const { bot: other } = await pair(ANN);
  await expect(meet(other.link, waiting({ whom: ANN }))).rejects.toThrow('no direct chat with @ann:x');
});

test('asked a moment before we looked: heard; given up again before: not', async () => {
  const { server, bot, peer } = await pair(ANN, 'plain');
  const leaving = new AbortController();
  const gaveUp = meet(peer.link, waiting({ whom: BOT, signal: leaving.signal }));
  while (!server.asked.some(({ path }) => path.includes('/send/m.room.message')))
    await new Promise((resolve) => setImmediate(resolve));
  leaving.abort(new Error('changed my mind'));
  await expect(gaveUp).rejects.toThrow('changed my mind');
  const asks = meet(peer.link, waiting({ whom: BOT }));
  while (server.asked.filter(({ path }) => path.includes('/send/m.room.message')).length < 2)
    await new Promise((resolve) => setImmediate(resolve));
  const here = witness();
  const ends = await Promise.all([meet(bot.link, waiting({ witness: here })), asks]);
  expect(ends.map((one) => one?.end)).toEqual(['done', 'done']);
  expect(here.who).toHaveLength(1);
});

test('a new session of ours that the sync has not told of asks: its keys are looked up, and it is signed', async () => {
  const { server, peer: holder } = await pair(BOT);
  server.tellsChanges = false;
  const fresh = await server.person(BOT, 'FRESH');
  await standing(fresh.link);
  const ends = await both(server, { at: holder }, { at: fresh, whom: BOT });
  expect(ends.map((one) => one?.end)).toEqual(['done', 'done']);
  expect(await standing(fresh.link)).toMatchObject({ signed: true });
});
