/** Many people write at once: what a command changes is changed, and only the answer is another one. */
import { expect, test } from 'vitest';
import type { RouterAnswer } from '../../../src/core/commands/context.ts';
import { createIntake } from '../../../src/core/commands/intake.ts';
import { type Merged, NOTHING, type Reply } from '../../../src/core/outbox/reply-queue.ts';
import { asText, incident } from '../render/support.ts';
import { type Say, createBot } from './support.ts';

/** Says it while a crowd waits; what the answer says when its turn comes. */
async function inCrowd(bot: ReturnType<typeof createBot>, text: string, how: Say = {}) {
  const answer = (await bot.answer(text, { ...how, crowded: true }))!;
  const later = async (merged: Partial<Merged>) => asText((await answer.later({ ...NOTHING, ...merged }))!);
  return { answer, later };
}

test('subscribe twice: both are stored at once, one answer tells both, and what is open of them', async () => {
  const bot = createBot();
  bot.tables.stored.push(incident());
  await inCrowd(bot, 'subscribe ru');
  const { answer, later } = await inCrowd(bot, 'subscribe ir');
  expect(answer.kind).toBe('change');
  expect(bot.tables.follows()).toEqual(['IR *', 'RU *']);
  const text = await later({ changed: true });
  for (const part of ['Iran: everything', 'Russia: everything', 'cut off now', 'WhatsApp'])
    expect(text).toContain(part);
  expect(text.length).toBeLessThan(600);
});

test.each([
  ['unsubscribe ru', 'Done. I watch nothing here now'],
  ['unsubscribe all yes', 'Done. I watch nothing here now'],
  ['mute ru for 8h', 'Muted: Russia: everything'],
  ['level early', 'How sure: early'],
  ['timezone Europe/Moscow', 'time zone: Europe/Moscow'],
  ['forget yes', 'I keep nothing about you here'],
])('%s: carried out, and the chat’s state says so', async (command, expected) => {
  const bot = createBot();
  await bot.say('subscribe ru');
  const { answer, later } = await inCrowd(bot, command);
  expect(answer.kind).toBe('change');
  expect(await later({ changed: true })).toContain(expected);
});

test('language: the answer is in the one that was chosen', async () => {
  const bot = createBot();
  await bot.say('subscribe ru');
  const { later } = await inCrowd(bot, 'language ru');
  expect(await later({ changed: true })).toMatch(/Готово! Слежу за:[\s\S]*язык — Русский/);
});

test('a question: put off, then answered from what is true by then', async () => {
  const bot = createBot();
  const { answer, later } = await inCrowd(bot, 'subscriptions');
  expect(answer).toMatchObject({ kind: 'question', documents: [] });
  await inCrowd(bot, 'subscribe tr');
  expect(await later({ asked: true })).toContain('Türkiye: everything');
});

test.each([
  ['en', 'I could not answer everything', 'I did not carry out your last commands'],
  ['ru', 'На всё ответить не успеваю', 'последние команды я не выполнил'],
])(
  'questions without an answer and commands past a budget: one line each, in %s',
  async (lang, unanswered, dropped) => {
    const bot = createBot();
    const { later } = await inCrowd(bot, 'ping', { lang });
    const text = await later({ asked: true, unanswered: 3, dropped: true });
    expect(text).toContain(unanswered);
    expect(text).toContain(dropped);
    expect(text.split(unanswered)).toHaveLength(2);
  },
);

test('not understood: said beside the state, with “nothing was changed”', async () => {
  const bot = createBot();
  await inCrowd(bot, 'subscribe ru');
  const { answer, later } = await inCrowd(bot, 'subscribe qqqqqq');
  expect(answer.kind).toBe('text');
  const text = await later({ changed: true, text: answer.documents[0]! });
  expect(text).toMatch(/Russia: everything[\s\S]*I do not know “qqqqqq”[\s\S]*Nothing was changed/);
});

test('an operator retracts in a crowd: done, and answered in full', async () => {
  const bot = createBot();
  const { answer } = await inCrowd(bot, 'retract RU-whatsapp-3f9k because it was wrong', { sender: 'telegram:1' });
  expect(bot.retracted).toHaveLength(1);
  expect(answer.asker).toBe('operator');
  expect(asText(answer.documents[0]!)).toContain('is withdrawn');
});

test('a deep link that subscribes: no question, however many wait', async () => {
  const bot = createBot();
  await inCrowd(bot, 'start ru_whatsapp');
  expect(bot.tables.follows()).toEqual(['RU whatsapp']);
});

test('whoever asked far too much: may still unsubscribe, and is one who floods', async () => {
  const bot = createBot();
  await bot.say('subscribe ru');
  for (let i = 0; i < 100; i++) await bot.say('ping');
  expect(await bot.say('unsubscribe ru')).toContain('No longer followed');
  await bot.clock.pass(10_000);
  expect((await bot.answer('ping'))?.asker).toBe('flooder');
  await bot.clock.pass(60_000);
  expect((await bot.answer('ping'))?.asker).toBe('person');
});

test('commands past the budget: said once, and again only when the time that it names is over', async () => {
  const bot = createBot();
  const said: number[] = [];
  for (let second = 0; second < 40; second++) {
    for (let i = 0; i < 20; i++) if ((await bot.say('ping')).includes('did not carry out')) said.push(second);
    await bot.clock.pass(1_000);
  }
  expect(said).toEqual([0, 30]);
});

test('a tap in a picker, in a crowd: followed at once, and the merged answer says so', async () => {
  const bot = createBot();
  await inCrowd(bot, 'subscribe country', { button: true });
  const { answer, later } = await inCrowd(bot, 'subscribe country +RU', { button: true });
  expect(bot.tables.follows()).toEqual(['RU *']);
  expect(answer.kind).toBe('change');
  expect(await later({ changed: true })).toContain('Russia: everything');
});

test('a group whose members all try to change it: its admin still can', async () => {
  const bot = createBot();
  for (let i = 0; i < 300; i++)
    await bot.answer('subscribe ru', { chatKind: 'group', sender: `telegram:${i + 10}`, admin: false });
  expect(await bot.say('subscribe ru', { chatKind: 'group', sender: 'telegram:5' })).toContain('Done');
});

test('a hundred chats that take the bot in by one person’s hand: all greeted', async () => {
  const bot = createBot();
  const replies: Reply[] = [];
  const sender = () => ({ reply: (one: Reply) => void replies.push(one), crowded: () => false });
  const intake = createIntake({
    store: bot.tables.asStore(),
    router: () => bot.router,
    log: bot.log,
    sender,
  });
  const inviter = { id: 'matrix:@ann:hs', name: 'Ann', lang: 'en', isAdmin: async () => true };
  for (let i = 0; i < 110; i++) {
    const address = { accountId: 'm', chat: `!${i}:hs`, thread: null };
    await intake({ kind: 'joined', address, chatKind: 'group', sender: inviter });
  }
  const greeted = replies.filter((one) => one.document && asText(one.document).includes('Hello! I am Tocsin'));
  expect(new Set(greeted.map((one) => one.address.chat)).size).toBe(110);
});

test('a failing store: an apology, whatever waits', async () => {
  const bot = createBot();
  bot.tables.broken = new Error('disk full');
  const answer: RouterAnswer | null = await bot.answer('subscribe ru', { crowded: true });
  expect(asText(answer!.documents[0]!)).toContain('Something went wrong on my side');
});
