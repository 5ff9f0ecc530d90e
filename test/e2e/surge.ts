/** Many people who write to the bot within moments, and what became of each of them. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { Rig } from './torture/rig.ts';

/** Far from the subscribers of the rig. */
export const FIRST_NEWCOMER = 900_000_001;
const SENDERS = 32;

export interface Said {
  userId: number;
  text: string;
  /** Pressed in place of that. */
  click?: { message_id: number; data: string };
}

/** Sends these to the bot at an even pace over so many seconds; resolves with how long it took, ms. */
export async function sayAll(rig: Rig, said: readonly Said[], seconds: number): Promise<number> {
  const dispatcher = new Agent({ connections: SENDERS, pipelining: 1 });
  const began = performance.now();
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < said.length) {
      const n = next++;
      const early = began + (n / said.length) * seconds * 1_000 - performance.now();
      if (early > 0) await sleep(early);
      const { userId, text, click } = said[n]!;
      const answer = await request(`${rig.telegram.apiRoot}/_control/${click ? 'click' : 'send'}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_id: userId, ...(click ?? { text }) }),
        dispatcher,
      });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  await dispatcher.close();
  return performance.now() - began;
}

/** Subscriptions in the program's database; of one country only, where it is named. */
export function storedIn(database: string, country: string | null = null): number {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    return Number(
      db.prepare('select count(*) as n from subscriptions where ? is null or country = ?').get(country, country)!.n,
    );
  } finally {
    db.close();
  }
}

/** Newcomers with at least one message that matches, and how many messages those are. */
export async function reached(rig: Rig, people: number, regex: string): Promise<{ people: number; messages: number }> {
  const tally = await rig.telegram.tally(`(${regex})`, { per_chat: true, counts: true });
  const chats = new Map<number, number>();
  for (const [key, n] of Object.entries(tally.counts as Record<string, number>)) {
    const chat = Number.parseInt(key, 10);
    if (chat >= FIRST_NEWCOMER && chat < FIRST_NEWCOMER + people) chats.set(chat, (chats.get(chat) ?? 0) + n);
  }
  return { people: chats.size, messages: [...chats.values()].reduce((sum, n) => sum + n, 0) };
}

/** Matches the alert about a change, and no answer that lists it among what is open. */
export const alertOf = (change: string): string => `^(?!.*I watch here).*${change}`;

/** Until `count()` is no less than `wanted`, or the time is over: the last count, and how long it took, ms. */
export async function until(
  count: () => number | Promise<number>,
  wanted: number,
  ms: number,
): Promise<{ count: number; took: number }> {
  const began = performance.now();
  for (;;) {
    const now = await count();
    const took = performance.now() - began;
    if (now >= wanted || took > ms) return { count: now, took };
    await sleep(200);
  }
}

/** Official limits, nobody in the database, everybody known to Telegram. */
export async function rigOfNewcomers(people: number): Promise<Rig> {
  const rig = await Rig.create({ chats: 0, limits: 'official', rate: 27 });
  await rig.telegram.users(people, { first_id: FIRST_NEWCOMER, started: true });
  await rig.program.start();
  return rig;
}
