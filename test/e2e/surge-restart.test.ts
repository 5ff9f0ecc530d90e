/** Killed and stopped while a crowd waits: no command is lost, and whoever waited is still told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIRST_NEWCOMER, reached, rigOfNewcomers, type Said, sayAll, storedIn, until } from './surge.ts';
import type { Rig } from './torture/rig.ts';

const PEOPLE = 360;
let rig: Rig;
beforeAll(async () => {
  rig = await rigOfNewcomers(PEOPLE + 2 * 8);
});
afterAll(() => rig?.remove());

const people = (from: number, count: number, text = '/subscribe all'): Said[] =>
  Array.from({ length: count }, (_, n) => ({ userId: FIRST_NEWCOMER + from + n, text }));

test('killed in the middle of it: everybody is stored, in the order of their commands', async () => {
  // One after the other, so that Telegram has each person's commands in this order.
  const saying = (async () => {
    for (const text of ['/subscribe tr', '/unsubscribe all yes', '/subscribe ru'])
      await sayAll(rig, people(0, 120, text), 0.25);
  })();
  await sleep(400);
  await rig.program.kill();
  await saying;
  await rig.program.start();
  await until(() => storedIn(rig.database, 'RU'), 120, 30_000);
  await sleep(1_000);
  expect({ ru: storedIn(rig.database, 'RU'), tr: storedIn(rig.database, 'TR') }).toEqual({ ru: 120, tr: 0 });
}, 240_000);

test('killed while all wait, then stopped while some wait: all are answered with what they follow', async () => {
  await sayAll(rig, people(120, 240), 0.5);
  await until(() => storedIn(rig.database), PEOPLE, 30_000);
  await rig.program.kill();
  await rig.program.start();
  await sleep(1_500);
  expect(await rig.program.stop()).toBe(0);
  await rig.program.start();
  // Whose command Telegram gave once more is told that it was done.
  const told = () => reached(rig, PEOPLE, 'I (?:already )?watch here:\n• everything');
  expect((await until(async () => (await told()).people, 240, 60_000)).count).toBe(240);
  await sleep(2_000);
  // Once, but for what was on its way at the kill, and in the quarter of a second before.
  expect((await told()).messages).toBeLessThanOrEqual(240 + 15);
  const { served_429 } = await rig.telegram.stats();
  expect(served_429).toBeLessThanOrEqual(2);
}, 240_000);

/** A second try is of others. */
let tries = 0;

test('killed within half a second of a change, nobody else writing, eight times: each is answered, and not again after the next kill', async () => {
  const first = PEOPLE + 8 * tries++;
  const reachedOf = (people: number) => reached(rig, people, 'I (?:already )?watch here:\n• Kazakhstan');
  const answered = async () => {
    const [others, all] = [await reachedOf(first), await reachedOf(first + 8)];
    return { people: all.people - others.people, messages: all.messages - others.messages };
  };
  for (let i = 0; i < 8; i++) {
    const saying = sayAll(rig, people(first + i, 1, '/subscribe kz'), 0);
    await sleep(Math.random() * 500);
    await rig.program.kill();
    await saying;
    await rig.program.start();
  }
  expect((await until(async () => (await answered()).people, 8, 60_000)).count).toBe(8);
  // What was answered is not answered again; only what Telegram gave once more may have been, at the kill.
  await sleep(3_000);
  const { messages } = await answered();
  expect(messages).toBeLessThanOrEqual(2 * 8);
  await rig.program.kill();
  await rig.program.start();
  await sleep(4_000);
  expect((await answered()).messages).toBe(messages);
}, 240_000);
