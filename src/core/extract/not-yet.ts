/** "The network is back, X not yet": two words tell what lacks beside what came back; anywhere else they tell nothing. */
import { besideNames } from './aside.ts';
import type { Cue, Field, Span } from './read.ts';
import { GAP } from './tokens.ts';

/** Words of the kind become acts where they stand so, and are dropped elsewhere ("not yet clear when"). */
export function lacks(field: Field): void {
  const all = field.cues.filter((c) => c.cls === 'notyet');
  if (all.length === 0) return;
  const held: Cue[] = [];
  for (const cue of all) {
    if (!isLacking(field, cue)) continue;
    cue.cls = 'down';
    held.push({ ...cue, cls: 'still' });
  }
  const stays = (c: Cue): boolean => c.cls !== 'notyet';
  field.cues = [...field.cues.filter(stays), ...held].sort((a, b) => a.from - b.from);
  for (const { from } of all) {
    const sentence = field.sentence[from]!;
    const here = held.filter((c) => c.from === from);
    field.cuesAt[from] = [...field.cuesAt[from]!.filter(stays), ...here];
    field.cuesIn[sentence] = [...field.cuesIn[sentence]!.filter(stays), ...here].sort((a, b) => a.from - b.from);
  }
}

/** Behind what came back: right behind a name at the end of what is said of it, or right before a name. */
function isLacking(field: Field, cue: Cue): boolean {
  const cues = field.cuesIn[field.sentence[cue.from]!]!;
  const back = cues.some((c) => (c.cls === 'unblock' || c.cls === 'lift') && c.to <= cue.from);
  if (!back) return false;
  const names: Span[] = [...field.mentions, ...cues.filter((c) => c.cls === 'social')];
  const next = field.tokens[cue.to];
  const ends = next === undefined || (next.gap & (GAP.comma | GAP.clause | GAP.sentence)) !== 0;
  return names.some((n) => (ends ? n.to === cue.from : n.from === cue.to));
}

/** Where a list of names that begins at a token ends. */
export function endOfList(field: Field, first: Span): number {
  let last = first;
  for (const m of field.mentions)
    if (m.from >= last.to && field.sentence[m.from] === field.sentence[first.from] && besideNames(field, last, m))
      last = m;
  return last.to;
}
