import type { LanguageData } from './lexicon.ts';
import { fold } from './normalise.ts';

const SCRIPTS: [RegExp, string][] = [
  [/\p{Script=Cyrillic}/gu, 'cyrillic'],
  [/\p{Script=Arabic}/gu, 'arabic'],
  [/\p{Script=Hiragana}|\p{Script=Katakana}/gu, 'kana'],
  [/\p{Script=Han}/gu, 'han'],
  [/\p{Script=Hangul}/gu, 'hangul'],
  [/\p{Script=Devanagari}/gu, 'devanagari'],
  [/\p{Script=Greek}/gu, 'greek'],
  [/\p{Script=Hebrew}/gu, 'hebrew'],
  [/\p{Script=Latin}/gu, 'latin'],
];

/** Scripts that a single language of ours writes, found by their block alone. */
const BLOCKS: [number, number, string][] = [
  [0x0980, 0x09ff, 'bn'],
  [0x0a00, 0x0a7f, 'pa'],
  [0x0a80, 0x0aff, 'gu'],
  [0x0b80, 0x0bff, 'ta'],
  [0x0c00, 0x0c7f, 'te'],
  [0x0c80, 0x0cff, 'kn'],
  [0x0d00, 0x0d7f, 'ml'],
  [0x0d80, 0x0dff, 'si'],
  [0x0e00, 0x0e7f, 'th'],
  [0x0e80, 0x0eff, 'lo'],
  [0x1000, 0x109f, 'my'],
  [0x1780, 0x17ff, 'km'],
  [0x1200, 0x137f, 'am'],
  [0x10a0, 0x10ff, 'ka'],
  [0x0530, 0x058f, 'hy'],
];
const ONE_LANGUAGE: Record<string, string> = {
  hangul: 'ko',
  kana: 'ja',
  greek: 'el',
  hebrew: 'he',
  han: 'zh',
  devanagari: 'hi',
};

const MAX_SAMPLE = 1_500;

export type Detect = (text: string) => string;

/** Language of a text: by script first, then by the short words and letters that each language's file gives. `und` when nothing speaks. */
export function createDetector(languages: LanguageData[]): Detect {
  const words = new Map<string, { lang: string; weight: number }[]>();
  const letters: { lang: string; letter: string }[] = [];
  for (const { lang, hints } of languages) {
    for (const raw of hints.split(/\s+/u)) {
      if (raw === '') continue;
      if (raw.startsWith('+')) letters.push({ lang, letter: raw.slice(1) });
      else {
        const word = fold(raw);
        const list = words.get(word) ?? [];
        list.push({ lang, weight: 1 });
        words.set(word, list);
      }
    }
  }
  for (const list of words.values()) for (const entry of list) entry.weight = 1 / list.length;

  return (text) => {
    const sample = text.slice(0, MAX_SAMPLE);
    for (const char of sample) {
      const code = char.codePointAt(0)!;
      for (const [from, to, lang] of BLOCKS) if (code >= from && code <= to) return lang;
    }
    const script = dominantScript(sample);
    const only = ONE_LANGUAGE[script];
    if (only !== undefined) return only;
    const score = new Map<string, number>();
    const add = (lang: string, by: number): void => void score.set(lang, (score.get(lang) ?? 0) + by);
    for (const word of fold(sample).split(/[^\p{L}\p{M}]+/u)) {
      for (const { lang, weight } of words.get(word) ?? []) add(lang, weight);
    }
    const low = sample.toLowerCase();
    for (const { lang, letter } of letters) if (low.includes(letter)) add(lang, 1.2);
    let best = script === 'cyrillic' ? 'ru' : script === 'arabic' ? 'ar' : 'und';
    let top = best === 'und' ? 0 : 0.1;
    for (const [lang, value] of score) {
      if (value > top) {
        top = value;
        best = lang;
      }
    }
    return best;
  };
}

function dominantScript(sample: string): string {
  let best = 'latin';
  let most = 0;
  for (const [pattern, name] of SCRIPTS) {
    const count = sample.match(pattern)?.length ?? 0;
    // Names of services are written in Latin letters everywhere: other scripts weigh more.
    const weight = name === 'latin' ? count : name === 'han' || name === 'kana' ? count * 4 : count * 2;
    if (weight > most) {
      most = weight;
      best = name;
    }
  }
  return best;
}
