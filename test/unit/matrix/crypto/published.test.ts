/** What others see of a device, checked as they check it. */
import { expect, test } from 'vitest';
import { keepStanding, publishedLine, standingLine } from '../../../../src/adapters/matrix/cipher.ts';
import { makeIdentity, standing } from '../../../../src/adapters/matrix/crypto/cross-signing.ts';
import { publishedOf } from '../../../../src/adapters/matrix/crypto/published.ts';
import type { Json } from '../../../../src/adapters/matrix/untrusted.ts';
import { KeyServer } from '../../../fakes/key-server.ts';

const BOT = '@bot:x';
const QUERY = '/_matrix/client/v3/keys/query';
const body = { device_keys: { [BOT]: [] } };

async function signed() {
  const { link, need } = await new KeyServer().person(BOT, 'ONE');
  const { fingerprint } = await standing(link);
  const before = await need('POST', QUERY, body);
  await makeIdentity(link, { userId: BOT, password: async () => null, approve: null }, false);
  return { fingerprint, link, need, before, answer: await need('POST', QUERY, body) };
}

test('signed by its owner: seen so from the answer alone; before, not', async () => {
  const { fingerprint, before, answer } = await signed();
  expect(publishedOf(before, BOT, 'ONE')).toEqual({ fingerprint, signed: false });
  expect(publishedOf(answer, BOT, 'ONE')).toEqual({ fingerprint, signed: true });
  expect(publishedOf(answer, BOT, 'TWO')).toBe(null);
  expect(publishedOf({}, BOT, 'ONE')).toBe(null);
});

type Any = Record<string, Record<string, Json>>;
const FORGED: [what: string, forge: (answer: Json) => void][] = [
  [
    'a key of the device is another',
    (answer) => {
      (answer.device_keys as Any)[BOT]!.ONE!.algorithms = [];
    },
  ],
  [
    'the identity is another',
    (answer) => {
      const master = (answer.master_keys as Any)[BOT]!;
      master.keys = { 'ed25519:x': Buffer.alloc(32, 7).toString('base64').replace(/=+$/, '') };
    },
  ],
  [
    'the signing key is not signed',
    (answer) => {
      (answer.self_signing_keys as Any)[BOT]!.signatures = {};
    },
  ],
  [
    'no signature is text',
    (answer) => {
      (answer.device_keys as Any)[BOT]!.ONE!.signatures = { [BOT]: 5 };
    },
  ],
  [
    'no identity',
    (answer) => {
      answer.master_keys = {};
    },
  ],
];
test.each(FORGED)('%s: not signed', async (_, forge) => {
  const { answer } = await signed();
  forge(answer);
  expect(publishedOf(answer, BOT, 'ONE')).toMatchObject({ signed: false });
});

test('as a line of tocsin check, and as a line of tocsin status: the same words', async () => {
  const { link, need } = await signed();
  const ask = async ({ path, body: text }: { path: string; body: string | null }) =>
    await need('POST', path, JSON.parse(text!));
  const { ok, says: line } = await publishedLine({ ask }, BOT, 'ONE', {});
  expect(ok).toBe(true);
  expect(line).toMatch(/^encrypted rooms on; device ONE, fingerprint (\S{4} ){10}\S{3}, cross-signed$/);
  const unsigned = await publishedLine(
    {
      async ask(question) {
        const answer = await ask(question);
        return { ...answer, master_keys: {} };
      },
    },
    BOT,
    'ONE',
    {},
  );
  expect(unsigned).toMatchObject({
    ok: false,
    says: expect.stringContaining('NOT cross-signed: tocsin matrix verify'),
  });
  expect(await publishedLine({ ask }, BOT, 'TWO', {})).toMatchObject({
    ok: true,
    says: expect.stringContaining('device TWO has no keys yet'),
  });
  expect(await publishedLine({ ask }, BOT, null, {})).toMatchObject({
    ok: false,
    says: expect.stringContaining('log in anew'),
  });
  const kept = new Map<string, unknown>();
  const state = {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => void kept.set(key, value),
    delete: async () => {},
  };
  expect(await standingLine(state)).toBe(null);
  await keepStanding(state, link, await standing(link));
  expect(await standingLine(state)).toBe(line);
  await keepStanding(state, link, { ...(await standing(link)), signed: false });
  expect(await standingLine(state)).toContain('NOT cross-signed: tocsin matrix verify');
});
