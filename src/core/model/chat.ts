import type { Level } from './incident.ts';

/** Where a message can go: one account, one chat, perhaps one thread of it. Neutral: only adapters know what the strings mean. */
export interface ChatAddress {
  /** Id of the account in the configuration. */
  accountId: string;
  /** Telegram chat id or Matrix room id, as a string. */
  chat: string;
  /** Forum topic or Matrix thread root; null = the chat itself. */
  thread: string | null;
}

/** In a `private` chat whoever writes may change settings; in a `group` its administrators; a `channel` has no members who write. */
export type ChatKind = 'private' | 'group' | 'channel';
/** `gone`: blocked, kicked, deleted; it has no subscriptions any more. */
type ChatState = 'active' | 'gone';

/** What is kept about a chat; no names, no members. */
export interface Chat extends ChatAddress {
  /** Row number; the order in which a broadcast walks. */
  id: number;
  platform: string;
  kind: ChatKind;
  /** Language of the chat, ISO 639-1, a folder of `config/languages/`. */
  lang: string;
  /** IANA zone, `UTC` until set. */
  timeZone: string;
  /** How sure it wants to be notified. */
  level: Level;
  settings: ChatSettings;
  state: ChatState;
  /** When the row was made, ms since the epoch. */
  createdAt: number;
}

/** Stands for any country or any service in a matcher. */
export const ANY = '*';

/** One matcher of a chat: country and service both match an incident. Unique by (chat, country, service). */
export interface Subscription {
  chatId: number;
  /** ISO 3166-1 alpha-2, "EU", or `ANY`. An incident without a country matches `ANY` only. */
  country: string;
  /** Service id, `internet`, or `ANY`. */
  service: string;
  createdAt: number;
}

/** A chat's wish not to hear until a time. Null = any; an incident's id narrows it to that one. */
export interface Silence {
  chatId: number;
  country: string | null;
  service: string | null;
  incidentId: string | null;
  /** Ms since the epoch; over from then on. */
  until: number;
}

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
  /** May what is critical for this chat ring all the same? What that is decides `breaksThrough` in `core/audience.ts`. */
  critical: boolean;
}

/** How often something regular comes. A week begins on Monday. */
export type Every = 'day' | 'week';

/** What happened and what is cut off, regularly, beside the alerts themselves; without a sound. */
interface Digest {
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

/** Keys of an account's durable state by which a webhook that has ended, the start of the program and `tocsin webhooks` know of each other. */
export const ENDED = 'ended';
/** An operator wants it to go on; gone once it does. */
export const RESUME = 'resume';

/** Nothing is sent to it until its chat begins anew: at a start, or by `tocsin webhooks resume`. */
export interface EndedTarget {
  /** ms since the epoch. */
  at: number;
  /** Why, as a sentence without secrets. */
  detail: string;
}

/** What was kept under `ENDED`; null = it has not ended. */
export function readEnded(kept: unknown): EndedTarget | null {
  const { at, detail } = (kept ?? {}) as Partial<EndedTarget>;
  return typeof at === 'number' && typeof detail === 'string' ? { at, detail } : null;
}
