import { createHash } from 'node:crypto';
import type { Forgettable } from '../../core/ports/state.ts';
import type { Names } from './mention.ts';
import { commandsIn, offerAt } from './offers.ts';
import { threadOf } from './parse.ts';
import type { MatrixPort } from './port.ts';
import { isEventId, json, type RoomEvent, readMessages } from './sync-answer.ts';

/** What somebody's reaction to a message of ours asks for, as if they had typed it. */
export interface Reacted {
  command: string;
  /** The message that they reacted to. */
  messageRef: string;
  thread: string | null;
}

export interface Reactions {
  /** May it be one of those that ask for something? Costs nothing: most reactions are none. */
  isLikely(event: RoomEvent): boolean;
  /** Looks the message up. Null: not ours, no such offer, or this person asked for the same there before. Throws when the server cannot be asked. */
  read(roomId: string, event: RoomEvent): Promise<Reacted | null>;
}

/** A person's reaction counts once, for so long, ms: taking it back and giving it again is no second wish. */
const ONCE_MS = 30 * 86_400_000;
/** Messages without offers that are remembered: a crowd that numbers its own polls must not make us ask each time. */
const MAX_KNOWN = 500;
const NOTHING = { commands: [] as string[], thread: null as string | null };

export interface ReactionParts {
  port: Pick<MatrixPort, 'event'>;
  names: Names;
  cache: Forgettable;
  signal: AbortSignal;
}

export function createReactions({ port, names, cache, signal }: ReactionParts): Reactions {
  const known = new Map<string, typeof NOTHING>();

  async function offersOn(roomId: string, eventId: string): Promise<typeof NOTHING> {
    const before = known.get(eventId);
    if (before) return before;
    const answer = await port.event(roomId, eventId, { signal, timeoutMs: 10_000 });
    const [event] = readMessages(answer ? [answer] : []);
    const found =
      event && event.sender === names.userId
        ? { commands: commandsIn(newest(event, json(answer).unsigned)), thread: threadOf(event) }
        : NOTHING;
    if (known.size >= MAX_KNOWN) known.clear();
    // Our own may be edited.
    if (found.commands.length === 0) known.set(eventId, found);
    return found;
  }

  /** After an edit the message says other things, and its numbers mean those. */
  function newest(event: RoomEvent, unsigned: unknown): RoomEvent['content'] {
    const edit = json(json(json(json(unsigned)['m.relations'])['m.replace']).content);
    const content = json(edit['m.new_content']);
    return Object.keys(content).length > 0 ? content : event.content;
  }

  /** By a digest: nobody's name is written down for having tapped. */
  async function isFirst(parts: readonly string[], reaction: string): Promise<boolean> {
    const key = `reacted/${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`;
    const before = await cache.get(key);
    // The same one, read again after a kill: whether it was carried out is told by the list of handled events.
    if (before !== undefined) return before === reaction;
    await cache.set(key, reaction, ONCE_MS);
    return true;
  }

  return {
    isLikely: (event) => targetOf(event) !== null && event.sender !== names.userId,
    async read(roomId, event) {
      const target = targetOf(event);
      if (!target || event.sender === names.userId) return null;
      const { commands, thread } = await offersOn(roomId, target.eventId);
      const command = commands[target.index];
      if (command === undefined) return null;
      if (!(await isFirst([roomId, target.eventId, event.sender, String(target.index)], event.eventId))) return null;
      return { command, messageRef: target.eventId, thread };
    },
  };
}

/** The message that a reaction is to, and which of its offers it names; null = it is none of those. Pure. */
export function targetOf(event: RoomEvent): { eventId: string; index: number } | null {
  if (event.type !== 'm.reaction' || event.stateKey !== null) return null;
  const { rel_type: type, event_id: eventId, key } = json(event.content['m.relates_to']);
  const index = offerAt(key);
  return type === 'm.annotation' && isEventId(eventId) && index !== null ? { eventId, index } : null;
}
