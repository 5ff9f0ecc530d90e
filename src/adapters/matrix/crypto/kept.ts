import { createHash } from 'node:crypto';
import type { Clock, DurableRows } from '../../../core/ports/runtime.ts';
import { keepNewest } from '../../../core/recent.ts';
import type { MatrixPort } from '../port.ts';
import type { CallOptions } from '../request.ts';
import { isEventId, isRoomId, isUserId, type Json, json } from '../untrusted.ts';

/** Who reads along in an encrypted room, and how its keys are made; asked of the server once, then kept by what the sync tells. */
export type CryptoRooms = ReturnType<typeof createCryptoRooms>;

export type CryptoRoom = ReturnType<typeof shown>;

interface Known {
  members: Map<string, unknown>;
  visibility: unknown;
  encryption: Json;
}

const VISIBILITIES = ['invited', 'joined', 'shared', 'world_readable'] as const;
const MAX_ROOMS = 2_000;
const WEEK_MS = 604_800_000;
const MESSAGES = 100;
const MEGOLM = 'm.megolm.v1.aes-sha2';

export function createCryptoRooms(port: Pick<MatrixPort, 'roomMembers' | 'stateContent'>) {
  const rooms = new Map<string, { asking: Promise<Known>; known: Known | null }>();

  async function ask(roomId: string, options: CallOptions): Promise<Known> {
    const [members, encryption, history] = await Promise.all([
      port.roomMembers(roomId, options),
      port.stateContent(roomId, 'm.room.encryption', options),
      port.stateContent(roomId, 'm.room.history_visibility', options),
    ]);
    return { members: new Map(members), encryption: encryption ?? {}, visibility: history?.history_visibility };
  }

  function entryOf(roomId: string, options: CallOptions) {
    const before = rooms.get(roomId);
    if (before) return before;
    const entry = { asking: ask(roomId, options), known: null as Known | null };
    keepNewest(rooms, roomId, entry, MAX_ROOMS);
    entry.asking.then(
      (known) => {
        entry.known = known;
      },
      () => {
        if (rooms.get(roomId) === entry) rooms.delete(roomId);
      },
    );
    return entry;
  }

  return {
    /** Throws when the server cannot be asked. */
    async of(roomId: string, options: CallOptions): Promise<CryptoRoom> {
      for (;;) {
        const entry = entryOf(roomId, options);
        const known = await entry.asking;
        // It was let go meanwhile: something changed while we asked, perhaps after the answer was made.
        if (rooms.get(roomId) === entry) return shown(known);
      }
    },
    /** Events of a room's state and timeline, in order. */
    saw(roomId: string, events: readonly Json[]) {
      const entry = rooms.get(roomId);
      const news = events.filter(({ type }) => NEWS.has(String(type)));
      if (!entry || news.length === 0) return;
      if (entry.known) for (const event of news) take(entry.known, event);
      else rooms.delete(roomId);
    },
    /** Events of it were left out: it is asked about anew. */
    gap: (roomId: string) => void rooms.delete(roomId),
    /** Is this person in one of the rooms that were asked about? */
    knows: (userId: string) => [...rooms.values()].some(({ known }) => known?.members.get(userId) === 'join'),
  };
}

const NEWS = new Set(['m.room.member', 'm.room.encryption', 'm.room.history_visibility']);

function take(known: Known, { type, state_key: key, content }: Json): void {
  if (type === 'm.room.member' && isUserId(key)) known.members.set(key, json(content).membership);
  if (type === 'm.room.history_visibility' && key === '') known.visibility = json(content).history_visibility;
  if (type === 'm.room.encryption' && key === '') known.encryption = json(content);
}

/** Pure. What the room says beyond sense is what the specification recommends. */
function shown({ members, visibility: said, encryption }: Known) {
  const visibility = VISIBILITIES.find((one) => one === said) ?? 'shared';
  const reads = (membership: unknown): boolean =>
    membership === 'join' || (membership === 'invite' && visibility !== 'joined');
  const positive = (value: unknown, otherwise: number): number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value > 0
      ? Math.min(value, otherwise * 100)
      : otherwise;
  const { algorithm, rotation_period_ms: ms, rotation_period_msgs: messages } = encryption;
  return {
    /** Joined, and invited where the room lets them read what was said before they join. */
    readers: [...members].flatMap(([userId, membership]) => (reads(membership) ? [userId] : [])),
    visibility,
    /** When a key is replaced by another; null: the room wants an algorithm that we do not have. */
    rotation:
      algorithm === undefined || algorithm === MEGOLM
        ? { ms: positive(ms, WEEK_MS), messages: positive(messages, MESSAGES) }
        : null,
  };
}

const BUCKET = 'sealed';
/** After it arrived: until then the outbox has written down that it did. */
const KEEP_DELIVERED_MS = 10 * 60_000;
/** Servers know a transaction id for a day; later it is not sent again. */
const KEEP_MS = 25 * 3_600_000;
const TIDY_EVERY_MS = 60_000;

/**
 * What was encrypted for a delivery, by its transaction id, kept before it is sent first: each attempt sends the same bytes, so that one delivery is one event,
 * and no index of a key is used for two texts.
 */
export async function openSealed(rows: DurableRows, clock: Clock) {
  let tidiedAt = clock.monotonic();
  /** When each may go, on the monotonic clock. */
  const leaving = new Map<string, number>();
  for (const { key, value } of await rows.of(BUCKET)) {
    const age = Math.max(0, clock.now() - read(value).at);
    leaving.set(key, tidiedAt + KEEP_MS - age);
  }

  return {
    /** Null: it was never encrypted for this room. */
    async find(roomId: string, txnId: string): Promise<Json | null> {
      const value = await rows.get(BUCKET, txnId);
      if (value === null) return null;
      const kept = read(value);
      return kept.roomId === roomId ? kept.content : null;
    },
    async keep(roomId: string, txnId: string, content: Json) {
      const value = Buffer.from(JSON.stringify({ roomId, at: clock.now(), content }));
      await rows.write([{ bucket: BUCKET, key: txnId, value }]);
      // Whatever becomes of it: some are given up.
      leaving.set(txnId, clock.monotonic() + KEEP_MS);
    },
    /** It arrived: after a while nobody will ask for it again. */
    delivered: (txnId: string) => void leaving.set(txnId, clock.monotonic() + KEEP_DELIVERED_MS),
    /** Deletes what nobody will ask for. */
    async tidy() {
      const now = clock.monotonic();
      if (now - tidiedAt < TIDY_EVERY_MS) return;
      tidiedAt = now;
      const gone = [...leaving].flatMap(([key, at]) => (at <= now ? [key] : []));
      await rows.write(gone.map((key) => ({ bucket: BUCKET, key, value: null })));
      for (const key of gone) leaving.delete(key);
    },
  };
}

const SIGNATURE_BYTES = 64;

/** The same for the same place of the same key, under whatever id and in whatever letters a server gives it again. */
export function sealOf(event: Json): string {
  const bytes = Buffer.from(String(json(event.content).ciphertext), 'base64');
  return `$sealed.${createHash('sha256').update(bytes.subarray(0, -SIGNATURE_BYTES)).digest('base64url')}`;
}

function read(value: Uint8Array): { roomId: unknown; at: number; content: Json } {
  const { roomId, at, content } = json(JSON.parse(Buffer.from(value).toString()));
  return { roomId, at: typeof at === 'number' ? at : 0, content: json(content) };
}

/** An event that could not be decrypted, and waits for its key. */
export type Unread = NonNullable<ReturnType<typeof unreadOf>>;

const WAITING = 'unread';
const TOLD = 'unread-told';
const MAX_WAITING = 200;
const MAX_TOLD = 2_000;
const MAX_AGE_MS = 24 * 3_600_000;
/** Keys are often a little later than what they are for. */
const TELL_AFTER_MS = 30_000;

/** Bounded in count and age; kept over restarts. */
export async function openUnread(rows: DurableRows, clock: Clock) {
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
    /** Resolves when it is kept. What waits already, or is of no shape, changes nothing. */
    async add(roomId: string, event: Json) {
      const unread = unreadOf(roomId, event, clock.now());
      if (!unread || waiting.has(unread.eventId)) return;
      await makeRoom();
      waiting.set(unread.eventId, unread);
      const value = Buffer.from(JSON.stringify({ roomId, event, at: unread.at }));
      await rows.write([{ bucket: WAITING, key: unread.eventId, value }]);
    },
    all: () => [...waiting.values()],
    drop,
    /** To be told in the room by now: nothing was said there about this sender before. */
    untold(): Unread[] {
      const found = new Map<string, Unread>();
      for (const one of waiting.values()) {
        const name = nameOf(one.roomId, one.sender);
        if (clock.now() - one.at >= TELL_AFTER_MS && !told.has(name) && !found.has(name)) found.set(name, one);
      }
      return [...found.values()];
    },
    async told(roomId: string, sender: string) {
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

/** `event`: as the sync brought it; `at`: when it came, ms since the epoch. */
function unreadOf(roomId: string, event: Json, at: number) {
  const { event_id: eventId, sender } = event;
  const { session_id: session } = json(event.content);
  const isShaped = isEventId(eventId) && isUserId(sender) && typeof session === 'string' && session.length <= 100;
  return isShaped ? { roomId, eventId, sender, event, at } : null;
}
