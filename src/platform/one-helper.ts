import { getCompileCacheDir } from 'node:module';
import { constants, setPriority } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { orNull } from '../core/errors.ts';
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
  /** Somebody waits for these: one of them goes before one of the others, in turn, so that neither holds up the other for good. */
  const urgent: Asked<Job, Answer>[] = [];
  let wasUrgent = false;
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
    if (!current) {
      const isUrgent = urgent.length > 0 && !(wasUrgent && queue.length > 0);
      current = (isUrgent ? urgent : queue).shift() ?? null;
      wasUrgent = isUrgent;
    }
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
    ask: (job: Omit<Job, 'id'>, isUrgent = false): Promise<Answer> =>
      new Promise((resolve, reject) => {
        (isUrgent ? urgent : queue).push({ job: { id: ++lastId, ...job } as Job, resolve, reject });
        if (current) return;
        // One that is beginning has its own.
        if (ready) clearTimeout(timer);
        next();
      }),
    waiting: (isUrgent: boolean) => (isUrgent ? urgent : queue).length,
    /** There will be work soon: begun where there is none, and held by nothing. */
    soon(): void {
      if (helper) return;
      begin();
      (helper as Helper<Job> | null)?.hold(false);
    },
    /** Ends the helper; whoever waits is told `error`. */
    async stop(error: Error): Promise<void> {
      for (const asked of [current, ...urgent.splice(0), ...queue.splice(0)]) asked?.reject(error);
      current = null;
      await drop();
    },
  };
}

/** What a process of ours says: first that it can work, or why it never will; then its answer to each job. */
export type Greeting = { ready: true } | { ready: false; reason: string };
export type Answered<Result> = { id: number } & (Result | { error: string });

export interface ProcessOptions {
  /** For one job, from when the process takes it, ms. */
  deadlineMs?: number;
  /** The process ends after so long without work: it costs memory while it lives, and nothing afterwards. */
  idleMs?: number;
  /** Jobs that may wait; whoever comes later gets nothing. */
  maxWaiting?: number;
  /** What the process runs. Tests bring one of their own. */
  script?: URL;
}

interface ProcessKind extends Required<ProcessOptions> {
  /** In sentences: "its process". */
  name: string;
  /** Of its young memory, MB. */
  youngMb: number;
  /** It gets what others leave of the processor. */
  isLast?: boolean;
  /** Lines of the log: the first failure since one worked, and that it never will work here. */
  says: { failed: string; never: string };
  dropped?(): void;
}

/**
 * One process for all jobs, as `oneHelper` holds it; begun with the first. A process and no thread: its memory goes back as a whole, and a fault in
 * it does not end the bot. What fails is said and comes back as null.
 */
export function helperProcess<Job extends { id: number }, Result extends object>(log: Log, kind: ProcessKind) {
  const { name, deadlineMs, says } = kind;
  let impossible: string | null = null;
  let stopped = false;
  let failures = 0;

  /** The first failure is said, and those that follow it are not until one has worked. */
  const complain = (why: string): void => {
    if (failures++ === 0) log.warn(says.failed, { why });
  };

  function giveUp(reason: string): void {
    impossible = reason;
    log.warn(says.never, { why: reason });
    void helper.stop(new Error(reason));
  }

  const helper = oneHelper<Job, Answered<Result>>({
    ...kind,
    begin: (told) => startProcess(kind, told, giveUp),
    lost({ ready, late, cause }) {
      const slow = ready ? `it took longer than ${deadlineMs} ms` : `${name} did not start within 20 s`;
      const error = late ? new Error(slow) : cause!;
      complain(error.message);
      return error;
    },
  });
  const may = (): boolean => !stopped && impossible === null;

  return {
    complain,
    may,
    /** `urgent`: in a queue of their own, of which one goes before each of the others. */
    async ask(job: Omit<Job, 'id'>, urgent = false): Promise<Result | null> {
      if (!may() || helper.waiting(urgent) >= kind.maxWaiting) return null;
      const answer = await helper.ask(job, urgent).catch(() => null);
      if (answer && 'error' in answer) complain(answer.error as string);
      else if (answer) failures = 0;
      return answer && !('error' in answer) ? answer : null;
    },
    soon(): void {
      if (may()) helper.soon();
    },
    /** Why it never will work here; null = nothing is known against it. */
    problem: () => impossible,
    /** Ends the process; whoever waits gets null. */
    async stop(): Promise<void> {
      stopped = true;
      await helper.stop(new Error('stopped'));
    },
  };
}

function startProcess<Answer extends { id: number }>(
  { script, name, youngMb, isLast }: ProcessKind,
  told: Told<Answer>,
  impossible: (reason: string) => void,
) {
  const cache = compileCacheFolder();
  const started = process.getBuiltinModule('node:child_process').fork(fileURLToPath(script), {
    execArgv: ['--max-old-space-size=96', `--max-semi-space-size=${youngMb}`],
    // Nothing of ours that is secret, and nothing that would change how it runs.
    env: cache ? { NODE_COMPILE_CACHE: cache } : {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  if (isLast && started.pid !== undefined) orNull(() => setPriority(started.pid!, constants.priority.PRIORITY_LOW));
  started.on('message', (word: Greeting | Answer) => {
    if (!('ready' in word)) told.answered(word);
    else if (word.ready) told.ready();
    else impossible(word.reason);
  });
  const failed = (how: string): void => told.failed(new Error(`${name} ${how}`));
  started.on('error', (error) => failed(`failed: ${error.message.slice(0, 200)}`));
  started.on('exit', (code, signal) => failed(`ended (${signal ?? code})`));
  return {
    send: (job: object) => void started.send(job),
    hold(on: boolean) {
      for (const one of [started, started.channel])
        if (on) one?.ref();
        else one?.unref();
    },
    end() {
      started.removeAllListeners();
      // One that is being ended may still report its end.
      started.on('error', () => {});
      started.kill('SIGKILL');
    },
  };
}

/** Node adds a folder for its version and flags; whoever we start is given the one above, and adds the same. */
export function compileCacheFolder(): string | undefined {
  const own = getCompileCacheDir();
  return own && dirname(own);
}
