import type { BaselineEntry } from '../model/baseline.ts';
import { ANY } from '../model/chat.ts';
import type { Block } from '../model/message.ts';
import type { IncidentTable } from '../ports/store.ts';
import type { CommandContext } from './command.ts';
import { type Matcher, nameOfMatcher } from './describe.ts';
import { line, list } from './document.ts';
import type { Lifted } from './lifted.ts';
import { baselineCell, baselineMark } from './status-rows.ts';

/** So many are looked up in the store for one answer. */
const MAX_LOOKED_UP = 25;

/** Is this long-standing block about what was asked? Never by "everything". */
export const covers = (one: Matcher, { country, service }: BaselineEntry): boolean =>
  (one.country !== ANY || one.service !== ANY) &&
  (one.country === ANY || one.country === country) &&
  (one.service === ANY || one.service === service);

/**
 * Long-standing blocks that a new subscription covers, newest first, as a list of at most `max` under a heading: nobody should read "nothing is cut off" about
 * what has been blocked for years. What an incident tells of, or a lift has ended, is left out; "everything" gets none.
 */
export async function standingBlocks(
  matchers: readonly Matcher[],
  max: number,
  context: CommandContext,
  can: { baseline: readonly BaselineEntry[]; incidents: Pick<IncidentTable, 'openByKey'>; lifted: Lifted },
): Promise<Block[]> {
  const { words, now } = context;
  const asked = can.baseline.filter((entry) => matchers.some((one) => covers(one, entry)));
  const standing: BaselineEntry[] = [];
  for (const entry of asked.toSorted((a, b) => b.since - a.since).slice(0, MAX_LOOKED_UP)) {
    const { country, service } = entry;
    if (!(await can.incidents.openByKey(country, service, 'access')) && !(await can.lifted.of(entry, now)))
      standing.push(entry);
  }
  if (standing.length === 0) return [];
  const items = standing
    .slice(0, max)
    .map((one) => [`${baselineMark(one)} ${nameOfMatcher(one, words)} · ${baselineCell(one, words, now)}`]);
  const rest = standing.length + Math.max(0, asked.length - MAX_LOOKED_UP) - items.length;
  if (rest > 0) items.push([words.say('list.more', { n: rest })]);
  return [line(words.say('subscribe.standing')), list(items)];
}
