/** Screens as people see them: what comes first, what stays, what is asked. */
import { describe, expect, test } from 'vitest';
import { incident, NOW, translators } from '../render/support.ts';
import { createBot } from './support.ts';

const DAY = 86_400_000;
const recorded = (service: string) =>
  ({
    country: 'RU',
    service,
    action: 'block',
    method: null,
    since: NOW - 900 * DAY,
    monthOnly: false,
    reference: `https://record.example/${service}`,
  }) as const;
const LONG = ['telegram', 'signal', 'facebook', 'instagram', 'x', 'vk', 'youtube'].map(recorded);

describe('start', () => {
  test('somebody who follows already: what they follow and how it stands, no greeting', async () => {
    const bot = createBot();
    bot.tables.stored = [incident()];
    await bot.say('subscribe ru');
    const text = await bot.say('start');
    expect(text).toMatch(/^I watch here:\n• Russia: everything\nOf this, cut off now:\n• 🔴 Russia: WhatsApp blocked/u);
    expect(text).not.toContain('I am Tocsin');
  });

  test('a language that has a home: its country first, as a button and with what stands there', async () => {
    const bot = createBot({ baseline: [{ ...recorded('telegram'), country: 'IR' }] });
    bot.tables.stored = [incident()];
    const text = await bot.say('start', { lang: 'fa' });
    expect(text).toContain('[🇮🇷 ایران → subscribe IR +]');
    expect(text.indexOf('Telegram')).toBeLessThan(text.indexOf('WhatsApp'));
    expect(await bot.say('start')).not.toContain('subscribe IR');
  });

  test('onboarding: no answer takes the place of what was said', async () => {
    const bot = createBot();
    for (const press of ['subscribe country +', 'subscribe all +', 'timezone Berlin +', 'level early +'])
      expect((await bot.answer(press, { button: true }))!.replaces, press).toBe(false);
    expect((await bot.answer('level early', { button: true }))!.replaces).toBe(true);
  });
});

test.each([
  ['en', '🔴 Russia: WhatsApp – blocked, first reported 12 Feb, 11:05 UTC. I will write when that changes.'],
  ['ru', '🔴 Россия — WhatsApp: заблокировано, впервые сообщили 12 февраля в 11:05 UTC. Напишу, когда это изменится.'],
])('subscribe to one service of one country, in %s: how it stands now, in one line', async (lang, line) => {
  const bot = createBot();
  bot.tables.stored = [incident()];
  expect(await bot.say('subscribe ru whatsapp', { lang })).toContain(line);
});

describe('status of a country', () => {
  test('what changed of late, then five that have stood for long, by linked names; all of them on demand', async () => {
    const bot = createBot({ baseline: LONG });
    bot.tables.stored = [incident()];
    const text = await bot.say('status ru');
    expect(text).toMatch(/^Russia\n• 🔴 WhatsApp · blocked, first reported 12 Feb/u);
    expect(text).toContain('• 🔴 Telegram <https://record.example/telegram> · blocked since');
    expect(text).toContain('• 2 more');
    expect(text).toContain('[All 8 → status RU all]');
    expect(text).not.toContain('reference');
    const all = await bot.say('status RU all');
    expect(all).toContain('YouTube');
    expect(all).not.toMatch(/2 more|All 8/u);
  });

  test('nothing is wrong with the bot: not a word of it, and a button that tells', async () => {
    const text = await createBot().say('status ru');
    expect(text).not.toContain('The bot itself');
    expect(text).toContain('[How well do I see? → ping]');
  });
});

test('help and settings: six, and the others behind [More]', async () => {
  const bot = createBot();
  for (const [typed, more] of [
    ['help', 'help all'],
    ['settings', 'settings more'],
  ] as const) {
    const [first, whole] = [await bot.say(typed), await bot.say(more)];
    expect(first.match(/^• /gmu), typed).toHaveLength(6);
    expect(first).toContain(`→ ${more}]`);
    expect(whole.match(/^• /gmu)!.length, more).toBeGreaterThan(6);
    expect(whole).not.toContain(`→ ${more}]`);
  }
});

describe('the card for relatives', () => {
  test('in every language: what is cut by kind, as of when, where to look again; one screen', async () => {
    for (const { code } of translators.languages) {
      const bot = createBot({ baseline: LONG, site: 'https://tocsin.example' });
      bot.tables.stored = [incident(), incident({ id: 'RU-dw-1111', service: 'dw', action: 'throttle' })];
      const text = await bot.say('family ru', { lang: code });
      expect(text).toMatch(/🔴 .*WhatsApp.*Telegram/u);
      expect(text).toMatch(/🟠 .*Deutsche Welle/u);
      expect(text).toContain('tocsin.example');
      expect(text.length, code).toBeLessThan(700);
    }
  });

  test('no site: this bot’s name; no country: asks for one', async () => {
    expect(await createBot().say('family ru')).toMatch(/Check: @\w+/u);
    expect(await createBot().say('family')).toContain('family ru whatsapp');
  });

  test('neither site nor a name on the platform: our own name, once', async () => {
    const text = await createBot().say('family ru', { sender: 'nowhere:1' });
    expect(text.match(/Tocsin/gu)).toHaveLength(1);
  });
});
