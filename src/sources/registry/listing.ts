/** What is remembered of a register: the entries about services of the catalogue, and what recognises a document that has not changed. */
export interface Entry {
  service: string;
  /** As the register writes it, in lower case. */
  host: string;
  /** It stands for the service, and not for a part of it. */
  whole: boolean;
  agency: string;
  decision: string;
  date: string;
}

export interface Part {
  url: string;
  etag: string | null;
  lastModified: string | null;
  /** How many entries the part holds in all. */
  rows: number;
  /** When it says that it was made, ms since the epoch. */
  updatedAt: number | null;
  entries: Entry[];
}

export interface Listing {
  /** What it was read with: another catalogue, or another form, is another register. */
  made: string;
  /** Counts what was told of it. */
  generation: number;
  parts: Part[];
  /** Entries of services that the last reading did not find any more; told when the next does not either. */
  missing: Entry[];
  /** Since when what comes is too small to be true, ms since the epoch. */
  refusedSince: number | null;
  /** The fewest entries that it had of late, and when: what shrinks to that again is whole. Null = not known. */
  least: { rows: number; at: number } | null;
}

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
export function leastOf(
  before: Pick<Listing, 'least'> | null,
  rows: number,
  now: number,
): { rows: number; at: number } {
  const known = before?.least ?? null;
  const counts = known !== null && known.at <= now && now - known.at <= LATELY && known.rows < rows;
  return counts ? known : { rows, at: now };
}

/** What was kept, if it is of this shape and of this register; null = nothing that counts. */
export function listingOf(kept: unknown, made: string): Listing | null {
  if (kept === null || typeof kept !== 'object') return null;
  const value = kept as Partial<Listing>;
  const whole =
    value.made === made &&
    typeof value.generation === 'number' &&
    Array.isArray(value.parts) &&
    value.parts.every(isPart) &&
    Array.isArray(value.missing) &&
    value.missing.every(isEntry);
  const { refusedSince = null, least } = value;
  const isSound = typeof least?.rows === 'number' && typeof least.at === 'number';
  return whole ? { ...(value as Listing), refusedSince, least: isSound ? least : null } : null;
}

const isPart = (part: unknown): part is Part => {
  const { url, rows, entries } = (part ?? {}) as Partial<Part>;
  return typeof url === 'string' && typeof rows === 'number' && Array.isArray(entries) && entries.every(isEntry);
};
const isEntry = (entry: unknown): entry is Entry => {
  const { service, host } = (entry ?? {}) as Partial<Entry>;
  return typeof service === 'string' && typeof host === 'string';
};
