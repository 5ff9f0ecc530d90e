import {
  type Action,
  type Incident,
  NETWORK,
  type Part,
  reaches,
  severityOf,
  type Standing,
  type StandingChange,
  type Transition,
} from '../model/incident.ts';
import type { Block } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';
import { paragraph } from './plain.ts';

/** What headlines can say: the action in force, or how it ended. */
export type Headline = Action | 'withdrawn' | 'warnOver';

type Shown = Pick<Incident, 'state' | 'action' | 'family'>;

/** One mark a state, at the start of the line; the same in alerts, replies and `status`. */
const MARKS: Record<Headline, string> = {
  block: '🔴',
  throttle: '🟠',
  restrict: '🟠',
  shutdown: '⚫',
  warn: '🟡',
  unblock: '🟢',
  warnOver: '🟢',
  withdrawn: '⚪',
};

/** What is to be said first of an incident: the action in force, or how it ended. */
export function sayingOf(incident: Shown): Headline {
  if (incident.state === 'withdrawn') return 'withdrawn';
  if (incident.state === 'lifted') return incident.family === 'warn' ? 'warnOver' : 'unblock';
  return incident.family === 'warn' ? 'warn' : incident.action;
}

export const markOf = (saying: Headline): string => MARKS[saying];

/** Worst first: what is in force by severity, then threats, then what is over. */
const rank = (saying: Headline): number => {
  if (saying === 'withdrawn') return 0;
  if (saying === 'warnOver' || saying === 'unblock') return 1;
  return saying === 'warn' ? 2 : 2 + severityOf(saying);
};
export const worstFirst = (a: Headline, b: Headline): number => rank(b) - rank(a);
export const isOver = (saying: Headline): boolean => rank(saying) < 2;

/** "🔴 **Russia: WhatsApp blocked**". */
export const headlineBlock = (saying: Headline, text: string, after: string | null = null): Block =>
  paragraph(`${markOf(saying)} `, { bold: [text] }, ...(after === null ? [] : [` · ${after}`]));

/** What is known beyond the incident itself: the part that is cut, and whether messages are not. */
export interface Extent {
  /** Of what stood already, the change that this is told for. */
  change?: StandingChange | null;
  part?: Part | null;
  /** Every report that counts names a region, so it holds there and nowhere else, as far as is known. */
  regional?: boolean;
  messages?: boolean;
}

/** "WhatsApp blocked", without country and mark; "calls in WhatsApp do not work" where only these are cut. */
export function whatOf(saying: Headline, service: string | null, words: Translator, extent: Extent = {}): string {
  if (service === null) return words.say(`any.${saying}`);
  const { part, messages, change } = extent;
  const measure = measureOf(change);
  if (measure && !isOver(saying)) return words.say(`changed.${measure}`, { service: words.service(service) });
  if (service === NETWORK)
    return words.say(`net.${saying}`, { service: words.say(part === 'mobile' ? 'noun.mobile' : 'noun.internet') });
  const name = words.service(service);
  if (saying === 'restrict' && part && part !== 'mobile') {
    const what = words.say(`part.${part}`, { service: name });
    return messages ? words.say('part.messages', { what }) : what;
  }
  return words.say(`head.${saying}`, { service: name });
}

/** Measures that are news of what is blocked already (`core/correlate`). */
const MEASURES = ['dns', 'app-store', 'legal'] as const;
type Measure = (typeof MEASURES)[number];
export const measureOf = (change: StandingChange | null | undefined): Measure | null =>
  MEASURES.find((one) => one === change?.method) ?? null;

/** A month is enough of a date so long ago. */
const LONG_AGO = 300 * 86_400_000;

/** "blocked since Mar 2022": how it stood before the change. */
export function stoodText({ action, since, monthOnly }: Standing, now: number, words: Translator): string {
  const state = words.say(`state.${action}`);
  if (since === null) return words.say('stands.long', { state });
  const when = monthOnly || now - since > LONG_AGO ? words.month(since) : words.day(since, 'UTC', now);
  return words.say('status.since', { state, when });
}

type Placed = Pick<Incident, 'country' | 'service' | 'regions'>;

/** Regions that a headline names; more are counted. */
const MAX_PLACES = 3;

/**
 * "Russia", or the place first where it holds in parts of it: "Dagestan, Russia". Nobody should take that for the whole country. Of a
 * service, a city may be but where somebody noticed: `regional` says that it is not so.
 */
export function whereOf(incidents: readonly Placed[], words: Translator, regional = false): string {
  const country = words.country(incidents[0]!.country);
  if (!incidents.every((one) => one.regions.length > 0 && (one.service === NETWORK || regional))) return country;
  const regions = [...new Set(incidents.flatMap((one) => one.regions))];
  // A text's own words, inflected and in its language, head nothing.
  if (regions.some((one) => words.region(one) === one)) return words.say('country.inPlaces', { country });
  const names = [...new Set(regions.map((one) => words.region(one)))];
  if (names.length > MAX_PLACES) return words.say('place.many', { country, n: names.length });
  return words.say(names.length === 1 ? 'place.one' : 'place.several', { regions: words.list(names), country });
}

/** "Russia: WhatsApp blocked", without mark. */
export function headlineOf(
  incident: Shown & Placed & Partial<Pick<Incident, 'liftConfidence'>>,
  words: Translator,
  extent: Extent = {},
): string {
  const saying = sayingOf(incident);
  const country = whereOf([incident], words, extent.regional);
  const { service, action, family } = incident;
  if (saying === 'withdrawn' && service !== null)
    return words.say(`wrong.${family === 'warn' ? 'warn' : action}`, {
      country,
      service: service === NETWORK ? words.say('noun.theInternet') : words.service(service),
    });
  const what = whatOf(saying, service, words, extent);
  if (saying !== 'unblock' || incident.state !== 'easing') return words.say('headline', { country, what });
  // It works again, says somebody, of what nobody knew to be cut.
  const claim =
    incident.liftConfidence === 'suspected' ? words.say('alert.easingMeasured') : words.say('alert.easing', { n: 1 });
  const name = service === NETWORK ? words.say('noun.internet') : service && words.service(service);
  const place = name ? words.say('headline', { country, what: name }) : country;
  return words.say('headline', { country: place, what: claim });
}

/** A line of the transition log in words, after the line before it. */
export function changeOf(step: Transition, before: Transition | null, words: Translator): string {
  const sure = words.say(`confidence.${step.confidence}`);
  const label = words.say(`label.${step.action}`);
  switch (step.change) {
    case 'opened':
      return words.say('change.opened', { what: lower(words.list([label, sure])) });
    case 'escalated':
      return words.say('change.escalated', { what: lower(label) });
    case 'confidence-up':
      // Surer of something milder: what is sure now must be named.
      if (before === null || before.action === step.action) return words.say('change.confidence-up', { what: sure });
      return words.say('change.confidence-up', { what: lower(words.list([label, sure])) });
    case 'lifted':
      return words.say(
        step.action === 'unblock' && !reaches(step.confidence, 'corroborated') ? 'change.easing' : 'change.lifted',
      );
    case 'lift-confidence-up':
      return words.say('change.lift-confidence-up', { what: sure });
    case 'changed':
      return words.say('change.changed', { what: step.method ? words.say(`method.${step.method}`) : lower(label) });
    case 'method-revealed':
      return words.say('change.method-revealed', { what: step.method ? words.say(`method.${step.method}`) : '?' });
    default:
      return words.say(`change.${step.change}`);
  }
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
