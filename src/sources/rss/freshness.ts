/** What servers and feeds say about when to come again. Everything here only makes polls rarer. */

/** Longest wish of one that answers (Cache-Control, Expires, ttl, skipped hours), ms; the poller bounds it by the schedule, too. */
const MAX_HINT_MS = 6 * 3_600_000;
const HOUR_MS = 3_600_000;

export interface FeedHints {
  ttlMs: number | null;
  skipHours: readonly number[];
  skipDays: readonly number[];
}

/**
 * Earliest next poll, ms since the epoch, or null where nobody asks for patience: the later of what HTTP says (Cache-Control max-age less
 * Age, else Expires) and what the feed says (ttl), then out of its skipped hours and days. At most 6 h from `now`.
 */
export function notBeforeOf(headers: Record<string, string>, hints: FeedHints, now: number): number | null {
  const wait = Math.min(MAX_HINT_MS, Math.max(httpWaitMs(headers, now), hints.ttlMs ?? 0));
  const at = afterSkipped(now + wait, hints, now + MAX_HINT_MS);
  return at > now ? at : null;
}

function httpWaitMs(headers: Record<string, string>, now: number): number {
  const control = (headers['cache-control'] ?? '').toLowerCase();
  if (/\bno-(?:cache|store)\b/.test(control)) return 0;
  const maxAge = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,12})/.exec(control);
  if (maxAge) {
    const age = /^\d{1,9}$/.test(headers.age ?? '') ? Number(headers.age) : 0;
    return Math.max(0, Number(maxAge[1]) - age) * 1_000;
  }
  if (!headers.expires) return 0;
  const expires = Date.parse(headers.expires);
  // By the server's own clock, where it tells: ours may be off.
  const served = Date.parse(headers.date ?? '');
  return Number.isNaN(expires) ? 0 : Math.max(0, expires - (Number.isNaN(served) ? now : served));
}

/** Moves a time to the end of skipped hours and days; a feed that skips everything skips nothing. */
function afterSkipped(at: number, hints: FeedHints, latest: number): number {
  if (hints.skipHours.length >= 24 || hints.skipDays.length >= 7) return at;
  let time = at;
  while (time < latest) {
    const date = new Date(time);
    if (!hints.skipHours.includes(date.getUTCHours()) && !hints.skipDays.includes(date.getUTCDay())) return time;
    time = (Math.floor(time / HOUR_MS) + 1) * HOUR_MS;
  }
  return latest;
}
