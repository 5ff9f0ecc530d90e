import { isUtf8 } from 'node:buffer';
import { time } from '../../core/answers.ts';
import { TocsinError } from '../../core/errors.ts';
import type { ServiceHosts } from '../../core/ports/reading.ts';
import type { RegistryConfig } from './config.ts';
import type { Entry } from './listing.ts';

/** Columns of z-i: addresses; names; urls; agency; decision; day. Several values of one stand between " | ". */
const [DOMAIN, URLS, AGENCY, DECISION, DATE] = [1, 2, 3, 4, 5] as const;
/** Bytes that are kept of each column; the first, which may be long, is passed over. */
const KEPT = [40, 400, 4_000, 200, 300, 20] as const;
/** Of a line that does not end. */
const MAX_ROW = 1_000_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const UPDATED = /^Updated: (\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?: ([+-]\d{4}))?/;

const cyrillic = new TextDecoder('windows-1251');

/** UTF-8 where it is that, else windows-1251, in which the register is written. */
function decode(bytes: Buffer): string {
  for (const byte of bytes)
    if (byte >= 0x80) return (isUtf8(bytes) ? bytes.toString('utf8') : cyrillic.decode(bytes)).trim();
  return bytes.toString('latin1').trim();
}

/**
 * The register as zapret-info mirrors it. An entry about a page (a url with a path) says nothing about its site, and one about addresses
 * nothing about names: neither is a row here, though it counts as read.
 */
export function readCsv(onRow: OnRow): RowParser {
  const tally = newTally();

  const take = (line: string): void => {
    if (/^\r*$/.test(line)) return;
    const columns = columnsOf(line);
    const text = (index: keyof typeof KEPT & number): string =>
      decode(Buffer.from((columns[index] ?? '').slice(0, KEPT[index]), 'latin1'));
    const date = text(DATE);
    if (!DAY.test(date)) {
      const updated = columns.length === 1 ? UPDATED.exec(text(0)) : null;
      if (updated)
        tally.updatedAt = time(`${updated[1]}T${updated[2]}${(updated[3] ?? '+0000').replace(/(\d{2})$/, ':$1')}`);
      else tally.odd++;
      return;
    }
    tally.rows++;
    const details = () => ({ agency: text(AGENCY), decision: text(DECISION), date });
    for (const host of hostsOf(text(DOMAIN), text(URLS))) onRow(host, details);
  };
  // A byte is a letter: what is kept of a column is decoded by itself.
  const lines = linesOf((chunk) => Buffer.from(chunk).toString('latin1'), MAX_ROW, take);

  return {
    tally,
    push: lines.push,
    end() {
      // What breaks off in the middle of its line has no day, and is odd; a last line without its end is whole.
      const { odd } = tally;
      lines.end();
      return { ...tally, odd, cut: tally.odd > odd, dropped: lines.dropped() };
    },
  };
}

/** In quotes, of which two stand for one; whatever follows them; and what ends the column. A quote that nobody closed ends with its line. */
const COLUMN = /(?:\r*"([^"]*(?:""[^"]*)*)(?:"|$))?([^;]*)(;|$)/y;

function columnsOf(line: string): string[] {
  if (!line.includes('"')) return line.replaceAll('\r', '').split(';');
  const columns: string[] = [];
  COLUMN.lastIndex = 0;
  for (;;) {
    const [, quoted = '', plain = '', end] = COLUMN.exec(line)!;
    columns.push(quoted.replaceAll('""', '"') + plain.replaceAll('\r', ''));
    if (end !== ';') return columns;
  }
}

/** Cuts into lines what comes in pieces. Of a line that is longer than `most` and not ended in its piece, as much as tells so. */
function linesOf(decodePiece: (chunk: Uint8Array) => string, most: number, take: (line: string) => void) {
  let rest = '';
  let dropped = 0;
  return {
    push(chunk: Uint8Array): void {
      const lines = (rest + decodePiece(chunk)).split('\n');
      const open = lines.pop()!;
      rest = open.slice(0, most + 1);
      dropped += open.length - rest.length;
      for (const line of lines) take(line);
    },
    dropped: () => dropped,
    end: (): void => take(rest),
  };
}

/** Names that an entry is about as a whole. */
function hostsOf(domains: string, urls: string): string[] {
  const pages = urls === '' ? [] : urls.split(' | ');
  const sites = pages.flatMap((page) => siteOf(page.trim()) ?? []);
  if (domains === '') return [...new Set(sites)];
  return pages.length > 0 && sites.length === 0 ? [] : [...new Set(domains.split(' | ').map((one) => one.trim()))];
}

/** The host of an address that names a site and no page of it. */
function siteOf(address: string): string | null {
  const match = /^https?:\/\/([^/?#\s]+)\/?$/i.exec(address);
  return match ? match[1]!.replace(/^.*@|:\d+$/g, '') : null;
}

/** Called with each entry's host name, or a mask such as `*.example.org`, as written. `details` holds while it is called; most are not asked for. */
export type OnRow = (host: string, details: () => Details) => void;

/** Who decided, the number and the day (YYYY-MM-DD) of the decision, where the register says; else empty. */
export interface Details {
  agency: string;
  decision: string;
  date: string;
}

const NO_DETAILS: Details = { agency: '', decision: '', date: '' };

/** Reads a document piece by piece. Memory is bounded, whatever comes. */
export interface RowParser {
  push(chunk: Uint8Array): void;
  /** So far. */
  tally: Tally;
  /** The document has ended. */
  end(): Tally;
}

export interface Tally {
  /** Entries that were read. */
  rows: number;
  /** What stands where an entry should, and is none. */
  odd: number;
  /** When the register says that it was made, ms since the epoch. */
  updatedAt: number | null;
  /** It breaks off. */
  cut: boolean;
  /** Characters of lines without an end that were passed over. */
  dropped: number;
}

const newTally = (): Tally => ({ rows: 0, odd: 0, updatedAt: null, cut: false, dropped: 0 });

const MAX_NAME = 500;
/** A text, one whose end has not come yet (with what escapes the sign to come), or another sign. */
const TOKEN = /"(?:[^"\\]|\\.)*(?:"|(\\?)$)|\S/gsu;
const NO_NAME = '-'.repeat(MAX_NAME + 1);

/** A JSON array of names, or of objects with `domain` or `domains`: every text in it that looks like a name is one. Scanned, never held. */
export function readJson(onRow: OnRow): RowParser {
  const decoder = new TextDecoder();
  let at: 'begin' | 'list' | 'end' | 'broken' = 'begin';
  let depth = 0;
  let rest = '';
  /** A text of which the next sign tells whether it is a value, or the name of one. */
  let pending: string | null = null;
  const tally = newTally();

  const count = (name: string): void => {
    if (/^(?:\*\.)?[^\s/:"\\]+\.[^\s/:"\\]+$/.test(name)) {
      tally.rows++;
      onRow(name, () => NO_DETAILS);
    } else tally.odd++;
  };
  const sign = (char: string): void => {
    if (pending !== null && char !== ':') count(pending);
    pending = null;
    if (at !== 'list') at = at === 'begin' && char === '[' ? 'list' : 'broken';
    if (char === '[' || char === '{') depth++;
    else if ((char === ']' || char === '}') && --depth === 0) at = 'end';
  };

  return {
    tally,
    push(chunk) {
      const text = rest + decoder.decode(chunk, { stream: true });
      rest = '';
      for (const [token, escape] of text.matchAll(TOKEN)) {
        if (at === 'broken') return;
        sign(token[0]!);
        // No name holds an escape, or is so long.
        const isLong = token.length > MAX_NAME + 2;
        if (escape !== undefined) rest = isLong ? `"${NO_NAME}${escape}` : token;
        else if (token.startsWith('"')) pending = isLong || token.includes('\\') ? '' : token.slice(1, -1).trim();
      }
    },
    end: () => (at === 'broken' ? { ...newTally(), odd: 1 } : { ...tally, cut: at !== 'end' }),
  };
}

const MAX_LINE = 1_000;
const HOST = /^(?:\*\.)?[^\s/:;,<>"'{}[\]()=]+\.[^\s/:;,<>"'{}[\]()=]+$/;

/** One name a line; empty lines and those that begin with "#" are none. */
export function readLines(onRow: OnRow): RowParser {
  const decoder = new TextDecoder();
  const tally = newTally();

  const take = (written: string): void => {
    const line = written.trim();
    if (written.length > MAX_LINE) tally.odd++;
    else if (line === '' || line.startsWith('#')) return;
    else if (!HOST.test(line)) tally.odd++;
    else {
      tally.rows++;
      onRow(line, () => NO_DETAILS);
    }
  };

  const lines = linesOf((chunk) => decoder.decode(chunk, { stream: true }), MAX_LINE, take);
  return {
    tally,
    push: lines.push,
    end() {
      lines.end();
      return { ...tally, dropped: lines.dropped() };
    },
  };
}

const PARSERS: Record<RegistryConfig['format'], (onRow: OnRow) => RowParser> = {
  'z-i': readCsv,
  domains: readJson,
  antifilter: readLines,
};
/** Entries of one part that are about services: a register of everything has some hundred. */
const MAX_ENTRIES = 2_000;
const MAX_TEXT = 100;
/** So many bytes without an entry among them, and it is another document. */
const MAX_BARREN = 8_000_000;
/** More that is no entry than this, and it is another document. */
const ODD_SHARE = 0.2;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu;

const clean = (text: string): string => text.replace(UNSEEN, ' ').trim().slice(0, MAX_TEXT);

/** Filters a part while it comes: only entries about services of the catalogue are ever kept. */
export function partParser(
  format: RegistryConfig['format'],
  hosts: ServiceHosts,
): { push(chunk: Uint8Array): void; end(host: string): Tally & { entries: Entry[] } } {
  const entries = new Map<string, Entry>();
  let barren = 0;
  const parser = PARSERS[format]((written, details) => {
    const found = hosts.find(written);
    if (!found) return;
    const host = written.trim().toLowerCase();
    if (entries.has(host) || entries.size >= MAX_ENTRIES) return;
    const { agency, decision, date } = details();
    entries.set(host, {
      service: found.service,
      host,
      whole: found.whole,
      agency: clean(agency),
      decision: clean(decision),
      date,
    });
  });
  return {
    push(chunk) {
      const { rows } = parser.tally;
      parser.push(chunk);
      barren = parser.tally.rows > rows ? 0 : barren + chunk.length;
      if (barren > MAX_BARREN)
        throw new TocsinError(
          'feed_not_a_feed',
          `That is no register of the form "${format}": ${MAX_BARREN} bytes without an entry.`,
        );
    },
    end(host) {
      const tally = parser.end();
      // One that says when it was made may hold nothing.
      const isEmpty = tally.rows === 0 && (tally.updatedAt === null || tally.odd > 0);
      if (isEmpty || tally.odd > ODD_SHARE * (tally.rows + tally.odd))
        throw new TocsinError(
          'feed_not_a_feed',
          `${host}: that is no register of the form "${format}"; check "urls" and "format".`,
          { host, rows: tally.rows, odd: tally.odd },
        );
      if (tally.cut)
        throw new TocsinError('feed_unreadable', `${host}: the register breaks off in the middle.`, { host });
      return { ...tally, entries: [...entries.values()] };
    },
  };
}
