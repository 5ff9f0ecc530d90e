/** Several processes of the program on one PostgreSQL, the platform that they speak to, and who has heard. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { FakeTelegram } from '../fakes/fake-telegram/client.ts';
import { FeedServer } from '../fakes/feed-server.ts';
import { Program } from './program.ts';
import { Bell } from './torture/bell.ts';
import type { MatrixRooms } from './torture/matrix-rooms.ts';
import { numbers, seed } from './torture/subscribers.ts';

const FIRST = 100_000_001;
const CHATS = 120;
/** As `WINDOW_PACED` of the Telegram adapter. */
export const WINDOW = 16;

export interface WorldOptions {
  database: string;
  drop(): Promise<void>;
  /** Rooms that hear of everything, too; they outlive the world. */
  rooms?: MatrixRooms | null;
  /** The first change's number: rooms that outlive a world have heard of those before. */
  from?: number;
}

/** Ended with the test; `drop` last. */
export async function openWorld({ database, drop, rooms = null, from = 0 }: WorldOptions) {
  const telegram = await FakeTelegram.start({ process: true, limits: 'official', maxMessages: 0 });
  // The strict profile: who goes on sending into a wait of the platform is told so at once.
  await telegram.limits('official', { flood: { graceMs: 250 } });
  await telegram.users(CHATS, { first_id: FIRST, started: true });
  const feeds = await FeedServer.start();
  const bell = new Bell(feeds, { from });
  await seed(database, [
    { account: 'tg', platform: 'telegram', chats: [...numbers(FIRST, CHATS)] },
    ...(rooms ? [{ account: 'mx', platform: 'matrix', chats: rooms.account.chats, kind: 'group' as const }] : []),
  ]);
  const programs: Program[] = [];
  onTestFinished(async () => {
    await Promise.all(programs.map((one) => one.remove()));
    await feeds.stop();
    await telegram.stop();
    await drop();
  });
  const program = async (at = database): Promise<Program> => {
    const made = await Program.create({
      database: at,
      accounts: [
        { id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot },
        // Slow enough that a broadcast to them lasts.
        ...(rooms ? [{ ...rooms.account.config, rate: 5 }] : []),
      ],
      sources: [bell.source],
      policy: { groupWait: '0s' },
      network: { allowPrivateAddresses: true },
    });
    programs.push(made);
    return made;
  };
  const heard = async () => {
    const tally = await telegram.tally(`(${bell.rung.join('|')})`, { per_chat: true, counts: true });
    const counts = Object.values(tally.counts as Record<string, number>);
    return { pairs: counts.length, doubled: counts.reduce((sum, n) => sum + n - 1, 0) };
  };
  /** The rooms as well, where there are some. */
  const untilHeard = async (ms: number): Promise<void> => {
    const wanted = CHATS * bell.rung.length;
    for (const until = performance.now() + ms; (await heard()).pairs < wanted; await sleep(200))
      if (performance.now() > until)
        throw new Error(`${(await heard()).pairs} of ${wanted}\n${programs.map((one) => one.tail()).join('\n---\n')}`);
    await rooms?.untilHeard(bell.rung, ms);
  };
  const accepted = async () => Number((await telegram.stats()).messages_sent);
  /** Rings, and waits until some, but not all, have heard. */
  const ringHalf = async (): Promise<void> => {
    const before = await accepted();
    bell.ring();
    for (const until = performance.now() + 60_000; (await accepted()) < before + 30; await sleep(20))
      if (performance.now() > until)
        throw new Error(`Nothing is sent\n${programs.map((one) => one.tail()).join('\n')}`);
  };
  /** How long until anything is sent again, ms. */
  const flowsAgain = async (): Promise<number> => {
    const began = performance.now();
    const before = await accepted();
    while ((await accepted()) <= before) {
      if (performance.now() - began > 30_000) throw new Error(programs.map((one) => one.tail()).join('\n---\n'));
      await sleep(50);
    }
    return performance.now() - began;
  };
  /** How many rows there are of what leases guard, and who holds these, for the how manieth time. */
  const rows = async (): Promise<object> => {
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    try {
      const tables = [
        'seen',
        'reports',
        'incidents',
        'transitions',
        'alerts',
        'broadcasts',
        'deliveries',
        'subscriptions',
      ];
      const counts = tables.map((name) => `(select count(*)::int from ${name}) as ${name}`);
      const leases = `(select json_agg(l.name || ' ' || l.epoch order by l.name) from leases l) as leases`;
      return (await client.query(`select ${[...counts, leases].join(', ')}`)).rows[0];
    } finally {
      await client.end();
    }
  };
  /** Answers 429 of the platform, all in all. */
  const refused = async (): Promise<number> => Number((await telegram.stats()).served_429);
  return { database, telegram, bell, program, heard, untilHeard, ringHalf, flowsAgain, refused, rows };
}
