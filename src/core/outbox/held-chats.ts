import type { Clock } from '../ports/clock.ts';

/** Chats that wait for their own limits or for an earlier message of theirs. */
export interface HeldChats {
  /** `until` by the clock that only goes forward. */
  hold(chatId: number, until: number): void;
  /** Lets go whose time has come; in how many ms the next one's does, or null. */
  release(): number | null;
  ids(): Iterable<number>;
  readonly size: number;
}

export function createHeldChats(clock: Clock): HeldChats {
  const held = new Map<number, number>();
  return {
    hold: (chatId, until) => void held.set(chatId, until),
    release() {
      const now = clock.monotonic();
      let soonest: number | null = null;
      for (const [chatId, until] of held) {
        if (until <= now) held.delete(chatId);
        else soonest = Math.min(soonest ?? Infinity, until - now);
      }
      return soonest;
    },
    ids: () => held.keys(),
    get size() {
      return held.size;
    },
  };
}
