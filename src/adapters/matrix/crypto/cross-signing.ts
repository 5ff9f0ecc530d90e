import { createCipheriv, createHmac, hkdfSync, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { UserId } from '@matrix-org/matrix-sdk-crypto-wasm';
import TEXTS from '../../../../config/terminal-texts.json' with { type: 'json' };
import { TocsinError } from '../../../core/errors.ts';
import { filled } from '../../../i18n/packs.ts';
import type { MatrixPort } from '../port.ts';
import { type Json, json } from '../untrusted.ts';
import type { Crypto } from './machine.ts';

const SAYS = TEXTS.keys;

/** "User-interactive authentication": what a homeserver asks for before it lets an account's identity be replaced. */

export interface Confirmation {
  userId: string;
  /** The account's password, asked for only where it is needed and never kept; null = there is none. */
  password(): Promise<string | null>;
  /** A link that the account's owner opens, logged in as the account; resolves when they say that it is done. Null = nobody can. */
  approve: ((link: string) => Promise<void>) | null;
}

/** Stages that are confirmed in a browser, in different servers' words. */
const IN_BROWSER = ['m.oauth', 'org.matrix.cross_signing_reset', 'm.login.sso'];
const MAX_TRIES = 4;

/** Uploads the keys of an identity, which may have to be confirmed. Throws `auth` naming the remedy where it cannot be. */
export async function confirmed(
  port: Pick<LinkPort, 'uploadIdentity' | 'confirmAt'>,
  body: object,
  who: Confirmation,
): Promise<void> {
  let auth: object | null = null;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const wanted = await port.uploadIdentity(auth === null ? body : { ...body, auth });
    if (wanted === null) return;
    if (tries > 0 && wanted.errcode === 'M_FORBIDDEN' && 'password' in (auth ?? {}))
      throw new TocsinError('auth', SAYS.wrongPassword);
    auth = await answerTo(wanted, who, port.confirmAt);
  }
  throw new TocsinError('auth', SAYS.askedAgain);
}

async function answerTo(
  body: Json,
  { userId, password, approve }: Confirmation,
  confirmAt: LinkPort['confirmAt'],
): Promise<object> {
  const session = String(body.session).slice(0, 1_000);
  const flows = (Array.isArray(body.flows) ? body.flows : []).map((flow) => json(flow).stages);
  const done = Array.isArray(body.completed) ? body.completed : [];
  /** Of each way what is left; one stage alone is what we can do. */
  const left = flows
    .map((stages) => (Array.isArray(stages) ? stages.filter((one) => !done.includes(one)) : []))
    .filter((stages) => stages.length === 1)
    .flatMap(([stage]) => (typeof stage === 'string' ? [stage] : []));
  if (left.includes('m.login.dummy')) return { type: 'm.login.dummy', session };
  if (left.includes('m.login.password')) {
    const secret = await password();
    if (secret !== null)
      return { type: 'm.login.password', identifier: { type: 'm.id.user', user: userId }, password: secret, session };
  }
  const stage = IN_BROWSER.find((one) => left.includes(one));
  if (stage !== undefined && approve !== null) {
    const url = json(json(body.params)[stage]).url;
    const named = typeof url === 'string' && url.length < 2_000 && /^https?:$/.test(URL.parse(url)?.protocol ?? '');
    await approve(named ? (url as string) : confirmAt(stage, session));
    return stage === 'm.login.sso' ? { session } : { type: stage, session };
  }
  if (left.includes('m.login.password')) throw new TocsinError('auth', SAYS.wantsPassword);
  if (stage !== undefined) throw new TocsinError('auth', SAYS.wantsBrowser);
  const stages = left.join(', ').slice(0, 100) || 'several steps';
  throw new TocsinError('auth', filled(SAYS.wantsOther, { stages }));
}

/**
 * A recovery key as people write it down: two bytes that mark it, 32 of the key, one of parity, in base58, in groups of four. The form that
 * every Matrix app understands (specification, appendices, "cryptographic key representation").
 */

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const MARK = [0x8b, 0x01];
const KEY_BYTES = 32;
const ALL_BYTES = MARK.length + KEY_BYTES + 1;
/** 35 bytes make 48 letters; what people add between them is bounded, too. */
const MAX_TYPED = 500;

/** `EsTc LW2K …`, for 32 bytes. */
export function writtenKey(key: Uint8Array): string {
  if (key.length !== KEY_BYTES) throw new TocsinError('internal', 'a recovery key has 32 bytes');
  const bytes = [...MARK, ...key];
  return (base58([...bytes, parityOf(bytes)]).match(/.{1,4}/g) ?? []).join(' ');
}

/** 32 bytes of a key as it was typed, spaces wherever. Throws `usage` saying what is wrong with it. */
export function readKey(typed: string): Uint8Array {
  const text = typed.replace(/\s+/g, '');
  const bytes = typed.length <= MAX_TYPED && text !== '' ? unbase58(text) : null;
  if (bytes === null || bytes.length !== ALL_BYTES || bytes[0] !== MARK[0] || bytes[1] !== MARK[1])
    throw new TocsinError('usage', SAYS.noKey);
  if (parityOf(bytes) !== 0) throw new TocsinError('usage', SAYS.mistyped);
  return Uint8Array.from(bytes.slice(MARK.length, -1));
}

const parityOf = (bytes: readonly number[]): number => bytes.reduce((all, one) => all ^ one, 0);

/** Big-endian; the mark sees to it that no zero is in front. */
function base58(bytes: readonly number[]): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  return text;
}

function unbase58(text: string): number[] | null {
  let number = 0n;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    number = number * 58n + BigInt(value);
  }
  const hex = number.toString(16);
  return [...Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')];
}

/**
 * Secrets of an account on its homeserver, encrypted with a key that the server does not have ("secret storage", 4S): what another app
 * reads with the recovery key. The only algorithm there is: AES-CTR-256 and HMAC-SHA-256 with keys from HKDF, `m.secret_storage.v1.aes-hmac-sha2`.
 */

/** The account's own data on the homeserver. */
export interface AccountData {
  get(type: string): Promise<Json | null>;
  set(type: string, content: Json): Promise<void>;
}

/** Bytes that nobody can guess. */
type Random = (length: number) => Uint8Array;

interface StorageKey {
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
  if (id === null || about === null || about.algorithm !== ALGORITHM) throw new TocsinError('client', SAYS.noStorage);
  const bytes = await candidateKey(typed, about);
  if (!opens(bytes, about)) throw new TocsinError('usage', SAYS.anothersKey);
  return { id, bytes };
}

/** Makes the account a new storage; nothing refers to it until `useStorage`. */
export async function makeStorage(data: AccountData, random: Random) {
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

/** The identity of the bot's account, and our device signed by it. Apps that demand verified devices hear nobody else. */

export type Standing = Awaited<ReturnType<typeof standing>>;

/** Of the three keys, in the order of the machine's words. */
const SECRETS = ['m.cross_signing.master', 'm.cross_signing.self_signing', 'm.cross_signing.user_signing'] as const;

/** Asks the homeserver how our account and device stand. */
export async function standing(link: Machine) {
  const { sdk, run, identity } = link;
  await link.flush();
  const user = () => new sdk.UserId(identity.userId);
  await askForKeys(link, () => [user()]);
  const found = await run('getIdentity', (machine) => machine.getIdentity(user()));
  const { hasMaster, hasSelfSigning } = await run('crossSigningStatus', (machine) => machine.crossSigningStatus());
  const device = await ownDevice(link);
  return {
    /** `ours`: its keys are here; `elsewhere`: it was made in another app, and its keys are not here. */
    identity: found === undefined ? ('none' as const) : hasMaster && hasSelfSigning ? 'ours' : 'elsewhere',
    /** Our device is signed by the identity of its owner: others see it as verified. */
    signed: device?.isCrossSignedByOwner() ?? false,
    /** Ed25519 of the device, base64. */
    fingerprint: await run('identityKeys', (machine) => machine.identityKeys.ed25519.toBase64()),
  };
}

/** Asks the homeserver for the devices and identities of these, whether the machine knew them or not. */
export async function askForKeys({ run, send }: Machine, users: () => UserId[]): Promise<void> {
  const query = await run('queryKeysForUsers', (machine) => machine.queryKeysForUsers(users()));
  await send(query);
}

const ownDevice = ({ sdk, run, identity }: Machine) =>
  run('getDevice', (machine) =>
    machine.getDevice(new sdk.UserId(identity.userId), new sdk.DeviceId(identity.deviceId)),
  );

/** Makes the account its identity, or uploads anew one that never arrived. `reset`: a new one in the place of what is there. */
export async function makeIdentity(link: Link, who: Confirmation, reset: boolean): Promise<void> {
  const { run } = link;
  // A refusal must not cost us the keys that are still those of the account.
  const before = reset ? await exportKeys(link) : undefined;
  const requests = await run('bootstrapCrossSigning', (machine) => machine.bootstrapCrossSigning(reset));
  const { uploadKeysRequest, uploadSigningKeysRequest, uploadSignaturesRequest } = requests;
  try {
    if (uploadKeysRequest) await link.send(uploadKeysRequest);
    await confirmed(link.port, json(JSON.parse(uploadSigningKeysRequest.body)), who);
  } catch (error) {
    if (before) {
      // Keys are taken only where they fit what the server shows.
      await standing(link);
      await importKeys(link, before);
    }
    throw error;
  }
  await link.send(uploadSignaturesRequest);
}

/** Of the machine's identity, in the order of `SECRETS`. */
type PrivateKeys = readonly [master: string, selfSigning: string, userSigning: string | undefined];

async function exportKeys({ run }: Link): Promise<PrivateKeys | undefined> {
  const keys = await run('exportCrossSigningKeys', (machine) => machine.exportCrossSigningKeys());
  const { masterKey, self_signing_key: selfSigning, userSigningKey } = keys ?? {};
  return masterKey && selfSigning ? [masterKey, selfSigning, userSigningKey] : undefined;
}

const importKeys = ({ run }: Link, [master, selfSigning, userSigning]: PrivateKeys) =>
  run('importCrossSigningKeys', (machine) => machine.importCrossSigningKeys(master, selfSigning, userSigning ?? null));

/** Signs our device with the keys that are here. */
export async function signDevice(link: Link): Promise<void> {
  const device = await ownDevice(link);
  if (!device) throw new TocsinError('server', SAYS.ownDevice);
  await link.send(await device.verify());
}

const dataOf = ({ port, identity: { userId } }: Link): AccountData => ({
  get: (type) => port.accountData(userId, type),
  set: (type, content) => port.setAccountData(userId, type, content),
});

/** Takes the identity that was made elsewhere, by its recovery key. Throws where the key or what it opens does not fit. */
export async function takeIdentity(link: Link, recoveryKey: string): Promise<void> {
  const data = dataOf(link);
  const key = await openStorage(data, recoveryKey);
  const [master, selfSigning, userSigning] = await Promise.all(SECRETS.map((name) => readSecret(data, key, name)));
  if (!master || !selfSigning) throw new TocsinError('client', SAYS.notInIt);
  await importKeys(link, [master, selfSigning, userSigning ?? undefined]).catch(() => undefined);
  const after = await standing(link);
  if (after.identity !== 'ours') throw new TocsinError('client', SAYS.former);
}

/**
 * Puts the keys of our identity where a recovery key opens them, in any app. `hand` gets that key, which is kept nowhere, before any app asks for it;
 * where it throws nothing has changed for them. False: the keys are not here.
 */
export async function makeRecovery(link: Link, random: Random, hand: (recoveryKey: string) => void): Promise<boolean> {
  const keys = await exportKeys(link);
  if (!keys?.[2]) return false;
  const data = dataOf(link);
  const { key, recoveryKey } = await makeStorage(data, random);
  for (const [i, name] of SECRETS.entries()) await writeSecret(data, key, { name, value: keys[i]! }, random);
  hand(recoveryKey);
  await useStorage(data, key);
  return true;
}

/** Whether the keys of the identity lie where some recovery key opens them. */
export async function hasRecovery(link: Link): Promise<boolean> {
  const data = dataOf(link);
  const id = await storageKeyId(data);
  return id !== null && Object.hasOwn(json(json(await data.get(SECRETS[0])).encrypted), id);
}

/** The crypto machine (`machine.ts`) and its homeserver, for what needs an answer of the homeserver. */

export type Machine = Pick<Crypto, 'sdk' | 'identity' | 'run' | 'flush' | 'send'>;

export interface Link extends Machine, Pick<Crypto, 'encrypt' | 'receive' | 'signed'> {
  port: LinkPort;
  /** How the running bot speaks in a room, encrypted where that is. */
  say?: MatrixPort['sendEvent'];
}

type LinkPort = Pick<
  MatrixPort,
  | 'accountData'
  | 'setAccountData'
  | 'uploadIdentity'
  | 'confirmAt'
  | 'sync'
  | 'sendEvent'
  | 'stateContent'
  | 'roomMembers'
  | 'joinedRooms'
  | 'joinedMembers'
>;
