import { clip } from '../../core/answers.ts';
import { warnOfFailure } from '../../core/errors.ts';
import type { Sender } from '../../core/ports/chat-adapter.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import { createRecent, keepNewest } from '../../core/recent.ts';
import type { Memory } from './memory.ts';
import type { MatrixPort } from './port.ts';
import type { CallOptions } from './request.ts';
import { isRoomId, isUserId, type Json, json, tame } from './untrusted.ts';

/** Who may change a room's settings, by the rules of the Matrix specification (power levels, creators of room version 12). */
const ADMIN_LEVEL = 50;

/**
 * Power of a user. `levels` null = the room has no power levels event: its creator has 100, others 0. `create` is the whole
 * `m.room.create` event, or null when unknown. Pure; hostile values count as absent.
 */
export function powerOf(userId: string, levels: Json | null, create: Json | null): number {
  const content = json(create?.content ?? create);
  const sender = create?.sender;
  if (Number(content.room_version ?? '1') >= 12) {
    const others = content.additional_creators;
    if (sender === userId || (Array.isArray(others) && others.includes(userId))) return Number.POSITIVE_INFINITY;
  }
  if (levels === null) return (sender ?? content.creator) === userId ? 100 : 0;
  const users = json(levels.users);
  return level(Object.hasOwn(users, userId) ? users[userId] : undefined) ?? level(levels.users_default) ?? 0;
}

/** Integers; old rooms may hold them as strings. */
function level(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*[+-]?\d{1,16}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.trunc(number) : null;
}

type PowerLevels = ReturnType<typeof createPowerLevels>;

const KEEP_MS = 60_000;
/** It never changes. */
const CREATE_KEEP_MS = 3_600_000;
const MAX_KEPT = 1_000;

export function createPowerLevels(port: Pick<MatrixPort, 'stateContent' | 'createEvent'>, clock: Clock) {
  const levels = createRecent<Json | null>(KEEP_MS, MAX_KEPT);
  const creates = createRecent<Json | null>(CREATE_KEEP_MS, MAX_KEPT);
  return {
    /** Throws when the server cannot be asked. */
    async of(roomId: string, userId: string, options?: CallOptions): Promise<number> {
      const now = clock.monotonic();
      const own = await levels(roomId, now, () => port.stateContent(roomId, 'm.room.power_levels', options));
      return powerOf(userId, own, await creates(roomId, now, () => port.createEvent(roomId, options)));
    },
    /** The room's power levels changed. */
    changed: levels.forget,
  };
}

/** People as the core knows them. */

const MAX_NAMES = 5_000;

interface SendersDeps {
  /** The account's language; null = none is set. */
  lang: string | null;
  power: PowerLevels;
  direct: Directness;
  log: Log;
  signal: AbortSignal;
}

export function createSenders({ lang, power, direct, log, signal }: SendersDeps) {
  const names = new Map<string, string>();

  /** Null when it cannot be read. */
  async function levelOf(roomId: string, userId: string): Promise<number | null> {
    try {
      return await power.of(roomId, userId, { signal, timeoutMs: 10_000 });
    } catch (error) {
      warnOfFailure(log, 'Unable to read the power levels of a Matrix room', error);
      return null;
    }
  }

  /** Who cannot be shown to be an admin is none. */
  const isAdmin = async (roomId: string, userId: string): Promise<boolean> =>
    (await direct.isDirect(roomId)) || ((await levelOf(roomId, userId)) ?? Number.NEGATIVE_INFINITY) >= ADMIN_LEVEL;

  return {
    of: (roomId: string, userId: string): Sender => ({
      id: `matrix:${userId}`,
      name: names.get(`${roomId} ${userId}`) ?? userId.slice(1, userId.indexOf(':')),
      lang,
      isAdmin: () => isAdmin(roomId, userId),
      power: async () => ({ needs: ADMIN_LEVEL, has: await levelOf(roomId, userId) }),
    }),
    /** A display name was seen. */
    named(roomId: string, userId: string, name: unknown) {
      if (typeof name !== 'string') return;
      const shown = clip(tame(name.slice(0, 300)).replace(/\s+/g, ' ').trim(), 80);
      if (shown !== '') keepNewest(names, `${roomId} ${userId}`, shown, MAX_NAMES);
    },
  };
}

/** Tells direct chats from rooms. A room of two is not direct by itself: the invitation says it, and nobody else may be in it. */
type Directness = ReturnType<typeof createDirectness>;

const DIRECT_KEEP_MS = 10 * 60_000;

export function createDirectness(
  port: Pick<MatrixPort, 'joinedMembers'>,
  memory: Memory,
  clock: Clock,
  signal: AbortSignal,
) {
  const members = createRecent<number>(DIRECT_KEEP_MS, MAX_KEPT);

  /** Joined members, at least; null when the server cannot be asked. */
  const count = (roomId: string): Promise<number | null> =>
    members(roomId, clock.monotonic(), async () => {
      return (await port.joinedMembers(roomId, { signal, timeoutMs: 10_000 })).length;
    }).catch(() => null);

  const isDirect = async (roomId: string): Promise<boolean> => {
    if (!memory.room(roomId)?.direct) return false;
    const found = await count(roomId);
    return found !== null && found <= 2;
  };

  return {
    /** False when it cannot be known. */
    isDirect,
    kindOf: async (roomId: string) => ((await isDirect(roomId)) ? 'private' : 'group'),
    /** True when we are the only one in the room. False when it cannot be known. */
    async isAlone(roomId: string): Promise<boolean> {
      members.forget(roomId);
      return (await count(roomId)) === 1;
    },
    /** Members came or went. */
    forget: members.forget,
  };
}

/** The room of one person and us: found, or opened. */

/** Rooms that are looked into for a chat of two that no note of the account names. */
const MAX_LOOKED_AT = 200;

/** Those of our rooms where this person and we are alone. */
export async function* roomsOfTwo(
  port: Pick<MatrixPort, 'joinedMembers'>,
  joined: readonly string[],
  personId: string,
  options: CallOptions,
) {
  for (const room of joined.slice(0, MAX_LOOKED_AT)) {
    const members = await port.joinedMembers(room, options);
    if (members.length === 2 && members.includes(personId)) yield room;
  }
}

/**
 * A room that the account has noted for this person comes first (`m.direct`), though they may not have accepted it yet; then a room where only the two are; then a
 * new one, which they are invited to and which is noted; `encrypted`: it may be encrypted, and the new one is, where they have keys. Null: that is no name of a person.
 */
export async function roomWith(
  port: MatrixPort,
  personId: string,
  options: CallOptions,
  encrypted = false,
): Promise<string | null> {
  if (!isUserId(personId)) return null;
  const { userId } = await port.whoami(options);
  const noted = json(await port.accountData(userId, 'm.direct', options));
  const own = Object.hasOwn(noted, personId) ? noted[personId] : null;
  const listed = Array.isArray(own) ? own.filter(isRoomId) : [];
  const joined = (await port.joinedRooms(options)).filter(isRoomId);
  const plain = async (room: string): Promise<boolean> =>
    encrypted || (await port.stateContent(room, 'm.room.encryption', options)) === null;
  for (const room of listed.filter((one) => joined.includes(one)).slice(-5)) if (await plain(room)) return room;
  for await (const room of roomsOfTwo(port, joined, personId, options)) if (await plain(room)) return room;
  // Whoever has no keys could not read what is encrypted.
  const sealed = encrypted && (await port.hasEncryptionKeys(personId, options));
  const made = await port.createDirectRoom(personId, sealed, options);
  // Read anew: somebody else may have noted a room while we looked.
  const before = json(await port.accountData(userId, 'm.direct', options));
  await port.setAccountData(userId, 'm.direct', { ...before, [personId]: [...listed, made] }, options);
  return made;
}
