/** How far words may stand from each other and still belong together, counted in the words between. The settings that all rules share; what one rule alone has, stands beside it. */

export const REACH = {
  /** Nothing between. */
  touching: 0,
  /** One word: an article, an adverb. */
  beside: 1,
  /** Two: an article and an adjective. */
  near: 2,
  /** Three: a name with its article and kind. */
  close: 3,
  /** Four: a phrase. */
  phrase: 4,
  /** Five: a phrase that runs on. */
  long: 5,
  /** A word governs an act so many words behind it, where nothing else happens between. */
  governs: 20,
} as const;

/** Where a language puts the words that govern a verb. */
export interface Habits {
  verbFinal: boolean;
  freeOrder: boolean;
  /** A court stands in the text: who is "ordered to restore" has not yet. */
  judged: boolean;
}

/** How far behind an act a word may stand that governs it: in most languages, with free order, where the verb comes last. -1: not behind it. */
interface Behind {
  plain: number;
  free: number;
  last: number;
}
const BEHIND = {
  threat: { plain: -1, free: -1, last: 4 },
  must: { plain: 0, free: 0, last: 6 },
  demand: { plain: 0, free: 0, last: 4 },
  bill: { plain: 0, free: 0, last: 4 },
  modal: { plain: 2, free: 5, last: 8 },
  will: { plain: 1, free: 3, last: 6 },
  ask: { plain: 4, free: 4, last: 4 },
  order: { plain: 4, free: 4, last: 4 },
} as const satisfies Record<string, Behind>;
export type Governing = keyof typeof BEHIND;

export const behindOf = (cls: Governing, { verbFinal, freeOrder }: Habits): number =>
  BEHIND[cls][verbFinal ? 'last' : freeOrder ? 'free' : 'plain'];

/** A negation behind the verb. */
export const negatedBehind = ({ verbFinal, freeOrder }: Habits): number =>
  freeOrder ? REACH.phrase : verbFinal ? REACH.near : REACH.beside;
