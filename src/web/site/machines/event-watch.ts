/** Sees what changes in the record, while somebody listens: by looking, since another process may be the one that reads the sources. */

import { codeOf } from '../../../core/errors.ts';
import type { Incident, Transition } from '../../../core/model/incident.ts';
import { iso } from '../../../core/model/incident-line.ts';
import type { SiteDeps } from '../deps.ts';
import { byPlace, type EventPlace, idOf, placeOfStep } from './event-id.ts';

/** One change, as it is sent. */
export interface Event {
  id: string;
  place: EventPlace;
  country: string | null;
  service: string | null;
  /** JSON on one line. */
  data: string;
}

/** Between two looks, ms. */
const LOOK = 1_000;
/** What closed or was reported on within this time is looked at, and all that is open. */
const WINDOW = 2 * 86_400_000;
const MAX_INCIDENTS = 2_000;
/** Sent so many, and kept for those who come back. */
const MAX_RING = 1_000;

type Deps = Pick<SiteDeps, 'record' | 'clock' | 'log'>;

export interface Watch {
  /** Resolves when it knows what there was before; rejects as the store does. */
  readonly ready: Promise<void>;
  /** What came after this id: from what was sent, else from the record. `left`: older ones beyond what is told at once. */
  since(place: EventPlace): Promise<{ events: Event[]; left: number }>;
}

/** Looks until `signal` aborts, and tells each change once, in the order in which they were noted. */
export function watchEvents(deps: Deps, tell: (event: Event) => void, signal: AbortSignal): Watch {
  const { record, clock, log } = deps;
  const versions = new Map<string, number>();
  const steps = new Map<string, number>();
  const ring: Event[] = [];
  let failing = false;
  let began = 0;

  const around = async (since: number): Promise<Incident[]> => {
    const recent = await record.incidents.list({ since, limit: MAX_INCIDENTS });
    const open = await record.incidents.list({ open: true, limit: MAX_INCIDENTS });
    return [...new Map([...open, ...recent].map((one) => [one.id, one])).values()];
  };
  const keep = (incident: Incident, log: readonly Transition[]): void => {
    versions.set(incident.id, incident.version);
    steps.set(incident.id, log.at(-1)?.seq ?? 0);
  };

  async function begin(): Promise<void> {
    began = clock.now();
    const incidents = await around(began - WINDOW);
    const logs = await record.incidents.transitionsOf(incidents.map(({ id }) => id));
    for (const one of incidents) keep(one, logs.get(one.id) ?? []);
  }

  async function look(): Promise<void> {
    const changed = (await around(clock.now() - WINDOW)).filter(({ id, version }) => versions.get(id) !== version);
    if (changed.length === 0) return;
    const logs = await record.incidents.transitionsOf(changed.map(({ id }) => id));
    const events: Event[] = [];
    for (const incident of changed) {
      const log = logs.get(incident.id) ?? [];
      const before = steps.get(incident.id);
      // One that is known for longer than we look, and was changed by a late word: only what was noted since is news.
      const isNews = (step: Transition): boolean =>
        before === undefined ? placeOfStep(step).at >= began : step.seq > before;
      events.push(...eventsOf(incident, log.filter(isNews)));
      keep(incident, log);
    }
    for (const event of events.sort((a, b) => byPlace(a.place, b.place))) {
      ring.push(event);
      tell(event);
    }
    ring.splice(0, Math.max(0, ring.length - MAX_RING));
  }

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(LOOK, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await look();
        failing = false;
      } catch (error) {
        if (!failing) log.warn('Unable to look for changes; who listens to them waits', { code: codeOf(error) });
        failing = true;
      }
    }
  }

  const ready = begin();
  void ready.then(loop, () => undefined);
  return {
    ready,
    async since(place) {
      const id = idOf(place);
      const at = ring.findIndex((one) => one.id === id);
      return at < 0 ? await fromRecord(deps, place, around) : { events: ring.slice(at + 1), left: 0 };
    },
  };
}

/** Replayed at once; of more, the newest. */
const MAX_REPLAY = 200;

async function fromRecord(deps: Deps, place: EventPlace, around: (since: number) => Promise<Incident[]>) {
  const incidents = await around(place.at - WINDOW);
  const logs = await deps.record.incidents.transitionsOf(incidents.map(({ id }) => id));
  const missed = incidents.flatMap((incident) =>
    (logs.get(incident.id) ?? [])
      .map((step) => ({ incident, step, place: placeOfStep(step) }))
      .filter((one) => byPlace(one.place, place) > 0),
  );
  missed.sort((a, b) => byPlace(a.place, b.place));
  const told = missed.slice(-MAX_REPLAY);
  const events = told.flatMap(({ incident, step }) => eventsOf(incident, [step]));
  return { events, left: missed.length - told.length };
}

/** Without items and log: these grow, and whoever wants them asks for the incident. */
function eventsOf(incident: Incident, steps: readonly Transition[]): Event[] {
  const { id, country, service, action, method, state, confidence, openedAt, corroboratedAt, closedAt } = incident;
  const now = {
    type: 'incident',
    id,
    country,
    service,
    action,
    method,
    state,
    confidence,
    openedAt: iso(openedAt),
    corroboratedAt: iso(corroboratedAt),
    closedAt: iso(closedAt),
  };
  return steps.map((step) => {
    const place = placeOfStep(step);
    const said = { change: step.change, seq: step.seq, at: iso(step.at), action: step.action, state: step.state };
    const data = JSON.stringify({ ...said, confidence: step.confidence, incident: now });
    return { id: idOf(place), place, country, service, data };
  });
}
