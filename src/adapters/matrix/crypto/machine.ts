import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { OlmMachine, RequestType, UserId } from '@matrix-org/matrix-sdk-crypto-wasm';
import { TocsinError, messageOf, orNull } from '../../../core/errors.ts';
import type { Clock, DurableRows, Log } from '../../../core/ports/runtime.ts';
import { createBuckets, keepNewest } from '../../../core/recent.ts';
import { eachLimited, oneMore } from '../../../core/wakeable.ts';
import type { AskedOf } from '../port.ts';
import { isTooLarge } from '../request.ts';
import { invitesIn, isUserId, type Json, json, serverOf } from '../untrusted.ts';
import { hasAccount, keepChanges, MACHINE, openPlace, type Place, restoreAll } from './indexed-db.ts';
import { CHANNELS, LOOKED_AT, outdated } from './outdated.ts';

type Sdk = typeof import('@matrix-org/matrix-sdk-crypto-wasm');

type Glue = Record<string, unknown> & { __wbg_set_wasm(exports: unknown): void };

const require = createRequire(import.meta.url);
const PACKAGE = '@matrix-org/matrix-sdk-crypto-wasm';
/** What is used of WebAssembly, which Node has and the types of Node do not. */
const wasm = (
  globalThis as unknown as {
    WebAssembly: {
      compile(bytes: Uint8Array): Promise<object>;
      instantiate(module: object, imports: Record<string, object>): Promise<{ exports: Record<string, unknown> }>;
    };
  }
).WebAssembly;
let compiling: Promise<object> | undefined;

/** A WebAssembly module without its custom sections: V8 keeps all bytes it was given for good, and 3 MB of 8 are names of functions that nobody reads. */
export function withoutNames(module: Uint8Array): Uint8Array {
  const kept = [module.subarray(0, 8)];
  for (let at = 8; at < module.length;) {
    const start = at++;
    let size = 0;
    // LEB128: seven bits a byte, the lowest first.
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = module[at++]!;
      size |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    at += size;
    if (module[start] !== 0) kept.push(module.subarray(start, at));
  }
  return Buffer.concat(kept);
}

/**
 * The library in an instance of its own: what breaks one leaves the others alone.
 *
 * Loads the machine of `matrix-sdk-crypto`, 8 MB of WebAssembly, compiled once a process. The package's own loader makes one instance a process, and a panic
 * there leaves it broken for all: so its glue is loaded afresh for each. A panic comes out of a microtask or a timer, where nobody could catch it: the glue is given
 * `queueMicrotask` and `setTimeout` that do. `test/unit/matrix/crypto/vendor.test.ts` holds what is relied upon.
 * `panicked`: Rust code has panicked: what was under way never ends, and nothing may be asked of this instance any more.
 */
export async function loadEngine(panicked: (error: unknown) => void): Promise<Sdk> {
  const folder = join(dirname(require.resolve(PACKAGE)), 'pkg');
  compiling ??= readFile(join(folder, 'matrix_sdk_crypto_wasm_bg.wasm')).then((bytes) =>
    wasm.compile(withoutNames(bytes)),
  );
  const module = await compiling;
  const file = join(folder, 'matrix_sdk_crypto_wasm_bg.cjs');
  const glue = {} as Glue;
  const caught =
    (later: (call: () => void, ...more: unknown[]) => unknown) =>
    (call: () => void, ...more: unknown[]): unknown =>
      later(
        () => {
          try {
            call();
          } catch (error) {
            panicked(error);
          }
        },
        ...more,
      );
  const load = compileFunction(await readFile(file, 'utf8'), ['exports', 'queueMicrotask', 'setTimeout'], {
    filename: file,
  });
  load(glue, caught(queueMicrotask), caught(setTimeout as never));
  const instance = await wasm.instantiate(module, { './matrix_sdk_crypto_wasm_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue as unknown as Sdk;
}

/** Who speaks shares a key for each hundred messages of each room, or each week; a person's first ones come in a heap. */
const OF_A_PERSON = { burst: 500, perHour: 100 };
const OF_A_DOMAIN = { burst: 3_000, perHour: 300 };
const OF_STRANGERS = { burst: 6_000, perHour: 600 };
const OF_AN_INVITER = { burst: 20, perHour: 10 };
const MAX_INVITERS = 500;
const MAX_KNOWN = 5_000;
const HOUR_MS = 3_600_000;

/**
 * Anybody whose server reaches ours can send our device keys, each in a channel of its own, for rooms that nobody is in: the machine keeps all of them, in memory as well, and for good. So each
 * person has so many, the strangers of a domain together, and those of all; those of our own homeserver are bounded by it.
 */
export function createGate(self: string, clock: Pick<Clock, 'monotonic'>, log: Log) {
  const [people, domains] = [budgets(OF_A_PERSON, clock), budgets(OF_A_DOMAIN, clock)];
  const [strangers, inviters] = [budgets(OF_STRANGERS, clock), budgets(OF_AN_INVITER, clock)];
  const invited = new Map<string, number>();
  const own = serverOf(self);
  const hourly = createBuckets({ burst: 1, perSecond: 1_000 / HOUR_MS, most: 1 });
  let left = 0;

  function leftOut(sender: string): false {
    left++;
    if (hourly.take('', 1, clock.monotonic()) > 0) return false;
    log.warn('More keys of encrypted rooms come than anybody needs: left out', { from: sender.slice(0, 255), left });
    left = 0;
    return false;
  }

  const isInviter = (sender: string): boolean =>
    clock.monotonic() - (invited.get(sender) ?? Number.NEGATIVE_INFINITY) < HOUR_MS && inviters(sender);

  return {
    /** Lets a message to our device in, or leaves it out for good. `knows`: we share a room with this person, as far as is known without asking. */
    isIn({ type, sender: from }: Json, knows: (userId: string) => boolean): boolean {
      const sender = String(from);
      if (type !== 'm.room.encrypted' || sender === self) return true;
      const server = serverOf(sender);
      // In this order: whoever floods alone must not use up what is everybody's.
      const isIn =
        people(sender) &&
        (server === own || knows(sender) || isInviter(sender) || (domains(domainOf(server)) && strangers('')));
      return isIn || leftOut(sender);
    },
    /** This person has just invited us: what they say next is meant for us. */
    invited: (userId: string) => void keepNewest(invited, userId, clock.monotonic(), MAX_INVITERS),
  };
}

/** Whoever has a domain has all names below it. */
const domainOf = (server: string): string =>
  server
    .replace(/:\d+$/, '')
    .split('.')
    .slice(/^[\d.]+$/.test(server) ? 0 : -2)
    .join('.');

/** By name: false where it has nothing left now. */
function budgets({ burst, perHour }: typeof OF_A_PERSON, clock: Pick<Clock, 'monotonic'>): (name: string) => boolean {
  const buckets = createBuckets({ burst, perSecond: perHour / 3_600, most: MAX_KNOWN });
  return (name) => buckets.take(name, 1, clock.monotonic()) === 0;
}

/** Devices of one person that get keys; each costs a message of its own with each new key of a room. */
const MAX_DEVICES = 500;

/**
 * The answer to a question for people's devices, bounded: anybody may have as many as they like, and must not keep others from hearing by it. Where it is too large, people are asked for in halves, and
 * somebody whose devices alone are too many counts as having none. Throws what else `ask` throws.
 */
export async function askForDevices(asked: AskedOf, ask: Ask, signal: AbortSignal): Promise<Json> {
  try {
    const answer = await ask(asked, signal);
    return { ...answer, device_keys: bounded(json(answer.device_keys)) };
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    const body = json(JSON.parse(asked.body ?? '{}'));
    const people = Object.entries(json(body.device_keys));
    if (people.length <= 1)
      return { device_keys: Object.fromEntries(people.map(([user]) => [user, {}])), failures: {} };
    const middle = Math.ceil(people.length / 2);
    const answers: Json[] = [];
    for (const half of [people.slice(0, middle), people.slice(middle)]) {
      const question = { ...asked, body: JSON.stringify({ ...body, device_keys: Object.fromEntries(half) }) };
      answers.push(await askForDevices(question, ask, signal));
    }
    return merged(answers);
  }
}

const bounded = (people: Json): Json =>
  Object.fromEntries(
    Object.entries(people).map(([user, devices]) => {
      const list = Object.entries(json(devices));
      return [user, list.length > MAX_DEVICES ? Object.fromEntries(list.slice(0, MAX_DEVICES)) : devices];
    }),
  );

/** Keys of people's identities stand beside those of their devices. */
function merged(answers: readonly Json[]): Json {
  const names = new Set(answers.flatMap((answer) => Object.keys(answer)));
  return Object.fromEntries(
    [...names].map((name) => [name, Object.assign({}, ...answers.map((answer) => json(answer[name])))]),
  );
}

/** One request to the homeserver with our token, one attempt. Throws a `TocsinError` with `FailureFacts` (`port.ts`). */
export type Ask = (request: AskedOf, signal: AbortSignal) => Promise<Json>;

/** Of each kind of request its fields; which of them there are depends on the kind. */
export interface MachineRequest {
  readonly type: RequestType;
  readonly id: string | undefined;
  readonly body: string;
  readonly event_type?: string;
  readonly txn_id?: string;
  readonly room_id?: string;
}

/** A call of the machine: within its time, and never after it broke. */
type Run = <T>(name: string, call: (machine: OlmMachine) => Promise<T> | T) => Promise<T>;

/**
 * Did the server refuse the request itself, so that trying again may never help? That keeps no message back: all that it holds for others goes on without.
 * A refused question for devices is none: without its answer, people would be left out.
 */
export const isRefusal = (error: unknown): boolean =>
  error instanceof TocsinError &&
  typeof error.facts.refused === 'string' &&
  !error.facts.refused.endsWith('/keys/query');

const SIDE_BY_SIDE = 4;
const MAX_ROUNDS = 20;

export function createPump(sdk: Sdk, run: Run, { ask, count, signal }: Pick<CryptoParts, 'ask' | 'count' | 'signal'>) {
  const { KeysQuery, KeysUpload, SignatureUpload, ToDevice } = sdk.RequestType;

  async function send(request: MachineRequest): Promise<void> {
    const { id, type } = request;
    const asked = askedOf(sdk, request);
    // Into rooms by `verification.ts` alone.
    if (asked === null) return;
    if (type === KeysUpload || type === ToDevice) await count();
    const answer = await (type === KeysQuery ? askForDevices(asked, ask, signal) : ask(asked, signal));
    if (type === SignatureUpload) allTaken(answer);
    if (id !== undefined)
      await run('markRequestAsSent', (machine) => machine.markRequestAsSent(id, type, JSON.stringify(answer)));
  }

  async function all(): Promise<void> {
    let before = '';
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const wanted = await run('outgoingRequests', (machine) => machine.outgoingRequests());
      // A server that knows nothing of somebody is asked again and again: with the next flush.
      const now = JSON.stringify(wanted.map(({ type, body }) => [type, body]));
      if (wanted.length === 0 || now === before) return;
      before = now;
      await inTurns(wanted, send);
    }
  }

  return {
    /**
     * Sends all that the machine wants sent of its own (keys, questions for devices, answers to verifications), until it wants nothing. Several calls
     * share one round; one that comes while a round is under way waits for the next. Throws what the first failing request threw, after trying the others
     * (a refusal only where nothing else failed); what failed is wanted again at the next call.
     */
    flush: oneMore(all),
    /** Sends one request and gives the answer to the machine. Into rooms only by `speaking` (`verification.ts`). */
    send,
  };
}

/** The server answers 200 also where it took none of the signatures. */
function allTaken(answer: Json): void {
  const failed = Object.values(json(answer.failures)).flatMap((byKey) => Object.values(json(byKey)));
  if (failed.length === 0) return;
  const said = json(failed[0]).errcode;
  throw new TocsinError(
    'client',
    `the homeserver does not take the signature (${typeof said === 'string' ? said.slice(0, 60) : 'no reason given'})`,
  );
}

/** Some at a time; all are tried, then it throws what the first failing one threw, a refusal only where nothing else failed. */
export async function inTurns<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  await eachLimited(list, SIDE_BY_SIDE, (one) => work(one).catch((error: unknown) => failures.push(error)));
  if (failures.length > 0) throw failures.find((one) => !isRefusal(one)) ?? failures[0];
}

/** The call that the machine wants; null = it is none that goes out as it is: what a verification says in a room is encrypted first (`verification.ts`). */
function askedOf({ RequestType: Types }: Sdk, request: MachineRequest): AskedOf | null {
  const { type, body, event_type: eventType = '', txn_id: txnId } = request;
  const post = (path: string): AskedOf => ({ method: 'POST', path: `/_matrix/client/v3/${path}`, body });
  if (type === Types.KeysUpload) return post('keys/upload');
  if (type === Types.KeysQuery) return post('keys/query');
  if (type === Types.KeysClaim) return post('keys/claim');
  if (type === Types.SignatureUpload) return post('keys/signatures/upload');
  if (type !== Types.ToDevice || txnId === undefined) return null;
  const path = `/_matrix/client/v3/sendToDevice/${encodeURIComponent(eventType)}/${encodeURIComponent(txnId)}`;
  return { method: 'PUT', path, body };
}

/** Null: no name of a person to the library, which is stricter than servers about the part after the colon. Made anew for each call, which consumes it. */
export const userOf = (sdk: Sdk, id: string): UserId | null => orNull(() => new sdk.UserId(id));

/** Those of these who are people to the library. Nobody else has devices or keys, and one strange name must not stop a room, or the sync. */
export const usersOf = (sdk: Sdk, ids: Iterable<string>): UserId[] => [...ids].flatMap((id) => userOf(sdk, id) ?? []);

export interface CryptoParts {
  /** Of the access token, as `whoami` says it. */
  identity: { userId: string; deviceId: string };
  /** `trust: signed`: devices that their owner's identity has not signed get no keys, and are not heard. */
  signed?: boolean | undefined;
  /** Where the keys are kept, of this account alone; fenced by the account's lease. */
  rows: DurableRows;
  ask: Ask;
  clock: Clock;
  log: Log;
  /** Counts what was done with keys and is durable (`openGeneration`), before it goes out or is taken for received. What it throws keeps it back. */
  count(): Promise<void>;
  /** Ends what is under way; whoever opened it still calls `close`. */
  signal: AbortSignal;
  /**
   * Called once when it can do nothing any more: Rust code panicked, a call did not end, or what it did could not be made durable. What is durable is
   * whole: open it anew. Every call throws from then on.
   */
  broken(error: TocsinError): void;
}

/**
 * The machine of one device of ours, with its keys in our database. At most one may be open for a device, anywhere: two that go on from the same keys would repeat
 * what may be used once. So it lives within one epoch of the account's leases, and is opened anew with the next.
 *
 * Whatever changes keys is durable before the promise of the call resolves (`indexed-db.ts`): what goes out was written before.
 */
export type Crypto = Awaited<ReturnType<typeof openCrypto>>;

/** Any one call; a slow disk included, and a room of thousands of devices on a machine that others keep busy. */
const CALL_MS = 120_000;

/** Throws `config_invalid` for what an operator must mend, else what the store or the homeserver threw. */
export async function openCrypto(parts: CryptoParts) {
  const { identity, rows, clock, log, signed = false } = parts;
  const hold = holder(parts);
  const sdk = await loadEngine((error) => hold.failed('The encryption library broke', error));
  const place = openPlace(async (changes) => {
    try {
      await keepChanges(rows, changes, clock.now());
    } catch (error) {
      hold.failed('What was done with keys of encrypted rooms could not be written down', error);
      throw error;
    }
  }, clock);
  hold.onClose(() => place.close());
  using failed = new DisposableStack();
  failed.defer(hold.close);
  const fresh = !(await restored(parts, place));
  const machine = await hold.timed('initialize', () =>
    sdk.OlmMachine.initialize(new sdk.UserId(identity.userId), new sdk.DeviceId(identity.deviceId), place.name),
  );
  hold.onClose(() => machine.close());
  if (!(await hasAccount(rows)))
    throw new TocsinError('internal', 'The keys of encrypted rooms do not reach the database: nothing is encrypted');
  if (fresh) log.info('Encryption keys were made for a new device', { device: identity.deviceId });
  const run: Run = (name, call) => hold.timed(name, () => call(machine));
  const gate = createGate(identity.userId, clock, log);
  failed.move();
  return {
    /** The library's classes, of this instance: a `UserId` of another one is nothing here. Arguments such as ids are consumed by calls: make new ones. */
    sdk,
    identity,
    signed,
    /** True when the keys were made just now: this device has never been seen before. */
    fresh,
    /** Every call goes through it: bounded in time, refused after it broke. `name` is for the log. */
    run,
    ...createPump(sdk, run, parts),
    /**
     * Takes in to-device events, changed devices and key counts. To be awaited before the sync's token is kept, and before its timelines are decrypted; the same
     * part twice does no harm. `knows`: do we share a room? Of others not every key is taken (`machine.ts`).
     */
    async receive(part: Json, knows: (userId: string) => boolean = () => false) {
      const { events, ...rest } = readPart(part);
      for (const { inviter } of invitesIn(part, identity.userId)) gate.invited(inviter);
      await receive(sdk, run, { events: events.filter((event) => gate.isIn(event, knows)), ...rest });
      // The next sync has the server forget them.
      if (events.length > 0) await parts.count();
    },
    /**
     * Encrypts for a room whose key was shared before: otherwise Rust panics. Returns the content of the `m.room.encrypted` event, as text, when it may be sent.
     */
    async encrypt(roomId: string, type: string, content: string) {
      const made = await run('encryptRoomEvent', (one) => one.encryptRoomEvent(new sdk.RoomId(roomId), type, content));
      await parts.count();
      return made;
    },
    /** The event as it was before it was encrypted (type, content), or why not; never what another than its sender has encrypted. */
    decrypt: (roomId: string, event: Json) => decrypt(sdk, run, roomId, event, signed),
    /** Deletes the keys and channels that are of no more use (`outdated.ts`); how many channels that were. */
    async letGo(isOurs: (roomId: string) => boolean): Promise<number> {
      const all = LOOKED_AT.flatMap((store) => place.records(MACHINE, store).map((one) => ({ ...one, store })));
      const old = outdated(all, isOurs, clock.now());
      await run('letGo', () => place.drop(MACHINE, old));
      return old.filter(({ store }) => store === CHANNELS).length;
    },
    /** Calls back with how many keys of rooms have come. */
    onKeys: (call: (count: number) => void) =>
      machine.registerRoomKeyUpdatedCallback(async (infos) => call(infos.length)),
    /** Ends it without waiting: nothing is written any more. Never throws. */
    close: hold.close,
  };
}

/** Keys that are there go on, unless they are of another device: then they are of no use any more. False: there are none. */
async function restored({ rows, identity, clock, log }: CryptoParts, place: Place): Promise<boolean> {
  const all = await rows.all();
  const kept = all.find(({ bucket }) => bucket === 'device');
  const name = JSON.stringify([identity.userId, identity.deviceId]);
  if (kept && kept.key === name) return await restoreAll(rows, all, place, clock.now());
  if (kept)
    log.warn('Another device than before: the keys of the one before are deleted', { device: identity.deviceId });
  const drops = all.map(({ bucket, key }) => ({ bucket, key, value: null }));
  await rows.write([...drops, { bucket: 'device', key: name, value: new Uint8Array() }]);
  return false;
}

/** Every call ends: with its result, in time, or with what broke the machine. */
function holder({ clock, broken }: CryptoParts) {
  const over = new AbortController();
  const closing: (() => void)[] = [];

  function close(why = new TocsinError('canceled', 'Encryption has ended')): void {
    over.abort(why);
    for (const call of closing.splice(0).reverse())
      // What is broken need not be closed in order.
      orNull(call);
  }

  function failed(sentence: string, cause: unknown): void {
    if (over.signal.aborted) return;
    const failure = new TocsinError('internal', `${sentence}: ${messageOf(cause).slice(0, 200)}`, {}, cause);
    close(failure);
    broken(failure);
  }

  return {
    failed,
    close: () => close(),
    onClose: (call: () => void) => void closing.push(call),
    async timed<T>(name: string, call: () => Promise<T> | T): Promise<T> {
      over.signal.throwIfAborted();
      const done = new AbortController();
      const ended = clock
        .sleep(CALL_MS, AbortSignal.any([done.signal, over.signal]))
        .then(() => failed(`The encryption library does not end a call (${name})`, 'no answer'))
        .catch(() => undefined)
        .then((): never => {
          throw over.signal.reason;
        });
      ended.catch(() => undefined);
      try {
        return await Promise.race([call(), ended]);
      } finally {
        done.abort();
      }
    },
  };
}

export async function decrypt(sdk: Sdk, run: Run, roomId: string, event: Json, signed = false) {
  const { CrossSigned, Untrusted } = sdk.TrustRequirement;
  const settings = () => new sdk.DecryptionSettings(signed ? CrossSigned : Untrusted);
  try {
    const found = await run('decryptRoomEvent', (machine) =>
      machine.decryptRoomEvent(JSON.stringify(event), new sdk.RoomId(roomId), settings()),
    );
    // Somebody sends again what another has encrypted: it is not theirs to say.
    if (found.shieldState(false).code === sdk.ShieldStateCode.MismatchedSender)
      return { ok: false as const, untrusted: false, reason: 'MismatchedSender' };
    return { ok: true as const, event: json(JSON.parse(found.event)) };
  } catch (error) {
    if (!(error instanceof sdk.MegolmDecryptionError)) throw error;
    const codes = sdk.DecryptionErrorCode;
    // A device that is not known yet may be the signed one.
    const untrusted = [codes.UnsignedSenderDevice, codes.SenderIdentityVerificationViolation].includes(error.code);
    return { ok: false as const, untrusted, reason: codes[error.code] ?? 'Unknown' };
  }
}

/** Users and events beyond these are more than any honest answer holds. */
const MAX_USERS = 20_000;
const MAX_EVENTS = 5_000;

/** What a sync answer says to the machine. Whatever is not of the right shape there is left out. */
export function readPart(part: Json) {
  const { events } = json(part.to_device);
  const lists = json(part.device_lists);
  const unused = part.device_unused_fallback_key_types;
  const counts = Object.entries(json(part.device_one_time_keys_count)).flatMap(([name, count]) =>
    typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? [[name, count] as const] : [],
  );
  const users = (list: unknown): string[] => (Array.isArray(list) ? list.filter(isUserId).slice(0, MAX_USERS) : []);
  return {
    events: (Array.isArray(events) ? events : []).slice(0, MAX_EVENTS).map(json).filter(isToDevice),
    changed: users(lists.changed),
    left: users(lists.left),
    counts: new Map(counts),
    fallback: Array.isArray(unused) ? new Set(unused.filter((one) => typeof one === 'string').slice(0, 10)) : undefined,
  };
}

/** What has none of these would make the machine refuse all of them. */
const isToDevice = ({ type, sender, content }: Json): boolean =>
  typeof type === 'string' && isUserId(sender) && typeof content === 'object' && content !== null;

/** Hands it to the machine. */
export const receive = (
  sdk: Sdk,
  run: Run,
  { events, changed, left, counts, fallback }: ReturnType<typeof readPart>,
): Promise<void> =>
  run('receiveSyncChanges', async (machine) => {
    const lists = new sdk.DeviceLists(usersOf(sdk, changed), usersOf(sdk, left));
    const processed = await machine.receiveSyncChanges(JSON.stringify(events), lists, counts, fallback);
    for (const event of processed) event.free();
  });
