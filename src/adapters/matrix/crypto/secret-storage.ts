/**
 * Secrets of an account on its homeserver, encrypted with a key that the server does not have ("secret storage", 4S): what another app
 * reads with the recovery key. The only algorithm there is: AES-CTR-256 and HMAC-SHA-256 with keys from HKDF, `m.secret_storage.v1.aes-hmac-sha2`.
 */
import { createCipheriv, createHmac, hkdfSync, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { TocsinError } from '../../../core/errors.ts';
import type { Json } from '../port.ts';
import { json } from '../sync-answer.ts';
import { KEY_BYTES, readKey, writtenKey } from './recovery-key.ts';

/** The account's own data on the homeserver. */
export interface AccountData {
  get(type: string): Promise<Json | null>;
  set(type: string, content: Json): Promise<void>;
}

/** Bytes that nobody can guess. */
export type Random = (length: number) => Uint8Array;

export interface StorageKey {
  id: string;
  bytes: Uint8Array;
}

const DEFAULT_KEY = 'm.secret_storage.default_key';
const ALGORITHM = 'm.secret_storage.v1.aes-hmac-sha2';
const keyType = (id: string): string => `m.secret_storage.key.${id}`;
/** A server could ask for years of work. */
const MAX_ROUNDS = 5_000_000;
const MAX_CIPHERTEXT = 10_000;

/** Whether the account has such a storage, and which key opens it. */
export async function storageKeyId(data: AccountData): Promise<string | null> {
  const { key } = json(await data.get(DEFAULT_KEY));
  return typeof key === 'string' && key.length > 0 && key.length <= 200 ? key : null;
}

/** Opens the account's storage with its recovery key (or the passphrase, where the key was made from one). Throws `usage` where it is not the one. */
export async function openStorage(data: AccountData, typed: string): Promise<StorageKey> {
  const id = await storageKeyId(data);
  const about = id === null ? null : await data.get(keyType(id));
  if (id === null || about === null || about.algorithm !== ALGORITHM)
    throw new TocsinError(
      'client',
      'the account has no secret storage that a recovery key opens: verify interactively, or use --reset',
    );
  const bytes = await candidateKey(typed, about);
  if (!opens(bytes, about))
    throw new TocsinError(
      'usage',
      'this recovery key belongs to another account, or to an identity that was reset since',
    );
  return { id, bytes };
}

/** Makes the account a new storage; nothing refers to it until `useStorage`. */
export async function makeStorage(
  data: AccountData,
  random: Random,
): Promise<{ key: StorageKey; recoveryKey: string }> {
  const bytes = random(KEY_BYTES);
  const id = Buffer.from(random(24)).toString('base64url');
  const iv = freshIv(random);
  const mac = sealed(bytes, '', Buffer.alloc(KEY_BYTES), iv).mac;
  await data.set(keyType(id), { name: 'Tocsin', algorithm: ALGORITHM, iv: base64(iv), mac: base64(mac) });
  return { key: { id, bytes }, recoveryKey: writtenKey(bytes) };
}

/** From now on apps ask for this key. Call it when the secrets are in. */
export const useStorage = (data: AccountData, { id }: StorageKey): Promise<void> => data.set(DEFAULT_KEY, { key: id });

/** Null = this key does not hold it, or it cannot be read. */
export async function readSecret(data: AccountData, { id, bytes }: StorageKey, name: string): Promise<string | null> {
  const kept = json(json(json(await data.get(name)).encrypted)[id]);
  const { iv, ciphertext, mac } = kept;
  if (typeof iv !== 'string' || typeof ciphertext !== 'string' || typeof mac !== 'string') return null;
  if (ciphertext.length > MAX_CIPHERTEXT) return null;
  const at = Buffer.from(iv, 'base64');
  if (at.length !== 16) return null;
  // CTR is its own inverse.
  const given = Buffer.from(ciphertext, 'base64');
  const [aes, hmac] = keysFor(bytes, name);
  if (!same(hmacOf(hmac, given), Buffer.from(mac, 'base64'))) return null;
  return crypt(aes, at, given).toString('utf8');
}

/** Keeps what other keys hold of the same name. */
export async function writeSecret(
  data: AccountData,
  { id, bytes }: StorageKey,
  secret: { name: string; value: string },
  random: Random,
): Promise<void> {
  const iv = freshIv(random);
  const { ciphertext, mac } = sealed(bytes, secret.name, Buffer.from(secret.value, 'utf8'), iv);
  const others = json(json(await data.get(secret.name)).encrypted);
  const own = { iv: base64(iv), ciphertext: base64(ciphertext), mac: base64(mac) };
  await data.set(secret.name, { encrypted: { ...others, [id]: own } });
}

async function candidateKey(typed: string, about: Json): Promise<Uint8Array> {
  const { algorithm, salt, iterations, bits } = json(about.passphrase);
  try {
    return readKey(typed);
  } catch (error) {
    const fromWords = algorithm === 'm.pbkdf2' && typeof salt === 'string' && salt.length <= 1_000;
    const rounds = typeof iterations === 'number' && Number.isInteger(iterations) ? iterations : 0;
    if (!fromWords || rounds < 1 || rounds > MAX_ROUNDS || (bits ?? 256) !== 256 || typed.length > 1_000) throw error;
    return await promisify(pbkdf2)(typed, salt, rounds, KEY_BYTES, 'sha512');
  }
}

/** Without something to compare with, the specification has us believe it. */
function opens(key: Uint8Array, { iv, mac }: Json): boolean {
  if (typeof iv !== 'string' || typeof mac !== 'string') return true;
  const at = Buffer.from(iv, 'base64');
  return at.length === 16 && same(sealed(key, '', Buffer.alloc(KEY_BYTES), at).mac, Buffer.from(mac, 'base64'));
}

function sealed(key: Uint8Array, name: string, plain: Buffer, iv: Uint8Array): { ciphertext: Buffer; mac: Buffer } {
  const [aes, hmac] = keysFor(key, name);
  const ciphertext = crypt(aes, iv, plain);
  return { ciphertext, mac: hmacOf(hmac, ciphertext) };
}

function keysFor(key: Uint8Array, name: string): [aes: Buffer, hmac: Buffer] {
  const both = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(32), name, 64));
  return [both.subarray(0, 32), both.subarray(32)];
}

const crypt = (aes: Buffer, iv: Uint8Array, bytes: Buffer): Buffer =>
  createCipheriv('aes-256-ctr', aes, iv).update(bytes);
const hmacOf = (key: Buffer, bytes: Buffer): Buffer => createHmac('sha256', key).update(bytes).digest();
const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** Bit 63 is 0: implementations differ in how they count beyond it. */
function freshIv(random: Random): Uint8Array {
  const iv = Uint8Array.from(random(16));
  iv[8] = iv[8]! & 0x7f;
  return iv;
}
