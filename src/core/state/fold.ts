import {
  type Action,
  changeAt,
  type Confidence,
  type Incident,
  isInForce,
  type Level,
  type Method,
  NETWORK,
  type Part,
  rankOf,
  reaches,
  severityOf,
  type SinceKind,
  type Standing,
  type Transition,
} from '../model/incident.ts';
import type { ObservatoryView } from '../model/measurement.ts';
import type { Cell, Column } from '../timeline.ts';

export type { SinceKind } from '../model/incident.ts';

/** What can be said of a service in a place (domain.md, "State"). `unknown` is an honest answer. */
export type AccessState = 'open' | 'degraded' | 'blocked' | 'shutdown' | 'unknown';

/** Which lines it is about: all of them, those of phones, those in walls, or one operator's ("AS8359"). */
type Network = 'all' | 'mobile' | 'fixed' | `AS${number}`;

/** What one state is about. A region is never its country, and one network never all of them: each is a row of its own. */
export interface StateKey {
  /** Null: no report names one. */
  country: string | null;
  /** Part of the country as in `Incident.regions`; null = the whole. */
  region: string | null;
  /** Null: services that no report named. */
  service: string | null;
  network: Network;
}

/** Somebody says that it works again, and not enough of them: what was in force still holds. */
interface LiftClaim {
  /** Outlets and authorities that say so; 0 = measurements alone, or nobody. */
  voices: number;
  at: number;
  /** It is gone from a register, and nobody says that it works. */
  isStruckOff: boolean;
}

/** What an observatory sees cut at present, by its rule. Times: ms since the epoch. */
export interface ObservedCut {
  country: string;
  service: string;
  action: Action;
  /** Null = for longer than is known. */
  since: number | null;
  until: number;
}

/** A service that every observatory which looked lately sees open, and until when that is known. */
export type SeenOpen = Pick<ObservedCut, 'country' | 'service' | 'until'>;

/** How it stands with one thing now. All that anybody is told of it, wherever, is a view of this. Times: ms since the epoch. */
export interface State extends StateKey {
  access: AccessState;
  /** What was done, where `access` is (or, of `unknown`, was) anything but open; `unblock` of what is open; null = nothing is known. */
  action: Action | null;
  method: Method | null;
  /** The one part of the service that is cut; null = the whole, or not known. */
  part: Part | null;
  /** Where `access` is `unknown` because its evidence is old: what it was. */
  was: AccessState | null;
  /** Since when `access` (or what it was) holds; null = for longer than is known, or nothing is known. */
  since: number | null;
  sinceKind: SinceKind | null;
  /** Of `since` the day is not known, only the month. */
  monthOnly: boolean;
  /** Null: by the public record alone, or nothing is known. */
  confidence: Confidence | null;
  /** Time of the newest evidence. */
  evidenceAt: number | null;
  /** What it rests on; null where no incident tells. */
  incident: Incident | null;
  /** The threat that hangs over it, if any. */
  threat: Incident | null;
  /** It stood before anybody reported it, or stands by the record alone. */
  standing: Standing | null;
  /** Somebody says that it is over; it is not sure enough to end anything. */
  claim: LiftClaim | null;
  /** It is not about the service itself: the country's network is off. */
  covered: boolean;
  /** Its evidence is old, and yet it stands: the record or an order says so. */
  faded: boolean;
}

/** What a question may name: `*` (`ANY`) for any. */
export interface Matcher {
  country: string;
  service: string;
}

/** What is asked of the world. */
export interface Asked {
  matchers: readonly Matcher[];
  /** Pairs that have a row whatever is known of them. */
  always?: readonly Matcher[];
  /** What this level does not hear of is left out; absent = everything, as for `early`. */
  level?: Level;
  /** How long ago something may have ended to be looked at, ms; absent = as long as a change stays in the table. */
  reach?: number;
  /** With what has been open again for longer than a change stays in the table, and what is unknown. */
  everything?: boolean;
}

export interface Answer {
  /** The worst first, what stands by the record alone last. */
  states: State[];
  /** What the states rest on, and whatever else was read. */
  incidents: Incident[];
  facts: Facts;
}

/** One row of a timeline. */
export interface Days {
  /** The worst of each column. */
  cells: Cell[];
  /** How it stands at the end of the last column: the same as the state says. */
  now: Cell;
}

/** What of an incident its reports tell and it does not. */
export interface Evidence {
  /** Measurements alone: they come by the minute, so their silence tells more. */
  isMeasuredOnly: boolean;
  /** An authority's word: what it ordered stands until it says otherwise. */
  isOrdered: boolean;
  /** When the action in force began, and what that date is worth. */
  since: number;
  sinceKind: SinceKind;
  /** The one part that is cut, by what most voices say; null = the whole, or not known. */
  part: Part | null;
  /** Of its lift. */
  lift: { voices: number; kind: SinceKind; isStruckOff: boolean } | null;
  /** When it held in each region that its reports name, oldest first. */
  spells?: ReadonlyMap<string, readonly Spell[]>;
}

/** A time for which something held in a region. `lift`: since when it surely works again there; null = nobody told so surely. */
export interface Spell {
  since: number;
  kind: SinceKind;
  lift: { at: number; kind: SinceKind; confidence: Confidence } | null;
}

/** All that a state can rest on. What is absent is not known. */
export interface Facts {
  incidents: readonly Incident[];
  /** By the id of the incident. */
  evidence?: ReadonlyMap<string, Evidence>;
  /** How incidents came about, by id, each in order; absent or empty = the incident says it by itself. */
  transitions?: ReadonlyMap<string, readonly Transition[]>;
  /** Cut before anybody reported it: the public record, registers. */
  standing?: readonly (Standing & { country: string; service: string })[];
  /** What observatories see cut. */
  observed?: readonly ObservedCut[];
  /** What observatories see open. */
  open?: readonly SeenOpen[];
}

/** How it stands with the world, for whoever asks: every surface reads it here, and none works it out for itself. */
export interface World {
  of(asked: Asked, now: number): Promise<Answer>;
  /** What is cut off, limited or threatened now of what these cover, as a chat of that level knows it; what may be over for want of news as well. */
  present(matchers: readonly Matcher[], level: Level, now: number): Promise<State[]>;
  /** The days of these rows, by what `answer` was made of. `now`: as it was asked. */
  days(keys: readonly StateKey[], columns: readonly Column[], answer: Answer, now: number): Promise<Days[]>;
  /** What each observatory says of one service of one country, where it looked within the last day. */
  views(country: string, service: string, now: number): Promise<ObservatoryView[]>;
  /** Services that were measured open there within the last day, and by how many measurements; none that anybody measured as cut meanwhile. */
  measuredOpen(country: string, now: number): Promise<ReadonlyMap<string, number>>;
  /** The same world for many questions at one moment: what is read once serves all of them. */
  still(): World;
}

/**
 * What is known, folded: incidents, the public record, registers, observatories and a moment → states. Pure. All that is said of how it stands with
 * something, in any text, list, picture, page or feed, is a view of what comes out here.
 */

const DAY = 86_400_000;

export const STATUS_POLICY = {
  /** Without a newer report for this long nothing is certain any more. */
  newsStaleMs: 14 * DAY,
  /** The same where all evidence is measurements: they come by the minute, so their silence tells more. */
  measuredStaleMs: DAY,
  /** A threat of which nothing was heard for so long hangs over nobody any more. */
  threatStaleMs: 45 * DAY,
  /** How long a change stays in the table. */
  changedMs: 30 * DAY,
};

/** What is on record for less than this is news of its own: an incident has the date of its reports, which tell the hour. */
const STANDS_AFTER = 14 * DAY;
/** So far back reaches a word that gives no begin. */
const UNDATED = 14 * DAY;

const ACCESS_OF: Partial<Record<Action, AccessState>> = {
  block: 'blocked',
  throttle: 'degraded',
  restrict: 'degraded',
  shutdown: 'shutdown',
  unblock: 'open',
};
const accessOf = (action: Action): AccessState => ACCESS_OF[action] ?? 'unknown';

/** Over, and surely so. A lift that is less sure than that is a claim beside the state that still holds. */
export const isOver = (one: Pick<Incident, 'state' | 'confidence' | 'liftConfidence'>): boolean =>
  one.state === 'lifted' && reaches(one.liftConfidence ?? one.confidence, 'corroborated');

/** It tells of a lift of something that nobody knew of, and is not sure: it says nothing of how it stands. */
export const isMereClaim = (one: Incident): boolean =>
  one.state === 'lifted' && one.action === 'unblock' && !isOver(one);

/** Is the whole of the place and all of its lines meant? */
export const isWhole = ({ region, network }: Pick<StateKey, 'region' | 'network'>): boolean =>
  region === null && network === 'all';

/** One row each, however they are spelt. */
export const nameOfKey = ({ country, region, service, network }: StateKey): string =>
  JSON.stringify([country, region, service, network]);

export const pairOf = ({ country, service }: { country: string | null; service: string | null }): string =>
  `${country} ${service}`;

/** What an incident is about: a row for each of its regions, those where it works again among them, and none of the country; or one of the country. */
export function keysOf(
  { country, service, regions, part }: Pick<Incident, 'country' | 'service' | 'regions' | 'part'>,
  evidence?: Evidence,
): StateKey[] {
  const network: Network = (part ?? evidence?.part) === 'mobile' ? 'mobile' : 'all';
  const isBack = (spells: readonly Spell[]): boolean => spells.some(({ lift }) => lift !== null);
  const back = [...(evidence?.spells ?? [])].flatMap(([region, spells]) => (isBack(spells) ? region : []));
  const places = regions.length > 0 ? [...new Set([...regions, ...back])] : [null];
  return places.map((region) => ({ country, region, service, network }));
}

interface Pair {
  country: string | null;
  service: string | null;
  incidents: { incident: Incident; keys: StateKey[] }[];
  standing: (Standing & { country: string; service: string })[];
  observed: ObservedCut | null;
  openUntil: number | null;
}

export type Fold = ReturnType<typeof createFold>;

export function createFold(facts: Facts, now: number) {
  const pairs = new Map<string, Pair>();
  const pairFor = ({ country, service }: Pick<StateKey, 'country' | 'service'>): Pair => {
    const empty = () => ({ country, service, incidents: [], standing: [], observed: null, openUntil: null });
    return pairs.getOrInsertComputed(pairOf({ country, service }), empty);
  };
  const evidenceOf = (one: Incident): Evidence | undefined => facts.evidence?.get(one.id);
  for (const incident of facts.incidents)
    if (incident.state !== 'withdrawn')
      pairFor(incident).incidents.push({ incident, keys: keysOf(incident, evidenceOf(incident)) });
  for (const one of facts.standing ?? []) pairFor(one).standing.push(one);
  for (const one of facts.observed ?? []) pairFor(one).observed ??= one;
  for (const one of facts.open ?? []) pairFor(one).openUntil = one.until;

  /** The incidents of this very row as they were at a moment. One that a later report did not join any more is over with that report's own. */
  function ownOf(key: StateKey, at: number): Incident[] {
    const found = pairs.get(pairOf(key))?.incidents ?? [];
    const isIts = (one: StateKey): boolean => one.region === key.region && one.network === key.network;
    const then = (one: Incident): Incident | null => {
      if (at >= now) return one;
      return key.region !== null && at < one.openedAt ? null : asOf(one, facts.transitions?.get(one.id), at);
    };
    return found
      .filter(({ keys }) => keys.some(isIts))
      .flatMap(({ incident }) => inRegion(incident, key.region))
      .flatMap((one) => then(one) ?? [])
      .filter((one) => one.open || !isInForce(one));
  }

  const spellsOf = (one: Incident, region: string | null): readonly Spell[] =>
    (region === null ? null : evidenceOf(one)?.spells?.get(region)) ?? [];

  /** An incident as it is, and was, in one of its regions: one for each time that it held there. */
  function inRegion(one: Incident, region: string | null): Incident[] {
    if (region === null) return [one];
    const spells = spellsOf(one, region);
    const holds = one.regions.includes(region);
    const over = (holds ? spells.slice(0, -1) : spells).flatMap(({ since, lift }): Incident[] => {
      if (lift === null) return [];
      const { at: closedAt, confidence: liftConfidence } = lift;
      return [{ ...one, regions: [region], openedAt: since, state: 'lifted', open: false, closedAt, liftConfidence }];
    });
    return holds ? [...over, { ...one, openedAt: spells.at(-1)?.since ?? one.openedAt }] : over;
  }

  function isStale(one: Incident, at: number): boolean {
    const isMeasured = evidenceOf(one)?.isMeasuredOnly ?? one.confidence === 'suspected';
    const keeps = isMeasured && !isOver(one) ? STATUS_POLICY.measuredStaleMs : STATUS_POLICY.newsStaleMs;
    return at - one.lastReportAt > keeps;
  }

  /** The shutdown of all of a country's lines that holds, by more than one word: what it covers needs none of its own. */
  function shutdownOver(key: StateKey, at: number): Incident | null {
    const { country } = key;
    const whole: StateKey = { country, region: null, service: NETWORK, network: 'all' };
    if (country === null || (key.service === NETWORK && isWhole(key))) return null;
    const speaks = (one: Incident): boolean =>
      one.family === 'access' &&
      one.action === 'shutdown' &&
      isInForce(one) &&
      reaches(one.confidence, 'corroborated') &&
      (!isStale(one, at) || holdsByItself(one));
    return ownOf(whole, at).find(speaks) ?? null;
  }

  /** What stood before anybody reported it, and still does, as far as is known apart from the newest incident. */
  function standingOf(key: StateKey, own: readonly Incident[], at: number): Standing | null {
    if (!isWhole(key)) return null;
    const hasEnded = ({ since }: Standing): boolean =>
      own.some(
        (one) =>
          one.family === 'access' && isOver(one) && (since === null || (one.closedAt ?? one.lastReportAt) >= since),
      );
    const holds = (one: Standing): boolean => (one.since ?? at - UNDATED) <= at && !hasEnded(one);
    return pairs.get(pairOf(key))?.standing.find(holds) ?? null;
  }

  function at(key: StateKey, when: number): State {
    const own = ownOf(key, when);
    const hangs = (one: Incident): boolean =>
      one.family === 'warn' && one.open && when - one.lastReportAt <= STATUS_POLICY.threatStaleMs;
    const { country, region, service, network } = key;
    const base: State = { ...NOTHING, country, region, service, network, threat: own.find(hangs) ?? null };
    const shutdown = shutdownOver(key, when);
    if (shutdown) return { ...base, ...told(shutdown), access: 'shutdown', covered: true };

    const access = own.filter((one) => one.family === 'access').sort(newest);
    const last = access.find((one) => !isMereClaim(one)) ?? null;
    const mere = access.find((one) => isMereClaim(one) && !isStale(one, when));
    const claim = mere ? claimOf(mere) : null;
    const record = standingOf(key, own, when);
    const seen = isWhole(key) ? observedAt(key, when) : null;
    if (last === null) return { ...base, ...untold(key, record, seen), claim };

    if (isOver(last)) {
      const isOld = isStale(last, when);
      if (record || (isOld && seen)) return { ...base, ...untold(key, record, seen), claim };
      const open: State = { ...base, ...told(last, region) };
      return isOld ? { ...open, access: 'unknown', was: 'open' } : open;
    }
    // What one outlet says differently, or something milder that was said long ago, bends no record.
    const isSure = reaches(last.confidence, 'corroborated');
    const isOther = record !== null && severityOf(last.action) !== severityOf(record.action);
    if (isOther && !last.standing && (!isSure || (isMilder(last, record) && isStale(last, when))))
      return { ...base, ...untold(key, record, seen), claim: claimIn(last) ?? claim };
    const standing = last.standing ?? (record && !isMilder(last, record) ? record : null);
    const stands = standing === null ? {} : { ...stood(last, standing), standing };
    const known: State = { ...base, ...told(last, region), ...stands, claim: claimIn(last) ?? claim };
    if (!isStale(last, when)) return known;
    if (holdsByItself(last, standing)) return { ...known, faded: true };
    return seen ? { ...known, evidenceAt: seen.until } : { ...known, access: 'unknown', was: known.access };
  }

  /** However old its evidence: on record, or an authority's order, which stands until it says otherwise. */
  function holdsByItself(one: Incident, standing: Standing | null = one.standing ?? null): boolean {
    const evidence = evidenceOf(one);
    // What only a register held is held by nothing once it is gone from there.
    const isGone = standing?.by === 'register' && (evidence?.lift?.isStruckOff ?? false);
    return (standing !== null && !isGone) || (evidence?.isOrdered ?? false);
  }

  function observedAt(key: StateKey, when: number): ObservedCut | null {
    const seen = pairs.get(pairOf(key))?.observed ?? null;
    return seen && (seen.since ?? seen.until - UNDATED) <= when ? seen : null;
  }

  /** By the record, borne out by what an observatory sees; by that alone; open as observatories see it; or nothing is known. */
  function untold(key: StateKey, standing: Standing | null, observed: ObservedCut | null): Partial<State> {
    const evidence = observed && { confidence: 'corroborated' as const, evidenceAt: observed.until };
    if (standing) {
      const { action, method, part = null, since, monthOnly } = standing;
      const base = { action, method, part, since, monthOnly, sinceKind: 'standing' as const, standing };
      return { ...base, ...evidence, access: accessOf(action) };
    }
    if (observed) {
      const { action, since } = observed;
      return { ...evidence, access: accessOf(action), action, since, sinceKind: 'measured' };
    }
    const until = isWhole(key) ? pairs.get(pairOf(key))?.openUntil : null;
    if (until == null) return {};
    return { access: 'open', action: 'unblock', confidence: 'corroborated', sinceKind: 'measured', evidenceAt: until };
  }

  /** What one incident says by itself. */
  function told(one: Incident, region: string | null = null) {
    const evidence = evidenceOf(one);
    const here = spellsOf(one, region).at(-1);
    const by = { evidenceAt: one.lastReportAt, incident: one };
    if (isOver(one)) {
      const since = one.closedAt ?? one.lastReportAt;
      const sinceKind: SinceKind = here?.lift?.kind ?? evidence?.lift?.kind ?? 'first-reported';
      const how = { access: 'open', action: 'unblock', method: null, part: null } as const;
      return { ...by, ...how, since, sinceKind, confidence: one.liftConfidence ?? one.confidence };
    }
    const { action, method, part, confidence } = one;
    const undated: SinceKind = confidence === 'suspected' ? 'measured' : 'first-reported';
    return {
      ...by,
      access: accessOf(action),
      action,
      method,
      part: part ?? evidence?.part ?? null,
      since: here?.since ?? evidence?.since ?? one.openedAt,
      sinceKind: here?.kind ?? evidence?.sinceKind ?? undated,
      confidence,
    };
  }

  /** Somebody says that this is over, and it is not sure. */
  const claimIn = (one: Incident): LiftClaim | null =>
    one.state === 'easing' || one.state === 'lifted' ? claimOf(one) : null;

  function claimOf(one: Incident): LiftClaim {
    const { liftConfidence, closedAt, lastReportAt } = one;
    const isMeasured = liftConfidence !== null && liftConfidence !== 'reported';
    const { voices = isMeasured ? 0 : 1, isStruckOff = false } = evidenceOf(one)?.lift ?? {};
    return { voices, at: closedAt ?? lastReportAt, isStruckOff };
  }

  return {
    /** Everything of which something is known. */
    keys(): StateKey[] {
      const keys = new Map<string, StateKey>();
      const add = (key: StateKey): void => void keys.set(nameOfKey(key), key);
      for (const { country, service, incidents, standing, observed } of pairs.values()) {
        for (const one of incidents) one.keys.forEach(add);
        if (standing.length > 0 || observed) add({ country, region: null, service, network: 'all' });
      }
      return [...keys.values()];
    },
    /** How it stands with one thing; `when`: a moment, not after `now`. */
    at: (key: StateKey, when = now): State => at(key, Math.min(when, now)),
    /** Moments at which this may have changed, ms since the epoch, in no order. */
    moments: (key: StateKey): number[] =>
      [key.service, NETWORK].flatMap((service) => momentsOf(pairFor({ country: key.country, service }))),
  };

  function momentsOf({ incidents, standing, observed }: Pair): number[] {
    const moments = incidents.flatMap(({ incident }) => {
      const { openedAt, closedAt, lastReportAt } = incident;
      const steps = (facts.transitions?.get(incident.id) ?? []).map(({ at: when }) => when);
      for (const { since, lift } of [...(evidenceOf(incident)?.spells?.values() ?? [])].flat())
        steps.push(since, lift?.at ?? since);
      const stales = [STATUS_POLICY.measuredStaleMs, STATUS_POLICY.newsStaleMs, STATUS_POLICY.threatStaleMs];
      return [
        openedAt,
        ...steps,
        ...(closedAt === null ? [] : [closedAt]),
        ...stales.map((ms) => lastReportAt + ms + 1),
      ];
    });
    const since = standing.map((one) => one.since);
    for (const { incident } of incidents)
      if (incident.standing) since.push(incident.standing.since ?? incident.openedAt - UNDATED);
    if (observed) since.push(observed.since ?? observed.until - UNDATED);
    return [...moments, ...since.filter((one) => one !== null)];
  }
}

const NOTHING = {
  access: 'unknown',
  action: null,
  method: null,
  part: null,
  was: null,
  since: null,
  sinceKind: null,
  monthOnly: false,
  confidence: null,
  evidenceAt: null,
  incident: null,
  threat: null,
  standing: null,
  claim: null,
  covered: false,
  faded: false,
} as const satisfies Omit<State, keyof StateKey>;

const isMilder = (one: Incident, standing: Standing): boolean => severityOf(one.action) < severityOf(standing.action);

/** What holds before what is over; then the later. */
const newest = (a: Incident, b: Incident): number =>
  Number(isInForce(b)) - Number(isInForce(a)) ||
  (b.closedAt ?? b.lastReportAt) - (a.closedAt ?? a.lastReportAt) ||
  rankOf(b.confidence) - rankOf(a.confidence);

/**
 * Of what stood already: as old as that, unless it has become worse since; and as sure as the record, where its reports are not. What was put on record
 * when it was reported, or without a date, has the date of its reports, which tell the hour.
 */
function stood(one: Incident, standing: Standing): Partial<State> {
  const change = changeAt({ standing }, 'corroborated');
  const { since, monthOnly } = standing;
  const known = { confidence: reaches(one.confidence, 'corroborated') ? one.confidence : null };
  const isSameNews = one.standing == null && (since === null || one.openedAt - since < STANDS_AFTER);
  const isWorse = severityOf(one.action) > severityOf(standing.action);
  if (isWorse && change?.action === one.action) return { ...known, since: change.at };
  return isSameNews || isWorse ? known : { ...known, since, monthOnly, sinceKind: 'standing' };
}

/** How an incident was at a moment, by its log and by what is known of it now: what was corroborated later was so from the start. Null = it was not yet. */
function asOf(incident: Incident, transitions: readonly Transition[] = [], at: number): Incident | null {
  const { openedAt, closedAt, standing, lastReportAt } = incident;
  const [first, ...more] = transitions;
  const steps = first ? [{ ...first, at: Math.min(first.at, openedAt) }, ...more] : [];
  const step = steps.findLast((one) => one.at <= at);
  const begin = standing ? (standing.since ?? openedAt - UNDATED) : openedAt;
  if (at < begin && !step) return null;
  if (closedAt !== null && at >= closedAt) return { ...incident, lastReportAt: Math.min(lastReportAt, at) };
  const inForce = incident.family === 'warn' ? ('threatened' as const) : ('active' as const);
  const then = { ...incident, closedAt: null, liftConfidence: null, lastReportAt: Math.min(lastReportAt, at) };
  if (!step) {
    const action = at < openedAt && standing ? standing.action : incident.action;
    const state = incident.state === 'lifted' || incident.state === 'easing' ? inForce : incident.state;
    return { ...then, action, state, open: true };
  }
  const { action, state, change } = step;
  const lift = { closedAt: step.at, liftConfidence: incident.liftConfidence ?? 'corroborated', open: false };
  return { ...then, action, state, open: change !== 'expired', ...(state === 'lifted' ? lift : {}) };
}

/** The same without order of severity: what came last comes first. */
export const newestFirst = (states: readonly State[]): State[] =>
  states.toSorted((a, b) => (b.since ?? b.threat?.openedAt ?? 0) - (a.since ?? a.threat?.openedAt ?? 0));

const RANK: Record<AccessState, number> = { shutdown: 4, blocked: 3, degraded: 2, unknown: 1, open: 0 };

/** What incidents tell, the worst first and then the newest; what stands by the record alone after all else. */
export const worstFirst = (a: State, b: State): number =>
  Number(isRecordAlone(a)) - Number(isRecordAlone(b)) ||
  RANK[b.access] - RANK[a.access] ||
  severityOf(b.action ?? 'warn') - severityOf(a.action ?? 'warn') ||
  (b.since ?? 0) - (a.since ?? 0);

export const isRecordAlone = ({ standing, incident }: State): boolean => standing !== null && incident === null;

/** Is something cut, slowed or limited there, as far as is known? */
export const isCut = ({ access }: Pick<State, 'access'>): boolean => access !== 'open' && access !== 'unknown';

/** Is it cut off, threatened, or was it when somebody last told of it? */
export const isPresent = (state: State): boolean =>
  isCut(state) || state.threat !== null || (state.was !== null && state.was !== 'open');

/** Is it worth a line where nobody asked for it? Not open, threatened, or changed of late. */
export function isNotable(state: State, now: number): boolean {
  const { access, since, claim } = state;
  if (claim || isPresent(state)) return true;
  return access === 'open' && since !== null && now - since <= STATUS_POLICY.changedMs;
}

/** Several answers as one, for what is drawn of all of them. */
export function joined(answers: readonly Answer[]): Answer {
  const all = answers.map(({ facts }) => facts);
  const each = <T>(of: (one: Facts) => readonly T[] | undefined, nameOf: (one: T) => string = JSON.stringify): T[] => [
    ...new Map(all.flatMap((one) => of(one) ?? []).map((one) => [nameOf(one), one])).values(),
  ];
  const incidents = each(
    (one) => one.incidents,
    ({ id }) => id,
  );
  const facts: Facts = {
    incidents,
    evidence: new Map(all.flatMap(({ evidence }) => [...(evidence ?? [])])),
    standing: each((one) => one.standing),
    observed: each((one) => one.observed),
    open: each((one) => one.open),
  };
  return { states: answers.flatMap(({ states }) => states), incidents, facts };
}

/** What a chat of this level hears of it, or null. What is on record everybody may know. */
export function heardBy(state: State, level: Level): State | null {
  const { confidence, incident, standing, threat } = state;
  const sure = confidence ?? incident?.confidence ?? null;
  const hears = standing !== null || sure === null || reaches(sure, level);
  const warned = threat && reaches(threat.confidence, level) ? threat : null;
  if (hears) return { ...state, threat: warned };
  const { country, region, service, network } = state;
  return warned ? { ...NOTHING, country, region, service, network, threat: warned } : null;
}
