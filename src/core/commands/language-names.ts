import { keyOf } from './target-names.ts';

/** Names of languages in all languages, in the forms in which people ask for them ("in English", "по-русски"); "|" between them. */
const NAMES: Record<string, string> = {
  en: 'англійську|english|eng|английски|английском|английский|англійською|англійська|englisch|inglés|anglais|ingilizce|انگلیسی|الإنجليزية|بالإنجليزية|الانجليزي|بالانجليزي|英语|英文',
  ru: 'російську|russian|rus|русски|русском|русский|російською|російська|russisch|ruso|russe|rusça|روسی|الروسية|بالروسية|俄语|俄文|ру|российский',
  fa: 'перську|persian|farsi|فارسی|персидски|персидский|фарси|перською|перська|persisch|persa|persan|farsça|الفارسية|بالفارسية|波斯语',
  tr: 'турецьку|turkish|türkçe|турецки|турецкий|турецком|турецькою|турецька|türkisch|turco|turc|ترکی|التركية|بالتركية|土耳其语',
  uk: 'українську|ukrainian|українською|українська|украински|украинский|украинском|ukrainisch|ucraniano|ukrainien|ukraynaca|اوکراینی|الأوكرانية|بالأوكرانية|乌克兰语',
  de: 'німецьку|german|deutsch|немецки|немецкий|немецком|німецькою|німецька|alemán|allemand|almanca|آلمانی|الألمانية|بالألمانية|德语|德文',
  es: 'іспанську|spanish|español|castellano|испански|испанский|испанском|іспанською|іспанська|spanisch|espagnol|ispanyolca|اسپانیایی|الإسبانية|بالإسبانية|西班牙语',
  fr: 'французьку|french|français|французски|французский|французском|французькою|французька|französisch|francés|fransızca|فرانسوی|فرانسه|الفرنسية|بالفرنسية|法语|法文',
  ar: 'арабську|arabic|عربی|عربي|العربية|بالعربية|арабски|арабский|арабском|арабською|арабська|arabisch|árabe|arabe|arapça|阿拉伯语',
  zh: 'китайську|chinese|mandarin|中文|汉语|简体中文|китайски|китайский|китайском|китайською|китайська|chinesisch|chino|chinois|çince|چینی|الصينية|بالصينية',
};

const byWord: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([code, words]) => words.split('|').map((word) => [keyOf(word), code] as const)),
);

/** ISO 639-1 of a language that is named so; `key`: a folded word (`keyOf`). */
export const languageNamed = (key: string): string | undefined => byWord.get(key);
