/** What we believe about rooms, held against what the server says: at the start, hourly, and when a send is refused. */

import type { ChatAddress } from '../../core/model/chat.ts';
import type { SendOutcome } from '../../core/ports/chat-adapter.ts';
import { sayIn } from '../../i18n/packs.ts';
import { factsOf } from './failure.ts';
import type { Memory, RoomFacts } from './memory.ts';
import type { MatrixPort } from './port.ts';
import type { Rooms } from './rooms.ts';
import { isRoomId } from './sync-answer.ts';

export interface ReconcileParts {
  port: Pick<MatrixPort, 'joinedRooms' | 'joinedMembers' | 'stateContent' | 'leave'>;
  memory: Memory;
  rooms: Pick<Rooms, 'left' | 'tombstone'>;
  clock: { now(): number };
  signal: AbortSignal;
  persist(attempt: () => Promise<unknown>): Promise<boolean>;
  knownChats(): Promise<string[]>;
  address(chat: string): ChatAddress;
}

const MAX_RECONCILED = 500;
const KEEP_OLD_MS = 3_600_000;

export interface ReconcilePlan {
  /** Perhaps we are not in these any more: each is asked about, since one wrong list must not end everybody's subscriptions. */
  suspects: string[];
  /** Rooms that go on elsewhere, left when nothing can be under way to them any more. */
  leave: string[];
  /** Rooms that the account is in already at the very first start, and that are no news. */
  adopt: string[];
}

/** Pure. `known`: chats of the store; `first`: nothing was ever received; `coming`: rooms whose invitations wait. */
export function planReconcile(
  rooms: readonly (readonly [string, RoomFacts])[],
  joined: ReadonlySet<string>,
  { known, now, first, coming }: { known: readonly string[]; now: number; first: boolean; coming: ReadonlySet<string> },
): ReconcilePlan {
  const moved = new Set(rooms.flatMap(([roomId, { movedTo }]) => (movedTo ? [roomId] : [])));
  const ours = rooms.flatMap(([roomId, facts]) => (facts.in && !moved.has(roomId) ? [roomId] : []));
  const believed = new Set([...ours, ...known.filter((chat) => !moved.has(chat))]);
  const left = rooms.filter(
    ([roomId, { byInvite, movedTo, movedAt }]) =>
      byInvite && movedTo && joined.has(roomId) && joined.has(movedTo) && now - (movedAt ?? 0) > KEEP_OLD_MS,
  );
  return {
    suspects: [...believed].filter((roomId) => !joined.has(roomId)).slice(0, MAX_RECONCILED),
    leave: left.map(([roomId]) => roomId),
    adopt: first ? [...joined].filter((roomId) => isRoomId(roomId) && !coming.has(roomId)) : [],
  };
}

/** Compares what we know with the rooms that the account is really in. Throws when the server cannot be asked. */
export async function reconcile(parts: ReconcileParts): Promise<void> {
  const { port, memory, rooms, signal } = parts;
  const joined = new Set(await port.joinedRooms({ signal }));
  const plan = planReconcile(memory.rooms(), joined, {
    known: await parts.knownChats(),
    now: parts.clock.now(),
    first: memory.token() === null,
    coming: new Set(memory.invites().map(([roomId]) => roomId)),
  });
  for (const roomId of plan.suspects) {
    if (!(await isOutside(roomId, parts))) continue;
    await memory.setRoom(roomId, { in: true });
    await rooms.left(roomId, null);
  }
  for (const roomId of plan.leave) {
    await parts.persist(() => port.leave(roomId, sayIn('en', 'english.leave.elsewhere'), { signal }));
    await memory.dropRoom(roomId);
  }
  await Promise.all(plan.adopt.map((roomId) => memory.setRoom(roomId, { in: true })));
}

async function isOutside(roomId: string, { port, signal }: ReconcileParts): Promise<boolean> {
  try {
    await port.joinedMembers(roomId, { signal });
    return false;
  } catch (error) {
    const { status, errcode } = factsOf(error);
    return (status === 403 && errcode === 'M_FORBIDDEN') || (status === 404 && errcode === 'M_NOT_FOUND');
  }
}

/** What a 403 or 404 to a send means. Throws when the server cannot be asked. */
export async function refusal(
  roomId: string,
  detail: string,
  sending: AbortSignal,
  { port, memory, rooms, address }: ReconcileParts,
): Promise<SendOutcome> {
  const moved = memory.room(roomId)?.movedTo;
  if (moved) return { kind: 'moved', to: address(moved) };
  const joined = await port.joinedRooms({ signal: sending });
  if (!joined.includes(roomId))
    return { kind: 'gone', reason: 'client', detail: `not in the room any more (${detail})` };
  const content = await port.stateContent(roomId, 'm.room.tombstone', { signal: sending });
  if (content && isRoomId(content.replacement_room) && !memory.room(roomId)?.tombstone) {
    void rooms.tombstone(roomId, { content, sender: null }).catch(() => {});
    const detail = 'the room was upgraded: following';
    return { kind: 'retry', afterMs: 5_000, scope: 'chat', reason: 'client', detail };
  }
  return { kind: 'rejected', reason: 'client', detail: `not allowed to speak in the room (${detail})` };
}
