import { codeOf, logFailure, onceWhileFailing, TocsinError } from '../../core/errors.ts';
import type { IncomingCommand, Outage } from '../../core/ports/chat-adapter.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { commandIn, isSigned, placeIn, type Reacted, type Reactions, threadOf } from './commands.ts';
import type { Context } from './context.ts';
import type { Invites } from './invites.ts';
import type { RoomFacts } from './memory.ts';
import { malformed } from './port.ts';
import { factsOf, isTooLarge } from './request.ts';
import type { Rooms } from './rooms.ts';
import {
  filterFor,
  type Invite,
  type JoinedRoom,
  type RoomEvent,
  readMessages,
  readSync,
  type SyncAnswer,
  type SyncBatch,
  shortRoom,
} from './untrusted.ts';

/** Sent longer than this before we listened (or came into the room): whoever sent it does not wait for an answer any more. */
const GRACE_MS = 60_000;
/** A gap of more than so many messages, or longer ago than this, ms, is not read to its end. */
const GAP_PAGES = 5;
const GAP_AGE_MS = 25 * 3_600_000;
/** A flood is logged once a minute, not once a message. */
const FLOOD_LOGGED_EVERY_MS = 60_000;

/** A job that was not begun because the adapter stops: its batch counts as unread. */
class Stopped extends Error {}

interface Said {
  event: RoomEvent;
  /** Ms since the epoch. */
  at: number;
}

interface Reading {
  since: string | null;
  /** We were not in this room before. */
  fresh: boolean;
  ourJoin: RoomEvent | undefined;
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

/** Reads what is said in a room, in its queue: commands as they are, and those of long ago together. Returns what is under way. */
function createMessages(parts: IncomingParts): (room: JoinedRoom, reading: Reading) => Promise<unknown>[] {
  const { address, names, memory, queues, direct, senders, clock, log, signal, emit } = parts;
  let floodLoggedAt = Number.NEGATIVE_INFINITY;
  let dropped = 0;

  function push(roomId: string, job: () => Promise<void>, must = false): Promise<void> | null {
    const unlessStopped = async (): Promise<void> => {
      if (signal.aborted) throw new Stopped();
      await job();
    };
    if (must || !queues.isFull(roomId)) return queues(roomId, unlessStopped);
    leftOut(roomId);
    return null;
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
    // A reaction asks for what one of our buttons says.
    const signed = event.type === 'm.reaction' || isSigned(event) ? { signed: true as const } : {};
    return {
      kind: 'command',
      address: { ...address(roomId), thread: asked.thread },
      chatKind: isDirect ? 'private' : 'group',
      sender: senders.of(roomId, event.sender),
      text: asked.command,
      button: null,
      messageRef: asked.messageRef,
      ref: event.eventId,
      ...signed,
    };
  }

  function typedIn(event: RoomEvent, isDirect: boolean): Reacted | null {
    const place = isDirect ? placeIn(event, names) : null;
    // Of a place, only the command that stands for it goes on from here.
    const command = commandIn(event, names, isDirect) ?? (place && parts.located?.(...place)) ?? null;
    return command === null ? null : { command, messageRef: event.eventId, thread: threadOf(event) };
  }

  /** The server may not say what was reacted to: then whoever wants it types it. */
  async function reactionOf(roomId: string, event: RoomEvent): Promise<Reacted | null> {
    try {
      return await parts.reactions.read(roomId, event);
    } catch (error) {
      log.info('Unable to read what a reaction on Matrix is to', { error: shortOf(error) });
      return null;
    }
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
    await emit({ kind: 'missed', address: address(roomId), chatKind, commands });
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
        log.info('Unable to read what was left out of a Matrix sync', { error: shortOf(error) });
        break;
      }
    }
    return found.reverse();
  }

  return (room, { since, fresh, ourJoin }) => {
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
  };
}

/** What it is remembered by: a server may show the same encrypted words again under another id. */
const namesOf = ({ eventId, seal }: RoomEvent): string[] => (seal === undefined ? [eventId] : [eventId, seal]);

/** Ms since the epoch: by the age that the servers tell, else by the sender's clock; 0 when neither is known. */
const sentAt = (event: RoomEvent, receivedAt: number): number =>
  event.ageMs === null ? (event.at ?? 0) : receivedAt - event.ageMs;

interface SyncParts {
  outage: Outage;
  /** Whatever has to work before a sync makes sense (who are we, which rooms are we in); called before each, cheap when done. */
  prepare(): Promise<void>;
  /** Of an answer that came just now, before anything of it is worked on. What it throws makes the same answer come again. */
  answered(answer: SyncAnswer, since: string | null): Promise<void>;
  dispatch: ReturnType<typeof createDispatch>;
  /** The first batch of this process has been worked on. */
  caughtUp(): void;
  state: ReturnType<typeof syncState>;
}

/** A server that goes down fails in several ways, one after the other: that is one trouble. */
export const syncState = (log: Log, outage: Outage) => ({
  failing: null as TocsinError | null,
  /** Of the stream as a whole, since before the first sync. */
  trouble: onceWhileFailing(log, {
    begins: 'Unable to receive from Matrix',
    ends: 'Matrix answers again',
    kindOf: codeOf,
    either: {
      says: 'Unable to receive from Matrix, either',
      when: (error) => ['server', 'timeout'].includes(codeOf(error)) && !outage.begins('receiving'),
    },
  }),
});

const POLL_MS = 30_000;
/** Between two answers, ms: a server that answers at once without need must not make us spin. */
const MIN_ROUND_MS = 100;
const TIMELINE = 50;
const IDLE_WRITE_MS = 20_000;
/** Jobs of rooms beyond which the next answer waits. */
const MAX_UNDER_WAY = 3_000;

/**
 * The long poll, until the signal aborts. A token is kept only when all that came up to it has been worked on, so that a crash repeats
 * (and the list of handled events recognises) rather than loses. Never throws.
 */
export async function runSync(context: Context, parts: SyncParts): Promise<void> {
  const { port, memory, names, guard, cipher, queues, clock, ids, signal } = context;
  const { outage, state } = parts;
  const keep = tokenKeeper(context);
  let since: string | null | undefined;
  let limit = TIMELINE;
  let failures = 0;
  let begun = false;
  while (!signal.aborted) {
    const began = clock.monotonic();
    try {
      await parts.prepare();
      if (since === undefined) since = memory.token();
      // What is owed from before a restart waits for the first answer: that one is not held back until there is news.
      const timeoutMs = since === null || failures > 0 || !begun ? 0 : POLL_MS;
      const request = { since, timeoutMs, filter: filterFor(limit, cipher !== null) };
      const answer = await port.sync(request, { signal, timeoutMs: since === null ? 180_000 : timeoutMs + 20_000 });
      if (typeof answer.next_batch === 'string') await parts.answered(answer, since);
      const batch = readSync(answer, names.userId);
      if (!batch) throw malformed('sync', 'without a token');
      const tasks = parts.dispatch(batch, since);
      keep.later(batch.next, tasks);
      if (!begun) void Promise.allSettled(tasks).then(parts.caughtUp);
      begun = true;
      since = batch.next;
      limit = TIMELINE;
      if (state.failing) outage.ends('receiving');
      state.trouble.working({ failures });
      state.failing = null;
      failures = 0;
      if (queues.size() > MAX_UNDER_WAY) await queues.idle();
      const rest = MIN_ROUND_MS - (clock.monotonic() - began);
      if (rest > 0) await clock.sleep(rest, signal);
    } catch (error) {
      if (signal.aborted || codeOf(error) === 'canceled') break;
      guard.interrupted();
      failures++;
      if (isTooLarge(error)) {
        // First ask for less of each room; if that does not help, begin anew from now.
        if (limit === 1) since = null;
        limit = 1;
      }
      // A token that the server does not know (it was rebuilt, or lost its data) will never be known again.
      if (isBadToken(error) && failures >= 3) since = null;
      state.failing =
        error instanceof TocsinError ? error : new TocsinError('internal', `Matrix sync: ${shortOf(error)}`);
      state.trouble.failing(state.failing, { attempt: failures });
      try {
        await clock.sleep(waitFor(error, failures) * (1 + ids.random() / 4), signal);
      } catch {
        break;
      }
    }
  }
  await keep.idle();
}

const shortOf = (error: unknown): string => String(error).slice(0, 200);

const isBadToken = (error: unknown): boolean => codeOf(error) === 'client' && factsOf(error).status === 400;

function waitFor(error: unknown, failures: number): number {
  const asked = factsOf(error).retryAfterMs;
  if (asked !== null) return Math.min(Math.max(asked, 500), 10 * 60_000);
  if (codeOf(error) === 'auth') return 60_000;
  return Math.min(500 * 2 ** Math.min(failures, 10), 30_000);
}

/** Writes tokens in order, each after its batch; those of batches without any work at most every 20 s. */
function tokenKeeper({ memory, clock }: Context) {
  let chain: Promise<boolean> = Promise.resolve(true);
  let writtenAt = Number.NEGATIVE_INFINITY;
  return {
    later(token: string, tasks: Promise<unknown>[]) {
      const work = Promise.allSettled(tasks);
      chain = chain.then(async (complete) => {
        const results = await work;
        if (!complete || results.some((one) => one.status === 'rejected' && one.reason instanceof Stopped))
          return false;
        if (tasks.length === 0 && clock.monotonic() - writtenAt < IDLE_WRITE_MS) return true;
        writtenAt = clock.monotonic();
        await memory.setToken(token);
        return true;
      });
    },
    idle: async () => void (await chain),
  };
}

/** Puts each thing of a batch where it belongs; returns what is then under way. `since`: the token before it, null at the very first. Never throws and never waits. */
export function createDispatch(parts: IncomingParts) {
  const { names, memory, rooms, invites, direct, power, senders, log } = parts;
  const read = createMessages(parts);

  const isMember = ({ type, stateKey }: RoomEvent): boolean => type === 'm.room.member' && stateKey !== null;
  const isOwn = (event: RoomEvent): boolean => isMember(event) && event.stateKey === names.userId;
  const isLeaver = (event: RoomEvent): boolean =>
    isMember(event) && !event.past && event.stateKey !== names.userId && event.content.membership !== 'join';

  function inRoom(room: JoinedRoom, since: string | null): Promise<unknown>[] {
    const { roomId, events } = room;
    const tasks: Promise<unknown>[] = [];
    const fresh = memory.room(roomId)?.in !== true;
    const ourJoin = events.findLast((event) => !event.past && isOwn(event) && event.content.membership === 'join');
    if (events.some((event) => event.type === 'm.room.encryption' && event.stateKey === ''))
      tasks.push(rooms.turnedEncrypted(roomId));
    const live = ourJoin !== undefined && since !== null;
    if (fresh) tasks.push(rooms.present(roomId, live, live ? inviteBefore(ourJoin, room) : null));
    tasks.push(...stateOf(room));
    tasks.push(...read(room, { since, fresh, ourJoin }));
    // In a large room somebody always leaves; only where we may be alone now is it worth a look.
    const few = (room.members ?? (memory.room(roomId)?.direct ? 1 : 2)) <= 1;
    if (few && since !== null && events.some(isLeaver)) tasks.push(rooms.someoneLeft(roomId));
    return tasks;
  }

  /** The invitation that our join answered, when the news has both. */
  function inviteBefore(ourJoin: RoomEvent, { roomId, events }: JoinedRoom): Invite | null {
    const before = events.slice(0, events.indexOf(ourJoin)).findLast((event) => !event.past && isOwn(event));
    if (before?.content.membership !== 'invite') return null;
    const { sender: inviter, content } = before;
    return { roomId, inviter, direct: content.is_direct === true, encrypted: false, space: false };
  }

  /** Upgrades, power levels, names, members. */
  function stateOf({ roomId, events }: JoinedRoom): Promise<unknown>[] {
    const tasks: Promise<unknown>[] = [];
    for (const event of events) {
      if (event.type === 'm.room.tombstone' && event.stateKey === '') tasks.push(rooms.tombstone(roomId, event));
      if (event.type === 'm.room.power_levels') power.changed(roomId);
      if (event.type !== 'm.room.member' || event.stateKey === null) continue;
      const name = event.content.displayname;
      senders.named(roomId, event.stateKey, name);
      if (isOwn(event) && typeof name === 'string') names.displayName = name;
      if (!event.past) direct.forget(roomId);
    }
    return tasks;
  }

  return (batch: SyncBatch, since: string | null): Promise<unknown>[] => {
    const tasks: Promise<unknown>[] = [];
    for (const { roomId, by } of batch.left) {
      // Withdrawn by whoever invited us, or answered by another client of the account.
      tasks.push(memory.dropInvite(roomId));
      if (memory.room(roomId)?.in) tasks.push(rooms.left(roomId, by));
    }
    for (const invite of batch.invites) tasks.push(invites.take(invite));
    for (const room of batch.joined) {
      try {
        tasks.push(...inRoom(room, since));
      } catch (error) {
        // One odd event must not keep the sync at its batch for ever.
        logFailure(log, 'Unable to read the news of a Matrix room', error);
      }
    }
    return tasks;
  };
}

/** What reading a batch of the sync needs of the other parts of the adapter. Its `port` shows what was encrypted as if it had not been. */
interface IncomingParts extends Context {
  rooms: Rooms;
  invites: Pick<Invites, 'take'>;
  /** When this process began to listen, ms since the epoch. */
  startedAt: number;
  reactions: Reactions;
  /** As `AdapterDeps.located`. */
  located?: ((latitude: number, longitude: number) => string) | undefined;
}
