/** The core as one piece: what goes in at the pipeline comes out at each account's adapter, and is counted. */
import { afterEach, describe, expect, test } from 'vitest';
import { type CoreAccount, composeCore } from '../../src/app/compose.ts';
import { createRecordingAdapter, createVirtualClock } from '../../src/cli/replay.ts';
import { DEFAULT_POLICY } from '../../src/core/model/alert.ts';
import type { Report } from '../../src/core/model/report.ts';
import { createOutage } from '../../src/core/outbox/sender.ts';
import type { ChatAdapter } from '../../src/core/ports/chat-adapter.ts';
import type { Metrics } from '../../src/core/ports/metrics.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { quietLog as log } from '../fakes/fake-log.ts';
import { asText, NOW, report, translators } from './render/support.ts';

const { signal } = new AbortController();
let store: Store | null = null;
afterEach(async () => {
  await store?.close();
  store = null;
});

async function core(accounts: Record<string, Partial<CoreAccount> & { adapter?: ChatAdapter }>) {
  const clock = createVirtualClock(NOW);
  const ids = createIds(clock);
  store = await openStore(':memory:', { clock, log, ids });
  const own = store;
  const sent: string[] = [];
  const filled: [string, number][] = [];
  const metrics: Metrics = {
    sent: (account, outcome, priority) => void sent.push(`${account} ${outcome} ${priority}`),
    requeued() {},
    polled() {},
    command() {},
    broadcast: (kind, deliveries) => void filled.push([kind, deliveries]),
  };
  const made = composeCore({
    store: own,
    clock,
    ids,
    log,
    translators,
    metrics,
    extractor: { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) },
    policy: DEFAULT_POLICY,
    testPage: (...of) => `https://x.example/${of.join('/')}`,
  });
  const adapters = new Map<string, ReturnType<typeof createRecordingAdapter>>();
  for (const [id, over] of Object.entries(accounts)) {
    const adapter = createRecordingAdapter(id);
    adapters.set(id, adapter);
    made.addAccount({ adapter, outage: createOutage(), ...over });
  }
  const follower = async (accountId: string, lang: string): Promise<void> => {
    const address = { accountId, chat: `chat of ${accountId} in ${lang}`, thread: null };
    const chat = await own.chats.ensure(address, { platform: 'replay', kind: 'private', lang, now: NOW });
    await own.subscriptions.add(chat.id, [{ country: 'RU', service: '*' }], NOW);
  };
  const drain = async (): Promise<void> => {
    for (let due = await own.broadcasts.nextDueAt(); due !== null; due = await own.broadcasts.nextDueAt()) {
      clock.moveTo(due);
      await made.broadcaster.run(signal);
      for (const id of made.accounts()) await made.sender(id)!.drain(signal);
    }
    for (const id of made.accounts()) await made.sender(id)!.drain(signal);
  };
  const tell = async (...reports: Report[]): Promise<void> => {
    await made.pipeline.reports(reports);
    await drain();
  };
  const heard = (id: string): string[] =>
    adapters
      .get(id)!
      .take()
      .map(({ op, document }) => `${op} ${asText(document).split('\n')[0]}`);
  return { ...made, clock, sent, filled, follower, tell, heard, adapters };
}

const told = (voice: string, over: Partial<Report> = {}): Report =>
  report({ voice, id: `${voice}-${over.action ?? 'block'}-${over.at ?? NOW}`, itemId: null, at: NOW, ...over });
const twice = (over: Partial<Report> = {}): Report[] => [told('bbc', over), told('dw', over)];

describe('accounts', () => {
  test('by their ids, in the order in which they came; one that is not there: null', async () => {
    const made = await core({ tg: {}, mx: {} });
    expect([made.accounts(), made.sender('mx') !== null, made.sender('xmpp')]).toEqual([['tg', 'mx'], true, null]);
  });

  test('a block that two outlets report: each account tells its own chats, each in its language', async () => {
    const made = await core({ tg: {}, mx: {} });
    await made.follower('tg', 'en');
    await made.follower('mx', 'ru');
    await made.tell(...twice());
    expect(made.heard('tg')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
    expect(made.heard('mx')).toEqual(['send 🔴 Россия: доступ к WhatsApp заблокирован']);
    // Of all broadcasts together: those of other levels reach nobody here.
    expect(made.filled.reduce((sum, [, n]) => sum + n, 0)).toBe(2);
    expect([...made.sent].sort()).toEqual(['mx delivered alert', 'tg delivered alert']);
  });

  test('a page measures it: a link to it is below the alert, in the language of its chat', async () => {
    const made = await core({ tg: {} });
    await made.follower('tg', 'ru');
    await made.tell(...twice());
    const [alert] = made.adapters.get('tg')!.take();
    expect(asText(alert!.document)).toContain('→ https://x.example/RU/whatsapp/ru]');
  });

  test('nobody follows it: nothing is filled in and nothing is sent', async () => {
    const made = await core({ tg: {} });
    await made.tell(...twice());
    expect([made.heard('tg'), made.sent]).toEqual([[], []]);
  });

  test('a chat that is gone: counted as gone, and never written to again', async () => {
    const adapter: ChatAdapter = {
      ...createRecordingAdapter('tg'),
      send: async () => ({ kind: 'gone', reason: 'client', detail: 'blocked by the user' }),
    };
    const made = await core({ tg: { adapter } });
    await made.follower('tg', 'en');
    await made.tell(...twice());
    expect(made.sent).toEqual(['tg gone alert']);
    made.clock.moveTo(NOW + 3_600_000);
    await made.tell(...twice({ service: 'signal', at: NOW + 3_600_000 }));
    expect(made.sent).toEqual(['tg gone alert']);
  });
});

describe('the way of a change', () => {
  test('a lift: the first message is edited, and answered, and both are said as lifted', async () => {
    const made = await core({ tg: {} });
    await made.follower('tg', 'en');
    await made.tell(...twice());
    made.heard('tg');
    const later = NOW + 6 * 3_600_000;
    made.clock.moveTo(later);
    await made.tell(...twice({ action: 'unblock', at: later }));
    const heard = made.heard('tg');
    expect(heard.map((one) => one.split(' ')[0]).sort()).toEqual(['edit', 'reply']);
    expect(heard.every((one) => one.includes('🟢 Russia: WhatsApp works again'))).toBe(true);
  });

  test('what works there: nothing is named that nobody measured, in the alert of a new block', async () => {
    const made = await core({ tg: {} });
    await made.follower('tg', 'en');
    await made.tell(...twice({ service: 'telegram' }));
    const lifted = NOW + 6 * 3_600_000;
    made.clock.moveTo(lifted);
    await made.tell(...twice({ service: 'telegram', action: 'unblock', at: lifted }));
    made.heard('tg');
    const later = lifted + 3_600_000;
    made.clock.moveTo(later);
    await made.tell(...twice({ at: later }));
    const [first] = made.adapters.get('tg')!.take();
    expect(asText(first!.document)).not.toContain('Telegram');
  });

  test('an outlet that has spoken says it once more: nobody is written to again', async () => {
    const made = await core({ tg: {} });
    await made.follower('tg', 'en');
    await made.tell(...twice());
    made.heard('tg');
    const later = NOW + 3_600_000;
    made.clock.moveTo(later);
    await made.tell(told('bbc', { at: later }));
    expect([made.heard('tg'), made.sent]).toEqual([[], ['tg delivered alert']]);
  });

  test('taken back by an operator: its message is corrected', async () => {
    const made = await core({ tg: {} });
    await made.follower('tg', 'en');
    await made.tell(...twice());
    made.heard('tg');
    const [open] = await store!.incidents.list({ open: true, limit: 1 });
    expect(await made.pipeline.retract(open!.id, 'it was a drill')).toBe(true);
    expect(await made.pipeline.retract('RU-nothing-0000', 'x')).toBe(false);
    await made.tell();
    expect(made.heard('tg')[0]).toContain('⚪ We were wrong: WhatsApp in Russia was not blocked.');
  });
});
