import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import { messageOf, TocsinError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { DurableRows } from '../../../core/ports/rows.ts';
import type { Json } from '../port.ts';
import { json } from '../sync-answer.ts';
import { loadEngine, type Sdk } from './engine.ts';
import { createGate } from './gate.ts';
import { openPlace, type Place } from './indexed-db.ts';
import { hasAccount, keepChanges, restoreAll } from './keep.ts';
import { type Ask, createPump, type Pump, type Run } from './requests.ts';
import { usersOf } from './users.ts';

export interface CryptoParts {
  /** Of the access token, as `whoami` says it. */
  identity: { userId: string; deviceId: string };
  /** Where the keys are kept, of this account alone; fenced by the account's lease. */
  rows: DurableRows;
  ask: Ask;
  clock: Clock;
  log: Log;
  /** Ends what is under way; whoever opened it still calls `close`. */
  signal: AbortSignal;
  /**
   * Called once when it can do nothing any more: Rust code panicked, a call did not end, or what it did could not be made durable. What is durable is
   * whole: open it anew. Every call throws from then on.
   */
  broken(error: TocsinError): void;
}

/** What a sync answer says to the machine. Whatever is not of the right shape there is left out. */
export interface SyncPart {
  to_device?: unknown;
  device_lists?: unknown;
  device_one_time_keys_count?: unknown;
  device_unused_fallback_key_types?: unknown;
}

/**
 * The machine of one device of ours, with its keys in our database. At most one may be open for a device, anywhere: two that go on from the same keys would repeat
 * what may be used once. So it lives within the tenure of the account's leases, and is opened anew with the next.
 *
 * Whatever changes keys is durable before the promise of the call resolves (`indexed-db.ts`): what goes out was written before.
 */
export interface Crypto {
  /** The library's classes, of this instance: a `UserId` of another one is nothing here. Arguments such as ids are consumed by calls: make new ones. */
  readonly sdk: Sdk;
  readonly identity: CryptoParts['identity'];
  /** True when the keys were made just now: this device has never been seen before. */
  readonly fresh: boolean;
  /** Every call goes through it: bounded in time, refused after it broke. `name` is for the log. */
  run: Run;
  /**
   * Takes in to-device events, changed devices and key counts. To be awaited before the sync's token is kept, and before its timelines are decrypted; the same
   * part twice does no harm. `knows`: do we share a room? Of others not every key is taken (`gate.ts`).
   */
  receive(part: SyncPart, knows?: (userId: string) => boolean): Promise<void>;
  flush: Pump['flush'];
  send: Pump['send'];
  /**
   * Encrypts for a room whose key was shared before: otherwise Rust panics. Returns the content of the `m.room.encrypted` event, as text.
   */
  encrypt(roomId: string, type: string, content: object): Promise<string>;
  /** The event as it was before it was encrypted (type, content), or why not; never what another than its sender has encrypted. */
  decrypt(roomId: string, event: Json): Promise<Decrypted>;
  /** Calls back with the rooms and sessions for which a key has come. */
  onKeys(call: (keys: { roomId: string; sessionId: string }[]) => void): void;
  /** Ends it without waiting: nothing is written any more. Never throws. */
  close(): void;
}

export type Decrypted =
  | { ok: true; event: Json }
  /** `missing`: the key is not there (yet), so that trying later may help. */
  | { ok: false; missing: boolean; reason: string };

/** Any one call; a slow disk included, and a room of thousands of devices on a machine that others keep busy. */
const CALL_MS = 120_000;

/** Throws `config_invalid` for what an operator must mend, else what the store or the homeserver threw. */
export async function openCrypto(parts: CryptoParts): Promise<Crypto> {
  const { identity, rows, log } = parts;
  const engine = await loadEngine();
  const { sdk } = engine;
  const hold = holder(parts);
  const place = openPlace(async (changes) => {
    try {
      await keepChanges(rows, changes);
    } catch (error) {
      hold.failed('What was done with keys of encrypted rooms could not be written down', error);
      throw error;
    }
  });
  hold.onClose(() => place.close());
  engine.onPanic((error) => hold.failed('The encryption library broke', error));
  try {
    const fresh = !(await restored(parts, place));
    const machine = await hold.timed('initialize', () =>
      sdk.OlmMachine.initialize(new sdk.UserId(identity.userId), new sdk.DeviceId(identity.deviceId), place.name),
    );
    hold.onClose(() => machine.close());
    if (!(await hasAccount(rows)))
      throw new TocsinError('internal', 'The keys of encrypted rooms do not reach the database: nothing is encrypted');
    if (fresh) log.info('Encryption keys were made for a new device', { device: identity.deviceId });
    return cryptoOver(machine, sdk, fresh, parts, hold);
  } catch (error) {
    hold.close();
    throw error;
  }
}

/** Keys that are there go on, unless they are of another device: then they are of no use any more. */
async function restored({ rows, identity, log }: CryptoParts, place: Place): Promise<boolean> {
  const all = await rows.all();
  const kept = all.find(({ bucket }) => bucket === 'device');
  const name = JSON.stringify([identity.userId, identity.deviceId]);
  if (kept && kept.key === name) return await restoreAll(all, place);
  if (kept)
    log.warn('Another device than before: the keys of the one before are deleted', { device: identity.deviceId });
  const drops = all.map(({ bucket, key }) => ({ bucket, key, value: null }));
  await rows.write([...drops, { bucket: 'device', key: name, value: new Uint8Array() }]);
  return false;
}

interface Holder {
  timed<T>(name: string, call: () => Promise<T> | T): Promise<T>;
  failed(sentence: string, cause: unknown): void;
  onClose(call: () => void): void;
  close(): void;
}

/** Every call ends: with its result, in time, or with what broke the machine. */
function holder({ clock, signal, broken }: CryptoParts): Holder {
  const over = new AbortController();
  const closing: (() => void)[] = [];
  let failure: TocsinError | null = null;

  function close(): void {
    over.abort();
    for (const call of closing.splice(0).reverse())
      try {
        call();
      } catch {
        // What is broken need not be closed in order.
      }
  }

  function failed(sentence: string, cause: unknown): void {
    if (failure || over.signal.aborted) return;
    failure = new TocsinError('internal', `${sentence}: ${messageOf(cause).slice(0, 200)}`, {}, cause);
    close();
    broken(failure);
  }

  return {
    failed,
    close,
    onClose: (call) => void closing.push(call),
    async timed(name, call) {
      if (over.signal.aborted) throw failure ?? new TocsinError('canceled', 'Encryption has ended');
      const done = new AbortController();
      const ended = Promise.withResolvers<never>();
      const end = (): void => ended.reject(failure ?? new TocsinError('canceled', 'Encryption has ended'));
      over.signal.addEventListener('abort', end, { once: true });
      void clock
        .sleep(CALL_MS, AbortSignal.any([done.signal, signal]))
        .then(() => failed(`The encryption library does not end a call (${name})`, 'no answer'))
        .catch(() => undefined);
      try {
        return await Promise.race([call(), ended.promise]);
      } finally {
        done.abort();
        over.signal.removeEventListener('abort', end);
      }
    },
  };
}

function cryptoOver(machine: OlmMachine, sdk: Sdk, fresh: boolean, parts: CryptoParts, hold: Holder): Crypto {
  const { identity, ask, signal } = parts;
  const run: Run = (name, call) => hold.timed(name, () => call(machine));
  const pump = createPump({ sdk, run, ask, signal });
  const gate = createGate(identity.userId, parts.clock, parts.log);
  return {
    sdk,
    identity,
    fresh,
    run,
    flush: pump.flush,
    send: pump.send,
    async receive(part, knows = () => false) {
      const { events, changed, left, counts, fallback } = readPart(part);
      const some = events.filter((event) => gate(json(event), knows));
      await run('receiveSyncChanges', async (one) => {
        const lists = new sdk.DeviceLists(usersOf(sdk, changed), usersOf(sdk, left));
        const processed = await one.receiveSyncChanges(JSON.stringify(some), lists, counts, fallback);
        for (const event of processed) event.free();
      });
    },
    encrypt: (roomId, type, content) =>
      run('encryptRoomEvent', (one) => one.encryptRoomEvent(new sdk.RoomId(roomId), type, JSON.stringify(content))),
    decrypt: (roomId, event) => decrypt(sdk, run, roomId, event),
    onKeys(call) {
      machine.registerRoomKeyUpdatedCallback(async (infos) => {
        call(infos.map(({ roomId, sessionId }) => ({ roomId: roomId.toString(), sessionId })));
      });
    },
    close: hold.close,
  };
}

async function decrypt(sdk: Sdk, run: Run, roomId: string, event: Json): Promise<Decrypted> {
  const settings = () => new sdk.DecryptionSettings(sdk.TrustRequirement.Untrusted);
  try {
    const found = await run('decryptRoomEvent', (machine) =>
      machine.decryptRoomEvent(JSON.stringify(event), new sdk.RoomId(roomId), settings()),
    );
    // Somebody sends again what another has encrypted: it is not theirs to say.
    if (found.shieldState(false).code === sdk.ShieldStateCode.MismatchedSender)
      return { ok: false, missing: false, reason: 'MismatchedSender' };
    return { ok: true, event: json(JSON.parse(found.event)) };
  } catch (error) {
    if (!(error instanceof sdk.MegolmDecryptionError)) throw error;
    const { MissingRoomKey, UnknownMessageIndex } = sdk.DecryptionErrorCode;
    const missing = error.code === MissingRoomKey || error.code === UnknownMessageIndex;
    return { ok: false, missing, reason: sdk.DecryptionErrorCode[error.code] ?? 'Unknown' };
  }
}

/** Users and events beyond these are more than any honest answer holds. */
const MAX_USERS = 20_000;
const MAX_EVENTS = 5_000;

function readPart(part: SyncPart) {
  const events = json(part.to_device).events;
  const lists = json(part.device_lists);
  const unused = part.device_unused_fallback_key_types;
  const counts = Object.entries(json(part.device_one_time_keys_count)).flatMap(([name, count]) =>
    typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? [[name, count] as const] : [],
  );
  const strings = (list: unknown, max: number): string[] =>
    (Array.isArray(list) ? list : []).filter((one): one is string => typeof one === 'string').slice(0, max);
  const users = (list: unknown): string[] =>
    strings(list, MAX_USERS).filter((id) => /^@[^:\s]*:[^\s]{1,250}$/.test(id));
  return {
    events: (Array.isArray(events) ? events : []).slice(0, MAX_EVENTS).filter(isToDevice),
    changed: users(lists.changed),
    left: users(lists.left),
    counts: new Map(counts),
    fallback: Array.isArray(unused) ? new Set(strings(unused, 10)) : undefined,
  };
}

/** What has none of these would make the machine refuse all of them. */
const isToDevice = (event: unknown): boolean => {
  const { type, sender, content } = json(event);
  return typeof type === 'string' && typeof sender === 'string' && typeof content === 'object' && content !== null;
};
