import { createRequire } from 'node:module';
import type { MenuPhrases } from '../core/phrases/menu.ts';
import type { TextsOf } from '../core/ports/translate.ts';
import type { language as arabic } from './ar/index.ts';
import { menu as ar } from './ar/menu.ts';
import type { language as german } from './de/index.ts';
import { menu as de } from './de/menu.ts';
import { language as english } from './en/index.ts';
import { menu as en } from './en/menu.ts';
import type { language as spanish } from './es/index.ts';
import { menu as es } from './es/menu.ts';
import type { language as persian } from './fa/index.ts';
import { menu as fa } from './fa/menu.ts';
import type { language as french } from './fr/index.ts';
import { menu as fr } from './fr/menu.ts';
import type { Language } from './language.ts';
import type { language as russian } from './ru/index.ts';
import { menu as ru } from './ru/menu.ts';
import type { language as turkish } from './tr/index.ts';
import { menu as tr } from './tr/menu.ts';
import type { language as ukrainian } from './uk/index.ts';
import { menu as uk } from './uk/menu.ts';
import type { language as chinese } from './zh/index.ts';
import { menu as zh } from './zh/menu.ts';

/** A line of the register: what is known of a language before its catalogue is read. */
interface LanguageEntry {
  /** ISO 639-1. */
  code: string;
  /** Its name in itself. */
  name: string;
  /** Its descriptions of commands, which the platforms' menus want at each start. */
  menu: TextsOf<MenuPhrases>;
  /**
   * Reads the catalogue at the first call, from disk, in some ten milliseconds: memory holds English, and those languages that chats speak.
   * Not `import()`: whoever renders a message cannot wait.
   */
  load(): Language;
}

const require = createRequire(import.meta.url);
/** `file`: a catalogue's `index.ts`. Its type is imported, so that the compiler knows whether it is there; what it holds, with the first call. */
const read = <L extends Language>(file: string): L => (require(file) as { language: L }).language;

/** The register of languages: a new one is a folder and a line here. The first is what is spoken where another is missing. */
export const languages: readonly LanguageEntry[] = [
  { code: 'en', name: 'English', menu: en, load: () => english },
  { code: 'ru', name: 'Русский', menu: ru, load: () => read<typeof russian>('./ru/index.ts') },
  { code: 'fa', name: 'فارسی', menu: fa, load: () => read<typeof persian>('./fa/index.ts') },
  { code: 'tr', name: 'Türkçe', menu: tr, load: () => read<typeof turkish>('./tr/index.ts') },
  { code: 'uk', name: 'Українська', menu: uk, load: () => read<typeof ukrainian>('./uk/index.ts') },
  { code: 'de', name: 'Deutsch', menu: de, load: () => read<typeof german>('./de/index.ts') },
  { code: 'fr', name: 'Français', menu: fr, load: () => read<typeof french>('./fr/index.ts') },
  { code: 'es', name: 'Español', menu: es, load: () => read<typeof spanish>('./es/index.ts') },
  { code: 'ar', name: 'العربية', menu: ar, load: () => read<typeof arabic>('./ar/index.ts') },
  { code: 'zh', name: '简体中文', menu: zh, load: () => read<typeof chinese>('./zh/index.ts') },
];
