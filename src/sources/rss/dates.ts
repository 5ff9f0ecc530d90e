/** Dates as feeds write them → ms since the epoch, UTC; null for what is no date (the item is then undated). */

/** First letters of months in lower case, after folding accents: English, German, French, Spanish, Italian, Portuguese, Dutch, Russian, Ukrainian. */
const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen', 'янв', 'січ'],
  ['feb', 'fev', 'фев', 'лют'],
  ['mar', 'maa', 'mrt', 'mae', 'мар', 'бер'],
  ['apr', 'avr', 'abr', 'апр', 'кві'],
  ['may', 'mai', 'mei', 'mag', 'май', 'мая', 'тра'],
  ['jun', 'juin', 'giu', 'июн', 'чер'],
  ['jul', 'juil', 'lug', 'июл', 'лип'],
  ['aug', 'aou', 'ago', 'авг', 'сер'],
  ['sep', 'set', 'сен', 'вер'],
  ['oct', 'okt', 'ott', 'out', 'окт', 'жов'],
  ['nov', 'ноя', 'лис'],
  ['dec', 'dez', 'dic', 'дек', 'гру'],
];

/** Hours east of Greenwich. Letters that stand for several zones take the one that feeds mean. */
const ZONES: Record<string, number> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  west: 1,
  bst: 1,
  ist: 5.5,
  cet: 1,
  cest: 2,
  mez: 1,
  mesz: 2,
  met: 1,
  eet: 2,
  eest: 3,
  msk: 3,
  msd: 4,
  trt: 3,
  irst: 3.5,
  gst: 4,
  pkt: 5,
  npt: 5.75,
  wib: 7,
  ict: 7,
  cst8: 8,
  hkt: 8,
  sgt: 8,
  awst: 8,
  jst: 9,
  kst: 9,
  aest: 10,
  aedt: 11,
  acst: 9.5,
  nzst: 12,
  nzdt: 13,
  est: -5,
  edt: -4,
  et: -5,
  cst: -6,
  cdt: -5,
  ct: -6,
  mst: -7,
  mdt: -6,
  mt: -7,
  pst: -8,
  pdt: -7,
  pt: -8,
  akst: -9,
  akdt: -8,
  hst: -10,
  art: -3,
  brt: -3,
  clt: -4,
  nst: -3.5,
  ast: -4,
  adt: -3,
};

const MAX_DATE = 100;
const EARLIEST = Date.UTC(1995, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

export function parseDate(raw: unknown): number | null {
  if (typeof raw !== 'string') return null;
  const text = raw.replace(/\s+/g, ' ').trim();
  if (text === '' || text.length > MAX_DATE) return null;
  const at = iso(text) ?? spoken(text) ?? numeric(text);
  // 1970 and 0001 are how programs write "no date".
  return at !== null && at >= EARLIEST && at <= LATEST ? at : null;
}

/** `2026-11-25T08:00:00.5+03:00`, with a blank instead of the T, without seconds, time or day, or `20261125T080000Z`. */
function iso(text: string): number | null {
  const match =
    /^(\d{4})-?(\d{2})(?:-?(\d{2}))?(?:[Tt ,]\s?(\d{1,2}):?(\d{2})(?::?(\d{2}))?(?:[.,]\d{1,9})? ?(.{0,12}))?$/.exec(
      text,
    ) ??
    /^(\d{4})\/(\d{1,2})\/(\d{1,2})(?: (\d{1,2}):(\d{2})(?::(\d{2}))? ?(.{0,12}))?$/.exec(text) ??
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](\d{1,2}):(\d{2})(?::(\d{2}))? ?(.{0,12}))?$/.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, zone] = match;
  return build([Number(year), Number(month), Number(day ?? 1)], [hour, minute, second], zone);
}

/** `Wed, 25 Nov 2026 08:00:00 +0300`, `25 ноября 2026, 08:00`, `November 25, 2026 8:00 PM EST`, `Wed Nov 25 08:00:00 MSK 2026`. */
function spoken(text: string): number | null {
  const bare = fold(text)
    // The day of the week, wherever a month still follows.
    .replace(/^[\p{L}.]{2,14},? (?=\d{1,2}(?:st|nd|rd|th|\.)?[ -]\p{L}|\p{L}{3,12}\.? \d)/u, '')
    .replace(/,/g, ' ')
    .replace(/\b(?:de|of|at|um|в|г\.?|a las)\b/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const dayFirst =
    /^(\d{1,2})(?:st|nd|rd|th|\.)?[ -]([\p{L}]{3,12})\.?[ -](\d{4}|\d{2})(?: (?:г\.? ?)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)? ?(.{0,20}))?$/u.exec(
      bare,
    );
  if (dayFirst) {
    const [, day, month, year, hour, minute, second, zone] = dayFirst;
    return build([fullYear(year!), monthOf(month!), Number(day)], [hour, minute, second], zone);
  }
  const monthFirst =
    /^([\p{L}]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)? (\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))? ?(.{0,20}))?$/u.exec(bare);
  if (monthFirst) {
    const [, month, day, year, hour, minute, second, zone] = monthFirst;
    return build([Number(year), monthOf(month!), Number(day)], [hour, minute, second], zone);
  }
  const yearLast = /^([\p{L}]{3,12})\.? (\d{1,2}) (\d{1,2}):(\d{2}):(\d{2}) ?([^ ]{0,8}) (\d{4})$/u.exec(bare);
  if (!yearLast) return null;
  const [, month, day, hour, minute, second, zone, year] = yearLast;
  return build([Number(year), monthOf(month!), Number(day)], [hour, minute, second], zone);
}

/** `25.11.2026 08:00` and `25/11/2026` (day first), `11/25/2026` where only that makes sense. */
function numeric(text: string): number | null {
  const match = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ ,T]{1,2}(\d{1,2}):(\d{2})(?::(\d{2}))? ?(.{0,12}))?$/.exec(
    text,
  );
  if (!match) return /^\d{10}$/.test(text) ? Number(text) * 1000 : /^\d{13}$/.test(text) ? Number(text) : null;
  const [, first, second, year, hour, minute, seconds, zone] = match;
  const dayFirst = Number(second) <= 12;
  const date = [Number(year), Number(dayFirst ? second : first), Number(dayFirst ? first : second)] as const;
  return build(date, [hour, minute, seconds], zone);
}

/** Hour, minute and second as they stand there; what is missing is 0. */
type TimeOfDay = readonly [hour?: string, minute?: string, second?: string];

function build(
  [year, month, day]: readonly [year: number, month: number, day: number],
  [hour, minute, second]: TimeOfDay,
  zone?: string,
): number | null {
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  const rest = (zone ?? '').trim().toLowerCase();
  const half = /^([ap])\.?m\.?\b/.exec(rest);
  let hours = Number(hour ?? 0);
  if (half && hours <= 12) hours = (hours % 12) + (half[1] === 'p' ? 12 : 0);
  const [minutes, seconds] = [Number(minute ?? 0), Number(second ?? 0)];
  if (hours > 24 || minutes > 59 || seconds > 60) return null;
  const offset = zoneMinutes(rest.slice(half?.[0].length ?? 0).trim());
  const at = Date.UTC(year, month - 1, day, hours, minutes, seconds);
  // 31 February would roll over into March.
  if (offset === null || new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return null;
  return at - offset * 60_000;
}

/** Minutes east of Greenwich; 0 where there is no zone or none that is known (RFC 822 says the same of its military letters). */
function zoneMinutes(zone: string): number | null {
  const numeric = /^(?:gmt|utc|ut|z)? ?([+-])(\d{1,2}):?(\d{2})?(?: ?\(.*)?$/.exec(zone);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    if (minutes > 14 * 60) return 0;
    return numeric[1] === '-' ? -minutes : minutes;
  }
  const name = /^[a-z]{1,5}/.exec(zone)?.[0];
  return (name === undefined ? 0 : (ZONES[name] ?? 0)) * 60;
}

function monthOf(word: string): number {
  const folded = fold(word);
  return MONTHS.findIndex((names) => names.some((name) => folded.startsWith(name))) + 1;
}

const fold = (text: string) =>
  text
    .toLowerCase()
    .replace(/й/g, 'й')
    .normalize('NFD')
    .replace(/[\u0300-\u0305\u0307-\u036f]/g, '')
    .normalize('NFC');

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}
