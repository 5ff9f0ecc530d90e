import type { CueClass } from './classes.ts';
import type { Tag } from './lexicon.ts';
import { inOrder } from './match-order.ts';
import type { Sentence, Token } from './tokens.ts';
import { GAP, isEnding, sentencesOf, tokenise } from './tokens.ts';
import type { Match, Trie } from './trie.ts';

/** A field of a text after reading: tokens, sentences, propositions, and what the lexicon knows in it. */
export interface Span {
  from: number;
  to: number;
}
export interface Cue extends Span {
  cls: CueClass;
}
export interface Place extends Span {
  code: string;
  kind: 'country' | 'demonym' | 'city' | 'authority';
  /** Its ending says "in". */
  at: boolean;
  /** How surely this is where access changes; below zero: it is not (places.ts). */
  score: number;
}
export interface Mention extends Span {
  id: string;
  category: string;
  everyday: boolean;
  /** Why this mention is no target of the event (roles.ts), or null. */
  role: string | null;
}
export interface Credit extends Span {
  id: string;
}
export interface Field {
  name: Sentence['field'];
  text: string;
  tokens: Token[];
  sentences: Sentence[];
  cues: Cue[];
  /** Cues by first token, for quick looks around. */
  cuesAt: Cue[][];
  /** Cues and mentions by sentence. */
  cuesIn: Cue[][];
  mentionsIn: Mention[][];
  places: Place[];
  mentions: Mention[];
  agencies: Credit[];
  /** Sentence and proposition of each token. */
  sentence: Int32Array;
  prop: Int32Array;
}

export function readField(name: Sentence['field'], text: string, tries: Trie<Tag>[]): Field {
  const { tokens, question } = tokenise(text);
  const sentences = sentencesOf(name, tokens, question);
  const matches: Match<Tag>[] = [];
  for (const trie of tries) matches.push(...trie.match(tokens, text));
  const named = new Int32Array(tokens.length);
  const taken = new Map<string, Map<number, number>>();
  const field: Field = {
    name,
    text,
    tokens,
    sentences,
    cues: [],
    cuesAt: Array.from({ length: tokens.length }, () => []),
    cuesIn: sentences.map(() => []),
    mentionsIn: sentences.map(() => []),
    places: [],
    mentions: [],
    agencies: [],
    sentence: new Int32Array(tokens.length),
    prop: new Int32Array(tokens.length),
  };
  for (const match of inOrder(matches)) take(field, match, named, taken);
  for (const list of [field.cues, field.places, field.mentions, field.agencies]) list.sort((a, b) => a.from - b.from);
  for (const [n, s] of sentences.entries()) field.sentence.fill(n, s.from, s.to);
  for (const cue of field.cues) field.cuesIn[field.sentence[cue.from]!]!.push(cue);
  for (const m of field.mentions) field.mentionsIn[field.sentence[m.from]!]!.push(m);
  propositions(field);
  for (const cue of field.cues) if (cue.cls === 'net' && isAccessToSites(field, cue)) cue.cls = 'access';
  return field;
}

/** "pic.twitter.com/abc": where a link leads, no name of anything. */
const LINK = /^\.[a-z]{2,4}\/\w/iu;

/** The longest reading of a stretch wins; names beat cues inside them, cues leave names inside them alone. */
function take(field: Field, match: Match<Tag>, named: Int32Array, taken: Map<string, Map<number, number>>): void {
  const { from, to, value } = match;
  if (value.kind === 'cue') {
    const range = from * 5_000 + to;
    let insideName = 0;
    let cued = taken.get(value.group);
    if (cued === undefined) {
      cued = new Map();
      taken.set(value.group, cued);
    }
    for (let i = from; i < to; i++) {
      const other = cued.get(i);
      if (other !== undefined && other !== range) return;
      if (named[i]! > to - from) insideName++;
    }
    if (insideName === to - from) return;
    if (field.cuesAt[from]!.some((c) => c.to === to && c.cls === value.cls)) return;
    // The exact word beats the stem of another: "engelli" is no "engel*".
    const closest = cued.get(~range);
    if (closest !== undefined && match.slack > closest) return;
    if (closest === undefined) cued.set(~range, match.slack);
    // Of a phrase with a gap only the ends are taken: what stands between speaks for itself.
    cued.set(from, range);
    cued.set(to - 1, range);
    if (!value.gapped) for (let i = from + 1; i < to - 1; i++) cued.set(i, range);
    const cue: Cue = { cls: value.cls, from, to };
    field.cues.push(cue);
    field.cuesAt[from]!.push(cue);
    return;
  }
  for (let i = from; i < to; i++) {
    if (named[i] === 0) continue;
    // Two services or two countries behind one name are rare; the first in order wins.
    return;
  }
  named.fill(to - from, from, to);
  if (value.kind === 'place') {
    if (value.code !== '-') {
      field.places.push({ code: value.code, kind: value.place, at: value.at === true, from, to, score: 0 });
    }
  } else if (value.kind === 'agency') field.agencies.push({ id: value.id, from, to });
  else if (!LINK.test(field.text.slice(field.tokens[to - 1]!.end, field.tokens[to - 1]!.end + 12)))
    field.mentions.push({ id: value.id, category: value.category, everyday: value.everyday, from, to, role: null });
}

/** "internet access in the country to the website of …": not the network. */
function isAccessToSites(field: Field, net: Cue): boolean {
  if (!hasCue(field, net.to - 1, 'access')) return false;
  for (let i = net.to; i < Math.min(net.to + 6, field.tokens.length) && field.prop[i] === field.prop[net.from]; i++) {
    const to = field.cuesAt[i]!.find((c) => c.cls === 'inf');
    if (to === undefined) continue;
    for (let k = to.to; k < Math.min(to.to + 5, field.tokens.length) && field.prop[k] === field.prop[net.from]; k++) {
      if (field.cuesAt[k]!.some((c) => c.cls === 'prevent' || c.cls === 'noact')) return false;
      if (field.cuesAt[k]!.some((c) => c.cls === 'social') || field.mentions.some((m) => m.from === k)) return true;
    }
    return false;
  }
  return false;
}

/** Propositions: stretches of a sentence that say one thing. Brackets say something of their own and do not part what surrounds them. */
function propositions(field: Field): void {
  let next = 0;
  for (const sentence of field.sentences) {
    let current = next++;
    const outer: number[] = [];
    let closing = -1;
    for (let i = sentence.from; i < sentence.to; i++) {
      const { gap } = field.tokens[i]!;
      if (i > sentence.from) {
        if ((gap & GAP.close) !== 0 && outer.length > 0) current = outer.pop()!;
        if ((gap & GAP.open) !== 0) {
          if (outer.length < 3) outer.push(current);
          current = next++;
        } else if ((gap & GAP.clause) !== 0 && (gap & GAP.close) === 0) {
          // "the shutdown – imposed on Monday – was lifted": two dashes are brackets.
          const end = dashed(field, i, sentence.to);
          if (closing === i && outer.length > 0) {
            current = outer.pop()!;
            closing = -1;
          } else if (closing < 0 && end > 0 && outer.length < 3) {
            outer.push(current);
            closing = end;
            current = next++;
          } else current = next++;
        } else if (isSplit(field, i) || holdsApart(field, i, current) || opensAnother(field, i, current))
          current = next++;
      }
      field.prop[i] = current;
    }
  }
}

/** "pide que bloqueen", "suspende la orden que bloqueaba": the phrase reaches over the word and holds both sides together. */
const BINDING: ReadonlySet<CueClass> = new Set<CueClass>([
  'modal',
  'order',
  'demand',
  'lift',
  'appeal',
  'must',
  'bill',
]);
const BINDING_REACH = 8;
function isSplit(field: Field, i: number): boolean {
  if (!hasCue(field, i, 'split') || isEnding(field.tokens[i]!)) return false;
  for (let k = Math.max(0, i - BINDING_REACH); k < i; k++)
    if (field.cuesAt[k]!.some((c) => c.to > i && BINDING.has(c.cls))) return false;
  return true;
}

/** "X and Y are back, Z still blocked": behind the comma a name with a state of its own. */
function holdsApart(field: Field, i: number, prop: number): boolean {
  if ((field.tokens[i]!.gap & GAP.comma) === 0) return false;
  const back = field.cuesIn[field.sentence[i]!]!.some(
    (c) => (c.cls === 'unblock' || c.cls === 'lift') && c.from < i && field.prop[c.from] === prop,
  );
  if (!back) return false;
  const name = field.mentions.find((m) => m.from === i);
  if (name === undefined) return false;
  // "lifts the block on X, Y ban remains"
  const ban = field.cuesAt[name.to]?.find((c) => c.cls === 'block');
  return field.cuesAt[ban?.to ?? name.to]?.some((c) => c.cls === 'still') === true;
}

const HIT: ReadonlySet<CueClass> = new Set<CueClass>([
  'block',
  'restrict',
  'throttle',
  'cut',
  'shutdown',
  'unblock',
  'lift',
  'down',
]);
/** "Turkey blocks X, Russia blocks Y": behind a comma or "and" another country, which does something of its own to another. */
function opensAnother(field: Field, i: number, prop: number): boolean {
  const and = field.cuesAt[i]!.find((c) => c.cls === 'and' && c.from === i);
  if (and === undefined && (field.tokens[i]!.gap & GAP.comma) === 0) return false;
  const at = and?.to ?? i;
  const place = [placeAt(field, at), placeAt(field, at + 1)].find((p) => p?.kind === 'country');
  if (place === undefined) return false;
  const before = (x: Span): boolean => x.from < i && field.prop[x.from] === prop;
  const behind = (x: Span): boolean => x.from >= place.to;
  const mentions = mentionsAround(field, i);
  const acts = cuesAround(field, i).filter((c) => HIT.has(c.cls));
  const ids = mentions.filter(before).map((m) => m.id);
  if (startsAnew(field, place, before)) return true;
  return (
    ids.length > 0 &&
    mentions.some((m) => behind(m) && !ids.includes(m.id)) &&
    acts.some(before) &&
    acts.some(behind) &&
    field.places.some(
      (p) => p.kind === 'country' && p.code !== place.code && field.sentence[p.from] === field.sentence[i] && before(p),
    )
  );
}

/** "Ghana lifts the shutdown, Togo blocks X": a country, what it does right behind it, and one that did something before. */
function startsAnew(field: Field, place: Place, before: (x: Span) => boolean): boolean {
  const acts = (at: number): boolean => field.cuesAt[at]?.some((c) => HIT.has(c.cls)) === true;
  const thing = (c: Span): boolean => c.from > place.to && c.from - place.to <= OBJECT_REACH;
  return (
    acts(place.to) &&
    field.places.some((p) => p.kind === 'country' && p.code !== place.code && before(p) && acts(p.to)) &&
    (mentionsAround(field, place.from).some(thing) ||
      cuesAround(field, place.from).some((c) => (c.cls === 'net' || c.cls === 'social') && thing(c)))
  );
}
const OBJECT_REACH = 6;

const DASH = GAP.clause;
const NO_DASH = GAP.colon | GAP.open | GAP.close;
const ASIDE_WORDS = 12;

/** Where the second dash of a pair stands, or -1. */
function dashed(field: Field, from: number, to: number): number {
  if ((field.tokens[from]!.gap & NO_DASH) !== 0) return -1;
  for (let i = from + 1; i < Math.min(to, from + ASIDE_WORDS); i++) {
    const { gap } = field.tokens[i]!;
    if ((gap & DASH) !== 0) return (gap & NO_DASH) === 0 ? i : -1;
  }
  return -1;
}

/** What the lexicon knows in the sentence of a token. */
export const cuesAround = (field: Field, i: number): Cue[] => field.cuesIn[field.sentence[i]!] ?? [];
export const mentionsAround = (field: Field, i: number): Mention[] => field.mentionsIn[field.sentence[i]!] ?? [];

export const hasCue = (field: Field, i: number, cls: CueClass): boolean =>
  i >= 0 && i < field.tokens.length && field.cuesAt[i]!.some((c) => c.cls === cls);

/** A cue of the class that ends at or covers the token before `i`, at most `reach` tokens away, in the same sentence. */
export function cueBefore(field: Field, i: number, reach: number, cls: CueClass | readonly CueClass[]): Cue | null {
  const sentence = field.sentence[Math.min(i, field.tokens.length - 1)];
  const end = Math.min(i, field.tokens.length);
  for (let k = Math.max(0, i - reach - LONGEST_CUE); k < end; k++) {
    for (const cue of field.cuesAt[k]!) {
      if (cue.to > i || cue.to < i - reach || !isOf(cue, cls)) continue;
      if (field.sentence[cue.from] === sentence) return cue;
    }
  }
  return null;
}
const LONGEST_CUE = 6;

export function cueAfter(field: Field, i: number, reach: number, cls: CueClass | readonly CueClass[]): Cue | null {
  const sentence = field.sentence[Math.max(0, i - 1)];
  const end = Math.min(i + reach + 1, field.tokens.length);
  for (let k = Math.max(0, i); k < end; k++)
    for (const cue of field.cuesAt[k]!) if (isOf(cue, cls) && field.sentence[cue.from] === sentence) return cue;
  return null;
}

const isOf = (cue: Cue, cls: CueClass | readonly CueClass[]): boolean =>
  typeof cls === 'string' ? cue.cls === cls : cls.includes(cue.cls);

/** The place that begins at a token; places are in their order. */
export function placeAt(field: Field, i: number): Place | undefined {
  let low = 0;
  let high = field.places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (field.places[middle]!.from < i) low = middle + 1;
    else high = middle;
  }
  const place = field.places[low];
  return place?.from === i ? place : undefined;
}
