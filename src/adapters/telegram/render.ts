import { createHash } from 'node:crypto';
import type { InlineKeyboardButton, MessageEntity } from 'grammy/types';
import { head } from '../../core/answers.ts';
import type { Block, Button, Inline, MessageDocument } from '../../core/model/message.ts';
import { COMMAND_ISOLATE, ISOLATE, isolated, isRightToLeft } from '../../i18n/direction.ts';
import { sayIn } from '../../i18n/packs.ts';

/** What may not stand in a text: control characters but line feed, bidi overrides and isolates, byte order marks. */
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** Strangers' texts must not ring people: Telegram makes a mention of every `@name`, unless a word joiner stands in between. The name may be in the next piece. */
const MENTION = /(?<![\w.+-])@(?=[a-z]|$)/gi;
/** Telegram's own schemes are links wherever they stand; nothing of ours is one. */
const OWN_SCHEME = /\b(tg|ton|tonsite):(?=\/\/)/gi;
/** No text is read further: three times what a message can hold. */
const MAX_READ = 12_288;

/** Plain text for a message, line breaks kept. */
export const clean = (text: string): string =>
  text
    .slice(0, MAX_READ)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(UNSAFE, '')
    .toWellFormed();

/** As `clean`, and mentions and links into Telegram itself made harmless. For everything but code, where Telegram looks for neither. */
export const quiet = (text: string): string => clean(text).replace(MENTION, '@\u2060').replace(OWN_SCHEME, '$1:\u2060');

export const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

/** An http or https address in the form that Telegram takes, or null: it refuses the whole message for one bad link. */
export function httpLink(link: string): string | null {
  if (link.length > 2048 || !URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.port === '0' || !(url.hostname.includes('.') || url.hostname.startsWith('['))) return null;
  return url.href;
}

export const MAX_TEXT = 4096;
export const MAX_ENTITIES = 100;
/** No block is cut shorter than this while a longer one is there. */
const MIN_PIECE = 120;
const MAX_BLOCKS = 400;
const RTL_FIRST = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thaana}\p{Script=Syriac}]/u;
const RLM = '\u200f';

/** Offsets and lengths are UTF-16 units, as JavaScript counts and as Telegram wants them. */
interface Rendered {
  text: string;
  entities: MessageEntity[];
}

interface Piece extends Rendered {
  type: Block['type'];
  /** Written from right to left: what is Latin in it gets an isolate. */
  rtl: boolean;
}

const BARE_COMMAND = /^\/[a-z_]{1,32}$/;

/**
 * A document as text and entities. There is no `parse_mode`, so no text can turn into markup. Always between 1 and `max` (4096) UTF-16
 * units and at most 100 entities (links before styles); a longer document loses the inside of its longest blocks and says so.
 */
export function render(document: MessageDocument, max = MAX_TEXT): Rendered {
  const rtl = isRightToLeft(document.lang);
  const pieces = document.blocks
    .slice(0, MAX_BLOCKS)
    .map((block) => piece(block, rtl))
    .filter((p) => p.text.trim() !== '');
  const cut = document.blocks.length > MAX_BLOCKS || lengthOf(pieces) > max;
  if (cut) {
    const ending: Piece = { type: 'note', text: sayIn(document.lang, 'message.shortened'), entities: [], rtl };
    shrink(pieces, max - ending.text.length - 2);
    pieces.push(ending);
  }
  const joined = join(pieces);
  if (joined.text === '') return { text: '…', entities: [] };
  return { text: joined.text, entities: fewest(joined.entities) };
}

const gap = (before: Piece, after: Piece): string =>
  before.type === 'paragraph' && (after.type === 'list' || after.type === 'table' || after.type === 'pre')
    ? '\n'
    : '\n\n';

function lengthOf(pieces: Piece[]): number {
  let length = 0;
  for (const [i, p] of pieces.entries()) length += p.text.length + (i > 0 ? gap(pieces[i - 1]!, p).length : 0);
  return length;
}

function join(pieces: Piece[]): Rendered {
  let text = '';
  const entities: MessageEntity[] = [];
  for (const [i, p] of pieces.entries()) {
    if (i > 0) text += gap(pieces[i - 1]!, p);
    for (const e of p.entities) entities.push({ ...e, offset: e.offset + text.length });
    text += p.text;
  }
  return { text, entities };
}

/** Cuts the longest pieces, those without links first, until all fit in `max`; then leaves out from the end, but not the first and the last. */
function shrink(pieces: Piece[], max: number): void {
  const links = (p: Piece): number => p.entities.filter((e) => e.type === 'text_link').length;
  for (let over = lengthOf(pieces) - max; over > 0; over = lengthOf(pieces) - max) {
    const long = pieces.filter((p) => p.text.length > MIN_PIECE);
    if (long.length > 0) {
      const plain = long.filter((p) => links(p) === 0);
      const longest = (plain.length > 0 ? plain : long).reduce((a, b) => (b.text.length > a.text.length ? b : a));
      cutPiece(longest, Math.max(MIN_PIECE, longest.text.length - over));
    } else {
      pieces.splice(Math.max(1, pieces.length - 2), 1);
    }
  }
}

/** At a line break or a space when one is near, with "…" at the end. */
function cutPiece(p: Piece, max: number): void {
  const room = head(p.text, max - 2);
  const line = room.lastIndexOf('\n');
  const space = room.lastIndexOf(' ');
  const at = line > room.length * 0.6 ? line : space > room.length * 0.8 ? space : room.length;
  p.text = `${room.slice(0, at)}${at === line ? '\n…' : '…'}`;
  p.entities = p.entities
    .filter((e) => e.offset < at)
    .map((e) => ({ ...e, length: Math.min(e.length, at - e.offset) }));
}

function fewest(entities: MessageEntity[]): MessageEntity[] {
  if (entities.length <= MAX_ENTITIES) return entities;
  const rank = (e: MessageEntity): number =>
    e.type === 'text_link' ? 0 : e.type === 'pre' || e.type === 'code' ? 1 : e.type === 'bold' ? 2 : 3;
  return [...entities]
    .sort((a, b) => rank(a) - rank(b) || a.offset - b.offset)
    .slice(0, MAX_ENTITIES)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
}

function piece(block: Block, rtl: boolean): Piece {
  const p: Piece = { type: block.type, text: '', entities: [], rtl };
  if (block.type === 'paragraph') write(p, block.inline);
  else if (block.type === 'note') styled(p, 'italic', () => write(p, block.inline));
  else if (block.type === 'table') writeTable(p, block.head, block.rows);
  else if (block.type === 'pre') styled(p, 'pre', () => add(p, clean(block.text).trimEnd()));
  else
    for (const [i, item] of block.items.entries()) {
      add(p, i > 0 ? '\n• ' : '• ');
      write(p, item);
      if (p.text.length > MAX_TEXT * 2) break;
    }
  trimStart(p);
  if (rtl && block.type !== 'pre') markRtl(p);
  return p;
}

function add(p: Piece, text: string): void {
  p.text += text;
}

/** A phone is too narrow for columns: a row is a line, its cells joined by " · ", the first one bold. */
function writeTable(p: Piece, heading: string[] | null, rows: string[][]): void {
  if (heading) styled(p, 'italic', () => add(p, heading.map((cell) => ours(p, oneLine(cell))).join(' · ')));
  for (const row of rows) {
    if (p.text !== '') p.text += '\n';
    const cells = row.map((cell) => ours(p, oneLine(cell)));
    for (const [i, cell] of cells.entries()) {
      if (cell === '' && !heading) continue;
      if (i > 0) p.text += ' · ';
      if (i === 0) styled(p, 'bold', () => add(p, cell));
      else p.text += cell === '' ? '–' : cell;
    }
    if (p.text.length > MAX_TEXT * 2) return;
  }
}

function write(p: Piece, parts: Inline[]): void {
  for (const part of parts) {
    if (p.text.length > MAX_TEXT * 2) return;
    if (typeof part === 'string') p.text += ours(p, part);
    else if ('bold' in part) styled(p, 'bold', () => write(p, part.bold));
    else if ('italic' in part) styled(p, 'italic', () => write(p, part.italic));
    else if ('code' in part)
      apart(p, COMMAND_ISOLATE, () => {
        // A tap runs a command that wants nothing more; as code it would only be copied.
        if (BARE_COMMAND.test(part.code)) p.text += part.code;
        else styled(p, 'code', () => add(p, clean(part.code)));
      });
    else apart(p, ISOLATE, () => writeLink(p, part.link, part.text));
  }
}

const ours = (p: Piece, text: string): string => (p.rtl ? isolated(quiet(text)) : quiet(text));

/** The isolate stands outside of what is tapped and copied. */
function apart(p: Piece, [begin, end]: readonly [string, string], body: () => void): void {
  const from = p.text.length;
  if (p.rtl) p.text += begin;
  body();
  if (!p.rtl) return;
  p.text = p.text.length === from + 1 ? p.text.slice(0, from) : p.text + end;
}

function writeLink(p: Piece, link: string, label: string): void {
  const url = httpLink(link);
  const text = quiet(oneLine(label));
  if (url === null) {
    // Telegram finds an address of mail in the text by itself; other kinds of links it does not know.
    const mail = /^mailto:([^?\s]{3,254})/.exec(link)?.[1];
    p.text += mail && !text.includes(mail) ? `${text} (${clean(mail)})` : text;
    return;
  }
  const offset = p.text.length;
  p.text += text === '' ? new URL(url).hostname : text;
  p.entities.push({ type: 'text_link', offset, length: p.text.length - offset, url });
}

/** Entities cover what `body` writes, without white space at its ends: Telegram refuses empty ones and trims the others. */
function styled(p: Piece, type: 'bold' | 'italic' | 'code' | 'pre', body: () => void): void {
  const from = p.text.length;
  const at = p.entities.length;
  body();
  const written = p.text.slice(from);
  const offset = from + written.length - written.trimStart().length;
  const length = written.trim().length;
  if (length > 0) p.entities.splice(at, 0, { type, offset, length });
}

function trimStart(p: Piece): void {
  const lead = p.text.length - p.text.trimStart().length;
  p.text = p.text.trim();
  if (lead > 0) for (const e of p.entities) e.offset -= lead;
  p.entities = p.entities.filter((e) => e.offset < p.text.length);
  for (const e of p.entities) e.length = Math.min(e.length, p.text.length - e.offset);
}

/** Clients guess a line's direction by its first letter: a Persian line that begins with "WhatsApp" needs a mark. */
function markRtl(p: Piece): void {
  let text = '';
  for (const line of p.text.split('\n')) {
    const at = text.length;
    if (/\p{L}/u.test(line) && !RTL_FIRST.test(line)) {
      text += RLM;
      for (const e of p.entities) {
        if (e.offset >= at) e.offset++;
        else if (e.offset + e.length > at) e.length++;
      }
    }
    text += `${line}\n`;
  }
  p.text = text.slice(0, -1);
}

const MAX_DATA_BYTES = 64;
const PER_ROW = 8;
const IN_ALL = 100;
/** Telegram takes 10,240 bytes of markup. */
const MAX_MARKUP_BYTES = 9500;
const MAX_LABEL = 64;

/**
 * What a button carries back, 64 bytes at most: `c:` and the command itself, or `k:` and the name of a command kept in the cache; `keep`: the command to keep
 * under `data`, or null when `data` tells it itself.
 * Clients can forge both. That gives them nothing: a command from a button is checked like one that the same person types.
 */
export function callbackData(command: string) {
  const direct = `c:${command}`;
  if (Buffer.byteLength(direct) <= MAX_DATA_BYTES) return { data: direct, keep: null };
  // Named by its content: a broadcast keeps its commands once, not once a chat.
  return { data: `k:${createHash('sha256').update(command).digest('base64url').slice(0, 22)}`, keep: command };
}

type ReadCallback = { command: string } | { kept: string } | null;

export function readCallback(data: string): ReadCallback {
  if (data.length > MAX_DATA_BYTES) return null;
  if (data.startsWith('c:')) return data.length > 2 ? { command: data.slice(2) } : null;
  return /^k:[A-Za-z0-9_-]{22}$/.test(data) ? { kept: data } : null;
}

/** Buttons that Telegram would refuse (a bad link, no label) are left out, rows of more than 8 are broken, and the end is dropped past 100 buttons or 9.5 KB. `keep`: to be kept before the message is sent, command by callback data. */
export function keyboard(buttons: Button[][]) {
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

/** Null: Telegram would refuse it. */
function one({ label, press }: Button): { button: InlineKeyboardButton; keep: string | null } | null {
  const text = head(oneLine(label), MAX_LABEL);
  if (text === '') return null;
  if ('url' in press) {
    const url = httpLink(press.url);
    if (url === null) return null;
    return { button: press.app && url.startsWith('https:') ? { text, web_app: { url } } : { text, url }, keep: null };
  }
  const command = oneLine(press.command);
  if (command === '') return null;
  const { data, keep } = callbackData(command);
  return { button: { text, callback_data: data }, keep };
}

/** Telegram's bound of a popup, UTF-16 units. */
export const MAX_POPUP = 200;

/** A document as a popup: its beginning, up to whole words, and the bot's name, for the rest is answered in a private chat with it. */
export function popupOf(document: MessageDocument, username: string): string {
  const ending = `\n→ @${username}`;
  const text = render(document)
    .text.replace(/\n{2,}/g, '\n')
    .trim();
  const most = MAX_POPUP - ending.length;
  if (text.length <= most) return text + ending;
  const cut = head(text, most - 1);
  const word = cut.search(/\s\S*$/);
  return `${(word > most / 2 ? cut.slice(0, word) : cut).trimEnd()}…${ending}`;
}
