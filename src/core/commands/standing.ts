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

const covers = (one: Matcher, { country, service }: BaselineEntry): boolean =>
  (one.country !== ANY || one.service !== ANY) &&
  (one.country === ANY || one.country === country) &&
  (one.service === ANY || one.service === service);

export interface StandingCapabilities {
  baseline: readonly BaselineEntry[];
  incidents: Pick<IncidentTable, 'openByKey'>;
  lifted: Lifted;
}

export interface Standing {
  /** Newest first; of the newest so many that are looked up. */
  entries: BaselineEntry[];
  /** Older ones, which were not looked up. */
  older: number;
}

/** Long-standing blocks that these cover. What an incident tells of, or a lift has ended, is left out; "everything" has none. */
export async function standingOf(
  matchers: readonly Matcher[],
  now: number,
  can: StandingCapabilities,
): Promise<Standing> {
  const asked = can.baseline.filter((entry) => matchers.some((one) => covers(one, entry)));
  const entries: BaselineEntry[] = [];
  for (const entry of asked.toSorted((a, b) => b.since - a.since).slice(0, MAX_LOOKED_UP)) {
    const { country, service } = entry;
    if (!(await can.incidents.openByKey(country, service, 'access')) && !(await can.lifted.of(entry, now)))
      entries.push(entry);
  }
  return { entries, older: Math.max(0, asked.length - MAX_LOOKED_UP) };
}

/** As a list of at most `max` under a heading: nobody should read "nothing is cut off" about what has been blocked for years. */
export function standingList({ entries, older }: Standing, max: number, { words, now }: CommandContext): Block[] {
  if (entries.length === 0) return [];
  const items = entries
    .slice(0, max)
    .map((one) => [`${baselineMark(one)} ${nameOfMatcher(one, words)} · ${baselineCell(one, words, now)}`]);
  const rest = entries.length + older - items.length;
  if (rest > 0) items.push([words.say('list.more', { n: rest })]);
  return [line(words.say('subscribe.standing')), list(items)];
}

/** Both at once, for an answer that does nothing else with them. */
export const standingBlocks = async (
  matchers: readonly Matcher[],
  max: number,
  context: CommandContext,
  can: StandingCapabilities,
): Promise<Block[]> => standingList(await standingOf(matchers, context.now, can), max, context);
