/** A text becomes a field: tokens, sentences, what the lexicon finds in them, clauses. */
import { divide } from './clauses.ts';
import type { Tag } from './lexicon.ts';
import { inOrder } from './match-order.ts';
import { lacks } from './not-yet.ts';
import type { Cue, Field } from './read.ts';
import { hasCue } from './read.ts';
import { CLASS_WORDS, mark } from './rules.ts';
import type { Sentence, Writing } from './tokens.ts';
import { GAP, sentencesOf, tokenise } from './tokens.ts';
import type { Match, Trie } from './trie.ts';

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
  const named = new Int32Array(tokens.length);
  const taken = new Map<string, Map<number, number>>();
  const field: Field = {
    name,
    text,
    tokens,
    sentences,
    cues: [],
    cuesAt: noCuesFor(tokens.length),
    cuesIn: sentences.map(() => []),
    mentionsIn: sentences.map(() => []),
    places: [],
    mentions: [],
    agencies: [],
    homes: [],
    sentence: new Int32Array(tokens.length),
    prop: new Int32Array(tokens.length),
    clauses: [],
    holds: new Uint32Array(sentences.length * CLASS_WORDS),
    fired: explain ? [] : null,
  };
  for (const match of inOrder(matches)) take(field, match, named, taken);
  ownFuture(field);
  for (const list of [field.cues, field.places, field.mentions, field.agencies]) list.sort((a, b) => a.from - b.from);
  for (const [n, s] of sentences.entries()) field.sentence.fill(n, s.from, s.to);
  for (const cue of field.cues) field.cuesIn[field.sentence[cue.from]!]!.push(cue);
  for (const m of field.mentions) field.mentionsIn[field.sentence[m.from]!]!.push(m);
  lacks(field);
  divide(field);
  for (const cue of field.cues) {
    if (cue.cls === 'net' && isAccessToSites(field, cue)) cue.cls = 'access';
    mark(field.holds, field.sentence[cue.from]!, cue.cls);
  }
  return field;
}

const NO_CUES: Cue[] = [];
/** The same empty list for every token. */
function noCuesFor(count: number): Cue[][] {
  const out: Cue[][] = [];
  for (let i = 0; i < count; i++) out.push(NO_CUES);
  return out;
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
function take(field: Field, match: Match<Tag>, named: Int32Array, taken: Map<string, Map<number, number>>): void {
  const { from, to, value } = match;
  if (value.kind === 'home') {
    field.homes.push(value.code);
    return;
  }
  if (value.kind === 'cue') {
    let cued = taken.get(value.group);
    if (cued === undefined) {
      cued = new Map();
      taken.set(value.group, cued);
    }
    takeCue(field, match, named, cued);
    return;
  }
  if (isInsideKatakana(field, from, to, value.kind)) return;
  if (value.kind === 'place' && !isWritten(field, match, value)) return;
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

/** `cued`: token → the stretch that took it, in the cue's group; ~stretch → how far its reading was from the letter. */
function takeCue(
  field: Field,
  { from, to, value, slack }: Match<Tag>,
  named: Int32Array,
  cued: Map<number, number>,
): void {
  if (value.kind !== 'cue') return;
  const range = from * 5_000 + to;
  let insideName = 0;
  for (let i = from; i < to; i++) {
    const other = cued.get(i);
    if (other !== undefined && other !== range) return;
    if (named[i]! > to - from) insideName++;
  }
  if (insideName === to - from) return;
  if (field.cuesAt[from]!.some((c) => c.to === to && c.cls === value.cls)) return;
  // The exact word beats the stem of another: "engelli" is no "engel*".
  const closest = cued.get(~range);
  if (closest !== undefined && slack > closest) return;
  if (closest === undefined) cued.set(~range, slack);
  // Of a phrase with a gap only the ends are taken: what stands between speaks for itself.
  cued.set(from, range);
  cued.set(to - 1, range);
  if (!value.gapped) for (let i = from + 1; i < to - 1; i++) cued.set(i, range);
  const cue: Cue = { cls: value.cls, from, to, phrase: value.phrase };
  field.cues.push(cue);
  // Most words begin no phrase: they share one empty list.
  if (field.cuesAt[from] === NO_CUES) field.cuesAt[from] = [cue];
  else field.cuesAt[from]!.push(cue);
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
