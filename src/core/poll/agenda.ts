import type { Clock } from '../ports/clock.ts';
import { wakeable } from '../wakeable.ts';
import { DueQueue } from './due-queue.ts';
import type { Entry } from './entry.ts';
import { napMs } from './plan.ts';

/** Which source is polled when, and the loop's sleep until then. */
export interface Agenda {
  /** The wall clock at which the next is due; Infinity = none. */
  readonly nextAt: number;
  /** At this time by the wall clock; Infinity: not any more. */
  add(entry: Entry, at: number): void;
  /** One that is due; undefined = none is. */
  popDue(now: number): Entry | undefined;
  /** The wall clock was set back by `-ms`: what was planned stays as far away as it was. */
  move(ms: number, entries: readonly Entry[]): void;
  wake(): void;
  /** Wakes the loop where it would sleep beyond this, by the monotonic clock. */
  wakeBefore(monotonic: number): void;
  /** To be called before the loop looks at its work: what wakes it from here on makes `nap` return at once. */
  begin(): void;
  /** Sleeps until the next is due, `flushAt` at most (by the monotonic clock), or woken. */
  nap(now: { wall: number; monotonic: number }, flushAt: number): Promise<void>;
}

export function createAgenda(clock: Clock): Agenda {
  const queue = new DueQueue<Entry>();
  const pause = wakeable(clock);
  /** While the loop sleeps: until when, by the monotonic clock; else 0. */
  let sleepsUntil = 0;

  function wakeBefore(monotonic: number): void {
    if (monotonic < sleepsUntil) pause.wake();
  }

  return {
    get nextAt() {
      return queue.nextAt;
    },
    add(entry, at) {
      entry.state.nextDueAt = Number.isFinite(at) ? at : null;
      if (!Number.isFinite(at)) return;
      queue.push(at, entry);
      wakeBefore(clock.monotonic() + at - clock.now());
    },
    popDue: (now) => queue.popDue(now),
    move(ms, entries) {
      queue.shift(ms);
      for (const entry of entries) {
        const { state } = entry;
        entry.slot = null;
        if (state.nextDueAt !== null) state.nextDueAt += ms;
        if (state.notBefore !== null) state.notBefore += ms;
      }
    },
    wake: pause.wake,
    wakeBefore,
    begin: pause.begin,
    async nap(now, flushAt) {
      const ms = napMs({ nextDueAt: queue.nextAt, flushAt }, now);
      sleepsUntil = now.monotonic + ms;
      await pause.pause(ms);
      sleepsUntil = 0;
    },
  };
}
