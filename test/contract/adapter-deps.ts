import type { MessageDocument } from '../../src/core/model/message.ts';
import { createOutage } from '../../src/core/outbox/sender.ts';
import type { AdapterDeps, AdapterHandlers, Incoming, Question } from '../../src/core/ports/chat-adapter.ts';
import type { Forgettable, Log, LogFields } from '../../src/core/ports/runtime.ts';
import { createHttp } from '../../src/platform/http.ts';
import { fakePictures } from '../fakes/fake-pictures.ts';
import { room } from '../rooms.ts';

/** No test of the gate waits for longer; a real server is waited for as the adapter does. */
const SOON_MS = room() === 'gate' ? 200 : Number.POSITIVE_INFINITY;

export interface TestDeps extends AdapterDeps {
  /** What was logged: "level message {fields}". */
  lines: string[];
  /** What was slept, ms, in order. */
  naps: number[];
  kept: Map<string, unknown>;
  cached: Map<string, unknown>;
}

/** Everything an adapter is given, in memory and in real time. `over` replaces parts. */
export function testDeps(over: Partial<AdapterDeps> = {}): TestDeps {
  const lines: string[] = [];
  const naps: number[] = [];
  const kept = new Map<string, unknown>();
  const cached = new Map<string, unknown>();
  let counter = 0;
  const level = (name: string) => (message: string, fields?: LogFields) => {
    lines.push(`${name} ${message} ${JSON.stringify(fields ?? {})}`);
  };
  const log: Log = {
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
    child: () => log,
  };
  const cache: Forgettable = {
    get: async (key) => cached.get(key),
    set: async (key, value) => {
      cached.set(key, value);
      return true;
    },
    delete: async (key) => cached.delete(key),
  };
  return {
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          naps.push(ms);
          if (signal?.aborted) {
            reject(signal.reason);
            return;
          }
          const onAbort = (): void => {
            clearTimeout(timer);
            reject(signal?.reason);
          };
          // What an adapter waits before it tries again is over soon; what is to be cut short by its signal is as long as it says.
          const timer = setTimeout(
            () => {
              signal?.removeEventListener('abort', onAbort);
              resolve();
            },
            ms < 30_000 ? Math.min(ms, SOON_MS) : ms,
          );
          signal?.addEventListener('abort', onAbort, { once: true });
        }),
    },
    ids: {
      next: () => (++counter).toString(36).padStart(16, '0'),
      tail: (length) => 'a'.repeat(length),
      random: () => 0.5,
    },
    log,
    state: {
      get: async (key) => kept.get(key),
      set: async (key, value) => {
        kept.set(key, JSON.parse(JSON.stringify(value)));
      },
      delete: async (key) => {
        kept.delete(key);
      },
    },
    cache,
    outage: createOutage(),
    pictures: fakePictures(),
    http: createHttp({ allowPrivateAddresses: true }).http,
    resolves: async () => {},
    pageOf: () => null,
    proxy: null,
    knownChats: async () => [],
    commandMenu: () => [],
    lines,
    naps,
    kept,
    cached,
    ...over,
  };
}

export interface Recorder extends AdapterHandlers {
  events: Incoming[];
  /** What was asked outside of chats; the last of `answers` is the answer to each. */
  questions: Question[];
  answers: MessageDocument[];
  /** The first event for which `test` holds, now or within `ms`. */
  waitFor(test: (event: Incoming) => boolean, ms?: number): Promise<Incoming>;
}

/** Handlers that write down what comes. `then` runs in the handler, before it resolves. */
export function recorder(then: (event: Incoming) => Promise<void> = async () => {}): Recorder {
  const events: Incoming[] = [];
  const questions: Question[] = [];
  const answers: MessageDocument[] = [];
  const watchers = new Set<() => void>();
  return {
    events,
    questions,
    answers,
    async asked(question) {
      questions.push(question);
      return answers.at(-1) ?? null;
    },
    async incoming(event) {
      events.push(event);
      for (const watch of watchers) watch();
      await then(event);
    },
    waitFor(test, ms = 15_000) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`no such event within ${ms} ms; there were ${JSON.stringify(events)}`));
        }, ms);
        function look(): void {
          const found = events.find(test);
          if (!found) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve(found);
        }
        watchers.add(look);
        look();
      });
    },
  };
}
