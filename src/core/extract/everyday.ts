/** Names that are ordinary words ("X", "Signal", "Max"): which of them mean the service. */
import { beside } from './lists.ts';
import type { Field, Mention } from './read.ts';
import { cueAfter, cueBefore, cuesAround, mentionsAround } from './read.ts';
import { ACT_SET, ACTS, isAct } from './scope.ts';
import { GAP } from './tokens.ts';

/** Words that may stand between a name and its verb. */
const LITTLE = new Set([
  'adv',
  'modal',
  'maybe',
  'threat',
  'neg',
  'will',
  'begin',
  'partial',
  'past',
  'remain',
  'still',
]);

/** "messenger" is what others are called: alone it is no name, in a list of names it is. */
export const isKind = (field: Field, m: Mention): boolean =>
  field.cuesAt[m.from]!.some((c) => c.to === m.to && (c.cls === 'kind' || c.cls === 'social'));

export function inContext(field: Field, m: Mention, sure: Set<string>): boolean {
  const generic = isKind(field, m);
  if (!generic && (cueBefore(field, m.from, 1, 'kind') !== null || cueAfter(field, m.to, 1, 'kind') !== null))
    return true;
  for (const other of mentionsAround(field, m.from)) {
    if (other === m || other.role !== null || other.id === m.id) continue;
    // Two of a kind side by side ("RT and Sputnik") vouch for each other.
    const vouches = !other.everyday || sure.has(other.id) || other.category === m.category;
    if (vouches && beside(field, m, other)) return true;
  }
  if (generic) return false;
  // "X'i": what takes an apostrophe and an ending is a name, however far its verb is.
  const ending = field.tokens[m.to];
  if (ending?.gap === GAP.none && !ending.cap && ending.w !== 's' && ending.w.length <= 4 && field.tokens[m.from]!.cap)
    return field.cues.some((c) => isAct(c) && field.prop[c.from] === field.prop[m.from]);
  // "Max Verstappen", "Signal Iduna": a capital that no one knows follows, and it is another name.
  const next = field.tokens[m.to];
  if (
    next?.cap === true &&
    next.gap === GAP.space &&
    field.cuesAt[m.to]!.length === 0 &&
    !field.places.some((p) => p.from === m.to)
  )
    return false;
  if (!field.tokens[m.from]!.cap && field.tokens[m.from]!.w.charCodeAt(0) < 0x500) return false;
  // "takes X offline": the act stands around the name.
  if (
    cuesAround(field, m.from).some((c) => c.from < m.from && c.to > m.to && (ACT_SET.has(c.cls) || c.cls === 'legal'))
  )
    return true;
  // "Signal, the app that was blocked": what it is, behind a comma.
  const comma = ((next?.gap ?? 0) & GAP.comma) !== 0;
  if (!generic && comma && cueAfter(field, m.to, APPOSED, 'kind') !== null) return true;
  // "X in Pakistan for a month blocked": at the head of a title, before a scene.
  const heads = field.name === 'title' && m.from === 0 && field.places.some((p) => p.from === m.to + 1);
  if (heads && cueAfter(field, m.to, HEADED, ['block', 'restrict', 'throttle', 'unblock', 'down']) !== null)
    return true;
  // "Signal appears to be blocked": little words may stand between, a noun may not ("Signal failure blocks trains").
  let reach = 0;
  while (reach < 4 && isLittle(field, m.to + reach)) reach++;
  return (
    cueBefore(field, m.from, 2, [...ACTS, 'access', 'legal', 'threat']) !== null ||
    // "X access restored"
    cueAfter(field, m.to, 0, 'access') !== null ||
    cueAfter(field, m.to, reach, [...ACTS]) !== null
  );
}

/** Words between a name and what it is called. */
const APPOSED = 3;

const HEADED = 8;

function isLittle(field: Field, i: number): boolean {
  const token = field.tokens[i];
  if (token === undefined) return false;
  // "X in Brazil blocked": a place may stand between, too.
  if (field.places.some((p) => p.from <= i && i < p.to)) return true;
  return !token.cap && (token.w.length <= 3 || field.cuesAt[i]!.some((c) => LITTLE.has(c.cls)));
}
