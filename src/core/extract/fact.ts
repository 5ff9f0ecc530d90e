import LISTED from '../../../config/rules/reasons.json' with { type: 'json' };
import type { Action } from '../model/incident.ts';
import type { Objects } from './about.ts';
import type { Cue, Field, Habits, Span } from './field.ts';
import type { CueClass } from './rules/classes.ts';
import type { Time } from './rules/when.ts';

/** What one act in one proposition says about its objects. Where nothing was named (`carried`), they come from the text before. */
export interface Fact extends Omit<Objects, 'nearest'> {
  action: Action;
  /** `now`: in force or done. `warn`: only ahead. `held`: a lift that has not come: what was in force still is. */
  state: 'now' | 'warn' | 'held';
  time: Time;
  /** "The shutdown": of what, the sentence does not say. */
  bare: boolean;
  /** Only broken access is reported; who broke it is not. */
  down: boolean;
  /** Only trouble is reported: complaints, disruptions, an outage. */
  weak: boolean;
  threat: boolean;
  /** Ahead is the whole of it: "full block". */
  full: boolean;
  /** "still", "extended": the text says that this state holds. */
  still: boolean;
  /** Step by step, more of the same: a limit that is no full stop yet. */
  gradual: boolean;
  field: Field;
  act: Cue;
  rules: Ground[];
}

/** An act in its text. */
export interface Acting {
  field: Field;
  act: Cue;
  /** The word that lifts it: "lifts" the ban. */
  lift: Cue | undefined;
  setting: Setting;
}

/** One act, and what was found out about it before it becomes a fact. */
export interface Standing extends Acting {
  objects: Objects;
  mood: Mood;
  time: Time;
  /** What said so, in order. */
  rules: Ground[];
}

/** What the whole text is like, for whoever reads one act of it. */
export interface Setting extends Habits {
  /** The text speaks of orders, decrees, letters to providers: "will be blocked" then tells a decision. */
  ordered: boolean;
  /** An authority stands in it. */
  governed: boolean;
  /** It speaks of a bill, and of the day on which it takes effect. */
  pending: boolean;
  /** A bill stands in the title or in the first sentence of the text. */
  billed: boolean;
  /** It speaks of a ban or block. */
  banned: boolean;
  /** It speaks of age checks and minors. */
  aged: boolean;
  /** A place stands in it. */
  placed: boolean;
  /** It speaks of sites, apps or networks. */
  online: boolean;
}

/**
 * Why acts and facts are turned down, and on what grounds facts stand: ids, and what they say at the command line (`config/rules/reasons.json`).
 */
export const { reasons: REASON_TEXTS, grounds: GROUND_TEXTS } = LISTED;
export type Reason = keyof typeof REASON_TEXTS;

/** How an act stands in its sentence: as the rules of `mood` say, or simply so. */
export type Mood =
  | 'asserted'
  | 'planned'
  | 'threatened'
  | 'negated'
  | 'denied'
  | 'conditional'
  | 'asked'
  | 'appeal'
  | 'ordered';

/** `asserted-block`: said to be so; `held-future`: a lift that has not come, so that what it would lift is in force. */
export type Ground = keyof typeof GROUND_TEXTS | Mood | `asserted-${CueClass}` | `held-${Mood | 'future'}`;

/** Something that was turned down. */
export interface Rejected extends Span {
  field: Field;
  /** What it was taken for. */
  as: CueClass;
  why: Reason;
  /** Whose own doing it is. */
  by?: string;
}
