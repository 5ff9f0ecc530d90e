import type { Clock } from '../../../core/ports/clock.ts';
import type { DurableRows } from '../../../core/ports/rows.ts';
import type { Json } from '../port.ts';
import { isEventId, isRoomId, isUserId, json } from '../sync-answer.ts';

/** An event that could not be decrypted, and waits for its key. */
export interface Unread {
  roomId: string;
  eventId: string;
  sender: string;
  sessionId: string;
  /** As the sync brought it. */
  event: Json;
  /** When it came, ms since the epoch. */
  at: number;
}

/** Bounded in count and age; kept over restarts. */
export interface UnreadEvents {
  /** Resolves when it is kept. What waits already, or is of no shape, changes nothing. */
  add(roomId: string, event: Json): Promise<void>;
  /** Those whose key has come, or may have. */
  of(keys: readonly { roomId: string; sessionId: string }[]): Unread[];
  all(): Unread[];
  drop(eventIds: readonly string[]): Promise<void>;
  /** To be told in the room by now: nothing was said there about this sender before. */
  untold(): Unread[];
  told(roomId: string, sender: string): Promise<void>;
}

const WAITING = 'unread';
const TOLD = 'unread-told';
const MAX_WAITING = 200;
const MAX_TOLD = 2_000;
const MAX_AGE_MS = 24 * 3_600_000;
/** Keys are often a little later than what they are for. */
const TELL_AFTER_MS = 30_000;

export async function openUnread(rows: DurableRows, clock: Clock): Promise<UnreadEvents> {
  const waiting = new Map<string, Unread>();
  for (const { value } of await rows.of(WAITING)) {
    const { roomId, event, at } = json(JSON.parse(Buffer.from(value).toString()));
    const unread = isRoomId(roomId) && typeof at === 'number' ? unreadOf(roomId, json(event), at) : null;
    if (unread) waiting.set(unread.eventId, unread);
  }
  const told = new Set((await rows.of(TOLD)).map(({ key }) => key));
  const nameOf = (roomId: string, sender: string): string => JSON.stringify([roomId, sender]);

  async function drop(eventIds: readonly string[]): Promise<void> {
    const gone = eventIds.filter((id) => waiting.delete(id));
    await rows.write(gone.map((key) => ({ bucket: WAITING, key, value: null })));
  }

  async function makeRoom(): Promise<void> {
    const old = [...waiting.values()].filter(({ at }) => clock.now() - at > MAX_AGE_MS).map(({ eventId }) => eventId);
    const over = Math.max(0, waiting.size - old.length - MAX_WAITING + 1);
    const oldest = [...waiting.keys()].filter((id) => !old.includes(id)).slice(0, over);
    if (old.length + oldest.length > 0) await drop([...old, ...oldest]);
  }

  return {
    async add(roomId, event) {
      const unread = unreadOf(roomId, event, clock.now());
      if (!unread || waiting.has(unread.eventId)) return;
      await makeRoom();
      waiting.set(unread.eventId, unread);
      const value = Buffer.from(JSON.stringify({ roomId, event, at: unread.at }));
      await rows.write([{ bucket: WAITING, key: unread.eventId, value }]);
    },
    of(keys) {
      const wanted = new Set(keys.map(({ roomId, sessionId }) => nameOf(roomId, sessionId)));
      return [...waiting.values()].filter(({ roomId, sessionId }) => wanted.has(nameOf(roomId, sessionId)));
    },
    all: () => [...waiting.values()],
    drop,
    untold() {
      const found = new Map<string, Unread>();
      for (const one of waiting.values()) {
        const name = nameOf(one.roomId, one.sender);
        if (clock.now() - one.at >= TELL_AFTER_MS && !told.has(name) && !found.has(name)) found.set(name, one);
      }
      return [...found.values()];
    },
    async told(roomId, sender) {
      const name = nameOf(roomId, sender);
      if (told.size >= MAX_TOLD) {
        await rows.write([...told].map((key) => ({ bucket: TOLD, key, value: null })));
        told.clear();
      }
      told.add(name);
      await rows.write([{ bucket: TOLD, key: name, value: new Uint8Array() }]);
    },
  };
}

function unreadOf(roomId: string, event: Json, at: number): Unread | null {
  const { event_id: eventId, sender } = event;
  const { session_id: sessionId } = json(event.content);
  if (!isEventId(eventId) || !isUserId(sender) || typeof sessionId !== 'string' || sessionId.length > 100) return null;
  return { roomId, eventId, sender, sessionId, event, at };
}
