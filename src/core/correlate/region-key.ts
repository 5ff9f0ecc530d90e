/** Names of regions in the form in which they are compared: folded, without the words that only say what kind of region it is. */

/** What a qualifying word says. `area`: a region of whichever kind its country has. */
export type RegionKind = 'city' | 'oblast' | 'krai' | 'republic' | 'okrug' | 'area';

const KINDS: readonly (readonly [RegionKind, RegExp])[] = [
  ['city', /^(?:city|town|gorod|город(?:а|е|у|ом)?|г|shahr|sehri)$/u],
  ['oblast', /^(?:oblasts?|oblysy|област(?:ь|и|ью)?|обл|облас[ти][а-яі]*)$/u],
  ['krai', /^(?:krai|kray|kraj|кра(?:и|я|е|ю|ем))$/u],
  ['republic', /^(?:republic|respublika|республик(?:а|и|е|у|ои))$/u],
  ['okrug', /^(?:okrug|округ(?:а|е|у|ом)?)$/u],
  [
    'area',
    /^(?:region|province|provinces|state|governorate|district|county|prefecture|department|departement|division|territory|municipality|area|parish|canton|voivodeship|provinz|provincia|provinsi|provinciya|estado|kreis|bundesland|vilayeti|ili|bolgesi|ostan|wilaya|viloyati|регион(?:а|е|у|ом)?|провинци(?:я|и|ю|еи)|штат(?:а|е|у|ом)?|раион(?:а|е|у|ом)?|губерни(?:я|и|ю|еи)|остан(?:а|е|у|ом)?|департамент(?:а|е|у|ом)?|муниципалитет(?:а|е|у|ом)?|استان|محافظه|ولایه)$/u,
  ],
];

/** Words that tell nothing: where the text comes from a sentence, or how names are put together. */
const EMPTY =
  /^(?:of|the|and|in|at|va|e|autonomous|al|el|ad|an|ar|as|ash|az|аль|эль|эд|эн|эс|эш|в|во|на|и|автономн(?:ая|ои|ую|ыи|ого|ому|ом))$/u;

const SPECIAL: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  đ: 'd',
  ł: 'l',
  ı: 'i',
  ي: 'ی',
  ى: 'ی',
  ك: 'ک',
  ة: 'ه',
};

/** Lower case, without diacritics, apostrophes and punctuation. Meant for short texts: the caller bounds them. */
export const foldedName = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{Cf}\u02b0-\u02ff'’‘`´]|[\u0300-\u036f\u064b-\u065f\u0670]/gu, '')
    .replace(/[ßæøœđłıيىكة]/gu, (letter) => SPECIAL[letter]!)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

const cut = (word: string, ending: RegExp): string => {
  const rest = word.replace(ending, '');
  return rest.length >= 3 ? rest : word;
};

/** Behind the stem of an adjective: what is called after Amur is not what is called Amursk. */
const ADJECTIVE = '|';
const VOWELS = /[аеиоуыэюяьі]+$/u;

/** "Дагестане" → "дагестан": without its Russian ending. `withKind`: a word says what kind of region it is, so what ends like one is an adjective. */
function stem(word: string, withKind: boolean): string {
  if (!/^\p{Script=Cyrillic}{4,}$/u.test(word)) return word === 'st' ? 'saint' : word;
  const bare = cut(word, /(?:(?<=[нкв])(?:ыми|ими|ым|им|ых|их)|ого|его|ому|ему|ами|ями|ом|ем|ам|ям|ах|ях)$/u);
  const base = cut(bare, VOWELS);
  return withKind && /[сц]к$/u.test(base) ? base + ADJECTIVE : base;
}

export interface RegionKey {
  /** Stems of the words that name it. */
  key: string;
  /** What its qualifying word says; null = it has none. */
  kind: RegionKind | null;
}

/** Of a folded name. */
export function regionKey(folded: string): RegionKey {
  const words = folded.split(' ').filter((word) => !EMPTY.test(word));
  const kindOf = (word: string): RegionKind | null => KINDS.find(([, form]) => form.test(word))?.[0] ?? null;
  const named = words.filter((word) => kindOf(word) === null);
  if (named.length === 0) return { key: folded, kind: null };
  const kind = words.flatMap((word) => kindOf(word) ?? [])[0] ?? null;
  const withKind = kind !== null && kind !== 'city';
  return { key: named.map((word) => stem(word, withKind)).join(' '), kind };
}

/**
 * The key of the city after which a region is called: of "Тверская область" that of "Тверь", of "Курская область" that of "Курск", which
 * its English name (folded) tells; null = its name is no adjective.
 */
export function cityKey({ key }: RegionKey, english: string): string | null {
  if (!key.includes(ADJECTIVE)) return null;
  const isSk = regionKey(english).key.endsWith('sk');
  const nouns = key.split(' ').map((word) => {
    if (!word.endsWith(ADJECTIVE)) return word;
    const base = word.slice(0, -ADJECTIVE.length);
    return isSk ? base : cut(cut(base, /[сц]к$/u), VOWELS);
  });
  return nouns.join(' ');
}
