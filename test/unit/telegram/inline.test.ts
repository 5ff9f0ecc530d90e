/** Inline queries: what Telegram gets for them, how many at a time, and when it asks to wait. */
import { expect, test } from 'vitest';
import { createInline, type Receiving, resultOf } from '../../../src/adapters/telegram/bot.ts';
import type { ApiClient } from '../../../src/adapters/telegram/client.ts';
import type { InlineEvent } from '../../../src/adapters/telegram/events.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import type { Question } from '../../../src/core/ports/chat-adapter.ts';
import { testDeps } from '../../contract/adapter-deps.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const paragraph = (text: string) => ({ type: 'paragraph' as const, inline: [{ bold: [text] }] });
const document = (...lines: string[]): MessageDocument => ({
  blocks: lines.map(paragraph),
  buttons: [],
  lang: 'en',
  tone: 'notice',
});
const event = (text: string, lang: string | null = null): InlineEvent => ({
  type: 'inline',
  from: { id: '7', name: 'Ann', lang, admin: true },
  queryId: `q ${text}`,
  text,
});

function world(status = 200, wait = Promise.resolve()) {
  const calls: { method: string; body: Record<string, unknown> }[] = [];
  const asked: Question[] = [];
  const clock = new FakeClock();
  const client: ApiClient = {
    async call(method, body) {
      calls.push({ method, body: JSON.parse(String(body)) });
      const parameters = status === 429 ? { parameters: { retry_after: 5 } } : {};
      return { kind: 'answer', status, body: { ok: status === 200, error_code: status, ...parameters } };
    },
    close: async () => undefined,
  };
  const handlers = {
    async asked(question: Question) {
      asked.push(question);
      await wait;
      return question.text === 'half' ? null : document('Russia: WhatsApp', 'blocked since 12 Feb');
    },
  };
  const inline = createInline({
    account: { id: 'tg', lang: 'ru' },
    deps: testDeps({ clock }),
    client,
    handlers,
    signal: new AbortController().signal,
  } as unknown as Receiving);
  return { inline, calls, asked, clock };
}

test('a question: one result that is the state, for its asker, kept for some seconds', async () => {
  const { inline, calls, asked } = world();
  await inline.answer(event('whatsapp ru', 'en'));
  expect(asked).toEqual([{ accountId: 'tg', text: 'whatsapp ru', sender: { id: 'telegram:7', lang: 'en' } }]);
  expect(calls).toEqual([
    {
      method: 'answerInlineQuery',
      body: {
        inline_query_id: 'q whatsapp ru',
        cache_time: 10,
        is_personal: true,
        results: [
          {
            type: 'article',
            id: 'status',
            title: 'Russia: WhatsApp',
            description: 'blocked since 12 Feb',
            input_message_content: {
              message_text: 'Russia: WhatsApp\n\nblocked since 12 Feb',
              entities: expect.any(Array),
              link_preview_options: { is_disabled: true },
            },
          },
        ],
      },
    },
  ]);
});

test('half a word, nothing to say: an empty list, so that the client does not wait', async () => {
  const { inline, calls } = world();
  await inline.answer(event('half'));
  expect(calls.map(({ body }) => body.results)).toEqual([[]]);
});

test('no language told: the account’s', async () => {
  const { inline, asked } = world();
  await inline.answer(event('ru'));
  expect(asked[0]?.sender.lang).toBe('ru');
});

test('a crowd: four at a time, the rest is left', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { inline, calls, asked } = world(200, promise);
  const all = Array.from({ length: 10 }, (_, n) => inline.answer(event(`q${n}`)));
  resolve();
  await Promise.all(all);
  expect([asked.length, calls.length]).toEqual([4, 4]);
  await inline.answer(event('later'));
  expect(calls.length).toBe(5);
});

test('Telegram asks to wait: nothing more until then', async () => {
  const { inline, calls, clock } = world(429);
  await inline.answer(event('one'));
  await inline.answer(event('two'));
  expect(calls.length).toBe(1);
  await clock.pass(5_000);
  await inline.answer(event('three'));
  expect(calls.length).toBe(2);
});

test('a long state: within Telegram’s bounds', () => {
  const long = resultOf(
    document('x'.repeat(500), ...Array.from({ length: 90 }, (_, n) => `line ${n} ${'y'.repeat(200)}`)),
  );
  const content = long.input_message_content as { message_text: string };
  expect(content.message_text.length).toBeLessThanOrEqual(4096);
  expect(long.title.length).toBeLessThanOrEqual(120);
  expect(long.description?.length).toBeLessThanOrEqual(240);
});
