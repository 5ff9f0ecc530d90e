/** "The network is back, X not yet": two words tell what lacks beside what came back; anywhere else they tell nothing. */
import { besideNames } from './aside.ts';
import { REACH } from './distances.ts';
import type { Cue, Field, Span } from './read.ts';
import { GAP } from './tokens.ts';

/** Words of the kind become acts where they stand so, and are dropped elsewhere ("not yet clear when"). */
export function lacks(field: Field): void {
  const all = field.cues.filter((c) => c.cls === 'notyet');
  if (all.length === 0) return;
  const added: Cue[] = [];
  const gone = new Set<Cue>();
  for (const cue of all) {
    if (isWithout(field, cue)) cue.cls = 'down';
    else if (isLacking(field, cue)) {
      cue.cls = 'down';
      added.push({ ...cue, cls: 'still' });
    } else {
      gone.add(cue);
      continue;
    }
    // The negation is its own, not that of what came back before.
    for (let i = cue.from; i < cue.to; i++)
      for (const c of field.cuesAt[i]!) if (c.to <= cue.to && (c.cls === 'neg' || c.cls === 'negpost')) gone.add(c);
  }
  renew(field, gone, added);
}

function renew(field: Field, gone: ReadonlySet<Cue>, added: readonly Cue[]): void {
  const stays = (c: Cue): boolean => !gone.has(c);
  field.cues = [...field.cues.filter(stays), ...added].sort((a, b) => a.from - b.from);
  for (const { from } of [...gone, ...added]) {
    const sentence = field.sentence[from]!;
    field.cuesAt[from] = field.cues.filter((c) => c.from === from);
    field.cuesIn[sentence] = field.cues.filter((c) => field.sentence[c.from] === sentence);
  }
}

/** Behind what came back: right behind a name at the end of what is said of it, or right before a name. */
function isLacking(field: Field, cue: Cue): boolean {
  const cues = field.cuesIn[field.sentence[cue.from]!]!;
  if (!cues.some((c) => (c.cls === 'unblock' || c.cls === 'lift') && c.to <= cue.from)) return false;
  const names: Span[] = [...field.mentions, ...cues.filter((c) => c.cls === 'social')];
  return names.some((n) => (isEnd(field, cue.to) ? n.to === cue.from : n.from === cue.to));
}

/** "Ethiopia without X: …", "Vietnam: no X since Saturday": a title that begins with who lacks what. */
function isWithout(field: Field, cue: Cue): boolean {
  if (field.name !== 'title') return false;
  if (
    !field.places.some((p) => p.kind === 'country' && p.from <= 1 && cue.from >= p.to && cue.from - p.to <= REACH.near)
  )
    return false;
  const name = field.mentions.find((m) => m.from === cue.to);
  if (name === undefined) return false;
  const end = endOfList(field, name);
  return isEnd(field, end) || field.cuesAt[end]!.some((c) => c.cls === 'after' || c.cls === 'circumstance');
}

function isEnd(field: Field, at: number): boolean {
  const next = field.tokens[at];
  return next === undefined || (next.gap & (GAP.comma | GAP.clause | GAP.sentence)) !== 0;
}

/** "Networks are back, social media – no": what lacks belongs to the name before the dash. */
export const isLackAt = (field: Field, i: number): boolean =>
  field.cuesAt[i]!.some(
    (c) =>
      c.cls === 'down' && field.cuesAt[i]!.some((s) => s.cls === 'still' && s.to === c.to && s.phrase === c.phrase),
  ) &&
  (field.mentions.some((m) => m.to === i) ||
    field.cuesIn[field.sentence[i]!]!.some((c) => c.cls === 'social' && c.to === i));

/** Where a list of names that begins at a token ends. */
export function endOfList(field: Field, first: Span): number {
  let last = first;
  for (const m of field.mentions)
    if (m.from >= last.to && field.sentence[m.from] === field.sentence[first.from] && besideNames(field, last, m))
      last = m;
  return last.to;
}
