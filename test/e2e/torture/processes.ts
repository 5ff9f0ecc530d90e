/** Two processes on one PostgreSQL, one of them killed at random moments of broadcasts: an account from the platforms' own records. */
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeTelegram } from '../../fakes/fake-telegram/client.ts';
import { FeedServer } from '../../fakes/feed-server.ts';
import { Program } from '../program.ts';
import { hasSynapse } from '../synapse.ts';
import { Bell } from './bell.ts';
import type { KillOptions } from './kills.ts';
import { matrixRooms } from './matrix-rooms.ts';
import { FIRST_CHAT, randomOf } from './rig.ts';
import { ownSchema } from './schema.ts';
import { numbers, seed } from './subscribers.ts';

export interface ProcessesReport {
  kills: number;
  changes: number;
  pairs: number;
  lost: number;
  repeats: number;
  /** 429 of Telegram, all in all. */
  refusals: number;
  /** Until anything was sent again while something waited, ms. */
  longestSilence: number;
  matrix: { pairs: number; lost: number; repeats: number } | null;
}

const UNTIL_HEARD = 600_000;

export async function processes({ seed: number, kills, chats, rooms, say }: KillOptions): Promise<ProcessesReport> {
  const random = randomOf(number);
  const schema = await ownSchema();
  const { database } = schema;
  const matrix = rooms > 0 && hasSynapse() ? await matrixRooms(rooms) : null;
  const telegram = await FakeTelegram.start({ process: true, limits: 'official', maxMessages: 0 });
  await telegram.users(chats, { first_id: FIRST_CHAT, started: true });
  const feeds = await FeedServer.start();
  const bell = new Bell(feeds);
  await seed(database, [
    { account: 'tg', platform: 'telegram', chats: [...numbers(FIRST_CHAT, chats)] },
    ...(matrix ? [{ account: 'mx', platform: 'matrix', chats: matrix.account.chats, kind: 'group' as const }] : []),
  ]);
  const config = {
    database,
    accounts: [
      { id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot },
      ...(matrix ? [matrix.account.config] : []),
    ],
    sources: [bell.source],
    policy: { groupWait: '0s' },
    network: { allowPrivateAddresses: true },
  };
  const programs = [await Program.create(config), await Program.create(config)] as const;
  const accepted = async () => Number((await telegram.stats()).messages_sent);
  const heard = async () => {
    const tally = await telegram.tally(`(${bell.rung.join('|')})`, { per_chat: true, counts: true });
    const counts = Object.values(tally.counts as Record<string, number>);
    return { pairs: counts.length, doubled: counts.reduce((sum, n) => sum + n - 1, 0) };
  };
  const untilHeard = async () => {
    for (const until = performance.now() + UNTIL_HEARD; performance.now() < until; await sleep(1_000))
      if ((await heard()).pairs >= chats * bell.rung.length) return;
  };
  let longestSilence = 0;
  try {
    for (const one of programs) await one.start();
    for (let n = 1; n <= kills; n++) {
      const before = await accepted();
      if ((await heardAll(heard, chats * bell.rung.length)) || n === 1) bell.ring();
      for (let i = 0; i < 600 && (await accepted()) === before; i++) await sleep(50);
      await sleep(random() * 3_000);
      const victim = programs[random() < 0.5 ? 0 : 1];
      await victim.kill();
      longestSilence = Math.max(longestSilence, await silence(accepted, heard, () => chats * bell.rung.length));
      await victim.start();
      if (n % 10 === 0)
        say(`${n} kills, ${bell.rung.length} changes, longest silence ${Math.round(longestSilence)} ms`);
    }
    await untilHeard();
    await sleep(3_000);
    if (matrix) await matrix.untilHeard(bell.rung, 120_000);
    const { pairs, doubled } = await heard();
    const { served_429: refusals } = await telegram.stats();
    return {
      kills,
      changes: bell.rung.length,
      pairs: chats * bell.rung.length,
      lost: chats * bell.rung.length - pairs,
      repeats: doubled,
      refusals: Number(refusals),
      longestSilence: Math.round(longestSilence),
      matrix: matrix ? await matrix.accountFor(bell.rung) : null,
    };
  } finally {
    await Promise.all(programs.map((one) => one.remove()));
    await feeds.stop();
    await telegram.stop();
    await matrix?.stop();
    await schema.drop();
  }
}

const heardAll = async (heard: () => Promise<{ pairs: number }>, wanted: number): Promise<boolean> =>
  wanted === 0 || (await heard()).pairs >= wanted;

/** How long nothing was sent although something waited, ms. */
async function silence(
  accepted: () => Promise<number>,
  heard: () => Promise<{ pairs: number }>,
  wanted: () => number,
): Promise<number> {
  const began = performance.now();
  const before = await accepted();
  while ((await accepted()) <= before && performance.now() - began < 60_000) {
    if ((await heard()).pairs >= wanted()) return 0;
    await sleep(50);
  }
  return performance.now() - began;
}
