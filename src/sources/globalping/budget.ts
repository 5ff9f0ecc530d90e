/** Tests of the last hour, and what the service said of its own quota. Times: ms since the epoch. */
export interface Spent {
  tests: { at: number; n: number }[];
  /** Until then the service has no tests left for us. */
  emptyUntil: number | null;
}

const HOUR = 3_600_000;

export const NOTHING_SPENT: Spent = { tests: [], emptyUntil: null };

export function spentOf(kept: unknown): Spent {
  const { tests, emptyUntil } = (kept ?? {}) as Partial<Spent>;
  const known = Array.isArray(tests)
    ? tests.filter((one) => typeof one?.at === 'number' && typeof one.n === 'number')
    : [];
  return { tests: known.slice(-200), emptyUntil: typeof emptyUntil === 'number' ? emptyUntil : null };
}

/** When `n` more tests may be made; `now` = at once. A clock that was ahead has spent nothing. */
export function freeAt({ tests, emptyUntil }: Spent, n: number, perHour: number, now: number): number {
  const empty = emptyUntil !== null && emptyUntil > now && emptyUntil - now <= HOUR ? emptyUntil : now;
  const recent = tests.filter(({ at }) => at <= now && now - at < HOUR).sort((a, b) => a.at - b.at);
  let used = recent.reduce((sum, one) => sum + one.n, 0);
  for (const one of recent) {
    if (used + n <= perHour) return empty;
    used -= one.n;
    if (used + n <= perHour) return Math.max(empty, one.at + HOUR);
  }
  return empty;
}

/** With `n` tests more, and without what is over. */
export const spend = (spent: Spent, n: number, now: number): Spent => ({
  ...spent,
  tests: [...spent.tests.filter(({ at }) => at <= now && now - at < HOUR), { at: now, n }],
});

/** What an answer's headers say of the quota: nothing left, and until when. */
export function emptyUntilOf(headers: Record<string, string>, least: number, now: number): number | null {
  const left = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
  const seconds = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (!Number.isFinite(left) || left >= least) return null;
  return now + (Number.isFinite(seconds) && seconds > 0 && seconds <= 3_600 ? seconds * 1_000 : HOUR);
}
