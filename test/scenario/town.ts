import { plainText } from '../../src/adapters/console/adapter.ts';
import { composeCore } from '../../src/app/compose.ts';
import { createRecordingAdapter, createVirtualClock } from '../../src/cli/replay.ts';
import { bundledRegions } from '../../src/config/catalogue.ts';
import { bundledPublishers } from '../../src/config/catalogue.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/core/model/alert.ts';
import type { BaselineEntry } from '../../src/core/model/catalogue.ts';
import type { Silence } from '../../src/core/model/chat.ts';
import type { Incident, Level } from '../../src/core/model/incident.ts';
import type { MeasuredFacts, Report } from '../../src/core/model/report.ts';
import { createOutage, type Sender } from '../../src/core/outbox/sender.ts';
import type { Pipeline } from '../../src/core/pipeline.ts';
import type { Extractor } from '../../src/core/ports/reading.ts';
import type { Log } from '../../src/core/ports/runtime.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createTranslators } from '../../src/i18n/index.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { bundledCatalogue } from '../fakes/bundled.ts';
import { quietLog as silent } from '../fakes/fake-log.ts';
import { T0, eventsOf, ownWords } from './harness.ts';

type Core = ReturnType<typeof composeCore>;

const gazetteer = bundledRegions();
const publishers = bundledPublishers();

/** Several chats with wishes of their own around the program's own core; sends land at once unless held back. */
export class Town {
  clock = createVirtualClock(T0);
  ids = createIds(this.clock);
  store!: Store;
  pipeline!: Pipeline;
  /** False: deliveries are filled in, but nobody sends. */
  sends = true;
  #heard = new Map<string, string[]>();
  #texts = new Map<string, string[]>();
  #said = 0;
  #lang = 'en';
  #core!: Core;
  #sender!: Sender;
  #adapter = createRecordingAdapter('a');

  static async create(
    policy: Partial<Policy> = {},
    parts: { extractor?: Extractor; log?: Log; lang?: string; baseline?: readonly BaselineEntry[] } = {},
  ): Promise<Town> {
    const town = new Town();
    const { clock, ids } = town;
    const store = await openStore(':memory:', { clock, log: silent, ids });
    town.store = store;
    town.#lang = parts.lang ?? 'en';
    town.#core = composeCore({
      store,
      translators: createTranslators(bundledCatalogue(), gazetteer),
      gazetteer,
      publishers,
      extractor: parts.extractor ?? {
        extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }),
      },
      policy: { ...DEFAULT_POLICY, ...policy },
      ...(parts.baseline ? { baseline: parts.baseline } : {}),
      catalogue: bundledCatalogue(),
      clock,
      ids,
      log: parts.log ?? silent,
    });
    town.pipeline = town.#core.pipeline;
    town.#sender = town.#core.addAccount({ adapter: town.#adapter, outage: createOutage(), everyEdit: true });
    return town;
  }

  /** "ru", "ru whatsapp", "* whatsapp", "*": one subscription each. */
  async chat(name: string, follows: string[], level: Level = 'corroborated'): Promise<number> {
    const chat = await this.store.chats.ensure(
      { accountId: 'a', chat: name, thread: null },
      { platform: 'fake', kind: 'private', lang: this.#lang, now: this.clock.now() },
    );
    if (level !== chat.level) await this.store.chats.update(chat.id, { level });
    await this.follow(chat.id, follows);
    return chat.id;
  }

  async follow(chatId: number, follows: string[]): Promise<void> {
    await this.store.subscriptions.add(chatId, follows.map(matcherOf), this.clock.now());
  }

  async unfollow(chatId: number, follows: string[]): Promise<void> {
    await this.store.subscriptions.remove(chatId, follows.map(matcherOf));
  }

  async mute(chatId: number, what: Partial<Silence>, ms: number): Promise<void> {
    const nothing = { country: null, service: null, incidentId: null };
    await this.store.silences.add({ ...nothing, ...what, chatId, until: this.clock.now() + ms });
  }

  /** One text of one outlet (or `authority:…`), written now or some time ago (`ago` < 0). */
  async say(voice: string, says: string, text?: string, ago = 0): Promise<void> {
    const n = this.#said++;
    const reports = eventsOf(says).flatMap((event) =>
      (event.countries.length > 0 ? event.countries : [null]).flatMap((country) =>
        (event.services.length > 0 ? event.services : [null]).map((service) =>
          this.#report(voice, `i${n}`, country, service, {
            action: event.action,
            method: event.method ?? null,
            region: event.region ?? null,
            secondary: event.secondary === true,
            at: this.clock.now() + ago,
            title: `${text ?? ownWords(n)} #${n}`,
          }),
        ),
      ),
    );
    await this.pipeline.reports(reports);
    await this.drain();
  }

  /** One measurement's meaning, as the judge would hand it on. */
  async measure(network: string, says: string, strength: MeasuredFacts['strength']): Promise<void> {
    const n = this.#said++;
    const [event] = eventsOf(says);
    const measured = { strength, networks: [network], verdict: 'sni_blocked', component: null };
    const what = { action: event!.action, kind: 'measurement' as const, measured, title: ownWords(n) };
    await this.pipeline.reports([
      { ...this.#report(`network:${network}`, '', event!.countries[0]!, event!.services[0]!, what), itemId: null },
    ]);
    await this.drain();
  }

  async retract(because = 'it was wrong', which = 0): Promise<void> {
    await this.pipeline.retract((await this.incidents())[which]!.id, because);
    await this.drain();
  }

  async pass(ms: number): Promise<void> {
    const target = this.clock.now() + ms;
    for (;;) {
      const due = await this.store.broadcasts.nextDueAt();
      if (due === null || due > target) break;
      this.clock.moveTo(due);
      await this.drain();
    }
    this.clock.moveTo(target);
    await this.drain();
  }

  /** "send 🔴 Russia: WhatsApp blocked": op and headline of what this chat got since the last time it was asked. */
  heard(name: string): string[] {
    const heard = this.#heard.get(name) ?? [];
    this.#heard.delete(name);
    return heard;
  }

  /** Whole texts, since the beginning. */
  texts = (name: string): string[] => this.#texts.get(name) ?? [];

  async incidents(): Promise<Incident[]> {
    return (await this.store.incidents.list({ limit: 100 })).sort((a, b) => a.openedAt - b.openedAt);
  }

  #report(
    voice: string,
    itemId: string,
    country: string | null,
    service: string | null,
    what: Partial<Report>,
  ): Report {
    return {
      id: this.ids.next(),
      sourceId: voice,
      itemId,
      at: this.clock.now(),
      country,
      service,
      action: 'block',
      method: null,
      region: null,
      secondary: false,
      kind: voice.startsWith('authority:') ? 'authority' : 'news',
      voice,
      title: '',
      url: null,
      publisherName: voice,
      lang: 'en',
      summary: '',
      measured: null,
      ...what,
    };
  }

  /** Fills in and sends what is due. */
  async drain(): Promise<void> {
    const { signal } = new AbortController();
    await this.#core.broadcaster.run(signal);
    if (!this.sends) return;
    await this.#sender.drain(signal);
    for (const { chat, op, document } of this.#adapter.take()) {
      const text = plainText(document);
      this.#heard.set(chat, [...(this.#heard.get(chat) ?? []), `${op} ${text.split('\n')[0]!.split(' · ')[0]}`]);
      this.#texts.set(chat, [...(this.#texts.get(chat) ?? []), text]);
    }
  }
}

function matcherOf(text: string): { country: string; service: string } {
  const [country = '*', service = '*'] = text.split(' ');
  return { country: country.toUpperCase(), service };
}
