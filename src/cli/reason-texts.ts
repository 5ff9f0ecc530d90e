/** The ids of an explanation in words, for `classify --explain`. */
import { GROUND_TEXTS, REASON_TEXTS } from '../core/extract/fact.ts';

const listed = (table: Readonly<Record<string, string>>, id: string): string | null =>
  Object.hasOwn(table, id) ? table[id]! : null;

/** Why something was turned down. */
export const reasonText = (id: string, by?: string): string =>
  by === undefined ? (listed(REASON_TEXTS, id) ?? id) : `done by ${by} itself`;

/** On what grounds an event stands. An id that is not listed is one of a family, or says it itself. */
export function groundText(id: string): string {
  const [family = '', ...rest] = id.split('-');
  if (family === 'asserted' && rest.length > 0) return `${rest.join('-')} asserted`;
  if (family === 'held') return `a lift that has not come (${rest.join('-')}): still in force`;
  return listed(GROUND_TEXTS, id) ?? id;
}
