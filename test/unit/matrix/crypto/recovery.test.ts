/** The recovery key and what it opens, by the values that other implementations publish. */
import { expect, test } from 'vitest';
import {
  type AccountData,
  makeStorage,
  openStorage,
  readKey,
  readSecret,
  storageKeyId,
  useStorage,
  writeSecret,
  writtenKey,
} from '../../../../src/adapters/matrix/crypto/cross-signing.ts';

/** Alice's private key of RFC 7748, section 6.1, which the apps' own tests use. */
const BYTES = Buffer.from('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a', 'hex');
const WRITTEN = 'EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4d';

test('a known key: written and read as every app does, spaces wherever', () => {
  expect(writtenKey(BYTES)).toBe(WRITTEN);
  for (const typed of [WRITTEN, WRITTEN.replaceAll(' ', ''), `  ${WRITTEN.replace(' ', '\r\n')}\t`])
    expect(Buffer.from(readKey(typed)).equals(BYTES)).toBe(true);
});

const WRONG: [what: string, typed: string, says: string][] = [
  ['a letter is another', WRITTEN.replace('UE4d', 'UE4e'), 'no recovery key|mistyped'],
  ['a letter in the middle', WRITTEN.replace('3As5', '3As6'), 'mistyped'],
  ['nothing', '', 'no recovery key'],
  ['letters that there are not', WRITTEN.replace('E', '0'), 'no recovery key'],
  ['too short', WRITTEN.slice(0, -4), 'no recovery key'],
  ['endless', 'E'.repeat(100_000), 'no recovery key'],
  ['another mark', '1111 1111 1111 1111', 'no recovery key'],
];
test.each(WRONG)('%s: refused, and it is said why', (_, typed, says) => {
  expect(() => readKey(typed)).toThrow(new RegExp(says));
});

test('random keys come back, those with zeros in front as well', () => {
  for (let n = 0; n < 50; n++) {
    const key = Uint8Array.from({ length: 32 }, (_, i) => (i < n % 5 ? 0 : (i * 37 + n * 101) % 256));
    expect(readKey(writtenKey(key))).toEqual(key);
  }
});

function memory(entries: Record<string, unknown> = {}): AccountData & { all: Map<string, unknown> } {
  const all = new Map<string, unknown>(Object.entries(entries));
  return {
    all,
    get: async (type) => (all.get(type) ?? null) as never,
    set: async (type, content) => void all.set(type, content),
  };
}

/** Key descriptions with the key that fits, as matrix-rust-sdk's tests have them. */
const FITS: [typed: string, about: Record<string, unknown>][] = [
  [
    'EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd',
    { iv: 'xv5b6/p3ExEw++wTyfSHEg==', mac: 'ujBBbXahnTAMkmPUX2/0+VTfUh63pGyVRuBcDMgmJC8=' },
  ],
  [
    "It's a secret to everybody",
    {
      iv: 'gH2iNpiETFhApvW6/FFEJQ',
      mac: '9Lw12m5SKDipNghdQXKjgpfdj1/K7HFI2brO+UWAGoM',
      passphrase: { algorithm: 'm.pbkdf2', salt: 'IuLnH7S85YtZmkkBJKwNUKxWF42g9O1H', iterations: 10 },
    },
  ],
];
const ALGORITHM = 'm.secret_storage.v1.aes-hmac-sha2';
const stored = (about: Record<string, unknown>) =>
  memory({
    'm.secret_storage.default_key': { key: 'abc' },
    'm.secret_storage.key.abc': { algorithm: ALGORITHM, ...about },
  });

test.each(FITS)('a known storage opens by "%s", and by no other key', async (typed, about) => {
  const data = stored(about);
  expect(await openStorage(data, typed)).toMatchObject({ id: 'abc' });
  await expect(openStorage(data, WRITTEN)).rejects.toThrow('belongs to another account');
});

test('a passphrase that would take years is not tried', async () => {
  const passphrase = { algorithm: 'm.pbkdf2', salt: 'x', iterations: 1e12 };
  await expect(openStorage(stored({ passphrase }), 'words')).rejects.toThrow('no recovery key');
});

test('without a storage, or with one of another kind: says what is left to do', async () => {
  await expect(openStorage(memory(), WRITTEN)).rejects.toThrow('verify interactively, or use --reset');
  await expect(openStorage(stored({ algorithm: 'org.example.new' }), WRITTEN)).rejects.toThrow('--reset');
});

/** Counts up: repeatable. */
function counting(): (length: number) => Uint8Array {
  let next = 0;
  return (length) => Uint8Array.from({ length }, () => next++ % 256);
}

test('a storage that was made: opens by its key; a secret comes back, and by name alone', async () => {
  const data = memory();
  const random = counting();
  const { key, recoveryKey } = await makeStorage(data, random);
  expect(await storageKeyId(data)).toBe(null);
  await writeSecret(data, key, { name: 'm.a', value: 'seed' }, random);
  await useStorage(data, key);
  const opened = await openStorage(data, recoveryKey);
  expect(await readSecret(data, opened, 'm.a')).toBe('seed');
  expect(await readSecret(data, opened, 'm.b')).toBe(null);
  data.all.set('m.b', data.all.get('m.a'));
  expect(await readSecret(data, opened, 'm.b')).toBe(null);
  const kept = data.all.get('m.a') as { encrypted: Record<string, { iv: string; ciphertext: string }> };
  const { iv, ciphertext } = kept.encrypted[key.id]!;
  // Bit 63, and no padding: what some implementations stumble over.
  expect(Buffer.from(iv, 'base64')[8]! & 0x80).toBe(0);
  expect(iv + ciphertext).not.toContain('=');
  expect(JSON.stringify([...data.all])).not.toContain('seed');
});

test('a secret under another key stays there, and one that was tampered with is none', async () => {
  const data = memory({ 'm.a': { encrypted: { other: { iv: 'x' } } } });
  const random = counting();
  const { key } = await makeStorage(data, random);
  await writeSecret(data, key, { name: 'm.a', value: 'seed' }, random);
  const kept = data.all.get('m.a') as { encrypted: Record<string, Record<string, string>> };
  expect(Object.keys(kept.encrypted).sort()).toEqual([key.id, 'other'].sort());
  const own = kept.encrypted[key.id]!;
  for (const wrong of [
    { ...own, ciphertext: Buffer.from('other').toString('base64') },
    { ...own, mac: '' },
    { ...own, iv: 'AAAA' },
    { ...own, ciphertext: 'A'.repeat(20_000) },
    {},
  ]) {
    data.all.set('m.a', { encrypted: { [key.id]: wrong } });
    expect(await readSecret(data, key, 'm.a')).toBe(null);
  }
});
