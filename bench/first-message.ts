/**
 * From an event to the first message about it, the queue empty, no group wait: for 1, 1,000 and 100,000 chats that follow it, with where each
 * millisecond goes. Pipeline, store (a file), broadcaster, sender and Telegram adapter are the program's, in this process; the stand-in for
 * Telegram is in one of its own. `node bench/first-message.ts [events] [sizes, as 1,1000,100000]`; about twelve minutes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdapter } from '../src/adapters/telegram/adapter.ts';
import { composeCore } from '../src/app/compose.ts';
import { DEFAULT_POLICY } from '../src/core/model/alert.ts';
import type { Report } from '../src/core/model/report.ts';
import { createOutage } from '../src/core/outbox/sender.ts';
import type { ChatAdapter } from '../src/core/ports/chat-adapter.ts';
import type { Log } from '../src/core/ports/runtime.ts';
import { createTranslators } from '../src/i18n/index.ts';
import { systemClock as clock } from '../src/platform/clock.ts';
import { createIds } from '../src/platform/ids.ts';
import { openStore } from '../src/store/open.ts';
import { numbers, seed } from '../test/e2e/torture/subscribers.ts';
import { FakeTelegram } from '../test/fakes/fake-telegram/client.ts';
import { median, quantile, round, say } from './shared.ts';

const events = Number(process.argv[2] ?? 200);
const sizes = (process.argv[3] ?? '1,1000,100000').split(',').map(Number);
const FIRST_CHAT = 100_000_001;
/** The first ones warm the process up, as any that runs is. */
const WARM = 10;
const SERVICES = [
  'whatsapp',
  'signal',
  'viber',
  'discord',
  'tiktok',
  'reddit',
  'youtube',
  'twitch',
  'vimeo',
  'netflix',
];

/** What happened, in this order, and when. */
const STEPS = [
  ['correlated', 'correlate and route'],
  ['committed', 'commit of the change (a sync of the disk)'],
  ['due', 'broadcaster wakes and reads what is due'],
  ['planned', 'who hears: alert and incidents read'],
  ['filled', 'first recipients written'],
  ['peeked', 'sender wakes and reads the queue'],
  ['composed', 'text'],
  ['begun', 'begun, durably (a sync of the disk)'],
  ['left', 'request made'],
  ['answered', 'HTTP, and the stand-in’s own work'],
] as const;
type Step = (typeof STEPS)[number][0];

const lines: string[] = [];
const note = (message: string) => void lines.push(message);
const log: Log = { debug() {}, info: note, warn: note, error: note, child: () => log };

/** Every call's end is noted once an event, and only after the step before it: what the event before left behind does not count. */
function stopwatch() {
  let at = new Map<Step | 'start', number>();
  return {
    start() {
      at = new Map([['start', performance.now()]]);
    },
    mark(step: Step) {
      const before = STEPS[STEPS.findIndex(([one]) => one === step) - 1]?.[0] ?? 'start';
      if (at.has(before) && !at.has(step)) at.set(step, performance.now());
    },
    has: (step: Step) => at.has(step),
    read: () => at,
  };
}

async function world(size: number, folder: string, telegram: FakeTelegram) {
  const file = join(folder, `${size}.db`);
  await seed(file, [
    { account: 'tg', platform: 'telegram', chats: { [Symbol.iterator]: () => numbers(FIRST_CHAT, size) } },
  ]);
  const watch = stopwatch();
  const ids = createIds(clock);
  const inner = await openStore(file, { clock, log, ids });
  const marked =
    <A extends unknown[], R>(step: Step, work: (...args: A) => Promise<R>, only: (args: A) => boolean = () => true) =>
    async (...args: A): Promise<R> => {
      const result = await work(...args);
      if (only(args)) watch.mark(step);
      return result;
    };
  const store: typeof inner = {
    ...inner,
    transaction: async (work) => {
      const result = await inner.transaction(async (tables) => {
        const done = await work(tables);
        watch.mark('correlated');
        return done;
      });
      watch.mark('committed');
      return result;
    },
    broadcasts: { ...inner.broadcasts, due: marked('due', inner.broadcasts.due) },
    outbox: {
      ...inner.outbox,
      fill: (broadcast, plan) => {
        watch.mark('planned');
        return marked('filled', inner.outbox.fill)(broadcast, plan);
      },
      peek: marked('peeked', inner.outbox.peek),
      advance: (settled, begun, now) => {
        if (begun.length > 0) watch.mark('composed');
        return marked('begun', inner.outbox.advance, () => begun.length > 0)(settled, begun, now);
      },
    },
  };
  const outage = createOutage();
  const none = {
    proxy: null,
    knownChats: async () => [],
    commandMenu: () => [],
    resolves: async () => {},
    pageOf: () => null,
  };
  const http = () => Promise.reject(new Error('nothing is fetched here'));
  const deps = { clock, ids, log, outage, http, ...none };
  const account = {
    id: 'tg',
    platform: 'telegram' as const,
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    rate: 27,
  };
  const telegramAdapter = createAdapter(account, {
    ...deps,
    state: inner.state('account/tg'),
    cache: inner.cache('account/tg'),
  });
  const adapter: ChatAdapter = {
    ...telegramAdapter,
    send: async (message, signal) => {
      watch.mark('left');
      const outcome = await telegramAdapter.send(message, signal);
      watch.mark('answered');
      return outcome;
    },
  };
  const { pipeline, broadcaster, addAccount } = composeCore({
    store,
    clock,
    ids,
    log,
    translators: createTranslators({ services: [] } as never),
    policy: { ...DEFAULT_POLICY, groupWait: 0 },
    extractor: { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) },
  });
  const sender = addAccount({ adapter, outage });
  const stop = new AbortController();
  const loops = [sender.loop(stop.signal), broadcaster.loop(stop.signal)];
  return { file, watch, pipeline, stop, loops, store: inner };
}

const report = (n: number): Report =>
  ({
    id: `r${n}`,
    sourceId: 'bench',
    itemId: `i${n}`,
    at: Date.now(),
    country: [
      'RU',
      'TR',
      'IR',
      'KZ',
      'VN',
      'UG',
      'VE',
      'PK',
      'ET',
      'BR',
      'IN',
      'EG',
      'BY',
      'CN',
      'CU',
      'TZ',
      'MM',
      'SD',
      'SN',
      'GA',
      'ZW',
      'NP',
      'BD',
      'LK',
      'ID',
    ][n % 25]!,
    service: SERVICES[Math.floor(n / 25) % SERVICES.length]!,
    action: 'block',
    method: null,
    region: null,
    secondary: false,
    kind: 'authority',
    voice: 'registry',
    title: 'A block',
    url: null,
    publisherName: 'registry',
    lang: 'en',
    summary: '',
    measured: null,
  }) as unknown as Report;

async function measure(size: number, folder: string, telegram: FakeTelegram): Promise<void> {
  const { file, watch, pipeline, stop, loops, store } = await world(size, folder, telegram);
  const raw = new DatabaseSync(file);
  raw.exec('pragma busy_timeout = 5000');
  const whole: number[] = [];
  const parts = new Map<Step, number[]>(STEPS.map(([step]) => [step, []]));
  await sleep(500);
  for (let n = 0; n < events + WARM; n++) {
    watch.start();
    await pipeline.reports([report(n)]);
    // A change may have several broadcasts, and the last of them fills the queue again: all are done before it is emptied.
    for (let i = 0; !watch.has('answered') || (await store.broadcasts.nextDueAt()) !== null; i++) {
      if (i > 2_000) throw new Error(`Nothing was sent: ${lines.slice(-5).join('; ')}`);
      await sleep(5);
    }
    const at = watch.read();
    // The queue is emptied at once: what the rest of the broadcast costs is another figure.
    raw.exec('begin immediate; delete from deliveries; delete from backlog; delete from messages; commit');
    if (n >= WARM) {
      whole.push(at.get('left')! - at.get('start')!);
      let before = at.get('start')!;
      for (const [step] of STEPS) {
        const then = at.get(step);
        if (then === undefined) continue;
        parts.get(step)!.push(Math.max(0, then - before));
        before = Math.max(before, then);
      }
    }
    // A chat gets a message a second, and the account's own pace has slots to wait for: both are idle before the next event.
    await sleep(1_050 + ((n * 7919) % 50));
  }
  stop.abort();
  await Promise.allSettled(loops);
  await store.close();
  raw.close();
  const [p50, p99] = [median(whole), quantile(whole, 0.99)];
  const where = STEPS.filter(([step]) => parts.get(step)!.length > 0)
    .map(([step, words]) => `${words} ${round(median(parts.get(step)!), 2)}`)
    .join(' · ');
  say({
    name: `report arrives → first message leaves, ${size} ${size === 1 ? 'chat follows' : 'chats follow'} it: p50 and p99 ms of ${whole.length}`,
    value: `${p50.toFixed(1)} and ${p99.toFixed(1)}`,
    floor: 'p50 ≤ 10, p99 ≤ 25',
    ok: p50 <= 10 && p99 <= 25,
    notes: `medians, ms: ${where}`,
  });
}

const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-'));
const telegram = await FakeTelegram.start({ process: true, limits: 'off', maxMessages: 0, callLog: 0 });
try {
  await telegram.users(Math.max(...sizes), { first_id: FIRST_CHAT, started: true });
  for (const size of sizes) await measure(size, folder, telegram);
} finally {
  await telegram.stop();
  await rm(folder, { recursive: true, force: true });
}
