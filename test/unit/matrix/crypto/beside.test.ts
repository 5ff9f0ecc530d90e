/** A verification that the running bot does, seen through by somebody at a terminal beside it: the two rows between them. */
import { afterEach, expect, test } from 'vitest';
import { serveTerminals, witnessBeside } from '../../../../src/adapters/matrix/crypto/beside.ts';
import { makeIdentity, standing } from '../../../../src/adapters/matrix/crypto/cross-signing.ts';
import { meet, type Outcome, type Witness } from '../../../../src/adapters/matrix/crypto/verification.ts';
import type { Clock, DurableState } from '../../../../src/core/ports/runtime.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { createIds } from '../../../../src/platform/ids.ts';
import { quietLog } from '../../../fakes/fake-log.ts';
import { KeyServer } from '../../../fakes/key-server.ts';

const BOT = '@bot:x';
const ANN = '@ann:x';
let ends = new AbortController();
afterEach(() => {
  ends.abort();
  ends = new AbortController();
});

/** Nobody waits long, and nobody counts as gone because the machine is busy. */
const clock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 8, signal) };
const fast: Clock = { ...clock, monotonic: () => performance.now() * 8 };
const ids = createIds(systemClock);

function rows(): DurableState & { all: Map<string, unknown> } {
  const all = new Map<string, unknown>();
  return {
    all,
    get: async (key) => structuredClone(all.get(key)),
    set: async (key, value) => void all.set(key, JSON.parse(JSON.stringify(value))),
    delete: async (key) => void all.delete(key),
  };
}

const patient = { whom: null, since: '0', former: new Set(), remember: async () => {}, patienceMs: 600_000 };

async function scene() {
  const server = new KeyServer();
  const [bot, ann] = [await server.person(BOT, 'TOCSIN'), await server.person(ANN, 'PHONE')];
  for (const { link } of [bot, ann]) {
    await standing(link);
    await makeIdentity(link, { userId: link.identity.userId, password: async () => null, approve: null }, false);
  }
  server.rooms.set('!room:x', { members: [BOT, ANN], encrypted: true, events: [] });
  server.idle = () => systemClock.sleep(5);
  const state = rows();
  // Of somebody who is gone.
  await state.set('verify/terminal', { id: 'former', beat: 7, whom: null, answer: null });
  const signal = new AbortController();
  const seat = { state, clock, ids, signal: AbortSignal.any([signal.signal, ends.signal]) };
  let begun = 0;
  void serveTerminals({ ...seat, signal: ends.signal, log: quietLog }, async (work) => {
    begun++;
    return await work(bot.link);
  });
  const theirs = (witness: Partial<Witness> = {}): Promise<Outcome | null> =>
    meet(ann.link, {
      ...patient,
      whom: BOT,
      witness: { accepts: async () => true, compare: async () => true, ...witness },
      clock,
      txnId: ids.next(),
      signal: ends.signal,
    });
  return { seat, state, theirs, signal, begun: () => begun };
}

test('somebody asks: the terminal is asked whether that is meant, sees the emoji that they see, and both are done; again at another time', async () => {
  const { seat, theirs, begun } = await scene();
  for (const time of [1, 2]) {
    const [here, there]: (readonly number[])[] = [[], []];
    const seen = { here, there };
    const who: string[] = [];
    const ours = witnessBeside(seat, null, {
      async accepts(party) {
        who.push(`${party.userId} ${party.deviceId}`);
        return true;
      },
      async compare(emoji) {
        seen.here = emoji;
        return true;
      },
    });
    while (begun() < time) await clock.sleep(100);
    const outcomes = await Promise.all([
      ours,
      theirs({
        async compare(emoji) {
          seen.there = [...emoji];
          return true;
        },
      }),
    ]);
    expect(outcomes).toMatchObject([
      { end: 'done', who: { userId: ANN } },
      { end: 'done', who: { userId: BOT } },
    ]);
    expect(who).toEqual([`${ANN} PHONE`]);
    expect(seen.here).toEqual(seen.there);
    expect(seen.here).toHaveLength(7);
  }
});

const ENDS: [what: string, ours: Partial<Witness>, theirs: Partial<Witness>, here: object | null, there: object][] = [
  ['other emoji here', { compare: async () => false }, {}, { end: 'mismatch', byUs: true }, { end: 'mismatch' }],
  [
    'other emoji there',
    { compare: () => new Promise(() => {}) },
    { compare: async () => false },
    { end: 'mismatch' },
    {},
  ],
  ['not meant', { accepts: async () => false }, {}, null, { end: 'cancelled' }],
];
test.each(ENDS)('%s: both are told', async (what, ours, theirs, here, there) => {
  const { seat, theirs: meets, begun, signal } = await scene();
  const witness = { accepts: async () => true, compare: async () => true, ...ours };
  const seen = witnessBeside(seat, null, witness);
  while (begun() < 1) await clock.sleep(100);
  expect(await meets(theirs)).toMatchObject(there);
  if (here) return expect(await seen).toMatchObject(here);
  // It waits for somebody else, until whoever sits there goes.
  signal.abort(new Error('enough'));
  await expect(seen).rejects.toThrow('enough');
});

test('the terminal goes in the middle of it: they are told, and the next one is served', async () => {
  const { seat, theirs, begun, signal } = await scene();
  const ours = witnessBeside(seat, null, {
    accepts: async () => true,
    async compare() {
      signal.abort(new Error('Ctrl-C'));
      return await new Promise(() => {});
    },
  });
  while (begun() < 1) await clock.sleep(100);
  await expect(Promise.all([theirs(), ours])).rejects.toThrow('Ctrl-C');
  const next = witnessBeside({ ...seat, signal: ends.signal }, null, {
    accepts: async () => true,
    compare: async () => true,
  });
  while (begun() < 2) await clock.sleep(100);
  expect((await Promise.all([next, theirs()])).map((one) => one?.end)).toEqual(['done', 'done']);
});

test('no bot of this version looks: said so, and what was wanted is gone', async () => {
  const state = rows();
  const seat = { state, clock: fast, ids, signal: ends.signal };
  const never: Witness = {
    accepts: () => Promise.reject(new Error('no')),
    compare: () => Promise.reject(new Error('no')),
  };
  await expect(witnessBeside(seat, null, never)).rejects.toThrow('does not answer');
  expect(state.all.get('verify/terminal')).toBe(null);
});

test('what the bot cannot do is said at the terminal', async () => {
  const { seat } = await scene();
  const never: Witness = { accepts: async () => true, compare: async () => true };
  await expect(witnessBeside(seat, '@nobody:x', never)).rejects.toThrow('no identity that could be verified');
});
