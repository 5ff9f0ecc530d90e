import type { ChatAddress } from '../model/chat.ts';
import { type Asker, askerOf, join, order, type Reply, takeOne, type Waiting } from './answer-plan.ts';

/** Every chat that waits for an answer, in the order in which they began to wait; memory grows with chats, never with commands. */
export interface WaitingChats {
  /** False: more chats wait than are kept; this one's answer is lost. */
  add(reply: Reply, crowded: boolean): boolean;
  /** Those who run the bot, then people, then those who flood; none of them for ever last. */
  inOrder(): Iterable<{ id: number; waiting: Waiting }>;
  /** The next message of this chat, taken out. Null = it does not wait. */
  take(id: number): ReturnType<typeof takeOne> | null;
  remove(address: ChatAddress): void;
  counts(): Record<Asker, number>;
}

/** About 500 bytes each. */
const MAX_CHATS = 50_000;

const keyOf = ({ chat, thread }: ChatAddress): string => `${chat} ${thread ?? ''}`;

export function createWaitingChats(): WaitingChats {
  const ids = new Map<string, number>();
  const queues: Record<Asker, Map<number, Waiting>> = { operator: new Map(), person: new Map(), flooder: new Map() };
  let nextId = 0;
  let taken = 0;

  const counts = (): Record<Asker, number> => ({
    operator: queues.operator.size,
    person: queues.person.size,
    flooder: queues.flooder.size,
  });

  function find(id: number): Waiting | null {
    return queues.operator.get(id) ?? queues.person.get(id) ?? queues.flooder.get(id) ?? null;
  }

  function drop(id: number, waiting: Waiting): void {
    queues[waiting.asker].delete(id);
    ids.delete(keyOf(waiting.address));
  }

  return {
    counts,
    add(reply, crowded) {
      const key = keyOf(reply.address);
      const known = ids.get(key);
      if (known === undefined && ids.size >= MAX_CHATS && askerOf(reply) !== 'operator') return false;
      const id = known ?? nextId++;
      const before = known === undefined ? null : find(id);
      const after = join(before, reply, crowded);
      if (!after) return true;
      // Who was recognised as a person meanwhile goes to the end of that line.
      if (before && before.asker !== after.asker) queues[before.asker].delete(id);
      queues[after.asker].set(id, after);
      ids.set(key, id);
      return true;
    },
    *inOrder() {
      for (const asker of order(counts(), taken)) for (const [id, waiting] of queues[asker]) yield { id, waiting };
    },
    take(id) {
      const waiting = find(id);
      if (!waiting) return null;
      const one = takeOne(waiting);
      taken++;
      drop(id, waiting);
      if (one.rest) {
        // To the end of the line: other chats wait for their first.
        const again = nextId++;
        ids.set(keyOf(waiting.address), again);
        queues[waiting.asker].set(again, one.rest);
      }
      return one;
    },
    remove(address) {
      const id = ids.get(keyOf(address));
      const waiting = id === undefined ? null : find(id);
      if (waiting) drop(id!, waiting);
    },
  };
}
