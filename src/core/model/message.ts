/** A message without any chat markup: what `core/render` writes and every adapter renders in its own way. */

/**
 * A run of text within a line. Text is always plain: adapters escape it. Links are http, https or mailto only. What a stranger wrote (a
 * headline, what somebody typed) has passed `core/render/foreign.ts`: clients would make links, commands and mentions of it.
 */
export type Inline =
  | string
  | { bold: Inline[] }
  | { italic: Inline[] }
  | { code: string }
  | { link: string; text: string };

/** Adapters bound the whole by their platform's limits, and cut at block borders. */
export type Block =
  | { type: 'paragraph'; inline: Inline[] }
  | { type: 'list'; items: Inline[][] }
  /** Key-value or status lines; `cells` of one row are shown side by side, or joined by " · " where there are no tables. */
  | { type: 'table'; head: string[] | null; rows: string[][] }
  /** Small print. */
  | { type: 'note'; inline: Inline[] }
  | { type: 'pre'; text: string };

/** Where there are no buttons an adapter shows what to type, or nothing. */
export interface Button {
  /** In the chat's language; short. */
  label: string;
  /** A chat command as typed, without prefix ("mute RU-whatsapp-3f9k for 8h"), or a link. */
  press: { command: string } | { url: string };
}

/** One message. The same object may be sent to many chats: adapters may cache what they made of it, and must not change it. */
export interface MessageDocument {
  /** From top to bottom; at least one. */
  blocks: Block[];
  /** Rows of buttons; an adapter without buttons shows the typed forms instead, or nothing. */
  buttons: Button[][];
  /** ISO 639-1; adapters set direction by it. */
  lang: string;
  /** `alert`: rings (Matrix m.text). `notice`: does not ask for attention (Matrix m.notice, Telegram silent). */
  tone: 'alert' | 'notice';
}
