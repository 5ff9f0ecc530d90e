import { isUtf8 } from 'node:buffer';
import { TocsinError } from '../../core/errors.ts';
import type { ServiceHosts } from '../../core/ports/reading.ts';
import type { RegistryConfig } from './config.ts';
import type { Entry } from './listing.ts';

/** Columns of z-i: addresses; names; urls; agency; decision; day. Several values of one stand between " | ". */
const [DOMAIN, URLS, AGENCY, DECISION, DATE] = [1, 2, 3, 4, 5] as const;
/** Bytes that are kept of each column; the first, which may be long, is passed over. */
const KEPT = [40, 400, 4_000, 200, 300, 20] as const;
const [QUOTE, SEPARATOR, NEWLINE, RETURN] = [34, 59, 10, 13] as const;
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
  const fields = KEPT.map((size) => ({ bytes: Buffer.alloc(size), length: 0 }));
  let column = 0;
  let inQuotes = false;
  /** A quote that either ends the quoting or is the first of two. */
  let quoteBefore = false;
  let any = false;
  let rows = 0;
  let odd = 0;
  let updatedAt: number | null = null;

  const textOf = (index: number): string => {
    const { bytes, length } = fields[index]!;
    return decode(bytes.subarray(0, length));
  };
  const finish = (): void => {
    if (any) line();
    for (const field of fields) field.length = 0;
    column = 0;
    any = false;
    inQuotes = false;
    quoteBefore = false;
  };
  const line = (): void => {
    const date = column >= DATE ? textOf(DATE) : '';
    if (column < DATE || !DAY.test(date)) {
      const updated = column === 0 ? UPDATED.exec(textOf(0)) : null;
      if (updated)
        updatedAt = Date.parse(`${updated[1]}T${updated[2]}${(updated[3] ?? '+0000').replace(/(\d{2})$/, ':$1')}`);
      else odd++;
      return;
    }
    rows++;
    const hosts = hostsOf(textOf(DOMAIN), textOf(URLS));
    if (hosts.length === 0) return;
    const details = () => ({ agency: textOf(AGENCY), decision: textOf(DECISION), date });
    for (const host of hosts) onRow(host, details);
  };
  const take = (byte: number): void => {
    any = true;
    const field = fields[column];
    if (field && field.length < field.bytes.length) field.bytes[field.length++] = byte;
  };

  const takeRun = (chunk: Uint8Array, from: number, to: number): void => {
    any = true;
    const field = fields[column];
    if (!field) return;
    const end = Math.min(to, from + field.bytes.length - field.length);
    for (let at = from; at < end; at++) field.bytes[field.length++] = chunk[at]!;
  };
  /** Takes what stands in quotes; false = the byte stands outside. */
  const quoted = (byte: number): boolean => {
    if (quoteBefore) {
      quoteBefore = false;
      if (byte !== QUOTE) {
        inQuotes = false;
        return false;
      }
      take(QUOTE);
    } else if (byte === QUOTE) quoteBefore = true;
    // A quote that nobody closed must not swallow the rest: no field holds a line.
    else if (byte === NEWLINE) return false;
    else take(byte);
    return true;
  };
  const step = (byte: number): void => {
    if (inQuotes && quoted(byte)) return;
    if (byte === NEWLINE) finish();
    else if (byte === SEPARATOR) {
      any = true;
      column++;
    } else if (byte === QUOTE && (fields[column]?.length ?? 0) === 0) {
      any = true;
      inQuotes = true;
    } else if (byte !== RETURN) take(byte);
  };

  /** Plain bytes are taken as one run: nearly all are. */
  const push = (chunk: Uint8Array): void => {
    for (let at = 0; at < chunk.length; ) {
      const from = at;
      if (!inQuotes) while (at < chunk.length && !isSign(chunk[at]!)) at++;
      if (at > from) takeRun(chunk, from, at);
      else step(chunk[at++]!);
    }
  };

  return {
    rows: () => rows,
    push,
    end() {
      // What breaks off in the middle of its line has no day, and is odd; a last line without its end is whole.
      const before = odd;
      finish();
      return { rows, odd: before, updatedAt: Number.isFinite(updatedAt) ? updatedAt : null, cut: odd > before };
    },
  };
}

const isSign = (byte: number): boolean => byte === SEPARATOR || byte === NEWLINE || byte === QUOTE || byte === RETURN;

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
  /** Entries so far. */
  rows(): number;
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
}

const MAX_NAME = 500;

/** A JSON array of names, or of objects with `domain` or `domains`: every text in it that looks like a name is one. Scanned, never held. */
export function readJson(onRow: OnRow): RowParser {
  const decoder = new TextDecoder();
  let depth = 0;
  let began = false;
  let ended = false;
  let broken = false;
  /** What stands in the quotes that are open; null = none are. */
  let text: string | null = null;
  let escaped = false;
  /** No name holds an escape, or is so long. */
  let mayBeName = true;
  /** A text of which the next sign tells whether it is a value, or the name of one. */
  let pending: string | null = null;
  let rows = 0;
  let odd = 0;

  const count = (name: string): void => {
    if (/^(?:\*\.)?[^\s/:"\\]+\.[^\s/:"\\]+$/.test(name)) {
      rows++;
      onRow(name, () => NO_DETAILS);
    } else odd++;
  };
  const letter = (char: string, before: string): void => {
    if (escaped) escaped = false;
    else if (char === '\\') {
      escaped = true;
      mayBeName = false;
    } else if (char === '"') {
      pending = mayBeName ? before.trim() : '';
      text = null;
    } else if (before.length < MAX_NAME) text = before + char;
    else mayBeName = false;
  };
  const structure = (char: string): void => {
    if (/\s/.test(char)) return;
    if (pending !== null && char !== ':') count(pending);
    pending = null;
    if (!began) {
      began = true;
      if (char !== '[') broken = true;
    } else if (ended) broken = true;
    if (char === '"') {
      text = '';
      mayBeName = true;
    } else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') {
      depth--;
      if (depth === 0) ended = true;
    }
  };

  return {
    rows: () => rows,
    push(chunk) {
      for (const char of decoder.decode(chunk, { stream: true })) {
        if (broken) return;
        if (text === null) structure(char);
        else letter(char, text);
      }
    },
    end() {
      if (broken) return { rows: 0, odd: 1, updatedAt: null, cut: false };
      return { rows, odd, updatedAt: null, cut: !ended };
    },
  };
}

const MAX_LINE = 1_000;
const HOST = /^(?:\*\.)?[^\s/:;,<>"'{}[\]()=]+\.[^\s/:;,<>"'{}[\]()=]+$/;

/** One name a line; empty lines and those that begin with "#" are none. */
export function readLines(onRow: OnRow): RowParser {
  const decoder = new TextDecoder();
  /** The begin of a line, as much of it as tells that it is too long. */
  let rest = '';
  let rows = 0;
  let odd = 0;

  const take = (written: string): void => {
    const line = written.trim();
    if (written.length > MAX_LINE) odd++;
    else if (line === '' || line.startsWith('#')) return;
    else if (!HOST.test(line)) odd++;
    else {
      rows++;
      onRow(line, () => NO_DETAILS);
    }
  };

  return {
    rows: () => rows,
    push(chunk) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop()!.slice(0, MAX_LINE + 1);
      for (const line of lines) take(line);
    },
    end() {
      take(rest);
      return { rows, odd, updatedAt: null, cut: false };
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
      const before = parser.rows();
      parser.push(chunk);
      barren = parser.rows() > before ? 0 : barren + chunk.length;
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
          {
            host,
            rows: tally.rows,
            odd: tally.odd,
          },
        );
      if (tally.cut)
        throw new TocsinError('feed_unreadable', `${host}: the register breaks off in the middle.`, { host });
      return { ...tally, entries: [...entries.values()] };
    },
  };
}
