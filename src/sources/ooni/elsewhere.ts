import { type Counts, count, type Row } from './counts.ts';

/** Counts of one country, or of one test, in one hour. */
export interface Beside extends Omit<Row, 'asn'> {
  key: string;
}

/** Where nobody blocks what chats ask for as a rule, and many measure. */
const CALM = ['US', 'DE', 'GB', 'NL', 'FR', 'CA', 'BR', 'JP', 'AU', 'ES'];
const MAX_COUNTRIES = 40;

/** Countries to compare with: those, and what is followed as well. */
export const countriesBeside = (own: string, followed: readonly string[]): string[] =>
  [...new Set([...CALM, ...followed])].filter((one) => one !== own).slice(0, MAX_COUNTRIES);

const DAY = 86_400_000;
/** So many measurements before and since tell how it goes. */
const MIN_COUNT = 5;
const WELL_SHARE = 0.35;
const BAD_SHARE = 0.6;
/** In so many other countries, and in half of those where it was well: it is the service, and no country. */
const MIN_COUNTRIES = 3;
/** What the web of a country is measured by: a thousand sites, of which no country blocks most. */
const WEB = 'web_connectivity';
const MIN_WEB = 10;

interface Turn {
  before: Counts;
  since: Counts;
}

function turnsOf(rows: readonly Beside[], since: number): Map<string, Turn> {
  const turns = new Map<string, Turn>();
  for (const { key, at, bad, ok } of rows) {
    if (at < since - DAY) continue;
    const turn = turns.get(key) ?? { before: { bad: 0, ok: 0 }, since: { bad: 0, ok: 0 } };
    const side = at < since ? turn.before : turn.since;
    side.bad += bad;
    side.ok += ok;
    turns.set(key, turn);
  }
  return turns;
}

const wasWell = ({ before }: Turn): boolean => count(before) >= MIN_COUNT && before.bad <= count(before) * WELL_SHARE;
const isBad = ({ since }: Turn): boolean => since.bad >= count(since) * BAD_SHARE;

/** The same service turned bad in other countries, too, where it had been well the day before: an outage of its own. */
export function isEverywhere(rows: readonly Beside[], since: number): boolean {
  const known = [...turnsOf(rows, since).values()].filter((one) => wasWell(one) && count(one.since) >= MIN_COUNT);
  const turned = known.filter(isBad);
  return turned.length >= MIN_COUNTRIES && turned.length * 2 >= known.length;
}

/** Most of the web turned bad in that country at the same time: its lines are broken, or all is cut. */
export function isWholeWeb(rows: readonly Beside[], since: number): boolean {
  const web = turnsOf(rows, since).get(WEB);
  return web !== undefined && wasWell(web) && count(web.since) >= MIN_WEB && isBad(web);
}
