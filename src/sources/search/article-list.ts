import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  json,
  loose,
  other,
  statusError,
  text,
  time,
  unlessUnchanged,
  validator,
  validatorsOf,
} from '../../core/answers.ts';
import { codeOf, TocsinError } from '../../core/errors.ts';
import type { Item } from '../../core/model/item.ts';
import type { Aside, PollContext, PollResult, SourceDeps } from '../../core/ports/source.ts';
import { found } from '../kind.ts';
import type { Hit } from './sift.ts';

/**
 * GDELT's article list: one RSS file of all that its crawler saw in the last quarter of an hour, some megabytes, made anew each minute. It is read as it comes and
 * never held. What was missed for longer stands, for some hours, in files of one minute each.
 */

const MINUTE = 60_000;
/** What the list holds. */
const WINDOW = 15 * MINUTE;
/** How far back what was missed is asked for, and in which minutes of a quarter of an hour there are files, if any. */
const FILL_BACK = 120 * MINUTE;
const FILE_MINUTES = 8;
/** Requests of one poll for what was missed: two seconds apart. */
const FILES = 16;
/** A list that is the same for so long is made no more. */
const FROZEN = 60 * MINUTE;
const MAX_BYTES = 8_000_000;
const MAX_FILE = 16_000_000;
const MAX_ROWS = 20_000;
const MAX_ROW = 20_000;
const TIMEOUT = 60_000;

const inner = (xml: string, tag: string): string => {
  const from = xml.indexOf(`<${tag}>`) + tag.length + 2;
  const to = xml.indexOf(`</${tag}>`, from);
  if (from < tag.length + 2 || to < 0) return '';
  return xml
    .slice(from, to)
    .trim()
    .replace(/^<!\[CDATA\[|\]\]>$/g, '')
    .trim();
};

/** Cuts the list into its rows as the bytes come; `take` gets those with a title, a link and a date. */
export function createCutter(take: (hit: Hit) => void) {
  const decoder = new TextDecoder();
  let rest = '';
  const told = { rows: 0, skipped: 0, builtAt: null as number | null, ended: false };
  const row = (xml: string): void => {
    if (told.rows++ >= MAX_ROWS) return;
    const hit = {
      title: inner(xml, 'title'),
      url: inner(xml, 'link').replaceAll('&amp;', '&'),
      at: time(inner(xml, 'pubDate')),
    };
    if (hit.title === '' || hit.url === '' || hit.at === null) told.skipped++;
    else take(hit);
  };
  return {
    told,
    push(bytes: Uint8Array): void {
      rest += decoder.decode(bytes, { stream: true });
      for (;;) {
        const begin = rest.indexOf('<item>');
        if (told.builtAt === null) told.builtAt = time(inner(begin < 0 ? rest : rest.slice(0, begin), 'lastBuildDate'));
        const end = begin < 0 ? -1 : rest.indexOf('</item>', begin);
        if (end < 0) {
          // A row without end, or none at all: what stands there is left.
          if (rest.length - Math.max(0, begin) > MAX_ROW) rest = rest.slice(-'<item>'.length);
          else if (begin > 0) rest = rest.slice(begin);
          break;
        }
        row(rest.slice(begin, Math.min(end, begin + MAX_ROW)));
        rest = rest.slice(end + '</item>'.length);
      }
      if (rest.includes('</rss>')) told.ended = true;
    },
  };
}

/** What the last committed poll left: when the list was made that was read last, and minutes of what was missed that are yet to be asked for. */
interface Kept {
  builtAt: number | null;
  missed: number[];
}
const KEPT = 'read';
const VALIDATORS = 'http';

function keptOf(value: unknown, now: number): Kept {
  const { builtAt, missed } = loose(value);
  const isPast = (at: unknown): at is number => typeof at === 'number' && at <= now;
  return {
    builtAt: isPast(builtAt) ? builtAt : null,
    missed: Array.isArray(missed) ? missed.filter(isPast).slice(0, 200) : [],
  };
}

/** Minutes in which files may lie that hold what neither list does, the newest first. */
export function missedBetween(last: number, builtAt: number): number[] {
  const to = builtAt - WINDOW;
  const from = Math.max(last, builtAt - FILL_BACK);
  const minutes: number[] = [];
  for (let at = Math.floor(to / MINUTE) * MINUTE; at > from; at -= MINUTE)
    if (new Date(at).getUTCMinutes() % 15 < FILE_MINUTES) minutes.push(at);
  return minutes;
}

const stampOf = (at: number): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 14);

/** Rows of a minute's file: JSON lines. */
export async function rowsOf(gz: Uint8Array): Promise<Hit[]> {
  const bytes = await promisify(gunzip)(gz, { maxOutputLength: MAX_FILE });
  return bytes
    .toString('utf8')
    .split('\n', MAX_ROWS)
    .flatMap((line): Hit[] => {
      const row = loose(line.length > MAX_ROW ? null : json(line));
      const [title, url] = [text(row.title, 2_000), text(row.url, 2_000)];
      return title === null || url === null
        ? []
        : [{ title, url, summary: text(row.desc, 2_000) ?? '', lang: text(row.lang, 2), at: time(row.date) }];
    });
}

interface Listing {
  id: string;
  url: string;
  /** The same, asked where the first fails again and again. */
  mirror: string | null;
}

export function createArticleList(
  { id, url, mirror }: Listing,
  deps: Pick<SourceDeps, 'http' | 'state' | 'cache' | 'log' | 'clock'>,
) {
  let failures = 0;
  /** The last one, while what was missed can be asked for. */
  let gap: { from: number; to: number } | null = null;
  /** Which list was read last, and since when, by a clock that nobody sets. */
  let newest = { builtAt: 0, since: 0 };

  function refuseFrozen(builtAt: number, host: string): void {
    const at = deps.clock.monotonic();
    if (builtAt !== newest.builtAt) newest = { builtAt, since: at };
    else if (at - newest.since > FROZEN)
      throw new TocsinError('source_failed', `${host}: the article list has not been made anew for an hour.`, { host });
  }

  async function ask(address: string, { signal, now, firstPoll }: PollContext, take: (hit: Hit) => void) {
    const { host } = new URL(address);
    const cutter = createCutter(take);
    const kept = loose(await deps.cache.get(VALIDATORS));
    const known = kept.url === address && !firstPoll ? kept : {};
    const conditions = unlessUnchanged({ etag: validator(known.etag), lastModified: validator(known.lastModified) });
    const response = await deps.http({
      url: address,
      headers: { accept: 'application/rss+xml, application/xml;q=0.9', ...conditions },
      signal,
      timeoutMs: TIMEOUT,
      maxBytes: MAX_BYTES,
      onChunk: cutter.push,
    });
    if (response.status === 304 && Object.keys(conditions).length > 0) {
      refuseFrozen(newest.builtAt, host);
      return null;
    }
    if (response.status !== 200) throw statusError(response, host, now);
    const { builtAt, ended, rows, skipped } = cutter.told;
    if (builtAt === null) throw other(host, 'no article list');
    if (!ended)
      throw new TocsinError('feed_unreadable', `${host} sent an article list that ends in the middle.`, { host });
    refuseFrozen(builtAt, host);
    deps.log.debug('Article list read', { rows, skipped });
    return { builtAt, response };
  }

  /** Some of what was missed; gives what is left to ask for. A file that is not there is none, and any other trouble ends it for this time. */
  async function fill(missed: readonly number[], { signal }: PollContext, take: (hit: Hit) => void): Promise<number[]> {
    for (const [i, at] of missed.slice(0, FILES).entries()) {
      try {
        const file = new URL(`${stampOf(at)}.gal.json.gz`, url).href;
        const response = await deps.http({ url: file, signal, timeoutMs: TIMEOUT, maxBytes: MAX_BYTES });
        if (response.status === 200) for (const hit of await rowsOf(response.body)) take(hit);
        else if (response.status !== 404 && response.status !== 403) return missed.slice(i);
      } catch (error) {
        if (signal.aborted) throw error;
        deps.log.debug('Unable to read what was missed', { code: codeOf(error) });
        return missed.slice(i + 1);
      }
    }
    return missed.slice(FILES);
  }

  async function poll(context: PollContext, sift: (hit: Hit) => Item | null): Promise<PollResult> {
    const items: Item[] = [];
    const take = (hit: Hit): void => {
      const item = items.length < MAX_FOUND ? sift(hit) : null;
      if (item) items.push(item);
    };
    const { now } = context;
    const { builtAt: last, missed } = keptOf(await deps.state.get(KEPT), now);
    const address = mirror !== null && failures >= 3 && failures % 2 === 1 ? mirror : url;
    // Until it has come.
    failures++;
    const read = await ask(address, context, take);
    failures = 0;
    const builtAt = read?.builtAt ?? last;
    const fresh = last === null || builtAt === null ? [] : missedBetween(last, builtAt);
    if (fresh.length > 0) {
      gap = { from: last!, to: builtAt! - WINDOW };
      deps.log.info('The article list was not read for longer than it reaches back: what was missed is asked for', {
        source: id,
        minutes: fresh.length,
      });
    }
    const due = [...fresh, ...missed].filter((at) => at > now - FILL_BACK);
    const left = await fill(due, context, take);
    return found({
      items,
      unchanged: read === null && items.length === 0,
      again: left.length > 0 && left.length < due.length,
      async commit() {
        if (read) await deps.cache.set(VALIDATORS, { url: address, ...validatorsOf(read.response) }, null);
        if (builtAt !== last || due.length > 0) await deps.state.set(KEPT, { builtAt, missed: left });
      },
    });
  }
  return {
    poll,
    aside: (): Aside | null => (gap && deps.clock.now() - gap.to < FILL_BACK ? { is: 'gap', ...gap } : null),
  };
}

/** Of one poll; more is a flood. */
const MAX_FOUND = 500;
