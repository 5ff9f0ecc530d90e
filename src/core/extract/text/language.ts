import { onceFor } from '../../recent.ts';
import { classSet } from '../rules/classes.ts';
import type { LanguageData, Scripts } from './lexicon.ts';
import { codeAt, fold, perChar, unitsOf } from './normalise.ts';

const SCRIPTS: [RegExp, string][] = [
  [/\p{Script=Cyrillic}/u, 'cyrillic'],
  [/\p{Script=Arabic}/u, 'arabic'],
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, 'kana'],
  [/\p{Script=Han}/u, 'han'],
  [/\p{Script=Hangul}/u, 'hangul'],
  [/\p{Script=Devanagari}/u, 'devanagari'],
  [/\p{Script=Greek}/u, 'greek'],
  [/\p{Script=Hebrew}/u, 'hebrew'],
  [/\p{Script=Latin}/u, 'latin'],
];

/** Japanese differs from Chinese by a few letters of its own: names and particles. */
const LEAST_KANA = 3;

const MAX_SAMPLE = 1_500;
const HINT_WEIGHT = 1;
const WORD_WEIGHT = 0.6;
const LETTER_WEIGHT = 2;
/** Stems are compared by so many first letters, the most first. */
const STEM = 8;
const SHORT_STEM = 4;
const MAX_WORDS = 45;
const MAX_WORD = 40;
/** Classes of the lexicon whose words tell a language. */
const TELLING = classSet('telling');

/** The last word of a phrase is the least shared one. */
function learnPhrase(phrase: string, lang: string, learn: (word: string, lang: string, weight: number) => void): void {
  if (/[(=]/u.test(phrase)) return;
  for (const raw of phrase.trim().split(/\s+/u)) {
    const bare = raw.replace(/[*~]$/u, '');
    const word = fold(bare);
    if (word.length < SHORT_STEM || /[^\p{L}\p{M}]/u.test(word)) continue;
    if (bare === raw) learn(word, lang, WORD_WEIGHT);
    else learn(`${word.slice(0, STEM)}*`, lang, word.length > SHORT_STEM ? WORD_WEIGHT : WORD_WEIGHT / 2);
  }
}

/** Half the world writes it: letters alone say nothing. */
const WIDEST = 'latin';

type Detect = (text: string) => string;

/** What the languages of one script differ by. */
interface Vocabulary {
  langs: string[];
  /** What a word tells, by its whole or by its longest known beginning: weights of languages (by their place in `langs`). */
  tellsOf(word: string): readonly Weight[];
  /** What a letter of their own tells. */
  letters: Map<string, Weight[]>;
}
interface Weight {
  lang: number;
  weight: number;
}
const NOTHING: readonly Weight[] = [];

function vocabularyOf(languages: LanguageData[]): Vocabulary {
  const words = new Map<string, Map<string, number>>();
  const learn = (word: string, lang: string, weight: number): void => {
    const by = words.get(word) ?? new Map<string, number>();
    words.set(word, by);
    if ((by.get(lang) ?? 0) < weight) by.set(lang, weight);
  };
  const owned = new Map<string, string[]>();
  for (const { lang, hints, cues, names } of languages) {
    for (const raw of hints.split(/\s+/u)) {
      if (raw.startsWith('+')) owned.set(raw.slice(1), [...(owned.get(raw.slice(1)) ?? []), lang]);
      else if (raw !== '') learn(fold(raw), lang, HINT_WEIGHT);
    }
    for (const cls of TELLING) {
      for (const phrase of (cues[cls] ?? '').split(',')) learnPhrase(phrase, lang, learn);
    }
    for (const name of Object.values(names ?? {})) if (!name.includes(' ')) learn(fold(name), lang, WORD_WEIGHT);
  }
  const langs = languages.map(({ lang }) => lang);
  const letters = new Map(
    [...owned].map(([letter, owners]): [string, Weight[]] => [
      letter,
      owners.map((lang) => ({ lang: langs.indexOf(lang), weight: LETTER_WEIGHT / owners.length })),
    ]),
  );
  // Most words tell the same of the same few languages: that is kept once. A word that five share tells little of each.
  const kept = onceFor((weights: string): readonly Weight[] => JSON.parse(weights) as Weight[]);
  const told = ([word, by]: [string, Map<string, number>]): [string, readonly Weight[]] => {
    const weights = [...by].map(([lang, weight]) => ({ lang: langs.indexOf(lang), weight: weight * (1 / by.size) }));
    return [word, kept(JSON.stringify(weights))];
  };
  const known = new Map([...words].map(told));
  words.clear();
  return {
    langs,
    letters,
    tellsOf(word) {
      if (word.length > MAX_WORD) return NOTHING;
      let weights = known.get(word);
      for (let n = Math.min(STEM, word.length); weights === undefined && n >= SHORT_STEM; n--)
        weights = known.get(`${word.slice(0, n)}*`);
      return weights ?? NOTHING;
    },
  };
}

/** The alphabet of a language's first words, and a second one where it says what happened in both (Uzbek). */
function writes({ hints, cues }: LanguageData, script: string): boolean {
  if (dominantScript(`${hints} ${cues.block ?? ''}`.slice(0, MAX_SAMPLE)) === script) return true;
  return script === 'cyrillic' && scriptsOf(hints).has('cyrillic');
}

const scriptsOf = (text: string): Set<string> =>
  new Set(SCRIPTS.filter(([pattern]) => text.search(pattern) >= 0).map(([, name]) => name));

/** Language of a text: by script first, then by the short words, letters and phrases of each language's file. `und` when nothing speaks. */
export function createDetector(languages: LanguageData[], scripts: Scripts): Detect {
  const blockOf = createBlocks(scripts.blocks);
  const vocabularies = new Map<string, Vocabulary>();
  const vocabulary = (script: string): Vocabulary => {
    const known = vocabularies.get(script) ?? vocabularyOf(languages.filter((l) => writes(l, script)));
    vocabularies.set(script, known);
    return known;
  };

  return (text) => {
    const sample = text.slice(0, MAX_SAMPLE);
    const owner = blockOf(sample);
    if (owner !== null) return owner;
    const dominant = dominantScript(sample);
    const script =
      dominant === 'han' && (sample.match(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0) >= LEAST_KANA
        ? 'kana'
        : dominant;
    const only = scripts.alone[script];
    if (only !== undefined) return only;
    const { langs, tellsOf, letters } = vocabulary(script);
    const scores = new Float64Array(langs.length);
    const add = ({ lang, weight }: Weight): void => {
      scores[lang]! += weight;
    };
    for (const [word] of fold(sample).matchAll(WORDS).take(MAX_WORDS)) for (const one of tellsOf(word)) add(one);
    const low = sample.toLowerCase();
    for (const [letter, owners] of letters) if (low.includes(letter)) for (const one of owners) add(one);
    const largest = scripts.largest[script];
    // Most headlines of an alphabet are in its largest language: ties go there.
    const large = largest === undefined ? -1 : langs.indexOf(largest);
    if ((scores[large] ?? 0) > 0) scores[large] = scores[large]! * 1.25 + 0.3;
    let best = -1;
    for (let i = 0; i < scores.length; i++) if (scores[i]! > (best < 0 ? 0 : scores[best]!)) best = i;
    return langs[best] ?? (script === WIDEST || largest === undefined ? 'und' : largest);
  };
}

/** Stretches of the character set that only one language writes: of the first such letter of a text, that language. */
function createBlocks(ranges: Scripts['blocks']): (sample: string) => string | null {
  const sets = Object.entries(ranges).map(([lang, range]) => ({ lang, set: range.replace(/[0-9a-f]{4}/gu, '\\u$&') }));
  const blocks = sets.map(({ lang, set }) => ({ lang, letter: new RegExp(`[${set}]`, 'u') }));
  const any = new RegExp(`[${sets.map(({ set }) => set).join('')}]`, 'u');
  return (sample) => {
    const first = any.exec(sample)?.[0];
    return first === undefined ? null : blocks.find(({ letter }) => letter.test(first))!.lang;
  };
}

/**
 * Runs of letters and marks: the first of them tell the language. Halves of a pair count as letters: what is beyond the basic plane is no mark that
 * parts words.
 */
const WORDS = /[\p{L}\p{M}\p{Cs}\u{10000}-\u{10ffff}]+/gu;

/** What a character is written in: place in `SCRIPTS`, counted from 1; 0 = in none of them. */
const scriptOf = perChar((char) => SCRIPTS.findIndex(([pattern]) => pattern.test(char)) + 1);

function dominantScript(sample: string): string {
  const counts = new Uint32Array(SCRIPTS.length + 1);
  for (let i = 0; i < sample.length;) {
    const code = codeAt(sample, i);
    counts[scriptOf(code)]!++;
    i += unitsOf(code);
  }
  let best = 'latin';
  let most = 0;
  for (const [i, [, name]] of SCRIPTS.entries()) {
    const count = counts[i + 1]!;
    // Names of services are written in Latin letters everywhere: other scripts weigh more.
    const weight = name === 'latin' ? count : name === 'han' || name === 'kana' ? count * 4 : count * 2;
    if (weight > most) {
      most = weight;
      best = name;
    }
  }
  return best;
}
