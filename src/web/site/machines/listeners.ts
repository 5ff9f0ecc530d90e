/** Who listens to changes: bounded in all and for each address; who reads too slowly is cut off, and comes back for what was missed. */
import { countsAs } from '../../clients.ts';
import type { SiteDeps } from '../deps.ts';
import type { Scope } from './addresses.ts';
import type { EventPlace } from './event-id.ts';
import { type Event, type Watch, watchEvents } from './event-watch.ts';

/** The listener has 256 connections for everything. */
export const MAX_LISTENERS = 64;
export const MAX_EACH = 8;
/** A sign of life, ms: proxies end what is silent for longer. */
const HEARTBEAT = 15_000;
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

interface Asking {
  client: string;
  scope: Scope;
  /** The last that it has seen; null = it wants only what comes. */
  last: EventPlace | null;
  /** Aborts when it is gone. */
  signal: AbortSignal;
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
  async function catchUp(listener: Listener, last: EventPlace | null, watch: Watch): Promise<void> {
    try {
      await watch.ready;
      const { events, left } = last ? await watch.since(last) : { events: [], left: 0 };
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
    /** The stream, or why there is no room. */
    open({ client, scope, last, signal }: Asking): ReadableStream<Uint8Array> | 'full' | 'too-many' {
      const address = countsAs(client);
      if (listeners.size >= MAX_LISTENERS) return 'full';
      if ([...listeners].filter((one) => one.address === address).length >= MAX_EACH) return 'too-many';
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
            void catchUp(listener, last, begin());
          },
          cancel: () => over(() => undefined),
        },
        new ByteLengthQueuingStrategy({ highWaterMark: maxBytes }),
      );
    },
  };
}
