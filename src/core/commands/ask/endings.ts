/** Endings and prefixes that languages put on names. Pure. */

const LATIN_ENDINGS =
  'daki deki taki teki dan den tan ten nin nun yla yle lar ler da de ta te ya ye yi yu si in un a e i u n s'.split(' ');
const ARABIC_PREFIXES = ['وال', 'بال', 'فال', 'کال', 'ولل', 'لل', 'ال', 'وب', 'و', 'ب', 'ل', 'ف', 'ک'];
const PERSIAN_ENDINGS = ['ست', 'ها', 'رو', 'ه', 'و', 'م', 'ی'];

/** A word without its endings and prefixes, nearest first. */
export function* headsOf(key: string): Generator<string> {
  // "3iraq": Arabic in Latin letters, with a number for the sound that they lack.
  if (/^[2357][a-z]{4,}$/u.test(key)) yield key.slice(1);
  if (/^[a-z]+$/u.test(key)) {
    for (const ending of LATIN_ENDINGS) {
      const length = key.length - ending.length;
      if (key.endsWith(ending) && length >= (ending.length === 1 ? 5 : 3)) yield key.slice(0, length);
    }
  } else if (/^\p{Script=Arabic}+$/u.test(key)) {
    yield `ال${key}`;
    for (const prefix of ARABIC_PREFIXES) {
      if (!key.startsWith(prefix) || key.length - prefix.length < 3) continue;
      yield key.slice(prefix.length);
      yield `ال${key.slice(prefix.length)}`;
    }
    for (const ending of PERSIAN_ENDINGS)
      if (key.endsWith(ending) && key.length - ending.length >= 4) yield key.slice(0, -ending.length);
  }
}

const LATIN: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'sch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
  і: 'i',
  ї: 'i',
  є: 'ye',
  ґ: 'g',
};
/** A word of Cyrillic letters as people type it in Latin ones. */
export const latin = (word: string): string => [...word].map((letter) => LATIN[letter] ?? letter).join('');

/** Russian and Ukrainian cases of a name of one word, or of an adjective and a noun. */
export function cyrillicForms(key: string): string[] {
  const words = key.split(' ');
  const last = words.at(-1)!;
  if (words.length > 2 || last.length < 4 || !words.every((word) => /^[а-яіїєґ]+$/u.test(word))) return [];
  const nouns = nounForms(last);
  if (words.length === 1) return nouns;
  const adjectives = adjectiveForms(words[0]!);
  return adjectives.flatMap((one) => [last, ...nouns].map((noun) => `${one} ${noun}`));
}

function nounForms(word: string): string[] {
  const stem = word.slice(0, -1);
  const give = (base: string, endings: string): string[] => endings.split(' ').map((ending) => base + ending);
  if (word.endsWith('ия')) return give(stem, 'и ю ей');
  if (word.endsWith('ія')) return give(stem, 'ї ю єю');
  if (/[бвдкклмнпрстхч]ів$/u.test(word)) return give(`${word.slice(0, -2)}ов`, 'а у і ом ові');
  if (word.endsWith('їв')) return give(`${word.slice(0, -2)}єв`, 'а у і ом ові');
  if (word.endsWith('я')) return give(stem, 'и ю е і ї ей єю');
  if (word.endsWith('а')) return give(stem, 'ы и е і у ой ою');
  if (/[ьй]$/u.test(word)) return give(stem, 'я ю и і ї е ем єм ью єю');
  if (/[ыи]$/u.test(word)) return give(stem, 'ах ам ов ів ами');
  if (/[бвгджзклмнпрстфхцчшщ]$/u.test(word)) return give(word, 'а у е і ом ові');
  return [];
}

function adjectiveForms(word: string): string[] {
  const stem = word.slice(0, -2);
  if (/[аяі]я$/u.test(word)) return ['ой', 'ую', 'ою'].map((ending) => stem + ending);
  if (/[иы]й$/u.test(word)) return ['ого', 'ому', 'ом', 'ым', 'им'].map((ending) => stem + ending);
  if (word.endsWith('а')) return ['ої', 'ій', 'у', 'ою'].map((ending) => word.slice(0, -1) + ending);
  return [word];
}
