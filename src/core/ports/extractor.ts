import type { Extraction } from '../model/extraction.ts';
import type { NewsText } from '../model/item.ts';

/**
 * Reads one text. Pure and bounded: never throws, under 50 ms for any input. `explain` fills `why`. The built-in extractor answers at once;
 * others (a language model) may take time and must fall back to it.
 */
export interface Extractor {
  extract(text: NewsText, options?: { explain?: boolean }): Extraction | Promise<Extraction>;
}
