import type { Level } from './incident.ts';
import type { ChatSettings } from './settings.ts';

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
export type ChatState = 'active' | 'gone';

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
