/** The identity of an account and our device under it: made, taken from elsewhere, replaced, and what a homeserver may ask for. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { fingerprintOf } from '../../../../src/adapters/matrix/cipher.ts';
import {
  type Confirmation,
  hasRecovery,
  makeIdentity,
  makeRecovery,
  signDevice,
  standing,
  takeIdentity,
} from '../../../../src/adapters/matrix/crypto/cross-signing.ts';
import { KeyServer, type Person } from '../../../fakes/key-server.ts';

const BOT = '@bot:x';
const nobody: Confirmation = { userId: BOT, password: async () => null, approve: null };
const random = (length: number): Uint8Array => randomBytes(length);
const asks = (stages: string[][], more: object = {}) => ({
  status: 401,
  body: { session: 'abc', flows: stages.map((one) => ({ stages: one })), params: {}, ...more },
});

async function bot(server: KeyServer, deviceId = 'ONE'): Promise<Person> {
  return await server.person(BOT, deviceId);
}
const make = ({ link }: Person, who = nobody, reset = false) => makeIdentity(link, who, reset);
/** Null = the keys are not there. */
async function recovery({ link }: Person): Promise<string | null> {
  let key: string | null = null;
  const made = await makeRecovery(link, random, (given) => {
    key = given;
  });
  expect(made).toBe(key !== null);
  return key;
}

test('first time: an identity is made, our device is signed by it; again changes nothing', async () => {
  const one = await bot(new KeyServer());
  expect(await standing(one.link)).toMatchObject({ identity: 'none', signed: false });
  await make(one);
  const after = await standing(one.link);
  expect(after).toMatchObject({ identity: 'ours', signed: true });
  expect(fingerprintOf(after.fingerprint)).toMatch(/^(\S{4} ){10}\S{3}$/);
  const master = (await one.machine.exportCrossSigningKeys())?.masterKey;
  await make(one);
  expect((await one.machine.exportCrossSigningKeys())?.masterKey).toBe(master);
});

test('the upload is refused half way: the next time the same identity arrives', async () => {
  const server = new KeyServer();
  const one = await bot(server);
  await standing(one.link);
  server.identityGate = () => ({ status: 503, body: {} });
  await expect(make(one)).rejects.toThrow('503');
  const master = (await one.machine.exportCrossSigningKeys())?.masterKey;
  server.identityGate = null;
  await make(one);
  expect(await standing(one.link)).toMatchObject({ identity: 'ours', signed: true });
  expect((await one.machine.exportCrossSigningKeys())?.masterKey).toBe(master);
});

test('signatures that the homeserver does not take: an error, though it answers 200', async () => {
  const server = new KeyServer();
  const one = await bot(server);
  await standing(one.link);
  server.signatureFailures = { [BOT]: { ONE: { errcode: 'M_INVALID_SIGNATURE' } } };
  await expect(make(one)).rejects.toThrow('M_INVALID_SIGNATURE');
});

test('made elsewhere: not ours, taken by the recovery key, and then our device is signed', async () => {
  const server = new KeyServer();
  const element = await bot(server, 'ELEMENT');
  await standing(element.link);
  await make(element);
  expect(await hasRecovery(element.link)).toBe(false);
  const recoveryKey = await recovery(element);
  expect(await hasRecovery(element.link)).toBe(true);

  const ours = await bot(server, 'TOCSIN');
  expect(await standing(ours.link)).toMatchObject({ identity: 'elsewhere', signed: false });
  expect(await recovery(ours)).toBe(null);
  await takeIdentity(ours.link, recoveryKey!);
  expect(await standing(ours.link)).toMatchObject({ identity: 'ours', signed: false });
  await signDevice(ours.link);
  expect(await standing(ours.link)).toMatchObject({ identity: 'ours', signed: true });
  expect(await standing(element.link)).toMatchObject({ identity: 'ours', signed: true });
});

test('nobody takes the recovery key: apps go on asking for the one before', async () => {
  const one = await bot(new KeyServer());
  await standing(one.link);
  await make(one);
  const first = await recovery(one);
  await expect(
    makeRecovery(one.link, random, () => {
      throw new Error('the file is there already');
    }),
  ).rejects.toThrow('there already');
  await takeIdentity(one.link, first!);
  expect(await hasRecovery(one.link)).toBe(true);
});

test('the storage holds a former identity, or none: nothing is taken, and the remedy is named', async () => {
  const server = new KeyServer();
  const element = await bot(server, 'ELEMENT');
  await standing(element.link);
  await make(element);
  const recoveryKey = await recovery(element);
  await make(element, nobody, true);
  const ours = await bot(server, 'TOCSIN');
  await standing(ours.link);
  await expect(takeIdentity(ours.link, recoveryKey!)).rejects.toThrow('former identity');
  for (const type of [...server.accountData.keys()].filter((one) => one.includes('cross_signing')))
    server.accountData.delete(type);
  await expect(takeIdentity(ours.link, recoveryKey!)).rejects.toThrow('not in it');
});

test('a password is asked for only where the homeserver wants it, and given once', async () => {
  const server = new KeyServer();
  const one = await bot(server);
  await standing(one.link);
  const given: string[] = [];
  server.identityGate = ({ auth }) => (auth ? null : asks([['m.login.sso'], ['m.login.password']]));
  const password = async () => {
    given.push('asked');
    return 'secret';
  };
  await make(one, { ...nobody, password });
  expect(given).toEqual(['asked']);
  expect(server.asked.filter(({ path }) => path.includes('device_signing')).at(-1)?.body.auth).toEqual({
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: BOT },
    password: 'secret',
    session: 'abc',
  });
});

test('a reset that is refused leaves us the identity that we had', async () => {
  const server = new KeyServer();
  const one = await bot(server);
  await standing(one.link);
  await make(one);
  server.identityGate = ({ auth }) => asks([['m.login.password']], auth ? { errcode: 'M_FORBIDDEN' } : {});
  await expect(make(one, { ...nobody, password: async () => 'wrong' }, true)).rejects.toThrow(
    'does not accept the password',
  );
  expect(await standing(one.link)).toMatchObject({ identity: 'ours', signed: true });
  server.identityGate = null;
  const before = (await one.machine.exportCrossSigningKeys())?.masterKey;
  await make(one, nobody, true);
  expect(await standing(one.link)).toMatchObject({ identity: 'ours', signed: true });
  expect((await one.machine.exportCrossSigningKeys())?.masterKey).not.toBe(before);
});

const BROWSER: [stage: string, params: object, link: string, auth: object][] = [
  ['m.login.sso', {}, '/_matrix/client/v3/auth/m.login.sso/fallback/web?session=abc', { session: 'abc' }],
  [
    'm.oauth',
    { 'm.oauth': { url: 'https://account.x/reset' } },
    'https://account.x/reset',
    { type: 'm.oauth', session: 'abc' },
  ],
  [
    'org.matrix.cross_signing_reset',
    { 'org.matrix.cross_signing_reset': { url: 'javascript:alert(1)' } },
    '/_matrix/client/v3/auth/org.matrix.cross_signing_reset/fallback/web?session=abc',
    { type: 'org.matrix.cross_signing_reset', session: 'abc' },
  ],
];
test.each(BROWSER)('%s: the link is shown, then it is tried again', async (stage, params, link, auth) => {
  const server = new KeyServer();
  const one = await bot(server);
  await standing(one.link);
  const shown: string[] = [];
  server.identityGate = (body) => (body.auth && shown.length > 0 ? null : asks([[stage]], { params }));
  await make(one, { ...nobody, approve: async (url) => void shown.push(url) });
  expect(shown.map((one) => one.replace(/^http:\/\/127\.0\.0\.1:\d+/, ''))).toEqual([link]);
  expect(server.asked.filter(({ path }) => path.includes('device_signing')).at(-1)?.body.auth).toEqual(auth);
});

const REFUSED: [what: string, stages: string[][], says: string][] = [
  ['a password, and none is there', [['m.login.password']], '--password-file'],
  ['a browser, and nobody is there', [['m.login.sso']], 'in a terminal'],
  ['something unknown', [['m.login.email.identity', 'm.login.terms']], 'does not know'],
];
test.each(REFUSED)('it wants %s: says what to do', async (_, stages, says) => {
  const server = new KeyServer();
  const one = await bot(server);
  await standing(one.link);
  server.identityGate = () => asks(stages);
  await expect(make(one)).rejects.toThrow(says);
});

test('a homeserver that asks for ever: it ends', async () => {
  const server = new KeyServer();
  const one = await bot(server);
  await standing(one.link);
  server.identityGate = () => asks([['m.login.dummy']]);
  await expect(make(one)).rejects.toThrow('again and again');
  expect(server.asked.filter(({ path }) => path.includes('device_signing'))).toHaveLength(4);
});
