import { getCompileCacheDir } from 'node:module';
import { setPriority } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../core/ports/runtime.ts';

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

/** The first word of a process: it can work, or why it never will. */
type Greeting = { ready: true } | { ready: false; reason: string };
type Failed = { id: number; error: string };

interface ProcessOptions extends Pick<HelperOptions<never, never>, 'deadlineMs' | 'idleMs' | 'dropped'> {
  log: Log;
  /** What it runs: a file that calls `serve`. */
  script: URL;
  /** Of its heap for what is young, MB. */
  youngMb: number;
  /** As it is called in the log: "its process". */
  name: string;
  /** Said with the first failure since one went well. */
  fails: string;
  /** Said when it tells that it never will work. */
  hopeless: string;
}

/** How it is begun, held and ended. */
function forked<Job, Answer>(
  { script, youngMb, name }: ProcessOptions,
  told: Told<Answer>,
  hopeless: (why: string) => void,
) {
  const cache = compileCacheFolder();
  const child = process.getBuiltinModule('node:child_process').fork(fileURLToPath(script), {
    execArgv: ['--max-old-space-size=96', `--max-semi-space-size=${youngMb}`],
    // Nothing of ours that is secret, and nothing that would change how it runs.
    env: cache ? { NODE_COMPILE_CACHE: cache } : {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.on('message', (word: Greeting | (Answer & object)) => {
    if (!('ready' in word)) told.answered(word);
    else if (word.ready) told.ready();
    else hopeless(word.reason);
  });
  const failed = (how: string): void => told.failed(new Error(`${name} ${how}`));
  child.on('error', (error) => failed(`failed: ${error.message.slice(0, 200)}`));
  child.on('exit', (code, signal) => failed(`ended (${signal ?? code})`));
  return {
    send: (job: Job) => void child.send(job as object),
    hold(on: boolean) {
      for (const one of [child, child.channel])
        if (on) one?.ref();
        else one?.unref();
    },
    end() {
      child.removeAllListeners();
      // One that is being ended may still report its end.
      child.on('error', () => {});
      child.kill('SIGKILL');
    },
  };
}

/** One process for all jobs, as `oneHelper` has it, for what nobody depends on: whatever goes wrong there is a line in the log, and null for whoever asked. */
export function oneProcess<Job extends { id: number }, Done extends { id: number }>(options: ProcessOptions) {
  const { log, name, deadlineMs } = options;
  let problem: string | null = null;
  let failures = 0;
  const complain = (why: string): void => {
    if (failures++ === 0) log.warn(options.fails, { why });
  };
  const helper = oneHelper<Job, Done | Failed>({
    ...options,
    begin: (told) =>
      forked(options, told, (why) => {
        problem = why;
        log.warn(options.hopeless, { why });
        void helper.stop(new Error(why));
      }),
    lost({ ready, late, cause }) {
      const slow = ready ? `it took longer than ${deadlineMs} ms` : `${name} did not start within 20 s`;
      const error = late ? new Error(slow) : cause!;
      complain(error.message);
      return error;
    },
  });
  return {
    ...helper,
    complain,
    /** Why it never will work here; null = nothing is known against it. */
    problem: () => problem,
    async ask(job: Omit<Job, 'id'>): Promise<Done | null> {
      const answer = await helper.ask(job).catch(() => null);
      if (answer === null) return null;
      if ('error' in answer) {
        complain(answer.error);
        return null;
      }
      failures = 0;
      return answer;
    },
    stop: () => helper.stop(new Error('stopped')),
  };
}

/** What such a process does: one job at a time, as `begin` tells. `where`: before the reason where that fails. */
export async function serve<Job extends { id: number }>(begin: () => Promise<(job: Job) => object>, where = '') {
  // On a busy machine those who answer people go first.
  try {
    setPriority(5);
  } catch {
    // A sandbox that forbids it: then it is not so.
  }
  // Ctrl-C in a terminal reaches us as well; the host says when it is over, and goes away when it has to.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  const say = (word: object): void => void process.send?.(word);
  try {
    const work = await begin();
    process.on('message', (job: Job) => {
      try {
        say({ id: job.id, ...work(job) });
      } catch (error) {
        say({ id: job.id, error: String(error).slice(0, 200) });
      }
    });
    say({ ready: true });
  } catch (error) {
    say({ ready: false, reason: where + String((error as Error)?.message ?? error).slice(0, 300) });
  }
}
