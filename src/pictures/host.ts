import { fileURLToPath } from 'node:url';
import type { Picture } from '../core/model/message.ts';
import type { Pictures } from '../core/ports/chat-adapter.ts';
import type { Log } from '../core/ports/runtime.ts';
import { keepNewest } from '../core/recent.ts';
import { compileCacheFolder, oneHelper, type Told } from '../platform/one-helper.ts';

/** The maker's process: how it is begun, held and ended. `impossible`: it said that it never will make any. */
function startMaker(script: URL, told: Told<PictureAnswer>, impossible: (reason: string) => void) {
  const cache = compileCacheFolder();
  const maker = process.getBuiltinModule('node:child_process').fork(fileURLToPath(script), {
    execArgv: ['--max-old-space-size=96', '--max-semi-space-size=4'],
    // Nothing of ours that is secret, and nothing that would change how it runs.
    env: cache ? { NODE_COMPILE_CACHE: cache } : {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  maker.on('message', (word: PictureGreeting | PictureAnswer) => {
    if (!('ready' in word)) told.answered(word);
    else if (word.ready) told.ready();
    else impossible(word.reason);
  });
  const failed = (how: string): void => told.failed(new Error(`the maker of pictures ${how}`));
  maker.on('error', (error) => failed(`failed: ${error.message.slice(0, 200)}`));
  maker.on('exit', (code, signal) => failed(`ended (${signal ?? code})`));
  return {
    send: (job: PictureJob) => void maker.send(job),
    hold(on: boolean) {
      for (const one of [maker, maker.channel])
        if (on) one?.ref();
        else one?.unref();
    },
    end() {
      maker.removeAllListeners();
      // One that is being ended may still report its end.
      maker.on('error', () => {});
      maker.kill('SIGKILL');
    },
  };
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

/** No drawing of ours comes near; characters and pixels. */
const MAX_SVG = 400_000;
const MAX_SIDE = 4_096;
/** No platform has to take more, bytes. */
const MAX_PNG = 4_000_000;
/** What was made last is kept as long as the maker lives: the same timeline is asked for by many at a time. */
const MAX_KEPT = 16;

const fits = ({ svg, width, height }: Picture): boolean =>
  svg.length <= MAX_SVG && width <= MAX_SIDE && height <= MAX_SIDE;

/**
 * One maker for all pictures, one picture at a time; started when needed, ended when idle, replaced after a deadline or a crash. A process and no thread: of
 * what a thread's native part took, 80 MB stay for good, and a fault in it would end the bot (docs/decisions/pages-and-pictures.md#pictures-of-timelines).
 */
export function createPictureHost(log: Log, options: PictureHostOptions = {}) {
  const { deadlineMs = 5_000, idleMs = 10_000, maxWaiting = 20, script } = options;
  const kept = new Map<string, Promise<Uint8Array | null>>();
  let impossible: string | null = null;
  let stopped = false;
  let failures = 0;

  /** The first failure is said, and those that follow it are not until one has worked. */
  const complain = (why: string): void => {
    if (failures++ === 0) log.warn('A picture could not be made; answers go out as text', { why });
  };

  function giveUp(reason: string): void {
    impossible = reason;
    log.warn('This system cannot make pictures: answers go out as text alone', { why: reason });
    void begun?.stop(new Error(reason));
  }

  let begun: ReturnType<typeof oneHelper<PictureJob, PictureAnswer>> | null = null;
  const makers = () =>
    (begun ??= oneHelper<PictureJob, PictureAnswer>({
      deadlineMs,
      idleMs,
      begin: (told) => startMaker(script ?? new URL('./maker.ts', import.meta.url), told, giveUp),
      lost({ ready, late, cause }) {
        const slow = ready ? `it took longer than ${deadlineMs} ms` : 'the maker of pictures did not start within 20 s';
        const error = late ? new Error(slow) : cause!;
        complain(error.message);
        return error;
      },
      dropped: () => kept.clear(),
    }));

  async function make(svg: string): Promise<Uint8Array | null> {
    const answer = await makers()
      .ask({ svg })
      .catch(() => null);
    if (answer === null) return null;
    if ('error' in answer) complain(answer.error);
    else failures = 0;
    return 'png' in answer && answer.png.length <= MAX_PNG ? answer.png : null;
  }

  const pictures: Pictures = {
    async png(picture, signal) {
      if (stopped || impossible !== null || signal?.aborted) return null;
      const known = kept.get(picture.svg);
      if (known) return known;
      if (!fits(picture)) {
        complain('the drawing is too large');
        return null;
      }
      if (makers().waiting() >= maxWaiting) return null;
      const made = make(picture.svg);
      keepNewest(kept, picture.svg, made, MAX_KEPT);
      // What failed once may work the next time.
      void made.then((png) => png === null && kept.get(picture.svg) === made && kept.delete(picture.svg));
      return made;
    },
    soon() {
      if (!stopped && impossible === null) makers().soon();
    },
    possible: () => impossible === null,
  };
  return {
    ...pictures,
    /** Why there can be none here; null = nothing is known against it. */
    problem: () => impossible,
    /** Ends the maker; whoever waits gets null. */
    async stop() {
      stopped = true;
      await begun?.stop(new Error('stopped'));
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
