import type { Clock } from '../../core/ports/clock.ts';
import type { Ids } from '../../core/ports/ids.ts';
import type { DurableState } from '../../core/ports/state.ts';

/** How long a target has failed: it is given up after a day of nothing else. Survives a restart. */
export interface Patience {
  /** To be called before the first message. */
  restore(): Promise<void>;
  /** In how many ms to try again; null: a day is over. `askedMs`: the target's own wish. */
  failed(askedMs: number | null): Promise<number | null>;
  worked(): Promise<void>;
  /** It is given up: a later start begins anew. */
  over(): Promise<void>;
  /** Since when it fails, ms since the epoch; null = it does not. */
  since(): number | null;
}

export const GIVE_UP_AFTER = 86_400_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;
/** Longer than any wait: whoever was not asked for so long has not failed all the while. */
const APART = 3 * 3_600_000;
const KEY = 'failing';

interface Failing {
  since: number;
  last: number;
  tries: number;
}

export function createPatience({ state, clock, ids }: { state: DurableState; clock: Clock; ids: Ids }): Patience {
  let failing: Failing | null = null;

  async function keep(next: Failing | null): Promise<void> {
    if (next === null && failing === null) return;
    failing = next;
    await (next === null ? state.delete(KEY) : state.set(KEY, next));
  }

  return {
    async restore() {
      const { since, last, tries } = ((await state.get(KEY)) ?? {}) as Partial<Failing>;
      if (typeof since === 'number' && typeof last === 'number' && typeof tries === 'number')
        failing = { since, last, tries };
    },
    async failed(askedMs) {
      const now = clock.now();
      const before = failing !== null && now - failing.last < APART && now >= failing.since ? failing : null;
      const next = { since: before?.since ?? now, last: now, tries: (before?.tries ?? 0) + 1 };
      await keep(next);
      if (now - next.since >= GIVE_UP_AFTER) return null;
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(next.tries - 1, 9)) * (1 + ids.random() / 5);
      return Math.max(wait, askedMs ?? 0);
    },
    worked: () => keep(null),
    over: () => keep(null),
    since: () => failing?.since ?? null,
  };
}
