import ISO from '../../../../config/countries.json' with { type: 'json' };
import type { Vocabulary } from './vocabulary.ts';

/** ISO 3166-1 alpha-2, Kosovo, and the EU for union-wide acts. */
export const COUNTRIES: readonly string[] = ISO.codes;

/**
 * Every spelling of every country: a name, and the code it stands for. Weak ones give way to any other meaning: oblique Russian forms
 * ("в России"), and what stands in brackets ("Hong Kong (China)" must not make China ambiguous).
 */
export function* countrySpellings(known: Vocabulary): Generator<{ name: string; code: string; weak: boolean }> {
  const { words, countryCases } = known;
  const casesOf = (name: string, code: string) => countryCases(name).map((form) => ({ name: form, code, weak: true }));
  for (const language of new Set([...words.all('spelling'), ...words.languages])) {
    for (const style of ['long', 'short'] as const) {
      const names = new Intl.DisplayNames(language, { type: 'region', style, fallback: 'none' });
      for (const code of COUNTRIES) {
        const name = names.of(code);
        if (!name) continue;
        yield* variantsOf(name).map((variant) => ({ ...variant, code }));
        if (language === 'ru') yield* casesOf(name, code);
      }
    }
  }
  for (const [code, names] of words.under('country.'))
    for (const name of names) {
      yield { name, code, weak: false };
      yield* casesOf(name, code);
    }
}

/** "Myanmar (Burma)": the whole, without the brackets, and what stands in them. */
function variantsOf(name: string): { name: string; weak: boolean }[] {
  const out = [name, name.replaceAll('&', 'and')].map((one) => ({ name: one, weak: false }));
  const bracket = /^(.*?)\s*[(（](.*?)[)）]\s*$/u.exec(name);
  if (bracket?.[1]) out.push({ name: bracket[1], weak: true });
  // A note such as "САР" (special administrative region) stands for more than one.
  if (bracket?.[2] && !/^[\p{Lu}.]+$/u.test(bracket[2])) out.push({ name: bracket[2], weak: true });
  return out;
}

/** 🇷🇺 is two letters of its own alphabet. */
export const FLAG = /[\u{1F1E6}-\u{1F1FF}]{2}/gu;
export const codeOfFlag = (flag: string): string =>
  String.fromCharCode(...[...flag].map((letter) => letter.codePointAt(0)! - 0x1f1e6 + 65));
