import { setImmediate } from 'node:timers/promises';
import { iso } from '../../../core/model/facts.ts';
import type { Incident, Transition } from '../../../core/model/incident.ts';
import { MAX_REPORTS } from '../../../core/state/evidence.ts';
import { incidentLineOf } from '../../../core/state/line.ts';
import { keepAtIt } from '../../../core/wakeable.ts';
import { countsAs, type WebRequest } from '../../server.ts';
import { openAndSince, type SiteDeps } from '../deps.ts';
import type { SitePart } from '../known.ts';
import { Problem } from '../respond.ts';
import { TooDear } from '../shelf.ts';
import { only, type Scope, scopeOf } from './asked.ts';

/** A change of an incident in the stream of all: when it was noted (ms since the epoch), and which it is. */
type EventPlace = ReturnType<typeof placeOfStep>;

/** Ids of reports begin with the milliseconds at which they were made (`core/ports/runtime.ts`): a late word has its place when it came, not when it was written. */
const MADE = /^([0-9a-z]{9})[0-9a-z]{7}$/;

export function placeOfStep({ incidentId, seq, at, reportId }: Transition) {
  const made = MADE.exec(reportId ?? '')?.[1];
  return { at: made === undefined ? at : Number.parseInt(made, 36), incidentId, seq };
}

export const idOf = ({ at, incidentId, seq }: EventPlace): string =>
  `${at.toString(36).padStart(9, '0')}.${incidentId}.${seq}`;

const ID = /^([0-9a-z]{9})\.([A-Za-z0-9-]{1,100})\.(\d{1,9})$/;

/** Null for what is no id of ours. */
export function placeOfId(id: string): EventPlace | null {
  const [, at, incidentId, seq] = ID.exec(id) ?? [];
  return at === undefined ? null : { at: Number.parseInt(at, 36), incidentId: incidentId!, seq: Number(seq) };
}

const byPlace = (a: EventPlace, b: EventPlace): number =>
  a.at - b.at || (a.incidentId < b.incidentId ? -1 : a.incidentId > b.incidentId ? 1 : a.seq - b.seq);

/** Sees what changes in the record, while somebody listens: by looking, since another process may be the one that reads the sources. */

/** One change, as it is sent. `data`: JSON on one line. */
type Event = Awaited<ReturnType<typeof eventsOf>>[number];
type Watch = ReturnType<typeof watchEvents>;

/** Between two looks, ms. */
const LOOK = 1_000;
/** What closed or was reported on within this time is looked at, and all that is open. */
const WINDOW = 2 * 86_400_000;
const MAX_INCIDENTS = 2_000;
/** Sent so many, and kept for those who come back. */
const MAX_RING = 1_000;

type Deps = Pick<SiteDeps, 'record' | 'clock' | 'log'>;

/** Looks until `signal` aborts, and tells each change once, in the order in which they were noted. */
function watchEvents(deps: Deps, tell: (event: Event) => void, signal: AbortSignal) {
  const { record, clock, log } = deps;
  const versions = new Map<string, number>();
  const steps = new Map<string, number>();
  const ring: Event[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let began = 0;

  const around = (since: number): Promise<Incident[]> => openAndSince(record, {}, since, MAX_INCIDENTS);
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
      events.push(...(await eventsOf(incident, log.filter(isNews), deps)));
      keep(incident, log);
    }
    for (const event of events.sort((a, b) => byPlace(a.place, b.place))) {
      ring.push(event);
      tell(event);
    }
    ring.splice(0, Math.max(0, ring.length - MAX_RING));
  }

  const ready = begin();
  const begins = 'Unable to look for changes; who listens to them waits';
  const lines = { begins, ends: null, level: 'warn' } as const;
  void ready.then(
    () => keepAtIt(look, LOOK, { clock, log, firstAfter: LOOK, ...lines }, signal),
    () => undefined,
  );
  return {
    /** Resolves when it knows what there was before; rejects as the store does. */
    ready,
    /** What came after this id: from what was sent, else from the record. `left`: older ones beyond what is told at once. */
    async since(place: EventPlace, signal: AbortSignal) {
      const id = idOf(place);
      const at = ring.findIndex((one) => one.id === id);
      if (at >= 0) return { events: ring.slice(at + 1), left: 0 };
      // One at a time, however many come back at once.
      const mine = turn.then(() => (signal.aborted ? null : fromRecord(deps, place, around)));
      turn = mine.catch(() => undefined);
      return await mine;
    },
  };
}

/** Replayed at once; of more, the newest. */
const MAX_REPLAY = 200;
/** Logs read in one turn of the loop: alerts and answers go between. */
const SLICE = 100;

async function fromRecord(deps: Deps, place: EventPlace, around: (since: number) => Promise<Incident[]>) {
  const incidents = await around(place.at - WINDOW);
  const missed: { incident: Incident; step: Transition; place: EventPlace }[] = [];
  for (let at = 0; at < incidents.length; at += SLICE) {
    await setImmediate();
    const slice = incidents.slice(at, at + SLICE);
    const logs = await deps.record.incidents.transitionsOf(slice.map(({ id }) => id));
    for (const incident of slice)
      for (const step of logs.get(incident.id) ?? []) {
        const where = placeOfStep(step);
        if (byPlace(where, place) > 0) missed.push({ incident, step, place: where });
      }
  }
  const told = missed.sort((a, b) => byPlace(a.place, b.place)).slice(-MAX_REPLAY);
  const events: Event[] = [];
  for (const [incident, steps] of Map.groupBy(told, (one) => one.incident)) {
    await setImmediate();
    const said = steps.map(({ step }) => step);
    events.push(...(await eventsOf(incident, said, deps)));
  }
  return { events: events.sort((a, b) => byPlace(a.place, b.place)), left: missed.length - told.length };
}

/** Without items and log: these grow, and whoever wants them asks for the incident. */
async function eventsOf(incident: Incident, steps: readonly Transition[], { record }: Deps) {
  if (steps.length === 0) return [];
  const { country, service } = incident;
  const reports = await record.reports.byIncident(incident.id, MAX_REPORTS);
  const { items: _, phases: __, ...now } = incidentLineOf(incident, reports, []);
  return steps.map((step) => {
    const place = placeOfStep(step);
    const said = { change: step.change, seq: step.seq, at: iso(step.at), action: step.action, state: step.state };
    const data = JSON.stringify({ ...said, confidence: step.confidence, incident: now });
    return { id: idOf(place), place, country, service, data };
  });
}

/** Who listens to changes: bounded in all and for each address; who reads too slowly is cut off, and comes back for what was missed. */

/** The listener has 256 connections for everything. */
export const MAX_LISTENERS = 64;
export const MAX_EACH = 8;
/** A sign of life, ms: proxies end what is silent for longer. */
const HEARTBEAT = 15_000;
/** What finding what somebody missed takes of their budget (`respond.ts`). */
const CATCH_UP = 50;
/** That wait for a slow reader. */
const MAX_BYTES = 1_000_000;
/** When to come back, ms. */
const RETRY = 5_000;

interface Listener {
  address: string;
  send(part: string): void;
  wants(event: Event): boolean;
  /** What came before it was told what it had missed. */
  held: Event[] | null;
  end(): void;
}

const partOf = ({ id, data }: Event): string => `id: ${id}\ndata: ${data}\n\n`;

/** `maxBytes`: for tests. */
export function createListeners(
  deps: Pick<SiteDeps, 'record' | 'clock' | 'log' | 'stopping'>,
  maxBytes: number = MAX_BYTES,
) {
  const { clock, stopping } = deps;
  const listeners = new Set<Listener>();
  let watching: { watch: Watch; stop: AbortController } | null = null;

  stopping.addEventListener('abort', () => {
    for (const one of listeners) one.end();
  });

  const tell = (event: Event): void => {
    for (const one of listeners) {
      if (!one.wants(event)) continue;
      if (one.held) one.held.push(event);
      else one.send(partOf(event));
    }
  };

  function begin(): Watch {
    if (watching) return watching.watch;
    const stop = new AbortController();
    watching = { stop, watch: watchEvents(deps, tell, stop.signal) };
    void beat(stop.signal);
    return watching.watch;
  }

  async function beat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(HEARTBEAT, signal).catch(() => undefined);
      for (const one of signal.aborted ? [] : listeners) one.send(':\n\n');
    }
  }

  function leave(listener: Listener): void {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    watching?.stop.abort();
    watching = null;
  }

  /** Tells what was missed, then what came meanwhile, each once. */
  async function catchUp(listener: Listener, last: EventPlace | null, watch: Watch, gone: AbortSignal): Promise<void> {
    try {
      await watch.ready;
      const { events, left } = (last && (await watch.since(last, gone))) ?? { events: [], left: 0 };
      if (left > 0) listener.send(`: ${left} older changes are left out; /api/v1/incidents has them\n\n`);
      const told = new Set<string>();
      for (const event of [...events, ...listener.held!].filter(listener.wants)) {
        if (told.has(event.id)) continue;
        told.add(event.id);
        listener.send(partOf(event));
      }
      listener.held = null;
    } catch {
      // The store fails: it comes back with what it knows.
      listener.end();
      if (watching?.watch === watch && listeners.size === 0) watching = null;
    }
  }

  return {
    size: () => listeners.size,
    /** The stream; throws a `Problem` where there is no room. `last`: the last that it has seen; null = it wants only what comes. `signal`: aborts when it is gone. */
    open({
      client,
      scope,
      last,
      signal,
    }: { scope: Scope; last: EventPlace | null } & Pick<WebRequest, 'client' | 'signal'>) {
      const address = countsAs(client);
      if (listeners.size >= MAX_LISTENERS) throw new Problem(503, null, 'Too many listen already; come back later.');
      const fromThere = [...listeners].filter((one) => one.address === address).length;
      const tooMany = `More than ${MAX_EACH} listen from your address; end one, or share one among yours.`;
      if (fromThere >= MAX_EACH) throw new Problem(503, null, tooMany);
      const encoder = new TextEncoder();
      let listener: Listener;
      let isOver = false;
      const over = (close: () => void): void => {
        if (isOver) return;
        isOver = true;
        leave(listener);
        close();
      };
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            listener = {
              address,
              held: [],
              wants: (event) =>
                (scope.country === null || event.country === scope.country) &&
                (scope.service === null || event.service === scope.service),
              send(part) {
                if (isOver) return;
                const bytes = encoder.encode(part);
                // Taken as an error, so that nobody holds what was cut for whole.
                if ((controller.desiredSize ?? 0) < bytes.byteLength)
                  over(() => controller.error(new Error('too slow')));
                else controller.enqueue(bytes);
              },
              end: () => over(() => controller.close()),
            };
            listeners.add(listener);
            listener.send(`retry: ${RETRY}\n\n`);
            signal.addEventListener('abort', () => listener.end());
            void catchUp(listener, last, begin(), signal);
          },
          cancel: () => over(() => undefined),
        },
        new ByteLengthQueuingStrategy({ highWaterMark: maxBytes }),
      );
    },
  };
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

/** `/events`: each change of an incident as it happens. */
export const events: SitePart = (site, deps) => {
  const listeners = createListeners(deps);
  site.get('/events', (c) => {
    const query = new URL(c.req.url).searchParams;
    const scope = scopeOf(only(query, ['country', 'service', 'lang']), deps);
    const last = placeOfId(c.req.header('last-event-id') ?? '');
    const { client, signal, spend } = c.env;
    if (last !== null && !spend(CATCH_UP)) throw new TooDear();
    return new Response(listeners.open({ client, scope, last, signal }), { headers: HEADERS });
  });
};
