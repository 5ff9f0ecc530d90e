/**
 * What a chat chose about how and when it hears, beside what it follows. Language, time zone and level stand in the chat itself: every
 * message needs them. All of it is the whole chat's, threads and all.
 */

/** A time on the clock of the chat's zone: minutes after midnight, 0 … 1439. */
export type ClockTime = number;

/**
 * Each day from `from` to `to` by the chat's clock nothing rings; `to` may be on the next day. They are never the same. What is evaluated
 * is evaluated all the same: only delivery waits, and one summary at the end tells of it.
 */
export interface QuietHours {
  from: ClockTime;
  to: ClockTime;
  /** May what is critical for this chat ring all the same? What that is decides `breaksThrough` in `core/route/audience.ts`. */
  critical: boolean;
}

/** How often something regular comes. A week begins on Monday. */
export type Every = 'day' | 'week';

/** What happened and what is cut off, regularly, beside the alerts themselves; without a sound. */
export interface Digest {
  every: Every;
  at: ClockTime;
}

/** Days between two reminders of what lasts; 0 = none. */
export const REMINDERS = [0, 1, 3, 7] as const;
export type Reminders = (typeof REMINDERS)[number];

export interface ChatSettings {
  /** Null: none. */
  quiet: QuietHours | null;
  /** Null: none. */
  digest: Digest | null;
  /** False: alerts come without a sound, all of them. */
  sound: boolean;
  /** False: no pictures, where an answer would have one. */
  pictures: boolean;
  /** While something that this chat heard of lasts. */
  reminders: Reminders;
  /** Each week in which there was nothing to tell: that, and how well this bot sees. */
  allQuiet: boolean;
}

/** Of a chat that chose nothing. Frozen: many chats share it. */
export const DEFAULT_SETTINGS: ChatSettings = Object.freeze({
  quiet: null,
  digest: null,
  sound: true,
  pictures: true,
  reminders: 0,
  allQuiet: false,
});
