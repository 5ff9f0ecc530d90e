/** Where a text names something: 0 in its title or 1 in its lead, from which letter, to before which. */
export type Stretch = readonly [field: 0 | 1, from: number, to: number];

/** A candidate and where it is named; nowhere = only meant. `services` has '' for platforms that nobody names. */
export interface Named {
  id: string;
  at: readonly Stretch[];
}

export interface Asked {
  title: string;
  summary: string;
  services: readonly Named[];
  countries: readonly Named[];
}

/** Log-odds: that the text is news, and of each candidate, services outside, countries within, then the actions in their order. */
export interface Encoded {
  relevant: number;
  candidates: readonly number[];
}

/**
 * Weighs a text by all of its words. Null: it does not work now, for whatever reason, which was said; the reader goes on without. Never rejects. Texts
 * wait for each other; a caller that has none asks nothing.
 */
export interface Encoder {
  encode(asked: Asked): Promise<Encoded | null>;
}

/** What a sentence may want and how likely, the likeliest first. */
export type Ranked = readonly (readonly [kind: string, chance: number])[];

/** Tells what a sentence wants, at once, by its letters. Never throws; where it cannot, nothing is likely. */
export type Likely = (text: string) => Ranked;

/** The same, of whatever words, by the encoder. Null: it does not work now, is busy, or took too long; letters alone tell then. Never rejects. */
export interface Wants {
  wants(text: string): Promise<Ranked | null>;
}
