/** `tocsin matrix verify` from within: whose keys are opened, what is said at the end, and its exit code. */
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { makeIdentity, standing } from '../../../../src/adapters/matrix/crypto/cross-signing.ts';
import { openLink } from '../../../../src/adapters/matrix/crypto/secure.ts';
import { meet, type Outcome, type Witness } from '../../../../src/adapters/matrix/crypto/verification.ts';
import { command, signOf } from '../../../../src/adapters/matrix/verify-command.ts';
import { TocsinError } from '../../../../src/core/errors.ts';
import type { Clock } from '../../../../src/core/ports/runtime.ts';
import type { Asker, Question } from '../../../../src/core/ports/setup.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { createIds } from '../../../../src/platform/ids.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { quietLog } from '../../../fakes/fake-log.ts';
import { KeyServer } from '../../../fakes/key-server.ts';
import { memoryRows } from './support.ts';

const BOT = '@bot:x';
const signal = new AbortController().signal;
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function homeserver(whoami: Record<string, unknown> | null = null) {
  const server = new KeyServer();
  const { base, close } = await server.listen(whoami);
  ends.push(close);
  return { server, base };
}

/** Answers by flag; an answer may be a function of the question. */
type Answers = Record<string, string | ((question: Question) => string | Promise<string>)>;

async function run(
  base: string,
  deviceId: string,
  answers: Answers,
  more: {
    rows?: ReturnType<typeof memoryRows>;
    attended?: boolean;
    kept?: Map<string, unknown>;
    clock?: Clock;
    ending?: AbortSignal;
  } = {},
) {
  const { rows = memoryRows(), attended = true, kept = new Map<string, unknown>(), clock = systemClock } = more;
  const said: string[] = [];
  const asker: Asker = {
    attended,
    async ask(question, within) {
      const answer = answers[question.flag];
      if (answer === undefined) throw new TocsinError('usage', `--${question.flag} is missing`);
      said.push(question.says);
      if (typeof answer !== 'function') return answer;
      const over = new Promise<never>((_, fail) => within?.addEventListener('abort', () => fail(within.reason)));
      return await Promise.race([answer(question), over]);
    },
    several: async () => [],
    given: (flag) => flag === 'with' && answers.with !== undefined,
    say: (text) => void said.push(text),
    link: () => {},
    wrong(problem) {
      throw new TocsinError('usage', problem);
    },
  };
  const state = {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => void kept.set(key, value),
    delete: async () => {},
  };
  const account = { id: 'mx', platform: 'matrix' as const, homeserver: base, accessToken: deviceId, e2ee: true };
  const code = await command
    .run(account, {
      asker,
      values: new Map(),
      lang: 'fr',
      clock,
      ids: createIds(systemClock),
      log: quietLog,
      env: {},
      proxy: null,
      signal: more.ending ?? signal,
      state,
      rows,
      random: (length) => randomBytes(length),
      keep: () => {},
    })
    .catch((error: Error) => error.message);
  return { code, said: said.join('\n'), kept, rows };
}

test('a fresh account, nobody to verify with now: cross-signed, code 0, kept for tocsin status', async () => {
  const { server, base } = await homeserver();
  server.session(BOT, 'ONE');
  const { code, said, kept, rows } = await run(base, 'ONE', { 'save-recovery-key': '', whom: 'no' });
  expect(code).toBe(0);
  expect(said).toMatch(/device ONE, not cross-signed[\s\S]*shown only now/);
  expect(kept.get('encryption')).toMatchObject({ deviceId: 'ONE', signed: true });
  const again = await run(base, 'ONE', { with: 'no' }, { rows });
  expect([again.code, again.said]).toEqual([0, expect.stringContaining('device ONE, cross-signed')]);
});

test('a script that asks for emoji: refused, since nobody could compare them', async () => {
  const { server, base } = await homeserver();
  server.session(BOT, 'ONE');
  expect((await run(base, 'ONE', { with: 'own' }, { attended: false })).code).toContain('somebody has to sit');
});

test('made elsewhere and left for later: code 1, and what that means', async () => {
  const { server, base } = await homeserver();
  server.session(BOT, 'ELEMENT');
  server.session(BOT, 'ONE');
  await run(base, 'ELEMENT', { 'save-recovery-key': '', whom: 'no' });
  const { code, said, kept } = await run(base, 'ONE', { 'has-recovery-key': 'no', whom: 'no' });
  expect([code, kept.get('encryption')]).toEqual([1, expect.objectContaining({ signed: false })]);
  expect(said).toContain('is not cross-signed: apps that demand it hear nothing');
});

test('with our other session, from both ends: the same names in the language of the terminal, signed, code 0', async () => {
  const { server, base } = await homeserver();
  server.session(BOT, 'ELEMENT');
  server.session(BOT, 'ONE');
  const { rows } = await run(base, 'ELEMENT', { 'save-recovery-key': '', whom: 'no' });
  const yes = { accept: 'yes', match: 'yes' };
  const waits = run(base, 'ELEMENT', { with: 'anybody', ...yes }, { rows });
  while (!server.asked.some(({ path }) => path.endsWith('sync'))) await new Promise((resolve) => setImmediate(resolve));
  const asks = await run(base, 'ONE', { 'has-recovery-key': 'no', with: 'own', ...yes });
  const waited = await waits;
  expect([asks.code, waited.code]).toEqual([0, 0]);
  expect(asks.said).toContain('Verified: your session ELEMENT');
  expect(waited.said).toContain('Verified: your session ONE');
  const names = (said: string) =>
    said.split('\n').filter((line) => /^ {4}\S+ {2}\S/u.test(line) && !line.includes('Es'));
  expect(names(asks.said)).toEqual(names(waited.said));
  expect(names(asks.said)).toHaveLength(7);
});

const OPENED: [what: string, whoami: Record<string, unknown> | null, token: string, says: string][] = [
  ['the token is refused', null, 'UNKNOWN', 'M_UNKNOWN_TOKEN'],
  ['the token belongs to no session', { user_id: BOT }, 'ONE', 'belongs to no session'],
];
test.each(OPENED)('%s: said so, and no keys are made', async (_, whoami, token, says) => {
  const { server, base } = await homeserver(whoami);
  server.session(BOT, 'ONE');
  const rows = memoryRows();
  const opened = openLink({
    homeserver: base,
    accessToken: token,
    proxy: null,
    rows,
    clock: systemClock,
    ids: createIds(systemClock),
    log: quietLog,
    signal,
  });
  await expect(opened).rejects.toThrow(says);
  expect(await rows.all()).toEqual([]);
});

test('an old copy of the keys, or none of a session that has some: refused, and nothing is sent with them', async () => {
  const { server, base } = await homeserver();
  server.session(BOT, 'ONE');
  const first = await run(base, 'ONE', { 'save-recovery-key': '', whom: 'no' });
  const copy = first.rows.copy();
  await run(base, 'ONE', { with: 'no' }, { rows: first.rows });
  expect((await run(base, 'ONE', { with: 'no' }, { rows: copy })).code).toContain('are an old copy');
  expect((await run(base, 'ONE', { with: 'no' })).code).toContain('not in this database');
});

describe('again and again, in one chat, the bot never in between', () => {
  const ANN = '@ann:x';
  const ROOM = '!room:x';
  const never = (): Promise<never> => new Promise(() => {});
  /** What each of the two does, and how it ends for both. */
  const TRIES: [what: string, ours: Answers, theirs: Partial<Witness>, said: RegExp, end: Partial<Outcome> | null][] = [
    ['we see others', { match: 'no' }, {}, /were not the same/, { end: 'mismatch', byUs: false }],
    ['they see others', { match: never }, { compare: async () => false }, /says that the emoji/, { end: 'mismatch' }],
    ['we do not know them', { accept: 'no' }, {}, /Nobody came/, { end: 'cancelled' }],
    ['nobody answers here', { match: never }, { compare: never }, /did not answer in time|they ended it/, {}],
    ['they give up', { match: never }, { compare: async () => Promise.reject(new Error('gone')) }, /they ended it/, {}],
    ['we see others once more', { match: 'no' }, {}, /were not the same/, { end: 'mismatch' }],
    ['we give up', { match: async () => Promise.reject(new Error('gone')) }, {}, /ended here/, { end: 'cancelled' }],
    ['nobody is asked here', { accept: never }, {}, /did not answer in time|they ended it/, {}],
    ['they see others once more', { match: never }, { compare: async () => false }, /says that the/, {}],
    ['all is well', {}, {}, /Verified: @ann:x/, { end: 'done' }],
  ];

  test('mismatches, time-outs and cancels from both sides: each try is a new one, with the emoji of both', async () => {
    const { server, base } = await homeserver();
    server.session(BOT, 'ONE');
    const first = await run(base, 'ONE', { 'save-recovery-key': '', whom: 'no' });
    const ann = await server.person(ANN, 'PHONE');
    await standing(ann.link);
    await makeIdentity(ann.link, { userId: ANN, password: async () => null, approve: null }, false);
    const room = { members: [BOT, ANN], encrypted: true, events: [] as Record<string, unknown>[] };
    server.rooms.set(ROOM, room);
    const { rows, kept } = first;
    // Where the bot stopped: all of it is heard again at each try.
    kept.set('sync', { owner: BOT, token: '0' });
    for (const [what, ours, theirs, said, end] of TRIES) {
      const clock = new FakeClock();
      // Where somebody waits in vain, time is long.
      server.idle = () => clock.pass(what.startsWith('nobody') ? 10_000 : 2_000);
      let seen: readonly number[] = [];
      const witness: Witness = {
        accepts: async () => true,
        async compare(emoji, who, over) {
          seen = [...emoji];
          return theirs.compare ? await theirs.compare(emoji, who, over) : true;
        },
      };
      const since = String(room.events.length);
      const asks = meet(ann.link, {
        whom: BOT,
        since,
        former: new Set(),
        remember: async () => {},
        patienceMs: 600_000,
        witness,
        clock,
        txnId: `try-${since}`,
        signal,
      });
      const waits = run(base, 'ONE', { with: 'anybody', accept: 'yes', match: 'yes', ...ours }, { rows, kept, clock });
      const [outcome, waited] = await Promise.all([asks, waits]);
      expect(waited.said, what).toMatch(said);
      expect(outcome, what).toMatchObject(end ?? {});
      const shown = waited.said.split('\n').filter((line) => /^ {4}\S+ {2}\S/u.test(line));
      if (seen.length > 0)
        expect(shown, what).toEqual(seen.map((one) => `    ${signOf(one, 'fr').emoji}  ${signOf(one, 'fr').name}`));
      else expect(shown, what).toEqual([]);
      expect(waited.said.match(/asks to verify/g), what).toHaveLength(1);
    }
  }, 240_000);
});
