import type { Action } from '../model/action.ts';
import type { Extraction } from '../model/extraction.ts';
import type { NewsText } from '../model/item.ts';

/** What a text says of one service in one country. */
export interface Said {
  country: string | null;
  service: string | null;
  action: Action;
}

export interface ExtractOptions {
  explain?: boolean;
  /** Would this outlet's word be the second of it? Then its reading decides what chats are told. Absent = nobody knows. */
  corroborates?: (said: Said) => Promise<boolean>;
}

/**
 * Reads one text. Pure and bounded: never throws, under 50 ms for any input. `explain` fills `why`. The built-in extractor answers at once;
 * others (a language model) may take time and must fall back to it.
 */
export interface Extractor {
  extract(text: NewsText, options?: ExtractOptions): Extraction | Promise<Extraction>;
}
