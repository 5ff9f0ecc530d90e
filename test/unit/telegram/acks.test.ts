import { expect, test } from 'vitest';
import { createAcks } from '../../../src/adapters/telegram/bot.ts';
import type { Answer, ApiClient } from '../../../src/adapters/telegram/client.ts';
import { MAX_POPUP, popupOf } from '../../../src/adapters/telegram/render.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const done: Answer = { kind: 'answer', status: 200, body: { ok: true, result: true } };
const later = (seconds: number): Answer => ({
  kind: 'answer',
  status: 429,
  body: { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: seconds } },
});

function world(answer: (n: number) => Answer) {
  const clock = new FakeClock();
  const calls: { at: number; id: string }[] = [];
  let underWay = 0;
  const most = { atOnce: 0 };
  const client: ApiClient = {
    async call(_, body) {
      most.atOnce = Math.max(most.atOnce, ++underWay);
      calls.push({ at: clock.monotonic(), id: JSON.parse(String(body)).callback_query_id });
      await clock.sleep(50);
      underWay--;
      return answer(calls.length);
    },
    close: async () => undefined,
  };
  return { acks: createAcks(client, clock, new AbortController().signal), calls, clock, most };
}

test('hundreds of presses at once: each is answered once, a few at a time', async () => {
  const { acks, calls, clock, most } = world(() => done);
  for (let i = 0; i < 400; i++) acks.add({ queryId: String(i), popup: null });
  await clock.pass(10_000);
  expect(new Set(calls.map((one) => one.id)).size).toBe(400);
  expect(calls).toHaveLength(400);
  expect(most.atOnce).toBe(12);
});

test('Telegram asks to wait: nothing goes before that, and what is too old by then is left', async () => {
  const { acks, calls, clock } = world((n) => (n === 1 ? later(20) : done));
  acks.add({ queryId: 'first', popup: null });
  await clock.pass(100);
  acks.add({ queryId: 'old', popup: null });
  await clock.pass(10_000);
  acks.add({ queryId: 'new', popup: 'x' });
  expect(calls).toHaveLength(1);
  await clock.pass(15_000);
  expect(calls.map((one) => one.id)).toEqual(['first', 'new']);
  expect(calls[1]!.at).toBeGreaterThanOrEqual(20_000);
});

test('a document as a popup: whole words, within the bound, with the bot’s name', () => {
  const text = (length: number) => ({
    blocks: [{ type: 'paragraph' as const, inline: ['word '.repeat(length).trim()] }],
    buttons: [],
    lang: 'en',
    tone: 'notice' as const,
  });
  expect(popupOf(text(2), 'tocsin_bot')).toBe('word word\n→ @tocsin_bot');
  for (const length of [30, 36, 37, 38, 1_000]) {
    const popup = popupOf(text(length), 'a'.repeat(32));
    expect(popup.length).toBeLessThanOrEqual(MAX_POPUP);
    expect(popup).toMatch(/word…?\n→ @a{32}$/);
  }
  const emoji = { ...text(1), blocks: [{ type: 'paragraph' as const, inline: ['🔴'.repeat(200)] }] };
  expect(popupOf(emoji, 'tocsin_bot').isWellFormed()).toBe(true);
});
