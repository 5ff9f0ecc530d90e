import * as v from 'valibot';
/** The program that a soak drives: feeds, reader, pipeline, fan-out, sender and commands around one store, begun and stopped as often as it likes. */
import { plainText } from '../../src/adapters/console/adapter.ts';
import { builtInExtractor } from '../../src/app/built-in-extractor.ts';
import { composeCore } from '../../src/app/compose.ts';
import { bundledPublishers, bundledRegions, loadServiceHosts } from '../../src/config/catalogue.ts';
import { loadCatalogue } from '../../src/config/lexicon.ts';
import { createIntake } from '../../src/core/commands/intake.ts';
import { createRouter } from '../../src/core/commands/router.ts';
import { DEFAULT_POLICY, partsOfKey } from '../../src/core/model/alert.ts';
import type { MessageDocument } from '../../src/core/model/message.ts';
import type { MeasuredFacts } from '../../src/core/model/report.ts';
import { createOutage } from '../../src/core/outbox/sender.ts';
import { noted } from '../../src/core/poll/plan.ts';
import { emptyState } from '../../src/core/poll/source-state.ts';
import { type ChatAdapter, PLAIN_TALK } from '../../src/core/ports/chat-adapter.ts';
import { type Clock, type Http, quietLog as log } from '../../src/core/ports/runtime.ts';
import type { PollContext, SourceState } from '../../src/core/ports/source.ts';
import { createLetters } from '../../src/encoder/letters.ts';
import { createTranslators } from '../../src/i18n/index.ts';
import { createIds } from '../../src/platform/ids.ts';
import { rssSchema } from '../../src/sources/rss/config.ts';
import { createSource } from '../../src/sources/rss/index.ts';
import { openStore } from '../../src/store/open.ts';
import { OUTLETS, type Pair } from './world.ts';

export const ACCOUNT = 'soak';
export const catalogue = loadCatalogue();
const gazetteer = bundledRegions();
const publishers = bundledPublishers();
const translators = createTranslators(catalogue, gazetteer);
export const extractor = builtInExtractor({ phrases: [], catalogue, encoder: false } as never, log);
const likely = createLetters(log);

/** Whoever sleeps so often at one moment waits for time to pass: an account that is paused, since most of its chats are gone, tries again by and by. */
const PATIENCE = 200;
const MOST_AT_ONCE = 60_000;

/** A clock that stands still until it is moved; the wall may be set apart from the steady one. */
export function soakClock(start: number) {
  let steady = start;
  let apart = 0;
  let slept = 0;
  function moveTo(at: number): void {
    if (at <= steady) return;
    steady = Math.ceil(at);
    slept = 0;
  }
  return {
    now: () => steady + apart,
    monotonic: () => steady,
    sleep(ms: number) {
      if (++slept > PATIENCE) moveTo(steady + Math.min(Math.max(ms, 1), MOST_AT_ONCE));
      return new Promise<void>((done) => void setImmediate(done));
    },
    moveTo,
    /** The wall is so far from the truth, ms. */
    setApart: (ms: number) => void (apart = ms),
  } satisfies Clock & Record<string, unknown>;
}
export type SoakClock = ReturnType<typeof soakClock>;

/** What a chat was shown, its text made once for each broadcast in which it is the same. */
export interface Shown {
  chat: string;
  op: 'send' | 'edit' | 'reply' | 'answer';
  text: string;
}

/** Takes everything at once; whom it does not know any more it calls gone. */
export function createMessenger(onShown: (shown: Shown) => void, isGone: (chat: string) => boolean): ChatAdapter {
  let messages = 0;
  const texts = new WeakMap<MessageDocument, string>();
  const textOf = (document: MessageDocument): string => {
    let text = texts.get(document);
    if (text === undefined) texts.set(document, (text = plainText({ ...document, buttons: [] })));
    return text;
  };
  return {
    accountId: ACCOUNT,
    platform: 'soak',
    talk: { ...PLAIN_TALK, prefix: '/' },
    pace: { perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 16 },
    start: async () => undefined,
    stop: async () => undefined,
    health: () => ({ ok: true, problem: null }),
    async send(message) {
      const { chat } = message.address;
      if (isGone(chat)) return { kind: 'gone', reason: 'client', detail: 'blocked' };
      const op = /\.(?:send|edit|reply)$/.test(message.key) ? partsOfKey(message.key).op : 'answer';
      onShown({ chat, op, text: textOf(message.document) });
      return { kind: 'delivered', messageRef: message.op === 'edit' ? message.messageRef : String(++messages) };
    },
  };
}

export interface Costs {
  /** ms a poll that found nothing new, and that found something. */
  polls: number[];
  reads: number[];
  /** ms a message, of each broadcast. */
  sends: number[];
}

export type Program = Awaited<ReturnType<typeof begin>>;

interface ProgramDeps {
  database: string;
  clock: SoakClock;
  http: Http;
  messenger: ChatAdapter;
  sent(): number;
  costs: Costs;
}

export async function begin({ database, clock, http, messenger, sent, costs }: ProgramDeps) {
  const ids = createIds(clock);
  const tools = { clock, ids, log };
  const store = await openStore(database, tools);
  const core = composeCore({
    ...tools,
    store,
    translators,
    gazetteer,
    publishers,
    extractor,
    catalogue,
    policy: DEFAULT_POLICY,
  });
  const { pipeline, broadcaster, waker } = core;
  const sender = core.addAccount({ adapter: messenger, outage: createOutage() });
  const router = createRouter({
    ...tools,
    store,
    likely,
    baseline: [],
    cache: store.cache,
    accounts: async () => [],
    wake() {},
    catalogue,
    translators,
    gazetteer,
    policy: DEFAULT_POLICY,
    operators: [],
    health: async () => ({ sources: [], accounts: [], queue: [], agents: [], missingVantages: [] }),
    retract: pipeline.retract,
    stopAgent: async () => false,
    serviceHosts: () => loadServiceHosts(catalogue),
    account: () => messenger,
  });
  const intake = createIntake({ store, router: () => router, log, sender: () => sender });
  const sources = Array.from({ length: OUTLETS }, (_, n) => {
    const id = `outlet${n}`;
    const config = v.parse(rssSchema, {
      id,
      kind: 'rss',
      url: `https://${id}.example/rss`,
      publisher: id,
      name: `Outlet ${n}`,
      lang: 'en',
    });
    return createSource(config, {
      ...tools,
      http,
      state: store.state(`source/${id}`),
      cache: store.cache(`source/${id}`),
      serviceHosts: () => loadServiceHosts(catalogue),
    });
  });
  const { signal } = new AbortController();
  const states = new Map<string, SourceState>();
  let measured = 0;

  async function drain(): Promise<void> {
    due = null;
    const began = performance.now();
    const before = sent();
    await broadcaster.run(signal);
    await waker.run(signal);
    for (;;) {
      await sender.drain(signal);
      if (sender.inFlight() === 0 && sender.waiting() === 0) break;
      await new Promise((done) => setImmediate(done));
    }
    const count = sent() - before;
    if (count >= 20) costs.sends.push((performance.now() - began) / count);
  }

  /** When the next falls due, by the wall; null = it may have changed. */
  let due: number | null = null;
  async function nextDue(): Promise<number> {
    if (due !== null) return due;
    const times = await Promise.all([
      store.broadcasts.nextDueAt(),
      store.chats.nextDueAt(),
      store.outbox.nextDueAt(ACCOUNT),
    ]);
    due = Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
    return due;
  }

  return {
    store,
    drain,
    /** Does what falls due on the way. The wall's times, which may be apart from ours. */
    async passUntil(at: number): Promise<void> {
      for (let turns = 0; ; turns++) {
        const next = (await nextDue()) - (clock.now() - clock.monotonic());
        if (next > at) break;
        if (turns > 10_000) throw new Error(`nothing is ever done of what is due at ${new Date(next).toISOString()}`);
        clock.moveTo(next);
        await drain();
      }
      clock.moveTo(at);
    },
    /** True where it found something. */
    async poll(n: number): Promise<boolean> {
      const began = performance.now();
      const source = sources[n]!;
      const kept =
        states.get(source.id) ?? (await store.sourceStates.getMany([source.id])).get(source.id) ?? emptyState();
      const context: PollContext = { now: clock.now(), firstPoll: !kept.firstPollDone, signal };
      const result = await source.poll(context);
      if (result.items.length > 0) await pipeline.ingest(source, result, context);
      await result.commit?.();
      states.set(source.id, noted(kept, context.now, { ok: true, notBefore: null }).state);
      (result.items.length > 0 ? costs.reads : costs.polls).push(performance.now() - began);
      return result.items.length > 0;
    },
    /** As the poller does it: many at a time. */
    async keepStates(): Promise<void> {
      await store.sourceStates.setMany([...states].map(([id, state]) => ({ id, state })));
    },
    /** What the judge makes of a round of measurements from one network. */
    async confirm({ country, service }: Pair): Promise<void> {
      const facts: MeasuredFacts = {
        strength: 'round-rule',
        networks: ['AS64500'],
        verdict: 'sni_blocked',
        component: null,
      };
      const said = {
        country,
        service,
        action: 'block',
        method: null,
        region: null,
        secondary: false,
        kind: 'measurement',
        measured: facts,
      } as const;
      const own = {
        id: ids.next(),
        sourceId: 'network:AS64500',
        itemId: null,
        at: clock.now(),
        voice: 'network:AS64500',
        title: `measured ${measured++}`,
        url: null,
        publisherName: 'AS64500',
        lang: 'en',
        summary: '',
      };
      await pipeline.reports([{ ...said, ...own }]);
    },
    async says(chat: string, text: string): Promise<void> {
      const address = { accountId: ACCOUNT, chat, thread: null };
      const person = { id: `soak:${chat}`, name: 'Ann', lang: 'en', isAdmin: async () => true };
      await intake({
        kind: 'command',
        address,
        chatKind: 'private',
        sender: person,
        text,
        signed: true,
        button: null,
        messageRef: null,
      });
    },
    async prune(): Promise<void> {
      while (await store.prune(clock.now()));
    },
    stop: () => store.close(),
  };
}
