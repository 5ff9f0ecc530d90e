/**
 * From the answer that holds a news item to the first message about it: 100,000 subscriptions of which 1,000 match, `rate: 0`, the queue empty
 * before each item. `node bench/latency.ts [items] [stored] [matching]`; about a second and a half an item, for feeds are polled once a second.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig } from '../test/e2e/torture/rig.ts';
import { quantile, round, say } from './shared.ts';

const items = Number(process.argv[2] ?? 200);
const stored = Number(process.argv[3] ?? 100_000);
const matching = Number(process.argv[4] ?? 1_000);

const rig = await Rig.create({
  chats: matching,
  stored,
  limits: 'off',
  rate: 0,
  follows: (n) => (n < matching ? ['*', '*'] : ['CU', 'viber']),
});
try {
  await rig.program.start();
  await sleep(1_500);
  const waits: number[] = [];
  for (let i = 0; i < items; i++) {
    const before = await rig.accepted();
    const change = rig.bell.ring();
    while ((await rig.accepted()) < before + matching) await sleep(30);
    const served = rig.bell.servedAt(i);
    const [first] = (await rig.telegram.transcript({ from: 'bot', regex: change, limit: matching + 1 }))
      .map((one) => Number(one.at))
      .sort((a, b) => a - b);
    // The first two warm the program up, as any that runs is.
    if (i >= 2) waits.push(first! - served);
    await sleep(100 + ((i * 7919) % 400));
  }
  const [p95, most] = [quantile(waits, 0.95), Math.max(...waits)];
  say({
    name: `item polled → first message, ${stored} subscriptions of which ${matching} match: p95 ms of ${waits.length}`,
    value: p95.toFixed(0),
    floor: 'p95 < 250 ms, none > 1,000 ms',
    ok: p95 < 250 && most <= 1_000,
    notes: `median ${round(quantile(waits, 0.5), 0)}, most ${round(most, 0)} ms; feed parsed in its worker, extracted, correlated, committed, filled, sent`,
  });
} finally {
  await rig.remove();
}
