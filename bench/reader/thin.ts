/**
 * A lexicon with some of its phrases left out. The rules were made on most of the texts that there are to learn from, so what they find in
 * these is too good; a thinned lexicon errs on them about as often as the whole one does on texts that nobody has seen.
 */
import type { Analyser } from '../../src/core/extract/analysis.ts';
import { bucket, hash, keyed, keyOf, laneBucket, mix } from '../../src/core/extract/score/features.ts';
import { type LanguageData, type Lexicon, phrasesOf } from '../../src/core/extract/text/lexicon.ts';
import { ACTIONS } from '../../src/core/model/incident.ts';

export function thin(lexicon: Lexicon, share: number, seed: number): Lexicon {
  const keep = (where: string, phrase: string): boolean => hash(`${seed} ${where} ${phrase}`) / 2 ** 32 >= share;
  const cues = (lang: string, all: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(all).map(([cls, list]) => [
        cls,
        phrasesOf(list)
          .filter((p) => keep(`${lang} ${cls}`, p))
          .join(', '),
      ]),
    );
  const language = (data: LanguageData): LanguageData =>
    // A copy that keeps the getter of `names`.
    Object.create(data, { cues: { value: cues(data.lang, data.cues), enumerable: true } }) as LanguageData;
  return {
    ...lexicon,
    languages: lexicon.languages.map(language),
    shared: { ...lexicon.shared, cues: cues('shared', lexicon.shared.cues) },
  };
}

/** Reads as if the rules had found and claimed nothing: names, cues and words alone must tell. */
export const blind =
  (analyse: Analyser): Analyser =>
  (text) => {
    const { found, ...analysis } = analyse(text);
    return {
      ...analysis,
      facts: [],
      found: { ...found, claims: [], events: [] },
    };
  };

/**
 * Where the weights stand, in a model of 2^bits, of what says that the rules claim nothing. In a blind reading it is always so and means nothing:
 * what is learnt from such readings alone must not count it against what the rules do claim.
 */
export function weightsOfNoClaim(bits: number): number[] {
  const yesOrNo = [true, false];
  const [country, triple] = [keyOf('c:'), keyOf('t:')];
  const unclaimed = ['net', 'many', 'one'].flatMap((kind) => yesOrNo.map((any) => keyed('no claim', kind, any)));
  const alone = [
    ...unclaimed,
    mix(triple, keyed('exact', false)),
    ...yesOrNo.flatMap((own) => yesOrNo.map((claimed) => mix(triple, keyed('no pair', own, claimed)))),
    ...yesOrNo.map((any) => mix(country, keyed('claimed', false, any))),
    ...Array.from({ length: 5 }, (_, rivals) => mix(country, keyed('claimed', false, 'of', rivals))),
  ];
  const withEach = [...unclaimed, keyOf('claims none')];
  return [
    ...alone.map((key) => bucket(key, bits)),
    ...withEach.flatMap((key) => ACTIONS.map((_, lane) => laneBucket(key, bits) + lane)),
  ];
}
