/** Several incidents of one country in one message: one headline, then what they share, then what each rests on. */
import { rankOf } from '../model/incident.ts';
import type { Block, Inline } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';
import { evidenceOf, reasonsOf, reportsFor, reportsInForce, sourceLine, surenessOf } from './evidence.ts';
import { easingOf, type IncidentWithReports, lastedOf, nameList, placesOf, type Seen, worseOf } from './facts.ts';
import { headlineBlock, isOver, markOf, sayingOf, whereOf, worstFirst } from './headline.ts';
import { oneLine } from './plain.ts';

const MAX_NAMES = 40;
/** Lines of sources; what more incidents rest on, `/incident` tells. */
const MAX_LINES = 6;

/** Thirteen services of one country: one headline, then one line a kind of change. */
export function groupHead(incidents: readonly IncidentWithReports[], words: Translator): Block[] {
  const sayings = [...new Set(incidents.map(sayingOf))].sort(worstFirst);
  const worst = sayings[0];
  if (worst === undefined) return [];
  const blocks: Block[] = [headlineBlock(worst, groupHeadline(incidents, words))];
  for (const saying of sayings) {
    const members = incidents.filter((one) => sayingOf(one) === saying);
    const names = nameList(
      members.map((incident) => incident.service),
      words,
      MAX_NAMES,
    );
    const inline: Inline[] =
      sayings.length === 1
        ? [names]
        : [`${markOf(saying)} `, { bold: [`${words.say(`label.${saying}`)}:`] }, ` ${names}`];
    blocks.push({ type: 'paragraph', inline });
  }
  return blocks;
}

/** "Russia: 13 services blocked". */
export function groupHeadline(incidents: readonly IncidentWithReports[], words: Translator): string {
  const n = incidents.length;
  const [saying, ...others] = new Set(incidents.map(sayingOf));
  const what = others.length === 0 ? words.say(`group.${saying!}`, { n }) : words.say('group.mixed', { n });
  return words.say('headline', { country: whereOf(incidents, words), what });
}

export function groupFacts(incidents: readonly IncidentWithReports[], view: Seen, words: Translator): Inline[][] {
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

/** Reports to cite for an incident: of what it says now, of its lift where it is over. */
export const citedOf = (incident: IncidentWithReports) => {
  const lifts = isOver(sayingOf(incident)) ? reportsFor(incident, incident.reports, true) : [];
  return lifts.length > 0 ? lifts : reportsFor(incident, incident.reports, false);
};

/** One line where all rest on the same articles; else each incident's own, named: what was lifted is not cited for what is blocked. */
export function groupSources(incidents: readonly IncidentWithReports[], max: number, words: Translator): Inline[][] {
  const lines = new Map<string, { incidents: IncidentWithReports[]; rank: number }>();
  const sayings = [...new Set(incidents.map(sayingOf))].sort(worstFirst);
  for (const one of incidents) {
    const articles = citedOf(one).map((report) => `${report.url ?? report.itemId ?? report.id}`);
    const key = [...new Set(articles)].sort().join(' ');
    if (key === '') continue;
    const line = lines.get(key) ?? { incidents: [], rank: sayings.indexOf(sayingOf(one)) };
    line.incidents.push(one);
    lines.set(key, line);
  }
  const groups = [...lines.values()].sort((a, b) => a.rank - b.rank);
  if (groups.length === 1) return [sourceLine(citedOf(groups[0]!.incidents[0]!), max, words) ?? []];
  const shown = groups.slice(0, MAX_LINES).map((group): Inline[] => {
    const names = nameList(
      group.incidents.map((one) => one.service),
      words,
      4,
    );
    return [`${names}${words.dash}`, ...(sourceLine(citedOf(group.incidents[0]!), 3, words) ?? [])];
  });
  if (groups.length > MAX_LINES) shown.push([words.say('list.more', { n: groups.length - MAX_LINES })]);
  return shown;
}
