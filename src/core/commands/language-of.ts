import type { Translators } from '../ports/translate.ts';

/** Languages without a catalogue, and what most people who speak them read rather than English. */
const NEAR: Record<string, string> = {
  be: 'ru',
  kk: 'ru',
  ky: 'ru',
  tg: 'ru',
  tk: 'ru',
  uz: 'ru',
  az: 'tr',
  prs: 'fa',
  ckb: 'ar',
  ca: 'es',
  eu: 'es',
  gl: 'es',
  yue: 'zh',
};

/** Letters that only one of our languages has among those of its script. */
const SCRIPTS: [RegExp, string][] = [
  [/[іїєґ]/iu, 'uk'],
  [/\p{Script=Cyrillic}/u, 'ru'],
  [/[پچژگکی]/u, 'fa'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u, ''],
  [/\p{Script=Han}/u, 'zh'],
];

/** Language for a chat that has none yet: what the platform tells of the person, else the script that they write in. */
export function languageOf(
  senderLang: string | null,
  text: string,
  translators: Translators,
  fallback: string,
): string {
  const wanted = senderLang?.toLowerCase().split(/[-_]/u)[0] ?? '';
  if (translators.has(wanted)) return wanted;
  const near = Object.hasOwn(NEAR, wanted) ? NEAR[wanted]! : '';
  if (translators.has(near)) return near;
  const written = SCRIPTS.find(([letters]) => letters.test(text))?.[1] ?? '';
  return translators.has(written) ? written : fallback;
}
