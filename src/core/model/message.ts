import type { AlertFacts } from './facts.ts';

/** A message without any chat markup: what `core/render` writes and every adapter renders in its own way. */

/**
 * A run of text within a line. Text is always plain: adapters escape it. Links are http, https or mailto only. What a stranger wrote (a
 * headline, what somebody typed) has passed `core/render/plain.ts`: clients would make links, commands and mentions of it.
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
  /** A chat command as typed, without prefix ("mute RU-whatsapp-3f9k for 8h"), or a link; `app`: opened within the platform, where that can. */
  press: { command: string } | { url: string; app?: boolean };
}

/**
 * A picture, as the drawing that it is made of. What is equal in `svg` is the same picture: it is made once and, where the platform allows,
 * uploaded once.
 */
export interface Picture {
  /** A whole `<svg>` element, without links, scripts or anything that loads; every text of anybody's is escaped in it. */
  svg: string;
  /** Pixels. */
  width: number;
  height: number;
  /** What it shows, for whoever cannot see it: plain text in the chat's language, at most 1,000 characters. */
  alt: string;
}

/** A file of plain text, whole. What makes it bounds it: 200 KB at most. */
export interface TextFile {
  /** Letters, digits, dots and dashes, with an ending. */
  name: string;
  type: 'text/plain' | 'application/json';
  text: string;
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
  /**
   * Shown above the blocks, which are its caption then (bounded more tightly). It never says what no text says: whoever sends it has sent the
   * text for itself, since a platform may not take a picture and there may be none to be had.
   */
  picture?: Picture;
  /**
   * Sent as a file, with the blocks as its caption where the platform has captions. Like a picture it is made only for chats that take files, and never
   * without a text before it that says how to come by the same without.
   */
  file?: TextFile;
  /**
   * In the place where people type, where a platform has such a thing (`Talk.locations` is `button`); without other buttons. `place` sends where they are, `no` its
   * own text. `gone`: takes it away again. Others show the text alone.
   */
  keyboard?: { place: string; no: string } | 'gone';
  /** The same for programs: made only for accounts that are targets (`OnlyChat`), and only of alerts. */
  facts?: AlertFacts;
}
