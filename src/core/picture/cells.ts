import type { Action } from '../model/action.ts';
import type { BaselineEntry } from '../model/baseline.ts';
import { type Confidence, type Incident, isInForce, isNationalShutdown, NETWORK, type Transition } from '../model/incident.ts';
import type { StatusPolicy } from '../status/derive.ts';
import { type Cell, type Column, type DayState, strengthOf } from './timeline.ts';
import { type Spell, watchedShare } from './watched.ts';

/** An incident and how it came about. */
export interface Story {
  incident: Incident;
  /** In order; may be empty, then the incident says it by itself. */
  transitions: readonly Transition[];
}

export interface CellFacts {
  now: number;
  policy: StatusPolicy;
  watched: readonly Spell[];
  /** Ids of incidents that rest on an authority's word: they hold though nobody tells of them any more. */
  ordered?: ReadonlySet<string>;
  /** Long-standing blocks by the public record, those that a lift has ended left out. */
  baseline?: readonly BaselineEntry[];
}

/** Of what a row is. */
export interface RowKey {
  country: string | null;
  service: string | null;
}

interface Segment extends Cell {
  from: number;
  to: number;
}

/** Less of a stretch than this was watched: what happened in it is not known. */
const WATCHED_ENOUGH = 0.5;

/**
 * One row of a timeline: in each column the worst that held at any time of it. `stories` may be about anything; those of this key count, and a
 * national shutdown there, which no service gets past. Pure.
 */
export function cellsOf({ country, service }: RowKey, stories: readonly Story[], columns: readonly Column[], facts: CellFacts): Cell[] {
  const own = stories.filter(({ incident }) => incident.country === country && incident.service === service);
  const covering = stories.filter(({ incident }) => service !== NETWORK && incident.country === country && isNationalShutdown(incident));
  const standing = facts.baseline?.find((one) => one.country === country && one.service === service) ?? null;
  const segments = [
    ...own.flatMap((story) => segmentsOf(story, standing !== null, facts)),
    ...covering.flatMap((story) => segmentsOf(story, false, facts).filter(({ state }) => state === 'shutdown')),
    ...(standing ? [{ from: standing.since, to: facts.now, state: stateOfAction(standing.action), sure: true }] : []),
  ];
  return columns.map((column) => cellOf(column, segments, facts));
}

function cellOf({ from, to }: Column, segments: readonly Segment[], { now, watched }: CellFacts): Cell {
  // The present belongs to its column, however late it is by the clock.
  const held = segments.filter((one) => one.from < to && (one.to > from || (one.from >= from && one.from < to)));
  const worst = held.reduce<Cell | null>((a, b) => (a === null || strengthOf(b) > strengthOf(a) ? b : a), null);
  if (worst) return { state: worst.state, sure: worst.sure };
  const seen = watchedShare(watched, from, Math.min(to, now)) >= WATCHED_ENOUGH;
  return { state: seen ? 'none' : 'gap', sure: true };
}

const isSure = (confidence: Confidence): boolean => confidence === 'corroborated' || confidence === 'confirmed';

const stateOfAction = (action: Action): DayState => (action === 'unblock' ? 'open' : action);

/** What an incident says of which time, by what is known of it now: what was corroborated later was so from the start. */
function segmentsOf({ incident, transitions }: Story, stands: boolean, facts: CellFacts): Segment[] {
  if (incident.state === 'withdrawn') return [];
  const steps = transitions.length > 0 ? transitions : [{ ...incident, at: incident.openedAt }];
  const segments = steps.map(({ at, action, state }, index): Segment => {
    const from = index === 0 ? Math.min(at, incident.openedAt) : at;
    const to = steps[index + 1]?.at ?? incident.closedAt ?? facts.now;
    if (state === 'lifted') return { from, to: Math.max(from, to), state: 'open', sure: isSure(incident.liftConfidence ?? incident.confidence) };
    const access = state === 'threatened' ? 'warn' : stateOfAction(action);
    return { from, to: Math.max(from, to), state: access, sure: isSure(incident.confidence) };
  });
  if (incident.state === 'lifted') return withLift(segments, incident, facts);
  return faded(segments, incident, stands || (facts.ordered?.has(incident.id) ?? false), facts);
}

/** What was lifted is open for as long as that is news; then nobody knows. */
function withLift(segments: readonly Segment[], incident: Incident, { now, policy }: CellFacts): Segment[] {
  const at = incident.closedAt ?? incident.lastReportAt;
  const until = Math.min(now, Math.max(at, incident.lastReportAt) + policy.newsStaleMs);
  const before = segments.filter(({ state }) => state !== 'open').map((one) => ({ ...one, to: Math.min(one.to, at) }));
  return [...before, { from: at, to: until, state: 'open', sure: isSure(incident.liftConfidence ?? incident.confidence) }];
}

/** What nobody has told of for too long may be over. A threat is then gone; a block is shown as something that is not known. */
function faded(segments: readonly Segment[], incident: Incident, stands: boolean, { now, policy }: CellFacts): Segment[] {
  const isThreat = !isInForce(incident);
  const keeps = isThreat ? policy.threatStaleMs : incident.confidence === 'suspected' ? policy.measuredStaleMs : policy.newsStaleMs;
  const until = incident.lastReportAt + keeps;
  if (until >= now || (stands && !isThreat)) return [...segments];
  const known = segments.filter(({ from }) => from <= until).map((one) => ({ ...one, to: Math.min(one.to, until) }));
  return isThreat ? known : [...known, { from: until, to: now, state: 'stale', sure: true }];
}
