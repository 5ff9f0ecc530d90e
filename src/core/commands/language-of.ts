import type { Translators } from '../ports/translate.ts';

/** Language for a chat that has none yet: what the platform tells of the person, else the script that they write in. */
export function languageOf(
  senderLang: string | null,
  text: string,
  translators: Translators,
  fallback: string,
): string {
  const wanted = senderLang?.toLowerCase().split(/[-_]/u)[0];
  if (wanted && translators.has(wanted)) return wanted;
  return /\p{Script=Cyrillic}/u.test(text) && translators.has('ru') ? 'ru' : fallback;
}
