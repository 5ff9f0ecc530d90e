import type { ChildProcess } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Picture } from '../core/model/message.ts';
import type { Pictures } from '../core/ports/chat-adapter.ts';
import type { Log } from '../core/ports/runtime.ts';

/** The maker's process: how it is begun, held and ended. */

function startMaker(script: URL): ChildProcess {
  const cache = compileCacheFolder();
  return process.getBuiltinModule('node:child_process').fork(fileURLToPath(script), {
    execArgv: ['--max-old-space-size=96', '--max-semi-space-size=4'],
    // Nothing of ours that is secret, and nothing that would change how it runs.
    env: cache ? { NODE_COMPILE_CACHE: cache } : {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** Only what is under way keeps this process from ending. */
function holdMaker(maker: ChildProcess | null, on: boolean): void {
  if (on) {
    maker?.ref();
    maker?.channel?.ref();
  } else {
    maker?.unref();
    maker?.channel?.unref();
  }
}

/** At once, and nobody hears of it. */
function endMaker(maker: ChildProcess): void {
  maker.removeAllListeners();
  // One that is being ended may still report its end.
  maker.on('error', () => {});
  maker.kill('SIGKILL');
}

/** Node adds a folder for its version and flags; whoever we start is given the one above, and adds the same. */
function compileCacheFolder(): string | undefined {
  const own = getCompileCacheDir();
  return own && dirname(own);
}

export interface PictureHostOptions {
  /** For one picture, from when the maker takes it, ms. */
  deadlineMs?: number;
  /** The maker ends after so long without work: it costs some 70 MB while it lives, and nothing afterwards. */
  idleMs?: number;
  /** Pictures that may wait; whoever comes later gets none. */
  maxWaiting?: number;
  /** What the maker runs. Tests bring one of their own. */
  script?: URL;
}

export interface PictureHost extends Pictures {
  /** Why there can be none here; null = nothing is known against it. */
  problem(): string | null;
  /** Ends the maker; whoever waits gets null. */
  stop(): Promise<void>;
}

const START_MS = 20_000;
/** No drawing of ours comes near; characters and pixels. */
const MAX_SVG = 400_000;
const MAX_SIDE = 4_096;
/** No platform has to take more, bytes. */
const MAX_PNG = 4_000_000;
/** What was made last is kept as long as the maker lives: the same timeline is asked for by many at a time. */
const MAX_KEPT = 16;

interface Asked {
  job: PictureJob;
  give(png: Uint8Array | null): void;
}

const fits = ({ svg, width, height }: Picture): boolean =>
  svg.length <= MAX_SVG && width <= MAX_SIDE && height <= MAX_SIDE;

/**
 * One maker for all pictures, one picture at a time; started when needed, ended when idle, replaced after a deadline or a crash. A process and no thread: of
 * what a thread's native part took, 80 MB stay for good, and a fault in it would end the bot (docs/decisions/pages-and-pictures.md#pictures-of-timelines).
 */
export function createPictureHost(log: Log, options: PictureHostOptions = {}): PictureHost {
  const { deadlineMs = 5_000, idleMs = 10_000, maxWaiting = 20, script } = options;
  const kept = new Map<string, Promise<Uint8Array | null>>();
  const queue: Asked[] = [];
  let maker: ChildProcess | null = null;
  let ready = false;
  let current: Asked | null = null;
  let timer: NodeJS.Timeout | undefined;
  let lastId = 0;
  let impossible: string | null = null;
  let stopped = false;
  let failures = 0;

  /** The first failure is said, and those that follow it are not until one has worked. */
  const complain = (why: string): void => {
    if (failures++ === 0) log.warn('A picture could not be made; answers go out as text', { why });
  };

  function drop(): void {
    const old = maker;
    maker = null;
    ready = false;
    clearTimeout(timer);
    kept.clear();
    if (old) endMaker(old);
  }

  function finish(png: Uint8Array | null): void {
    const asked = current;
    current = null;
    asked?.give(png);
    next();
  }

  function fail(why: string): void {
    complain(why);
    drop();
    finish(null);
  }

  function giveUp(reason: string): void {
    impossible = reason;
    log.warn('This system cannot make pictures: answers go out as text alone', { why: reason });
    drop();
    for (const asked of [current, ...queue.splice(0)]) asked?.give(null);
    current = null;
  }

  function begin(): void {
    const started = startMaker(script ?? new URL('./maker.ts', import.meta.url));
    maker = started;
    timer = setTimeout(() => fail('the maker of pictures did not start within 20 s'), START_MS);
    started.on('message', (word: PictureGreeting | PictureAnswer) => {
      if ('ready' in word) greeted(word);
      else answered(word);
    });
    started.on('error', (error) => fail(`the maker of pictures failed: ${error.message.slice(0, 200)}`));
    started.on('exit', (code, signal) => fail(`the maker of pictures ended (${signal ?? code})`));
  }

  function greeted(word: PictureGreeting): void {
    clearTimeout(timer);
    if (!word.ready) giveUp(word.reason);
    else {
      ready = true;
      if (current) hand();
      else rest();
    }
  }

  function hand(): void {
    if (!maker || !ready || !current) return;
    timer = setTimeout(() => fail(`it took longer than ${deadlineMs} ms`), deadlineMs);
    maker.send(current.job);
  }

  function answered(answer: PictureAnswer): void {
    if (!current || answer.id !== current.job.id) return;
    clearTimeout(timer);
    if ('error' in answer) complain(answer.error);
    else failures = 0;
    const png = 'png' in answer && answer.png.length <= MAX_PNG ? answer.png : null;
    finish(png);
  }

  function next(): void {
    current ??= queue.shift() ?? null;
    if (current) {
      holdMaker(maker, true);
      if (!maker) begin();
      else if (ready) hand();
      return;
    }
    holdMaker(maker, false);
    rest();
  }

  function rest(): void {
    clearTimeout(timer);
    timer = setTimeout(drop, idleMs).unref();
  }

  const make = (svg: string): Promise<Uint8Array | null> =>
    new Promise((give) => {
      queue.push({ job: { id: ++lastId, svg }, give });
      if (current) return;
      // One that is beginning has its own.
      if (ready) clearTimeout(timer);
      next();
    });

  return {
    async png(picture, signal) {
      if (stopped || impossible !== null || signal?.aborted) return null;
      const known = kept.get(picture.svg);
      if (known) return known;
      if (!fits(picture)) {
        complain('the drawing is too large');
        return null;
      }
      if (queue.length >= maxWaiting) return null;
      const made = make(picture.svg);
      if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value!);
      kept.set(picture.svg, made);
      // What failed once may work the next time.
      void made.then((png) => png === null && kept.get(picture.svg) === made && kept.delete(picture.svg));
      return made;
    },
    soon() {
      if (stopped || impossible !== null || maker) return;
      begin();
      holdMaker(maker, false);
    },
    possible: () => impossible === null,
    problem: () => impossible,
    async stop() {
      stopped = true;
      for (const asked of [current, ...queue.splice(0)]) asked?.give(null);
      current = null;
      drop();
    },
  };
}

/** What goes between the bot and the process that makes its pictures. */
export interface PictureJob {
  id: number;
  svg: string;
}

export type PictureAnswer = { id: number; png: Uint8Array } | { id: number; error: string };

/** The first word of the maker: it can work, or why it never will. */
export type PictureGreeting = { ready: true } | { ready: false; reason: string };
