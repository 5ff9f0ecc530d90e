/**
 * Under official limits at the default pace (27/s): how even a broadcast to 2,000 chats is, and how soon `/status` and `/ping` are answered while one to
 * 20,000 runs and people ask seven things a second. `node bench/pacing.ts [chats] [asks]`; about three minutes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig } from '../test/e2e/torture/rig.ts';
import type { FakeUser } from '../test/fakes/fake-telegram/client.ts';
import { quantile, round, say } from './shared.ts';

const chats = Number(process.argv[2] ?? 2_000);
const asks = Number(process.argv[3] ?? 420);
const RATE = 27;

async function even(): Promise<void> {
  const rig = await Rig.create({ chats, limits: 'official', rate: RATE });
  try {
    await rig.program.start();
    const change = rig.bell.ring();
    await rig.untilHeard(chats * 60, [change]);
    const seen = await rig.telegram.transcript({ from: 'bot', regex: change, limit: chats + 1 });
    const times = seen.map((one) => Number(one.at)).sort((a, b) => a - b);
    const [from, to] = [Math.floor(times.length * 0.1), Math.floor(times.length * 0.9)];
    const rate = ((to - from) / (times[to]! - times[from]!)) * 1_000;
    const { served_429, violations } = await rig.telegram.stats();
    const during = Number(violations.sent_during_flood_wait ?? 0);
    say({
      name: `${chats} chats, official limits, 27/s: messages/s over the middle four fifths`,
      value: rate.toFixed(2),
      bare: `${RATE} (the pace itself)`,
      ratio: rate / RATE,
      floor: '≥ 26.5/s, 0 sends in a flood wait, ≤ 2 refusals',
      ok: rate >= 26.5 && during === 0 && served_429 <= 2,
      notes: `${served_429} refusals, ${during} sends in a flood wait`,
    });
  } finally {
    await rig.remove();
  }
}

/** Each of these, by turns, with its floor for p95, ms. */
const ASKED = { '/status ru': 120, '/ping': 60 };
const A_SECOND = 7;

async function asked(): Promise<void> {
  const rig = await Rig.create({ chats: 20_000, limits: 'official', rate: RATE });
  try {
    await rig.program.start();
    const people: FakeUser[] = [];
    for (let i = 0; i < 100; i++) people.push(await rig.telegram.user({ first_name: `Ann ${i}` }));
    const change = rig.bell.ring();
    while ((await rig.heard([change])).total < 30) await sleep(100);
    const [from, at] = [(await rig.heard([change])).total, performance.now()];
    const words = Object.keys(ASKED) as (keyof typeof ASKED)[];
    const waits = Object.fromEntries(words.map((word) => [word, [] as number[]])) as Record<
      (typeof words)[number],
      number[]
    >;
    const asking: Promise<void>[] = [];
    for (let i = 0; i < asks; i++) {
      const person = people[i % people.length]!;
      const word = words[i % words.length]!;
      asking.push(
        (async () => {
          const { message } = await person.send(word);
          const answer = await person.chat.waitFor({ after_message_id: message.message_id, timeout_ms: 20_000 });
          waits[word].push(Number(answer.at) - Number(message.at));
        })(),
      );
      // At uneven moments.
      await sleep(((200 + ((i * 7919) % 1_600)) / 1_000) * (1_000 / A_SECOND));
    }
    await Promise.all(asking);
    const alerts = ((await rig.heard([change])).total - from) / ((performance.now() - at) / 1_000);
    const { served_429 } = await rig.telegram.stats();
    for (const word of words) {
      const p95 = quantile(waits[word], 0.95);
      say({
        name: `${word} while a broadcast to 20,000 chats runs and ${A_SECOND} a second ask: p95 ms`,
        value: p95.toFixed(0),
        floor: `p95 < ${ASKED[word]} ms`,
        ok: waits[word].length === asks / words.length && p95 < ASKED[word],
        notes: `median ${round(quantile(waits[word], 0.5), 0)}, most ${round(Math.max(...waits[word]), 0)} ms of ${waits[word].length}; ${round(alerts, 1)} alerts/s meanwhile; ${served_429} refusals`,
      });
    }
  } finally {
    await rig.remove();
  }
}

await even();
await asked();
