import { REACH } from './distances.ts';
import type { Cue, Field } from './read.ts';
import { cueAfter, cueBefore } from './read.ts';
import { GAP } from './tokens.ts';

/** What shows that a text speaks of sites: an address ("grani.ru"), or a name like RuTracker among letters that are not Latin. */
export const SITE =
  /[\p{L}\p{N}]{2}\.(?:com|org|net|info|press|media|news|live|app|[a-z]{2}|рф)(?![\p{L}\p{N}])|[\u0400-\u04ff\u0600-\u06ff] «?[A-Z][a-z]+[A-Z][a-z]/u;

/** In a title written Like This a capital says nothing. */
const MOSTLY = 0.6;

/**
 * The act hits something by a name that the catalogue lacks: "blocks access to Groza", "LiveJournal is still blocked", "blocks grani.ru".
 * Only what looks like the name of a site or an app: behind "access to" any name, else one with a dot or a capital inside.
 */
export function namesUnknown(field: Field, act: Cue): boolean {
  const access = cueAfter(field, act.to, REACH.beside, 'access') ?? cueBefore(field, act.from, REACH.beside, 'access');
  // "blocks access to the Garissa mosque": a name of something else.
  const other = access === null ? null : cueAfter(field, access.to, REACH.close, 'other');
  if (access !== null && (other === null || !inSame(field, act, other.from))) {
    for (let i = access.to; i < Math.min(access.to + REACH.close, field.tokens.length); i++) {
      if (!inSame(field, act, i)) break;
      if (isSiteName(field, i) || (isName(field, i) && !isHeadlineCase(field))) return true;
      // "blocks access to Groza": the first name in any case.
      if (i === access.to && isName(field, i) && field.cuesAt[i]!.length === 0) return true;
    }
  }
  for (let i = act.to; i < Math.min(act.to + REACH.close, field.tokens.length) && inSame(field, act, i); i++)
    if (isSiteName(field, i)) return true;
  for (let i = act.from - 1; i >= Math.max(0, act.from - REACH.close - 1) && inSame(field, act, i); i--)
    if (isSiteName(field, i)) return true;
  return false;
}

const inSame = (field: Field, act: Cue, i: number): boolean => field.prop[i] === field.prop[act.from];

function isName(field: Field, i: number): boolean {
  const { cap, w } = field.tokens[i]!;
  return cap && w.length > 2 && !isKnown(field, i);
}

const isKnown = (field: Field, i: number): boolean =>
  field.cuesAt[i]!.length > 0 ||
  field.places.some((p) => p.from <= i && i < p.to) ||
  field.mentions.some((m) => m.from <= i && i < m.to) ||
  field.agencies.some((a) => a.from <= i && i < a.to);

/** "LiveJournal", "grani.ru". */
function isSiteName(field: Field, i: number): boolean {
  if (isKnown(field, i)) return false;
  const { start, end, cap } = field.tokens[i]!;
  // "заблокировал «Эхо Москвы»"
  if (cap && field.text[start - 1] === '«') return true;
  const next = field.tokens[i + 1];
  if (next !== undefined && next.gap === GAP.none && field.text[end] === '.' && /^\p{L}{2,}$/u.test(next.w))
    return !field.mentions.some((m) => m.from <= i + 1 && i + 1 < m.to);
  return /^\p{Lu}\p{Ll}+\p{Lu}\p{Ll}/u.test(field.text.slice(start, end));
}

const isHeadlineCase = (field: Field): boolean =>
  field.name === 'title' && field.tokens.filter((t) => t.cap).length > field.tokens.length * MOSTLY;
