/** `tocsin matrix verify` from within: whose keys are opened, what is said at the end, and its exit code. */
import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { openLink } from '../../../../src/adapters/matrix/crypto/secure.ts';
import { command } from '../../../../src/adapters/matrix/verify-command.ts';
import { TocsinError } from '../../../../src/core/errors.ts';
import type { Asker, Question } from '../../../../src/core/ports/setup.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { createIds } from '../../../../src/platform/ids.ts';
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
type Answers = Record<string, string | ((question: Question) => string)>;

async function run(
  base: string,
  deviceId: string,
  answers: Answers,
  more: { rows?: ReturnType<typeof memoryRows>; attended?: boolean } = {},
) {
  const { rows = memoryRows(), attended = true } = more;
  const said: string[] = [];
  const asker: Asker = {
    attended,
    async ask(question) {
      const answer = answers[question.flag];
      if (answer === undefined) throw new TocsinError('usage', `--${question.flag} is missing`);
      said.push(question.says);
      return typeof answer === 'function' ? answer(question) : answer;
    },
    several: async () => [],
    given: (flag) => flag === 'with' && answers.with !== undefined,
    say: (text) => void said.push(text),
    link: () => {},
    wrong(problem) {
      throw new TocsinError('usage', problem);
    },
  };
  const kept = new Map<string, unknown>();
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
      clock: systemClock,
      ids: createIds(systemClock),
      log: quietLog,
      env: {},
      proxy: null,
      signal,
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
