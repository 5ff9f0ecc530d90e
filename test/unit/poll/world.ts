import { type Poller, type PollerDeps, createPoller } from '../../../src/core/poll/poller.ts';
import type { LogFields } from '../../../src/core/ports/runtime.ts';
import type {
  NamedSourceState,
  PollContext,
  PollResult,
  Source,
  SourceState,
  SourceStates,
} from '../../../src/core/ports/source.ts';
import { nextRun } from '../../../src/platform/schedule.ts';
import type { FakeClock } from '../../fakes/fake-clock.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** States in memory; `failing` makes every call reject. */
export class FakeStates implements SourceStates {
  readonly kept = new Map<string, SourceState>();
  writes = 0;
  rows = 0;
  failing = false;
  async getMany(ids: readonly string[]): Promise<Map<string, SourceState>> {
    if (this.failing) throw new Error('disk full');
    return new Map(ids.flatMap((id) => (this.kept.has(id) ? [[id, { ...this.kept.get(id)! }]] : [])));
  }
  async setMany(states: readonly NamedSourceState[]): Promise<void> {
    if (this.failing) throw new Error('disk full');
    this.writes++;
    this.rows += states.length;
    for (const { id, state } of states) this.kept.set(id, { ...state });
  }
}

export const nothingNew: PollResult = { items: [], measurements: [], unchanged: true, notBefore: null };
export const news = {
  items: [{ title: 'x' }],
  measurements: [],
  unchanged: false,
  notBefore: null,
} as unknown as PollResult;

export interface FakeSource extends Source {
  /** When it was polled, ms of the wall clock, and with what context. */
  polls: number[];
  contexts: PollContext[];
  answer: (context: PollContext) => Promise<PollResult>;
}

export function fakeSource(
  id: string,
  cron: string,
  clock: FakeClock,
  more: Partial<Source & { answer: FakeSource['answer'] }> = {},
): FakeSource {
  const source: FakeSource = {
    id,
    kind: 'fake',
    label: id,
    cron,
    host: more.host === undefined ? `${id}.example` : more.host,
    ...(more.press ? { press: more.press } : {}),
    polls: [],
    contexts: [],
    answer: more.answer ?? (async () => nothingNew),
    poll(context) {
      source.polls.push(clock.now());
      source.contexts.push(context);
      return source.answer(context);
    },
  };
  return source;
}

export interface World {
  clock: FakeClock;
  states: FakeStates;
  poller: Poller;
  /** `level sentence key=value` of every line at info and above. */
  lines: string[];
  ingested: string[];
}

export function world(
  sources: Source[],
  clock: FakeClock,
  more: Partial<PollerDeps> & { states?: FakeStates } = {},
): World {
  const lines: string[] = [];
  const note =
    (level: string) =>
    (sentence: string, fields: LogFields = {}) => {
      lines.push([level, sentence, ...Object.entries(fields).map(([key, value]) => `${key}=${value}`)].join(' '));
    };
  const log: PollerDeps['log'] = {
    debug: () => {},
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
    child: () => log,
  };
  const states = more.states ?? new FakeStates();
  const ingested: string[] = [];
  const poller = createPoller({
    sources,
    clock,
    ids: { next: () => '', tail: () => '', random: () => 0.5 },
    log,
    nextRun,
    ingest: async (source) => void ingested.push(source.id),
    // A line each, at once.
    news: {
      failed: ({ id, kind }, code, reason) => log.warn('Unable to read source', { source: id, kind, code, reason }),
      readable: ({ id }, facts) => log.info('Source is readable again', { source: id, ...facts }),
      polled: () => {},
    },
    ...more,
    states,
  });
  return { clock, states, poller, lines, ingested };
}
