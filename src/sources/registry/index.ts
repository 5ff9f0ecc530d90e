import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { documentError, type Remedies, unlessUnchanged, validatorsOf, time } from '../../core/answers.ts';
import { TocsinError } from '../../core/errors.ts';
import { MAX_STATEMENTS, type Statement } from '../../core/model/report.ts';
import type { ServiceHosts } from '../../core/ports/reading.ts';
import type { HttpResponse } from '../../core/ports/runtime.ts';
import type { PollContext, Source, SourceDeps } from '../../core/ports/source.ts';
import { found as pollResult, ofHost } from '../kind.ts';
import type { RegistryConfig } from './config.ts';
import {
  type Change,
  compare,
  type Entry,
  entriesOf,
  type Listing,
  leastOf,
  listingOf,
  type Part,
  rowsOf,
} from './listing.ts';

/** Names in a title. */
const MAX_NAMED = 3;
/** A dump that was made longer ago than this is told as of now: its day is not when it became known. */
const FRESH_MS = 2 * 86_400_000;

interface StatedBy {
  config: RegistryConfig;
  /** Of the listing that it changes: the same change of the same listing is one statement, however often it is read. */
  generation: number;
  updatedAt: number | null;
  now: number;
}

/** What a change of the register states: listed is a block by authority, unlisted is its end. */
export function statementOf(change: Change, { config, generation, updatedAt, now }: StatedBy): Statement {
  const { service, entries } = change;
  const hosts = entries.map(({ host }) => host).sort();
  const publisher = config.publisher ?? config.id;
  const name = config.name ?? new URL(config.urls[0]!).host;
  const isFresh = updatedAt !== null && updatedAt <= now && now - updatedAt < FRESH_MS;
  return {
    id: `${change.change} ${service} ${hash('sha256', hosts.join(' '), 'base64url').slice(0, 16)}`,
    revision: String(generation),
    at: isFresh ? updatedAt : now,
    country: config.country,
    service,
    action: change.change === 'listed' ? 'block' : change.change === 'part-listed' ? 'restrict' : 'unblock',
    method: change.change === 'unlisted' ? null : 'legal',
    region: null,
    title: `${named(hosts)} ${change.change === 'unlisted' ? 'taken off' : 'added to'} the register of blocked sites`,
    url: config.page ?? pageOf(config.urls[0]!),
    summary: decisionOf(entries),
    kind: 'authority',
    ofRegister: true,
    publisher,
    publisherName: name,
    lang: 'en',
  };
}

function named(hosts: readonly string[]): string {
  const shown = hosts.slice(0, MAX_NAMED).join(', ');
  return hosts.length > MAX_NAMED ? `${shown} and ${hosts.length - MAX_NAMED} more` : shown || 'A service';
}

function decisionOf(entries: readonly Entry[]): string {
  const one = entries.find(({ decision, agency }) => decision !== '' || agency !== '');
  if (!one) return '';
  return ['Decision', one.decision, one.agency && `(${one.agency})`, one.date && `of ${one.date}`]
    .filter(Boolean)
    .join(' ');
}

/** Without what may hold a secret. */
function pageOf(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}

export const REMEDIES: Remedies = {
  gone: 'the register is gone for good; find its new address.',
  none: 'there is no such register; check "urls".',
  else: 'that is no register.',
};

const KEY = 'listing';
/** Of one part; a register in one piece has some 120 MB. It is never held. */
const MAX_BYTES = 300_000_000;
const TIMEOUT_MS = 100_000;
/** What is not read by then waits for the next poll, which goes on from there. */
const POLL_MS = 100_000;
const PROGRESS_MS = 3_600_000;

/**
 * A state's register of blocked sites. The first reading is where it begins and tells nothing; after that only changes are told. Kept are the
 * entries about services of the catalogue, and nothing else.
 */
export function createSource(config: RegistryConfig, deps: SourceDeps): Source {
  const { clock, log, state } = deps;
  const { host } = new URL(config.urls[0]!);
  /** Parts that an unfinished reading has read: a slow line reads a large register over several polls. */
  let progress = new Map<string, { part: Part; at: number }>();

  async function readPart(url: string, known: Part | null, hosts: ServiceHosts, context: PollContext): Promise<Part> {
    const headers = known ? unlessUnchanged(known) : {};
    const where = new URL(url).host;
    const parser = partParser(config.format, hosts);
    const response: HttpResponse = await deps.http({
      url,
      headers,
      signal: context.signal,
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
      onChunk: (chunk) => parser.push(chunk),
    });
    if (response.status === 304 && known && Object.keys(headers).length > 0) return known;
    if (response.status < 200 || response.status > 299) throw documentError(response, where, context.now, REMEDIES);
    const { rows, updatedAt, entries, dropped } = parser.end(where);
    if (dropped > 0)
      log.warn('A line of the register is too long: what is beyond the bound was passed over', {
        host: where,
        dropped,
      });
    return { url, ...validatorsOf(response), rows, updatedAt, entries };
  }

  async function readParts(before: Listing | null, hosts: ServiceHosts, context: PollContext): Promise<Part[]> {
    const began = clock.monotonic();
    const parts: Part[] = [];
    for (const url of config.urls) {
      const done = progress.get(url);
      if (done && began - done.at < PROGRESS_MS) {
        parts.push(done.part);
        continue;
      }
      if (clock.monotonic() - began > POLL_MS)
        throw new TocsinError(
          'fetch_timeout',
          `${host}: ${parts.length} of ${config.urls.length} parts are read; the next poll goes on from there.`,
          { host },
        );
      const part = await readPart(url, before?.parts.find((one) => one.url === url) ?? null, hosts, context);
      parts.push(part);
      if (config.urls.length > 1) progress.set(url, { part, at: clock.monotonic() });
    }
    progress = new Map();
    return parts;
  }

  /** A register that is too small to be true: said, remembered since when, and nothing of it is taken. */
  async function refuse(before: Listing, found: { rows: number; before: number }, now: number): Promise<never> {
    if (before.refusedSince === null || before.refusedSince > now)
      await state.set(KEY, { ...before, refusedSince: now });
    throw new TocsinError(
      'feed_unreadable',
      `${host}: the register has ${found.rows} entries after ${found.before}; it is taken for incomplete, and what was read before still counts.`,
      { host, rows: found.rows, before: found.before },
    );
  }

  return {
    ...ofHost(config, host),
    async held(country) {
      if (country !== config.country) return [];
      const listing = listingOf(await state.get(KEY), madeOf(config, await deps.serviceHosts()));
      return [...new Set(entriesOf(listing?.parts ?? []).map(({ service }) => service))];
    },
    async poll(context) {
      if (context.signal.aborted) throw new TocsinError('canceled', 'The poll was stopped.');
      const hosts = await deps.serviceHosts();
      const made = madeOf(config, hosts);
      const before = listingOf(await state.get(KEY), made);
      const parts = await readParts(before, hosts, context);
      const found = compare(before, parts, context.now);
      if (found.why === 'shrunk') return await refuse(before!, found, context.now);
      const result = pollResult({});
      const generation = before?.generation ?? 0;
      const least = leastOf(found.why === 'baseline' ? null : before, rowsOf(parts), context.now);
      const next: Listing = { made, generation, parts, missing: [], refusedSince: null, least };
      if (found.why === 'baseline') {
        const facts = { entries: rowsOf(parts), ofServices: parts.flatMap(({ entries }) => entries).length };
        log.info('A register is read for the first time: from now on its changes are told', facts);
      } else {
        const updatedAt = Math.max(0, ...parts.map((one) => one.updatedAt ?? 0)) || null;
        const by = { config, generation, updatedAt, now: context.now };
        result.statements = found.changes.slice(0, MAX_STATEMENTS).map((change) => statementOf(change, by));
        next.missing = found.missing;
        if (found.changes.length > 0) next.generation = generation + 1;
        result.unchanged = found.changes.length === 0;
      }
      if (JSON.stringify(next) !== JSON.stringify(before)) result.commit = () => state.set(KEY, next);
      return result;
    },
  };
}

/** What a listing was made with. */
const madeOf = ({ format, country, urls }: RegistryConfig, hosts: ServiceHosts): string =>
  hash(
    'sha256',
    JSON.stringify([format, country, urls, hosts.services.map((one) => hosts.domainsOf(one))]),
    'base64url',
  );

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
