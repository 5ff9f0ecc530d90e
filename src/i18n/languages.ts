import { createRequire } from 'node:module';
import type { MenuPhrases } from '../core/ports/phrases/menu.ts';
import type { TextsOf } from '../core/ports/translate.ts';
import type { Language } from './language.ts';

/** A line of the register: what is known of a language before its catalogue is read. */
export interface LanguageEntry {
  /** ISO 639-1. */
  code: string;
  /** Its name in itself. */
  name: string;
  /**
   * Reads the catalogue at the first call, from disk, in some ten milliseconds: memory holds those languages alone that chats speak.
   * Not `import()`: whoever renders a message cannot wait.
   */
  load(): Language;
  /** Its descriptions of commands alone, in the same way. */
  menu(): TextsOf<MenuPhrases>;
}

const require = createRequire(import.meta.url);

/** The register of languages: a new one is a folder and a line here. The first is what is spoken where another is missing. */
export const languages: readonly LanguageEntry[] = [
  {
    code: 'en',
    name: 'English',
    load: () => (require('./en/index.ts') as typeof import('./en/index.ts')).language,
    menu: () => (require('./en/menu.ts') as typeof import('./en/menu.ts')).menu,
  },
  {
    code: 'ru',
    name: 'Русский',
    load: () => (require('./ru/index.ts') as typeof import('./ru/index.ts')).language,
    menu: () => (require('./ru/menu.ts') as typeof import('./ru/menu.ts')).menu,
  },
  {
    code: 'fa',
    name: 'فارسی',
    load: () => (require('./fa/index.ts') as typeof import('./fa/index.ts')).language,
    menu: () => (require('./fa/menu.ts') as typeof import('./fa/menu.ts')).menu,
  },
  {
    code: 'tr',
    name: 'Türkçe',
    load: () => (require('./tr/index.ts') as typeof import('./tr/index.ts')).language,
    menu: () => (require('./tr/menu.ts') as typeof import('./tr/menu.ts')).menu,
  },
  {
    code: 'de',
    name: 'Deutsch',
    load: () => (require('./de/index.ts') as typeof import('./de/index.ts')).language,
    menu: () => (require('./de/menu.ts') as typeof import('./de/menu.ts')).menu,
  },
  {
    code: 'fr',
    name: 'Français',
    load: () => (require('./fr/index.ts') as typeof import('./fr/index.ts')).language,
    menu: () => (require('./fr/menu.ts') as typeof import('./fr/menu.ts')).menu,
  },
  {
    code: 'es',
    name: 'Español',
    load: () => (require('./es/index.ts') as typeof import('./es/index.ts')).language,
    menu: () => (require('./es/menu.ts') as typeof import('./es/menu.ts')).menu,
  },
  {
    code: 'uk',
    name: 'Українська',
    load: () => (require('./uk/index.ts') as typeof import('./uk/index.ts')).language,
    menu: () => (require('./uk/menu.ts') as typeof import('./uk/menu.ts')).menu,
  },
  {
    code: 'ar',
    name: 'العربية',
    load: () => (require('./ar/index.ts') as typeof import('./ar/index.ts')).language,
    menu: () => (require('./ar/menu.ts') as typeof import('./ar/menu.ts')).menu,
  },
  {
    code: 'zh',
    name: '简体中文',
    load: () => (require('./zh/index.ts') as typeof import('./zh/index.ts')).language,
    menu: () => (require('./zh/menu.ts') as typeof import('./zh/menu.ts')).menu,
  },
];
