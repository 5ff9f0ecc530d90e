/** "In English please": which language a sentence asks for. Pure; of short texts only. */
import { languageNamed } from '../language-names.ts';
import { keyOf } from '../target-names.ts';
import type { Asked } from './asked.ts';
import { isState } from './names.ts';
import type { Found } from './scan.ts';
import { polite } from './verbs.ts';

/** Words that may stand beside a language's name where it is asked for. */
const languageWords: ReadonlySet<string> = new Set(
  'from now on desde ahora partir maintenant désormais теперь отныне відтепер bundan sonra ab jetzt mir respóndeme contéstame háblame escríbeme réponds parle moi antworte speak talk say switch change language to in write answer reply use me let s говори говорите пиши отвечай переключи переключись переключить смени поменяй язык на по давай можешь давай-ка перейди перейдем говорить писать розмовляй говори пиши відповідай перемкни зміни мову мова на давай перейди sprich sprechen rede schreib antworte stell um auf sprache wechsle wechseln zu deutsch habla hablar hable escribe responde cambia al a idioma en parle parler parlez écris réponds change passe en langue konuş konuşalım yaz cevap ver değiştir dili dil geç olarak yap صحبت حرف بزن بزنید کن به زبان بنویس جواب بده تغییر تکلم احکی احكي تحدث اکتب جاوب غیر اللغه الی باللغه تکلمی رد علی خلی خليها'
    .split(' ')
    .flatMap((word) => keyOf(word).split(' ')),
);

/** "Speak Russian", "in English please". Languages are called as people are, so a country may have been heard as well ("Russian"). */
export function languageAsked({ words, rest, countries, services, hosts, doubts }: Found): Asked | null {
  if (words.length > 7 || countries.length > 1 || services.length + hosts.length + doubts.length > 0) return null;
  const code = words.map(languageOf).find((one) => one !== undefined) ?? languageNamed(words.join(''));
  const other = rest.filter((word) => languageOf(word) === undefined && !polite.has(word) && !languageWords.has(word));
  if (
    code === undefined ||
    other.length > 0 ||
    words.some((word) => isState(word) && !languageWords.has(word) && languageOf(word) === undefined)
  )
    return null;
  return { kind: 'command', name: 'language', args: code, open: false, sure: true };
}

/** Chinese is written without spaces: "请说中文". */
const languageOf = (word: string): string | undefined =>
  languageNamed(word) ?? languageNamed(word.replace(/^[请你用说讲改换成能可以切到]+|[吗吧回答复]+$/gu, ''));
