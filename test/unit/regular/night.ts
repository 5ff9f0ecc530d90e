/** The core around a platform that takes everything, on a clock that is moved: what a chat hears by night and by day. */
import { plainText } from '../../../src/adapters/console/adapter.ts';
import { composeCore } from '../../../src/app/compose.ts';
import { createRecordingAdapter, createVirtualClock } from '../../../src/cli/replay.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import { type Chat, type ChatSettings, DEFAULT_SETTINGS } from '../../../src/core/model/chat.ts';
import type { Level } from '../../../src/core/model/incident.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { createOutage, type Sender } from '../../../src/core/outbox/sender.ts';
import { type ChatAdapter, PLAIN_TALK, type SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import type { Sight } from '../../../src/core/render/regular.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { quietLog } from '../../fakes/fake-log.ts';
import { translators } from '../render/support.ts';

type Core = ReturnType<typeof composeCore>;

const ACCOUNT = 'tg';
const SIGHT: Sight = { sources: 49, answering: 47, oftenMs: 300_000, vantages: 2 };

/** Friday, 6 February 2026, noon in Moscow. */
export const NOON = Date.parse('2026-02-06T09:00Z');
export const night = (critical = false): ChatSettings => ({
  ...DEFAULT_SETTINGS,
  quiet: { from: 23 * 60, to: 8 * 60, critical },
});

interface Heard {
  at: number;
  chat: string;
  op: string;
  replyTo: string | null;
  document: MessageDocument;
}

export class Night {
  readonly clock = createVirtualClock(NOON);
  readonly ids = createIds(this.clock);
  readonly heard: Heard[] = [];
  store!: Store;
  /** How the platform answers; delivered, unless a test says otherwise. */
  answer: ((chat: string) => SendOutcome) | null = null;
  #core!: Core;
  #sender!: Sender;
  #reports = 0;
  #messages = 0;

  static async begin(): Promise<Night> {
    const world = new Night();
    world.store = await openStore(':memory:', { clock: world.clock, log: quietLog, ids: world.ids });
    world.start();
    return world;
  }

  /** A process that starts; called again, the one before it was killed, and nothing of its memory is left. */
  start(): void {
    const { clock, ids, store } = this;
    const extractor = { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) };
    this.#core = composeCore({
      store,
      clock,
      ids,
      log: quietLog,
      translators,
      extractor,
      policy: { ...DEFAULT_POLICY, groupWait: 0 },
      sight: async () => SIGHT,
    } as unknown as Parameters<typeof composeCore>[0]);
    const adapter: ChatAdapter = {
      ...createRecordingAdapter(ACCOUNT),
      talk: { ...PLAIN_TALK, prefix: '/' },
      send: async (message) => {
        const { chat } = message.address;
        const outcome = this.answer?.(chat);
        if (outcome && outcome.kind !== 'delivered') return outcome;
        const replyTo = message.op === 'send' ? message.replyTo : null;
        const op = message.op === 'edit' ? `edit ${message.messageRef}` : 'send';
        this.heard.push({ at: clock.now(), chat, op, replyTo, document: message.document });
        return { kind: 'delivered', messageRef: message.op === 'edit' ? message.messageRef : `m${++this.#messages}` };
      },
    };
    this.#sender = this.#core.addAccount({ adapter, outage: createOutage() });
  }

  async chat(
    name: string,
    settings: ChatSettings,
    over: { level?: Level; timeZone?: string; lang?: string; follows?: string } = {},
  ): Promise<Chat> {
    const { level = 'corroborated', timeZone = 'Europe/Moscow', lang = 'en', follows = 'RU *' } = over;
    const init = { platform: 'telegram', kind: 'private', lang, now: this.clock.now() } as const;
    const chat = await this.store.chats.ensure({ accountId: ACCOUNT, chat: name, thread: null }, init);
    await this.store.chats.update(chat.id, { level, timeZone, settings });
    const pairs = follows.split(',').map((pair) => pair.trim().split(' '));
    const matchers = pairs.map(([country, service]) => ({ country: country!, service: service! }));
    await this.store.subscriptions.add(chat.id, matchers, this.clock.now());
    return (await this.store.chats.get(chat.id))!;
  }

  /** Time passes until then, and what falls due on the way is done. */
  async until(time: string): Promise<void> {
    const target = time.includes('T') ? Date.parse(time) : Date.parse(`2026-02-${time.replace(' ', 'T')}+03:00`);
    for (;;) {
      await this.work();
      const due = await this.#nextDue();
      if (due > target) break;
      this.clock.moveTo(due);
    }
    this.clock.moveTo(target);
    await this.work();
  }

  async #nextDue(): Promise<number> {
    const { broadcasts, chats, outbox } = this.store;
    const times = [await broadcasts.nextDueAt(), await chats.nextDueAt(), await outbox.nextDueAt(ACCOUNT)];
    return Math.min(...times.map((at) => Math.max(this.clock.now() + 1, at ?? Number.POSITIVE_INFINITY)));
  }

  async work(): Promise<void> {
    const { signal } = new AbortController();
    await this.#core.broadcaster.run(signal);
    await this.#core.waker.run(signal);
    await this.#sender.drain(signal);
  }

  /** One outlet says something; two of them corroborate. */
  async say(voice: string, action: Report['action'], service = 'whatsapp', over: Partial<Report> = {}): Promise<void> {
    const n = this.#reports++;
    const report: Report = {
      id: `r${n}`,
      sourceId: voice,
      itemId: `i${n}`,
      at: this.clock.now(),
      country: 'RU',
      service,
      action,
      method: null,
      region: null,
      secondary: false,
      kind: 'news',
      voice,
      title: `t${n}`,
      url: `https://${voice}.example/${n}`,
      publisherName: voice,
      lang: 'en',
      summary: '',
      measured: null,
      ...over,
    };
    await this.#core.pipeline.reports([report]);
    await this.work();
  }

  /** Two outlets say it. */
  async twoSay(action: Report['action'], service = 'whatsapp'): Promise<void> {
    await this.say('ann', action, service);
    await this.say('bob', action, service);
  }

  /** Two networks measure it. */
  async measured(action: Report['action'], service = 'whatsapp'): Promise<void> {
    for (const asn of ['AS1', 'AS2'])
      await this.say(`network:${asn}`, action, service, {
        kind: 'measurement',
        itemId: null,
        measured: { strength: 'round-rule', networks: [asn], verdict: 'sni_blocked:rst', component: null },
      });
  }

  /** What a chat heard: time in Moscow, ♪ where it rings, what it answers or edits, first line. */
  lines(chat = 'ann'): string[] {
    return this.heard
      .filter((one) => one.chat === chat)
      .map(({ at, op, replyTo, document }) => {
        const time = new Date(at + 3 * 3_600_000).toISOString().slice(8, 16).replace('T', ' ');
        const bell = op === 'send' && document.tone === 'alert' ? '♪' : '–';
        const how = op === 'send' ? (replyTo ? `→${replyTo} ` : '') : `${op} `;
        return `${time} ${bell} ${how}${plainText({ ...document, buttons: [] }).split('\n')[0]}`;
      });
  }

  text(n: number, chat = 'ann'): string {
    const one = this.heard.filter((message) => message.chat === chat).at(n)!;
    return plainText({ ...one.document, buttons: [] });
  }
}
