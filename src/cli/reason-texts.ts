/** The ids of an explanation in words, for `classify --explain`. */
import type { GROUNDS, REASONS } from '../core/extract/fact.ts';

const OF_REASONS: Record<(typeof REASONS)[number], string> = {
  account: 'an account, not the public',
  appeal: 'an appeal',
  'aside-broadcast': 'speaks of something else: broadcast',
  'aside-company': 'speaks of something else: company',
  asked: 'asked',
  background: 'background',
  broadcaster: 'a broadcaster, not its site',
  conditional: 'only on a condition',
  denied: 'denied',
  disclaimer: 'legal disclaimer',
  disproved: 'the text says that the report is false',
  heading: 'the heading of its own end',
  'label-alone': 'a label without a service',
  leaves: 'leaves by its own choice',
  'looks-back': 'the text looks back at it',
  negated: 'negated',
  'never-cut': 'it was never cut',
  'no-authority': 'no country and no authority',
  'no-country': 'no country',
  'no-network': 'nothing of a network',
  'only-down': 'only down: nobody speaks of a measure',
  'only-slow': 'only slow: nobody speaks of a measure',
  'only-trouble': 'only trouble: nobody speaks of a measure',
  'other-object': 'another object',
  others: 'what others did',
  outage: 'an outage',
  'outage-over': 'an outage is over',
  'own-doing': 'its own doing',
  'own-doing-titled': 'its own doing, as the title says',
  'owner-orders': 'done by its owner itself',
  'owner-threatens': 'a threat of its owner',
  planned: 'only planned',
  'points-back': 'points back to what is no news',
  'said-not': 'said not to be so',
  'service-does': 'done by the service itself',
  'store-itself': 'the doing of the store itself',
  'title-denies': 'the title says that it is not so',
  worldwide: 'the same in all the world',
};

const OF_GROUNDS: Record<(typeof GROUNDS)[number], string> = {
  'age-gate': 'an age gate',
  back: 'access is back',
  future: 'future',
  horizon: 'ahead by a date that the text names',
  tabled: 'told as done in the title, and a bill by the text',
  label: 'a label, fine or bill',
  lifted: 'a ban is lifted',
  'limits-access': 'limits access',
  'limits-whole': 'limits the whole',
  'one-function': 'one function only',
  partly: 'a part of it',
  threat: 'threat',
  'unknown-name': 'a name that the catalogue lacks',
};

const listed = (table: Readonly<Record<string, string>>, id: string): string | null =>
  Object.hasOwn(table, id) ? table[id]! : null;

/** Why something was turned down. */
export const reasonText = (id: string, by?: string): string =>
  by === undefined ? (listed(OF_REASONS, id) ?? id) : `done by ${by} itself`;

/** On what grounds an event stands. An id that is not listed is one of a family, or says it itself. */
export function groundText(id: string): string {
  const [family = '', ...rest] = id.split('-');
  if (family === 'asserted' && rest.length > 0) return `${rest.join('-')} asserted`;
  if (family === 'held') return `a lift that has not come (${rest.join('-')}): still in force`;
  if (family === 'noise') return `noise: ${rest.join('-')}`;
  return listed(OF_GROUNDS, id) ?? id;
}
