import { worseClaim } from '../correlate/ladder.ts';
import type { Alert } from '../model/alert.ts';
import { type Incident, rankOf, speaksForServices } from '../model/incident.ts';
import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { Report } from '../model/report.ts';
import type { Headline } from '../ports/phrases/headlines.ts';
import type { Translator } from '../ports/translate.ts';
import { courseOf, evidenceOf, reasonsOf, reportsFor, reportsInForce, sourceLine, surenessOf } from './evidence.ts';
import { headlineOf, isOver, markOf, sayingOf, whatOf, whereOf, worstFirst } from './headline.ts';
import { disagreements } from './observed.ts';
import { capital, oneLine } from './plain.ts';

export type IncidentWithReports = Incident & { reports: Report[] };

/** What one chat is to see of an alert. */
export interface AlertView {
  alert: Alert;
  /** Those of the alert's incidents that this chat follows, in their newest state, with their reports in any order. */
  incidents: IncidentWithReports[];
  /** Service ids known to be open in the country. */
  works: string[];
  lang: string;
  timeZone: string;
  now: number;
}

const MAX_SOURCES = 5;
const MAX_NAMES = 40;
const MAX_IDS = 40;
/** Beyond this, ids are plain text: platforms bound the number of marked-up pieces. */
const MAX_CODE_IDS = 12;

/** The alert as it stands now; the same whether it is sent for the first time or edited in place. */
export function renderAlert(view: AlertView, words: Translator): MessageDocument {
  return {
    blocks: [...bodyOf(view.incidents, view, words, { works: view.works, lead: null }), idNote(view.incidents, words)],
    buttons: buttonsOf(view.incidents, words),
    lang: words.lang,
    tone: 'alert',
  };
}

/** Headline and facts of these incidents; complete by itself. `lead` is said first, after the headline. */
export function bodyOf(
  incidents: readonly IncidentWithReports[],
  view: Pick<AlertView, 'timeZone' | 'now'>,
  words: Translator,
  extra: { works: string[]; lead: string | null; sources?: boolean },
): Block[] {
  const only = incidents.length === 1 ? incidents[0] : undefined;
  const blocks = only ? [headlineBlock(sayingOf(only), headlineOf(only, words))] : groupHead(incidents, words);
  const facts = only ? factsOf(only, view, words) : groupFacts(incidents, view, words);
  if (extra.lead) facts.unshift([extra.lead]);
  const cutOff = incidents.some(speaksForServices);
  const over = incidents.every((incident) => isOver(sayingOf(incident)));
  const works = extra.works.filter((service) => !incidents.some((incident) => incident.service === service));
  if (!cutOff && !over && works.length > 0)
    facts.push([words.say('alert.works', { services: nameList(works, words, 8) })]);
  const lifts = incidents.flatMap((i) => (isOver(sayingOf(i)) ? reportsFor(i, i.reports, true) : []));
  const others = incidents.flatMap((i) => i.reports.filter((report) => !lifts.includes(report)));
  const sources = sourceLine(lifts.length > 0 ? lifts : others, MAX_SOURCES, words);
  if (sources && extra.sources !== false) facts.push(sources);
  if (facts.length > 0) blocks.push({ type: 'list', items: facts });
  return blocks;
}

const headlineBlock = (saying: Headline, text: string): Block => ({
  type: 'paragraph',
  inline: [`${markOf(saying)} `, { bold: [text] }],
});

function factsOf(
  incident: IncidentWithReports,
  view: Pick<AlertView, 'timeZone' | 'now'>,
  words: Translator,
): Inline[][] {
  const when = (at: number): string => words.dateTime(at, view.timeZone, view.now);
  const saying = sayingOf(incident);
  const facts: Inline[][] = [];
  if (saying === 'withdrawn') {
    facts.push([words.say('alert.withdrawn')]);
    if (incident.withdrawnBecause)
      facts.push([words.say('alert.because', { why: oneLine(incident.withdrawnBecause, 300) })]);
    const before = incident.family === 'warn' ? 'warn' : incident.action;
    facts.push([words.say('alert.was', { what: whatOf(before, incident.service, words) })]);
    return facts;
  }
  if (isOver(saying)) {
    const lifts = reportsFor(incident, incident.reports, true);
    if (incident.action === 'unblock' || incident.closedAt === null) {
      facts.push([words.say('alert.backAt', { when: when(incident.closedAt ?? incident.openedAt) })]);
    } else {
      facts.push([lastedOf(incident.openedAt, incident.closedAt, view, words)]);
      if (incident.family === 'access') {
        facts.push([words.say('alert.was', { what: whatOf(incident.action, incident.service, words) })]);
      }
    }
    facts.push([surenessOf(incident.liftConfidence ?? incident.confidence, lifts, words)]);
    return facts;
  }
  const reports = reportsFor(incident, incident.reports, false);
  const { since, before } = courseOf(incident, reports);
  facts.push([words.say(saying === 'warn' ? 'alert.warnedAt' : 'alert.since', { when: when(since) })]);
  if (before) {
    const label = words.say(`label.${before.action}`);
    facts.push([words.say('alert.earlier', { label, when: when(incident.openedAt) })]);
  }
  facts.push([surenessOf(incident.confidence, reportsInForce(incident, reports), words)]);
  facts.push(...worseOf(incident, words));
  for (const text of disagreements(reportsInForce(incident, reports), words)) facts.push([text]);
  if (incident.method) facts.push([words.say('alert.how', { method: words.say(`method.${incident.method}`) })]);
  if (incident.regions.length > 0)
    facts.push([words.say('alert.where', { regions: placesOf(incident.regions, words) })]);
  else {
    const back = new Set(reportsFor(incident, incident.reports, true).flatMap((report) => report.region ?? []));
    if (back.size > 0) facts.push([words.say('alert.backIn', { regions: placesOf([...back], words) })]);
  }
  const parts = [...new Set(reports.flatMap((report) => report.measured?.component ?? []))];
  if (parts.length > 0) facts.push([words.say('alert.part', { parts: bounded(parts, 4, words) })]);
  if (incident.state === 'easing') facts.push([easingOf(incident, words)]);
  if (incident.linkedId && saying !== 'warn')
    facts.push(words.rich('alert.cameTrue', { id: { code: incident.linkedId } }));
  else if (incident.linkedId) facts.push(words.rich('alert.linked', { id: { code: incident.linkedId } }));
  return facts;
}

const lastedOf = (from: number, to: number, view: Pick<AlertView, 'timeZone' | 'now'>, words: Translator): string =>
  words.say('alert.lasted', {
    duration: words.duration(to - from),
    from: words.dateTime(from, view.timeZone, view.now),
    to: words.dateTime(to, view.timeZone, view.now),
  });

/** "1 outlet says it is fully blocked; not certain yet", where that is not what is in force. */
function worseOf(incident: IncidentWithReports, words: Translator): Inline[][] {
  const claim = worseClaim(incident, reportsFor(incident, incident.reports, false));
  return claim === null ? [] : [[words.say(`alert.worse.${claim.action}`, { n: claim.outlets })]];
}

function easingOf(incident: IncidentWithReports, words: Translator): string {
  const { outlets, authorities } = evidenceOf(reportsFor(incident, incident.reports, true));
  const voices = outlets + authorities.length;
  return voices > 0 ? words.say('alert.easing', { n: voices }) : words.say('alert.easingMeasured');
}

/** Thirteen services of one country: one headline, then one line a kind of change. */
function groupHead(incidents: readonly IncidentWithReports[], words: Translator): Block[] {
  const bySaying = new Map<Headline, IncidentWithReports[]>();
  for (const incident of incidents) {
    const saying = sayingOf(incident);
    bySaying.set(saying, [...(bySaying.get(saying) ?? []), incident]);
  }
  const sayings = [...bySaying.keys()].sort(worstFirst);
  const worst = sayings[0];
  if (worst === undefined) return [];
  const one = sayings.length === 1;
  const what = one
    ? words.say(`group.${worst}`, { n: incidents.length })
    : words.say('group.mixed', { n: incidents.length });
  const country = whereOf(incidents, words);
  const blocks: Block[] = [headlineBlock(worst, words.say('headline', { country, what }))];
  for (const saying of sayings) {
    const members = bySaying.get(saying)!;
    const names = nameList(
      members.map((incident) => incident.service),
      words,
      MAX_NAMES,
    );
    const inline: Inline[] = one
      ? [names]
      : [`${markOf(saying)} `, { bold: [`${words.say(`label.${saying}`)}:`] }, ` ${names}`];
    blocks.push({ type: 'paragraph', inline });
  }
  return blocks;
}

function groupFacts(
  incidents: readonly IncidentWithReports[],
  view: Pick<AlertView, 'timeZone' | 'now'>,
  words: Translator,
): Inline[][] {
  const facts: Inline[][] = [];
  const inForce = incidents.filter((incident) => !isOver(sayingOf(incident)));
  const counting = inForce.length > 0 ? inForce : incidents.filter((incident) => incident.state === 'lifted');
  if (counting.length === 0) {
    facts.push([words.say('alert.withdrawn')]);
    const why = [...new Set(incidents.flatMap((incident) => incident.withdrawnBecause ?? []))];
    for (const reason of why.slice(0, 3)) facts.push([words.say('alert.because', { why: oneLine(reason, 300) })]);
    return facts;
  }
  const opened = counting.map((incident) => incident.openedAt);
  const first = Math.min(...opened);
  if (inForce.length > 0) {
    const when = words.dateTime(first, view.timeZone, view.now);
    const key =
      sayingOf(counting[0]!) === 'warn'
        ? 'alert.warnedAt'
        : first === Math.max(...opened)
          ? 'alert.since'
          : 'alert.sinceEarliest';
    facts.push([words.say(key, { when })]);
  } else {
    facts.push([lastedOf(first, Math.max(...counting.map((incident) => incident.closedAt ?? view.now)), view, words)]);
  }
  facts.push([groupSureness(counting, inForce.length === 0, words)]);
  const methods = [...new Set(inForce.flatMap((incident) => incident.method ?? []))];
  for (const method of methods.slice(0, 3))
    facts.push([words.say('alert.how', { method: words.say(`method.${method}`) })]);
  const regions = [...new Set(inForce.flatMap((incident) => incident.regions))];
  if (regions.length > 0) facts.push([words.say('alert.where', { regions: placesOf(regions, words) })]);
  const named = (incident: IncidentWithReports, text: Inline): Inline[] => [
    incident.service === null ? '' : `${words.service(incident.service)}: `,
    text,
  ];
  for (const incident of inForce.filter((one) => worseOf(one, words).length > 0).slice(0, 3))
    facts.push(named(incident, worseOf(incident, words)[0]![0]!));
  for (const incident of inForce.filter((one) => one.state === 'easing').slice(0, 3))
    facts.push(named(incident, easingOf(incident, words)));
  return facts;
}

/** One line for all where all are equally sure; else what holds for the weakest, and says so. */
function groupSureness(incidents: readonly IncidentWithReports[], lift: boolean, words: Translator): string {
  const lines = incidents.map((incident) => {
    const confidence = lift ? (incident.liftConfidence ?? incident.confidence) : incident.confidence;
    const both = reportsFor(incident, incident.reports, lift);
    const reports = lift ? both : reportsInForce(incident, both);
    const evidence = evidenceOf(reports);
    return {
      rank:
        rankOf(confidence) * 1_000 +
        Math.min(
          999,
          evidence.outlets + evidence.networks + evidence.observatories.length + evidence.authorities.length,
        ),
      text: surenessOf(confidence, reports, words),
      why: reasonsOf(evidence, words),
    };
  });
  const weakest = lines.reduce((a, b) => (b.rank < a.rank ? b : a));
  const same = lines.every((line) => line.text === weakest.text);
  return same ? weakest.text : words.say('why.each', { sure: weakest.text });
}

/** Names of services; those without a name are left to the count in the headline. */
function nameList(services: readonly (string | null)[], words: Translator, max: number): string {
  const names = services.flatMap((service) => (service === null ? [] : [words.service(service)]));
  const rest = names.length - max;
  const shown = names.slice(0, max);
  if (rest > 0) shown.push(words.say('list.more', { n: rest }));
  return shown.length > 0 ? words.list(shown) : '…';
}

const bounded = (items: readonly string[], max: number, words: Translator): string => {
  const shown = items.slice(0, max).map((item) => capital(oneLine(item, 60)));
  if (items.length > max) shown.push(words.say('list.more', { n: items.length - max }));
  return words.list(shown);
};

const placesOf = (regions: readonly string[], words: Translator): string =>
  bounded([...new Set(regions.map((region) => words.region(region)))], 6, words);

export function idNote(incidents: readonly Pick<Incident, 'id'>[], words: Translator): Block {
  const ids = incidents.slice(0, MAX_IDS).map((incident) => incident.id);
  const inline: Inline[] =
    ids.length > MAX_CODE_IDS ? [ids.join(' ')] : ids.flatMap((id, index) => [...(index ? [' '] : []), { code: id }]);
  if (incidents.length > MAX_IDS) inline.push(` + ${words.say('list.more', { n: incidents.length - MAX_IDS })}`);
  return { type: 'note', inline };
}

export function buttonsOf(incidents: readonly IncidentWithReports[], words: Translator): Button[][] {
  const first = incidents[0];
  if (!first) return [];
  const row: Button[] = [];
  const ids = incidents.slice(0, MAX_IDS).map((incident) => incident.id);
  row.push({ label: words.say('button.evidence'), press: { command: `incident ${ids.join(' ')}` } });
  if (incidents.some((incident) => !isOver(sayingOf(incident)))) row.push(...muteButton(incidents, words));
  const what = first.country ?? (first.service === null ? null : first.service);
  if (what !== null) row.push({ label: words.say('button.status'), press: { command: `status ${what}` } });
  return [row];
}

function muteButton(incidents: readonly IncidentWithReports[], words: Translator): Button[] {
  const { id, country } = incidents[0]!;
  if (incidents.length === 1) return [{ label: words.say('button.mute'), press: { command: `mute ${id} for 8h` } }];
  if (country === null) return [];
  const label = words.say('button.muteCountry', { country: words.country(country) });
  return [{ label, press: { command: `mute ${country} for 8h` } }];
}
