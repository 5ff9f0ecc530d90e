/** The built program, a Telegram in a process of its own, a feed that rings and a database full of subscribers. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientStart, FakeTelegram } from '../../fakes/fake-telegram/client.ts';
import { FeedServer } from '../../fakes/feed-server.ts';
import { Program } from '../program.ts';
import { Bell } from './bell.ts';
import { numbers, type Seed, seed } from './subscribers.ts';

export const FIRST_CHAT = 100_000_001;

export interface RigOptions {
  chats: number;
  /** Subscribers in the database, when more than those that Telegram knows; the others come after them. */
  stored?: number;
  limits: 'official' | 'off';
  /** Messages a second; 0 = unpaced. */
  rate: number;
  /** Default: a file in the program's own folder; may lie elsewhere, or be a PostgreSQL. */
  database?: string;
  follows?: Seed['follows'];
  env?: Record<string, string>;
  telegram?: ClientStart;
  /** More accounts, with the chats that follow everything there. */
  accounts?: { config: Record<string, unknown>; chats: string[] }[];
  config?: Record<string, unknown>;
  /** Beside the feed that rings. */
  sources?: Record<string, unknown>[];
  cron?: string;
}

export class Rig {
  readonly telegram: FakeTelegram;
  readonly feeds: FeedServer;
  readonly program: Program;
  readonly bell: Bell;
  readonly database: string;
  readonly chats: number;
  /** Sends in flight at the kills so far: so many may arrive twice. */
  inFlight = 0;

  private constructor(parts: Pick<Rig, 'telegram' | 'feeds' | 'program' | 'bell' | 'database' | 'chats'>) {
    this.telegram = parts.telegram;
    this.feeds = parts.feeds;
    this.program = parts.program;
    this.bell = parts.bell;
    this.database = parts.database;
    this.chats = parts.chats;
  }

  /** Everything is there but the program, which `program.start()` starts. */
  static async create(options: RigOptions): Promise<Rig> {
    const telegram = await FakeTelegram.start({
      process: true,
      limits: options.limits,
      maxMessages: 0,
      ...options.telegram,
    });
    await telegram.users(options.chats, { first_id: FIRST_CHAT, started: true });
    const feeds = await FeedServer.start();
    const bell = new Bell(feeds, options.cron ? { cron: options.cron } : {});
    const more = options.accounts ?? [];
    const program = await Program.create(
      {
        database: options.database ?? 'tocsin.db',
        accounts: [
          {
            id: 'tg',
            platform: 'telegram',
            token: telegram.token,
            apiRoot: telegram.apiRoot,
            rate: options.rate,
          },
          ...more.map((one) => one.config),
        ],
        sources: [bell.source, ...(options.sources ?? [])],
        policy: { groupWait: '0s' },
        network: { allowPrivateAddresses: true },
        ...options.config,
      },
      options.env,
    );
    const database = options.database ?? `${program.folder}/tocsin.db`;
    const telegramSeed: Seed = {
      account: 'tg',
      platform: 'telegram',
      chats: { [Symbol.iterator]: () => numbers(FIRST_CHAT, options.stored ?? options.chats) },
      ...(options.follows ? { follows: options.follows } : {}),
    };
    await seed(database, [
      telegramSeed,
      ...more.map((one): Seed => ({
        account: String(one.config.id),
        platform: String(one.config.platform),
        chats: one.chats,
        kind: 'group',
      })),
    ]);
    return new Rig({ telegram, feeds, program, bell, database, chats: options.chats });
  }

  /** What a killed program had under way, as its database tells; adds up what may arrive twice. */
  countInFlight(account = 'tg'): number {
    const db = new DatabaseSync(this.database, { readOnly: true });
    try {
      const row = db.prepare('select count(*) as n from deliveries where state = 1 and account_id = ?').get(account);
      const n = Number(row!.n);
      this.inFlight += n;
      return n;
    } finally {
      db.close();
    }
  }

  /** Throws what is wrong with the database; the program must not run. */
  checkDatabase(): void {
    const db = new DatabaseSync(this.database, { readOnly: true });
    try {
      const rows = db.prepare('pragma integrity_check').all();
      if (rows.length !== 1 || rows[0]!.integrity_check !== 'ok')
        throw new Error(`The database is damaged: ${JSON.stringify(rows.slice(0, 5))}`);
      const broken = db.prepare('pragma foreign_key_check').all();
      if (broken.length > 0) throw new Error(`The database's keys are broken: ${broken.length}`);
    } finally {
      db.close();
    }
  }

  /** Messages in Telegram's own transcript that name one of these changes: (chat, change) pairs, messages, repeats. */
  async heard(rung: readonly string[] = this.bell.rung): Promise<{ pairs: number; total: number; doubled: number }> {
    if (rung.length === 0) return { pairs: 0, total: 0, doubled: 0 };
    const tally = await this.telegram.tally(`(${rung.join('|')})`, { per_chat: true, counts: true });
    // Of subscribers: an answer to somebody else may name the change, too.
    const heard = Object.entries(tally.counts as Record<string, number>)
      .filter(([key]) => Number.parseInt(key, 10) < FIRST_CHAT + this.chats)
      .map(([, n]) => n);
    const total = heard.reduce((sum, n) => sum + n, 0);
    return { pairs: heard.length, total, doubled: total - heard.length };
  }

  /** Waits until every chat heard of every one of these changes; says who is missing when they do not. */
  async untilHeard(ms: number, rung: readonly string[] = this.bell.rung): Promise<void> {
    const wanted = this.chats * rung.length;
    const deadline = performance.now() + ms;
    for (;;) {
      const { pairs } = await this.heard(rung);
      if (pairs >= wanted) return;
      if (performance.now() > deadline)
        throw new Error(`${wanted - pairs} of ${wanted} (chat, change) missing after ${ms} ms\n${this.program.tail()}`);
      await sleep(Math.min(1_000, Math.max(100, (wanted - pairs) / 50)));
    }
  }

  /** Messages that Telegram has taken so far: cheaper than reading the transcript. */
  async accepted(): Promise<number> {
    return Number((await this.telegram.stats()).messages_sent);
  }

  warnings(from = 0): string[] {
    return this.program.stderr
      .slice(from)
      .split('\n')
      .filter((line) => / (WARN|ERROR) /.test(line));
  }

  async remove(): Promise<void> {
    await this.program.remove();
    await this.feeds.stop();
    await this.telegram.stop();
  }
}

/** Chance that can be had again: mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
