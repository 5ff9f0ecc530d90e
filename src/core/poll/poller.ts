import { messageOf } from '../errors.ts';
import type { Source } from '../ports/source.ts';
import type { SourceState, SourceStates } from '../ports/source-state.ts';
import { createAgenda } from './agenda.ts';
import { createEntry, type Entry } from './entry.ts';
import { type SourceHealth, sourceHealth } from './health.ts';
import { firstDue, type PollAction, planPoll } from './plan.ts';
import { createPolls, type PollsDeps } from './polls.ts';
import { plainNews, type SourceNews } from './source-news.ts';
import { StateWriter } from './state-writer.ts';
import { hash, type NextRun } from './timing.ts';

export interface PollerDeps extends PollsDeps {
  sources: readonly Source[];
  nextRun: NextRun;
  states: SourceStates;
  /** Says which sources fail; default: a line each, at once. */
  news?: SourceNews;
}

export interface Poller {
  /** Reads the stored states and begins; resolves when the first polls are planned. */
  start(): Promise<void>;
  /** Aborts the polls under way, waits for them (at most 1.5 s) and writes the states. */
  stop(): Promise<void>;
  health(): SourceHealth[];
  /** When it last looked at what is due, by the monotonic clock; null = it does not run. */
  lookedAt(): number | null;
  /** Polls under way. */
  polling(): number;
}

const FIRST_SPREAD_MS = 4_000;
const STOP_WAIT_MS = 1_500;

/** Carries out what `plan.ts` decides: one loop for the clock; `polls.ts` holds what is under way. */
export function createPoller(deps: PollerDeps): Poller {
  const { clock, log } = deps;
  const agenda = createAgenda(clock);
  const writer = new StateWriter(deps.states, clock, log);
  const polls = createPolls(deps, { agenda, writer, news: deps.news ?? plainNews(log) });
  const entries = deps.sources.map((source) => createEntry(source, deps.nextRun));
  let stopping = false;
  let since = 0;
  let looping: Promise<void> = Promise.resolve();
  let lookedAt: number | null = null;

  const both = () => ({ wall: clock.now(), monotonic: clock.monotonic() });

  const carryOut = (action: PollAction<Entry>, now: number) => {
    switch (action.do) {
      case 'move-plan':
        log.info('The clock went back: the plan of polls moves with it', { seconds: Math.round(-action.ms / 1000) });
        return agenda.move(action.ms, entries);
      case 'give-up':
        return polls.giveUp(action.poll);
      case 'start-due':
        for (let entry = agenda.popDue(now); entry; entry = agenda.popDue(now)) polls.start(entry);
        return;
      case 'write-states':
        void writer.flush().then(() => agenda.wakeBefore(writer.flushAt));
    }
  };

  const loop = async () => {
    let last = both();
    // oxlint-disable-next-line no-unmodified-loop-condition -- `stop` changes it
    while (!stopping) {
      agenda.begin();
      const now = both();
      const state = { last, running: polls.running, nextDueAt: agenda.nextAt, flushAt: writer.flushAt };
      for (const action of planPoll(state, now)) carryOut(action, now.wall);
      last = now;
      lookedAt = now.monotonic;
      await agenda.nap(now, writer.flushAt);
    }
  };

  return {
    async start() {
      const now = clock.now();
      since = now;
      const stored = await readStates(deps, entries);
      const spread = Math.min(FIRST_SPREAD_MS, 50 * (entries.length - 1));
      for (const entry of entries) {
        const known = stored.get(entry.source.id);
        if (known) Object.assign(entry.state, known);
        const soon = now + Math.floor((spread * hash(`${entry.source.id} first`)) / 4_294_967_296);
        agenda.add(entry, firstDue(entry.state, entry.timing, now, soon));
      }
      looping = loop();
    },
    async stop() {
      stopping = true;
      agenda.wake();
      const ended = polls.stop();
      const enough = new AbortController();
      await Promise.race([Promise.all([ended, looping]), clock.sleep(STOP_WAIT_MS, enough.signal).catch(() => {})]);
      enough.abort();
      await writer.flush();
    },
    lookedAt: () => (stopping ? null : lookedAt),
    polling: () => polls.running.size,
    health() {
      const now = clock.now();
      return entries.map(({ source, state, timing }) =>
        sourceHealth(source, state, { intervalMs: timing.intervalMs(now), now, since }),
      );
    },
  };
}

async function readStates(deps: PollerDeps, entries: readonly Entry[]): Promise<Map<string, SourceState>> {
  try {
    return await deps.states.getMany(entries.map((entry) => entry.source.id));
  } catch (error) {
    deps.log.warn('Unable to read the states of sources: starting without them', { reason: messageOf(error) });
    return new Map();
  }
}
