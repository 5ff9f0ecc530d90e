/**
 * The hour that Tocsin exists for: people come all at once, under official limits, while an alert rings. The bounded form of
 * `bench/surge.ts`; all 2,000 come where everything is asked for.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allAskedFor } from '../rooms.ts';
import { alertOf, FIRST_NEWCOMER, reached, rigOfNewcomers, type Said, sayAll, storedIn, until } from './surge.ts';
import type { Rig } from './torture/rig.ts';

const PEOPLE = allAskedFor() ? 2_000 : 180;
const SECONDS = PEOPLE / 400;
/** Answers and alerts at 27/s take so long, and half as much again on a busy machine. */
const PATIENCE = 30_000 + ((2 * PEOPLE) / 27) * 1_500;
/** These change their minds within the surge: the first, whom nobody keeps waiting, and two in the crowd. */
const MINDS = [0, PEOPLE - 40, PEOPLE - 1];
let rig: Rig;

beforeAll(async () => {
  rig = await rigOfNewcomers(PEOPLE + 2);
});
afterAll(() => rig?.remove());

const texts = async (userId: number): Promise<string[]> =>
  (await rig.telegram.transcript({ chat_id: userId, from: 'bot' })).map((one) => String(one.text));

test('everybody at once: all stored within moments, all answered, the alert that rings meanwhile reaches all, nobody refuses us', async () => {
  const said = Array.from({ length: PEOPLE }, (_, n): Said[] => {
    const userId = FIRST_NEWCOMER + n;
    const first = { userId, text: '/subscribe all' };
    return MINDS.includes(n) ? [first, { userId, text: '/level early' }, { userId, text: '/status' }] : [first];
  }).flat();
  // Somebody holds a message with buttons since before the crowd came.
  const early = FIRST_NEWCOMER + PEOPLE + 1;
  await sayAll(rig, [{ userId: early, text: '/subscribe tr' }], 0);
  await until(async () => ((await texts(early)).length > 0 ? 1 : 0), 1, 10_000);
  await sayAll(rig, said, SECONDS);
  const pressed = await rig.telegram.post('click', { user_id: early, button: 'How sure?', wait_ms: 5_000 });
  expect(pressed.answer, 'a press is acknowledged while hundreds wait').toBeDefined();
  const stored = await until(() => storedIn(rig.database), PEOPLE + 1, 60_000);
  expect(stored.count).toBe(PEOPLE + 1);
  expect(stored.took).toBeLessThan(30_000);

  // A question and a change among a crowd that waits.
  const late = FIRST_NEWCOMER + PEOPLE;
  await sayAll(rig, [{ userId: late, text: '/subscribe ru whatsapp' }], 0);
  await sayAll(rig, [{ userId: late, text: '/subscribe ir' }], 0);
  await until(() => storedIn(rig.database), PEOPLE + 3, 10_000);
  const change = alertOf(rig.bell.ring());
  while ((await reached(rig, PEOPLE, change)).people === 0) await sleep(100);
  const [from, at] = [(await reached(rig, PEOPLE, change)).messages, performance.now()];
  await sleep(4_000);
  const alerts = ((await reached(rig, PEOPLE, change)).messages - from) / ((performance.now() - at) / 1_000);
  expect(alerts, 'alerts a second while answers wait').toBeGreaterThan(27 / 2);

  const answered = await until(async () => (await reached(rig, PEOPLE, 'I watch here')).people, PEOPLE, PATIENCE);
  const alerted = await until(async () => (await reached(rig, PEOPLE, change)).people, PEOPLE, PATIENCE);
  expect([answered.count, alerted.count]).toEqual([PEOPLE, PEOPLE]);
  const { served_429, violations } = await rig.telegram.stats();
  expect(served_429).toBeLessThanOrEqual(2);
  expect(violations).toEqual({});

  for (const n of MINDS.slice(1)) {
    const own = (await texts(FIRST_NEWCOMER + n)).filter((text) => text.includes('I watch here'));
    expect(own, `one answer for chat ${n}`).toHaveLength(1);
    expect(own[0]).toContain('How sure: early');
    expect(own[0]).toContain('I could not answer everything');
  }
  const mergedOnes = async () => (await texts(late)).filter((text) => text.includes('I watch here'));
  await until(async () => (await mergedOnes()).length, 1, PATIENCE);
  const merged = await mergedOnes();
  expect(merged).toHaveLength(1);
  expect(merged[0]).toMatch(/Iran: everything[\s\S]*Russia: WhatsApp/);
}, 600_000);
