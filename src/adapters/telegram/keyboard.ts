import { createHash } from 'node:crypto';
import type { InlineKeyboardButton } from 'grammy/types';
import type { Button } from '../../core/model/message.ts';
import { head, httpLink, oneLine } from './text.ts';

const MAX_DATA_BYTES = 64;
const PER_ROW = 8;
const IN_ALL = 100;
/** Telegram takes 10,240 bytes of markup. */
const MAX_MARKUP_BYTES = 9500;
const MAX_LABEL = 64;

/**
 * What a button carries back, 64 bytes at most: `c:` and the command itself, or `k:` and the name of a command kept in the cache.
 * Clients can forge both. That gives them nothing: a command from a button is checked like one that the same person types.
 */
export interface CallbackData {
  data: string;
  /** The command to keep under `data`, or null when `data` tells it itself. */
  keep: string | null;
}

export function callbackData(command: string): CallbackData {
  const direct = `c:${command}`;
  if (Buffer.byteLength(direct) <= MAX_DATA_BYTES) return { data: direct, keep: null };
  // Named by its content: a broadcast keeps its commands once, not once a chat.
  return { data: `k:${createHash('sha256').update(command).digest('base64url').slice(0, 22)}`, keep: command };
}

export type ReadCallback = { command: string } | { kept: string } | null;

export function readCallback(data: string): ReadCallback {
  if (data.length > MAX_DATA_BYTES) return null;
  if (data.startsWith('c:')) return data.length > 2 ? { command: data.slice(2) } : null;
  return /^k:[A-Za-z0-9_-]{22}$/.test(data) ? { kept: data } : null;
}

export interface Keyboard {
  rows: InlineKeyboardButton[][];
  /** To be kept before the message is sent: command by callback data. */
  keep: Map<string, string>;
}

/** Buttons that Telegram would refuse (a bad link, no label) are left out, rows of more than 8 are broken, and the end is dropped past 100 buttons or 9.5 KB. */
export function keyboard(buttons: Button[][]): Keyboard {
  const rows: InlineKeyboardButton[][] = [];
  const keep = new Map<string, string>();
  let count = 0;
  let bytes = 0;
  for (const row of buttons) {
    let out: InlineKeyboardButton[] = [];
    for (const button of row) {
      const made = one(button);
      if (made === null) continue;
      bytes += Buffer.byteLength(JSON.stringify(made.button)) + 3;
      if (++count > IN_ALL || bytes > MAX_MARKUP_BYTES) break;
      if (made.keep !== null && 'callback_data' in made.button) keep.set(made.button.callback_data, made.keep);
      if (out.length === PER_ROW) {
        rows.push(out);
        out = [];
      }
      out.push(made.button);
    }
    if (out.length > 0) rows.push(out);
  }
  return { rows, keep };
}

function one({ label, press }: Button): { button: InlineKeyboardButton; keep: string | null } | null {
  const text = head(oneLine(label), MAX_LABEL);
  if (text === '') return null;
  if ('url' in press) {
    const url = httpLink(press.url);
    return url === null ? null : { button: { text, url }, keep: null };
  }
  const command = oneLine(press.command);
  if (command === '') return null;
  const { data, keep } = callbackData(command);
  return { button: { text, callback_data: data }, keep };
}
