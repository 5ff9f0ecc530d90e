import { hash } from 'node:crypto';
import { documentError, type Remedies, unlessUnchanged, validatorsOf } from '../../core/answers.ts';
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
import { partParser } from './read-part.ts';

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
