import DATA from '../../../../config/intents.json' with { type: 'json' };
import type { PhraseKey } from '../../ports/translate.ts';
import { onceForEach } from '../../recent.ts';
import { distance } from './targets.ts';
import { keyOf, type Vocabulary } from './vocabulary.ts';

/**
 * What people want whose sentence is no order: found by the patterns of the packs (`intent.NAME` of `words.json`), never by code. A pattern's words must
 * all be said, in any order and near each other: "a/b" is either, "a*" what begins so, "@list" the words of a list, "a_b" words in a row, "-a" what must
 * not be said. "=" before a pattern: nothing else is said but what says nothing; "!": it wins over others. Signs of Chinese and emoji stand anywhere. Pure;
 * bounded.
 */

/**
 * How an intent is answered beside its text, and when it is meant (`config/intents.json`). `followed`: what the chat follows is named. `help`: where
 * independent people help. `example`, `first`: what can be asked, and what one begins with. `thing`: about one thing, which may be unknown. `weak`: it says
 * little by itself: where something is named, that is meant. `us`: a sentence that names a service asks about that, and not about us. `aside`: looked
 * for by itself.
 */
type Trait = 'followed' | 'help' | 'example' | 'first' | 'thing' | 'weak' | 'us' | 'aside';
export interface Intent extends Partial<Record<Trait, true>> {
  /** How it stands with what is meant is told as well; these services with it where none is named. */
  shows?: readonly string[];
  /** Whatever is named, these are asked about. */
  also?: readonly string[];
  buttons?: readonly string[];
}

export const INTENTS = DATA.intents as Readonly<Record<string, Intent>>;
/** What the encoder tells apart. */
export const WANTED: ReadonlySet<string> = new Set(DATA.wanted);
/** In commands stand `{about}` and `{where}`: what is meant, with its services and without; such a button falls away where nothing is. */
export const BUTTONS = DATA.buttons as unknown as Readonly<
  Record<string, readonly [label: PhraseKey, command: string]>
>;

/** Words in a row; `open`: the last may go on. `sign`: stands anywhere, as a part of a run of signs. */
interface Stem {
  key: string;
  words: readonly string[];
  open: boolean;
  sign: boolean;
}
/** One thing that a pattern asks for: any of these. */
interface Slot {
  stems: readonly Stem[];
  absent: boolean;
}
/** Where it was said, in how many words, and how much that tells. `sign`: of a stem that stands anywhere. */
interface Hit {
  at: number;
  length: number;
  letters: number;
  sign: string | null;
}

const MAX_TEXT = 600;
const MAX_WORDS = 60;
/** The words of one pattern are no farther apart. */
const SPAN = 14;
/** Shorter words are other words when mistyped. */
const MIN_MISTYPED = 6;
const SIGN = /\p{Script=Han}|\p{Extended_Pictographic}/u;
/** Skin colours and the selector of a picture say nothing. */
const bare = (text: string): string => text.replace(/[\u{1F3FB}-\u{1F3FF}]|\uFE0F/gu, '');
/** "Don't" is two words, as in the other lists. */
const keyed = (text: string): string =>
  keyOf(text.replace(/['’ʼ`´]|(?<=\p{Script=Han})(?=\w)|(?<=\w)(?=\p{Script=Han})/gu, ' '));

const patternsOf = onceForEach(({ words, latin }: Vocabulary) => {
  const slots = new Map<string, Slot>();
  function stemsOf(written: string): Stem[] {
    const [open, sign] = [written.endsWith('*'), SIGN.test(written)];
    const key = sign ? bare(written) : keyed(written.replace(/\*$/u, '').replaceAll('_', ' '));
    // Russian and Ukrainian are typed in Latin letters, too.
    const forms = /^[\p{Script=Cyrillic} ]{2,}$/u.test(key) ? [key, latin(key)] : [key];
    return forms.map((form) => ({ key: form, words: form.split(' '), open, sign }));
  }
  const slotOf = (written: string): Slot => {
    const absent = written.startsWith('-');
    const said = written.slice(absent ? 1 : 0).split('/');
    const listed = said.flatMap((one) => (one.startsWith('@') ? words.all(one.slice(1)) : [one]));
    return { absent, stems: listed.flatMap((one) => stemsOf(one.replaceAll(' ', '_'))) };
  };
  return [...words.under('intent.')].flatMap(([name, written]) =>
    written.map((pattern) => {
      const [whole, first] = [pattern.startsWith('='), pattern.startsWith('!')];
      const parts = pattern
        .slice(whole || first ? 1 : 0)
        .trim()
        .split(/\s+/u);
      return { name, whole, first, slots: parts.map((part) => slots.getOrInsertComputed(part, slotOf)) };
    }),
  );
});

/** The intent whose pattern fits best, of those that may be meant; null = none does. */
export function intentOf(written: string, known: Vocabulary, may: (name: string) => boolean): string | null {
  const said = keyed(written.slice(0, MAX_TEXT)).split(' ').filter(Boolean).slice(0, MAX_WORDS);
  const text = bare(written.slice(0, MAX_TEXT));
  /** Where words begin with a letter: most stems begin with none of these. */
  const starts = new Map<string, number[]>();
  for (const [at, word] of said.entries())
    // "And" is written together in Arabic.
    for (const letter of word.startsWith('و') ? [word[0]!, word[1] ?? ''] : [word[0]!])
      starts.getOrInsertComputed(letter, () => []).push(at);
  /** What is a word by itself is not mistyped: "bother" is no brother. */
  const { wanted, noise } = known;
  const typed = said.map((word) => (wanted.has(word) || noise.has(word) ? '' : word));
  const hits = new Map<Slot, Hit | null>();
  const hitOf = ({ stems }: Slot): Hit | null =>
    stems.reduce<Hit | null>((best, stem) => {
      const hit = stem.sign ? signHit(stem, text, said) : wordHit(stem, said, typed, starts.get(stem.key[0]!) ?? []);
      return best === null || (hit && hit.letters > best.letters) ? hit : best;
    }, null);
  let best = { name: null as string | null, letters: 0 };
  for (const { name, slots, whole, first } of patternsOf(known)) {
    if (!may(name)) continue;
    const found: Hit[] = [];
    const fits = slots.every((slot) => {
      const hit = hits.getOrInsertComputed(slot, hitOf);
      if (hit && !slot.absent) found.push(hit);
      return (hit === null) === slot.absent;
    });
    const letters = found.reduce((sum, hit) => sum + hit.letters, first ? MAX_TEXT : Number(whole));
    if (!fits || letters <= best.letters) continue;
    const places = found.map(({ at }) => at);
    if (Math.max(...places) - Math.min(...places) > SPAN) continue;
    if (!whole || isAll(found, said, text, known)) best = { name, letters };
  }
  return best.name;
}

/** Nothing is said but this, and words that say nothing. */
function isAll(found: readonly Hit[], said: readonly string[], text: string, known: Vocabulary): boolean {
  const { noise, noiseSigns, polite, greetings } = known;
  const own = new Set(found.flatMap(({ at, length, sign }) => (sign === null ? said.slice(at, at + length) : [])));
  const left = found.reduce((rest, { sign }) => (sign === null ? rest : rest.replaceAll(sign, ' ')), text);
  const isNothing = (word: string): boolean =>
    [own, noise, polite, greetings].some((list) => list.has(word)) || (word.length <= 2 && noiseSigns.test(word));
  return keyed(left).split(' ').filter(Boolean).every(isNothing);
}

function signHit({ key }: Stem, text: string, said: readonly string[]): Hit | null {
  if (!text.includes(key)) return null;
  const at = said.findIndex((word) => word.includes(key));
  return { at: Math.max(0, at), length: 1, letters: 3 * [...key].length, sign: key };
}

/** `typed`: words that may be mistyped; `starts`: where a word begins with the stem's letter. */
function wordHit(
  { words, open, key }: Stem,
  said: readonly string[],
  typed: readonly string[],
  starts: readonly number[],
): Hit | null {
  if (starts.length === 0) return null;
  const last = words.length - 1;
  const isAt = (at: number): boolean =>
    words.every((word, i) => {
      const here = said[at + i] ?? '';
      const heads = here.startsWith('و') ? [here, here.slice(1)] : [here];
      return heads.some((head) => (open && i === last ? head.startsWith(word) : head === word));
    });
  const at = starts.find(isAt);
  if (at !== undefined) return { at, length: words.length, letters: key.length, sign: null };
  if (words.length > 1 || key.length < MIN_MISTYPED) return null;
  const near = starts.find((from) => isMistyped(typed[from]!, key, open));
  return near === undefined ? null : { at: near, length: 1, letters: key.length - 2, sign: null };
}

/** One letter is wrong, missing, too many, or in the place of the next; not the first. `open`: the word may go on. */
const isMistyped = (word: string, key: string, open: boolean): boolean =>
  word[0] === key[0] &&
  word.length >= MIN_MISTYPED &&
  (open ? [-1, 0, 1] : [word.length - key.length]).some(
    (more) => distance(word.slice(0, key.length + more), key, 1) <= 1,
  );
