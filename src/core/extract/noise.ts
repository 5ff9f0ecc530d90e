import type { Cue, Field } from './read.ts';
import { cueBefore } from './read.ts';
import { isPrevented } from './scope.ts';

/** What tells that a text is no news of access, whatever words it holds. Class of the lexicon → where it must stand to silence the text. */
const SILENCING: Record<string, 'title' | 'lead' | 'anywhere'> = {
  howto: 'title',
  hindsight: 'title',
  list: 'lead',
  retro: 'lead',
  opinion: 'title',
  device: 'title',
  parental: 'lead',
  adblock: 'title',
  competition: 'title',
  lawblock: 'title',
  vpnad: 'title',
  feature: 'title',
  rumour: 'lead',
  broadcast: 'title',
  company: 'title',
};

export interface Noise {
  /** Class that silences the whole text, or null. */
  silent: string | null;
  /** A failure of the service or of the line, not a measure: what only "is down" is no event. */
  outage: boolean;
  /** Someone measures. */
  monitored: boolean;
  /** Someone suspects or measures a measure. */
  suspected: boolean;
}

export function noiseOf(fields: Field[]): Noise {
  let silent: string | null = null;
  let outage = false;
  let suspected = false;
  let monitored = false;
  for (const field of fields) {
    if (field.name === 'body') continue;
    for (const cue of field.cues) {
      if (cue.cls === 'outage' || cue.cls === 'tech') outage = true;
      if (cue.cls === 'suspect' || cue.cls === 'monitor') suspected = true;
      if (cue.cls === 'monitor') monitored = true;
      if (silent === null && silences(field, cue)) silent = cue.cls;
    }
  }
  const title = fields[0]!;
  if (silent === null && isTally(title)) silent = 'retro';
  // Somebody's account, and no country: the platform's own business.
  if (silent === null && title.cues.some((c) => c.cls === 'account') && !title.places.some((p) => p.kind === 'country'))
    silent = 'account';
  return { silent, outage, monitored, suspected };
}

/** "In 2025 the agency blocked more than 34 thousand sites": a year and a count in the title are statistics. */
function isTally(field: Field): boolean {
  const inYear = (i: number): boolean =>
    /^(?:19|20)\d\d$/u.test(field.tokens[i]!.w) &&
    cueBefore(field, i, 0, 'inyear') !== null &&
    cueBefore(field, i, 1, 'month') === null;
  if (!field.tokens.some((_, i) => inYear(i))) return false;
  return field.tokens.some(({ w }) => TALLY.has(w) || (/^\d{2,}$/u.test(w) && !/^(?:19|20)\d\d$/u.test(w)));
}
const TALLY = new Set(
  'тыс млн тысяч тысячи thousand thousands million hundreds milliers miles mil millionen tausend ribu'.split(' '),
);

/** "blocks Wikipedia under a law": a service, and no judge, within the phrase. */
export const hitsService = (field: Field, cue: Cue): boolean =>
  field.mentions.some((m) => m.from > cue.from && m.to < cue.to && !m.everyday) &&
  !field.cuesIn[field.sentence[cue.from]!]!.some((c) => c.cls === 'court');

function silences(field: Field, cue: Cue): boolean {
  const where = SILENCING[cue.cls];
  if (where === undefined || (cue.cls === 'rumour' && isPrevented(field, cue))) return false;
  if (cue.cls === 'lawblock' && hitsService(field, cue)) return false;
  if (where === 'anywhere' || field.name === 'title') return true;
  // "Column: …" opens a column, whatever field it stands in.
  if (cue.cls === 'opinion') return cue.from === 0;
  return where === 'lead' && field.sentence[cue.from] === 0;
}
