import type { Forgettable } from '../../core/ports/state.ts';

/** What one feed's last committed poll left behind; may be forgotten at any time. */
export interface Remembered {
  /** The configured address it belongs to. */
  url: string;
  etag: string | null;
  lastModified: string | null;
  /** Where a permanent redirect within the site led (`moved.ts`). */
  movedTo: string | null;
  /** When the configured address was last asked, where `movedTo` stands; ms since the epoch. */
  checkedAt: number | null;
  /** SHA-1 of the body: servers without validators send the same bytes again and again. */
  bodyHash: string | null;
  ttlMs: number | null;
  skipHours: number[];
  skipDays: number[];
}

const KEY = 'http';
/** Longer validators are nonsense, and would be sent back each time. */
const MAX_VALIDATOR = 1_000;

export const nothing = (url: string): Remembered => ({
  url,
  etag: null,
  lastModified: null,
  movedTo: null,
  checkedAt: null,
  bodyHash: null,
  ttlMs: null,
  skipHours: [],
  skipDays: [],
});

/** Reads what was kept; anything of another shape or for another address is nothing. */
export async function recall(cache: Forgettable, url: string): Promise<Remembered> {
  const kept = await cache.get(KEY);
  if (!kept || typeof kept !== 'object' || (kept as Remembered).url !== url) return nothing(url);
  const value = kept as Record<string, unknown>;
  // Without its time it was noted before moves were judged: the configured address is asked anew.
  const moved = typeof value.checkedAt === 'number' && typeof value.movedTo === 'string' && URL.canParse(value.movedTo);
  return {
    url,
    etag: validator(value.etag),
    lastModified: validator(value.lastModified),
    movedTo: moved ? (value.movedTo as string) : null,
    checkedAt: moved ? (value.checkedAt as number) : null,
    bodyHash: validator(value.bodyHash),
    ttlMs: typeof value.ttlMs === 'number' ? value.ttlMs : null,
    skipHours: numbers(value.skipHours),
    skipDays: numbers(value.skipDays),
  };
}

export const keep = (cache: Forgettable, value: Remembered): Promise<boolean> => cache.set(KEY, value, null);

export const same = (a: Remembered, b: Remembered): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A header value that may be sent back: printable, of sane length. */
export function validator(value: unknown): string | null {
  return typeof value === 'string' && value.length <= MAX_VALIDATOR && /^[\x20-\x7e\x80-\xff]+$/.test(value)
    ? value
    : null;
}

const numbers = (value: unknown): number[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'number').slice(0, 24) : [];
