/** Regions of countries by id and name (`config/regions.json`). */
export interface Gazetteer {
  /** A name in any language and case, or an id, as a text of that country has it → the id ("RU-DA"); null = none, or more than one. */
  find(country: string, text: string): string | null;
  /**
   * The same without a country: an id for each country where that is the name of one region. Reads all countries when first asked; meant
   * for a few words of a sentence.
   */
  everywhere(text: string): readonly string[];
  /** English where that language has no name; null = no such id. `lang`: ISO 639-1. */
  nameOf(id: string, lang: string): string | null;
}

/** Names of one country's regions in one language by the second part of their id; missing where that language has none. */
export type NamesInLanguage = Readonly<Record<string, string>>;

/** Names of one country's regions by the second part of their id: English, Russian ('' = none is known), then any others. */
export type RegionNames = Readonly<Record<string, readonly string[]>>;
