import type { Translators } from '../ports/translate.ts';

/** Language for a chat that has none yet: what the platform tells of the person, else the script that they write in. */
export function languageOf(
  senderLang: string | null,
  text: string,
  translators: Translators,
  fallback: string,
): string {
  const told = senderLang?.toLowerCase().split(/[-_]/u)[0];
  if (told && translators.has(told)) return told;
  return /\p{Script=Cyrillic}/u.test(text) && translators.has('ru') ? 'ru' : fallback;
}
