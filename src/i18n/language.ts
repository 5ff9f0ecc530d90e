import type { Texts } from '../core/ports/translate.ts';

/** One language: its texts and the few habits that Intl does not know. */
export interface Language {
  /** ISO 639-1. */
  code: string;
  /** BCP 47, for dates, numbers, plurals and lists. */
  locale: string;
  month: 'short' | 'long';
  /** Between parts of a line, with its spaces. */
  dash: string;
  /** Between the members of a list. */
  separator: string;
  /** Before a date in a sentence: "desde el 12 de febrero", but "desde febrero". */
  article: string;
  /** An age of less than a minute: "… ago" fits behind it. */
  moment: string;
  /** Zones that people call by a name which Intl does not know. */
  zones: Readonly<Record<string, string>>;
  /** Of durations; short where long ones would have to be declined ("1 минуту назад"). */
  units: 'short' | 'long';
  /** Words of ages that are declined behind "ago" and "for": { Tage: 'Tagen' }. */
  ages?: Readonly<Record<string, string>>;
  /** Services whose catalogue name is no name but a description (the network itself, a class): translated. All others stay as they are. */
  services: Readonly<Record<string, string>>;
  /** Countries that Intl names in a way that nobody says ("Hong Kong SAR China"). */
  countries: Readonly<Record<string, string>>;
  texts: Texts;
  /** What is said otherwise where a chat of several people is called a room. */
  rooms: Partial<Texts>;
}
