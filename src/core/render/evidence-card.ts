import { createHash } from 'node:crypto';
import { type Incident, type Transition, sinceOf } from '../model/incident.ts';
import type { Report } from '../model/report.ts';
import type { Translator } from '../ports/translate.ts';
import { evidenceOf } from '../state/evidence.ts';
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

/**
 * Keys in this order. `madeAt`: when the card was made. `sha256`: of the JSON of all the others, so that the same evidence has the same digest.
 */
export type Card = ReturnType<typeof cardOf>;
export function cardOf({ incident, reports, count, log, timeZone, now }: CardFacts, words: Translator) {
  const moment = (at: number): Moment => ({
    utc: isoOf(at),
    local: words.dateTime(at, timeZone, at - 400 * 24 * HOUR),
  });
  const maybe = (at: number | null): Moment | null => (at === null ? null : moment(at));
  const sorted = [...reports].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const { id, country, service, action, state, confidence, liftConfidence, method } = incident;
  const facts = {
    format: 'tocsin-evidence/1',
    id,
    country: { code: country, name: words.country(country) },
    service: { id: service, name: service === null ? null : words.service(service) },
    regions: incident.regions.map((region) => ({ id: region, name: words.region(region) })),
    action,
    state,
    confidence,
    liftConfidence,
    method,
    timeZone,
    /** What the date in `times.since` is worth: only an authority or a measurement dates it, an outlet says when it heard of it. */
    sinceKind: incident.standing ? ('standing' as const) : evidenceOf(incident, reports).sinceKind,
    /** `since` is when it began or was first reported, `corroborated` and `confirmed` when that was first reached, `ended` the lift or withdrawal. */
    times: {
      since: moment(sinceOf(incident) ?? incident.openedAt),
      corroborated: maybe(incident.corroboratedAt),
      confirmed: maybe(incident.confirmedAt),
      ended: maybe(incident.closedAt),
      lastReport: moment(incident.lastReportAt),
    },
    /** News, statements and measurements, oldest first. */
    sources: sorted.map((report) => sourceOf(report, moment, words)),
    /** Reports beyond those. */
    sourcesLeftOut: Math.max(0, count - reports.length),
    vantages: vantagesOf(sorted),
    log: log.map((step) => stepOf(step, moment)),
    wording: wordingOf(incident, log, moment, words),
    withdrawnBecause: incident.withdrawnBecause === null ? null : oneLine(incident.withdrawnBecause, 300),
  };
  return { ...facts, madeAt: moment(now), sha256: digestOf(facts) };
}

function stepOf({ at, change, action, state, confidence, method }: Transition, moment: (at: number) => Moment) {
  return { at: moment(at), change, action, state, confidence, method };
}

const digestOf = (facts: object): string => createHash('sha256').update(JSON.stringify(facts)).digest('hex');

const isoOf = (at: number): string =>
  Math.abs(at) <= 8.64e15 ? new Date(at).toISOString().replace(/\.\d{3}Z$/u, 'Z') : String(at);

/** `link`: of the article or measurement. */
function sourceOf(report: Report, moment: (at: number) => Moment, words: Translator) {
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

/** Where it was measured: country and network, with how often. */
function vantagesOf(reports: readonly Report[]) {
  const seen = reports.flatMap(({ measured, country }) =>
    (measured?.networks ?? []).map((one) => ({ country, network: oneLine(one, 20) })),
  );
  const byNetwork = Map.groupBy(seen, ({ country, network }) => `${country} ${network}`);
  return [...byNetwork.values()].slice(0, MAX_VANTAGES).map((same) => ({ ...same[0]!, reports: same.length }));
}

/** What readers were told, and from when on; without the parts and places that reports added, which the log does not keep. */
function wordingOf(incident: Incident, log: readonly Transition[], moment: (at: number) => Moment, words: Translator) {
  const said = log.map(({ at, action, state, confidence }) => {
    const then = { ...incident, regions: [], action, state };
    const sure = words.say(`confidence.${confidence}`);
    const headline = `${markOf(sayingOf(then))} ${headlineOf(then, words)}`;
    return { from: moment(at), headline: words.say('text.brackets', { text: headline, more: sure }) };
  });
  return said.filter(({ headline }, i) => headline !== said[i - 1]?.headline);
}

/** The evidence card as plain text, for people: in the reader's language, lines that survive a copy into any editor. Pure. */

const both = ({ utc, local }: Moment, words: Translator): string =>
  local.endsWith('UTC') ? utc : words.say('text.brackets', { text: utc, more: local });

export function cardText(card: Card, words: Translator): string {
  const headline = card.wording.at(-1)?.headline ?? card.id;
  const named = (name: string, value: string): string => words.say('text.named', { name, value });
  const vantages = card.vantages.map(({ country, network, reports }) => `${country ?? '?'} ${network} × ${reports}`);
  const { since, corroborated, confirmed, ended, lastReport } = card.times;
  const times: [string, Moment | null][] = [
    [words.say(card.sinceKind === 'first-reported' ? 'evidence.reported' : 'evidence.since'), since],
    [words.say('confidence.corroborated'), corroborated],
    [words.say('confidence.confirmed'), confirmed],
    [words.say('evidence.ended'), ended],
    [words.say('evidence.last'), lastReport],
  ];
  const sections = [
    [words.say('evidence.title', { id: card.id }), headline],
    [
      words.say('evidence.times', { zone: card.timeZone }),
      ...times.flatMap(([name, at]) => (at ? named(name, both(at, words)) : [])),
    ],
    [words.say('evidence.wording'), ...card.wording.map(({ from, headline: said }) => named(both(from, words), said))],
    [
      words.say('incident.evidence', { n: card.sources.length + card.sourcesLeftOut }),
      ...card.sources.flatMap((one) => sourceLines(one, words)),
    ],
    [...(vantages.length > 0 ? [words.say('evidence.vantages')] : []), ...vantages],
    [words.say('incident.log'), ...card.log.map((step) => named(both(step.at, words), changeText(step, words)))],
    [words.say('evidence.cite'), citation(card, words)],
    [words.say('evidence.hash', { hash: card.sha256 }), words.say('evidence.made', { when: both(card.madeAt, words) })],
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
    since: words.say(card.sinceKind === 'first-reported' ? 'line.reported' : 'line.since', {
      when: card.times.since.utc,
    }),
    made: card.madeAt.utc,
    hash: card.sha256.slice(0, 16),
  });
}

function sourceLines({ publisher, title, link, at, action, measured }: Card['sources'][number], words: Translator) {
  const said = words.say(`label.${action}`);
  const value = title === '' ? said : `${title} [${said}]`;
  const lines = [`${both(at, words)}${words.dash}${words.say('text.named', { name: publisher, value })}`];
  if (measured) {
    const { verdict, networks, measurements, licence } = measured;
    const counted = measurements === null ? '' : ` · ${words.say('count.measurements', { n: measurements })}`;
    lines.push(`  ${verdict} · ${networks.join(', ') || '?'}${counted}${licence ? ` · ${licence}` : ''}`);
  }
  if (link !== null) lines.push(`  ${link}`);
  return lines;
}

function changeText({ change, action, confidence, method }: Card['log'][number], words: Translator): string {
  const state = `${words.say(`label.${action}`)}, ${words.say(`confidence.${confidence}`)}`;
  switch (change) {
    case 'opened':
    case 'escalated':
    case 'confidence-up':
    case 'lift-confidence-up':
      return words.say(`change.${change}`, { what: state });
    case 'changed':
    case 'method-revealed':
      return words.say(`change.${change}`, { what: method ? words.say(`method.${method}`) : state });
    default:
      return words.say(`change.${change}`);
  }
}
