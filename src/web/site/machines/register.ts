import type { Incident } from '../../../core/model/incident.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { PublicRecord } from '../deps.ts';
import { inOrder } from './cursor.ts';

/** More than a busy bot finds in ten years; of more, the oldest are not listed. */
const MAX = 50_000;
const MAX_CHANGED = 5_000;
/** So old may be what is answered, ms. */
const FRESH = 2_000;
/** Everything is read anew so often: a late word may change what ended long ago. */
const ANEW = 10 * 60_000;
const OVERLAP = 2 * 86_400_000;

export interface Register {
  /** All incidents in the order of the list (`cursor.ts`). Not to be changed. */
  all(): Promise<readonly Incident[]>;
}

/** All incidents in memory, once somebody asks for lists of them: what changed is read again, not everything for each page. */
export function createRegister(incidents: Pick<PublicRecord['incidents'], 'list'>, clock: Clock): Register {
  const known = new Map<string, Incident>();
  let sorted: readonly Incident[] = [];
  let readAt: number | null = null;
  let wholeAt = 0;
  let running: Promise<void> | null = null;

  async function read(): Promise<void> {
    const now = clock.monotonic();
    const whole = readAt === null || now - wholeAt > ANEW;
    const changed = whole
      ? await incidents.list({ limit: MAX })
      : [
          ...(await incidents.list({ since: clock.now() - OVERLAP, limit: MAX_CHANGED })),
          ...(await incidents.list({ open: true, limit: MAX_CHANGED })),
        ];
    if (whole) known.clear();
    const isNews = ({ id, version }: Incident): boolean => known.get(id)?.version !== version;
    const news = changed.filter(isNews);
    for (const one of news) known.set(one.id, one);
    if (news.length > 0 || whole) sorted = [...known.values()].sort(inOrder);
    readAt = now;
    if (whole) wholeAt = now;
  }

  return {
    async all() {
      if (readAt === null || clock.monotonic() - readAt > FRESH) {
        running ??= read().finally(() => {
          running = null;
        });
        await running;
      }
      return sorted;
    },
  };
}
