/** How much of each language is there (`docs/translations.md`): what is missing is said in English. */
import { resolve } from 'node:path';
import { FALLBACK, languages, packs } from '../../src/i18n/packs.ts';
import { categoriesOf, type Form, formsOf } from '../fakes/packs.ts';

export const PAGE = resolve(import.meta.dirname, '../../docs/translations.md');

const english = formsOf(packs.read(FALLBACK));
/** Said in English everywhere: a room that is left in haste has no language. */
const wanted = [...english].filter(([key]) => !key.startsWith('english.'));

/** Keys of phrases that a language lacks, or lacks for rooms, or has without some plural form. */
export function missingIn(code: string): string[] {
  const own = formsOf(packs.read(code));
  const categories = categoriesOf(packs.language(code).locale);
  const isWhole = (forms: readonly Form[], theirs: readonly Form[]): boolean => {
    const of = (room: boolean) => theirs.filter((form) => form.room === room);
    return [false, true].every((room) => {
      const [first] = forms.filter((form) => form.room === room);
      if (first === undefined) return true;
      return first.plural === undefined
        ? of(room).length > 0
        : categories.every((category) => of(room).some(({ plural }) => plural === undefined || plural === category));
    });
  };
  return wanted.filter(([key, forms]) => !isWhole(forms, own.get(key) ?? [])).map(([key]) => key);
}

export function translationsPage(): string {
  const rows = languages.map(({ code, name }) => {
    const missing = missingIn(code);
    return `| \`${code}\` | ${name} | ${wanted.length - missing.length} of ${wanted.length} | ${missing.map((key) => `\`${key}\``).join(', ') || '–'} |`;
  });
  return [
    '# Translations',
    '',
    'Written by `npm run translations`. What a language lacks is said in English. How to add one, or to mend a sentence: [contributing](contributing.md).',
    '',
    '| folder of `config/languages/` | language | phrases | missing |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
