import { createHash, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { logFailure } from '../../../core/failures.ts';
import type { Measurement } from '../../../core/model/measurement.ts';
import type { AgentConfig, AgentDesk, AgentResponse, DeskDeps } from '../../../core/ports/agents.ts';
import { loadServicePlans } from '../components.ts';
import { loadFingerprints } from '../fingerprints.ts';
import { admit, type Known, knownTargets, type Names } from './door.ts';
import { type Answer, type Batch, batchSchema, bounded, MAX_BODY } from './wire.ts';

/** What is kept of one agent. */
interface Kept extends Names {
  epoch: string | null;
  seq: number;
  lastSeenAt: number | null;
  blind: boolean;
  stopped: boolean;
  dropped: number;
  refused: number;
}

/** One agent while the program runs. */
interface Place {
  config: AgentConfig;
  hash: Buffer;
  kept: Kept;
  /** Its posts, one after another: a repeated delivery must not overtake the first. */
  turn: Promise<unknown>;
  /** Posts that are being read, or wait for their turn. */
  busy: number;
  warnedAt: number;
  /** What it may still hand in of an hour's share, 0 to 1, as of `filledAt` (monotonic). */
  room: number;
  filledAt: number;
}

const HOUR = 3_600_000;
/** Posts of one agent at one time: its own carrier makes one, and one more when it lost the first. */
const MAX_BUSY = 4;
/** Refused measurements that an answer names; the rest it counts. */
const MAX_NAMED = 10;
/** Of one agent: a full buffer is handed in within a few hours, an outage of two weeks within about a day, and no agent fills the disk. */
const PER_HOUR = { measurements: 20_000, bytes: 50_000_000 };
/** Measurements that are handed on in one transaction. */
const PORTION = 100;

const say = (status: number, body: object): AgentResponse => ({ status, body: JSON.stringify(body) });
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The centre's side: takes agents' batches, each once and in order, and hands on what may come in. */
export async function createAgentDesk(deps: DeskDeps): Promise<AgentDesk> {
  const { clock, log, state } = deps;
  const began = clock.now();
  const [plans, prints] = await Promise.all([loadServicePlans(), loadFingerprints()]);
  const targets = deps.services ? knownTargets(deps.services, deps.configured ?? [], plans) : null;
  const known: Known = { targets, plans, prints };
  const places = await Promise.all(
    deps.agents.map(async (config): Promise<Place> => {
      const kept = keptOf((await state.get(config.id)) as Partial<Kept> | null | undefined);
      const live = {
        turn: Promise.resolve(),
        busy: 0,
        warnedAt: Number.NEGATIVE_INFINITY,
        room: 1,
        filledAt: clock.monotonic(),
      };
      return { config, hash: hashOf(config.token), kept, ...live };
    }),
  );

  function placeOf(authorization: string | null): Place | null {
    const token = /^Bearer ([\x21-\x7e]{8,500})$/.exec(authorization ?? '')?.[1];
    if (!token) return null;
    const given = hashOf(token);
    // All are compared: the time taken tells nothing about which one.
    return places.filter((place) => timingSafeEqual(place.hash, given))[0] ?? null;
  }

  /** Another process may have taken a post of it since, or an operator's word about it. */
  async function reread(place: Place): Promise<void> {
    const now = keptOf((await state.get(place.config.id)) as Partial<Kept> | null | undefined);
    const lastSeenAt = Math.max(now.lastSeenAt ?? 0, place.kept.lastSeenAt ?? 0);
    Object.assign(place.kept, now, { lastSeenAt: lastSeenAt === 0 ? null : lastSeenAt });
  }

  async function take(place: Place, batch: Batch): Promise<Answer> {
    const { config, kept } = place;
    await reread(place);
    kept.lastSeenAt = clock.now();
    const isNew = batch.seq > 0 && (batch.epoch !== kept.epoch || batch.seq > kept.seq);
    const answer: Answer = { acked: batch.seq, stop: kept.stopped };
    if (!isNew) return answer;
    // A stopped agent empties its buffer all the same; what it sends counts for nothing.
    const names: Names = { vantage: kept.vantage, asn: kept.asn, resolvers: [...kept.resolvers] };
    const reasons: string[] = [];
    const taken: Measurement[] = [];
    for (const one of kept.stopped ? [] : batch.measurements) {
      const admitted = admit(bounded(one as Measurement), config, names, { known, now: clock.now() });
      if ('take' in admitted) taken.push(admitted.take);
      else reasons.push(`${one.id}: ${admitted.refuse}`);
    }
    // In portions: between two of them it is others' turn.
    for (const portion of portionsOf(taken)) await deps.deliver(config.id, portion);
    Object.assign(kept, names, {
      blind: taken.length === 0 ? kept.blind : taken.every(({ target }) => target === null),
      epoch: batch.epoch,
      seq: batch.seq,
      dropped: kept.dropped + batch.dropped,
      refused: kept.refused + reasons.length,
    });
    await state.set(config.id, kept);
    if (reasons.length === 0) return answer;
    warnOf(place, 'An agent measures what nobody knows here, or posts under a foreign name', reasons[0]!);
    return { ...answer, refused: reasons.slice(0, MAX_NAMED), refusedInAll: reasons.length };
  }

  /** Once an hour each, however much it posts. */
  function warnOf(place: Place, message: string, why: string): void {
    const now = clock.monotonic();
    if (now - place.warnedAt < HOUR) return;
    place.warnedAt = now;
    log.warn(message, { agent: place.config.id, why });
  }

  /** Takes a post's share of the hour; false = it has had its hour, and waits. */
  function fits(place: Place, measurements: number, bytes: number): boolean {
    const now = clock.monotonic();
    place.room = Math.min(1, place.room + (now - place.filledAt) / HOUR);
    place.filledAt = now;
    if (place.room <= 0) {
      const why = `${PER_HOUR.measurements} measurements or ${PER_HOUR.bytes} bytes`;
      warnOf(place, 'An agent posts more than is taken in an hour; the rest waits with it', why);
      return false;
    }
    place.room -= Math.max(measurements / PER_HOUR.measurements, bytes / PER_HOUR.bytes);
    return true;
  }

  async function receive(place: Place, body: () => Promise<Uint8Array>): Promise<AgentResponse> {
    const bytes = await body();
    if (bytes.length > MAX_BODY) return say(413, { error: 'too large' });
    let batch: Batch;
    try {
      batch = v.parse(batchSchema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    } catch {
      return say(400, { error: 'not a batch of results' });
    }
    if (batch.measurements.length > 0 && !fits(place, batch.measurements.length, bytes.length))
      return say(503, { error: 'too much in an hour' });
    const turn = place.turn.then(() => take(place, batch));
    place.turn = turn.catch(() => undefined);
    try {
      return say(200, await turn);
    } catch (error) {
      logFailure(log, "Unable to keep an agent's results", error, { agent: place.config.id });
      return say(503, { error: 'try again' });
    }
  }

  return {
    maxBytes: MAX_BODY,
    async handle(request) {
      if (request.method !== 'POST') return say(405, { error: 'POST only' });
      const place = placeOf(request.authorization);
      if (!place) return say(401, { error: 'unknown token' });
      if (place.busy >= MAX_BUSY) return say(503, { error: 'one post at a time' });
      place.busy++;
      try {
        return await receive(place, request.body);
      } finally {
        place.busy--;
      }
    },
    async stop(id, stopped) {
      const place = places.find(({ config }) => config.id === id);
      if (!place) return false;
      await reread(place);
      place.kept.stopped = stopped;
      // Whoever lets it go on has looked at it: it may have another name since.
      if (!stopped) Object.assign(place.kept, { vantage: null, asn: null, resolvers: [] });
      await state.set(id, place.kept);
      log.info(stopped ? 'An operator stops an agent' : 'An operator lets an agent go on', { agent: id });
      return true;
    },
    refresh: async () => {
      await Promise.all(places.map(reread));
    },
    list: () =>
      places.map(({ config, kept }) => {
        const { id, country, asn } = config;
        const { lastSeenAt, blind, stopped, dropped, refused } = kept;
        return { id, country, asn, lastSeenAt, blind, stopped, dropped, refused };
      }),
    missing: (ms) => {
      const now = clock.now();
      // After a start everybody gets the time to come back.
      const seen = places.filter(({ kept }) => kept.lastSeenAt !== null);
      return seen.filter(({ kept }) => now - Math.max(kept.lastSeenAt!, began) > ms).map(({ config }) => config.id);
    },
  };
}

/** Whole rounds, so many together that a portion is of about a hundred measurements. */
function portionsOf(measurements: readonly Measurement[]): Measurement[][] {
  const portions: Measurement[][] = [];
  const rounds = Map.groupBy(measurements, ({ vantageId, at }) => `${vantageId} ${at}`);
  for (const round of rounds.values()) {
    const last = portions.at(-1);
    if (last && last.length + round.length <= PORTION) last.push(...round);
    else portions.push(round);
  }
  return portions;
}

const keptOf = (kept: Partial<Kept> | null | undefined): Kept => ({
  epoch: kept?.epoch ?? null,
  seq: kept?.seq ?? 0,
  lastSeenAt: kept?.lastSeenAt ?? null,
  blind: kept?.blind === true,
  stopped: kept?.stopped === true,
  dropped: kept?.dropped ?? 0,
  refused: kept?.refused ?? 0,
  vantage: kept?.vantage ?? null,
  asn: kept?.asn ?? null,
  resolvers: kept?.resolvers ?? [],
});
