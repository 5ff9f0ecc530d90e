/** How the languages of a lexicon write, joined. */
import type { LanguageData } from './lexicon.ts';
import { phrasesOf } from './lexicon.ts';
import { fold } from './normalise.ts';
import type { Writing } from './tokens.ts';

export function writingOf(languages: readonly LanguageData[]): Writing {
  const words = (key: 'clitics' | 'abbreviations' | 'tally'): string[] =>
    languages.flatMap((data) => phrasesOf(data[key] ?? '')).map(fold);
  const clitics = new Map<string, string[]>();
  for (const clitic of new Set(words('clitics'))) {
    const first = clitic.charAt(0);
    clitics.set(first, [...(clitics.get(first) ?? []), clitic]);
  }
  return { clitics, abbreviations: new Set(words('abbreviations')), tally: new Set(words('tally')) };
}
