import { logFailure } from '../../core/failures.ts';
import type { IncomingParts } from './incoming-parts.ts';
import type { Names } from './mention.ts';
import { createMessages, type Messages } from './messages.ts';
import type { Invite, JoinedRoom, RoomEvent, SyncBatch } from './sync-answer.ts';

/** Puts each thing of a batch where it belongs; returns what is then under way. `since`: the token before it, null at the very first. Never throws and never waits. */
export type Dispatch = (batch: SyncBatch, since: string | null) => Promise<unknown>[];

export function createDispatch(parts: IncomingParts): Dispatch {
  const { memory, rooms, invites, log } = parts;
  const messages = createMessages(parts);
  return (batch, since) => {
    const tasks: Promise<unknown>[] = [];
    for (const { roomId, by } of batch.left) {
      tasks.push(invites.withdrawn(roomId));
      if (memory.room(roomId)?.in) tasks.push(rooms.left(roomId, by));
    }
    for (const invite of batch.invites) tasks.push(invites.take(invite));
    for (const room of batch.joined) {
      try {
        tasks.push(...inRoom(room, since, parts, messages));
      } catch (error) {
        // One odd event must not keep the sync at its batch for ever.
        logFailure(log, 'Unable to read the news of a Matrix room', error);
      }
    }
    return tasks;
  };
}

function inRoom(room: JoinedRoom, since: string | null, parts: IncomingParts, messages: Messages): Promise<unknown>[] {
  const { names, memory, rooms } = parts;
  const { roomId } = room;
  const tasks: Promise<unknown>[] = [];
  const fresh = memory.room(roomId)?.in !== true;
  const ourJoin = room.events.findLast(
    (event) => !event.past && isOwn(event, names) && event.content.membership === 'join',
  );
  if (room.events.some((event) => event.type === 'm.room.encryption' && event.stateKey === ''))
    tasks.push(rooms.turnedEncrypted(roomId));
  const live = ourJoin !== undefined && since !== null;
  if (fresh) tasks.push(rooms.present(roomId, live, live ? inviteBefore(ourJoin, room, names) : null));
  tasks.push(...stateOf(room, parts));
  tasks.push(...messages.read(room, { since, fresh, ourJoin }));
  // In a large room somebody always leaves; only where we may be alone now is it worth a look.
  const few = (room.members ?? (memory.room(roomId)?.direct ? 1 : 2)) <= 1;
  if (few && since !== null && room.events.some((event) => isLeaver(event, names)))
    tasks.push(rooms.someoneLeft(roomId));
  return tasks;
}

/** The invitation that our join answered, when the news has both. */
function inviteBefore(ourJoin: RoomEvent, { roomId, events }: JoinedRoom, names: Names): Invite | null {
  const before = events.slice(0, events.indexOf(ourJoin)).findLast((event) => !event.past && isOwn(event, names));
  if (before?.content.membership !== 'invite') return null;
  const { sender: inviter, content } = before;
  return { roomId, inviter, direct: content.is_direct === true, encrypted: false, space: false };
}

/** Upgrades, power levels, names, members. */
function stateOf(
  { roomId, events }: JoinedRoom,
  { names, rooms, direct, power, senders }: IncomingParts,
): Promise<unknown>[] {
  const tasks: Promise<unknown>[] = [];
  for (const event of events) {
    if (event.type === 'm.room.tombstone' && event.stateKey === '') tasks.push(rooms.tombstone(roomId, event));
    if (event.type === 'm.room.power_levels') power.changed(roomId);
    if (event.type !== 'm.room.member' || event.stateKey === null) continue;
    senders.named(roomId, event.stateKey, event.content.displayname);
    if (isOwn(event, names) && typeof event.content.displayname === 'string')
      names.displayName = event.content.displayname;
    if (!event.past) direct.forget(roomId);
  }
  return tasks;
}

const isOwn = (event: RoomEvent, names: Names): boolean =>
  event.type === 'm.room.member' && event.stateKey === names.userId;

const isLeaver = (event: RoomEvent, names: Names): boolean =>
  event.type === 'm.room.member' &&
  !event.past &&
  event.stateKey !== null &&
  event.stateKey !== names.userId &&
  event.content.membership !== 'join';
