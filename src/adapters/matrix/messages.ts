import type { IncomingCommand } from '../../core/ports/chat-adapter.ts';
import type { IncomingParts } from './incoming-parts.ts';
import type { RoomFacts } from './memory.ts';
import { commandIn, placeIn, threadOf } from './parse.ts';
import type { Reacted } from './reactions.ts';
import type { JoinedRoom, RoomEvent } from './sync-answer.ts';
import { readMessages } from './sync-answer.ts';
import { shortRoom } from './text.ts';

/** Sent longer than this before we listened (or came into the room): whoever sent it does not wait for an answer any more. */
const GRACE_MS = 60_000;
/** A gap of more than so many messages, or longer ago than this, ms, is not read to its end. */
const GAP_PAGES = 5;
const GAP_AGE_MS = 25 * 3_600_000;
/** A flood is logged once a minute, not once a message. */
const FLOOD_LOGGED_EVERY_MS = 60_000;

/** A job that was not begun because the adapter stops: its batch counts as unread. */
export class Stopped extends Error {}

interface Said {
  event: RoomEvent;
  /** Ms since the epoch. */
  at: number;
}

export interface Reading {
  since: string | null;
  /** We were not in this room before. */
  fresh: boolean;
  ourJoin: RoomEvent | undefined;
}

export interface Messages {
  /** What is said in a room, in its queue: commands as they are, and those of long ago together. Returns what is under way. */
  read(room: JoinedRoom, reading: Reading): Promise<unknown>[];
}

/** When messages count, ms since the epoch: before `past` as history, before `live` as missed. Pure. */
export function timesOf(
  facts: RoomFacts | undefined,
  { first, fresh, joinedAt }: { first: boolean; fresh: boolean; joinedAt: number | null },
  { now, startedAt }: { now: number; startedAt: number },
): { past: number; live: number } {
  // Without a token everything that the rooms hold comes along: only what was said since we listen is meant for us.
  if (first) return { past: startedAt, live: startedAt };
  const live = Math.max(startedAt, joinedAt ?? 0) - GRACE_MS;
  // Before we were invited nobody can have meant us.
  if (facts?.invitedAt !== undefined) return { past: facts.invitedAt - GRACE_MS, live };
  return fresh ? { past: now - GRACE_MS, live: now - GRACE_MS } : { past: 0, live };
}

export function createMessages(parts: IncomingParts): Messages {
  const { accountId, names, memory, queues, direct, senders, clock, log, signal, emit } = parts;
  let floodLoggedAt = Number.NEGATIVE_INFINITY;
  let dropped = 0;

  function push(roomId: string, job: () => Promise<void>, must = false): Promise<void> | null {
    const done = queues.push(
      roomId,
      async () => {
        if (signal.aborted) throw new Stopped();
        await job();
      },
      must,
    );
    if (!done) leftOut(roomId);
    return done;
  }

  function leftOut(roomId: string): void {
    dropped++;
    if (clock.monotonic() - floodLoggedAt < FLOOD_LOGGED_EVERY_MS) return;
    log.warn('Too many commands at a time in a Matrix room: left out', { room: shortRoom(roomId), dropped });
    floodLoggedAt = clock.monotonic();
    dropped = 0;
  }

  const wasHandled = (event: RoomEvent): boolean => namesOf(event).some(memory.wasHandled);

  async function commandOf(roomId: string, event: RoomEvent): Promise<IncomingCommand | null> {
    if (wasHandled(event)) return null;
    const isDirect = await direct.isDirect(roomId);
    const asked = event.type === 'm.reaction' ? await reactionOf(roomId, event) : typedIn(event, isDirect);
    if (asked === null) return null;
    return {
      kind: 'command',
      address: { accountId, chat: roomId, thread: asked.thread },
      chatKind: isDirect ? 'private' : 'group',
      sender: senders.of(roomId, event.sender),
      text: asked.command,
      button: null,
      messageRef: asked.messageRef,
      ref: event.eventId,
    };
  }

  function typedIn(event: RoomEvent, isDirect: boolean): Reacted | null {
    const command = commandIn(event, names, isDirect) ?? (isDirect ? commandAt(event) : null);
    return command === null ? null : { command, messageRef: event.eventId, thread: threadOf(event) };
  }

  /** The server may not say what was reacted to: then whoever wants it types it. */
  async function reactionOf(roomId: string, event: RoomEvent): Promise<Reacted | null> {
    try {
      return await parts.reactions.read(roomId, event);
    } catch (error) {
      log.info('Unable to read what a reaction on Matrix is to', { error: String(error).slice(0, 200) });
      return null;
    }
  }

  /** Only the command that stands for a place goes on from here. */
  function commandAt(event: RoomEvent): string | null {
    const place = placeIn(event, names);
    return place && parts.located ? parts.located(...place) : null;
  }

  async function carryOn(roomId: string, event: RoomEvent): Promise<void> {
    const command = await commandOf(roomId, event);
    if (command === null) return;
    await emit(command);
    await memory.handled(...namesOf(event));
  }

  /** What was said while nobody listened: together, so that it gets one answer. */
  async function missed(roomId: string, said: Said[]): Promise<void> {
    const commands: (IncomingCommand & { sentAt: number })[] = [];
    const handled: string[] = [];
    for (const { event, at } of said) {
      const command = await commandOf(roomId, event);
      if (!command || namesOf(event).some((name) => handled.includes(name))) continue;
      commands.push({ ...command, sentAt: at });
      handled.push(...namesOf(event));
    }
    if (commands.length === 0) return;
    const chatKind = commands[0]!.chatKind;
    await emit({ kind: 'missed', address: { accountId, chat: roomId, thread: null }, chatKind, commands });
    await memory.handled(...handled);
  }

  /** Messages that the server left out of its answer, oldest first. What cannot be had is let go. */
  async function leftOutBetween(room: JoinedRoom, since: string): Promise<Said[]> {
    const found: Said[] = [];
    let from = room.gapFrom;
    for (let page = 0; page < GAP_PAGES && from !== null; page++) {
      try {
        const { chunk, end } = await parts.port.messages(room.roomId, { from, to: since }, { signal });
        const now = clock.now();
        const said = readMessages(chunk).map((event) => ({ event, at: sentAt(event, now) }));
        found.push(...said);
        const oldest = said.at(-1);
        from = oldest && now - oldest.at < GAP_AGE_MS ? end : null;
      } catch (error) {
        log.info('Unable to read what was left out of a Matrix sync', { error: String(error).slice(0, 200) });
        break;
      }
    }
    return found.reverse();
  }

  return {
    read(room, { since, fresh, ourJoin }) {
      const { roomId } = room;
      const now = clock.now();
      const joinedAt = ourJoin ? sentAt(ourJoin, now) : null;
      const facts = memory.room(roomId);
      const times = timesOf(facts, { first: since === null, fresh, joinedAt }, { now, startedAt: parts.startedAt });
      // Decided before it is queued, so that ordinary talk costs nothing.
      const mayBeDirect = facts?.direct === true || fresh;
      const likely = ({ event, at }: Said): boolean =>
        at >= Math.max(times.past, 1) &&
        !wasHandled(event) &&
        (event.type === 'm.reaction'
          ? parts.reactions.isLikely(event)
          : commandIn(event, names, mayBeDirect) !== null || (mayBeDirect && placeIn(event, names) !== null));
      const isLate = ({ at }: Said): boolean => at < times.live;
      const isSaid = ({ type, past }: RoomEvent): boolean =>
        (type === 'm.room.message' || type === 'm.reaction') && !past;
      const messages = room.events.filter(isSaid);
      if (messages.some((event) => event.sender === names.userId)) parts.rooms.spoke(roomId);
      const said = messages.map((event) => ({ event, at: sentAt(event, now) })).filter(likely);
      const tasks: (Promise<unknown> | null)[] = [];
      const late = said.filter(isLate);
      if (room.gapFrom !== null && since !== null && !fresh) {
        const job = async (): Promise<void> => {
          const gap = (await leftOutBetween(room, since)).filter(likely);
          await missed(roomId, [...gap.filter(isLate), ...late]);
          for (const one of gap) if (!isLate(one)) await carryOn(roomId, one.event);
        };
        tasks.push(push(roomId, job, true));
      } else if (late.length > 0) tasks.push(push(roomId, () => missed(roomId, late), true));
      for (const one of said) if (!isLate(one)) tasks.push(push(roomId, () => carryOn(roomId, one.event)));
      return tasks.filter((task) => task !== null);
    },
  };
}

/** What it is remembered by: a server may show the same encrypted words again under another id. */
const namesOf = ({ eventId, seal }: RoomEvent): string[] => (seal === undefined ? [eventId] : [eventId, seal]);

/** Ms since the epoch: by the age that the servers tell, else by the sender's clock; 0 when neither is known. */
const sentAt = (event: RoomEvent, receivedAt: number): number =>
  event.ageMs === null ? (event.at ?? 0) : receivedAt - event.ageMs;
