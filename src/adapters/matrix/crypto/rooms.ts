import type { CallOptions, Json, MatrixPort } from '../port.ts';
import { isUserId, json } from '../sync-answer.ts';

/** Who reads along in an encrypted room, and how its keys are made; asked of the server once, then kept by what the sync tells. */
export interface CryptoRooms {
  /** Throws when the server cannot be asked. */
  of(roomId: string, options: CallOptions): Promise<CryptoRoom>;
  /** Events of a room's state and timeline, in order. */
  saw(roomId: string, events: readonly Json[]): void;
  /** Events of it were left out: it is asked about anew. */
  gap(roomId: string): void;
  /** Is this person in one of the rooms that were asked about? */
  knows(userId: string): boolean;
  forget(): void;
}

export interface CryptoRoom {
  /** Joined, and invited where the room lets them read what was said before they join. */
  readers: string[];
  visibility: Visibility;
  /** When a key is replaced by another; null: the room wants an algorithm that we do not have. */
  rotation: { ms: number; messages: number } | null;
}

type Visibility = (typeof VISIBILITIES)[number];

interface Known {
  members: Map<string, unknown>;
  visibility: unknown;
  encryption: Json;
}

interface Entry {
  asking: Promise<Known>;
  known: Known | null;
}

const VISIBILITIES = ['invited', 'joined', 'shared', 'world_readable'] as const;
const MAX_ROOMS = 2_000;
const WEEK_MS = 604_800_000;
const MESSAGES = 100;
const MEGOLM = 'm.megolm.v1.aes-sha2';

export function createCryptoRooms(port: Pick<MatrixPort, 'roomMembers' | 'stateContent'>): CryptoRooms {
  const rooms = new Map<string, Entry>();

  async function ask(roomId: string, options: CallOptions): Promise<Known> {
    const [members, encryption, history] = await Promise.all([
      port.roomMembers(roomId, options),
      port.stateContent(roomId, 'm.room.encryption', options),
      port.stateContent(roomId, 'm.room.history_visibility', options),
    ]);
    return { members: new Map(members), encryption: encryption ?? {}, visibility: history?.history_visibility };
  }

  function entryOf(roomId: string, options: CallOptions): Entry {
    const before = rooms.get(roomId);
    if (before) return before;
    const entry: Entry = { asking: ask(roomId, options), known: null };
    const oldest = rooms.keys().next();
    if (rooms.size >= MAX_ROOMS && !oldest.done) rooms.delete(oldest.value);
    rooms.set(roomId, entry);
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
    async of(roomId, options) {
      for (;;) {
        const entry = entryOf(roomId, options);
        const known = await entry.asking;
        // It was let go meanwhile: something changed while we asked, perhaps after the answer was made.
        if (rooms.get(roomId) === entry) return shown(known);
      }
    },
    saw(roomId, events) {
      const entry = rooms.get(roomId);
      const news = events.filter(({ type }) => NEWS.has(String(type)));
      if (!entry || news.length === 0) return;
      if (entry.known) for (const event of news) take(entry.known, event);
      else rooms.delete(roomId);
    },
    gap: (roomId) => void rooms.delete(roomId),
    knows: (userId) => [...rooms.values()].some(({ known }) => known?.members.get(userId) === 'join'),
    forget: () => rooms.clear(),
  };
}

const NEWS = new Set(['m.room.member', 'm.room.encryption', 'm.room.history_visibility']);

function take(known: Known, { type, state_key: key, content }: Json): void {
  if (type === 'm.room.member' && isUserId(key)) known.members.set(key, json(content).membership);
  if (type === 'm.room.history_visibility' && key === '') known.visibility = json(content).history_visibility;
  if (type === 'm.room.encryption' && key === '') known.encryption = json(content);
}

/** Pure. What the room says beyond sense is what the specification recommends. */
function shown({ members, visibility: said, encryption }: Known): CryptoRoom {
  const visibility = VISIBILITIES.find((one) => one === said) ?? 'shared';
  const reads = (membership: unknown): boolean =>
    membership === 'join' || (membership === 'invite' && visibility !== 'joined');
  const positive = (value: unknown, otherwise: number): number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value > 0
      ? Math.min(value, otherwise * 100)
      : otherwise;
  const { algorithm, rotation_period_ms: ms, rotation_period_msgs: messages } = encryption;
  return {
    readers: [...members].flatMap(([userId, membership]) => (reads(membership) ? [userId] : [])),
    visibility,
    rotation:
      algorithm === undefined || algorithm === MEGOLM
        ? { ms: positive(ms, WEEK_MS), messages: positive(messages, MESSAGES) }
        : null,
  };
}
