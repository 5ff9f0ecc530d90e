import type { Level } from './incident.ts';

/** Where a message can go: one account, one chat, perhaps one thread of it. Neutral: only adapters know what the strings mean. */
export interface ChatAddress {
  accountId: string;
  /** Telegram chat id or Matrix room id, as a string. */
  chat: string;
  /** Forum topic or Matrix thread root; null = the chat itself. */
  thread: string | null;
}

export type ChatKind = 'private' | 'group' | 'channel';
/** `gone`: blocked, kicked, deleted; it has no subscriptions any more. */
export type ChatState = 'active' | 'gone';

export interface Chat extends ChatAddress {
  /** Row number; the order in which a broadcast walks. */
  id: number;
  platform: string;
  kind: ChatKind;
  /** Language of the chat, ISO 639-1 of a catalogue in `i18n/`. */
  lang: string;
  /** IANA zone, `UTC` until told. */
  timeZone: string;
  level: Level;
  state: ChatState;
  createdAt: number;
}

export const ANY = '*';

/** One matcher of a chat: `*` = any country or any service. */
export interface Subscription {
  chatId: number;
  country: string;
  service: string;
  createdAt: number;
}

/** A chat's wish not to hear until a time. Null = any; an incident's id narrows it to that one. */
export interface Silence {
  chatId: number;
  country: string | null;
  service: string | null;
  incidentId: string | null;
  until: number;
}
