/** From whatever state an account is in to a device that others accept: what is asked, what is said, and what is kept. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { standing, takeIdentity } from '../../../../src/adapters/matrix/crypto/cross-signing.ts';
import { type SecureParts, secure } from '../../../../src/adapters/matrix/crypto/secure.ts';
import { TocsinError } from '../../../../src/core/errors.ts';
import type { Asker } from '../../../../src/core/ports/setup.ts';
import { KeyServer, type Person } from '../../../fakes/key-server.ts';

const BOT = '@bot:x';
const KEY = /Es\w\w( \w{4}){11}/;

/** Options and answers by their flag; what was asked and said. */
function person(answers: Record<string, string>, attended: boolean) {
  const asked: string[] = [];
  const said: string[] = [];
  const asker: Asker = {
    attended,
    async ask({ flag }) {
      asked.push(flag);
      if (answers[flag] === undefined) throw new TocsinError('usage', `--${flag} is missing`);
      return answers[flag];
    },
    several: async () => [],
    given: (flag) => !attended && answers[flag] !== undefined,
    say: (text) => void said.push(text),
    link: (url) => void said.push(url),
    wrong(problem) {
      said.push(problem);
      if (!attended) throw new TocsinError('usage', problem);
    },
  };
  return { asker, asked, said };
}

async function run(
  { link }: Person,
  answers: Record<string, string>,
  { attended = true, ...more }: Partial<SecureParts> & { attended?: boolean } = {},
) {
  const { asker, asked, said } = person(answers, attended);
  const kept = new Map<string, string>();
  const keep = (file: string, text: string): void => {
    if (file === 'taken.txt') throw new TocsinError('usage', 'taken.txt is there already');
    kept.set(file, text);
  };
  const parts = { asker, password: null, reset: false, renew: false, random: randomBytes, keep, prefix: '', ...more };
  const end = await secure(link, parts).catch((error: Error) => error.message);
  return { end, asked, said: said.join('\n'), kept };
}

const bot = (server = new KeyServer(), device = 'TOCSIN') => server.person(BOT, device);

test('a fresh account at a terminal: an identity, and the recovery key shown once', async () => {
  const ours = await bot();
  const first = await run(ours, { 'save-recovery-key': '' });
  expect(first.end).toMatchObject({ identity: 'ours', signed: true });
  expect(first.said.match(new RegExp(KEY, 'g'))).toHaveLength(1);
  expect([first.asked, [...first.kept]]).toEqual([['save-recovery-key'], []]);
  const again = await run(ours, {});
  expect(again).toMatchObject({ end: { signed: true }, asked: [] });
  expect(again.said).not.toMatch(KEY);
});

test('from a script: no recovery key without a file for it; with one it is there and not shown', async () => {
  const ours = await bot();
  const without = await run(ours, {}, { attended: false });
  expect(without.end).toMatchObject({ signed: true });
  expect(without.said).toContain('--save-recovery-key FILE');
  const withFile = await run(ours, { 'save-recovery-key': 'key.txt' }, { attended: false });
  expect(withFile.kept.get('key.txt')).toMatch(KEY);
  expect(withFile.said).not.toMatch(KEY);
});

test('the file for the recovery key is taken: shown instead, and in a script nothing has changed', async () => {
  const script = await bot();
  expect((await run(script, { 'save-recovery-key': 'taken.txt' }, { attended: false })).end).toContain('there already');
  const shown = await run(script, { 'save-recovery-key': 'taken.txt' });
  expect(shown.said).toMatch(/there already[\s\S]*shown only now[\s\S]*Es/);
});

test('another recovery key is made where it is asked for', async () => {
  const ours = await bot();
  const first = await run(ours, { 'save-recovery-key': 'a' });
  const second = await run(ours, { 'save-recovery-key': 'b' }, { renew: true });
  expect(second.kept.get('b')).toMatch(KEY);
  expect(second.kept.get('b')).not.toBe(first.kept.get('a'));
});

async function elsewhere() {
  const server = new KeyServer();
  const element = await bot(server, 'ELEMENT');
  await standing(element.link);
  const { kept } = await run(element, { 'save-recovery-key': 'key' });
  return { server, recoveryKey: kept.get('key')!, ours: await bot(server) };
}

test('made elsewhere, the recovery key at hand: a wrong one is told, the right one signs', async () => {
  const { ours, recoveryKey } = await elsewhere();
  const wrong = await run(ours, { 'recovery-key-file': 'Es nonsense' }, { attended: false });
  expect(wrong.end).toContain('no recovery key');
  const right = await run(ours, { 'recovery-key-file': recoveryKey }, { attended: false });
  expect(right.end).toMatchObject({ identity: 'ours', signed: true });
  // That recovery key goes on being the one.
  expect(right.asked).toEqual(['recovery-key-file']);
});

test('made elsewhere, nothing at hand: left to the emoji, or in a script refused with the three remedies', async () => {
  const { ours } = await elsewhere();
  expect((await run(ours, { 'has-recovery-key': 'no' })).end).toMatchObject({ identity: 'elsewhere', signed: false });
  const { end } = await run(ours, {}, { attended: false });
  for (const remedy of ['--recovery-key-file', 'tocsin matrix verify', '--reset']) expect(end).toContain(remedy);
});

test('made elsewhere, and reset: a new identity with the password, and a new recovery key', async () => {
  const { server, ours, recoveryKey } = await elsewhere();
  server.identityGate = ({ auth }) =>
    auth ? null : { status: 401, body: { session: 's', flows: [{ stages: ['m.login.password'] }] } };
  const refused = await run(ours, {}, { attended: false, reset: true });
  expect(refused.end).toContain('--password-file');
  const { end, kept, asked } = await run(
    ours,
    { 'password-file': 'secret', 'save-recovery-key': 'new' },
    { attended: false, reset: true },
  );
  expect(end).toMatchObject({ identity: 'ours', signed: true });
  expect(asked).toEqual(['password-file', 'save-recovery-key']);
  expect(kept.get('new')).not.toBe(recoveryKey);
});

test('a password that is known already is not asked for', async () => {
  const server = new KeyServer();
  const ours = await bot(server);
  server.identityGate = ({ auth }) =>
    auth ? null : { status: 401, body: { session: 's', flows: [{ stages: ['m.login.password'] }] } };
  const { end, asked } = await run(ours, { 'save-recovery-key': '' }, { password: 'secret' });
  expect(end).toMatchObject({ signed: true });
  expect(asked).toEqual(['save-recovery-key']);
});

test('to be confirmed in a browser: the link is shown, and it is tried again once it is approved', async () => {
  const server = new KeyServer();
  const ours = await bot(server);
  server.identityGate = ({ auth }) =>
    auth ? null : { status: 401, body: { session: 's', flows: [{ stages: ['m.login.sso'] }] } };
  const { end, said } = await run(ours, { approved: 'yes', 'save-recovery-key': '' });
  expect(end).toMatchObject({ signed: true });
  expect(said).toContain('/_matrix/client/v3/auth/m.login.sso/fallback/web?session=s');
});

test('the keys are ours and the device is not signed yet, as after a crash in between: signed, and nothing is asked', async () => {
  const { ours, recoveryKey } = await elsewhere();
  await standing(ours.link);
  await takeIdentity(ours.link, recoveryKey);
  expect(await standing(ours.link)).toMatchObject({ identity: 'ours', signed: false });
  expect(await run(ours, {})).toMatchObject({ end: { identity: 'ours', signed: true }, asked: [] });
});
