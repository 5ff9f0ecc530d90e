/** Regions of countries by id and name (`config/regions.json`). */
export interface Gazetteer {
  /** A name in any language and case, or an id, as a text of that country has it → the id ("RU-DA"); null = none, or more than one. */
  find(country: string, text: string): string | null;
  /** English where that language has no name; null = no such id. `lang`: ISO 639-1. */
  nameOf(id: string, lang: string): string | null;
}

/** Names of one country's regions by the second part of their id: English, Russian ('' = none is known), then any others. */
export type RegionNames = Readonly<Record<string, readonly string[]>>;
