import { severityOf } from '../model/action.ts';
import { type Incident, NETWORK } from '../model/incident.ts';
import type { Headline } from '../ports/phrases/headlines.ts';
import type { Translator } from '../ports/translate.ts';

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

/** "WhatsApp blocked", without country and mark. */
export function whatOf(saying: Headline, service: string | null, words: Translator): string {
  if (service === null) return words.say(`any.${saying}`);
  const name = words.service(service);
  return service === NETWORK
    ? words.say(`net.${saying}`, { service: name })
    : words.say(`head.${saying}`, { service: name });
}

type Placed = Pick<Incident, 'country' | 'service' | 'regions'>;

/** "Russia"; "Russia, in places" where a network is off in some regions: nobody should take that for the whole country. */
export function whereOf(incidents: readonly Placed[], words: Translator): string {
  const country = words.country(incidents[0]!.country);
  const inPlaces = incidents.every((one) => one.service === NETWORK && one.regions.length > 0);
  return inPlaces ? words.say('country.inPlaces', { country }) : country;
}

/** "Russia: WhatsApp blocked", without mark. */
export const headlineOf = (incident: Shown & Placed, words: Translator): string =>
  words.say('headline', {
    country: whereOf([incident], words),
    what: whatOf(sayingOf(incident), incident.service, words),
  });
