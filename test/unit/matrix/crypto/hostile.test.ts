/** A homeserver that answers anything at all, while somebody verifies or asks how the account stands. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confirmed, type Link, openStorage, readSecret } from '../../../../src/adapters/matrix/crypto/cross-signing.ts';
import { publishedOf } from '../../../../src/adapters/matrix/crypto/published.ts';
import { createRounds } from '../../../../src/adapters/matrix/crypto/verification.ts';
import { type Json, json } from '../../../../src/adapters/matrix/untrusted.ts';
import { TocsinError } from '../../../../src/core/errors.ts';
import { shapesLike } from '../../../fakes/any-shape.ts';
import { KeyServer } from '../../../fakes/key-server.ts';

const BOT = '@bot:x';
const KEY = 'EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd';

const start = {
  type: 'm.key.verification.start',
  sender: '@ann:x',
  content: { from_device: 'DEV', transaction_id: 'abc', method: 'm.sas.v1' },
};
const message = {
  type: 'm.room.message',
  sender: '@ann:x',
  event_id: '$one',
  origin_server_ts: 5,
  content: { msgtype: 'm.key.verification.request', to: BOT, from_device: 'DEV', methods: ['m.sas.v1'] },
};
const SYNC = {
  next_batch: 's1',
  to_device: { events: [start] },
  device_lists: { changed: ['@dora:x'], left: ['@carl:x'] },
  rooms: { join: { '!room:x': { timeline: { events: [message] } } } },
};

test('a sync of any shape: whatever is no verification is left out, and the next round is asked for', async () => {
  const server = new KeyServer();
  const { link } = await server.person(BOT, 'ONE');
  await link.flush();
  let answer: unknown = SYNC;
  const hostile: Link['port'] = { ...link.port, sync: async () => json(answer) };
  const rounds = createRounds({ ...link, port: hostile }, 'from', new Set());
  await fc.assert(
    fc.asyncProperty(shapesLike(SYNC), async (shape) => {
      // Where none are left, or the server says so, the machine makes fifty keys: that is dear, and nothing that is read here.
      const enough = {
        device_one_time_keys_count: { signed_curve25519: 50 },
        device_unused_fallback_key_types: ['signed_curve25519'],
      };
      answer = { ...json(shape), ...enough };
      const begun = await rounds.next(0);
      expect(begun.length).toBeLessThan(10);
    }),
    { numRuns: 60 },
  );
});

const DATA = {
  'm.secret_storage.default_key': { key: 'abc' },
  'm.secret_storage.key.abc': {
    algorithm: 'm.secret_storage.v1.aes-hmac-sha2',
    iv: 'xv5b6/p3ExEw++wTyfSHEg==',
    mac: 'ujBBbXahnTAMkmPUX2/0+VTfUh63pGyVRuBcDMgmJC8=',
    passphrase: { algorithm: 'm.pbkdf2', salt: 'x', iterations: 3, bits: 256 },
  },
  'm.cross_signing.master': { encrypted: { abc: { iv: 'x', ciphertext: 'y', mac: 'z' } } },
};

test('a secret storage of any shape: it opens or says why not; a secret is text or there is none', async () => {
  await fc.assert(
    fc.asyncProperty(shapesLike(DATA), fc.constantFrom(KEY, 'some words'), async (shape, typed) => {
      const all = json(shape);
      const data = {
        get: async (type: string) => (all[type] === undefined ? null : json(all[type])),
        set: async () => {},
      };
      const key = await openStorage(data, typed).catch((error: unknown) => {
        expect(error).toBeInstanceOf(TocsinError);
        return null;
      });
      if (key) expect(typeof ((await readSecret(data, key, 'm.cross_signing.master')) ?? '')).toBe('string');
    }),
    { numRuns: 300 },
  );
});

const QUERY = {
  device_keys: { [BOT]: { ONE: { keys: { 'ed25519:ONE': 'abc' }, signatures: { [BOT]: { 'ed25519:x': 'sig' } } } } },
  master_keys: { [BOT]: { keys: { 'ed25519:x': 'A'.repeat(43) } } },
  self_signing_keys: { [BOT]: { keys: { 'ed25519:x': 'A'.repeat(43) }, signatures: { [BOT]: { a: 'b' } } } },
};

test('keys of any shape: never signed', () => {
  fc.assert(
    fc.property(shapesLike(QUERY), (shape) => {
      expect(publishedOf(json(shape), BOT, 'ONE')?.signed ?? false).toBe(false);
    }),
    { numRuns: 300 },
  );
});

const GATE = {
  session: 's',
  flows: [{ stages: ['m.login.sso'] }],
  params: { 'm.login.sso': { url: 'https://x' } },
  completed: [],
};

test('a demand for confirmation of any shape: a link of the web is shown, or an error says what to do', async () => {
  await fc.assert(
    fc.asyncProperty(shapesLike(GATE), async (shape) => {
      const shown: string[] = [];
      const uploadIdentity = async () => ({ ...(json(shape) as Json), session: 's' });
      const who = { userId: BOT, password: async () => null, approve: async (url: string) => void shown.push(url) };
      const confirmAt = (stage: string) => `https://x/${stage}`;
      await expect(confirmed({ uploadIdentity, confirmAt }, {}, who)).rejects.toBeInstanceOf(TocsinError);
      for (const url of shown) expect(url).toMatch(/^https?:\/\//);
    }),
    { numRuns: 200 },
  );
});

test('a message that only calls itself a request, by anybody in a room: left out, and the real one behind it is heard', async () => {
  const server = new KeyServer();
  const { link } = await server.person(BOT, 'ONE');
  await (await server.person('@ann:x', 'DEV')).link.flush();
  const { body: _, ...bodiless } = { ...message.content, body: 'x' };
  const real = {
    ...message,
    event_id: '$two',
    origin_server_ts: Date.now(),
    content: { ...message.content, body: 'Ann asks' },
  };
  const events = [{ ...message, content: bodiless }, { ...message, content: 5 }, real];
  const answer = { next_batch: 's1', rooms: { join: { '!room:x': { timeline: { events } } } } };
  const port = { ...link.port, sync: async () => answer };
  const begun = await createRounds({ ...link, port }, 'from', new Set()).next(0);
  expect(begun.map((one) => one.flowId)).toEqual(['$two']);
});
