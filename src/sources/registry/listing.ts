import * as v from 'valibot';

/** What is remembered of a register: the entries about services of the catalogue, and what recognises a document that has not changed. */
const entry = v.object({
  service: v.string(),
  /** As the register writes it, in lower case. */
  host: v.string(),
  /** It stands for the service, and not for a part of it. */
  whole: v.boolean(),
  agency: v.string(),
  decision: v.string(),
  date: v.string(),
});
const part = v.object({
  url: v.string(),
  etag: v.nullable(v.string()),
  lastModified: v.nullable(v.string()),
  /** How many entries the part holds in all. */
  rows: v.number(),
  /** When it says that it was made, ms since the epoch. */
  updatedAt: v.nullable(v.number()),
  entries: v.array(entry),
});
const listing = v.object({
  /** What it was read with: another catalogue, or another form, is another register. */
  made: v.string(),
  /** Counts what was told of it. */
  generation: v.number(),
  parts: v.array(part),
  /** Entries of services that the last reading did not find any more; told when the next does not either. */
  missing: v.array(entry),
  /** Since when what comes is too small to be true, ms since the epoch. */
  refusedSince: v.fallback(v.nullable(v.number()), null),
  /** The fewest entries that it had of late, and when: what shrinks to that again is whole. Null = not known. */
  least: v.fallback(v.nullable(v.object({ rows: v.number(), at: v.number() })), null),
});
export type Entry = v.InferOutput<typeof entry>;
export type Part = v.InferOutput<typeof part>;
export type Listing = v.InferOutput<typeof listing>;

export const entriesOf = (parts: readonly Pick<Part, 'entries'>[]): Entry[] => {
  const byHost = new Map<string, Entry>();
  for (const part of parts)
    for (const entry of part.entries) if (!byHost.has(entry.host)) byHost.set(entry.host, entry);
  return [...byHost.values()];
};
export const rowsOf = (parts: readonly Part[]): number => parts.reduce((sum, { rows }) => sum + rows, 0);

/** "Of late", ms. */
const LATELY = 30 * 86_400_000;

/** The fewest of late, with `rows` as of now. */
export function leastOf(before: Pick<Listing, 'least'> | null, rows: number, now: number) {
  const known = before?.least ?? null;
  const counts = known !== null && known.at <= now && now - known.at <= LATELY && known.rows < rows;
  return counts ? known : { rows, at: now };
}

/** What was kept, if it is of this shape and of this register; null = nothing that counts. */
export function listingOf(kept: unknown, made: string): Listing | null {
  const { success, output } = v.safeParse(listing, kept);
  return success && output.made === made ? output : null;
}

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
