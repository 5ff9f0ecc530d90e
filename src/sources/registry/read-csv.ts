import type { Row, RowReader } from './row.ts';

/** Columns of z-i: addresses; names; urls; agency; decision; day. Several values of one stand between " | ". */
const [DOMAIN, URLS, AGENCY, DECISION, DATE] = [1, 2, 3, 4, 5] as const;
/** Bytes that are kept of each column; the first, which may be long, is passed over. */
const KEPT = [40, 400, 4_000, 200, 300, 20] as const;
const [QUOTE, SEPARATOR, NEWLINE, RETURN] = [34, 59, 10, 13] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const UPDATED = /^Updated: (\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?: ([+-]\d{4}))?/;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const cyrillic = new TextDecoder('windows-1251');

/** UTF-8 where it is that, else windows-1251, in which the register is written. */
function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes).trim();
  } catch {
    return cyrillic.decode(bytes).trim();
  }
}

/**
 * The register as zapret-info mirrors it. An entry about a page (a url with a path) says nothing about its site, and one about addresses
 * nothing about names: neither is a row here, though it counts as read.
 */
export function readCsv(onRow: (row: Row) => void): RowReader {
  const fields = KEPT.map((size) => ({ bytes: new Uint8Array(size), length: 0 }));
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
    const [agency, decision] = [textOf(AGENCY), textOf(DECISION)];
    for (const host of hosts) onRow({ host, agency, decision, date });
  };
  const take = (byte: number): void => {
    any = true;
    const field = fields[column];
    if (field && field.length < field.bytes.length) field.bytes[field.length++] = byte;
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

  return {
    rows: () => rows,
    push(chunk) {
      for (let at = 0; at < chunk.length; at++) step(chunk[at]!);
    },
    end() {
      // What breaks off in the middle of its line has no day, and is odd; a last line without its end is whole.
      const before = odd;
      finish();
      return { rows, odd: before, updatedAt: Number.isFinite(updatedAt) ? updatedAt : null, cut: odd > before };
    },
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
