/** The bounded form of `bench/pacing.ts`, with bounds that a busy machine keeps. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig } from './torture/rig.ts';

const CHATS = 300;
let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ chats: CHATS, limits: 'official', rate: 27 });
  await rig.program.start();
});
afterAll(() => rig?.remove());

test('a broadcast under official limits: an even pace, no refusal, and people are answered meanwhile', async () => {
  const people = await Promise.all(Array.from({ length: 4 }, (_, i) => rig.telegram.user({ first_name: `Ann ${i}` })));
  const change = rig.bell.ring();
  while ((await rig.heard([change])).total < 20) await sleep(50);
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    const person = people[i % people.length]!;
    const { message } = await person.send('/status tr');
    const answer = await person.chat.waitFor({ after_message_id: message.message_id, timeout_ms: 15_000 });
    waits.push(Number(answer.at) - Number(message.at));
    await sleep(300);
  }
  const { total } = await rig.heard([change]);
  expect(total, 'the broadcast still ran when the last was answered').toBeLessThan(CHATS);
  expect(Math.max(...waits)).toBeLessThan(3_000);

  await rig.untilHeard(60_000, [change]);
  const { doubled } = await rig.heard([change]);
  expect(doubled).toBe(0);
  const sent = (await rig.telegram.transcript({ from: 'bot', limit: 2 * CHATS })).map((one) => Number(one.at));
  const times = sent.sort((a, b) => a - b).slice(20, -20);
  const rate = (times.length - 1) / ((times.at(-1)! - times[0]!) / 1_000);
  expect(rate).toBeGreaterThan(20);
  expect(rate).toBeLessThan(28.5);
  const { served_429, violations } = await rig.telegram.stats();
  expect(served_429).toBeLessThanOrEqual(2);
  expect(violations).toEqual({});
}, 120_000);
