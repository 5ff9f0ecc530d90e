import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { codeOf, TocsinError } from '../../core/errors.ts';
import { compileCacheFolder, oneHelper, type Loss } from '../../platform/one-helper.ts';
import type { ParseAnswer, ParsedFeed, ParseJob } from './shape.ts';

/** What is no larger, and has no more marks (`<`, `&`, `=`), holds the main loop up for some milliseconds whatever it is (`attacks.test.ts`). */
const SMALL_BYTES = 64_000;
const SMALL_MARKS = 1_000;

/** May it be read beside everything else? */
function isSmall(bytes: Uint8Array): boolean {
  if (bytes.byteLength > SMALL_BYTES || !isUtf8(bytes)) return false;
  let marks = 0;
  for (const byte of bytes) if (byte === 0x3c || byte === 0x26 || byte === 0x3d) marks++;
  return marks <= SMALL_MARKS;
}

/**
 * Small feeds that are well-formed are read here, one in each turn of the loop. For all others one worker, one feed at a time; started when needed,
 * replaced after a deadline or a crash. `deadlineMs`: for one feed, from when the worker takes it. `idleMs`: the worker ends after so long without
 * work; it costs some 30 MB while it lives.
 */
export function createFeedParser({ deadlineMs = 2_000, idleMs = 10_000, memoryMb = 128 } = {}) {
  let turn: Promise<unknown> = Promise.resolve();
  /** Null = not here: the worker tells what is wrong with it. */
  async function readHere(bytes: Uint8Array, contentType: string, url: string): Promise<ParsedFeed | null> {
    turn = turn.then(() => setImmediate());
    await turn;
    const { readFeed } = await import('./read-feed.ts');
    try {
      // Copied: its texts are parts of the document, and would hold all of it for as long as one of them is kept.
      return structuredClone(await readFeed(bytes, contentType, url, false));
    } catch (error) {
      if (codeOf(error) === 'feed_not_a_feed') throw error;
      return null;
    }
  }
  const workers = oneHelper<ParseJob, ParseAnswer>({
    deadlineMs,
    idleMs,
    lost: (loss) => lossOf(loss, deadlineMs),
    begin(told) {
      const worker = new Worker(new URL('./worker-start.mjs', import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
        execArgv: [],
        workerData: { compileCache: compileCacheFolder() },
        stdout: true,
        stderr: true,
      });
      worker.on('message', (word: ParseAnswer | 'ready') => (word === 'ready' ? told.ready() : told.answered(word)));
      worker.on('error', told.failed);
      worker.on('exit', () => told.failed());
      return {
        send: (job) => worker.postMessage(job, [job.bytes.buffer as ArrayBuffer]),
        hold: (on) => void (on ? worker.ref() : worker.unref()),
        end() {
          worker.removeAllListeners();
          // A worker that is being ended may still report its end.
          worker.on('error', () => {});
          return worker.terminate();
        },
      };
    },
  });
  return {
    /**
     * Reads one feed. `bytes` are handed over and gone for the caller. Rejects with `TocsinError`: feed_not_a_feed, feed_unreadable,
     * feed_too_slow, or `internal` where no worker can be started.
     */
    async parse(bytes: Uint8Array, contentType: string, url: string): Promise<ParsedFeed> {
      const here = isSmall(bytes) ? await readHere(bytes, contentType, url) : null;
      if (here) return here;
      const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength && !Buffer.isBuffer(bytes);
      const answer = await workers.ask({ bytes: whole ? bytes : new Uint8Array(bytes), contentType, url });
      if ('feed' in answer) return answer.feed;
      throw new TocsinError(answer.code, answer.message);
    },
    stop: () => workers.stop(new TocsinError('canceled', 'Tocsin is stopping.')),
  };
}

export type FeedParser = ReturnType<typeof createFeedParser>;

function lossOf({ ready, late, cause }: Loss, deadlineMs: number): TocsinError {
  // Before it was ready it was not the feed's doing.
  if (!ready) {
    const what = late ? 'did not start within 20 s' : 'could not be started';
    return new TocsinError('internal', `The feed parser ${what}.`, {}, cause);
  }
  if (late) {
    const message = `Reading the feed took longer than ${deadlineMs} ms and was stopped.`;
    return new TocsinError('feed_too_slow', message, { deadlineMs });
  }
  const greedy = (cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const message = greedy ? 'Reading the feed needs more memory than allowed.' : 'Reading the feed failed.';
  return new TocsinError('feed_unreadable', message, {}, cause);
}

let shared: FeedParser | null = null;

/** The one that all feeds of this process use. */
export const sharedFeedParser = (): FeedParser => (shared ??= createFeedParser());
