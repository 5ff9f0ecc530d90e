/** A chat's board: what is done about it when, what it shows, and how it is switched on and off. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AGAIN_AFTER, contentOf, EDIT_EVERY, planBoard, REFRESH_EVERY, renderBoard } from '../../../src/core/board.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import type { Board } from '../../../src/core/ports/store.ts';
import { createFold, type Facts } from '../../../src/core/state/fold.ts';
import { createBot } from '../commands/support.ts';
import { chat } from '../outbox/samples.ts';
import { asText, incident, NOW, translators } from '../render/support.ts';

const board = (over: Partial<Board> = {}): Board => ({
  chatId: 1,
  noticeId: 'n1',
  messageRef: '7',
  pending: false,
  failed: null,
  shown: 'a',
  changedAt: NOW - EDIT_EVERY,
  pinned: true,
  ...over,
});

describe('what is done', () => {
  test.each([
    ['none yet', board({ noticeId: null, messageRef: null, changedAt: 0 }), 'a', 'send', 'first'],
    ['its message is under way', board({ messageRef: null, pending: true }), 'b', 'wait', 'under-way'],
    ['it has come, and is not pinned', board({ pinned: false }), 'a', 'pin', 'new'],
    ['nothing has changed', board(), 'a', 'wait', 'up-to-date'],
    ['something has', board(), 'b', 'edit', 'changed'],
    ['something has, a moment after the last change', board({ changedAt: NOW - 1_000 }), 'b', 'wait', 'too-soon'],
    ['nothing for hours', board({ changedAt: NOW - REFRESH_EVERY }), 'a', 'edit', 'refresh'],
    ['its message was deleted', board({ failed: 'edit' }), 'a', 'send', 'deleted'],
    ['deleted again at once', board({ failed: 'edit', changedAt: NOW - 1_000 }), 'a', 'wait', 'too-soon'],
    ['the chat moved', board({ messageRef: null }), 'a', 'send', 'lost'],
    ['nobody may write', board({ failed: 'send', messageRef: null }), 'a', 'wait', 'refused'],
    [
      'nobody might write an hour ago',
      board({ failed: 'send', messageRef: null, changedAt: NOW - AGAIN_AFTER }),
      'a',
      'send',
      'again',
    ],
    ['the clock was set back by a day', board({ changedAt: NOW + 86_400_000 }), 'b', 'edit', 'changed'],
  ] as const)('%s', (_name, one, content, what, why) => {
    expect(planBoard(one, content, NOW)).toEqual({ do: what, why });
  });

  const any = fc.record({
    noticeId: fc.constantFrom(null, 'n1'),
    messageRef: fc.constantFrom(null, '7'),
    pending: fc.boolean(),
    failed: fc.constantFrom(null, 'send' as const, 'edit' as const),
    shown: fc.constantFrom('a', 'b'),
    changedAt: fc.integer({ min: NOW - 86_400_000, max: NOW }),
    pinned: fc.boolean(),
  });

  test('whatever its state: two changes of a chat are a minute apart, but for the very first message', () => {
    fc.assert(
      fc.property(any, fc.constantFrom('a', 'b'), (state, content) => {
        const plan = planBoard(board(state), content, NOW);
        const first = state.noticeId === null;
        if ((plan.do === 'send' || plan.do === 'edit') && !first)
          expect(NOW - state.changedAt).toBeGreaterThanOrEqual(EDIT_EVERY);
        if (plan.do === 'edit' || plan.do === 'pin') expect(state.messageRef).not.toBeNull();
        if (state.pending) expect(plan.do).toBe('wait');
      }),
    );
  });

  test('whatever happens to it: within a day it shows what is true, or waits for its outbox', () => {
    fc.assert(
      fc.property(any, (state) => {
        const plan = planBoard(
          board({ ...state, shown: 'old', pinned: true, changedAt: NOW - 86_400_000 }),
          'new',
          NOW,
        );
        expect(plan.do === 'send' || plan.do === 'edit' || state.pending).toBe(true);
      }),
    );
  });
});

const statesOf = (incidents: readonly Incident[], over: Partial<Facts> = {}) => {
  const fold = createFold({ incidents, ...over }, NOW);
  return fold.keys().map((key) => fold.at(key));
};

describe('what it shows', () => {
  const shown = [incident(), incident({ id: 'RU-signal-1111', service: 'signal' })];

  test.each([
    ['en', 'Cut off now, of what is followed here', 'As of 14 Feb, 12:00 UTC. I keep this message up to date.'],
    ['ru', 'Что закрыто сейчас из того, за чем здесь следят', 'Обновлено 14 февраля'],
  ])('in %s: what is open, with ids, and as of when', (lang, head, foot) => {
    const text = asText(
      renderBoard(chat({ lang }), { states: statesOf(shown), timeline: [] }, translators.of(lang), NOW),
    );
    for (const part of [head, foot, 'WhatsApp', 'Signal', 'RU-whatsapp-3f9k']) expect(text).toContain(part);
  });

  test('nothing is open: says what it knows, and no more', () => {
    const document = renderBoard(chat(), { states: [], timeline: [] }, translators.of('en'), NOW);
    expect(asText(document)).toContain('Nothing new that I know of is cut off now.');
    expect(document.tone).toBe('notice');
  });

  test('what stands on record is shown, too: nobody reads that nothing is cut off in Iran', () => {
    const record = { by: 'record', country: 'IR', service: 'facebook', action: 'block', method: null } as const;
    const standing = [{ ...record, since: Date.UTC(2009, 5, 1), monthOnly: true, reference: 'https://a.example/' }];
    const states = statesOf([], { standing });
    const text = asText(renderBoard(chat(), { states, timeline: [] }, translators.of('en'), NOW));
    expect(text).toContain('Restricted for long, by the public record:\n• 🔴 Iran: Facebook · blocked since Jun 2009');
  });

  test('a hundred: twenty, and how many more', () => {
    const many = Array.from({ length: 100 }, (_, n) => incident({ id: `RU-x-${n}`, service: `s${n}` }));
    const text = asText(renderBoard(chat(), { states: statesOf(many), timeline: [] }, translators.of('en'), NOW));
    expect(text.match(/RU-x-/g)).toHaveLength(20);
    expect(text).toContain('80');
  });

  test('its content changes with what is shown, how many there are, language and zone, and not with time', () => {
    const of = (open = shown, over = {}) => contentOf(chat(over), { states: statesOf(open) });
    expect(of()).toBe(of());
    for (const other of [
      of(shown.slice(1)),
      of([{ ...shown[0]!, version: 2 }, shown[1]!]),
      of(shown, { lang: 'ru' }),
      of(shown, { timeZone: 'Europe/Moscow' }),
      of([]),
    ])
      expect(other).not.toBe(of());
  });
});

describe.each(translators.languages.map(({ code }) => code))('/board, in %s', (lang) => {
  test('what it is, on, and off', async () => {
    const bot = createBot();
    const say = (text: string) => bot.say(text, { lang, chat: '-1', chatKind: 'group' });
    const words = translators.of(lang);
    const has = () => [...bot.tables.withBoard];
    expect(await say('/board')).toContain('/board on');
    expect([await say('/board on'), has()]).toEqual([expect.stringContaining(words.say('board.made')), [1]]);
    expect(await say('/board')).toContain('/board off');
    expect([await say('/board off'), has()]).toEqual([expect.stringContaining(words.say('board.ended')), []]);
    expect(await say('/board off')).toContain('/board on');
    // Twice: a new message, which is pinned if that is allowed by now.
    await say('/board on');
    await say('/board on');
    expect([has(), bot.tables.boardsMade]).toEqual([[1], 3]);
  });
});

test('/board: only admins of a group', async () => {
  const bot = createBot();
  expect(await bot.say('/board on', { chatKind: 'group', chat: '-1', admin: false })).toContain('Only admins');
  expect(bot.tables.withBoard.size).toBe(0);
});
