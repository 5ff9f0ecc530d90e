import { createHash, timingSafeEqual } from 'node:crypto';
import { logFailure } from '../../core/failures.ts';
import { NETWORK } from '../../core/model/incident.ts';
import type { ReportDesk, ReportDeskDeps, ReportResponse } from '../../core/ports/report-desk.ts';
import type { PushConfig } from './config.ts';
import { type Poster, readPost, Wrong } from './read-report.ts';

/** A hundred reports with all that they may hold. */
const MAX_BYTES = 500_000;
/** Posts of one token: so many at once, and so many a minute. */
const POSTS = 20;
const MINUTE = 60_000;

/** One source while the program runs. */
interface Place {
  config: PushConfig;
  hash: Buffer;
  poster: Poster;
  /** Posts that it may make at once, as of `filledAt` (monotonic). */
  room: number;
  filledAt: number;
  /** Its posts, one after another: the second of two equal ones is known. */
  turn: Promise<unknown>;
  /** Posts under way. */
  busy: number;
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const say = (status: number, body: object, retryAfter?: number): ReportResponse => ({
  status,
  body: `${JSON.stringify(body)}\n`,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

export function createReportDesk(deps: ReportDeskDeps): ReportDesk {
  const { clock, log } = deps;
  const services = new Set([...deps.services, NETWORK]);
  const countries = new Set(deps.countries);
  const places = (deps.sources as readonly PushConfig[]).map((config): Place => {
    const publisher = config.publisher ?? config.id;
    return {
      config,
      hash: hashOf(config.token),
      poster: { kind: config.as, publisher, publisherName: config.name ?? publisher, lang: config.lang },
      room: POSTS,
      filledAt: clock.monotonic(),
      turn: Promise.resolve(),
      busy: 0,
    };
  });

  function placeOf(authorization: string | null): Place | null {
    const token = /^Bearer +([\x21-\x7e]{1,500}) *$/i.exec(authorization ?? '')?.[1];
    if (!token) return null;
    const given = hashOf(token);
    // All are compared, as hashes: the time taken tells nothing about which one, nor how much of it was right.
    return places.filter((place) => timingSafeEqual(place.hash, given))[0] ?? null;
  }

  /** Takes one post's share; how many seconds to wait where there is none left. */
  function wait(place: Place): number {
    const now = clock.monotonic();
    place.room = Math.min(POSTS, place.room + ((now - place.filledAt) / MINUTE) * POSTS);
    place.filledAt = now;
    if (place.room < 1) return Math.ceil(((1 - place.room) / POSTS) * 60);
    place.room--;
    return 0;
  }

  async function take(place: Place, bytes: Uint8Array): Promise<ReportResponse> {
    let body: unknown;
    try {
      body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      return say(400, { error: 'the body is no JSON in UTF-8', field: 'body' });
    }
    try {
      const statements = readPost(body, place.poster, { services, countries, now: clock.now() });
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
      const seconds = wait(place);
      if (seconds > 0) return say(429, { error: `more than ${POSTS} posts a minute; wait ${seconds} s` }, seconds);
      if (place.busy >= POSTS) return say(429, { error: 'too many posts at a time' }, 1);
      place.busy++;
      try {
        const bytes = await body();
        if (bytes.length > MAX_BYTES) return say(413, { error: `more than ${MAX_BYTES} bytes` });
        const turn = place.turn.then(() => take(place, bytes));
        place.turn = turn;
        return await turn;
      } finally {
        place.busy--;
      }
    },
  };
}
