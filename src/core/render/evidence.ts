import CITATION from '../../../config/citation.json' with { type: 'json' };
import FEED_COUNTRIES from '../../../config/feed-countries.json' with { type: 'json' };
import { outletsTogether, supporting, worseClaim } from '../correlate/ladder.ts';
import { leavesMessages, nameOfComponent, partCut } from '../correlate/part.ts';
import { besides, countsFor } from '../correlate/places.ts';
import { isNewcomer, isStatesMedia, isStatesOwn } from '../correlate/whose.ts';
import type { CategoryOf } from '../model/catalogue.ts';
import {
  changeAt,
  type Confidence,
  type Incident,
  type Level,
  NETWORK,
  rankOf,
  severityOf,
  sinceOf,
} from '../model/incident.ts';
import type { Inline } from '../model/message.ts';
import { isStruckOff, type Report } from '../model/report.ts';
import { EVERYWHERE, READERS } from '../ports/readers.ts';
import type { Credit } from '../ports/source.ts';
import type { Translator } from '../ports/translate.ts';
import { type Extent, isOver, measureOf, sayingOf, stoodText, whatOf } from './headline.ts';
import { capital, oneLine, safeLink } from './plain.ts';

/** The widest statement of each kind of observatory among these: more networks first, then the newest. */
export const observatoriesOf = (reports: readonly Report[]): Report[] => widest(reports, false);

/** The same of those that only take it for likely. */
export function signsOf(reports: readonly Report[]): Report[] {
  const firm = observatoriesOf(reports).map(({ measured }) => measured!.observatory);
  return widest(reports, true).filter(({ measured }) => !firm.includes(measured!.observatory));
}

function widest(reports: readonly Report[], isSign: boolean): Report[] {
  const told = reports.filter((one) => isObserved(one) && (one.measured!.strength === 'anomaly') === isSign);
  return bestOfEach(told, (a, b) => a.measured!.networks.length - b.measured!.networks.length || a.at - b.at);
}

const isObserved = ({ measured }: Report): boolean => measured?.observatory !== undefined;

/** Of the reports of each kind of observatory the first that none of the others is above. */
const bestOfEach = (observed: readonly Report[], compare: (a: Report, b: Report) => number): Report[] =>
  [...Map.groupBy(observed, ({ measured }) => measured!.observatory).values()].map((own) =>
    own.reduce((best, one) => (compare(one, best) > 0 ? one : best)),
  );

/** Of a report, what its source is shown by. */
type Cited = Pick<Report, 'url' | 'publisherName' | 'sourceId' | 'measured'> &
  Partial<Pick<Report, 'outlet' | 'country'>>;

/** "412 measurements, 9 networks", "2 signals: BGP, ping"; empty where it does not count. */
function countsOf({ measured }: Pick<Cited, 'measured'>, words: Translator): string {
  const counts: string[] = [];
  if (measured?.measurements) counts.push(words.say('count.measurements', { n: measured.measurements }));
  if (measured?.networks.length) counts.push(words.say('count.networks', { n: measured.networks.length }));
  const signals = (measured?.signals ?? []).map((one) => oneLine(one, 20));
  if (signals.length > 0) counts.push(words.say('count.signals', { n: signals.length, names: words.list(signals) }));
  return words.list(counts);
}

/** "OONI (412 measurements, 9 networks)"; whose it is ("IODA (Georgia Tech)") stands in the line of sources. */
export function observedBy(report: Report, words: Translator): string {
  const counts = countsOf(report, words);
  const name = oneLine(report.publisherName, 40).replace(/ \([^()]*\)$/, '');
  return counts === '' ? name : words.say('text.brackets', { text: name, more: counts });
}

/** Its name, with its licence where there is one, as a link; and what it counted. */
export function observedLine(report: Cited, words: Translator): Inline[] {
  const counts = countsOf(report, words);
  return [linkOf(report, words), ...(counts === '' ? [] : [`${words.dash}${counts}`])];
}

/** Who reports it, linked; an observatory with the licence of its figures, media of the state that acts as what they are. */
export function linkOf(report: Cited, words: Translator): Inline {
  const name = nameOfSource(report, words);
  const licence = oneLine(report.measured?.licence ?? '', 40);
  const what = isStatesMedia(report) ? words.say('source.state') : licence;
  const text = what === '' ? name : words.say('text.brackets', { text: name, more: what });
  const link = safeLink(report.url);
  return link === null ? text : { link, text };
}

/** Its publisher; our own probes and agents have no name but what they are, in the reader's language. */
export function nameOfSource(
  { publisherName, sourceId, measured }: Pick<Cited, 'publisherName' | 'sourceId' | 'measured'>,
  words: Translator,
): string {
  if (measured?.observatory === READERS) return words.say('probe.readers');
  if (measured === null || measured.observatory !== undefined) return oneLine(publisherName, 60) || sourceId;
  const network = words.list(measured.networks.slice(0, 3).map((one) => oneLine(one, 20))) || '?';
  return words.say(measured.agent === undefined ? 'probe.own' : 'probe.agent', { network });
}

/** "OONI sees it from 9 networks; our own probe in AS8359 does not", of the newest statement of each that was contradicted. */
export function disagreements(reports: readonly Report[], words: Translator): string[] {
  // Of two that are equally old the later one.
  return bestOfEach(reports.filter(isObserved), (a, b) => a.at - b.at || 1).flatMap(({ measured, publisherName }) => {
    const ours = (measured?.openOn ?? []).slice(0, 5).map((one) => oneLine(one, 20));
    if (ours.length === 0) return [];
    const facts = { name: oneLine(publisherName, 40), ours: words.list(ours) };
    const n = measured!.networks.length;
    return n > 0 ? words.say('alert.disagree', { ...facts, n }) : words.say('alert.disagreeAll', facts);
  });
}

export type IncidentWithReports = Incident & { reports: Report[] };

/** What makes an incident as sure as it is said to be, and how sure: of its lift (`over`), or of what is in force. */
export function groundsOf(incident: IncidentWithReports, over: boolean): { confidence: Confidence; reports: Report[] } {
  const { confidence, liftConfidence } = incident;
  const reports = reportsFor(incident, incident.reports, over);
  if (over) return { confidence: liftConfidence ?? confidence, reports };
  return { confidence, reports: reportsInForce(incident, reports) };
}

/**
 * Of an incident that is over or easing only the reports of its lift count for the lift, and only the others for the block; of these such as say its
 * name and its place.
 */
export function reportsFor(
  incident: Pick<Incident, 'action' | 'service' | 'regions'>,
  reports: readonly Report[],
  lift: boolean,
): Report[] {
  if (incident.action === 'unblock') return [...reports];
  const isLiftOfIt = ({ region }: Report): boolean => region === null || incident.regions.length > 0;
  return reports.filter((one) =>
    lift ? one.action === 'unblock' && isLiftOfIt(one) : one.action !== 'unblock' && countsFor(incident, one),
  );
}

/** Of these, the ones that say what is said of the incident (or worse): only they make it as sure as it is. */
export const reportsInForce = (incident: Pick<Incident, 'action' | 'family'>, reports: readonly Report[]): Report[] =>
  incident.family === 'warn' ? [...reports] : supporting(incident.action, reports);

/** `together`: outlets count only as far as they stand within one window, as the ladder counts them. */
export function evidenceOf(reports: readonly Report[], together = false) {
  const outlets = new Set<string>();
  const newcomers = new Set<string>();
  const authorities = new Map<string, string>();
  const networks = new Set<string>();
  const anomalies = new Set<string>();
  let blockpage = false;
  for (const report of reports) {
    if (report.kind === 'news' && isNewcomer(report)) newcomers.add(report.publisher ?? report.voice);
    else if (report.kind === 'news') outlets.add(report.voice);
    else if (report.kind === 'authority') authorities.set(report.voice, report.publisherName);
    else if (report.measured && report.measured.observatory === undefined) {
      const into = report.measured.strength === 'anomaly' ? anomalies : networks;
      for (const network of report.measured.networks) into.add(network);
      if (report.measured.strength === 'fingerprint') blockpage = true;
    }
  }
  for (const network of networks) anomalies.delete(network);
  return {
    /** Independent ones among the news, and beside them the media of the state that acts as one. */
    outlets: together ? Math.min(outlets.size, outletsTogether(reports)) : outlets.size,
    isStates: reports.some((one) => one.kind === 'news' && isStatesOwn(one)),
    /** Sites among the news that nobody has met before. */
    newcomers: newcomers.size,
    /** Those whose own word was read. */
    authorities: [...authorities.values()],
    /** Those that measured it beyond an anomaly. */
    networks: networks.size,
    anomalies: anomalies.size,
    blockpage,
    /** The widest statement of each that says so, and of those that only take it for likely. */
    observatories: observatoriesOf(reports),
    signs: signsOf(reports),
  };
}

/** "2 outlets, measured from 2 networks"; empty where there is nothing to tell. */
export function reasonsOf(evidence: ReturnType<typeof evidenceOf>, words: Translator): string {
  const reasons: string[] = [];
  for (const name of evidence.authorities.slice(0, 2))
    reasons.push(words.say('why.authority', { name: oneLine(name, 60) }));
  const outlets = evidence.outlets - (evidence.isStates ? 1 : 0);
  if (outlets > 0) reasons.push(words.say('why.outlets', { n: outlets }));
  if (evidence.isStates) reasons.push(words.say('why.state'));
  if (evidence.newcomers) reasons.push(words.say('why.newcomers', { n: evidence.newcomers }));
  for (const one of evidence.observatories.slice(0, 3)) reasons.push(observedBy(one, words));
  if (evidence.networks) reasons.push(words.say('why.networks', { n: evidence.networks }));
  if (evidence.anomalies) reasons.push(words.say('why.anomalies', { n: evidence.anomalies }));
  for (const { measured, publisherName } of evidence.signs.slice(0, 2)) {
    const why = measured?.silence ? 'why.silence' : 'why.sign';
    const isReaders = measured?.observatory === READERS;
    reasons.push(isReaders ? words.say('why.readers') : words.say(why, { name: oneLine(publisherName, 40) }));
  }
  if (evidence.blockpage) reasons.push(words.say('why.blockpage'));
  return words.list(reasons);
}

/** The same of an incident as it stands, or of its lift. */
export function surenessIn(incident: IncidentWithReports, over: boolean, words: Translator): string {
  const { confidence, reports } = groundsOf(incident, over);
  return surenessOf(confidence, reports, words);
}

/** "Corroborated: 2 outlets". */
export function surenessOf(confidence: Confidence, reports: readonly Report[], words: Translator): string {
  const evidence = evidenceOf(reports, rankOf(confidence) < rankOf('corroborated'));
  const why = reasonsOf(evidence, words);
  // Who takes "corroborated" for "confirmed" is told what it is not.
  const isNews = reports.every(({ kind }) => kind === 'news');
  if (confidence === 'corroborated' && isNews && evidence.outlets + Math.min(1, evidence.newcomers) > 1)
    return words.say('sure.unmeasured', { why });
  return why ? words.say(`sure.${confidence}`, { why }) : capital(words.say(`confidence.${confidence}`));
}

/** What a reader must know of these texts to count them as the ladder does. */
export function countingOf(news: readonly Report[], words: Translator): string[] {
  const known = news.filter((one) => !isNewcomer(one));
  const outlets = new Set(known.map((one) => one.publisher ?? one.publisherName)).size;
  return [
    ...(outlets > new Set(known.map(({ voice }) => voice)).size ? [words.say('incident.copies')] : []),
    ...(known.length < news.length ? [words.say('incident.newcomers')] : []),
  ];
}

/**
 * How much an outlet's word weighs as a citation: the authority's own, then who measured it, then whoever writes in their own words in the reader's
 * language, or is at home where it happens, then agencies, copies, and others. `voice` is another's where the text is a copy.
 */
function weightOf({ kind, voice, publisher, outlet, url, country, lang }: Report, readerLang: string): number {
  if (kind === 'authority') return 20;
  if (kind === 'measurement') return 19;
  const isRead = lang === readerLang;
  if ((publisher ?? voice) !== voice) return isRead ? 1 : 0;
  const isHome =
    country !== null &&
    (outlet
      ? outlet.country === country
      : HOMES[lang] === country || hostOf(url).endsWith(`.${country.toLowerCase()}`));
  return 0.5 + (isRead ? 4 : 0) + (isHome ? 3 : 0) + (AGENCIES.has(publisher ?? voice) ? 1 : 0);
}

const AGENCIES: ReadonlySet<string> = new Set(CITATION.agencies);
/** Languages that are read in one country above all. */
const HOMES: Readonly<Record<string, string>> = FEED_COUNTRIES.homes;

const hostOf = (url: string | null): string => URL.parse(url ?? '')?.hostname ?? '';

/**
 * One report a voice: one that tells the strongest action, with a link, the earliest of these; the weightiest first (`weightOf`). At most `max`, the
 * rest counted. What a text says beside its main news, which is of something else, is named and not linked.
 */
export function sourcesOf(reports: readonly Report[], max: number, lang: string): { shown: Report[]; rest: number } {
  const linked = (report: Report): number => (report.secondary || safeLink(report.url) === null ? 0 : 1);
  const weight = (report: Report): number => (report.secondary ? -1 : weightOf(report, lang));
  const order = [...reports].sort(
    (a, b) => severityOf(b.action) - severityOf(a.action) || linked(b) - linked(a) || a.at - b.at,
  );
  const byVoice = new Map<string, Report>();
  for (const report of order) if (!byVoice.has(report.voice)) byVoice.set(report.voice, report);
  const voices = [...byVoice.values()].sort((a, b) => weight(b) - weight(a) || linked(b) - linked(a));
  const shown = voices.slice(0, max).map((one) => (one.secondary ? { ...one, url: null } : one));
  return { shown, rest: Math.max(0, voices.length - max) };
}

/**
 * When the action in force began, and what was before it: of an incident that escalated from throttling to a block the block is not
 * as old as the incident. `isDated`: an authority dated it or a measurement saw it; else it is when somebody first reported it.
 */
export function courseOf({ action, openedAt }: Pick<Incident, 'action' | 'openedAt'>, reports: readonly Report[]) {
  const sorted = [...reports].sort((a, b) => a.at - b.at);
  const first = sorted.find((report) => severityOf(report.action) >= severityOf(action));
  const before = sorted[0];
  const isDated = first !== undefined && first.kind !== 'news';
  if (!first || !before || before === first) return { since: openedAt, isDated, before: null };
  return { since: Math.max(first.at, openedAt), isDated, before };
}

/** "BBC, DW, 3 more", linked. */
export function sourceLine(reports: readonly Report[], max: number, words: Translator): Inline[] | null {
  const { shown, rest } = sourcesOf(reports, max, words.lang);
  if (shown.length === 0) return null;
  const comma = words.list(['', '']);
  const sources = shown.flatMap((report, i): Inline[] => [...(i ? [comma] : []), linkOf(report, words)]);
  if (rest) sources.push(comma + words.say('list.more', { n: rest }));
  return words.rich('alert.sources', { sources });
}

/** "News index: The GDELT Project", linked, as its terms want it; empty where nobody is to be named. */
export function creditLine(credits: readonly Credit[], words: Translator): Inline[] {
  const links = credits.map(({ name, url }) => ({ link: url, text: name }));
  const indexes = links.flatMap((one, i): Inline[] => (i > 0 ? [words.list(['', '']), one] : [one]));
  return indexes.length === 0 ? [] : words.rich('about.indexes', { indexes });
}

/** One that an operator added is shown by its id. */
export function componentName(id: string, words: Translator): string {
  const name = nameOfComponent(id);
  return name === null ? id : words.say(`component.${name}`);
}

/** The facts of one incident, a line each: since when, how sure and why, how, where. */

/** When and where somebody looks at it. */
export interface Seen {
  timeZone: string;
  now: number;
}

/** What its reports say of how much is cut. Of what is over, nothing. */
export function extentOf(incident: IncidentWithReports, categoryOf: CategoryOf, level: Level): Extent {
  if (isOver(sayingOf(incident))) return {};
  const { reports } = groundsOf(incident, false);
  const part = partCut(incident, reports);
  const talks = incident.service !== null && categoryOf(incident.service) === 'messenger';
  const worse = worseClaim(incident, reportsFor(incident, incident.reports, false)) !== null;
  return {
    change: changeAt(incident, level),
    part,
    regional: incident.service === NETWORK || (reports.length > 0 && reports.every((one) => one.region !== null)),
    messages: part === 'calls' && talks && !worse && leavesMessages(reports),
  };
}

/** A list of facts, and what adds one of one phrase to it. */
export function factList(words: Translator) {
  const facts: Inline[][] = [];
  const tell = (...[key, args]: Parameters<Translator['say']>): void => void facts.push([words.say(key, args)]);
  return { facts, tell };
}

export function factsOf(incident: IncidentWithReports, view: Seen, words: Translator, extent: Extent): Inline[][] {
  const { action, family, service, openedAt, closedAt, regions, linkedId } = incident;
  const when = (at: number): string => words.dateTime(at, view.timeZone, view.now);
  const saying = sayingOf(incident);
  const { facts, tell } = factList(words);
  if (saying === 'withdrawn') {
    // The headline says what was wrong, where it can be named.
    if (service === null) tell('alert.withdrawn');
    if (incident.withdrawnBecause) facts.push([becauseOf(incident.withdrawnBecause, words)]);
    return facts;
  }
  if (isOver(saying)) {
    if (action === 'unblock' || closedAt === null) tell('alert.backAt', { when: when(closedAt ?? openedAt) });
    else {
      facts.push([lastedOf(sinceOf(incident) ?? openedAt, closedAt, view, words)]);
      if (family === 'access') tell('alert.was', { what: whatOf(action, service, words) });
    }
    facts.push([surenessIn(incident, true, words)]);
    return facts;
  }
  const reports = reportsFor(incident, incident.reports, false);
  const { since, isDated, before } = courseOf(incident, reports);
  const { standing } = incident;
  if (!standing)
    tell(saying === 'warn' ? 'alert.warnedAt' : isDated ? 'alert.since' : 'alert.firstReported', { when: when(since) });
  else if (!extent.change) facts.push([capital(stoodText(standing, view.now, words))]);
  if (standing?.reference) tell('status.reference', { url: standing.reference });
  if (before && !standing) tell('alert.earlier', { label: words.say(`label.${before.action}`), when: when(openedAt) });
  facts.push([surenessIn(incident, false, words)]);
  facts.push(...worseOf(incident, words));
  for (const text of disagreements(groundsOf(incident, false).reports, words)) facts.push([text]);
  if (incident.method && !measureOf(extent.change))
    tell('alert.how', { method: words.say(`method.${incident.method}`) });
  if (regions.length > 0 && !isPlaced(incident, words, extent))
    tell('alert.where', { regions: placesOf(regions, words) });
  const { back, claimed } = besides(incident, incident.reports);
  if (back.length > 0) tell('alert.backIn', { regions: placesOf(back, words) });
  if (claimed.length > 0) tell('alert.alsoIn', { regions: placesOf(claimed, words) });
  const parts = new Set(reports.flatMap((report) => report.measured?.component ?? []));
  // A part that the headline names needs no second word.
  const named = [...new Set([...parts].map((part) => componentName(part, words)))];
  if (named.length > 0 && !(named.length === 1 && extent.part)) tell('alert.part', { parts: bounded(named, 4, words) });
  if (incident.state === 'easing') facts.push([easingOf(incident, words)]);
  if (linkedId)
    facts.push(words.rich(saying === 'warn' ? 'alert.linked' : 'alert.cameTrue', { id: { code: linkedId } }));
  return facts;
}

/** In the operator's or the source's words; what readers' silence means has its own in each language. */
export const becauseOf = (why: string, words: Translator): string =>
  words.say('alert.because', { why: why === EVERYWHERE ? words.say('alert.readersDown') : oneLine(why, 300) });

export const lastedOf = (from: number, to: number, view: Seen, words: Translator): string =>
  words.say('alert.lasted', {
    duration: words.duration(to - from),
    from: words.dateTime(from, view.timeZone, view.now),
    to: words.dateTime(to, view.timeZone, view.now),
  });

/** "1 outlet says it is fully blocked; not certain yet", where that is not what is in force. */
export function worseOf(incident: IncidentWithReports, words: Translator): Inline[][] {
  const claim = worseClaim(incident, reportsFor(incident, incident.reports, false));
  return claim === null ? [] : [[words.say(`alert.worse.${claim.action}`, { n: claim.outlets })]];
}

export function easingOf(incident: IncidentWithReports, words: Translator): string {
  const lifts = reportsFor(incident, incident.reports, true);
  const said = lifts.filter((one) => !isStruckOff(one));
  if (said.length === 0 && lifts.length > 0) return words.say('alert.struckOff');
  const { outlets, authorities } = evidenceOf(said);
  const voices = outlets + authorities.length;
  return voices > 0 ? words.say('alert.easing', { n: voices }) : words.say('alert.easingMeasured');
}

/** Does the headline name all the places? */
function isPlaced(incident: IncidentWithReports, words: Translator, extent: Extent): boolean {
  const { regions, country } = incident;
  if (!(extent.regional || incident.service === NETWORK) || country === null || regions.length > 3) return false;
  return regions.every((one) => words.region(one) !== one);
}

/** Names of their services; those without a name are left to the count in the headline. */
export function nameList(incidents: readonly Pick<Incident, 'service'>[], words: Translator, max: number): string {
  const names = incidents.flatMap(({ service }) => (service === null ? [] : words.service(service)));
  return boundedList(names, max, words) || '…';
}

const bounded = (items: readonly string[], max: number, words: Translator): string =>
  boundedList(
    items.map((item) => capital(oneLine(item, 60))),
    max,
    words,
  );

/** The first `max`; the rest are counted. */
export function boundedList(items: readonly string[], max: number, words: Translator): string {
  const rest = items.length > max ? [words.say('list.more', { n: items.length - max })] : [];
  return words.list([...items.slice(0, max), ...rest]);
}

export const placesOf = (regions: readonly string[], words: Translator): string =>
  bounded([...new Set(regions.map((region) => words.region(region)))], 6, words);
