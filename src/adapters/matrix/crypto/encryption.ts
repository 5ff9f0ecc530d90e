import { atEnd, codeOf, messageOf, onceWhileFailing, TocsinError } from '../../../core/errors.ts';
import type { Ids, Log } from '../../../core/ports/runtime.ts';
import { inOrderByKey, oneMore, wakeable } from '../../../core/wakeable.ts';
import type { MatrixPort, UploadedFile } from '../port.ts';
import { type CallOptions, factsOf } from '../request.ts';
import { entries, isRoomId, type Json, json, list, SEAL, type SyncAnswer, shortRoom } from '../untrusted.ts';
import type { Link } from './cross-signing.ts';
import { type Generation, openGeneration } from './generation.ts';
import {
  type CryptoRoom,
  type CryptoRooms,
  createCryptoRooms,
  openSealed,
  openUnread,
  sealOf,
  type Unread,
} from './kept.ts';
import { type Crypto, type CryptoParts, inTurns, isRefusal, openCrypto, usersOf } from './machine.ts';
import { publishedDevice } from './published.ts';

/** Shares the keys of rooms ahead of what will be said there: one room at a time, and while nothing is being sent. */
export function createAhead(sharing: Pick<Sharing, 'prepare'>, log: Log, signal: AbortSignal) {
  const waiting = new Set<string>();
  let underWay = 0;
  let quiet = Promise.withResolvers<void>();
  quiet.resolve();

  const run = oneMore(async () => {
    for (const roomId of waiting) {
      if (underWay > 0) await quiet.promise;
      if (signal.aborted) return;
      waiting.delete(roomId);
      try {
        await sharing.prepare(roomId, { signal });
      } catch (error) {
        if (signal.aborted) return;
        // The next message there shares it.
        const said = { room: shortRoom(roomId), error: String(error).slice(0, 200) };
        log.info('Unable to share the key of an encrypted room ahead', said);
      }
    }
  });

  return {
    /** Never waits, never throws. */
    prepare(roomIds: readonly string[]) {
      for (const roomId of roomIds) waiting.add(roomId);
      void run();
    },
    /** Something is on its way, until what this returns is called. */
    sending(): () => void {
      if (underWay++ === 0) quiet = Promise.withResolvers();
      return () => {
        if (--underWay === 0) quiet.resolve();
      };
    },
  };
}

/** Gives the keys of rooms to the devices of who reads along, and encrypts with them. */
export type Sharing = ReturnType<typeof createSharing>;

/** People to whose devices channels are opened at once: each answer is one call of the machine, some milliseconds a device where the processor is busy, and a call has half a minute. */
const CLAIMED_AT_A_TIME = 500;
/** Beside the names of rooms: whose turn it is to open channels. */
const CLAIMING = '';

/**
 * In the order in which the machine wants it, or it stalls or panics: who reads along is made known, their devices are asked for (one question for
 * all that is asked meanwhile), a channel to each device is opened (one at a time), the room's key goes out by it; then it encrypts. Keys go to all devices of who
 * is in the room, verified or not: whom to trust is for the people in the room to say, and a warning that somebody does not get is worse than one that somebody reads.
 * Where the account says `trust: signed`, they go to devices alone that their owners' identities have signed.
 */
export function createSharing(
  crypto: Pick<Crypto, 'sdk' | 'run' | 'flush' | 'send' | 'encrypt' | 'signed'>,
  rooms: Pick<CryptoRooms, 'of'>,
) {
  const { sdk, run } = crypto;
  const inTurn = inOrderByKey();
  const users = (ids: readonly string[]) => usersOf(sdk, ids);

  async function share(roomId: string, options: CallOptions): Promise<void> {
    const room = await rooms.of(roomId, options);
    const { readers } = room;
    await run('updateTrackedUsers', (machine) => machine.updateTrackedUsers(users(readers)));
    await crypto.flush().catch((error: unknown) => {
      // It was said (`encryption.ts`).
      if (!isRefusal(error)) throw error;
    });
    for (let i = 0; i < readers.length; i += CLAIMED_AT_A_TIME)
      await inTurn(CLAIMING, async () => {
        const some = users(readers.slice(i, i + CLAIMED_AT_A_TIME));
        const claim = await run('getMissingSessions', (machine) => machine.getMissingSessions(some));
        if (claim) await crypto.send(claim);
      });
    const requests = await run('shareRoomKey', (machine) =>
      machine.shareRoomKey(new sdk.RoomId(roomId), users(readers), settingsOf(room)),
    );
    await inTurns(requests, crypto.send);
  }

  function settingsOf({ rotation, visibility }: CryptoRoom) {
    if (!rotation) throw new TocsinError('client', 'Encryption: the room wants an algorithm that is not known here');
    const settings = new sdk.EncryptionSettings();
    settings.algorithm = sdk.EncryptionAlgorithm.MegolmV1AesSha2;
    // In microseconds.
    settings.rotationPeriod = BigInt(rotation.ms) * 1_000n;
    settings.rotationPeriodMessages = BigInt(rotation.messages);
    settings.historyVisibility = {
      invited: sdk.HistoryVisibility.Invited,
      joined: sdk.HistoryVisibility.Joined,
      shared: sdk.HistoryVisibility.Shared,
      world_readable: sdk.HistoryVisibility.WorldReadable,
    }[visibility];
    const { CollectStrategy } = sdk;
    settings.sharingStrategy = crypto.signed ? CollectStrategy.identityBasedStrategy() : CollectStrategy.allDevices();
    return settings;
  }

  return {
    /**
     * The content of the `m.room.encrypted` event, as text, once all devices were given its key. Throws when they could not be. The machine panics when the
     * key of a room has expired since it was shared: nothing comes between.
     */
    encrypt: (roomId: string, type: string, content: object, options: CallOptions) =>
      inTurn(roomId, async () => {
        await share(roomId, options);
        if (options.signal?.aborted) throw new TocsinError('canceled', 'Encryption: canceled');
        return await crypto.encrypt(roomId, type, JSON.stringify(content));
      }),
    /** Shares a room's key ahead, so that the next message need not wait for it. Throws as above. */
    prepare: (roomId: string, options: CallOptions) => inTurn(roomId, () => share(roomId, options)),
  };
}

/** Encrypted rooms of one account, over its machine. */
export type Encryption = Awaited<ReturnType<typeof openEncryption>>;

interface EncryptionParts extends Omit<DeviceParts, 'port'> {
  port: MatrixPort;
  /** What had to wait for its key: to be worked on as if it had come with a sync. Resolves when it has been. */
  late(roomId: string, events: Json[]): Promise<void>;
  /** What is said in a room about a sender who cannot be read there. */
  unreadable(sender: string): object;
  /** Called when the crypto machine should be opened anew, since its memory only grows. */
  renew(): void;
  /** Are we in this room, or invited? Keys of others are let go soon. */
  isOurs(roomId: string): boolean;
}

/** The most events of one room that are read from one answer to a sync. */
const MAX_EVENTS = 200;
/** The most rooms that are told at a time that a sender cannot be read: a crowd of strangers must not make us flood rooms. */
const TOLD_AT_A_TIME = 3;
/** Keys that are of no more use are let go so often, ms, or when so many have come; the first time when it is known which rooms we are in. */
const LET_GO_EVERY_MS = 3_600_000;
const LET_GO_FIRST_MS = 300_000;
const LET_GO_AFTER = 1_000;
/** The library's own memory goes on holding channels that its store has no more, 8 kB each, and never becomes smaller: 6 MB for so many. */
export const RENEW_AFTER = 800;
/** Nothing else is read from within an encrypted event: state is never encrypted. */
const READ = new Set(['m.room.message', 'm.reaction']);

async function openEncryption(parts: EncryptionParts, crypto: Crypto, generation: Generation) {
  const { port, rows, clock, log, signal, identity } = parts;
  const self = identity.userId;
  const cryptoRooms = createCryptoRooms(port);
  const sharing = createSharing(crypto, cryptoRooms);
  const ahead = createAhead(sharing, log, signal);
  const [sealed, unread] = [await openSealed(rows, clock), await openUnread(rows, clock)];
  const trouble = onceWhileFailing(log, {
    begins: 'Unable to exchange encryption keys with the homeserver',
    ends: 'Encryption keys are exchanged again',
  });
  /** Keys came since what waits for some was looked at; perhaps with the process before. */
  let keysCame = true;
  let begun = false;
  let letGoAt = clock.monotonic() + LET_GO_FIRST_MS;
  let held = 0;
  let gone = 0;
  let verifying = false;
  /** What came of verification, for whoever verifies next. */
  let asked: Json[] = [];
  const news = wakeable(clock);
  crypto.onKeys((count) => {
    held += count;
    keysCame = true;
  });

  async function decrypted(roomId: string, event: Json): Promise<Json | null> {
    const found = await crypto.decrypt(roomId, { ...event, room_id: roomId });
    if (!found.ok) {
      log.debug('Unable to decrypt an event', { room: shortRoom(roomId), reason: found.reason });
      // There is nothing to wait for, and nobody whose word it would be.
      return found.untrusted ? event : null;
    }
    const { type, content } = found.event;
    // Where, when and by whom is the server's word, as of any event; what it is, the sender's.
    const isRead = READ.has(String(type)) || kindOf(found.event) !== null;
    return isRead ? { ...event, type, content, [SEAL]: sealOf(event) } : event;
  }

  async function timeline(roomId: string, room: Json, first: boolean): Promise<void> {
    const { events, limited } = json(room.timeline);
    if (limited === true) cryptoRooms.gap(roomId);
    if (!Array.isArray(events)) return;
    const all = events.slice(-MAX_EVENTS).map(json);
    cryptoRooms.saw(roomId, [...list(json(room.state).events), ...all]);
    // What was said before we came was never meant for us, and its keys are not ours.
    const from = all.findLastIndex((event) => isJoin(event, self));
    for (const [i, event] of all.entries()) {
      if (!isEncrypted(event)) continue;
      const read = await decrypted(roomId, event);
      if (read) all[i] = read;
      else if (!first && i > from && event.sender !== self) await unread.add(roomId, event);
    }
    json(room.timeline).events = all;
  }

  /** What the machine wants sent, what had waited for keys, what is to be said about what still does: once at a time, and behind the sync. */
  const afterwards = oneMore(async () => {
    try {
      await crypto.flush().then(
        () => trouble.working(),
        (error: unknown) => {
          if (!isRefusal(error)) throw error;
          trouble.failing(error);
        },
      );
      await catchUp();
      for (const one of unread.untold().slice(0, TOLD_AT_A_TIME)) await tell(one);
      await sealed.tidy();
      await letGo();
    } catch (error) {
      if (!signal.aborted) trouble.failing(error);
    }
  });

  async function letGo(): Promise<void> {
    if (clock.monotonic() < letGoAt && held < LET_GO_AFTER) return;
    letGoAt = clock.monotonic() + LET_GO_EVERY_MS;
    held = 0;
    gone += await crypto.letGo(parts.isOurs);
    if (gone < RENEW_AFTER || verifying) return;
    gone = 0;
    parts.renew();
  }

  async function catchUp(): Promise<void> {
    if (!keysCame) return;
    keysCame = false;
    for (const [roomId, list] of Map.groupBy(unread.all(), (one) => one.roomId)) {
      const events: Json[] = [];
      for (const { event, at } of list) {
        const read = await decrypted(roomId, event);
        if (read) events.push(aged(read, clock.now() - at));
      }
      if (events.length === 0) continue;
      await parts.late(roomId, events);
      await unread.drop(events.map(({ event_id: id }) => String(id)));
    }
  }

  /** By a transaction id that is its own: told again after a crash, it is the same event. */
  async function tell({ roomId, sender, eventId }: Unread): Promise<void> {
    const content = parts.unreadable(sender);
    try {
      await sendEvent(roomId, 'm.room.message', `unread.${eventId.replace(/[^\w-]/g, '')}`, content, { signal });
    } catch (error) {
      if (codeOf(error) !== 'client') throw error;
      // A room that we are not in any more, or may not speak in, is told nothing.
      log.info('Unable to say in a room that a message cannot be read', { error: String(error).slice(0, 200) });
    }
    log.info('Messages in an encrypted room cannot be read: their key is missing', { room: shortRoom(roomId) });
    await unread.told(roomId, sender);
  }

  const sendEvent: MatrixPort['sendEvent'] = async (roomId, type, txnId, content, options) => {
    using _ = atEnd(ahead.sending());
    let event = await sealed.find(roomId, txnId);
    if (!event) {
      event = json(JSON.parse(await sharing.encrypt(roomId, type, content, options)));
      await sealed.keep(roomId, txnId, event);
    }
    const eventId = await port.sendEvent(roomId, 'm.room.encrypted', txnId, event, options);
    sealed.delivered(txnId);
    return eventId;
  };

  return {
    crypto,
    /** As `MatrixPort.sendEvent`, encrypted; the same `txnId` sends the same bytes. */
    sendEvent,
    /**
     * Takes in what an answer to a sync holds for the machine, then writes what was said in encrypted rooms in its timelines as if it had been said in the clear. To be
     * awaited before the answer is read any further and its token kept; a crash in between does it again, which does no harm. `since`: the token before it.
     */
    async take(answer: SyncAnswer, since: string | null) {
      generation.saw(answer);
      if (since === null && !begun && !crypto.fresh)
        await crypto.run('markAllTrackedUsersAsDirty', (machine) => machine.markAllTrackedUsersAsDirty());
      const { about = [], others = [] } = Object.groupBy(list(json(answer.to_device).events), (event) =>
        kindOf(event) === null ? 'others' : 'about',
      );
      await crypto.receive({ ...answer, to_device: { events: others } }, cryptoRooms.knows);
      const { join, leave } = json(answer.rooms);
      const left = Object.keys(json(leave));
      for (const roomId of left) cryptoRooms.gap(roomId);
      // What waits there would be worked on as if we were in the room.
      await unread.drop(unread.all().flatMap((one) => (left.includes(one.roomId) ? [one.eventId] : [])));
      for (const [roomId, room] of Object.entries(json(join)))
        if (isRoomId(roomId)) await timeline(roomId, json(room), since === null);
      const said = entries(join).flatMap(([roomId, room]) => {
        const events = list(json(room.timeline).events).filter((event) => kindOf(event) !== null);
        return events.length > 0 ? [[roomId, { timeline: { events } }] as const] : [];
      });
      if (about.length + said.length > 0)
        asked = [...asked, { to_device: { events: about }, rooms: { join: Object.fromEntries(said) } }];
      if (!verifying) asked = asked.slice(-MAX_ASKED);
      news.wake();
      begun = true;
      void afterwards();
    },
    /** One event as the server gives it, decrypted where it is encrypted and can be. */
    read: async (roomId: string, event: Json) =>
      isEncrypted(event) ? ((await decrypted(roomId, event)) ?? event) : event,
    /** Was it encrypted for this room before? Then it goes out as it is, whatever its content would be now. */
    wasSealed: async (roomId: string, txnId: string) => (await sealed.find(roomId, txnId)) !== null,
    /** Keeps an encrypted file on the server: what stands under `file` in a message. */
    async upload({ bytes }: UploadedFile, options: CallOptions): Promise<{ address: string; sealed: Json }> {
      const made = await crypto.run('encryptAttachment', () => {
        const { encryptedData, mediaEncryptionInfo } = crypto.sdk.Attachment.encrypt(bytes);
        return { encryptedData, info: json(JSON.parse(mediaEncryptionInfo ?? '{}')) };
      });
      // Neither its name nor its kind is the server's to know.
      const file = { bytes: made.encryptedData, contentType: 'application/octet-stream', name: 'file' };
      const address = await port.upload(file, options);
      return { address, sealed: { ...made.info, url: address } };
    },
    prepare: ahead.prepare,
    /** What the sync brings of verification goes to `work` while it runs, after what was asked a moment ago. `say`: into a room, encrypted where that is. */
    async verifying<T>(say: MatrixPort['sendEvent'], work: (link: Link) => Promise<T>): Promise<T> {
      const sync: MatrixPort['sync'] = async ({ timeoutMs }) => {
        news.begin();
        if (asked.length === 0) await news.pause(timeoutMs, signal);
        return asked.shift() ?? {};
      };
      verifying = true;
      using _ = atEnd(() => {
        verifying = false;
        asked = [];
      });
      const receive: Crypto['receive'] = (part) => crypto.receive({ ...part, ...ENOUGH_KEYS });
      return await work({ ...crypto, receive, port: { ...port, sync }, say });
    },
    isVerifying: () => verifying,
    /** Ends it without waiting. */
    close: crypto.close,
  };
}

/** What was said of verification, by answers of the sync, kept until somebody sits there to whom it may be shown. */
const MAX_ASKED = 20;

/** Without a word of how many one-time keys the homeserver holds it were none, and the machine made fifty more each time. */
const ENOUGH_KEYS = { device_one_time_keys_count: { signed_curve25519: 50 } };

export const KIND = 'm.key.verification.';
export const REQUEST = `${KIND}request`;

/** Its type, where it is about verification. In a room a request is a message. */
export function kindOf({ type, content }: Json): string | null {
  if (type === 'm.room.message') return json(content).msgtype === REQUEST ? REQUEST : null;
  return typeof type === 'string' && type.startsWith(KIND) ? type : null;
}

const isEncrypted = ({ type, state_key: key }: Json): boolean => type === 'm.room.encrypted' && key === undefined;
const isJoin = ({ type, state_key: key, content }: Json, self: string): boolean =>
  type === 'm.room.member' && key === self && json(content).membership === 'join';

/** How old it is now, by what the server said when it came. */
function aged(event: Json, ms: number): Json {
  const unsigned = json(event.unsigned);
  return typeof unsigned.age === 'number' ? { ...event, unsigned: { ...unsigned, age: unsigned.age + ms } } : event;
}

/** Opens the keys of this device and what is done with them. Throws as `openDevice`. */
export async function startEncryption(parts: EncryptionParts, options: CallOptions): Promise<Encryption> {
  const { crypto, generation } = await openDevice(parts, options);
  using failed = new DisposableStack();
  failed.defer(crypto.close);
  await crypto.flush();
  const opened = await openEncryption(parts, crypto, generation);
  failed.move();
  return opened;
}

type DeviceParts = Omit<CryptoParts, 'ask' | 'count'> & {
  port: Pick<MatrixPort, 'ask' | 'accountData' | 'setAccountData'>;
  ids: Pick<Ids, 'next'>;
};

/** Throws `config_invalid` for what an operator must mend: keys that are elsewhere, or an old copy; nothing was written then. */
export async function openDevice(parts: DeviceParts, options: CallOptions) {
  const { rows, port, identity } = parts;
  const published = (await publishedDevice(port, identity, options))?.fingerprint ?? null;
  const isOurs = (await rows.of('device')).some(
    ({ key }) => key === JSON.stringify([identity.userId, identity.deviceId]),
  );
  if (published !== null && !isOurs) throw keysElsewhere(identity);
  const generation = await openGeneration(parts, options);
  const crypto = await openCrypto({
    ...parts,
    ask: (request, within) =>
      port.ask(request, { signal: within, timeoutMs: 30_000 }).catch((error: unknown) => outage(error, request.path)),
    count: () => generation.count().catch((error: unknown) => outage(error, 'account_data')),
  });
  using failed = new DisposableStack();
  failed.defer(crypto.close);
  if (published !== null && published !== (await ownKey(crypto))) throw keysElsewhere(identity);
  await generation.begin();
  failed.move();
  return { crypto, generation };
}

/** What a server has against a request about keys is no word about a message or its room: it is tried again (`isRefusal`). */
function outage(error: unknown, path: string): never {
  if (codeOf(error) !== 'client') throw error;
  throw new TocsinError('server', messageOf(error), { ...factsOf(error), status: 500, refused: path }, error);
}

const ownKey = (crypto: Crypto): Promise<string> =>
  crypto.run('identityKeys', (machine) => machine.identityKeys.ed25519.toBase64());

const keysElsewhere = ({ userId, deviceId }: CryptoParts['identity']): TocsinError =>
  new TocsinError(
    'config_invalid',
    `The session ${deviceId} of ${userId} has encryption keys that are not in this database: it was used with another one, or by another program. Such keys are never copied: log in anew for a new session (docs/matrix.md, "Encrypted rooms")`,
    { user: userId, device: deviceId },
  );
