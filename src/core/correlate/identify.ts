import type { Policy } from '../model/alert.ts';
import { familyOf, type Incident, isInForce, NETWORK, rankOf } from '../model/incident.ts';
import { isRelayed, type Report } from '../model/report.ts';
import type { Tables } from '../ports/store.ts';

/** Stories heard of in this time are preferred to older ones that are merely still open. */
const CURRENT = 7 * 86_400_000;
/** More open incidents than this are no single story. */
const MAX_MEMBERS = 16;
const ITEMS = 40;

/** Are these incidents reported together by their texts: does one item lead to another incident, and so to all? */
async function isOneStory(tables: Tables, incidents: Incident[]): Promise<boolean> {
  if (incidents.length > MAX_MEMBERS) return false;
  const items: Set<string>[] = [];
  for (const incident of incidents) {
    const reports = await tables.reports.byIncident(incident.id, ITEMS);
    items.push(new Set(reports.flatMap((report) => report.itemId ?? [])));
  }
  const reached = new Set([0]);
  for (const i of reached) {
    for (const [j, other] of items.entries()) if (!reached.has(j) && !items[i]!.isDisjointFrom(other)) reached.add(j);
  }
  return reached.size === incidents.length;
}

/** The open incidents that form the only story of their country and family, or none where there are several (or none). */
export async function onlyStory(tables: Tables, open: Incident[], at: number): Promise<Incident[]> {
  const current = open.filter((one) => at - one.lastReportAt <= CURRENT);
  const candidates = current.length > 0 ? current : open;
  if (candidates.length <= 1) return candidates;
  return (await isOneStory(tables, candidates)) ? candidates : [];
}

/** Measures that began within this time of each other are of one wave: a nameless lift ends all of them. */
const WAVE = 7 * 86_400_000;

/**
 * What a lift that names no service ends: the measures against services that are open in its country, where they all began within a week.
 * Where older ones are open beside newer ones nobody knows which are meant. The network is no "platforms": it is named when it is back.
 */
export function wave(open: readonly Incident[], lift: Pick<Report, 'at'>): Incident[] {
  const hit = open.filter((one) => one.service !== NETWORK && one.openedAt <= lift.at);
  const times = hit.map((one) => one.openedAt);
  return Math.max(...times) - Math.min(...times) <= WAVE ? hit : [];
}

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
/** At least this alike = the same story, where country or service is missing on one side. */
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
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const x = a[i]!;
    const y = b[j]!;
    if (x === y) {
      shared++;
      i++;
      j++;
    } else if (x < y) i++;
    else j++;
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

/** How many of an incident's newest reports a text is compared with: the cost of a report does not grow with its story. */
const COMPARED = 40;
/** Open incidents of one country or service that are looked through. */
const CANDIDATES = 50;
/** A story without a name takes the name that the next text gives it for so long. */
const NAMED_WITHIN = 7 * 86_400_000;

type Found =
  /** It belongs to these: one, or the services of one story. */
  | { incidents: Incident[]; why: 'key' | 'only-story' | 'same-text' | 'late' | 'names-it' | 'measure' | 'wave' }
  /** It opens one; `expired` is the quiet one that it does not join any more. */
  | { incidents: []; why: 'new'; expired: Incident | null };

/** Among incidents without a known place: the one whose text is the same story, if there is just one. */
async function sameText(tables: Tables, candidates: Incident[], fingerprint: number[]): Promise<Incident | null> {
  const alike: Incident[] = [];
  for (const candidate of candidates.slice(0, 5)) {
    const reports = await tables.reports.byIncident(candidate.id, COMPARED);
    if (reports.some((one) => similarity(one.fingerprint, fingerprint) >= SAME_STORY)) alike.push(candidate);
  }
  return alike.length === 1 ? alike[0]! : null;
}

/**
 * The lifted incident that a lift, or a word that is older than the lift or copies an older one, still belongs to; and the withdrawn one
 * of which a straggler still tells.
 */
async function late(tables: Tables, report: Report, fingerprint: number[], policy: Policy): Promise<Incident | null> {
  const since = report.at - policy.quietAfter;
  const closed = await tables.incidents.lastClosed(report.country, report.service, familyOf(report.action), since);
  if (!closed || (closed.state !== 'lifted' && closed.state !== 'withdrawn')) return null;
  if ((report.action === 'unblock' && closed.state === 'lifted') || report.at < closed.closedAt!) return closed;
  // Measurements of one kind all read alike: what the rule of rounds says after the lift is a new block, no copy.
  if (report.measured && report.measured.strength !== 'anomaly') return null;
  const reports = await tables.reports.byIncident(closed.id, COMPARED);
  return reports.some((one) => one.action !== 'unblock' && isCopy(one.fingerprint, fingerprint)) ? closed : null;
}

/** A measure goes on while nobody writes of it. A threat does not: the next fine or deadline after so long is another one. */
const THREAT_QUIET = 21 * 86_400_000;
const quietOf = ({ family }: Incident, { quietAfter }: Policy): number =>
  family === 'warn' ? Math.min(THREAT_QUIET, quietAfter) : quietAfter;

/** In force, and surely so: a threat against the same service is a word about it. What one outlet reports could be a misreading of the threat. */
const isRunning = (one: Incident): boolean => isInForce(one) && rankOf(one.confidence) >= rankOf('corroborated');

/** A lift that names nothing is of what was lifted within this time, where nothing else is open. */
const LATE_LIFT = 3 * 86_400_000;
const isJustLifted = (one: Incident, at: number): boolean =>
  one.state === 'lifted' && one.service !== NETWORK && Math.abs(at - one.closedAt!) <= LATE_LIFT;

/** Lifts and blocks reach us in the order of the polls, not of events. */
export const isLiftBefore = (incident: Incident, report: Pick<Report, 'action' | 'at'>): boolean =>
  report.action === 'unblock' && incident.action !== 'unblock' && report.at < incident.openedAt;

const belongsTo = (incidents: Incident[], why: Exclude<Found['why'], 'new'>): Found | null =>
  incidents.length > 0 ? { incidents, why } : null;

/**
 * Which incident does a report belong to (domain.md, "Same incident?")? By key (country, service, family). A report without a service
 * joins the only open story of its country and family, a story being the incidents that one text reported together; a story without a
 * service takes the name that the next text gives it (a warning: the only name). A report without a country joins the only open story of its service that its
 * text resembles. A lift, and a late copy, belong to the incident that was lifted.
 */
export async function identify(tables: Tables, report: Report, fingerprint: number[], policy: Policy): Promise<Found> {
  const { country, service, action, at } = report;
  const family = familyOf(action);
  /** The open incident with its key, however long it has been quiet. */
  const byKey = await tables.incidents.openByKey(country, service, family);
  const isAwake = (one: Incident): boolean => at - one.lastReportAt <= quietOf(one, policy);
  /** Open incidents of its family that are awake. */
  const open = async (filter: { country?: string; service?: string }): Promise<Incident[]> =>
    (await tables.incidents.list({ ...filter, family, open: true, limit: CANDIDATES })).filter(isAwake);

  // In this order: the first that finds a place decides. Null: by this rule it has none.
  for (const rule of [byWave, byOwnKey, byMeasure, byOnlyStory, byNaming, byText, byLateWord]) {
    const found = await rule();
    if (found) return found;
  }
  return { incidents: [], why: 'new', expired: byKey };

  /** "Access to social media is back": what is open there is what it was cut from. */
  async function byWave(): Promise<Found | null> {
    if (country === null || service !== null || action !== 'unblock') return null;
    const hit = belongsTo(wave(await open({ country }), report), 'wave');
    if (hit || byKey !== null) return hit;
    const closed = { country, family, open: false, since: at - LATE_LIFT, limit: CANDIDATES };
    const lifted = (await tables.incidents.list(closed)).filter((one) => isJustLifted(one, at));
    return belongsTo(lifted, 'late');
  }

  async function byOwnKey(): Promise<Found | null> {
    if (!byKey || !isAwake(byKey)) return null;
    // A lift that is older than the block is about an earlier one.
    return (isLiftBefore(byKey, report) ? await byLateWord() : null) ?? belongsTo([byKey], 'key');
  }

  async function byMeasure(): Promise<Found | null> {
    if (family !== 'warn' || country === null) return null;
    const measure = await tables.incidents.openByKey(country, service, 'access');
    return measure && isAwake(measure) && isRunning(measure) ? belongsTo([measure], 'measure') : null;
  }

  async function byOnlyStory(): Promise<Found | null> {
    if (country === null || service !== null) return null;
    return belongsTo(await onlyStory(tables, await open({ country }), at), 'only-story');
  }

  async function byNaming(): Promise<Found | null> {
    if (country === null || service === null || service === NETWORK || action === 'unblock') return null;
    // Of many platforms that are warned, the first of a list is no better a name than the rest.
    if (action === 'warn' && report.listed) return null;
    const all = await open({ country });
    const nameless = all.find((one) => one.service === null && one.action === action);
    const recent = all.filter((one) => at - one.lastReportAt <= NAMED_WITHIN);
    return nameless && recent.length === 1 && recent[0]!.id === nameless.id ? belongsTo([nameless], 'names-it') : null;
  }

  async function byText(): Promise<Found | null> {
    if (country !== null || service === null) return null;
    const match = await sameText(tables, await open({ service }), fingerprint);
    return match ? belongsTo([match], 'same-text') : null;
  }

  async function byLateWord(): Promise<Found | null> {
    const closed = await late(tables, report, fingerprint, policy);
    return closed ? belongsTo([closed], 'late') : null;
  }
}

const publisherOf = (one: Report): string => one.publisher ?? one.voice;

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

/**
 * Which independent outlet speaks in this report, among those of its incident: a publisher that has spoken stays the outlet that it was,
 * whatever it credits now; a copy of a text that is here already, or one that credits the same agency, speaks with that one's voice. So
 * there are never more outlets than publishers. Measurements and authorities are left as they are.
 */
export function voiceAmong(
  report: Report,
  fingerprint: number[],
  known: (Report & { fingerprint: number[] })[],
): string {
  if (report.kind !== 'news') return report.voice;
  const news = known.filter((one) => one.kind === 'news');
  const own = news.find((one) => publisherOf(one) === publisherOf(report));
  if (own) return outgrew(report, own.voice, news) ? report.voice : own.voice;
  const isIts = (one: (typeof news)[number]): boolean =>
    isSameArticle(one, report) || (!areOfOnePeer(one, report) && isCopy(one.fingerprint, fingerprint));
  return news.find((one) => one.voice !== report.voice && isIts(one))?.voice ?? report.voice;
}
