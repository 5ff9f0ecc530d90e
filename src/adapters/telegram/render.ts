import type { MessageEntity } from 'grammy/types';
import type { Block, Inline, MessageDocument } from '../../core/model/message.ts';
import { COMMAND_ISOLATE, ISOLATE, isolated, isRightToLeft } from '../../i18n/direction.ts';
import { sayIn } from '../../i18n/packs.ts';
import { clean, head, httpLink, oneLine, quiet } from './text.ts';

export const MAX_TEXT = 4096;
export const MAX_ENTITIES = 100;
/** No block is cut shorter than this while a longer one is there. */
const MIN_PIECE = 120;
const MAX_BLOCKS = 400;
const RTL_FIRST = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thaana}\p{Script=Syriac}]/u;
const RLM = '\u200f';

type Entity = MessageEntity;
type Style = 'bold' | 'italic' | 'code' | 'pre';

/** Offsets and lengths are UTF-16 units, as JavaScript counts and as Telegram wants them. */
export interface Rendered {
  text: string;
  entities: Entity[];
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
  const entities: Entity[] = [];
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

function fewest(entities: Entity[]): Entity[] {
  if (entities.length <= MAX_ENTITIES) return entities;
  const rank = (e: Entity): number =>
    e.type === 'text_link' ? 0 : e.type === 'pre' || e.type === 'code' ? 1 : e.type === 'bold' ? 2 : 3;
  return [...entities]
    .sort((a, b) => rank(a) - rank(b) || a.offset - b.offset)
    .slice(0, MAX_ENTITIES)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
}

function piece(block: Block, rtl: boolean): Piece {
  const p: Piece = { type: block.type, text: '', entities: [], rtl };
  switch (block.type) {
    case 'paragraph':
      write(p, block.inline);
      break;
    case 'note':
      styled(p, 'italic', () => write(p, block.inline));
      break;
    case 'list':
      for (const [i, item] of block.items.entries()) {
        p.text += i > 0 ? '\n• ' : '• ';
        write(p, item);
        if (p.text.length > MAX_TEXT * 2) break;
      }
      break;
    case 'table':
      writeTable(p, block.head, block.rows);
      break;
    case 'pre':
      styled(p, 'pre', () => {
        p.text += clean(block.text).trimEnd();
      });
  }
  trimStart(p);
  if (rtl && block.type !== 'pre') markRtl(p);
  return p;
}

/** A phone is too narrow for columns: a row is a line, its cells joined by " · ", the first one bold. */
function writeTable(p: Piece, heading: string[] | null, rows: string[][]): void {
  const add = (text: string) => (): void => {
    p.text += text;
  };
  if (heading) styled(p, 'italic', add(heading.map((cell) => ours(p, oneLine(cell))).join(' · ')));
  for (const row of rows) {
    if (p.text !== '') p.text += '\n';
    const cells = row.map((cell) => ours(p, oneLine(cell)));
    for (const [i, cell] of cells.entries()) {
      if (cell === '' && !heading) continue;
      if (i > 0) p.text += ' · ';
      if (i === 0) styled(p, 'bold', add(cell));
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
        else
          styled(p, 'code', () => {
            p.text += clean(part.code);
          });
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
function styled(p: Piece, type: Style, body: () => void): void {
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
