import { besideNames } from '../beside.ts';
import { type Clause, type Cue, Field, filled, NO_CUES, type Place, type Span } from '../field.ts';
import { classSet } from '../rules/classes.ts';
import { GROUPS, type Tag } from './lexicon.ts';
import { GAP, isEnding, isJoinedByLetter, type Sentence, sentencesOf, tokenise, type Writing } from './tokens.ts';
import type { Match, Trie } from './trie.ts';

/** Where a list of names that begins at a token ends. */
function endOfList(field: Field, first: Span): number {
  let last = first;
  for (const m of field.mentions)
    if (m.from >= last.to && field.sameSentence(m, first) && besideNames(field, last, m)) last = m;
  return last.to;
}

/** Sentences are parted into clauses: stretches that say one thing. */

/** Parts the sentences of a field, and gives every clause what stands in it. */
function divide(field: Field): void {
  const count = propositions(field);
  const { prop, sentence } = field;
  const clauses: Clause[] = Array.from({ length: count }, () => ({ sentence: 0, cues: [], mentions: [], places: [] }));
  for (let i = 0; i < prop.length; i++) clauses[prop[i]!]!.sentence = sentence[i]!;
  for (const cue of field.cues) clauses[prop[cue.from]!]!.cues.push(cue);
  for (const m of field.mentions) clauses[prop[m.from]!]!.mentions.push(m);
  for (const place of field.places) clauses[prop[place.from]!]!.places.push(place);
  field.clauses = clauses;
}

/** Numbers the clauses and returns how many there are. Brackets say something of their own and do not part what surrounds them. */
function propositions(field: Field): number {
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
        } else if (
          (isSplit(field, i) && !marksTopic(field, i, current)) ||
          holdsApart(field, i, current) ||
          opensAnother(field, i, current)
        )
          current = next++;
      }
      field.prop[i] = current;
    }
  }
  return next;
}

/** "pide que bloqueen", "suspende la orden que bloqueaba": the phrase reaches over the word and holds both sides together. */
const BINDING = classSet('binding');
const BINDING_REACH = 8;
function isSplit(field: Field, i: number): boolean {
  if (!field.hasCue(i, 'split') || isEnding(field.tokens[i]!)) return false;
  for (let k = Math.max(0, i - BINDING_REACH); k < i; k++) if (field.hasCue(k, BINDING, (c) => c.to > i)) return false;
  return true;
}

/** "…, Benin ise X'i yasakladı": the country before the word opened the clause already. */
function marksTopic(field: Field, i: number, prop: number): boolean {
  let from = i - 1;
  while (from > 0 && field.prop[from - 1] === prop) from--;
  const place = field.placeAt(from);
  return place !== undefined && place.to === i && from > 0 && field.sentence[from - 1] === field.sentence[i];
}

/** "X and Y are back, Z still blocked": behind the comma a name with a state of its own. */
function holdsApart(field: Field, i: number, prop: number): boolean {
  if (!field.gapAt(i, GAP.comma)) return false;
  const back = field.sentenceHas(i, ['unblock', 'lift'], (c) => c.from < i && field.prop[c.from] === prop);
  if (!back) return false;
  const name = field.mentions.find((m) => m.from === i) ?? field.cuesAt[i]!.find((c) => c.cls === 'social');
  if (name === undefined) return false;
  // "lifts the block on X, Y ban remains"
  const end = endOfList(field, name);
  const ban = field.cuesAt[end]?.find((c) => c.cls === 'block');
  return field.hasCue(ban?.to ?? end, 'still');
}

const HIT = classSet('hit');
/** "Turkey blocks X, Russia blocks Y": behind a comma, "and" or "as" another country, which does something of its own to another. */
function opensAnother(field: Field, i: number, prop: number): boolean {
  const cues = field.cuesAt[i]!;
  const and = cues === NO_CUES ? undefined : cues.find((c) => c.cls === 'and' || c.cls === 'circumstance');
  if (and === undefined && !field.gapAt(i, GAP.comma) && !isJoinedByLetter(field.tokens[i]!)) return false;
  const at = and?.to ?? i;
  const place = [field.placeAt(at), field.placeAt(at + 1)].find((p) => p?.kind === 'country');
  if (place === undefined) return false;
  const before = (x: Span): boolean => x.from < i && field.prop[x.from] === prop;
  const behind = (x: Span): boolean => x.from >= place.to;
  const mentions = field.mentionsAround(i);
  const acts = field.cuesAround(i).filter((c) => HIT.has(c.cls));
  if (startsAnew(field, place, before)) return true;
  const nets = field.cuesAround(i).filter((c) => c.cls === 'net');
  const ids = mentions.filter(before).map((m) => m.id);
  const another = ids.length > 0 || nets.some(before);
  return (
    another &&
    (mentions.some((m) => behind(m) && !ids.includes(m.id)) || (ids.length > 0 && nets.some(behind))) &&
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
    (field.mentionsAround(place.from).some(thing) || field.sentenceHas(place.from, ['net', 'social'], (c) => thing(c)))
  );
}
const OBJECT_REACH = 6;

const DASH = GAP.clause;
const NO_DASH = GAP.colon | GAP.open | GAP.close;
const ASIDE_WORDS = 12;

/** Where the second dash of a pair stands, or -1. */
function dashed(field: Field, from: number, to: number): number {
  if (field.gapAt(from, NO_DASH)) return -1;
  for (let i = from + 1; i < Math.min(to, from + ASIDE_WORDS); i++) {
    const { gap } = field.tokens[i]!;
    if ((gap & DASH) !== 0) return (gap & NO_DASH) === 0 ? i : -1;
  }
  return -1;
}

/** Which of overlapping phrases is looked at first. */

const KIND_ORDER = { service: 0, agency: 1, place: 2, cue: 3, home: 3 } as const;
/** Powers of two above every token's index, every slack, and the matches of a field that are looked at. */
const SPAN = 4_096;
const MOST_SLACK = 1_024;
const MAX_MATCHES = 131_072;

/** Longest first, the exact before the stem, then as they stand in the text. A number of 53 bits holds all that and the index, and is sorted natively. */
function inOrder(matches: readonly Match<Tag>[]): Match<Tag>[] {
  const keys = new Float64Array(Math.min(matches.length, MAX_MATCHES));
  for (let n = 0; n < keys.length; n++) {
    const { from, to, slack, value } = matches[n]!;
    const first = (SPAN - 1 - (to - from)) * MOST_SLACK + Math.min(slack, MOST_SLACK - 1);
    keys[n] = ((first * SPAN + from) * 4 + KIND_ORDER[value.kind]) * MAX_MATCHES + n;
  }
  keys.sort();
  const out: Match<Tag>[] = [];
  for (let n = 0; n < keys.length; n++) out.push(matches[keys[n]! - Math.floor(keys[n]! / MAX_MATCHES) * MAX_MATCHES]!);
  return out;
}

/** A text becomes a field: tokens, sentences, what the lexicon finds in them, clauses. */

export function readField(
  name: Sentence['field'],
  text: string,
  tries: Trie<Tag>[],
  { writing, explain }: { writing: Writing; explain: boolean },
): Field {
  const { tokens, question } = tokenise(text, writing);
  const sentences = sentencesOf(name, tokens, question);
  const matches: Match<Tag>[] = [];
  for (const trie of tries) trie.match(tokens, text, matches);
  const named = filled(tokens.length, 0);
  const taken = filled(tokens.length * GROUP_WORDS, 0);
  const field = new Field({ name, text, explain }, tokens, sentences);
  for (const match of inOrder(matches)) take(field, match, named, taken);
  ownFuture(field);
  for (const list of [field.cues, field.places, field.mentions, field.agencies]) list.sort((a, b) => a.from - b.from);
  for (const cue of field.cues) field.cuesAround(cue.from).push(cue);
  for (const m of field.mentions) field.mentionsIn[field.sentence[m.from]!]!.push(m);
  divide(field);
  return field;
}

/** "will be able to go on": the future of what goes on, and of nothing else in its sentence. */
function ownFuture(field: Field): void {
  const remain = field.cues.filter((c) => c.cls === 'remain');
  if (remain.length === 0) return;
  const isOwn = (c: Cue): boolean =>
    (c.cls === 'will' || c.cls === 'modal') && remain.some((r) => c.from >= r.from && c.to <= r.to);
  field.cues = field.cues.filter((c) => !isOwn(c));
  for (const { from, to } of remain)
    for (let i = from; i < to; i++)
      if (field.cuesAt[i]!.some(isOwn)) field.cuesAt[i] = field.cuesAt[i]!.filter((c) => !isOwn(c));
}

/** "pic.twitter.com/abc": where a link leads, no name of anything. */
const LINK = /^\.[a-z]{2,4}\/\w/iu;

/** The longest reading of a stretch wins; names beat cues inside them, cues leave names inside them alone. */
function take(field: Field, match: Match<Tag>, named: number[], taken: number[]): void {
  const { from, to, value } = match;
  if (value.kind === 'home') {
    field.homes.push(value.code);
    return;
  }
  if (value.kind === 'cue') {
    takeCue(field, match, named, taken);
    return;
  }
  if (isInsideKatakana(field, from, to, value.kind)) return;
  if (value.kind === 'place' && !isWritten(field, match, value)) return;
  // Two services or two countries behind one name are rare; the first in order wins.
  for (let i = from; i < to; i++) if (named[i] !== 0) return;
  named.fill(to - from, from, to);
  if (value.kind === 'place') {
    if (value.code !== '-')
      field.places.push({ code: value.code, kind: value.place, at: value.at === true, from, to, score: 0 });
  } else if (value.kind === 'agency') field.agencies.push({ id: value.id, from, to });
  else if (!LINK.test(field.text.slice(field.tokens[to - 1]!.end, field.tokens[to - 1]!.end + 12)))
    field.mentions.push({ id: value.id, category: value.category, everyday: value.everyday, from, to, role: null });
}

/** With its capital where it needs one; "豪、16歳未満…", "美 의회": nothing touches what needs to stand alone. */
function isWritten({ tokens }: Field, { from, to }: Match<Tag>, tag: Tag & { kind: 'place' }): boolean {
  const { cap, caps } = tokens[from]!;
  if (tag.capitals !== undefined && !(tag.capitals === 1 ? cap : caps)) return false;
  return (
    tag.alone !== true ||
    (tokens[from]!.gap !== GAP.none && ((tokens[to]?.gap ?? GAP.none) & (GAP.comma | GAP.space)) !== 0)
  );
}

const FIRST_KATAKANA = 0x30a1;
const MIDDLE_DOT = 0x30fb;
const LAST_KATAKANA = 0x30ff;
const isKatakana = (code: number): boolean => code >= FIRST_KATAKANA && code <= LAST_KATAKANA && code !== MIDDLE_DOT;
/** Letters of Katakana from which on a name may be the head of a compound ("ティックトックアプリ", "ロシアメディア"). */
const HEADS = { service: 5, place: 3, agency: 3 } as const;

/** Japanese parts no words, but what it spells in Katakana ends where they end: "オンライン" is no LINE, "タイトル" no Thailand. */
function isInsideKatakana({ text, tokens }: Field, from: number, to: number, kind: keyof typeof HEADS): boolean {
  const { start } = tokens[from]!;
  if (!isKatakana(text.charCodeAt(start))) return false;
  const { end } = tokens[to - 1]!;
  if (isKatakana(text.charCodeAt(start - 1))) return true;
  return to - from < HEADS[kind] && isKatakana(text.charCodeAt(end - 1)) && isKatakana(text.charCodeAt(end));
}

/** Bits of the groups of cues that took each token: so many numbers a token. */
const GROUP_WORDS = Math.ceil(GROUPS / 32);

function takeCue(field: Field, { from, to, value, slack }: Match<Tag>, named: number[], taken: number[]): void {
  if (value.kind !== 'cue') return;
  const { cls, group, gapped, phrase, key, says } = value;
  // Two readings of one stretch: the exact word beats the stem of another ("engelli" is no "engel*").
  const here = field.cuesAt[from]!;
  const twin = here === NO_CUES ? undefined : here.find((c) => c.to === to && c.group === group);
  const word = group >> 5;
  const bit = 1 << (group & 31);
  let insideName = 0;
  for (let i = from; i < to; i++) {
    if (twin === undefined && (taken[i * GROUP_WORDS + word]! & bit) !== 0) return;
    if (named[i]! > to - from) insideName++;
  }
  if (insideName === to - from) return;
  if (twin !== undefined && (slack > twin.slack || here.some((c) => c.to === to && c.cls === cls))) return;
  // Of a phrase with a gap only the ends are taken: what stands between speaks for itself.
  for (let i = from; i < to; i++) if (!gapped || i === from || i === to - 1) taken[i * GROUP_WORDS + word]! |= bit;
  const cue: Cue = { cls, key, says, from, to, phrase, group, slack };
  field.cues.push(cue);
  // Most words begin no phrase: they share one empty list.
  if (here === NO_CUES) field.cuesAt[from] = [cue];
  else here.push(cue);
}
