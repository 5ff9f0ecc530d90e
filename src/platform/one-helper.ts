import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/** A thread or a process beside this one, as it is begun; it tells by `Told` what becomes of it. */
interface Helper<Job> {
  send(job: Job): void;
  /** Only what is under way keeps this process from ending. */
  hold(on: boolean): void;
  /** At once, and nobody hears of it. */
  end(): Promise<unknown> | void;
}

export interface Told<Answer> {
  /** It can take a job. */
  ready(): void;
  answered(answer: Answer): void;
  /** It failed, or ended by itself. */
  failed(cause?: Error): void;
}

/** How a helper was lost: before it was ready for its first job or after, and whether it took too long or failed by itself. */
export interface Loss {
  ready: boolean;
  late: boolean;
  cause: Error | undefined;
}

interface HelperOptions<Job, Answer> {
  begin(told: Told<Answer>): Helper<Job>;
  /** For one job, from when the helper takes it, ms. */
  deadlineMs: number;
  /** It ends after so long without work, ms. */
  idleMs: number;
  /** Called once a loss: what whoever waits for the answer is told. */
  lost(loss: Loss): Error;
  /** It is gone, for whatever reason. */
  dropped?(): void;
}

interface Asked<Job, Answer> {
  job: Job;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

const START_MS = 20_000;

/** One helper for all jobs, one job at a time; started when needed, ended when idle, replaced after a deadline or a crash. */
export function oneHelper<Job extends { id: number }, Answer extends { id: number }>(
  options: HelperOptions<Job, Answer>,
) {
  const queue: Asked<Job, Answer>[] = [];
  let helper: Helper<Job> | null = null;
  let ready = false;
  let current: Asked<Job, Answer> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let lastId = 0;

  function drop(): Promise<unknown> | void {
    const old = helper;
    helper = null;
    ready = false;
    clearTimeout(timer);
    options.dropped?.();
    return old?.end();
  }

  function fail(late: boolean, cause?: Error): void {
    const error = options.lost({ ready, late, cause });
    const failed = current;
    current = null;
    void drop();
    failed?.reject(error);
    next();
  }

  function begin(): void {
    // That of the one before, which has no work.
    clearTimeout(timer);
    helper = options.begin({
      ready() {
        clearTimeout(timer);
        ready = true;
        next();
      },
      answered(answer) {
        if (!current || answer.id !== current.job.id) return;
        clearTimeout(timer);
        const { resolve } = current;
        current = null;
        resolve(answer);
        next();
      },
      failed: (cause) => fail(false, cause),
    });
    timer = setTimeout(() => fail(true), START_MS);
  }

  function next(): void {
    current ??= queue.shift() ?? null;
    helper?.hold(current !== null);
    if (current && !helper) begin();
    else if (current && ready) {
      timer = setTimeout(() => fail(true), options.deadlineMs);
      helper?.send(current.job);
    } else if (!current) {
      clearTimeout(timer);
      timer = setTimeout(() => void drop(), options.idleMs).unref();
    }
  }

  return {
    /** Rejects with what `lost` gave, or with the error of `stop`. */
    ask: (job: Omit<Job, 'id'>): Promise<Answer> =>
      new Promise((resolve, reject) => {
        queue.push({ job: { id: ++lastId, ...job } as Job, resolve, reject });
        if (current) return;
        // One that is beginning has its own.
        if (ready) clearTimeout(timer);
        next();
      }),
    waiting: () => queue.length,
    /** There will be work soon: begun where there is none, and held by nothing. */
    soon(): void {
      if (helper) return;
      begin();
      (helper as Helper<Job> | null)?.hold(false);
    },
    /** Ends the helper; whoever waits is told `error`. */
    async stop(error: Error): Promise<void> {
      for (const asked of [current, ...queue.splice(0)]) asked?.reject(error);
      current = null;
      await drop();
    },
  };
}

/** Node adds a folder for its version and flags; whoever we start is given the one above, and adds the same. */
export function compileCacheFolder(): string | undefined {
  const own = getCompileCacheDir();
  return own && dirname(own);
}
