import * as v from 'valibot';
import { loose } from '../../core/answers.ts';
import { atEnd, logFailure, orNull } from '../../core/errors.ts';
import { NATIONAL, PAGE_KNOWN } from '../../core/judge/measured.ts';
import { AGENT_SOURCE, type Measurement } from '../../core/model/measurement.ts';
import type { AgentConfig, AgentIntake, AgentIntakeDeps, AgentResponse } from '../../core/ports/intakes.ts';
import { createBuckets } from '../../core/recent.ts';
import { inOrder } from '../../core/wakeable.ts';
import { createDoor } from '../kind.ts';
import { type Answer, type Batch, MAX_BODY, batchSchema, bounded, knownPage } from './agent-wire.ts';
import { type ServicePlan, loadServicePlans } from './components.ts';
import { type Fingerprints, loadFingerprints } from './fingerprints.ts';

/** What is known of an agent's vantage points, and of the resolvers of its country that it asks; learnt where the configuration does not say. */
export type Names = Pick<Kept, 'vantage' | 'asn' | 'resolvers'>;

/** What may come in, at all. */
export interface Known {
  /** Lower case; null = whatever it is. */
  targets: ReadonlySet<string> | null;
  plans: ReadonlyMap<string, ServicePlan>;
  prints: Pick<Fingerprints, 'blockPages' | 'benign'>;
}

export type Admission = { take: Measurement } | { refuse: string };

const DAY = 86_400_000;
const FUTURE = 5 * 60_000;
const MAX_RESOLVERS = 8;
/** A vantage file without a network of its own says this. */
const UNSTATED = 'AS0';

/**
 * One measurement of an agent: taken, under the name and network that the configuration gives to its token and with what the centre itself
 * finds in its pages, or refused with a reason. `names` is written to where a name is new and may be learnt.
 */
export function admit(
  measurement: Measurement,
  agent: AgentConfig,
  names: Names,
  { known, now }: { known: Known; now: number },
): Admission {
  if (measurement.at < now - 7 * DAY) return { refuse: 'it is older than a week' };
  const foreign = foreignName(measurement, agent, names) ?? foreignTarget(measurement, agent, known);
  if (foreign !== null) return { refuse: foreign };
  const tail = /\/.*/.exec(measurement.vantageId)?.[0] ?? '';
  return {
    take: {
      ...judgedAgain(measurement, known.prints),
      id: `${agent.id}-${measurement.id}`,
      sourceId: `${AGENT_SOURCE}${agent.id}`,
      at: measurement.at > now + FUTURE ? now : measurement.at,
      probeCc: agent.country,
      probeAsn: agent.asn,
      vantageId: `${agent.id}${tail}`,
    },
  };
}

/** Its vantage points are known by name: one token is one place, whatever it calls itself. */
function foreignName({ vantageId, probeAsn }: Measurement, agent: AgentConfig, names: Names): string | null {
  const [base = '', ...rest] = vantageId.split('/');
  const tail = rest.join('/');
  if (agent.vantages ? !agent.vantages.includes(base) : names.vantage !== null && names.vantage !== base)
    return `vantage ${quoted(base)} is none of this token's`;
  if (probeAsn !== agent.asn && probeAsn !== UNSTATED && names.asn !== null && names.asn !== probeAsn)
    return `network ${quoted(probeAsn)} is none of this token's`;
  if (tail !== '' && !names.resolvers.includes(tail)) {
    if (!tail.startsWith(`${NATIONAL}/`) || names.resolvers.length >= MAX_RESOLVERS)
      return `vantage ${quoted(vantageId)} is none of this token's`;
    names.resolvers.push(tail);
  }
  names.vantage = base;
  if (probeAsn !== agent.asn && probeAsn !== UNSTATED) names.asn = probeAsn;
  return null;
}

function foreignTarget({ target, component }: Measurement, agent: AgentConfig, { targets, plans }: Known) {
  if (target === null) return null;
  const isKnown = targets === null || targets.has(target.toLowerCase()) || (agent.targets ?? []).includes(target);
  if (!isKnown) return `target ${quoted(target)} is not known here`;
  const isPart =
    component === null || component === NATIONAL || plans.get(target)?.components.some(({ id }) => id === component);
  return isPart ? null : `component ${quoted(component)} of ${quoted(target)} is not known here`;
}

/** A block page counts by what the agent saw, looked through again here, and never by its word. */
function judgedAgain(measurement: Measurement, prints: Known['prints']): Measurement {
  const notes = measurement.notes.filter((note) => note !== PAGE_KNOWN);
  if (measurement.verdict !== 'http_blockpage') return { ...measurement, notes };
  const id = knownPage(measurement.raw, prints);
  return id === null ? { ...measurement, notes } : { ...measurement, detail: id, notes: [...notes, PAGE_KNOWN] };
}

/** Somebody else's word in our answer and log: short, and of plain signs. */
const quoted = (text: string): string => `"${text.slice(0, 60).replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/gu, '?')}"`;

/** Ids and hosts that blocks of the configuration name as targets: `targets` of a source, of its vantage file, or of a vantage file itself. */
function configuredTargets(blocks: readonly unknown[]): string[] {
  return blocks.map(loose).flatMap(({ targets, vantage }) => {
    const own: unknown[] = Array.isArray(targets) ? targets : [];
    const words = own.flatMap((one) => [one, loose(one).id, loose(one).name]);
    const named = words.filter((word) => typeof word === 'string');
    return vantage ? [...named, ...configuredTargets([vantage])] : named;
  });
}

/** All targets that agents may speak of: services, what they are made of, and what the configuration names. */
export function knownTargets(
  services: readonly string[],
  configured: readonly unknown[],
  plans: ReadonlyMap<string, ServicePlan>,
): Set<string> {
  const hosts = [...plans.values()].flatMap(({ components }) =>
    components.flatMap(({ members }) => members.map(({ host }) => host.name)),
  );
  const all = [...services, ...plans.keys(), ...hosts, ...configuredTargets(configured)];
  return new Set(all.map((one) => one.toLowerCase()));
}

const textOrNull = v.fallback(v.nullable(v.string()), null);
const count = v.fallback(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0);
const flag = v.fallback(v.boolean(), false);
/** What is kept of one agent. What an older version did not write, and what is of another shape, is as at the beginning. */
const keptSchema = v.object({
  epoch: textOrNull,
  seq: count,
  lastSeenAt: v.fallback(v.nullable(v.number()), null),
  blind: flag,
  stopped: flag,
  dropped: count,
  refused: count,
  vantage: textOrNull,
  asn: textOrNull,
  resolvers: v.fallback(v.pipe(v.array(v.string()), v.maxLength(MAX_RESOLVERS)), []),
});
type Kept = v.InferOutput<typeof keptSchema>;
const keptOf = (kept: unknown): Kept => v.parse(keptSchema, loose(kept));

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

/** The centre's side: takes agents' batches, each once and in order, and hands on what may come in. */
export async function createAgentIntake(deps: AgentIntakeDeps): Promise<AgentIntake> {
  const { clock, log, state } = deps;
  const began = clock.now();
  const [plans, prints] = await Promise.all([loadServicePlans(), loadFingerprints()]);
  const targets = deps.services ? knownTargets(deps.services, deps.configured ?? [], plans) : null;
  const known: Known = { targets, plans, prints };
  /** Each agent while the program runs. */
  const places = await Promise.all(
    deps.agents.map(async (config) => ({
      config,
      kept: keptOf(await state.get(config.id)),
      /** Its posts, one after another: a repeated delivery must not overtake the first. */
      inTurn: inOrder(),
      /** Posts that are being read, or wait for their turn. */
      busy: 0,
      warnedAt: Number.NEGATIVE_INFINITY,
    })),
  );
  type Place = (typeof places)[number];

  const placeOf = createDoor(places);
  /** An hour's share of each, counted in measurements. */
  const burst = PER_HOUR.measurements;
  const shares = createBuckets({ burst, perSecond: burst / 3_600, most: places.length });

  /** Another process may have taken a post of it since, or an operator's word about it. */
  async function reread(place: Place): Promise<void> {
    const now = keptOf(await state.get(place.config.id));
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
    const cost = Math.max(measurements, (bytes / PER_HOUR.bytes) * PER_HOUR.measurements);
    if (shares.take(place.config.id, cost, clock.monotonic()) === 0) return true;
    const why = `${PER_HOUR.measurements} measurements or ${PER_HOUR.bytes} bytes`;
    warnOf(place, 'An agent posts more than is taken in an hour; the rest waits with it', why);
    return false;
  }

  async function receive(place: Place, body: () => Promise<Uint8Array>): Promise<AgentResponse> {
    const bytes = await body();
    if (bytes.length > MAX_BODY) return say(413, { error: 'too large' });
    const batch = orNull(() =>
      v.parse(batchSchema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))),
    );
    if (batch === null) return say(400, { error: 'not a batch of results' });
    if (batch.measurements.length > 0 && !fits(place, batch.measurements.length, bytes.length))
      return say(503, { error: 'too much in an hour' });
    try {
      return say(200, await place.inTurn(() => take(place, batch)));
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
      using _ = atEnd(() => place.busy--);
      return await receive(place, request.body);
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
      const heardAt = (at: number): number => (at > now ? began : Math.max(at, began));
      return seen.filter(({ kept }) => now - heardAt(kept.lastSeenAt!) > ms).map(({ config }) => config.id);
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
