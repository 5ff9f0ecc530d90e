/** Plays a year through the program, a step after the other, and holds what each chat was told against what it should have been. */
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FIRM_READING } from '../../src/core/model/report.ts';
import type { Http, HttpResponse } from '../../src/core/ports/runtime.ts';
import { createBook } from './book.ts';
import { type Costs, type Program, begin, catalogue, createMessenger, extractor, soakClock } from './program.ts';
import {
  BLOCKS,
  COUNTRIES,
  DAY,
  HOUR,
  LIFTS,
  MONTH_DAYS,
  OUTLETS,
  type Pair,
  SERVICES,
  T0,
  type Written,
  chanceOf,
  episodesOf,
  ownWords,
  pairsOf,
  writtenOf,
} from './world.ts';

export interface SoakWishes {
  database: string;
  days: number;
  chats: number;
  seed: number;
  /** Bytes of the database now, and how many of them the record of what happened takes (`RECORD`), which nothing bounds but the world. */
  size(): Promise<{ all: number; record: number }>;
  /** What a database server does by itself in a day; absent = nothing. */
  tidy?(): Promise<void>;
  tell?(month: MonthOf): void;
}

/** The tables of the record. */
export const RECORD = ['incidents', 'transitions', 'reports'];

/** How it stands at the end of a month. */
export interface MonthOf {
  month: number;
  sizeMB: number;
  recordMB: number;
  /** All but the record. */
  restMB: number;
  heapMB: number;
  rssMB: number;
  files: number;
  pollMs: number;
  readMs: number;
  sendMs: number;
  sent: number;
  chats: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is read less surely needs another voice; and some more for the words beside it. */
const SURELY = FIRM_READING + 0.05;
const MINUTE = 60_000;
const A_MONTH = 100;
const CALM_A_DAY = 2;
/** Items of a feed. */
const SHOWN = 20;
/** Of the chats so many leave in a day, and as many others come. */
const CHURN = 0.01;
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tehran', 'Australia/Sydney'];

/** Pairs of which the reader surely takes each sentence as it is meant, whatever words are beside it: how it reads others is measured elsewhere. */
async function readable(pairs: readonly Pair[]): Promise<Pair[]> {
  const reads = async ({ country, service }: Pair, title: string, action: string, n: number): Promise<boolean> => {
    const text = { title, summary: ownWords(n), lang: 'en' };
    const { events } = await extractor.extract(text);
    const [event, ...more] = events;
    const { confidence = 1 } = event ?? {};
    const isIt = event?.action === action && event.countries.join() === country && event.services.join() === service;
    return isIt && more.length === 0 && confidence > SURELY;
  };
  const good: Pair[] = [];
  for (const pair of pairs) {
    const all = [1, 9_582, 33_333].flatMap((n) => [
      ...BLOCKS.map((text) => reads(pair, text(pair), 'block', n)),
      ...LIFTS.map((text) => reads(pair, text(pair), 'unblock', n)),
    ]);
    if ((await Promise.all(all)).every(Boolean)) good.push(pair);
  }
  return good;
}

/** What the outlets' servers answer. */
function createPress(written: readonly Written[], now: () => number) {
  const own = Array.from({ length: OUTLETS }, () => ({ items: [] as Written[], next: 0, etag: 0 }));
  for (const one of written) own[one.outlet]!.items.push(one);
  let n = 0;
  const numbers = new Map(written.map((one) => [one, n++]));
  const http: Http = async ({ url, headers = {} }): Promise<HttpResponse> => {
    const outlet = Number(/outlet(\d+)/.exec(url)![1]);
    const feed = own[outlet]!;
    while (feed.items[feed.next] && feed.items[feed.next]!.at <= now()) feed.next++;
    const etag = `"${feed.next}"`;
    const asked = Object.entries(headers).find(([name]) => name.toLowerCase() === 'if-none-match')?.[1];
    if (asked === etag) return { status: 304, url, headers: { etag }, body: new Uint8Array() };
    const { next } = feed;
    const lately = feed.items.findIndex((one) => one.at > now() - 2 * HOUR);
    const from = Math.max(0, Math.min(lately < 0 ? next : lately, next - SHOWN));
    const items = feed.items.slice(from, next).map((one) => {
      const id = numbers.get(one)!;
      return `<item><guid isPermaLink="false">i${id}</guid><link>https://outlet${outlet}.example/${id}</link><title>${one.title}</title><description>${ownWords(id)}</description><pubDate>${new Date(one.at).toUTCString()}</pubDate></item>`;
    });
    const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>Outlet ${outlet}</title><link>https://outlet${outlet}.example</link><description>news</description>${items.toReversed().join('')}</channel></rss>`;
    return { status: 200, url, headers: { etag, 'content-type': 'application/rss+xml' }, body: Buffer.from(body) };
  };
  return http;
}

const median = (list: number[]): number => list.sort((a, b) => a - b)[list.length >> 1] ?? 0;

/** What may be forgotten goes by the system's clock. */
export async function soak(wishes: SoakWishes) {
  const real = Date.now;
  try {
    return await play(wishes);
  } finally {
    Date.now = real;
  }
}

async function play({ database, days, chats, seed, size, tidy = async () => {}, tell = () => {} }: SoakWishes) {
  const chance = chanceOf(seed);
  const pairs = await readable(pairsOf(catalogue));
  const episodes = episodesOf(pairs, days, A_MONTH, chance);
  const written = writtenOf(pairs, episodes, days, CALM_A_DAY, chance);
  const clock = soakClock(T0);
  Date.now = clock.now;
  const press = createPress(written, () => clock.monotonic());
  const book = createBook(pairs, episodes, { now: clock.monotonic, wall: clock.now });
  const costs: Costs = { polls: [], reads: [], sends: [] };
  let sent = 0;
  const messenger = createMessenger(
    (shown) => {
      sent++;
      book.shown(shown);
    },
    (chat) => !book.isThere(chat),
  );
  const deps = { database, clock, http: press, messenger, costs, sent: () => sent };
  let program: Program = await begin(deps);
  const months: MonthOf[] = [];
  const done = { restarts: 0, jumps: 0, joined: 0, left: 0 };
  /** Day by day, MB. */
  const resident: number[] = [];
  let sentBefore = 0;

  async function join(): Promise<void> {
    const country = chance.next() < 0.85 ? chance.of(COUNTRIES) : null;
    const service = country === null || chance.next() < 0.35 ? chance.of(SERVICES) : null;
    const zone = chance.next() < 0.2 ? chance.of(ZONES) : null;
    const { name } = book.join({ country, service, zone }, chance);
    const words = [country?.toLowerCase(), service].filter(Boolean).join(' ');
    await program.says(name, `subscribe ${words}`);
    if (zone) {
      await program.says(name, `timezone ${zone}`);
      await program.says(name, 'settings quiet 22-7');
    }
    done.joined++;
  }

  /** By a word, or without one: then the next message to it finds nobody. */
  async function leave(): Promise<void> {
    const chat = book.any(chance);
    if (!chat) return;
    const how = chance.of(['silently', 'silently', 'unsubscribes', 'forgotten'] as const);
    if (how !== 'silently') await program.says(chat.name, how === 'forgotten' ? 'forget yes' : 'unsubscribe all yes');
    await program.drain();
    book.leave(chat, how);
    done.left++;
  }

  async function measure(month: number): Promise<void> {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    const { heapUsed } = process.memoryUsage();
    const { all, record } = await size();
    const one = {
      month,
      sizeMB: all / 1e6,
      recordMB: record / 1e6,
      restMB: (all - record) / 1e6,
      heapMB: heapUsed / 1e6,
      rssMB: median(resident.splice(0)),
      files: readdirSync('/proc/self/fd').length,
      pollMs: median(costs.polls.splice(0)),
      readMs: median(costs.reads.splice(0)),
      sendMs: median(costs.sends.splice(0)),
      sent: sent - sentBefore,
      chats: book.count(),
    };
    sentBefore = sent;
    months.push(one);
    tell(one);
  }

  /** Once a month: many come in one hour and are gone the next day; the clock is ahead for hours, and another day behind. */
  async function trouble(day: number, hourOfDay: number): Promise<void> {
    if (day === 10 && hourOfDay === 9) for (let n = 0; n < chats / 10; n++) await join();
    if (day === 11 && hourOfDay === 9) for (let n = 0; n < chats / 10; n++) await leave();
    if (day === 6 && hourOfDay === 5) jump(2 * HOUR);
    if (day === 8 && hourOfDay === 5) jump(-HOUR);
    if ((day === 6 || day === 8) && hourOfDay === 11) jump(0);
  }
  function jump(ms: number): void {
    clock.setApart(ms);
    done.jumps++;
  }

  const confirms = episodes
    .flatMap(({ pair, confirmedAt }) => (confirmedAt === null ? [] : [{ at: confirmedAt, pair: pairs[pair]! }]))
    .sort((a, b) => a.at - b.at);
  let nextConfirm = 0;

  for (let hour = 0; hour < days * 24; hour++) {
    const at = T0 + hour * HOUR;
    const day = Math.floor(hour / 24);
    await program.passUntil(at);
    // The first come within three days, the others as they do.
    const due = Math.min(chats, Math.ceil((chats * (hour + 1)) / 72));
    while (book.count() < due) await join();
    if (day >= 3) {
      const turns = (chats * CHURN) / 24;
      for (let n = 0; n < Math.floor(turns) + (chance.next() < turns % 1 ? 1 : 0); n++) {
        await leave();
        await join();
      }
    }
    await trouble(day % MONTH_DAYS, hour % 24);
    await program.drain();
    for (let outlet = 0; outlet < OUTLETS; outlet++) {
      const then = at + (outlet + 1) * 2 * MINUTE;
      for (; confirms[nextConfirm] && confirms[nextConfirm]!.at <= then; nextConfirm++) {
        await program.passUntil(confirms[nextConfirm]!.at);
        await program.confirm(confirms[nextConfirm]!.pair);
        await program.drain();
      }
      await program.passUntil(then);
      if (await program.poll(outlet)) await program.drain();
    }
    await program.keepStates();
    await program.prune();
    book.settle();
    if (hour % 24 === 1) {
      await tidy();
      resident.push(process.memoryUsage().rss / 1e6);
    }
    // Every other month each night, in between never: what a long life gathers is to be seen as well.
    if (hour % 24 === 2 && Math.floor(day / MONTH_DAYS) % 2 === 0) {
      await program.stop();
      program = await begin(deps);
      done.restarts++;
    }
    if ((hour + 1) % (MONTH_DAYS * 24) === 0) await measure((hour + 1) / (MONTH_DAYS * 24));
  }
  await program.passUntil(T0 + (days + 1) * DAY);
  await program.drain();
  book.settle(true);
  await program.stop();
  return {
    months,
    done,
    sent,
    episodes: episodes.length,
    pairs: pairs.length,
    items: written.length,
    book: book.result(),
  };
}
