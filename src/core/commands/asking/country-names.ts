/** ISO 3166-1 alpha-2, Kosovo, and the EU for union-wide acts. */
export const COUNTRIES: readonly string[] = (
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR ' +
  'CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ' +
  'ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ ' +
  'MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI ' +
  'SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW EU'
).split(' ');

/** Languages in which people may write a country's name, whatever language the bot answers in. */
const LANGUAGES = ['en', 'en-GB', 'ru', 'uk', 'de', 'fr', 'es', 'pt', 'tr', 'fa', 'ar', 'zh', 'id'];

/** Names in common use that Intl does not give. */
const ALIASES: Record<string, string[]> = {
  BD: ['孟加拉'],
  ID: ['印尼'],
  KZ: ['qazaqstan', 'kazakstan', 'казакстан'],
  EG: ['єгипті', 'єгипту'],
  AE: [
    'vae',
    'bae',
    'емірати',
    'еміратах',
    'оае',
    '阿联酋',
    '阿拉伯联合酋长国',
    'emirate',
    'émirats',
    'uae',
    'emirates',
    'emiratos',
    'الإمارات',
    'امارات',
    'эмираты',
    'арабские эмираты',
    'объединенные арабские эмираты',
  ],
  BY: ['beyaz rusya', 'روسيا البيضاء', 'روسیه سفید', 'byelorussia', 'белоруссия', 'weissrussland', 'bielorrusia'],
  CD: [
    'dr kongo',
    'kongo dc',
    'kongo kinshasa',
    'congo kinshasa',
    'demokratische republik kongo',
    'демократическая республика конго',
    'конго киншаса',
    '刚果金',
    '刚果民主共和国',
    'جمهورية الكونغو الديمقراطية',
    'جمهوری دموکراتیک کنگو',
    'rd congo',
    'drc',
    'rdc',
    'dr congo',
    'дрк',
  ],
  CG: [
    '刚果布',
    '刚果共和国',
    'kongo brazzaville',
    'congo brazzaville',
    'республика конго',
    'конго браззавиль',
    'republik kongo',
    'république du congo',
    'república del congo',
    'republic of the congo',
  ],
  CI: ['ivory coast'],
  CN: ['国内', '中国大陆', '大陆', 'prc', 'кнр'],
  CZ: ['czech republic'],
  EU: ['european union', 'евросоюз', 'ес', 'europe'],
  GB: [
    'großbritannien',
    'ingiltere',
    'انجلترا',
    'إنجلترا',
    'uk',
    'great britain',
    'britain',
    'england',
    'англия',
    'британия',
    'англія',
    'inglaterra',
    'angleterre',
    'انگلیس',
  ],
  HK: ['هنگ کنگ', 'هنگ‌کنگ', 'hong kong', 'гонконг'],
  KG: ['киргизия', 'кыргызстан'],
  KP: [
    'n korea',
    'nkorea',
    'northkorea',
    '北韩',
    '北朝鲜',
    'північна корея',
    'північній кореї',
    'північну корею',
    'dprk',
    'кндр',
    'северная корея',
    'северной корее',
    'северной кореи',
    'северную корею',
  ],
  KR: [
    's korea',
    'skorea',
    'southkorea',
    '南韩',
    '大韩民国',
    'південна корея',
    'південній кореї',
    'південну корею',
    'южная корея',
    'южной корее',
    'южной кореи',
    'южную корею',
  ],
  MD: ['moldau', 'молдавия'],
  MK: ['macedonia', 'македония'],
  MM: ['birmania', 'birmanie', 'birmanya', 'burma', 'myanmar', 'бирма', 'мьянма'],
  MO: ['macau', 'макао'],
  NL: ['holland', 'голландия'],
  PS: ['palestine', 'gaza', 'палестина', 'газа'],
  RU: [
    '俄国',
    '俄罗斯联邦',
    'russian federation',
    'рф',
    'rf',
    'ру',
    'российская федерация',
    'rossiya',
    'росия',
    'рашка',
    'раша',
    'rossia',
  ],
  SA: ['ksa', '沙特', 'saudi', 'السعودية', 'саудовская аравия', 'саудія'],
  SZ: ['swaziland', 'свазиленд'],
  TM: ['туркмения'],
  TR: ['turkey'],
  TW: ['taiwan', 'тайвань'],
  US: [
    'the states',
    'us of a',
    'америці',
    'америку',
    'eeuu',
    'ee uu',
    'ee.uu.',
    'états unis',
    'etats unis',
    'abd',
    'amerika birleşik devletleri',
    'امریکا',
    'امريكا',
    'الولايات المتحدة',
    '美国',
    'штаты',
    'штати',
    'usa',
    'america',
    'united states of america',
    'сша',
    'америка',
    'amerika',
    'أمريكا',
    'آمریکا',
  ],
  VA: ['vatican'],
  XK: ['kosovo', 'косово'],
};

/**
 * Every spelling of every country: a name, and the code it stands for. Weak ones give way to any other meaning: oblique Russian forms
 * ("в России"), and what stands in brackets ("Hong Kong (China)" must not make China ambiguous).
 */
export function* countrySpellings(): Generator<{ name: string; code: string; weak: boolean }> {
  for (const language of LANGUAGES) {
    for (const style of ['long', 'short'] as const) {
      const names = new Intl.DisplayNames(language, { type: 'region', style, fallback: 'none' });
      for (const code of COUNTRIES) {
        const name = names.of(code);
        if (!name) continue;
        yield* variantsOf(name).map((variant) => ({ ...variant, code }));
        if (language === 'ru') for (const form of russianForms(name)) yield { name: form, code, weak: true };
      }
    }
  }
  for (const [code, names] of Object.entries(ALIASES)) {
    for (const name of names) {
      yield { name, code, weak: false };
      for (const form of russianForms(name)) yield { name: form, code, weak: true };
    }
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

/** Cases of a one-word Russian name. */
function russianForms(name: string): string[] {
  if (!/^[а-яё-]+$/iu.test(name) || name.length < 4) return [];
  const stem = name.slice(0, -1);
  if (name.endsWith('ия')) return ['и', 'ю', 'ей'].map((ending) => stem + ending);
  if (name.endsWith('а')) return ['ы', 'и', 'е', 'у', 'ой'].map((ending) => stem + ending);
  if (/[йь]$/iu.test(name)) return ['я', 'и', 'ю', 'е', 'ем', 'ью'].map((ending) => stem + ending);
  if (/[бвгджзклмнпрстфхцчшщ]$/iu.test(name)) return ['а', 'у', 'е', 'ом'].map((ending) => name + ending);
  return [];
}

/** 🇷🇺 is two letters of its own alphabet. */
export const FLAG = /[\u{1F1E6}-\u{1F1FF}]{2}/gu;
export const codeOfFlag = (flag: string): string =>
  String.fromCharCode(...[...flag].map((letter) => letter.codePointAt(0)! - 0x1f1e6 + 65));
