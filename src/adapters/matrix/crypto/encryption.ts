import { codeOf } from '../../../core/errors.ts';
import { onceWhileFailing } from '../../../core/failures.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { DurableRows } from '../../../core/ports/rows.ts';
import type { CallOptions, Json, MatrixPort, SyncAnswer, UploadedFile } from '../port.ts';
import { isRoomId, json, SEAL } from '../sync-answer.ts';
import { shortRoom } from '../text.ts';
import { type Ahead, createAhead } from './ahead.ts';
import type { Generation } from './generation.ts';
import type { Crypto } from './open.ts';
import { isRefusal } from './requests.ts';
import { createCryptoRooms } from './rooms.ts';
import { openSealed, sealOf } from './sealed.ts';
import { createSharing } from './share.ts';
import { openUnread, type Unread } from './unread.ts';

/** Encrypted rooms of one account, over its machine. */
export interface Encryption {
  readonly crypto: Crypto;
  /**
   * Takes in what an answer to a sync holds for the machine, then writes what was said in encrypted rooms in its timelines as if it had been said in the clear. To be
   * awaited before the answer is read any further and its token kept; a crash in between does it again, which does no harm. `since`: the token before it.
   */
  take(answer: SyncAnswer, since: string | null): Promise<void>;
  /** One event as the server gives it, decrypted where it is encrypted and can be. */
  read(roomId: string, event: Json): Promise<Json>;
  /** As `MatrixPort.sendEvent`, encrypted; the same `txnId` sends the same bytes. */
  sendEvent: MatrixPort['sendEvent'];
  /** Was it encrypted for this room before? Then it goes out as it is, whatever its content would be now. */
  wasSealed(roomId: string, txnId: string): Promise<boolean>;
  /** It arrived, and nobody will send it again. */
  delivered(txnId: string): void;
  /** Keeps an encrypted file on the server: what stands under `file` in a message. */
  upload(file: UploadedFile, options: CallOptions): Promise<Json>;
  prepare: Ahead['prepare'];
  /** Ends it without waiting. */
  close(): void;
}

export interface EncryptionParts {
  crypto: Crypto;
  port: Pick<MatrixPort, 'roomMembers' | 'stateContent' | 'sendEvent' | 'upload'>;
  rows: DurableRows;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  self: string;
  generation: Generation;
  /** What had to wait for its key: to be worked on as if it had come with a sync. Resolves when it has been. */
  late(roomId: string, events: Json[]): Promise<void>;
  /** What is said in a room about a sender who cannot be read there. */
  unreadable(sender: string): object;
}

/** Events of one room in one answer that are looked at. */
const MAX_EVENTS = 200;
/** Keys that came, noted until what waited for them was looked at. */
const MAX_CAME = 1_000;
/** Rooms that are told of a sender who cannot be read, each time: a crowd of strangers brings no flood of ours. */
const TOLD_AT_A_TIME = 3;
/** Nothing else is read from within an encrypted event: state is never encrypted. */
const READ = new Set(['m.room.message', 'm.reaction']);

export async function openEncryption(parts: EncryptionParts): Promise<Encryption> {
  const { crypto, port, rows, clock, log, signal, self } = parts;
  const cryptoRooms = createCryptoRooms(port);
  const sharing = createSharing(crypto, cryptoRooms);
  const ahead = createAhead(sharing, log, signal);
  const [sealed, unread] = [await openSealed(rows, clock), await openUnread(rows, clock)];
  const trouble = onceWhileFailing(log, {
    begins: 'Unable to exchange encryption keys with the homeserver',
    ends: 'Encryption keys are exchanged again',
  });
  let came: { roomId: string; sessionId: string }[] = [];
  /** Keys may have come of which nothing was noted: with the process before, or more than are noted. */
  let lookAtAll = true;
  let begun = false;
  let behind: 'nothing' | 'working' | 'again' = 'nothing';
  crypto.onKeys((keys) => {
    lookAtAll ||= came.length + keys.length > MAX_CAME;
    came = lookAtAll ? [] : [...came, ...keys];
  });

  async function decrypted(roomId: string, event: Json): Promise<Json | null> {
    const found = await crypto.decrypt(roomId, { ...event, room_id: roomId });
    if (!found.ok) {
      log.debug('Unable to decrypt an event', { room: shortRoom(roomId), reason: found.reason });
      return null;
    }
    const { type, content } = found.event;
    // Where, when and by whom is the server's word, as of any event; what it is, the sender's.
    return READ.has(String(type)) ? { ...event, type, content, [SEAL]: sealOf(event) } : event;
  }

  async function timeline(roomId: string, room: Json, first: boolean): Promise<void> {
    const { events, limited } = json(room.timeline);
    if (limited === true) cryptoRooms.gap(roomId);
    if (!Array.isArray(events)) return;
    const list = events.slice(-MAX_EVENTS).map(json);
    cryptoRooms.saw(roomId, [...listOf(json(room.state).events), ...list]);
    // What was said before we came was never meant for us, and its keys are not ours.
    const from = list.findLastIndex((event) => isJoin(event, self));
    for (const [i, event] of list.entries()) {
      if (!isEncrypted(event)) continue;
      const read = await decrypted(roomId, event);
      if (read) list[i] = read;
      else if (!first && i > from && event.sender !== self) await unread.add(roomId, event);
    }
    json(room.timeline).events = list;
  }

  /** What the machine wants sent, what had waited for keys, what is to be said about what still does: once at a time, and behind the sync. */
  async function afterwards(): Promise<void> {
    if (behind !== 'nothing') {
      behind = 'again';
      return;
    }
    do {
      behind = 'working';
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
        await parts.generation.goOn({ signal });
      } catch (error) {
        if (!signal.aborted) trouble.failing(error);
      }
    } while ((behind as string) === 'again');
    behind = 'nothing';
  }

  async function catchUp(): Promise<void> {
    const ready = lookAtAll ? unread.all() : unread.of(came);
    lookAtAll = false;
    came = [];
    for (const [roomId, list] of Map.groupBy(ready, (one) => one.roomId)) {
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

  const sendEvent: Encryption['sendEvent'] = async (roomId, type, txnId, content, options) => {
    const sent = ahead.sending();
    try {
      let event = await sealed.find(roomId, txnId);
      if (!event) {
        event = json(JSON.parse(await sharing.encrypt(roomId, type, content, options)));
        await sealed.keep(roomId, txnId, event);
      }
      return await port.sendEvent(roomId, 'm.room.encrypted', txnId, event, options);
    } finally {
      sent();
    }
  };

  return {
    crypto,
    sendEvent,
    async take(answer, since) {
      if (since === null && !begun && !crypto.fresh)
        await crypto.run('markAllTrackedUsersAsDirty', (machine) => machine.markAllTrackedUsersAsDirty());
      await crypto.receive(answer, cryptoRooms.knows);
      const { join, leave } = json(answer.rooms);
      const left = Object.keys(json(leave));
      for (const roomId of left) cryptoRooms.gap(roomId);
      // What waits there would be worked on as if we were in the room.
      await unread.drop(unread.all().flatMap((one) => (left.includes(one.roomId) ? [one.eventId] : [])));
      for (const [roomId, room] of Object.entries(json(join)))
        if (isRoomId(roomId)) await timeline(roomId, json(room), since === null);
      begun = true;
      void afterwards();
    },
    read: async (roomId, event) => (isEncrypted(event) ? ((await decrypted(roomId, event)) ?? event) : event),
    wasSealed: async (roomId, txnId) => (await sealed.find(roomId, txnId)) !== null,
    delivered: sealed.delivered,
    async upload({ bytes }, options) {
      const made = await crypto.run('encryptAttachment', () => {
        const { encryptedData, mediaEncryptionInfo } = crypto.sdk.Attachment.encrypt(bytes);
        return { encryptedData, info: json(JSON.parse(mediaEncryptionInfo ?? '{}')) };
      });
      // Neither its name nor its kind is the server's to know.
      const file = { bytes: made.encryptedData, contentType: 'application/octet-stream', name: 'file' };
      return { ...made.info, url: await port.upload(file, options) };
    },
    prepare: ahead.prepare,
    close: crypto.close,
  };
}

const isEncrypted = ({ type, state_key: key }: Json): boolean => type === 'm.room.encrypted' && key === undefined;
const isJoin = ({ type, state_key: key, content }: Json, self: string): boolean =>
  type === 'm.room.member' && key === self && json(content).membership === 'join';
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.map(json) : []);

/** How old it is now, by what the server said when it came. */
function aged(event: Json, ms: number): Json {
  const unsigned = json(event.unsigned);
  return typeof unsigned.age === 'number' ? { ...event, unsigned: { ...unsigned, age: unsigned.age + ms } } : event;
}
