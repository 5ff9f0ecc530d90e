import type { PhraseKey } from '../../core/ports/translate.ts';
import { sayIn } from '../../i18n/packs.ts';

/**
 * The 64 emoji of an interactive verification, in their order. They and their names (`emoji.…` in `config/languages/`) are those of the table of
 * the Matrix specification ("SAS method: emoji", sas-emoji of its data; Apache License 2.0, The Matrix.org Foundation), which other apps show as
 * well; the Turkish names are our own, since it has none.
 */
const SIGNS =
  '🐶 🐱 🦁 🐎 🦄 🐷 🐘 🐰 🐼 🐓 🐧 🐢 🐟 🐙 🦋 🌷 🌳 🌵 🍄 🌏 🌙 ☁️ 🔥 🍌 🍎 🍓 🌽 🍕 🎂 ❤️ 😀 🤖 🎩 👓 🔧 🎅 👍 ☂️ ⌛ ⏰ 🎁 💡 📕 ✏️ 📎 ✂️ 🔒 🔑 🔨 ☎️ 🏁 🚂 🚲 ✈️ 🚀 🏆 ⚽ 🎸 🎺 🔔 ⚓ 🎧 📁 📌'.split(
    ' ',
  );

interface Sign {
  emoji: string;
  name: string;
}

/** `index` 0 to 63; names in this language, English where it is not among ours. */
export function signOf(index: number, lang: string): Sign {
  const emoji = SIGNS[index];
  return emoji === undefined ? { emoji: '?', name: '?' } : { emoji, name: sayIn(lang, `emoji.${emoji}` as PhraseKey) };
}
