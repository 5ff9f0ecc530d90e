import { ANY } from '../model/chat.ts';
import { type Level, liftReaches, reaches } from '../model/incident.ts';
import type { Link } from '../model/link.ts';
import type { CutOff } from './cut-off.ts';

/** Who joins two chats because of what began in this time, ms, joins them because of news. */
const NEWS = 7 * 86_400_000;

/** The first chat of a pair, as far as this goes. `countries`: those that it follows by name. */
export interface BothChat {
  level: Level;
  countries: ReadonlySet<string>;
}

/**
 * For which of these does a chat of that level get its alerts in both chats? Only for a country that it follows by name: whoever follows
 * everything lives somewhere, and nobody knows where. And only for what began or became worse since the two were joined: whoever lives with a slow
 * platform for a year does not want a year of everything twice, unless they say so. Null = for none. Pure.
 */
export function planBoth(
  chat: BothChat,
  { both, createdAt }: Pick<Link, 'both' | 'createdAt'>,
  cutOff: readonly CutOff[],
): CutOff | null {
  if (both === 'never') return null;
  const known = cutOff.filter((one) => concerns(chat, one));
  const fresh = known.find(({ since }) => since !== null && since >= createdAt - NEWS);
  return fresh ?? (both === 'always' ? (known[0] ?? null) : null);
}

/** What has been so since before the two were joined, so that nothing comes to both because of it; null = nothing. Pure. */
export const longSince = (
  chat: BothChat,
  { createdAt }: Pick<Link, 'createdAt'>,
  cutOff: readonly CutOff[],
): CutOff | null =>
  cutOff.find((one) => concerns(chat, one) && (one.since === null || one.since < createdAt - NEWS)) ?? null;

const concerns = ({ level, countries }: BothChat, { country, incident }: CutOff): boolean =>
  country !== ANY &&
  countries.has(country) &&
  (incident === null || (reaches(incident.confidence, level) && !liftReaches(incident, level)));
