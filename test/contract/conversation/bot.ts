/** The program's own core around one adapter: a store in memory, a virtual clock, and a country in which some things are blocked. */

import { composeCore } from '../../../src/app/compose.ts';
import { createVirtualClock } from '../../../src/cli/replay.ts';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import { createIntake } from '../../../src/core/commands/intake.ts';
import { createRouter } from '../../../src/core/commands/router.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { createOutage } from '../../../src/core/outbox/sender.ts';
import type { ChatAdapter, Incoming } from '../../../src/core/ports/chat-adapter.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { bundledCatalogue, bundledHosts } from '../../fakes/bundled.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { likely } from '../../fakes/known.ts';
import { eventsOf, ownWords } from '../../scenario/harness.ts';

/** 11 February 2026, 12:00 UTC: a Wednesday. */
export const T0 = Date.UTC(2026, 1, 11, 12);
const catalogue = bundledCatalogue();
const gazetteer = bundledRegions();
const hosts = bundledHosts();

/** Ids of incidents end alike in each bot, so that answers can be compared letter by letter. */
function steadyIds(clock: { now(): number }) {
  const ids = createIds(clock as never);
  const letters = 'abcdefghjkmnpqrstuvwxyz';
  let n = 0;
  return { ...ids, tail: (length: number) => letters[n++ % letters.length]!.repeat(length), random: () => 0.5 };
}

export async function conversationBot(adapter: ChatAdapter) {
  // Sleeping takes no time, but lets what is under way on the network get on.
  const clock = { ...createVirtualClock(T0), sleep: () => new Promise<void>((done) => setImmediate(done)) };
  const ids = steadyIds(clock);
  const store = await openStore(':memory:', { clock, log: quietLog, ids });
  const translators = createTranslators(catalogue, gazetteer);
  const core = composeCore({
    store,
    translators,
    gazetteer,
    extractor: { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) },
    policy: DEFAULT_POLICY,
    clock,
    ids,
    log: quietLog,
  });
  // The pace is the outbox's own matter: here it would let the clocks of the platforms run apart.
  const unpaced: ChatAdapter = Object.create(adapter, {
    pace: { value: { perSecond: 0, perChatMs: 0, perGroupMinute: 0, window: 16 } },
  });
  const sender = core.addAccount({ adapter: unpaced, outage: createOutage() });
  const router = createRouter({
    likely,
    baseline: [],
    cache: store.cache,
    accounts: async () => [],
    wake() {},
    store,
    clock,
    ids,
    log: quietLog,
    catalogue,
    translators,
    policy: DEFAULT_POLICY,
    operators: [],
    health: async () => ({
      sources: [
        {
          id: 'bbc',
          kind: 'rss',
          label: 'BBC',
          lastPollAt: clock.now() - 120_000,
          lastOkAt: clock.now() - 120_000,
          failingSince: null,
          failures: 0,
          lastCode: null,
          lastMessage: null,
          nextDueAt: clock.now() + 60_000,
          stale: false,
        },
      ],
      accounts: [{ id: adapter.accountId, platform: adapter.platform, ok: true, problem: null, rate: 27 }],
      queue: [],
      agents: [],
      missingVantages: [],
    }),
    retract: core.pipeline.retract,
    stopAgent: async () => false,
    serviceHosts: () => hosts,
    account: () => adapter,
  });
  const { signal } = new AbortController();
  const drain = async (): Promise<void> => {
    await core.broadcaster.run(signal);
    for (let turns = 0; ; turns++) {
      await sender.drain(signal);
      await new Promise((done) => setImmediate(done));
      if (sender.inFlight() === 0 && sender.waiting() === 0) return;
      if (turns > 5_000) throw new Error(`never sent: ${sender.waiting()}`);
    }
  };
  const intake = createIntake({ store, router: () => router, log: quietLog, sender: () => sender });
  let said = 0;
  let handled = 0;
  const report = (voice: string, over: Partial<Report>): Report => ({
    id: ids.next(),
    sourceId: voice,
    itemId: `i${said}`,
    at: clock.now(),
    country: null,
    service: null,
    action: 'block',
    method: null,
    region: null,
    secondary: false,
    kind: 'news',
    voice,
    title: `${ownWords(said)} #${said}`,
    url: `https://${voice}.example/${said}`,
    publisherName: voice,
    lang: 'en',
    summary: '',
    measured: null,
    ...over,
  });
  return {
    clock,
    store,
    drain,
    handled: () => handled,
    async incoming(event: Incoming): Promise<void> {
      await intake(event);
      await drain();
      handled++;
    },
    /** One outlet says it, in words of its own: "block RU whatsapp dns". */
    async says(voice: string, what: string): Promise<void> {
      const [event] = eventsOf(what);
      const { action, countries, services, method = null } = event!;
      said++;
      await core.pipeline.reports([
        report(voice, { action, country: countries[0] ?? null, service: services[0] ?? null, method }),
      ]);
      await drain();
    },
    async pass(ms: number): Promise<void> {
      const until = clock.now() + ms;
      for (
        let due = await store.broadcasts.nextDueAt();
        due !== null && due <= until;
        due = await store.broadcasts.nextDueAt()
      ) {
        clock.moveTo(due);
        await drain();
      }
      clock.moveTo(until);
      await drain();
    },
  };
}
export type ConversationBot = Awaited<ReturnType<typeof conversationBot>>;
