import { onceWhileFailing, TocsinError } from '../../core/errors.ts';
import type { AlertFacts, ChangeFacts, IncidentFacts, IncidentLine } from '../../core/model/facts.ts';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import { inOrder } from '../../core/wakeable.ts';
import type { Verdict } from './outcome.ts';

/** One change of one incident that the target has not been told of. */
export type Change = ReturnType<typeof changeOf>;

/** The last transition of each incident that the target knows of; absent = none. */
export type Told = ReadonlyMap<string, number>;

/**
 * What is new to the target, incident by incident, in order. To one that does not know the incident, the first that it could hear of is its beginning; what
 * was merged into one delivery since (opened and lifted while the target was down) comes apart.
 */
export const untold = ({ incidents }: AlertFacts, told: Told): Change[] =>
  incidents.flatMap((facts) => {
    const { changes, heardFrom, incident } = facts;
    const known = told.get(incident.id);
    return changes.flatMap((change, i) => {
      if (change.seq < (known === undefined ? heardFrom : known + 1)) return [];
      const begins = known === undefined && change.seq === heardFrom;
      if (begins) return changeOf(facts, { ...change, kind: 'opened' }, null);
      return changeOf(facts, change, changes[i - 1] ?? null);
    });
  });

/** `from`: what was before; null = the target knows nothing of the incident, or the log does not go back so far. `incident`: as it was then. */
function changeOf(facts: IncidentFacts, change: ChangeFacts, from: ChangeFacts | null) {
  const incident = asOf(facts, change);
  const { state } = incident;
  const first = from === null && change.kind === 'opened';
  const what = state === 'withdrawn' || state === 'lifted' ? state : first ? 'opened' : 'updated';
  return { type: `incident.${what}` as const, change, from, incident, facts };
}

/** Where it stands now is as its chats know it; before that, as the log has it. */
function asOf({ incident, changes }: IncidentFacts, change: ChangeFacts): IncidentLine {
  const later = changes.filter(({ seq }) => seq > change.seq).length;
  if (later === 0) return incident;
  const over = change.state === 'lifted' || change.state === 'withdrawn';
  const { action, state, confidence, method, at } = change;
  const phases = incident.phases.slice(0, incident.phases.length - later);
  return { ...incident, action, state, confidence, method, phases, closedAt: over ? at : null };
}

/** An alert as it was last taken; `alert` null = it is over. */
export interface StandingAlert {
  incident: string;
  alert: { endsAt: string } | null;
}

const KEY = 'standing';
/** More are not said again; those that are known stay. */
const MOST = 2_000;
const PER_BATCH = 100;

/** Alerts that a target holds in memory alone, and must be told again and again: they are over when it is told so, or at their own end. */
export function createStanding({ state, clock }: Pick<AdapterDeps, 'state' | 'clock'>) {
  const open = new Map<string, { endsAt: string }>();
  const keyOf = (incident: string): string => `${KEY}/${incident}`;
  const isOver = ({ endsAt }: { endsAt: string }, now: number): boolean => !(Date.parse(endsAt) > now);
  const keepList = () => state.set(KEY, [...open.keys()]);

  async function forget(incident: string): Promise<void> {
    open.delete(incident);
    await keepList();
    await state.delete(keyOf(incident));
  }

  return {
    /** To be called before the first message. */
    async restore(): Promise<void> {
      const kept = await state.get(KEY);
      open.clear();
      for (const incident of Array.isArray(kept) ? kept.slice(0, MOST) : []) {
        if (typeof incident !== 'string') continue;
        const alert = (await state.get(keyOf(incident))) as { endsAt?: unknown } | null | undefined;
        if (typeof alert?.endsAt === 'string') open.set(incident, alert as { endsAt: string });
      }
    },
    /** It was taken. Durable when it resolves. */
    async note({ incident, alert }: StandingAlert): Promise<void> {
      const known = open.has(incident);
      if (alert === null || isOver(alert, clock.now())) return known ? await forget(incident) : undefined;
      if (!known && open.size >= MOST) return;
      await state.set(keyOf(incident), alert);
      open.set(incident, alert);
      if (!known) await keepList();
    },
    /** Those that are open now, in the order in which they began, so many at a time; the ones whose end has come are forgotten. */
    async batches(now: number): Promise<object[][]> {
      for (const [incident, alert] of open) if (isOver(alert, now)) await forget(incident);
      const all = [...open.values()];
      const count = Math.ceil(all.length / PER_BATCH);
      return Array.from({ length: count }, (_, n) => all.slice(n * PER_BATCH, (n + 1) * PER_BATCH));
    },
  };
}

/** Of more incidents the one that began longest ago is forgotten: if it changes after all, it is told from where it stands. */
const MOST_TOLD = 2_000;
const TOLD = 'told';

/** How far a target has heard of each incident: `seq` of the last transition that it took. */
export function createHeard(state: AdapterDeps['state'], most = MOST_TOLD) {
  const keyOf = (incident: string): string => `${TOLD}/${incident}`;
  return {
    async of(incident: string): Promise<number | null> {
      const seq = await state.get(keyOf(incident));
      return typeof seq === 'number' ? seq : null;
    },
    /** Durable when it resolves. */
    async note(incident: string, seq: number): Promise<void> {
      if ((await state.get(keyOf(incident))) === undefined) {
        const before = await state.get(TOLD);
        const all = [...new Set([...(Array.isArray(before) ? (before as string[]) : []), incident])];
        for (const old of all.splice(0, all.length - most)) await state.delete(keyOf(old));
        await state.set(TOLD, all);
      }
      await state.set(keyOf(incident), seq);
    },
  };
}

interface RepeatsDeps extends Pick<AdapterDeps, 'clock' | 'log' | 'holds'> {
  host: string;
  standing: ReturnType<typeof createStanding>;
  /** True: say nothing now. */
  quiet(): boolean;
  post(alerts: object[], signal: AbortSignal): Promise<Verdict>;
}

const EVERY = 60_000;

/** Says again each minute what still stands, for a target that forgets: as Prometheus does for its Alertmanager. */
export function createRepeats({ clock, log, holds, host, standing, quiet, post }: RepeatsDeps) {
  const stopped = new AbortController();
  const { signal } = stopped;
  const trouble = onceWhileFailing(log, {
    begins: 'Unable to say again what is open; will go on trying',
    ends: 'What is open can be said again',
    fields: { host },
  });
  /** Runs `work` while nothing is being said again: what is over must not be overtaken by its own repetition. */
  const between = inOrder();
  let loop: Promise<void> = Promise.resolve();
  let problem: string | null = null;

  async function round(): Promise<void> {
    if (signal.aborted || quiet() || holds?.() === false) return;
    for (const alerts of await standing.batches(clock.now())) {
      const verdict = await post(alerts, signal);
      if (verdict.is === 'canceled') return;
      if (verdict.is !== 'taken') throw new TocsinError('fetch_status', verdict.detail);
    }
    problem = null;
    trouble.working();
  }

  async function go(): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(EVERY, signal).catch(() => undefined);
      await between(round).catch((error: Error) => {
        problem = error.message.slice(0, 300);
        trouble.failing(error);
      });
    }
  }

  return {
    between,
    start(): void {
      loop = go();
    },
    /** What the last round met; null = all is well, or nothing stands. */
    problem: () => problem,
    async stop(): Promise<void> {
      stopped.abort();
      await loop;
    },
  };
}
