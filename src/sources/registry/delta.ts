import { type Entry, entriesOf, type Listing, leastOf, type Part, rowsOf } from './listing.ts';

/** What a reading changes for one service. `part`: of it; else the service itself. */
export interface Change {
  service: string;
  change: 'listed' | 'part-listed' | 'unlisted';
  /** What is new, or was the last. */
  entries: Entry[];
}

export type Reading =
  /** Nothing was known before: this is where it begins. */
  | { why: 'baseline' }
  /** Much less than before: half a document, or none. */
  | { why: 'shrunk'; rows: number; before: number }
  | { why: 'read'; changes: Change[]; missing: Entry[] };

/** A register grows and shrinks by a few in a hundred; a short one, by a few. */
const LEAST_SHARE = 0.8;
const A_FEW = 20;
/** However short it is, it does not lose more than half. */
const HALF = 0.5;
/** What stays small for so long is what there is, ms. */
const BELIEVED_AFTER = 3 * 86_400_000;

/**
 * What has changed since the last reading that counted. New entries are told at once; that a service is not in it any more, when two readings one
 * after the other say so, since half a document says the same.
 */
export function compare(before: Listing | null, parts: readonly Part[], now: number): Reading {
  if (!before) return { why: 'baseline' };
  const [rows, known] = [rowsOf(parts), rowsOf(before.parts)];
  // What it was whole with a while ago, it is whole with now.
  const floor = leastOf(before, known, now).rows;
  if (rows < floor * HALF || (rows < floor * LEAST_SHARE && floor - rows >= A_FEW)) {
    const believed = rows > 0 && before.refusedSince !== null && now - before.refusedSince >= BELIEVED_AFTER;
    return believed ? { why: 'baseline' } : { why: 'shrunk', rows, before: known };
  }
  const gone = Map.groupBy(before.missing, ({ service }) => service);
  const old = Map.groupBy(entriesOf([...before.parts, { entries: before.missing }]), ({ service }) => service);
  const fresh = Map.groupBy(entriesOf(parts), ({ service }) => service);
  const changes: Change[] = [];
  const missing: Entry[] = [];
  for (const [service, entries] of fresh) {
    const had = new Set(old.get(service)?.map(({ host }) => host));
    const added = entries.filter(({ host }) => !had.has(host));
    const whole = added.filter((one) => one.whole);
    if (whole.length > 0) changes.push({ service, change: 'listed', entries: whole });
    else if (added.length > 0 && !entries.some((one) => one.whole))
      changes.push({ service, change: 'part-listed', entries: added });
  }
  for (const [service, entries] of old) {
    if (fresh.has(service)) continue;
    if (gone.has(service)) changes.push({ service, change: 'unlisted', entries });
    else missing.push(...entries);
  }
  return { why: 'read', changes, missing };
}
