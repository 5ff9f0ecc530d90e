/** People who all ask something at once, again and again, of two processes of which one is killed each time: an account of who was answered, and how often. */
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeTelegram } from '../../fakes/fake-telegram/client.ts';
import { FeedServer } from '../../fakes/feed-server.ts';
import { Program } from '../program.ts';
import { Bell } from './bell.ts';
import { randomOf } from './rig.ts';
import { ownSchema } from './schema.ts';

export interface CommandsOptions {
  seed: number;
  people: number;
  kills: number;
  /** `stop`: they are asked to end. Default: killed. */
  ends?: 'kill' | 'stop';
  /** A commit does not wait for the disk. */
  hurried?: boolean;
  say(line: string): void;
}

export interface CommandsReport {
  kills: number;
  commands: number;
  unanswered: number;
  /** Answers more than one a command, in all, and most after one kill. */
  repeats: number;
  mostRepeats: number;
  /** Chats that follow something else than they said last. */
  subscriptionsLost: number;
  refusals: number;
  /** From a kill until everybody was answered, the longest, ms. */
  longest: number;
}

const FIRST = 900_000_001;
const LANGUAGES = ['en', 'ru', 'de'];
/** A round of commands comes within so long, ms. */
const SPOKEN_IN = 1_500;
const ANSWERED_WITHIN = 60_000;
/** What would be said twice has come by then: questions and owed answers are given two seconds after a start. */
const SETTLES = 3_500;

interface Saying {
  text: string | null;
  /** What the chat follows of Kenya afterwards; absent = as before. */
  follows?: boolean;
}

/** What the n-th person says in a round; null = presses the first button of the newest message. */
function saying(n: number, round: number, follows: boolean): Saying {
  const by = <T>(en: T, ru: T, de: T): T => [en, ru, de][n % LANGUAGES.length]!;
  switch (round === 0 ? 3 : (n + round) % 10) {
    case 0:
    case 7:
      return { text: by('/subscribe ke', 'подпишись кения', 'folgen kenia'), follows: true };
    case 1:
      return { text: '/status ke' };
    case 2:
      return follows
        ? { text: by('/unsubscribe ke', 'отпишись кения', '/unsubscribe ke'), follows: false }
        : { text: '/ping' };
    case 4:
      return { text: null };
    case 5:
      return { text: by('status whatsapp', 'статус кения', 'lage kenia') };
    case 6:
      return { text: '/level confirmed' };
    case 8:
      return { text: '/subscriptions' };
    case 9:
      return { text: '/help' };
    default:
      return { text: '/settings' };
  }
}

export async function commands({
  seed,
  people,
  kills,
  ends = 'kill',
  hurried = false,
  say,
}: CommandsOptions): Promise<CommandsReport> {
  const random = randomOf(seed);
  const schema = await ownSchema({ hurried });
  const telegram = await FakeTelegram.start({ process: true, limits: 'official', maxMessages: 0 });
  for (const [i, language_code] of LANGUAGES.entries())
    for (let n = i; n < people; n += LANGUAGES.length)
      await telegram.user({ id: FIRST + n, started: true, language_code });
  const feeds = await FeedServer.start();
  const config = {
    database: schema.database,
    accounts: [{ id: 'tg', platform: 'telegram', token: telegram.token, apiRoot: telegram.apiRoot }],
    sources: [new Bell(feeds).source],
    network: { allowPrivateAddresses: true },
  };
  const programs = [await Program.create(config), await Program.create(config)] as const;
  const follows = Array.from({ length: people }, () => false);
  const report = { kills, commands: 0, unanswered: 0, repeats: 0, mostRepeats: 0, refusals: 0, longest: 0 };

  async function speak(n: number, round: number): Promise<void> {
    await sleep(random() * SPOKEN_IN);
    const { text, follows: now } = saying(n, round, follows[n]!);
    if (now !== undefined) follows[n] = now;
    if (text === null) await telegram.post('click', { user_id: FIRST + n, index: 0, wait_ms: 0 });
    else await telegram.post('send', { user_id: FIRST + n, text });
  }

  /** Messages and edits that each person has seen since then. */
  async function answers(since: number): Promise<number[]> {
    const counts = Array.from({ length: people }, () => 0);
    for (const { chat_id, at, edits = [], media } of await telegram.transcript({ from: 'bot', limit: 1_000_000 })) {
      const n = Number(chat_id) - FIRST;
      // A picture goes with the answer before it.
      if (media) continue;
      if (at >= since) counts[n]!++;
      for (const edit of edits) if (edit.at >= since) counts[n]!++;
    }
    return counts;
  }

  async function round(number: number, victim: Program | null): Promise<void> {
    const since = Date.now();
    const before = [...follows];
    const spoken = Promise.all(Array.from({ length: people }, (_, n) => speak(n, number)));
    let killed = performance.now();
    if (victim) {
      await sleep(random() * (SPOKEN_IN + people * 40));
      await victim[ends]();
      killed = performance.now();
      await victim.start();
    }
    await spoken;
    while ((await answers(since)).includes(0) && performance.now() - killed < ANSWERED_WITHIN) await sleep(250);
    report.longest = Math.max(report.longest, Math.round(performance.now() - killed));
    if (victim) await sleep(SETTLES);
    const counts = await answers(since);
    const repeats = counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0);
    report.commands += people;
    report.unanswered += counts.filter((count) => count === 0).length;
    report.repeats += repeats;
    report.mostRepeats = Math.max(report.mostRepeats, repeats);
    if (counts.includes(0) || repeats > 0)
      say(
        `round ${number}: ${JSON.stringify(
          counts.flatMap((count, n) => (count === 1 ? [] : [[saying(n, number, before[n]!).text, count]])),
        )}`,
      );
  }

  try {
    for (const one of programs) await one.start();
    await round(0, null);
    for (let n = 1; n <= kills; n++) await round(n, programs[n % 2]!);
    const rows = await schema.ask(
      `select c.chat::bigint as chat from chats c join subscriptions s on s.chat_id = c.id`,
    );
    const stored = new Set(rows.map(({ chat }) => Number(chat) - FIRST));
    const { served_429 } = await telegram.stats();
    return {
      ...report,
      subscriptionsLost: follows.filter((wanted, n) => wanted !== stored.has(n)).length,
      refusals: Number(served_429),
    };
  } catch (error) {
    for (const one of programs) say(one.tail());
    throw error;
  } finally {
    await Promise.all(programs.map((one) => one.remove()));
    await feeds.stop();
    await telegram.stop();
    await schema.drop();
  }
}
