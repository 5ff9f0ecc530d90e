import type { Incoming } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Directness } from './direct.ts';
import type { Invites } from './invites.ts';
import type { Lanes } from './lanes.ts';
import type { Memory } from './memory.ts';
import type { Names } from './mention.ts';
import { commandIn, threadOf } from './parse.ts';
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
 * history, mostly. Never throws and never waits.
 */
export function dispatch(batch: SyncBatch, first: boolean, parts: IncomingParts): Promise<unknown>[] {
  const { rooms, invites } = parts;
  const tasks: Promise<unknown>[] = [];
  for (const { roomId, by } of batch.left) if (parts.memory.room(roomId)?.in) tasks.push(rooms.left(roomId, by));
  for (const invite of batch.invites) tasks.push(invites.handle(invite));
  for (const room of batch.joined) {
    try {
      tasks.push(...inRoom(room, first, parts));
    } catch (error) {
      // One odd event must not keep the sync at its batch for ever.
      parts.log.error('Unable to read the news of a Matrix room', { error: String(error).slice(0, 200) });
    }
  }
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
    if (event.type === 'm.room.message' && !event.past) {
      const task = message(roomId, event, since(first, fresh, parts), fresh, parts);
      if (task) tasks.push(task);
    }
  }
  // In a large room somebody always leaves; only where we may be alone now is it worth a look.
  if (leavers && !first && (room.members ?? (memory.room(roomId)?.direct ? 1 : 2)) <= 1)
    tasks.push(rooms.someoneLeft(roomId));
  return tasks;
}

const isOwn = (event: RoomEvent, names: Names): boolean =>
  event.type === 'm.room.member' && event.stateKey === names.userId;

function message(
  roomId: string,
  event: RoomEvent,
  earliest: number,
  freshRoom: boolean,
  parts: IncomingParts,
): Promise<unknown> | null {
  const { names, memory, lanes, clock, signal } = parts;
  // Decided before it is queued, so that ordinary talk costs nothing.
  const likely = commandIn(event, names, memory.room(roomId)?.direct === true || freshRoom);
  if (likely === null || memory.wasHandled(event.eventId) || (sentAt(event, clock) ?? 0) < earliest) return null;
  const job = lanes.push(roomId, async () => {
    if (signal.aborted) throw new Stopped();
    await handle(roomId, event, parts);
  });
  if (!job) leftOut(roomId, parts);
  return job;
}

/** A flood is told once a minute, not once a message. */
const FLOOD_TOLD_EVERY_MS = 60_000;
const floods = new WeakMap<Lanes, { toldAt: number; dropped: number }>();

function leftOut(roomId: string, { lanes, clock, log }: IncomingParts): void {
  const flood = floods.get(lanes) ?? { toldAt: Number.NEGATIVE_INFINITY, dropped: 0 };
  floods.set(lanes, flood);
  flood.dropped++;
  if (clock.monotonic() - flood.toldAt < FLOOD_TOLD_EVERY_MS) return;
  log.warn('Too many commands at a time in a Matrix room: left out', {
    room: roomId.slice(0, 7),
    dropped: flood.dropped,
  });
  flood.toldAt = clock.monotonic();
  flood.dropped = 0;
}

/** What was sent before this is history, ms since the epoch. */
function since(first: boolean, freshRoom: boolean, { clock, startedAt }: IncomingParts): number {
  // Without a token everything that the rooms hold comes along: only what was said since we listen is meant for us.
  if (first) return startedAt;
  return freshRoom ? clock.now() - GRACE_MS : startedAt - GRACE_MS;
}

/** By the age that the servers tell, else by the sender's clock; null when neither is told. */
const sentAt = (event: RoomEvent, clock: Clock): number | null =>
  event.ageMs === null ? event.at : clock.now() - event.ageMs;

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
