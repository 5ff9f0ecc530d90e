/**
 * How likely a triple that is reported is right. Beside its own score it counts what else the text could report. Learnt from readings of texts
 * that the scores had not seen.
 */
import type { Action } from '../../model/action.ts';
import type { Analysis } from '../analysis.ts';
import { isYear } from '../dates.ts';
import { leading } from './candidates.ts';
import { listsOf, type NameList } from './level.ts';
import { logistic } from './logistic.ts';
import { EVIDENCE, type EventModel } from './weights.ts';
import { MAX_WORDS } from './years.ts';

/** A candidate with its log-odds of being right. Texts that are no news were learnt from as well, though little. */
export interface Scored {
  service: string;
  country: string;
  action: Action;
  score: number;
}

/** What a text says beside its candidates. */
export interface Grounds {
  /** What the rules alone say: country/service/action. */
  claims: ReadonlySet<string>;
  /** A bill, a draft, a vote in title or lead: where such a text is read as a measure in force, it is more often a threat than elsewhere. */
  billed: boolean;
  /** A year stands in title or lead: news of the day rarely has one. */
  dated: boolean;
  /** Services that the text names side by side. */
  lists: readonly NameList[];
}

export const claimOf = ({ country, service, action }: Omit<Scored, 'score'>): string =>
  `${country}/${service}/${action}`;

export function groundsOf({ noise, found, fields }: Analysis): Grounds {
  const claims = new Set<string>();
  if (noise.silent === null)
    for (const { id: service, action, countries } of found.claims)
      for (const country of countries) claims.add(claimOf({ service, country, action }));
  const read = leading(fields);
  return {
    claims,
    billed: read.some(({ cues }) => cues.some((cue) => cue.cls === 'bill')),
    dated: read.some((field) => field.tokens.some((_, i) => i < MAX_WORDS && isYear(field, i))),
    lists: listsOf(read, found.claims),
  };
}

export interface Text extends Grounds {
  /** Log-odds that it is news. */
  odds: number;
  /** All candidates. */
  cells: readonly Scored[];
}

/** Beyond these log-odds nothing is surer, and below nothing less sure. */
const MOST = 8;
const bound = (score: number): number => Math.max(-MOST, Math.min(MOST, score));
/** As good as no rival. */
const NO_RIVAL = -6;

/**
 * `rival`: the same of the likeliest other country, where the text may mean several. `behind`: by how much the text's likeliest triple is likelier.
 * `claimed`: the rules say it, too. `billed`: a measure in a text about a bill. `dated`: a year in the text.
 */
export function evidenceOf(cell: Scored, { odds, cells, claims, billed, dated }: Text): number[] {
  const { score, service, country, action } = cell;
  let top = score;
  let rival = NO_RIVAL;
  for (const other of cells) {
    top = Math.max(top, other.score);
    if (other.service === service && other.action === action && other.country !== country)
      rival = Math.max(rival, other.score);
  }
  const measure = billed && action !== 'warn';
  return [
    bound(odds),
    bound(score),
    bound(rival),
    bound(top - score),
    Number(claims.has(claimOf(cell))),
    Number(measure),
    Number(dated),
  ];
}

/** How likely a triple of a text is right. */
export function surenessOf(event: EventModel, cell: Scored, text: Text): number {
  let sum = event.offset;
  for (const [i, value] of evidenceOf(cell, text).entries()) sum += event[EVIDENCE[i]!] * value;
  return logistic(sum);
}
