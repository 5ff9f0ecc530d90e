import type { Action } from '../model/action.ts';
import type { BaselineEntry } from '../model/baseline.ts';
import {
  type Confidence,
  type Incident,
  isInForce,
  isNationalShutdown,
  NETWORK,
  type Transition,
} from '../model/incident.ts';
import type { ObservedCut, StatusPolicy } from '../status/derive.ts';
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
  /** Ids of incidents that rest on measurements alone: they go stale sooner. Absent: those that are merely suspected. */
  measuredOnly?: ReadonlySet<string>;
  /** Ids of incidents that rest on an authority's word: they hold though nobody tells of them any more. */
  ordered?: ReadonlySet<string>;
  /** What observatories see cut of which no incident tells. */
  observed?: readonly ObservedCut[];
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

/** So far back an observatory's word reaches that gives no begin. */
const OBSERVED_FOR = 14 * 86_400_000;
/** Less of a stretch than this was watched: what happened in it is not known. */
const WATCHED_ENOUGH = 0.5;

/**
 * One row of a timeline: in each column the worst that held at any time of it. `stories` may be about anything; those of this key count, and a
 * national shutdown there, which no service gets past. Pure.
 */
export function cellsOf(
  { country, service }: RowKey,
  stories: readonly Story[],
  columns: readonly Column[],
  facts: CellFacts,
): Cell[] {
  const own = stories.filter(({ incident }) => incident.country === country && incident.service === service);
  const covering = stories.filter(
    ({ incident }) => service !== NETWORK && incident.country === country && isNationalShutdown(incident),
  );
  const standing = facts.baseline?.find((one) => one.country === country && one.service === service) ?? null;
  const segments = [
    ...own.flatMap((story) => segmentsOf(story, standing !== null, facts)),
    ...covering.flatMap((story) => segmentsOf(story, false, facts).filter(({ state }) => state === 'shutdown')),
    ...(facts.observed ?? [])
      .filter((one) => one.country === country && one.service === service)
      .map((one) => seenCut(one, facts.now)),
    ...(standing ? [{ from: standing.since, to: facts.now, state: stateOfAction(standing.action), sure: true }] : []),
  ];
  return columns.map((column) => cellOf(column, segments, facts));
}

/** Of what began before anybody asked the begin is not known: it is drawn from where it is. */
const seenCut = ({ action, since, until }: ObservedCut, now: number): Segment => ({
  from: since ?? until - OBSERVED_FOR,
  to: now,
  state: stateOfAction(action),
  sure: true,
});

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
function segmentsOf(story: Story, stands: boolean, facts: CellFacts): Segment[] {
  const { incident } = story;
  if (incident.state === 'withdrawn') return [];
  const sure = isSure(incident.confidence);
  const lifted = isSure(incident.liftConfidence ?? incident.confidence);
  const steps = stepsOf(story);
  const segments = steps.map(({ at, action, state }, index): Segment => {
    const to = Math.max(at, steps[index + 1]?.at ?? incident.closedAt ?? facts.now);
    if (state === 'lifted') return { from: at, to, state: 'open', sure: lifted };
    return { from: at, to, state: state === 'threatened' ? 'warn' : stateOfAction(action), sure };
  });
  if (incident.state === 'lifted') return withLift(segments, incident, lifted, facts);
  return faded(segments, incident, stands || (facts.ordered?.has(incident.id) ?? false), facts);
}

type Step = Pick<Transition, 'at' | 'action' | 'state'>;

/** The log; where there is none, what the incident is. It began with its oldest report, whichever came first. */
function stepsOf({ incident, transitions }: Story): Step[] {
  const { openedAt, action, state } = incident;
  const [first, ...more] = transitions;
  if (first) return [{ ...first, at: Math.min(first.at, openedAt) }, ...more];
  const wasInForce = state === 'lifted' && action !== 'unblock';
  return [{ at: openedAt, action, state: wasInForce ? 'active' : state }];
}

/** What was lifted is open for as long as that is news; then nobody knows. A threat that is over leaves nothing. */
function withLift(segments: readonly Segment[], incident: Incident, sure: boolean, facts: CellFacts): Segment[] {
  const at = incident.closedAt ?? incident.lastReportAt;
  const before = segments.filter(({ from }) => from < at).map((one) => ({ ...one, to: Math.min(one.to, at) }));
  if (incident.family === 'warn') return before.filter(({ state }) => state !== 'open');
  const until = Math.min(facts.now, Math.max(at, incident.lastReportAt) + facts.policy.newsStaleMs);
  return [...before, { from: at, to: Math.max(at, until), state: 'open', sure }];
}

/** What nobody has told of for too long may be over. A threat is then gone; a block is shown as something that is not known. */
function faded(
  segments: readonly Segment[],
  incident: Incident,
  stands: boolean,
  { now, policy, measuredOnly }: CellFacts,
): Segment[] {
  const isThreat = !isInForce(incident);
  const measured = measuredOnly?.has(incident.id) ?? incident.confidence === 'suspected';
  const keeps = isThreat ? policy.threatStaleMs : measured ? policy.measuredStaleMs : policy.newsStaleMs;
  const until = incident.lastReportAt + keeps;
  if (until >= now || (stands && !isThreat)) return [...segments];
  const known = segments.filter(({ from }) => from <= until).map((one) => ({ ...one, to: Math.min(one.to, until) }));
  return isThreat ? known : [...known, { from: until, to: now, state: 'stale', sure: true }];
}
