/** A process that ends while a crowd waits: the next one tells each chat what it follows. */
import { expect, test } from 'vitest';
import { createOwedAnswers } from '../../../src/core/commands/owed-answers.ts';
import { NOTHING, type OwedAnswer, type Reply } from '../../../src/core/outbox/answer-plan.ts';
import type { DurableState } from '../../../src/core/ports/state.ts';
import { asText } from '../render/support.ts';
import { createBot } from './support.ts';

function world() {
  const bot = createBot();
  const kept = new Map<string, unknown>();
  const state: DurableState = {
    get: async (key) => structuredClone(kept.get(key)),
    set: async (key, value) => void kept.set(key, structuredClone(value)),
    delete: async (key) => void kept.delete(key),
  };
  const now = { owed: [] as OwedAnswer[], crowded: false };
  const replies: Reply[] = [];
  const open = () =>
    createOwedAnswers({
      accounts: ['tg'],
      sender: () => ({ reply: (one) => void replies.push(one), crowded: () => now.crowded, owed: () => now.owed }),
      router: bot.router,
      store: { ...bot.tables.asStore(), state: () => state },
      clock: bot.clock,
      log: bot.log,
    });
  return { bot, kept, now, replies, open };
}
const owed = (chat: string): OwedAnswer => ({ chat, thread: null, group: false });

test('killed in a crowd: after the start the chat is answered with its state, in its language; one that was forgotten is not', async () => {
  const { bot, now, replies, open } = world();
  await bot.say('subscribe ru', { chat: '100', lang: 'ru' });
  const before = open();
  const stop = new AbortController();
  const loop = before.loop(stop.signal);
  now.owed = [owed('100'), owed('200')];
  now.crowded = true;
  await bot.clock.pass(2_500);
  stop.abort();
  await loop;

  await open().restore();
  expect(replies.map((one) => one.address.chat)).toEqual(['100', '200']);
  const [first, second] = await Promise.all(replies.map((one) => one.later!({ ...NOTHING, changed: true })));
  expect(asText(first!)).toMatch(/Готово. Этот чат следит:[\s\S]*Россия/);
  expect(second).toBeNull();
});

test('few people write: nothing is written down until the end; then nothing is left behind when all were answered', async () => {
  const { bot, kept, now, open } = world();
  const one = open();
  const stop = new AbortController();
  const loop = one.loop(stop.signal);
  now.owed = [owed('100')];
  await bot.clock.pass(10_000);
  expect(kept.size).toBe(0);
  stop.abort();
  await loop;
  await one.save();
  expect(kept.get('owed')).toEqual([owed('100')]);

  const next = open();
  await next.restore();
  now.owed = [];
  await next.save();
  expect(kept.size).toBe(0);
});

test('a state that is none of ours: no crash, nobody is answered', async () => {
  const { kept, replies, open } = world();
  kept.set('owed', 'nonsense');
  await open().restore();
  expect(replies).toEqual([]);
});
