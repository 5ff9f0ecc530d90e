import { opened } from '../correlate/correlate.ts';
import { partCut } from '../correlate/part.ts';
import type { Alert } from '../model/alert.ts';
import type { CategoryOf, Known } from '../model/catalogue.ts';
import {
  type ChangeKind,
  type Incident,
  type Level,
  NETWORK,
  changeAt,
  isInForce,
  rankOf,
  sinceOf,
} from '../model/incident.ts';
import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { Report } from '../model/report.ts';
import type { PhraseKey, Translator } from '../ports/translate.ts';
import {
  becauseOf,
  courseOf,
  easingOf,
  evidenceOf,
  extentOf,
  factList,
  factsOf,
  groundsOf,
  type IncidentWithReports,
  lastedOf,
  nameList,
  nameOfSource,
  placesOf,
  reportsFor,
  type Seen,
  sourceLine,
  sourcesOf,
  surenessIn,
  surenessOf,
  worseOf,
} from './evidence.ts';
import {
  type Headline,
  headlineBlock,
  headlineOf,
  isOver,
  markOf,
  measureOf,
  sayingOf,
  stoodText,
  whatOf,
  whereOf,
  worstFirst,
} from './headline.ts';
import { button, capital, documentOf, firstOf, list, note, paragraph } from './plain.ts';

/**
 * The one line of what the reader can do, from what is cut. What it may say is bounded by who reads it: people for whom a wrong step can be
 * dangerous. So it names no way around a block and no tool for it, asks nobody to do what may be forbidden where they live, says where others may
 * listen, and promises nothing that is not known. Pure.
 */

const MAX_NAMES = 4;

type Kind =
  | 'calls'
  | 'media'
  | 'registration'
  | 'web'
  | 'slow'
  | 'messenger'
  | 'vpn'
  | 'shutdown'
  | 'mobile'
  | 'site'
  | 'store'
  | 'order'
  | 'warn'
  | 'warnNet'
  | 'warnSite'
  | 'back'
  | 'backNet';

const TALKS = new Set(['messenger', 'calls']);
/** Read by those who block: that they work is told to whoever asks (`status`), and to nobody as advice. */
export const READ_BY_STATES = new Set(['max', 'wechat', 'vk', 'odnoklassniki', 'mail-ru']);

/** Which advice fits the worst of these; null = none does: it was taken back, or it is not said what is cut. */
export function adviceFor(incidents: readonly IncidentWithReports[], known: Known): Kind | null {
  const open = incidents.filter((one) => isInForce(one) || one.state === 'threatened');
  const off = open.find((one) => one.service === NETWORK && one.family === 'access');
  if (off) {
    if (off.action === 'throttle') return 'slow';
    // A part of the country, or of the network: another line may work.
    if (partCut(off, groundsOf(off, false).reports) === 'mobile') return 'mobile';
    return off.action === 'shutdown' || off.action === 'block' ? 'shutdown' : 'slow';
  }
  const named = open.filter((one) => one.service !== null);
  const isTalk = ({ service }: Incident): boolean => TALKS.has(known.categoryOf(service!) ?? '');
  const cut = named.filter((one) => one.family === 'access');
  const talking = cut.find(isTalk);
  const first = talking ?? cut[0];
  if (!first) {
    const back = incidents.filter((one) => sayingOf(one) === 'unblock');
    if (named.length === 0) return back.length === 0 ? null : back.some(isNetwork) ? 'backNet' : 'back';
    return named.some(isNetwork) ? 'warnNet' : named.some(isTalk) ? 'warn' : 'warnSite';
  }
  if (first.method === 'app-store') return 'store';
  if (first.action === 'throttle') return 'slow';
  if (first.action === 'restrict') {
    const part = partCut(first, groundsOf(first, false).reports);
    if (part === 'calls' || part === 'media' || part === 'registration' || part === 'web') return part;
    return talking ? 'messenger' : null;
  }
  if (talking) return 'messenger';
  if (known.categoryOf(first.service!) === 'vpn') return 'vpn';
  return first.method === 'legal' ? 'order' : 'site';
}

const isNetwork = ({ service }: Incident): boolean => service === NETWORK;

/** "Measured open there lately: Signal (24 measurements). Agree on …"; null = nothing is to be said. Nothing is named that nobody measured. */
export function adviceLine(incidents: readonly IncidentWithReports[], known: Known, words: Translator): string | null {
  const country = incidents[0]?.country ?? null;
  if (incidents.length === 0) return null;
  const over = incidents.every((one) => !isInForce(one) && one.state !== 'threatened');
  const kind = known.advises(country) ? adviceFor(incidents, known) : null;
  const off = incidents.some((one) => one.service === NETWORK && one.family === 'access' && isInForce(one));
  const hit = new Set(incidents.map((one) => one.service));
  const names = (services: readonly string[]): string => {
    const others = services.filter((one) => !hit.has(one)).slice(0, MAX_NAMES);
    return words.list(
      others.map((one) => {
        const n = known.measurements(one);
        const more = words.say('count.measurements', { n });
        return n > 0 ? words.say('text.brackets', { text: words.service(one), more }) : words.service(one);
      }),
    );
  };
  const talks = kind === 'messenger' || kind === 'calls' || kind === 'warn';
  const works = off || over ? '' : names(byTalk(known, talks).filter((one) => !READ_BY_STATES.has(one)));
  const said: string[] = [];
  if (works !== '') said.push(words.say('advice.works', { services: works }));
  if (kind !== null) said.push(words.say(`advice.${kind}`));
  return said.length > 0 ? said.join(' ') : null;
}

/** Where people cannot reach each other, what they could talk over comes first. */
const byTalk = ({ works, categoryOf }: Known, talks: boolean): string[] => {
  const isTalk = (one: string): boolean => TALKS.has(categoryOf(one) ?? '');
  return talks ? [...works.filter(isTalk), ...works.filter((one) => !isTalk(one))] : [...works];
};

/** Several incidents of one country in one message: one headline, then what they share, then what each rests on. */

/** Names and ids that a message holds; the rest are counted. */
const MAX_LISTED = 80;
/** Lines of sources; what more incidents rest on, `/incident` tells. */
const MAX_LINES = 6;

/** Of which the same is told: how they stand, which measure came on top, and since when they stood. */
interface Told {
  saying: Headline;
  measure: ReturnType<typeof measureOf>;
  /** "blocked since Mar 2022"; null = it began with its first report. */
  stood: string | null;
  members: IncidentWithReports[];
}

/** The worst first; of what is equally bad what is new goes before a measure on top of what stood. */
function toldOf(incidents: readonly IncidentWithReports[], level: Level, now: number, words: Translator): Told[] {
  const all = incidents.map((one): Told => {
    const saying = sayingOf(one);
    const change = isOver(saying) ? null : changeAt(one, level);
    const stood = change ? stoodText(one.standing!, now, words) : null;
    return { saying, measure: measureOf(change), stood, members: [one] };
  });
  return [...Map.groupBy(all, ({ saying, measure, stood }) => `${saying} ${measure} ${stood}`).values()]
    .map((alike) => ({ ...alike[0]!, members: alike.flatMap(({ members }) => members) }))
    .sort((a, b) => worstFirst(a.saying, b.saying) || Number(a.measure !== null) - Number(b.measure !== null));
}

/** More than this are counted in a headline, and named below it. */
const HEAD_NAMES = 5;
/** Kinds of change that a headline tells; of more the worst. */
const HEAD_KINDS = 2;

/** "YouTube, WhatsApp blocked", "13 services blocked", "Facebook, Instagram removed from the national DNS". */
function groupWhat({ saying, measure, members }: Told, max: number, words: Translator): string {
  const n = members.length;
  const isNamed = n <= max && members.every(({ service }) => service !== null && service !== NETWORK);
  if (measure !== null) {
    const service = isNamed ? nameList(members, words, max) : words.say('group.services', { n });
    return words.say(`changed.${measure}`, { service });
  }
  if (n === 1) return whatOf(saying, members[0]!.service, words);
  return isNamed
    ? words.say(`several.${saying}`, { services: nameList(members, words, max) })
    : words.say(`group.${saying}`, { n });
}

/** "Russia: YouTube, WhatsApp blocked": a lock screen shows the first words, so they are the news. */
function groupHeadline(incidents: readonly IncidentWithReports[], told: readonly Told[], words: Translator): string {
  const shown = told.slice(0, told.length > HEAD_KINDS ? 1 : HEAD_KINDS);
  const rest = incidents.length - shown.reduce((n, { members }) => n + members.length, 0);
  const whats = shown.map((one) => groupWhat(one, HEAD_NAMES, words));
  if (rest > 0) whats.push(words.say('list.more', { n: rest }));
  return words.say('headline', { country: whereOf(incidents, words), what: whats.join(' · ') });
}

/** Thirteen services of one country: one headline, then one line a kind of change where there are several, or more names than it holds. */
function groupHead(incidents: readonly IncidentWithReports[], view: Seen & { level: Level }, words: Translator) {
  const told = toldOf(incidents, view.level, view.now, words);
  const [worst, ...others] = told;
  if (worst === undefined) return [];
  const lines = told.flatMap((one) => {
    if (others.length === 0)
      return one.members.length > HEAD_NAMES ? [paragraph(nameList(one.members, words, MAX_LISTED))] : [];
    const stood = one.stood === null ? [] : [` · ${one.stood}`];
    return [paragraph(`${markOf(one.saying)} `, capital(groupWhat(one, MAX_LISTED, words)), ...stood)];
  });
  const stood = others.length === 0 ? worst.stood : null;
  return [headlineBlock(worst.saying, groupHeadline(incidents, told, words), stood), ...lines];
}

function groupFacts(incidents: readonly IncidentWithReports[], view: Seen, words: Translator): Inline[][] {
  const { facts, tell } = factList(words);
  const inForce = incidents.filter((incident) => !isOver(sayingOf(incident)));
  const counting = inForce.length > 0 ? inForce : incidents.filter((incident) => incident.state === 'lifted');
  if (counting.length === 0) {
    tell('alert.withdrawn');
    const why = new Set(incidents.flatMap((incident) => incident.withdrawnBecause ?? []));
    for (const reason of [...why].slice(0, 3)) facts.push([becauseOf(reason, words)]);
    return facts;
  }
  // What stood already says so beside its name.
  const dated = counting.filter(({ standing }) => !standing);
  const courses = dated.map((one) => courseOf(one, reportsFor(one, one.reports, false)));
  const first = Math.min(...courses.map(({ since }) => since));
  const dates = new Set(courses.map(({ since }) => since)).size;
  if (inForce.length > 0 && dates > 1) {
    // Each has its own date; of more than can be read, what the message was first about.
    for (const [at, one] of dated.slice(0, dated.length > HEAD_NAMES ? 1 : HEAD_NAMES).entries()) {
      const { since, isDated } = courses[at]!;
      const when = words.dateTime(since, view.timeZone, view.now);
      const text = words.say(isDated ? 'alert.since' : 'alert.firstReported', { when });
      facts.push([words.say('text.brackets', { text, more: nameList([one], words, 1) })]);
    }
  } else if (inForce.length > 0) {
    const since = courses.every(({ isDated }) => isDated) ? 'alert.since' : 'alert.firstReported';
    const when = words.dateTime(first, view.timeZone, view.now);
    if (dated.length > 0) tell(sayingOf(counting[0]!) === 'warn' ? 'alert.warnedAt' : since, { when });
  } else if (dated.length > 0) {
    facts.push([lastedOf(first, Math.max(...counting.map((incident) => incident.closedAt ?? view.now)), view, words)]);
  }
  facts.push([groupSureness(counting, inForce.length === 0, words)]);
  const methods = new Set(inForce.flatMap((one) => (one.standing ? [] : (one.method ?? []))));
  for (const method of [...methods].slice(0, 3)) tell('alert.how', { method: words.say(`method.${method}`) });
  const regions = [...new Set(inForce.flatMap((incident) => incident.regions))];
  if (regions.length > 0) tell('alert.where', { regions: placesOf(regions, words) });
  const named = ({ service }: Incident): string => (service === null ? '' : `${words.service(service)}: `);
  const worse = inForce.flatMap((one) => worseOf(one, words).map((fact) => [named(one), ...fact]));
  const easing = inForce.filter((one) => one.state === 'easing').map((one) => [named(one), easingOf(one, words)]);
  return [...facts, ...worse.slice(0, 3), ...easing.slice(0, 3)];
}

/** One line for all where all are equally sure; else what holds for the weakest, and says so. */
function groupSureness(incidents: readonly IncidentWithReports[], lift: boolean, words: Translator): string {
  const lines = incidents.map((incident) => {
    const { confidence, reports } = groundsOf(incident, lift);
    const { outlets, networks, observatories, authorities } = evidenceOf(reports);
    const voices = outlets + networks + observatories.length + authorities.length;
    return {
      rank: rankOf(confidence) * 1_000 + Math.min(999, voices),
      text: surenessOf(confidence, reports, words),
    };
  });
  const weakest = lines.reduce((a, b) => (b.rank < a.rank ? b : a));
  const same = lines.every((line) => line.text === weakest.text);
  return same ? weakest.text : words.say('why.each', { sure: weakest.text });
}

/** Reports to cite for an incident: of what it says now, of its lift where it is over. */
const citedOf = (incident: IncidentWithReports) => {
  const lifts = isOver(sayingOf(incident)) ? reportsFor(incident, incident.reports, true) : [];
  return lifts.length > 0 ? lifts : reportsFor(incident, incident.reports, false);
};

/** One line where all rest on the same articles; else each incident's own, named: what was lifted is not cited for what is blocked. */
function groupSources(incidents: readonly IncidentWithReports[], max: number, words: Translator): Inline[][] {
  const sayings = [...new Set(incidents.map(sayingOf))].sort(worstFirst);
  const rank = ([one]: readonly IncidentWithReports[]): number => sayings.indexOf(sayingOf(one!));
  const byArticles = Map.groupBy(incidents, (one) => {
    const articles = citedOf(one).map((report) => report.url ?? report.itemId ?? report.id);
    return [...new Set(articles)].sort().join(' ');
  });
  byArticles.delete('');
  const groups = [...byArticles.values()].sort((a, b) => rank(a) - rank(b));
  if (groups.length === 1) return [sourceLine(citedOf(groups[0]![0]!), max, words) ?? []];
  return firstOf(groups, MAX_LINES, words, (group) => {
    const names = nameList(group, words, 4);
    return [`${names}${words.dash}`, ...(sourceLine(citedOf(group[0]!), 3, words) ?? [])];
  });
}

export type { IncidentWithReports } from './evidence.ts';

/** What one chat is to see of an alert. */
export interface AlertView extends Seen {
  alert: Alert;
  /** Those of the alert's incidents that this chat follows, in their newest state, with their reports in any order. */
  incidents: IncidentWithReports[];
  /** What is known of the country, to say what still works and what the reader can do. */
  known: Known;
  lang: string;
  /** Address of the page that measures from a reader's line, where it measures this service; absent = there is no such page. */
  testPage?(country: string, service: string, lang: string): string | null;
}

const MAX_SOURCES = 5;
/** Ids that a button's command holds. */
const MAX_IDS = 40;
/** Beyond this, ids are plain text: platforms bound the number of marked-up pieces. */
const MAX_CODE_IDS = 12;

/** The alert as it stands now; the same whether it is sent for the first time or edited in place. */
export function renderAlert(view: AlertView, words: Translator): MessageDocument {
  const { incidents, known } = view;
  const advice = adviceLine(incidents, known, words);
  const { level } = view.alert;
  const body = bodyOf(incidents, view, words, { categoryOf: known.categoryOf, level, advice });
  const country = incidents[0]?.country ?? null;
  const card = country === null ? [] : [[button(words.say('button.relatives'), `family ${country}`)]];
  const buttons = [...buttonsOf(incidents, words), ...card, ...voices(view, words)];
  return documentOf([...body, idNote(incidents, words)], words, { tone: 'alert', buttons });
}

/** Readers say how it is where they are, or test it: of one service in one country. */
function voices({ incidents: [only, ...others], testPage, lang }: AlertView, words: Translator): Button[][] {
  if (!only?.country || !only.service || only.country === 'EU' || others.length > 0) return [];
  const url = testPage?.(only.country, only.service, lang) ?? null;
  const test = url === null ? [] : [[{ label: words.say('here.start'), press: { url } }]];
  return [voiceButtons(`${only.country} ${only.service}`, words), ...test];
}

/** [Does not work for me] · [Works for me]. */
export const voiceButtons = (what: string, words: Translator): Button[] => [
  button(words.say('button.fails'), `readers fails ${what}`),
  button(words.say('button.works'), `readers works ${what}`),
];

type BodyOptions = { level: Level; categoryOf?: CategoryOf; sources?: boolean; advice?: string | null };

export function bodyOf(
  incidents: readonly IncidentWithReports[],
  view: Seen,
  words: Translator,
  { categoryOf = () => null, level, sources = true, advice = null }: BodyOptions,
): Block[] {
  const only = incidents.length === 1 ? incidents[0] : undefined;
  const extent = only ? extentOf(only, categoryOf, level) : {};
  const stood = extent.change ? stoodText(only!.standing!, view.now, words) : null;
  const blocks = only
    ? [headlineBlock(sayingOf(only), headlineOf(only, words, extent), stood)]
    : groupHead(incidents, { ...view, level }, words);
  const facts = only ? factsOf(only, view, words, extent) : groupFacts(incidents, view, words);
  if (advice !== null) facts.push([advice]);
  if (sources) facts.push(...cited(incidents, words));
  if (facts.length > 0) blocks.push(list(facts));
  return blocks;
}

function cited(incidents: readonly IncidentWithReports[], words: Translator): Inline[][] {
  // A message that has grown past what can be read names who tells of what it was first about; their links are a tap away.
  if (incidents.length > HEAD_NAMES) {
    const { shown, rest } = sourcesOf(citedOf(incidents[0]!), MAX_SOURCES, words.lang);
    const names = shown.map((one) => nameOfSource(one, words));
    if (rest > 0) names.push(words.say('list.more', { n: rest }));
    return names.length === 0 ? [] : [words.rich('alert.sources', { sources: [words.list(names)] })];
  }
  if (incidents.length > 1) return groupSources(incidents, MAX_SOURCES, words);
  const line = sourceLine(incidents.flatMap(citedOf), MAX_SOURCES, words);
  return line ? [line] : [];
}

export function idNote(incidents: readonly Pick<Incident, 'id'>[], words: Translator): Block {
  const ids = incidents.slice(0, MAX_LISTED).map((incident) => incident.id);
  const inline: Inline[] =
    ids.length > MAX_CODE_IDS ? [ids.join(' ')] : ids.flatMap((id, index) => [...(index ? [' '] : []), { code: id }]);
  if (incidents.length > MAX_LISTED) inline.push(` + ${words.say('list.more', { n: incidents.length - MAX_LISTED })}`);
  return note(...inline);
}

export function buttonsOf(incidents: readonly IncidentWithReports[], words: Translator): Button[][] {
  const first = incidents[0];
  if (!first) return [];
  const ids = incidents.slice(0, MAX_IDS).map((incident) => incident.id);
  const row: Button[] = [button(words.say('button.evidence'), `incident ${ids.join(' ')}`)];
  if (incidents.some((incident) => !isOver(sayingOf(incident)))) row.push(...muteButton(incidents, words));
  const what = first.country ?? first.service;
  if (what !== null) row.push(button(words.say('button.status'), `status ${what}`));
  return [row];
}

function muteButton(incidents: readonly IncidentWithReports[], words: Translator): Button[] {
  const { id, country } = incidents[0]!;
  if (incidents.length === 1) return [button(words.say('button.mute'), `mute ${id} for 8h`)];
  if (country === null) return [];
  return [button(words.say('button.muteCountry', { country: words.country(country) }), `mute ${country} for 8h`)];
}

const MAX_REPLY_NAMES = 12;

/**
 * The short message that makes the phone ring, in reply to the alert that was edited and has the details: one line, and yet complete by
 * itself (the alert may be far up in the chat, or deleted). `incidentIds` are the changed ones; those that the view lacks, this chat does not
 * follow.
 */
export function renderReply(
  view: AlertView,
  words: Translator,
  change: { reason: ChangeKind; incidentIds: readonly string[] },
): MessageDocument {
  const changed = view.incidents.filter((incident) => change.incidentIds.includes(incident.id));
  const shown = changed.length > 0 ? changed : view.incidents;
  const only = shown.length === 1 ? shown[0]! : null;
  const lead = LEADS[change.reason] ? words.say(LEADS[change.reason]!) : null;
  const inline = only ? lineOf(only, lead, view, words) : groupLine(shown, lead, view, words);
  const ids = idNote(shown, words);
  if ('inline' in ids && shown.length <= MAX_REPLY_NAMES) inline.push(' · ', ...ids.inline);
  return documentOf([paragraph(...inline)], words, { tone: 'alert', buttons: buttonsOf(shown, words) });
}

/** "🟢 **Russia: WhatsApp works again** · lasted 2 days 3 hours · Corroborated: 2 outlets". */
function lineOf(incident: IncidentWithReports, lead: string | null, view: AlertView, words: Translator): Inline[] {
  const saying = sayingOf(incident);
  const over = isOver(saying);
  const extent = extentOf(incident, view.known.categoryOf, view.alert.level);
  const headline = headlineOf(incident, words, extent);
  const parts: string[] = [];
  const { closedAt, openedAt } = incident;
  if (over && saying !== 'withdrawn' && closedAt !== null && incident.action !== 'unblock')
    parts.push(words.say('reply.lasted', { duration: words.duration(closedAt - (sinceOf(incident) ?? openedAt)) }));
  if (saying === 'withdrawn') {
    const why = incident.withdrawnBecause;
    if (why) parts.push(becauseOf(why, words));
    if (incident.service === null) parts.push(words.say('alert.withdrawn'));
  } else {
    if (extent.change) parts.push(stoodText(incident.standing!, view.now, words));
    parts.push(surenessIn(incident, over, words));
  }
  const [first = '', ...rest] = parts;
  const said = lead === null ? parts : [[lead, first].filter(Boolean).join(' '), ...rest];
  return [`${markOf(saying)} `, { bold: [headline] }, ...said.map((part) => ` · ${part}`)];
}

/** "🔴 **Russia: Signal, Viber, Zello blocked**": a lock screen shows the first words, so they are the news. */
function groupLine(
  incidents: readonly IncidentWithReports[],
  lead: string | null,
  { alert: { level }, now }: AlertView,
  words: Translator,
): Inline[] {
  const told = toldOf(incidents, level, now, words);
  const isNamed = told.length <= HEAD_KINDS && told.every(({ members }) => members.length <= HEAD_NAMES);
  const names = isNamed ? null : nameList(incidents, words, MAX_REPLY_NAMES);
  const said = [told.length === 1 ? told[0]!.stood : null, names, lead].flatMap((one) => one ?? []);
  const headline = groupHeadline(incidents, told, words);
  return [`${markOf(told[0]!.saying)} `, { bold: [headline] }, ...said.map((one) => ` · ${one}`)];
}

/** What is new about it, where the headline does not say so itself. */
const LEADS: Partial<Record<ChangeKind, PhraseKey>> = {
  escalated: 'reply.escalated',
  resumed: 'reply.resumed',
  'confidence-up': 'reply.surer',
  'lift-confidence-up': 'reply.surer',
  'partly-lifted': 'reply.partly',
  easing: 'reply.easing',
};

/**
 * What an alert looks like, after the word that this is none. About a country and a service that do not exist, so that a part of it that is passed on
 * alarms nobody; by the same renderer as any other, and without an id or buttons, since there is no incident behind it.
 */
export function renderTestAlert(view: Seen, words: Translator): MessageDocument {
  const invented: Translator = {
    ...words,
    country: () => words.say('test.country'),
    service: () => 'Example Messenger',
  };
  const reports = OUTLETS.map((outlet) => reportOf(outlet, view.now));
  const incident = { ...opened(reports[0]!, 'ZZ-example-test'), confidence: 'corroborated' as const, reports };
  const body = bodyOf([incident], view, invented, { level: 'early' });
  const lead = paragraph('🔔 ', { bold: [words.say('test.head')] }, ' ', words.say('test.what'));
  return documentOf([lead, ...body], words, { tone: 'alert' });
}

/** Names and addresses that belong to nobody (RFC 2606). */
const OUTLETS = [
  { voice: 'example-herald', publisherName: 'The Example Herald', url: 'https://herald.example.org/' },
  { voice: 'example-wire', publisherName: 'Example Wire', url: 'https://wire.example.com/' },
];

const reportOf = (outlet: (typeof OUTLETS)[number], at: number): Report => ({
  ...outlet,
  id: outlet.voice,
  sourceId: outlet.voice,
  itemId: null,
  at,
  // No code of a country and no id of a service: whoever reads the example finds nothing of it anywhere.
  country: 'ZZ',
  service: 'example',
  action: 'block',
  method: null,
  region: null,
  secondary: false,
  kind: 'news',
  title: '',
  lang: 'en',
  summary: '',
  measured: null,
});
