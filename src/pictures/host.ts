import type { Picture } from '../core/model/message.ts';
import type { Pictures } from '../core/ports/chat-adapter.ts';
import type { Log } from '../core/ports/runtime.ts';
import { keepNewest } from '../core/recent.ts';
import { oneProcess } from '../platform/one-helper.ts';

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
  const { deadlineMs = 5_000, idleMs = 10_000, maxWaiting = 20 } = options;
  const { script = new URL('./maker.ts', import.meta.url) } = options;
  const kept = new Map<string, Promise<Uint8Array | null>>();
  let stopped = false;
  const makers = oneProcess<PictureJob, PictureAnswer>({
    log,
    script,
    youngMb: 4,
    name: 'the maker of pictures',
    fails: 'A picture could not be made; answers go out as text',
    hopeless: 'This system cannot make pictures: answers go out as text alone',
    deadlineMs,
    idleMs,
    dropped: () => kept.clear(),
  });

  async function make(svg: string): Promise<Uint8Array | null> {
    const png = (await makers.ask({ svg }))?.png ?? null;
    return png !== null && png.length <= MAX_PNG ? png : null;
  }

  const pictures: Pictures = {
    async png(picture, signal) {
      if (stopped || makers.problem() !== null || signal?.aborted) return null;
      const known = kept.get(picture.svg);
      if (known) return known;
      if (!fits(picture)) {
        makers.complain('the drawing is too large');
        return null;
      }
      if (makers.waiting() >= maxWaiting) return null;
      const made = make(picture.svg);
      keepNewest(kept, picture.svg, made, MAX_KEPT);
      // What failed once may work the next time.
      void made.then((png) => png === null && kept.get(picture.svg) === made && kept.delete(picture.svg));
      return made;
    },
    soon() {
      if (!stopped && makers.problem() === null) makers.soon();
    },
    possible: () => makers.problem() === null,
  };
  return {
    ...pictures,
    /** Why there can be none here; null = nothing is known against it. */
    problem: makers.problem,
    /** Ends the maker; whoever waits gets null. */
    async stop() {
      stopped = true;
      await makers.stop();
    },
  };
}

/** What goes between the bot and the process that makes its pictures. */
export interface PictureJob {
  id: number;
  svg: string;
}

interface PictureAnswer {
  id: number;
  png: Uint8Array;
}
