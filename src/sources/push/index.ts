import { atEnd, logFailure } from '../../core/errors.ts';
import { ACTIONS, METHODS, NETWORK } from '../../core/model/incident.ts';
import { MAX_STATEMENT_ID, STATEMENT_KINDS, type Statement } from '../../core/model/report.ts';
import type { ReportIntake, ReportIntakeDeps, ReportResponse } from '../../core/ports/intakes.ts';
import type { Source } from '../../core/ports/source.ts';
import { createBuckets } from '../../core/recent.ts';
import { inOrder } from '../../core/wakeable.ts';
import { createDoor, nobodyAsked } from '../kind.ts';
import type { PushConfig } from './config.ts';

/** The endpoint is open as long as the program runs: whoever has the token posts (`createReportDesk`). There is nothing to poll. */
export function createSource(config: PushConfig): Source {
  return {
    id: config.id,
    kind: 'push',
    label: `${config.name ?? config.publisher ?? config.id} (posts to us)`,
    cron: '*/10 * * * *',
    host: null,
    async poll({ signal }) {
      signal.throwIfAborted();
      return nobodyAsked();
    },
  };
}

/** What is wrong with a post: the field, and which of several reports (0, 1 …; null = the post as a whole). */
export class Wrong extends Error {
  readonly field: string;
  readonly index: number | null;

  constructor(field: string, index: number | null, why: string) {
    super(index === null ? `${field} ${why}` : `${field} of report ${index + 1} ${why}`);
    this.field = field;
    this.index = index;
  }
}

/** Who posts: what a report cannot say of itself. */
export type Poster = Pick<Statement, 'kind' | 'publisher' | 'publisherName' | 'lang'>;

export interface Known {
  services: ReadonlySet<string>;
  countries: ReadonlySet<string>;
  gazetteer: ReportIntakeDeps['gazetteer'];
  /** ms since the epoch. */
  now: number;
}

export const MAX_REPORTS = 100;
const MAX_TITLE = 300;
const MAX_SUMMARY = 600;
const MAX_REGION = 100;
const MAX_URL = 2_000;
/** Clocks differ. */
const AHEAD_MS = 10 * 60_000;
/** Before that nobody reported what was cut off. */
const EARLIEST = Date.UTC(2000, 0, 1);
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;
/** Control characters, and what turns or hides text. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]+/gu;
const FIELDS = 'id country service action at method region url title summary lang kind'.split(' ');

/** The statements of one post, one report or an array of them; throws `Wrong`. `kind` in a report changes nothing: what its word weighs, the operator says. */
export function readPost(body: unknown, poster: Poster, known: Known): Statement[] {
  if (!Array.isArray(body)) return [readReport(body, null, poster, known)];
  if (body.length === 0) throw new Wrong('body', null, 'holds no report');
  if (body.length > MAX_REPORTS)
    throw new Wrong('body', null, `holds ${body.length} reports; at most ${MAX_REPORTS} come at once`);
  return body.map((one, index) => readReport(one, index, poster, known));
}

function readReport(value: unknown, index: number | null, poster: Poster, known: Known): Statement {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new Wrong('body', index, 'is no object with the fields of a report');
  const stray = Object.keys(value).find((key) => !FIELDS.includes(key));
  if (stray !== undefined)
    throw new Wrong(clean(stray, 40) || 'body', index, `is no field of a report; there are ${FIELDS.join(', ')}`);
  const wrong = (field: string, why: string): Wrong => new Wrong(field, index, why);
  /** Absent and null are the same. */
  const isAbsent = (field: string): boolean => ((value as Record<string, unknown>)[field] ?? null) === null;
  function string(field: string): string {
    if (isAbsent(field)) throw wrong(field, 'is missing');
    const given = (value as Record<string, unknown>)[field];
    if (typeof given !== 'string') throw wrong(field, 'must be a text');
    return given;
  }
  function text(field: string, max: number): string {
    const given = string(field);
    if (given.length > max) throw wrong(field, `has ${given.length} characters; at most ${max} are taken`);
    const cleaned = clean(given, max);
    if (cleaned === '') throw wrong(field, 'is empty');
    return cleaned;
  }
  function choice<T extends string>(field: string, all: readonly T[]): T {
    const given = string(field).toLowerCase();
    const found = all.find((one) => one === given);
    if (found === undefined) throw wrong(field, `must be one of ${all.join(', ')}`);
    return found;
  }
  function member(field: string, all: ReadonlySet<string>, spelt: string, what: string): string {
    if (!all.has(spelt)) throw wrong(field, `is not known here; it must be ${what}`);
    return spelt;
  }
  function timeOf(field: string): number {
    const given = string(field).trim();
    const at = TIME.test(given) ? Date.parse(given.replace(' ', 'T')) : Number.NaN;
    if (!Number.isFinite(at)) throw wrong(field, 'must be a time with its zone, such as 2026-02-11T09:00:00Z');
    if (at > known.now + AHEAD_MS) throw wrong(field, 'is in the future');
    if (at < EARLIEST) throw wrong(field, 'is too long ago');
    return Math.min(at, known.now);
  }
  function language(field: string): string {
    const given = string(field).toLowerCase();
    if (!/^[a-z]{2}$/.test(given)) throw wrong(field, 'must be a language code of two letters, such as en');
    return given;
  }
  function address(field: string): string {
    const given = string(field).trim();
    if (given.length > MAX_URL) throw wrong(field, `is longer than ${MAX_URL} characters`);
    const url = URL.parse(given);
    if (!url || !/^https?:\/\//i.test(given))
      throw wrong(field, 'must be an address that begins with https:// or http://');
    if (url.username !== '' || url.password !== '') throw wrong(field, 'holds a name or a password');
    return url.href;
  }
  /** As it was written: where it is read, it gets its id (`core/read.ts`). */
  function region(country: string): string {
    const given = text('region', MAX_REGION);
    if (known.gazetteer.place(country, given) === null) throw wrong('region', unknownRegion(country, known.gazetteer));
    return given;
  }
  const shortly = (field: string): string => string(field).slice(0, 200).trim();

  // What is wrong first is told, in this order.
  const action = choice('action', ACTIONS);
  if (!isAbsent('kind')) choice('kind', STATEMENT_KINDS);
  const [id, at] = [text('id', MAX_STATEMENT_ID), timeOf('at')];
  const country = member('country', known.countries, shortly('country').toUpperCase(), A_COUNTRY);
  return {
    id,
    revision: null,
    at,
    country,
    service: member('service', known.services, shortly('service').toLowerCase(), A_SERVICE),
    action,
    method: isAbsent('method') ? null : choice('method', METHODS),
    region: isAbsent('region') ? null : region(country),
    title: text('title', MAX_TITLE),
    url: address('url'),
    summary: isAbsent('summary') ? '' : text('summary', MAX_SUMMARY),
    ...poster,
    lang: isAbsent('lang') ? poster.lang : language('lang'),
  };
}
const A_COUNTRY = 'two letters of ISO 3166-1, such as RU';
const A_SERVICE = `an id of the catalogue, such as whatsapp, or ${NETWORK}`;

/** So many regions are named as examples. */
const EXAMPLES = 3;

function unknownRegion(country: string, { regionsOf, nameOf }: Known['gazetteer']): string {
  const ids = regionsOf(country);
  if (ids.length === 0) return `cannot be told of ${country}, of which no regions are known here; leave it out`;
  const examples = ids.slice(0, EXAMPLES).map((id) => `${nameOf(id, 'en')} (${id})`);
  return `is not known in ${country}; it must be the name of one of its ${ids.length} regions, in any language, or its id in ISO 3166-2, such as ${examples.join(', ')}; without it the whole country is meant`;
}

const clean = (text: string, max: number): string =>
  text
    .slice(0, max * 4)
    .replace(UNSEEN, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, max);

/** A hundred reports with all that they may hold. */
const MAX_BYTES = 500_000;
/** Posts of one token: so many at once, and so many a minute. */
const POSTS = 20;

const say = (status: number, body: object, retryAfter?: number): ReportResponse => ({
  status,
  body: `${JSON.stringify(body)}\n`,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

export function createReportIntake(deps: ReportIntakeDeps): ReportIntake {
  const { clock, log } = deps;
  const services = new Set([...deps.services, NETWORK]);
  const countries = new Set(deps.countries);
  /** Each source while the program runs. */
  const places = (deps.sources as readonly PushConfig[]).map((config) => {
    const publisher = config.publisher ?? config.id;
    return {
      config,
      poster: { kind: config.as, publisher, publisherName: config.name ?? publisher, lang: config.lang },
      /** Its posts, one after another: the second of two equal ones is known. */
      inTurn: inOrder(),
      /** Posts under way. */
      busy: 0,
    };
  });
  type Place = (typeof places)[number];
  const shares = createBuckets({ burst: POSTS, perSecond: POSTS / 60, most: places.length });

  const placeOf = createDoor(places);

  async function take(place: Place, bytes: Uint8Array): Promise<ReportResponse> {
    let body: unknown;
    try {
      body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      return say(400, { error: 'the body is no JSON in UTF-8', field: 'body' });
    }
    try {
      const known = { services, countries, gazetteer: deps.gazetteer, now: clock.now() };
      const statements = readPost(body, place.poster, known);
      const fresh = await deps.deliver(place.config.id, statements);
      return say(fresh > 0 ? 202 : 200, { new: fresh, known: statements.length - fresh });
    } catch (error) {
      if (error instanceof Wrong) return say(400, { error: error.message, field: error.field, report: error.index });
      logFailure(log, 'Unable to keep what was posted', error, { source: place.config.id });
      return say(503, { error: 'it could not be kept; try again' }, 10);
    }
  }

  return {
    maxBytes: MAX_BYTES,
    // Strangers are turned away before their bodies are read.
    atOnce: 16 + places.length * POSTS,
    async handle({ authorization, body }) {
      const place = placeOf(authorization);
      if (!place) return say(401, { error: 'unknown token; send "Authorization: Bearer TOKEN"' });
      const seconds = Math.ceil(shares.take(place.config.id, 1, clock.monotonic()) / 1_000);
      if (seconds > 0) return say(429, { error: `more than ${POSTS} posts a minute; wait ${seconds} s` }, seconds);
      if (place.busy >= POSTS) return say(429, { error: 'too many posts at a time' }, 1);
      place.busy++;
      using _ = atEnd(() => place.busy--);
      const bytes = await body();
      if (bytes.length > MAX_BYTES) return say(413, { error: `more than ${MAX_BYTES} bytes` });
      return await place.inTurn(() => take(place, bytes));
    },
  };
}
