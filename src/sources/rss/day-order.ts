import type { DayOrder, ParsedFeed, ParsedItem } from './shape.ts';

/** Is `11/12/2026` in November or in December? Learnt for each feed, and kept: by a day above twelve, else by when the feed was made. */

/** What is kept of a feed. */
export interface KnownOrder {
  order: DayOrder | null;
  /** It was said that nobody can tell. */
  told: boolean;
}

export function knownOrderOf(kept: unknown): KnownOrder {
  const { order, told } = (kept ?? {}) as Partial<KnownOrder>;
  return { order: order === 'day' || order === 'month' ? order : null, told: told === true };
}

/** An item came at most so long before the feed was made anew, and was written in another zone, perhaps. */
const CLOSE = 36 * 3_600_000;

/** The order in which an item was written at that time; null = in both, or in none. */
function agreeing(items: readonly ParsedItem[], at: number): DayOrder | null {
  const isClose = (one: number | null | undefined): boolean => typeof one === 'number' && Math.abs(at - one) <= CLOSE;
  const inDoubt = items.filter(({ monthFirst }) => monthFirst !== undefined);
  const day = inDoubt.some(({ publishedAt }) => isClose(publishedAt));
  const month = inDoubt.some(({ monthFirst }) => isClose(monthFirst));
  return day === month ? null : day ? 'day' : 'month';
}

/** What is known of a feed after this fetch. `madeAt`: times at which it was made by the server's word, the best first. */
export function learnt(
  feed: Pick<ParsedFeed, 'dayOrder' | 'madeAt' | 'items'>,
  known: KnownOrder,
  madeAt: readonly number[],
): KnownOrder {
  const heard = [...feed.madeAt, ...madeAt].map((at) => agreeing(feed.items, at)).find((order) => order !== null);
  const order = feed.dayOrder ?? known.order ?? heard ?? null;
  const isUntold = order === null && feed.items.some(({ monthFirst }) => monthFirst !== undefined);
  return { order, told: known.told || isUntold };
}

/** When an item was published, by the order of its feed; where that is not known, or leads into the future, the later reading that does not. */
export function publishedAt(item: ParsedItem, order: DayOrder | null, now: number): number | null {
  const { publishedAt: day, monthFirst: month } = item;
  if (day === null || month === undefined) return day;
  const first = order === 'month' ? month : day;
  if (order !== null && first <= now + CLOSE) return first;
  const past = [day, month].filter((at) => at <= now + CLOSE);
  return past.length > 0 ? Math.max(...past) : Math.min(day, month);
}
