import { type Cue, type Field, isAct, type Mention, REACH, type Span, within } from './field.ts';
import { GAP, isEnding, isJoinedByLetter } from './text/tokens.ts';

/** Names that stand near an act and are not what it hits: means, stores, reasons, earlier steps. */

export const gapTo = (a: Span, b: Span): number =>
  b.from >= a.to ? b.from - a.to : a.from >= b.to ? a.from - b.to : 0;

export const joinedNames = (field: Field, a: Span, b: Span): boolean =>
  b.from - a.to === 1 && field.hasBefore(b.from, 'and');

export const besideNames = (field: Field, a: Span, b: Span): boolean => {
  const [left, right] = a.from < b.from ? [a, b] : [b, a];
  return joinedNames(field, left, right) || (right.from === left.to && field.gapAt(right.from, GAP.comma));
};

/** VPNs are what people turn to; they are the target only when the act names them and nothing else. */
export function isDirect(field: Field, act: Cue, vpn: Mention): boolean {
  const reach = act.cls === 'down' || act.cls === 'fail' ? 2 : 5;
  if (act.cls === 'unblock' || act.cls === 'cut' || gapTo(act, vpn) > reach) return false;
  const { cues, mentions } = field.clauseOf(act.from);
  const isNearer = (x: Span): boolean => !besideNames(field, x, vpn) && gapTo(act, x) <= gapTo(act, vpn);
  return !(
    cues.some((c) => c.cls === 'social' && gapTo(c, vpn) > 0 && !isStore(field, c) && isNearer(c)) ||
    mentions.some((m) => m !== vpn && m.role === null && m.category !== 'vpn' && isNearer(m) && !isAside(field, act, m))
  );
}

/** "from the store of applications": no applications. */
const isStore = (field: Field, cue: Cue): boolean => field.covering(cue, 'appstore') !== undefined;

/** The store that something is taken from, and what is only named behind "after": no objects of this act. */
export function isAside(field: Field, act: Cue, m: Mention): boolean {
  // "Apple, Google restore TikTok to app stores": who owns the store.
  if (act.cls === 'unblock' && m.category === 'search' && field.sentenceHas(act.from, 'appstore')) return true;
  if (m.category === 'app-store' && (act.cls === 'delist' || (act.cls === 'unblock' && isShelf(field, act, m))))
    return true;
  if (act.cls === 'delist' && m.category === 'search')
    if (m.from <= act.from || m.from >= act.to || field.hasCue(m.to, 'inf')) return true;
  if (m.from < act.to) return m.to <= act.from && isBefore(field, act, m);
  // "to unblock X if Y returns": the condition is about another.
  if (field.sentenceHas(act.from, 'cond', (c) => c.from >= act.to && c.to <= m.from && hasObjectBefore(field, act, c)))
    return true;
  // "ban X over Grok images": the reason comes after the target.
  if (
    field.hasBefore(m.from, 'about') &&
    field
      .mentionsAround(act.from)
      .some((o) => o !== m && o.role === null && o.to < m.from && gapTo(act, o) < gapTo(act, m))
  )
    return true;
  return field.cuesAround(act.from).some(
    (c) =>
      (c.cls === 'after' || (c.cls === 'amid' && hasObjectBefore(field, act, c))) &&
      c.from >= act.to &&
      c.to <= m.from &&
      field.sameClause(c, act) &&
      // "las llamadas por WhatsApp"
      !field.hasBefore(c.from, 'func'),
  );
}

/** "After banning X and Y, the state banned Z", "X'in engellenmesinin ardından bir platform daha engellendi": the step before has its own objects. */
function isBefore(field: Field, act: Cue, m: Mention): boolean {
  const { from } = field.sentenceOf(act.from);
  const cues = field.cuesAround(act.from);
  const steps = (a: number, b: number): boolean =>
    cues.some((c) => isAct(c) && c.cls !== 'fail' && c.from >= a && c.to <= b);
  const named = (at: number): boolean =>
    field.mentionsAround(act.from).some((o) => o.role === null && o.id !== m.id && o.from >= at) ||
    cues.some((c) => c.cls === 'social' && c.from >= at);
  return cues.some((c) => {
    if (c.cls === 'afterpost') return c.from >= m.to && c.to <= act.from && steps(m.to, c.from) && named(c.to);
    if (c.cls !== 'after' || c.from - from > REACH.beside || c.to > m.from) return false;
    for (let i = m.to; i <= act.from; i++)
      if (field.gapAt(i, GAP.comma) && !field.mentionsAround(i).some((o) => o.from === i))
        return steps(c.to, i) && named(i);
    return false;
  });
}

/** "unblocks social media amid talks with X": the act has its object already. */
const hasObjectBefore = (field: Field, act: Cue, amid: Cue): boolean =>
  field.sentenceHas(act.from, ['social', 'net'], within(act.to, amid.from)) ||
  field.mentionsAround(act.from).some((m) => m.role === null && m.from >= act.to && m.to <= amid.from);

/** "X is available again in the App Store and Google Play": where, unless the stores are listed with what is back. */
function isShelf(field: Field, act: Cue, store: Mention): boolean {
  const all = field.mentionsAround(act.from);
  const listed = all.some(
    (o) =>
      o.category !== 'app-store' && Math.abs(all.indexOf(o) - all.indexOf(store)) === 1 && besideNames(field, o, store),
  );
  return !listed && all.some((o) => o.category !== 'app-store' && o.role === null && field.sameClause(o, act));
}

/** Names that stand in one list share what is said of any of them. */

const LONGEST_AND = 4;

/** Two mentions in one list: nothing but a comma or "and" between them. */
export function beside(field: Field, a: Mention, b: Mention): boolean {
  const [left, right] = a.from < b.from ? [a, b] : [b, a];
  const end = endOf(field, left);
  const between = right.from - end;
  // Where every letter is a token, "and" is several.
  if (between < 0 || between > LONGEST_AND) return false;
  const and = field.cueBefore(right.from, 'and');
  if (and !== null && and.from === end) return true;
  if (between > 1) return false;
  const { gap } = field.tokens[right.from]!;
  if (between === 0)
    return (gap & (GAP.comma | GAP.clause)) !== 0 || gap === GAP.none || isJoinedByLetter(field.tokens[right.from]!);
  return and !== null;
}

/** "RT-a i Sputnika": an ending behind a hyphen belongs to the name. */
function endOf(field: Field, { to }: Mention): number {
  const next = field.tokens[to];
  return next !== undefined && isEnding(next) ? to + 1 : to;
}

const SPREADS = new Set(['comparison', 'rival', 'means', 'channel']);

/** What holds of the first of a list holds of the rest: "by analogy with Instagram and Facebook". */
export function spreadLists(field: Field): void {
  for (let i = 1; i < field.mentions.length; i++) {
    const m = field.mentions[i]!;
    const before = field.mentions[i - 1]!;
    const role = before.role;
    if (m.role === null && role !== null && SPREADS.has(role) && beside(field, before, m)) m.role = role;
  }
}
