import type { Incoming } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Directness } from './direct.ts';
import type { Invites } from './invites.ts';
import type { Lanes } from './lanes.ts';
import type { Memory } from './memory.ts';
import { commandIn, type Names, threadOf } from './parse.ts';
import type { PowerLevels } from './power.ts';
import type { Rooms } from './rooms.ts';
import type { Senders } from './senders.ts';
import type { JoinedRoom, RoomEvent, SyncBatch } from './sync-answer.ts';

/** Older than this at the start of the process (or at our coming into the room) is past, not a wish. */
export const GRACE_MS = 60_000;

export interface IncomingParts {
  accountId: string;
  names: Names;
  memory: Memory;
  lanes: Lanes;
  rooms: Rooms;
  invites: Invites;
  direct: Directness;
  power: PowerLevels;
  senders: Senders;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  /** When this process began to listen, ms since the epoch. */
  startedAt: number;
  emit(event: Incoming): Promise<void>;
}

/** A job that was not begun because the adapter stops: its batch counts as unread. */
export class Stopped extends Error {}

/**
 * Puts each thing of a batch where it belongs; returns what is then under way. `first`: there was no token, so the timelines are
 * history. Never throws and never waits.
 */
export function dispatch(batch: SyncBatch, first: boolean, parts: IncomingParts): Promise<unknown>[] {
  const { rooms, invites } = parts;
  const tasks: Promise<unknown>[] = [];
  for (const { roomId, by } of batch.left) if (parts.memory.room(roomId)?.in) tasks.push(rooms.left(roomId, by));
  for (const invite of batch.invites) tasks.push(invites.handle(invite));
  for (const room of batch.joined) tasks.push(...inRoom(room, first, parts));
  return tasks;
}

function inRoom(room: JoinedRoom, first: boolean, parts: IncomingParts): Promise<unknown>[] {
  const { names, memory, rooms, direct, power, senders } = parts;
  const { roomId } = room;
  const tasks: Promise<unknown>[] = [];
  const fresh = memory.room(roomId)?.in !== true;
  const ourJoin = room.events.some(
    (event) => !event.past && isOwn(event, names) && event.content.membership === 'join',
  );
  const encryption = room.events.find((event) => event.type === 'm.room.encryption' && event.stateKey === '');
  if (encryption) tasks.push(rooms.turnedEncrypted(roomId));
  if (fresh) tasks.push(rooms.present(roomId, ourJoin && !first));
  let leavers = false;
  for (const event of room.events) {
    if (event.type === 'm.room.tombstone' && event.stateKey === '') tasks.push(rooms.tombstone(roomId, event));
    if (event.type === 'm.room.power_levels') power.changed(roomId);
    if (event.type === 'm.room.member' && event.stateKey !== null) {
      senders.named(roomId, event.stateKey, event.content.displayname);
      if (isOwn(event, names) && typeof event.content.displayname === 'string')
        names.displayName = event.content.displayname;
      if (!event.past) direct.forget(roomId);
      leavers ||= !event.past && !isOwn(event, names) && event.content.membership !== 'join';
    }
    if (event.type === 'm.room.message' && !event.past && !first) {
      const task = message(roomId, event, fresh, parts);
      if (task) tasks.push(task);
    }
  }
  if (leavers && !first) tasks.push(rooms.someoneLeft(roomId));
  return tasks;
}

const isOwn = (event: RoomEvent, names: Names): boolean =>
  event.type === 'm.room.member' && event.stateKey === names.userId;

function message(roomId: string, event: RoomEvent, freshRoom: boolean, parts: IncomingParts): Promise<unknown> | null {
  const { names, memory, lanes, log, signal } = parts;
  // Decided before it is queued, so that ordinary talk costs nothing.
  const likely = commandIn(event, names, memory.room(roomId)?.direct === true || freshRoom);
  if (likely === null || memory.wasHandled(event.eventId) || isPast(event, freshRoom, parts)) return null;
  const job = lanes.push(roomId, async () => {
    if (signal.aborted) throw new Stopped();
    await handle(roomId, event, parts);
  });
  if (!job) log.warn('Too many commands at a time in a Matrix room: left out', { room: roomId.slice(0, 7) });
  return job;
}

/** By the age that the servers tell, else by the sender's clock. */
function isPast(event: RoomEvent, freshRoom: boolean, { clock, startedAt }: IncomingParts): boolean {
  const sentAt = event.ageMs === null ? event.at : clock.now() - event.ageMs;
  if (sentAt === null) return true;
  return sentAt < startedAt - GRACE_MS || (freshRoom && sentAt < clock.now() - GRACE_MS);
}

async function handle(roomId: string, event: RoomEvent, parts: IncomingParts): Promise<void> {
  const { accountId, names, memory, direct, senders, emit } = parts;
  if (memory.wasHandled(event.eventId)) return;
  const isDirect = await direct.isDirect(roomId);
  const text = commandIn(event, names, isDirect);
  if (text === null) return;
  await emit({
    kind: 'command',
    address: { accountId, chat: roomId, thread: threadOf(event) },
    chatKind: isDirect ? 'private' : 'group',
    sender: senders.of(roomId, event.sender),
    text,
    button: null,
    messageRef: event.eventId,
  });
  await memory.handled(event.eventId);
}
