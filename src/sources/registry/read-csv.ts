import { isUtf8 } from 'node:buffer';
import type { OnRow, RowParser } from './row.ts';

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
