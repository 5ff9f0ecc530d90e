/** Days to come that somebody has told of: a hearing, a law in force. Only where a headline names the day and the month by themselves; nothing is inferred. Pure. */
import type { Incident } from '../model/incident.ts';
import type { Report } from '../model/report.ts';

const DAY = 86_400_000;
/** A day without its year is the next of that name, so soon after it was written. */
const SOON = 200 * DAY;
/** Farther ahead nobody plans by it. */
const FAR = 400 * DAY;
const MAX_TEXT = 400;
const MAX_DATES = 5;

export interface DateAhead {
  /** Noon UTC of that day, so that it is the same day by every clock that is in use. */
  at: number;
  /** A stranger's headline, and who published it. */
  what: string;
  who: string;
}

/** The days ahead that reports of these incidents name, the next first; of one day and incident the newest report tells. */
export function datesAhead(
  told: readonly { incident: Pick<Incident, 'id'>; reports: readonly Report[] }[],
  now: number,
): DateAhead[] {
  const found = new Map<string, DateAhead & { told: number }>();
  for (const { incident, reports } of told) {
    for (const { title, lang, at, kind, publisherName } of reports) {
      if (kind === 'measurement') continue;
      const day = dayIn(title, lang, at);
      if (day === null || day < now || day > now + FAR) continue;
      const key = `${incident.id} ${day}`;
      if ((found.get(key)?.told ?? Number.NEGATIVE_INFINITY) < at)
        found.set(key, { at: day, what: title, who: publisherName, told: at });
    }
  }
  return [...found.values()]
    .sort((a, b) => a.at - b.at || (a.what < b.what ? -1 : 1))
    .slice(0, MAX_DATES)
    .map(({ at, what, who }) => ({ at, what, who }));
}

/** The first day with its month that a text names, as it was written at `writtenAt`; null = none. */
export function dayIn(text: string, lang: string | null, writtenAt: number): number | null {
  const shown = text.slice(0, MAX_TEXT).toLowerCase().normalize('NFKC');
  const chinese = /(?:(20\d\d)年)?(\d{1,2})月(\d{1,2})日/u.exec(shown);
  if (chinese) return dayOf(chinese[1], Number(chinese[2]), chinese[3]!, writtenAt);
  const numbers = /(?<![\d.])(\d{1,2})\.(\d{1,2})\.(20\d\d)(?!\d)/u.exec(shown);
  if (numbers) return dayOf(numbers[3], Number(numbers[2]), numbers[1]!, writtenAt);
  const months = monthsOf(lang);
  const names = [...months.keys()].sort((a, b) => b.length - a.length).join('|');
  const year = String.raw`(?:,?\s+(?:de\s+|del\s+)?(20\d\d)(?!\d))?`;
  const before = new RegExp(
    String.raw`(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|-го)?\s+(?:of\s+|de\s+)?(${names})(?!\p{L})${year}`,
    'u',
  );
  const after = new RegExp(String.raw`(?<!\p{L})(${names})\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d:])${year}`, 'u');
  const first = before.exec(shown);
  if (first) return dayOf(first[3], months.get(first[2]!)!, first[1]!, writtenAt);
  const second = after.exec(shown);
  // "It may 10 times …"
  if (!second || (second[1] === 'may' && !text.includes(`May ${second[2]}`))) return null;
  return dayOf(second[3], months.get(second[1]!)!, second[2]!, writtenAt);
}

function dayOf(year: string | undefined, month: number, day: string, writtenAt: number): number | null {
  const written = new Date(writtenAt);
  const at = (of: number): number => Date.UTC(of, month - 1, Number(day), 12);
  const isDay = (of: number): boolean => new Date(at(of)).getUTCDate() === Number(day) && month >= 1 && month <= 12;
  if (year !== undefined) return isDay(Number(year)) ? at(Number(year)) : null;
  const own = written.getUTCFullYear();
  // "On 27 November", written on the 28th, is yesterday.
  const next = [own, own + 1].find((of) => isDay(of) && at(of) >= writtenAt - DAY / 2);
  return next !== undefined && at(next) <= writtenAt + SOON ? at(next) : null;
}

const kept = new Map<string, Map<string, number>>();

/** As a calendar and as a sentence has them ("март", "марта"); English everywhere, since headlines are quoted. */
function monthsOf(lang: string | null): Map<string, number> {
  const key = lang !== null && /^[a-z]{2}$/u.test(lang) ? lang : 'en';
  const known = kept.get(key);
  if (known) return known;
  const months = new Map<string, number>();
  for (const locale of new Set(['en', key])) {
    for (let month = 1; month <= 12; month++) {
      const at = Date.UTC(2026, month - 1, 15, 12);
      const options = { month: 'long', timeZone: 'UTC', calendar: 'gregory' } as const;
      const parts = new Intl.DateTimeFormat(locale, { ...options, day: 'numeric' }).formatToParts(at);
      for (const name of [
        new Intl.DateTimeFormat(locale, options).format(at),
        parts.find(({ type }) => type === 'month')?.value,
      ])
        if (name && /^\p{L}+$/u.test(name)) months.set(name.toLowerCase(), month);
    }
  }
  if (kept.size > 20) kept.clear();
  kept.set(key, months);
  return months;
}
