import { createHash } from 'node:crypto';
import type { ChangeKind, Confidence, Incident, Transition } from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import type { Translator } from '../ports/translate.ts';
import { nameOfSource } from './evidence.ts';
import { headlineOf, markOf, sayingOf } from './headline.ts';
import { oneLine, safeLink } from './plain.ts';

/**
 * The evidence card of one incident: all that is known of it, to be kept, checked and cited by others. Pure: the same facts always give the same
 * card, and so the same digest.
 */

/** One moment twice: ISO 8601 in UTC, and as the reader's clock shows it. */
interface Moment {
  utc: string;
  local: string;
}

export interface Card {
  format: 'tocsin-evidence/1';
  id: string;
  country: { code: string | null; name: string };
  service: { id: string | null; name: string | null };
  regions: { id: string; name: string }[];
  action: string;
  state: string;
  confidence: string;
  liftConfidence: string | null;
  method: string | null;
  timeZone: string;
  /** `since` is the oldest report, `corroborated` and `confirmed` when that was first reached, `ended` the lift or withdrawal. */
  times: Record<'since' | 'corroborated' | 'confirmed' | 'ended' | 'lastReport', Moment | null>;
  /** News, statements and measurements, oldest first. */
  sources: CardSource[];
  /** Reports beyond those of `sources`. */
  sourcesLeftOut: number;
  /** Where it was measured: country and network, with how often. */
  vantages: { country: string | null; network: string; reports: number }[];
  log: { at: Moment; change: string; action: string; state: string; confidence: string; method: string | null }[];
  /** What readers were told, and from when on. */
  wording: { from: Moment; headline: string }[];
  withdrawnBecause: string | null;
  /** When the card was made. */
  madeAt: Moment;
  /** Of the JSON of all the above but `madeAt`, keys in this order: the same evidence has the same digest. */
  sha256: string;
}

interface CardSource {
  kind: string;
  publisher: string;
  action: string;
  title: string;
  /** Article or measurement. */
  link: string | null;
  lang: string;
  at: Moment;
  region: string | null;
  measured: {
    verdict: string;
    networks: string[];
    component: string | null;
    measurements: number | null;
    signals: string[];
    licence: string | null;
  } | null;
}

export interface CardFacts {
  incident: Incident;
  /** Any order; bounded by the caller. */
  reports: readonly Report[];
  /** How many there are in all. */
  count: number;
  log: readonly Transition[];
  timeZone: string;
  now: number;
}

const HOUR = 3_600_000;
const MAX_VANTAGES = 100;

export function cardOf({ incident, reports, count, log, timeZone, now }: CardFacts, words: Translator): Card {
  const moment = (at: number): Moment => ({
    utc: isoOf(at),
    local: words.dateTime(at, timeZone, at - 400 * 24 * HOUR),
  });
  const maybe = (at: number | null): Moment | null => (at === null ? null : moment(at));
  const sorted = [...reports].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const facts = {
    format: 'tocsin-evidence/1' as const,
    id: incident.id,
    country: { code: incident.country, name: words.country(incident.country) },
    service: { id: incident.service, name: incident.service === null ? null : words.service(incident.service) },
    regions: incident.regions.map((id) => ({ id, name: words.region(id) })),
    action: incident.action,
    state: incident.state,
    confidence: incident.confidence,
    liftConfidence: incident.liftConfidence,
    method: incident.method,
    timeZone,
    times: {
      since: moment(incident.openedAt),
      corroborated: maybe(incident.corroboratedAt),
      confirmed: maybe(incident.confirmedAt),
      ended: maybe(incident.closedAt),
      lastReport: moment(incident.lastReportAt),
    },
    sources: sorted.map((report) => sourceOf(report, moment, words)),
    sourcesLeftOut: Math.max(0, count - reports.length),
    vantages: vantagesOf(sorted),
    log: log.map(({ at, change, action, state, confidence, method }) => ({
      at: moment(at),
      change,
      action,
      state,
      confidence,
      method,
    })),
    wording: wordingOf(incident, log, moment, words),
    withdrawnBecause: incident.withdrawnBecause === null ? null : oneLine(incident.withdrawnBecause, 300),
  };
  return { ...facts, madeAt: moment(now), sha256: digestOf(facts) };
}

const digestOf = (facts: object): string => createHash('sha256').update(JSON.stringify(facts)).digest('hex');

const isoOf = (at: number): string =>
  Math.abs(at) <= 8.64e15 ? new Date(at).toISOString().replace(/\.\d{3}Z$/u, 'Z') : String(at);

function sourceOf(report: Report, moment: (at: number) => Moment, words: Translator): CardSource {
  const { measured } = report;
  // By the hour: who lends a machine was promised no more.
  const at = measured && measured.observatory === undefined ? Math.floor(report.at / HOUR) * HOUR : report.at;
  return {
    kind: report.kind,
    publisher: nameOfSource(report, words),
    action: report.action,
    title: report.kind === 'measurement' ? '' : oneLine(report.title, 300),
    link: safeLink(report.url),
    lang: oneLine(report.lang, 10),
    at: moment(at),
    region: report.region === null ? null : oneLine(words.region(report.region), 80),
    measured: measured && {
      verdict: oneLine(measured.verdict, 80),
      networks: measured.networks.slice(0, 40).map((one) => oneLine(one, 20)),
      component: measured.component === null ? null : oneLine(measured.component, 40),
      measurements: measured.measurements ?? null,
      signals: (measured.signals ?? []).slice(0, 20).map((one) => oneLine(one, 30)),
      licence: measured.licence === undefined ? null : oneLine(measured.licence, 60),
    },
  };
}

function vantagesOf(reports: readonly Report[]): Card['vantages'] {
  const seen = new Map<string, Card['vantages'][number]>();
  for (const { measured, country } of reports) {
    for (const one of measured?.networks ?? []) {
      const network = oneLine(one, 20);
      const known = seen.get(`${country} ${network}`) ?? { country, network, reports: 0 };
      seen.set(`${country} ${network}`, { ...known, reports: known.reports + 1 });
    }
  }
  return [...seen.values()].slice(0, MAX_VANTAGES);
}

/** Headlines as they followed each other; without the parts and places that reports added, which the log does not keep. */
function wordingOf(
  incident: Incident,
  log: readonly Transition[],
  moment: (at: number) => Moment,
  words: Translator,
): Card['wording'] {
  const wording: Card['wording'] = [];
  const bare = { ...incident, regions: [] };
  for (const step of log) {
    const then = { ...bare, action: step.action, state: step.state };
    const sure = words.say(`confidence.${step.confidence}`);
    const headline = `${markOf(sayingOf(then))} ${headlineOf(then, words)} (${sure})`;
    if (wording.at(-1)?.headline !== headline) wording.push({ from: moment(step.at), headline });
  }
  return wording;
}

/** The evidence card as plain text, for people: in the reader's language, lines that survive a copy into any editor. Pure. */

const both = ({ utc, local }: Moment): string => (local.endsWith('UTC') ? utc : `${utc} (${local})`);

export function cardText(card: Card, words: Translator): string {
  const headline = card.wording.at(-1)?.headline ?? card.id;
  const { since, corroborated, confirmed, ended, lastReport } = card.times;
  const sure = (one: Confidence): string => words.say(`confidence.${one}`);
  const times: [string, Moment | null][] = [
    [words.say('evidence.since'), since],
    [sure('corroborated'), corroborated],
    [sure('confirmed'), confirmed],
    [words.say('evidence.ended'), ended],
    [words.say('evidence.last'), lastReport],
  ];
  const sections = [
    [words.say('evidence.title', { id: card.id }), headline],
    [
      words.say('evidence.times', { zone: card.timeZone }),
      ...times.flatMap(([name, at]) => (at ? `${name}: ${both(at)}` : [])),
    ],
    [words.say('evidence.wording'), ...card.wording.map(({ from, headline: said }) => `${both(from)}: ${said}`)],
    [
      words.say('incident.evidence', { n: card.sources.length + card.sourcesLeftOut }),
      ...card.sources.flatMap((one) => sourceLines(one, words)),
    ],
    card.vantages.length > 0
      ? [
          words.say('evidence.vantages'),
          ...card.vantages.map(({ country, network, reports }) => `${country ?? '?'} ${network} × ${reports}`),
        ]
      : [],
    [words.say('incident.log'), ...card.log.map((step) => `${both(step.at)}: ${changeText(step, words)}`)],
    [words.say('evidence.cite'), citation(card, words)],
    [words.say('evidence.hash', { hash: card.sha256 }), words.say('evidence.made', { when: both(card.madeAt) })],
  ];
  const lines = sections
    .filter((section) => section.length > 0)
    .map(([head, ...rest]) => [head, ...rest.map((one) => `  ${one}`)].join('\n'));
  return `${lines.join('\n\n')}\n`;
}

/** What a newsroom writes under its text. */
export function citation(card: Card, words: Translator): string {
  const headline = (card.wording.at(-1)?.headline ?? card.id).replace(/^\S+ /u, '');
  return words.say('evidence.citation', {
    id: card.id,
    headline,
    since: card.times.since?.utc ?? '?',
    made: card.madeAt.utc,
    hash: card.sha256.slice(0, 16),
  });
}

function sourceLines({ publisher, title, link, at, action, measured }: CardSource, words: Translator): string[] {
  const said = words.say(`label.${action as 'block'}`);
  const lines = [`${both(at)} – ${publisher}: ${title === '' ? said : `${title} [${said}]`}`];
  if (measured) {
    const counted =
      measured.measurements === null ? '' : ` · ${words.say('count.measurements', { n: measured.measurements })}`;
    lines.push(
      `  ${measured.verdict} · ${measured.networks.join(', ') || '?'}${counted}${measured.licence ? ` · ${measured.licence}` : ''}`,
    );
  }
  if (link !== null) lines.push(`  ${link}`);
  return lines;
}

const WITH_WORDS = new Set(['opened', 'escalated', 'confidence-up', 'method-revealed', 'lift-confidence-up']);

function changeText(step: Card['log'][number], words: Translator): string {
  const change = step.change as ChangeKind;
  const state = `${words.say(`label.${step.action as 'block'}`)}, ${words.say(`confidence.${step.confidence as Confidence}`)}`;
  if (!WITH_WORDS.has(change)) return words.say(`change.${change as 'lifted'}`);
  const what = change === 'method-revealed' && step.method ? words.say(`method.${step.method as 'dns'}`) : state;
  return words.say(`change.${change as 'opened'}`, { what });
}
