import { atEnd, onceWhileFailing, type WhileFailingLines } from './errors.ts';
import type { Clock, Tools } from './ports/runtime.ts';

export type Wakeable = ReturnType<typeof wakeable>;

/** Made once: a reason of its own for each pause is dear. */
const WOKEN = new Error('woken');

/** A loop's pause that others may end: what woke it while it worked is not lost. */
export function wakeable(clock: Clock) {
  let woken = false;
  let end: (() => void) | null = null;
  return {
    wake(): void {
      woken = true;
      end?.();
    },
    /** Was `wake` called since the last `begin`? */
    woken: () => woken,
    /** To be called before the loop looks at its work: what wakes it from here on makes `pause` return at once. */
    begin(): void {
      woken = false;
    },
    /** Resolves after `ms`, when woken, or when the signal aborts; never throws. */
    async pause(ms: number, signal?: AbortSignal): Promise<void> {
      if (woken || signal?.aborted) return;
      const pause = new AbortController();
      end = () => pause.abort(WOKEN);
      const either = signal ? AbortSignal.any([signal, pause.signal]) : pause.signal;
      await clock.sleep(Math.max(0, ms), either).catch(() => undefined);
      end = null;
    },
  };
}

/**
 * Looks again and again until aborted: `everyMs` after a look has ended, when it says (ms), or when `pause` is woken; for the first time after
 * `firstAfter` ms. Never rejects: that looks fail is a line when it begins, and one when it is over (`ends`; null = none).
 */
export async function keepAtIt(
  look: () => Promise<number | void>,
  everyMs: number,
  { clock, log, level = 'error', pause = wakeable(clock), firstAfter = 0, ...lines }: KeptAt,
  signal: AbortSignal,
): Promise<void> {
  const trouble = onceWhileFailing(log, { ...lines, level });
  if (firstAfter > 0) await pause.pause(firstAfter, signal);
  while (!signal.aborted) {
    let wait = everyMs;
    pause.begin();
    try {
      wait = (await look()) ?? everyMs;
      trouble.working();
    } catch (error) {
      if (!signal.aborted) trouble.failing(error);
    }
    await pause.pause(wait, signal);
  }
}

/** Resolves or rejects within `ms`, whatever `work` does; its signal aborts at the end. `signal`: ends the wait, too. */
export async function within<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  { clock }: Pick<Tools, 'clock'>,
  signal?: AbortSignal,
): Promise<T> {
  const stop = new AbortController();
  const until = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const late = clock.sleep(ms, until).then(() => {
    throw new Error(`no answer within ${ms / 1_000} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([work(stop.signal), late]);
  } finally {
    stop.abort(new Error('over'));
  }
}

/** Runs `work` when its turn is there. Resolves and rejects as `work` does. */
export type InOrder = <T>(work: () => Promise<T>) => Promise<T>;

/** One after another, or so many at a time, in the order handed in. */
export function inOrder(atOnce = 1): InOrder {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    await (free > 0 ? free-- : new Promise<void>((resolve) => waiting.push(resolve)));
    using _ = atEnd(() => (waiting.shift() ?? (() => free++))());
    return await work();
  };
}

/**
 * One after another for each key by itself; keys do not wait for each other. Nothing is kept of a key that has no work. `perKey`, `total`: what may wait
 * and be under way before `isFull`.
 */
export function inOrderByKey({ perKey = Infinity, total = Infinity } = {}) {
  const queues = new Map<string, { run: InOrder; waiting: number }>();
  let size = 0;
  async function run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = queues.getOrInsertComputed(key, () => ({ run: inOrder(), waiting: 0 }));
    queue.waiting++;
    size++;
    using _ = atEnd(() => {
      size--;
      if (--queue.waiting === 0) queues.delete(key);
    });
    return await queue.run(work);
  }
  return Object.assign(run, {
    /** For whoever may leave work out; `run` takes it all the same. */
    isFull: (key: string) => size >= total || (queues.get(key)?.waiting ?? 0) >= perKey,
    size: () => size,
    /** Resolves when nothing waits or is under way. */
    async idle(): Promise<void> {
      while (size > 0) await Promise.all([...queues.values()].map((queue) => queue.run(async () => undefined)));
    },
  });
}

/** `work` runs once at a time. Whoever asks while it runs gets one more run after it, shared by all who ask meanwhile. */
export function oneMore(work: () => Promise<void>): () => Promise<void> {
  const run = inOrder();
  let next: Promise<void> | null = null;
  return () =>
    (next ??= run(() => {
      next = null;
      return work();
    }));
}

/** All that `list` has after one of them, so many at a time; others get a turn between two times. */
export async function* allOf<T>(
  list: (after: number, limit: number) => Promise<T[]>,
  { idOf, atOnce, clock }: { idOf(one: T): number; atOnce: number; clock: Clock },
) {
  for (let after = 0; ;) {
    const found = await list(after, atOnce);
    yield* found;
    if (found.length < atOnce) return;
    after = idOf(found.at(-1)!);
    await clock.sleep(0);
  }
}

/** Runs `task` over the list, at most `width` at a time, in order of the list. */
export async function eachLimited<T, R>(
  list: readonly T[],
  width: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const run = inOrder(width);
  return await Promise.all(list.map((item, index) => run(() => task(item, index))));
}

type KeptAt = Pick<Tools, 'clock' | 'log'> & WhileFailingLines & { pause?: Wakeable; firstAfter?: number };

/** Less is drift, and a clock that is being brought into line. */
const JUMP = 2_000;

/** By how many ms the wall clock was set back since the last look, by the clock that only goes forward; 0 when it was not. */
export function createClockWatch(clock: Clock): () => number {
  let offset = clock.now() - clock.monotonic();
  return () => {
    const before = offset;
    offset = clock.now() - clock.monotonic();
    return before - offset > JUMP ? before - offset : 0;
  };
}
