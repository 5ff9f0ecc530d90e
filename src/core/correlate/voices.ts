/** Whose word a report is: texts that are copies of each other, and the one outlet that speaks in them. */
import { type Report, isRelayed } from '../model/report.ts';
import type { Publishers } from '../ports/reading.ts';
import type { Tables } from '../ports/store.ts';
import { ECHO, isNewcomer, isOneTemplate, ownerOf } from './whose.ts';

/**
 * Are two texts copies of one wire story, or the same event in other words? Fingerprints are sets of hashed word beginnings (a poor
 * man's stem that works for most inflecting languages; pairs of characters for Chinese, Japanese, Thai), compared by cosine.
 * Sets, not tf-idf: a report is only ever compared with the few reports of one incident, where idf says little (design note
 * `docs/decisions/incidents-and-voices.md#voices`).
 */

/** Cosine of a copy: one voice. */
const COPY_COSINE = 0.72;
/** Headlines alone are alike by chance: below so many words they must be the same but for a word. */
const SHORT = 10;
const SHORT_COPY_COSINE = 0.9;
/** Share of the shorter text that stands in the longer one, for copies that were cut or got another headline. */
const COPY_CONTAINED = 0.82;
/** A text of fewer words is too short for containment to tell. */
const COPY_MIN_WORDS = 12;
/** At least this alike = the same story. */
const SAME_STORY = 0.34;

const MAX_TOKENS = 96;
const LEAD = 400;
const PREFIX = 6;
const UNSPACED = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]/u;

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  return h >>> 0;
}

/** Sorted, unique, at most 96 numbers; of the title and the first 400 characters of the summary. */
export function fingerprint(title: string, summary: string): number[] {
  const text = `${title.slice(0, LEAD)} ${summary.slice(0, LEAD)}`.normalize('NFKC').toLowerCase();
  const tokens = new Set<number>();
  for (const word of text.split(/[^\p{L}\p{N}\p{M}]+/u)) {
    if (tokens.size >= MAX_TOKENS) break;
    if (UNSPACED.test(word)) {
      for (let i = 0; i + 1 < word.length && tokens.size < MAX_TOKENS; i++) tokens.add(hash(word.slice(i, i + 2)));
    } else if (word.length >= 3) {
      tokens.add(hash(word.slice(0, PREFIX)));
    }
  }
  return [...tokens].sort((a, b) => a - b);
}

function sharedCount(a: number[], b: number[]): number {
  let shared = 0;
  let at = 0;
  for (const one of a) {
    while (b[at]! < one) at++;
    if (b[at] === one) shared++;
  }
  return shared;
}

/** Cosine of two sorted sets, 0 … 1; 0 when either holds fewer than four words (too little to tell). */
export function similarity(a: number[], b: number[]): number {
  return a.length < 4 || b.length < 4 ? 0 : sharedCount(a, b) / Math.sqrt(a.length * b.length);
}

/** Is one text a copy of the other, perhaps cut or under another headline? */
export function isCopy(a: number[], b: number[]): boolean {
  const shorter = Math.min(a.length, b.length);
  if (similarity(a, b) >= (shorter < SHORT ? SHORT_COPY_COSINE : COPY_COSINE)) return true;
  return shorter >= COPY_MIN_WORDS && sharedCount(a, b) / shorter >= COPY_CONTAINED;
}

/** Do both tell the same story, where country or service is missing on one side? */
export const isSameStory = (a: number[], b: number[]): boolean => similarity(a, b) >= SAME_STORY;

export const publisherOf = (one: Report): string => one.publisher ?? one.voice;

/** Another Tocsin may call an outlet by another id: the same article is the same outlet, where one of the two words was passed on. */
const isSameArticle = (a: Report, b: Report): boolean =>
  (isRelayed(a) || isRelayed(b)) && a.url !== null && a.url === b.url;

/** Both were passed on by one other Tocsin, which has compared their whole texts, and says that they are two. */
const areOfOnePeer = (a: Report, b: Report): boolean => isRelayed(a) && isRelayed(b) && a.sourceId === b.sourceId;

/** What another Tocsin passed on of one outlet it has from several now, and that one has spoken here itself: this is another word. */
const outgrew = (report: Report, before: string, news: readonly Report[]): boolean =>
  isRelayed(report) &&
  report.voice === publisherOf(report) &&
  news.some((one) => one.voice === before && publisherOf(one) !== publisherOf(report));

type Told = Report & { fingerprint: number[] };

/** Is one of these two the other's text? */
const isOneText = (one: Told, report: Report, fingerprint: number[]): boolean =>
  isSameArticle(one, report) || (!areOfOnePeer(one, report) && isCopy(one.fingerprint, fingerprint));

/** No original for an outlet that is heard here. */
const isHearsay = (one: Report): boolean => isRelayed(one) || isNewcomer(one);

/**
 * Which independent outlet speaks in this report, among those of its incident: a publisher that has spoken stays the outlet that it was,
 * whatever it credits now; two titles of one owner are one; a copy of a text that is here already, or one that credits the same agency, speaks with
 * that one's voice. So there are never more outlets than publishers. What another Tocsin passed on decides nobody's voice but its own, and what a
 * site wrote that nobody has met before none at all. Measurements and authorities are left as they are.
 */
export function voiceAmong(
  report: Report,
  fingerprint: number[],
  known: Told[],
  publishers?: Pick<Publishers, 'named'>,
): string {
  if (report.kind !== 'news') return report.voice;
  const owner = ownerOf(publisherOf(report), publishers);
  const news = known.filter((one) => one.kind === 'news');
  const direct = news.filter((one) => !isHearsay(one));
  const isOwn = (one: Told): boolean => publisherOf(one) === publisherOf(report);
  const isOfOwner = (one: Told): boolean => ownerOf(publisherOf(one), publishers) === owner;
  const own = direct.find(isOwn) ?? news.find(isOwn);
  if (own) {
    const joinsTwo = isRelayed(own) && !isRelayed(report) && direct.some((one) => one.voice === own.voice);
    return joinsTwo || outgrew(report, own.voice, news) ? report.voice : own.voice;
  }
  if (isNewcomer(report)) return newcomersVoice(report, fingerprint, news);
  const heard = isRelayed(report) ? news.filter((one) => !isNewcomer(one)) : direct;
  const sibling = heard.find(isOfOwner);
  if (sibling) return sibling.voice;
  const copied = heard.findLast(
    (one) => isOneText(one, report, fingerprint) && (isRelayed(report) || isItsVoice(one, report, fingerprint, heard)),
  );
  const credited = ownerOf(report.voice, publishers);
  const isCredited = (one: Told): boolean =>
    [publisherOf(one), one.voice].some((name) => ownerOf(name, publishers) === credited);
  return (copied ?? heard.find(isCredited))?.voice ?? report.voice;
}

/** An echo where a known outlet has its text; that of another newcomer whose text, or template, it has. */
function newcomersVoice(report: Report, fingerprint: number[], news: readonly Told[]): string {
  const copied = news.filter((one) => isOneText(one, report, fingerprint));
  if (copied.some((one) => !isNewcomer(one))) return ECHO;
  return (
    (copied[0] ?? news.find((one) => isNewcomer(one) && isOneTemplate(one.url, report.url)))?.voice ?? report.voice
  );
}

/**
 * Does whoever copies this text speak with its voice? Not where that would join two outlets that are apart: where the text is older than its copy
 * and that one goes with others already, or where its publisher got that voice by another text, or by
 * copying one that this is no copy of. `heard`: newest first.
 */
function isItsVoice(copied: Told, report: Report, fingerprint: number[], heard: readonly Told[]): boolean {
  const copies = new Set(heard.filter((one) => isOneText(one, report, fingerprint)).map(publisherOf));
  if (heard.every((one) => one.voice !== copied.voice || copies.has(publisherOf(one)))) return true;
  const publisher = publisherOf(copied);
  const first = heard.findLast((one) => publisherOf(one) === publisher)!;
  const isBound = publisher === copied.voice || first === copied || isCopy(first.fingerprint, copied.fingerprint);
  const older = heard.slice(heard.indexOf(first) + 1).filter((one) => one.voice === copied.voice);
  return isBound && copied.at <= report.at && !older.some((one) => isOneText(one, first, first.fingerprint));
}

/**
 * What other Tocsins passed on of this very text speaks with its voice from now on, unless it spoke with that of another outlet that was heard here
 * itself; newcomers that have it are its echo. Gives all that is known with the voices as they are then.
 */
export async function passedOn(
  tables: Tables,
  id: string,
  spoken: Report,
  hash: number[],
  known: Told[],
): Promise<Told[]> {
  if (spoken.kind !== 'news' || isHearsay(spoken)) return known;
  const heard = new Set(known.filter((one) => one.kind === 'news' && !isHearsay(one)).map(({ voice }) => voice));
  let all = known;
  for (const said of known.filter((one) => isHearsay(one) && isOneText(one, spoken, hash))) {
    const { sourceId, voice } = said;
    const now = isNewcomer(said) ? ECHO : spoken.voice;
    if (voice === now || heard.has(voice)) continue;
    await tables.reports.revoice(id, { sourceId, voice }, now);
    all = all.map((one) => (one.sourceId === sourceId && one.voice === voice ? { ...one, voice: now } : one));
  }
  return all;
}
