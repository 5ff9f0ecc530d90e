import { worseClaim } from '../correlate/ladder.ts';
import { leavesMessages, partCut } from '../correlate/part.ts';
import { besides } from '../correlate/places.ts';
import type { CategoryOf } from '../model/catalogue.ts';
import { changeAt, type Incident, type Level, NETWORK, sinceOf } from '../model/incident.ts';
import type { Inline } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';
import {
  courseOf,
  disagreements,
  evidenceOf,
  groundsOf,
  type IncidentWithReports,
  reportsFor,
  surenessIn,
} from './evidence.ts';
import { type Extent, isOver, measureOf, sayingOf, stoodText, whatOf } from './headline.ts';
import { capital, oneLine } from './plain.ts';

/** Components of `service-components.yaml` by what people call them; one that an operator added is shown by its id. */
const NAMED = {
  web: ['web'],
  calls: ['calls'],
  media: ['media', 'pictures', 'video'],
  registration: ['registration'],
  bridges: ['bridges'],
  persian: ['persian'],
  russian: ['russian'],
  servers: ['api', 'app', 'endpoints', 'gateway', 'servers', 'data-centres'],
};

export function componentName(id: string, words: Translator): string {
  const [name] = Object.entries(NAMED).find(([, ids]) => ids.includes(id)) ?? [];
  return name === undefined ? id : words.say(`component.${name as keyof typeof NAMED}`);
}

/** The facts of one incident, a line each: since when, how sure and why, how, where. */

export type { IncidentWithReports } from './evidence.ts';

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
    if (incident.withdrawnBecause) tell('alert.because', { why: oneLine(incident.withdrawnBecause, 300) });
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
  const { outlets, authorities } = evidenceOf(reportsFor(incident, incident.reports, true));
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

function boundedList(items: readonly string[], max: number, words: Translator): string {
  const rest = items.length > max ? [words.say('list.more', { n: items.length - max })] : [];
  return words.list([...items.slice(0, max), ...rest]);
}

export const placesOf = (regions: readonly string[], words: Translator): string =>
  bounded([...new Set(regions.map((region) => words.region(region)))], 6, words);
