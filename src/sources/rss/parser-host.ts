import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { TocsinError } from '../../core/errors.ts';
import type { ParseAnswer, ParsedFeed, ParseJob } from './shape.ts';

const START_MS = 20_000;

interface Waiting {
  job: ParseJob;
  resolve: (feed: ParsedFeed) => void;
  reject: (error: Error) => void;
}

/**
 * One worker for all feeds, one feed at a time; started when needed, replaced after a deadline or a crash. `deadlineMs`: for one feed, from when
 * the worker takes it. `idleMs`: the worker ends after so long without work; it costs some 30 MB while it lives.
 */
export function createFeedParser({ deadlineMs = 2_000, idleMs = 10_000, memoryMb = 128 } = {}) {
  const queue: Waiting[] = [];
  let worker: Worker | null = null;
  let ready = false;
  let current: Waiting | null = null;
  let timer: NodeJS.Timeout | undefined;
  let lastId = 0;

  const drop = () => {
    const old = worker;
    worker = null;
    ready = false;
    clearTimeout(timer);
    old?.removeAllListeners();
    // A worker that is being ended may still report its end.
    old?.on('error', () => {});
    return old?.terminate();
  };

  const fail = (error: TocsinError) => {
    const failed = current;
    current = null;
    void drop();
    failed?.reject(error);
    next();
  };

  const begin = () => {
    const started = new Worker(new URL('./worker-start.mjs', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
      execArgv: [],
      workerData: { compileCache: compileCacheFolder() },
      stdout: true,
      stderr: true,
    });
    worker = started;
    timer = setTimeout(() => fail(new TocsinError('internal', 'The feed parser did not start within 20 s.')), START_MS);
    started.on('message', (message: ParseAnswer | 'ready') => {
      if (message !== 'ready') return answered(message);
      clearTimeout(timer);
      ready = true;
      give();
    });
    started.on('error', crashed);
    started.on('exit', () => crashed());
  };

  const give = () => {
    if (!worker || !ready || !current) return;
    timer = setTimeout(() => {
      const message = `Reading the feed took longer than ${deadlineMs} ms and was stopped.`;
      fail(new TocsinError('feed_too_slow', message, { deadlineMs }));
    }, deadlineMs);
    const { job } = current;
    worker.postMessage(job, [job.bytes.buffer as ArrayBuffer]);
  };

  const answered = (answer: ParseAnswer) => {
    if (!current || answer.id !== current.job.id) return;
    clearTimeout(timer);
    const { resolve, reject } = current;
    current = null;
    if ('feed' in answer) resolve(answer.feed);
    else reject(new TocsinError(answer.code, answer.message));
    next();
  };

  const crashed = (error?: NodeJS.ErrnoException) => {
    // Before it was ready it was not the feed's doing.
    if (!ready) return fail(new TocsinError('internal', 'The feed parser could not be started.', {}, error));
    const greedy = error?.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const message = greedy ? 'Reading the feed needs more memory than allowed.' : 'Reading the feed failed.';
    fail(new TocsinError('feed_unreadable', message, {}, error));
  };

  const next = () => {
    current ??= queue.shift() ?? null;
    if (current) {
      worker?.ref();
      if (!worker) begin();
      else if (ready) give();
      return;
    }
    worker?.unref();
    clearTimeout(timer);
    timer = setTimeout(() => void drop(), idleMs).unref();
  };

  return {
    /**
     * Reads one feed off the main thread. `bytes` are handed over and gone for the caller. Rejects with `TocsinError`: feed_not_a_feed,
     * feed_unreadable, feed_too_slow, or `internal` where no worker can be started.
     */
    parse(bytes: Uint8Array, contentType: string, url: string): Promise<ParsedFeed> {
      return new Promise((resolve, reject) => {
        const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength && !Buffer.isBuffer(bytes);
        const job: ParseJob = { id: ++lastId, bytes: whole ? bytes : new Uint8Array(bytes), contentType, url };
        queue.push({ job, resolve, reject });
        if (!current) {
          clearTimeout(timer);
          next();
        }
      });
    },
    async stop(): Promise<void> {
      const error = new TocsinError('canceled', 'Tocsin is stopping.');
      for (const waiting of [current, ...queue.splice(0)]) waiting?.reject(error);
      current = null;
      await drop();
    },
  };
}

export type FeedParser = ReturnType<typeof createFeedParser>;

/** Node adds a folder for its version and flags; a worker is given the one above, and adds the same. */
function compileCacheFolder(): string | undefined {
  const own = getCompileCacheDir();
  return own && dirname(own);
}

let shared: FeedParser | null = null;

/** The one that all feeds of this process use. */
export const sharedFeedParser = (): FeedParser => (shared ??= createFeedParser());
