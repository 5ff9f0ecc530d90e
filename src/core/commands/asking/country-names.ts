import type { Vocabulary } from './vocabulary.ts';

/** ISO 3166-1 alpha-2, Kosovo, and the EU for union-wide acts. */
export const COUNTRIES: readonly string[] = (
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR ' +
  'CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ' +
  'ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ ' +
  'MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI ' +
  'SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW EU'
).split(' ');

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
