import type { Picture } from '../core/model/message.ts';
import type { Pictures } from '../core/ports/chat-adapter.ts';
import type { Log } from '../core/ports/runtime.ts';
import { keepNewest } from '../core/recent.ts';
import { helperProcess, type ProcessOptions } from '../platform/one-helper.ts';

/** What goes to the process that makes pictures. */
export interface PictureJob {
  id: number;
  svg: string;
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
 * One maker for all pictures, one picture at a time; it costs some 70 MB while it lives. Of what a thread's native part took, 80 MB would stay for good
 * (docs/decisions/pages-and-pictures.md#pictures-of-timelines).
 */
export function createPictureHost(log: Log, options: ProcessOptions = {}) {
  const forChats = new Map<string, Promise<Uint8Array | null>>();
  const forPages = new Map<string, Promise<Uint8Array | null>>();
  const makers = helperProcess<PictureJob, { png: Uint8Array }>(log, {
    name: 'the maker of pictures',
    youngMb: 4,
    isLast: true,
    deadlineMs: 5_000,
    idleMs: 10_000,
    maxWaiting: 20,
    script: new URL('./maker.ts', import.meta.url),
    says: {
      failed: 'A picture could not be made; answers go out as text',
      never: 'This system cannot make pictures: answers go out as text alone',
    },
    dropped() {
      forChats.clear();
      forPages.clear();
    },
    ...options,
  });

  async function make(svg: string, isForChat: boolean): Promise<Uint8Array | null> {
    const made = await makers.ask({ svg }, isForChat);
    return made && made.png.length <= MAX_PNG ? made.png : null;
  }

  const from =
    (kept: typeof forChats): Pictures['png'] =>
    async (picture, signal) => {
      if (!makers.may() || signal?.aborted) return null;
      const known = kept.get(picture.svg);
      if (known) return known;
      if (!fits(picture)) {
        makers.complain('the drawing is too large');
        return null;
      }
      const made = make(picture.svg, kept === forChats);
      keepNewest(kept, picture.svg, made, MAX_KEPT);
      // What failed once may work the next time.
      void made.then((png) => png === null && kept.get(picture.svg) === made && kept.delete(picture.svg));
      return made;
    };

  const pictures: Pictures = {
    png: from(forChats),
    soon: makers.soon,
    possible: () => makers.problem() === null,
  };
  /** `forPages`: in a queue of its own, of which one goes after each of the chats'. */
  return { ...pictures, forPages: from(forPages), problem: makers.problem, stop: makers.stop };
}
