/** One process of the bot with a Telegram and a Matrix account, on a fake clock, for scenarios of pairs of chats. */
import { composeCore } from '../../src/app/compose.ts';
import { createPairWatch } from '../../src/core/link.ts';
import { DEFAULT_POLICY } from '../../src/core/model/alert.ts';
import type { BaselineEntry } from '../../src/core/model/catalogue.ts';
import type { Report } from '../../src/core/model/report.ts';
import { createOutage } from '../../src/core/outbox/sender.ts';
import { type ChatAdapter, type Outgoing, PLAIN_TALK, type SendOutcome } from '../../src/core/ports/chat-adapter.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createIds } from '../../src/platform/ids.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { quietLog as log } from '../fakes/fake-log.ts';
import { asText, NOW, report, translators } from '../unit/render/support.ts';

export const MINUTE = 60_000;
type Mode = 'works' | '502' | 'hangs' | 'gone';

interface Sent {
  account: string;
  op: Outgoing['op'] | 'reply';
  text: string;
  at: number;
}

/** As real ones, which know no parts of a millisecond. */
export class WholeClock extends FakeClock {
  override now(): number {
    return Math.floor(super.now());
  }
}

/** One process of the bot: it dies with its clock, which nobody moves any more. */
export class Process {
  readonly clock: WholeClock;
  readonly modes: Record<string, Mode> = { tg: 'works', mx: 'works' };
  readonly sent: Sent[] = [];
  readonly store: Store;
  readonly step: number;
  readonly core: ReturnType<typeof composeCore>;
  readonly #stop = new AbortController();
  #loops: Promise<unknown>[] = [];

  constructor(store: Store, clock: WholeClock, step: number, baseline: BaselineEntry[] = []) {
    this.store = store;
    this.step = step;
    this.clock = clock;
    const ids = createIds(clock);
    this.core = composeCore({
      store,
      clock,
      ids,
      log,
      translators,
      extractor: { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) },
      policy: DEFAULT_POLICY,
    });
    const accounts = [this.#adapter('tg', 'telegram'), this.#adapter('mx', 'matrix')];
    for (const adapter of accounts) this.core.addAccount({ adapter, outage: createOutage() });
    const watch = createPairWatch({
      store,
      clock,
      ids,
      log,
      baseline,
      accounts: () =>
        accounts.map(({ accountId: id, platform, service, health }) => ({
          id,
          platform,
          service: service ?? null,
          ok: health().ok,
        })),
      wake: () => {
        for (const id of this.core.accounts()) this.core.sender(id)!.wake();
      },
    });
    const { signal } = this.#stop;
    this.#loops = [this.core.broadcaster.loop(signal), this.core.waker.loop(signal), watch.loop(signal)];
    for (const id of this.core.accounts()) this.#loops.push(this.core.sender(id)!.loop(signal));
  }

  #adapter(accountId: string, platform: string): ChatAdapter {
    let messages = 0;
    const answer = async (signal: AbortSignal): Promise<SendOutcome> => {
      switch (this.modes[accountId]!) {
        case '502':
          return { kind: 'retry', afterMs: null, scope: 'account', reason: 'server', detail: '502' };
        case 'hangs':
          await this.clock.sleep(20_000, signal).catch(() => {});
          return { kind: 'retry', afterMs: null, scope: 'account', reason: 'timeout', detail: 'no answer' };
        case 'gone':
          return { kind: 'gone', reason: 'client', detail: 'bot was blocked by the user' };
        case 'works':
          return { kind: 'delivered', messageRef: `${accountId}-${++messages}` };
      }
    };
    return {
      accountId,
      platform,
      service: platform === 'telegram' ? 'telegram' : 'element',
      talk: { ...PLAIN_TALK, prefix: platform === 'telegram' ? '/' : '!tocsin ', buttons: platform === 'telegram' },
      pace: { perSecond: 27, perChatMs: 0, perGroupMinute: 0, window: 4 },
      start: async () => undefined,
      stop: async () => undefined,
      health: () => {
        const ok = this.modes[accountId] === 'works' || this.modes[accountId] === 'gone';
        return { ok, problem: ok ? null : 'does not answer' };
      },
      send: async (message, signal) => {
        const outcome = await answer(signal);
        if (outcome.kind === 'delivered') {
          const op = message.op === 'send' && message.replyTo !== null ? 'reply' : message.op;
          this.sent.push({ account: accountId, op, text: asText(message.document), at: this.clock.now() });
        }
        return outcome;
      },
    };
  }

  /** Time in small steps, each with turns enough for the store's work. */
  async pass(ms: number): Promise<void> {
    for (let t = 0; t < ms; t += this.step) {
      await this.clock.pass(this.step);
      // What works on the store has its turns: a transaction comes after all that were asked for before it.
      for (let i = 0; i < 4; i++) {
        await this.store.transaction(async () => undefined);
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    }
  }

  heard(account: string): string[] {
    return this.sent.filter((one) => one.account === account).map(({ op, text }) => `${op} ${headOf(text)}`);
  }

  async tell(over: Partial<Report> = {}): Promise<void> {
    const at = this.clock.now();
    const one = (voice: string) =>
      report({
        voice,
        id: `${voice}-${over.service ?? 'whatsapp'}-${over.action ?? 'block'}-${at}`,
        itemId: null,
        at,
        ...over,
      });
    await this.core.pipeline.reports([one('bbc'), one('dw')]);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    const done = Promise.allSettled(this.#loops);
    await this.pass(20_000);
    await done;
  }
}

/** The first line with a mark, without what a reply says behind it. */
const headOf = (text: string): string =>
  (text.split('\n').find((one) => /\p{Emoji_Presentation}/u.test(one)) ?? text.split('\n')[0]!).split(' · ')[0]!;

export async function linked(store: Store): Promise<{ main: number; spare: number }> {
  const init = { kind: 'private' as const, lang: 'en', now: NOW };
  const main = await store.chats.ensure(
    { accountId: 'tg', chat: '100', thread: null },
    { ...init, platform: 'telegram' },
  );
  const spare = await store.chats.ensure(
    { accountId: 'mx', chat: '!room', thread: null },
    { ...init, platform: 'matrix' },
  );
  await store.subscriptions.add(main.id, [{ country: 'RU', service: '*' }], NOW);
  await store.links.join(main.id, spare.id, NOW);
  return { main: main.id, spare: spare.id };
}
