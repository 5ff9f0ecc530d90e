/** `/settings`: every setting with its value, changed in place. */
import { describe, expect, test } from 'vitest';
import { translators } from '../render/support.ts';
import { createBot } from './support.ts';

describe.each(translators.languages.map(({ code }) => code))('how sure, in %s', (lang) => {
  test('named once, what it means in brackets: no line has two colons', async () => {
    for (const level of ['early', 'corroborated', 'confirmed'] as const) {
      const bot = createBot();
      await bot.say(`level ${level}`, { lang });
      const [name, what] = translators
        .of(lang)
        .say(`level.${level}`)
        .split(/\s*[:：]\s*/u) as [string, string];
      const menu = (await bot.say('settings', { lang })).split('\n').filter((line) => line.includes(what));
      expect(menu).toEqual([expect.stringMatching(new RegExp(`[:：]\\s?${name}\\s?[(（]${what}[)）]$`, 'u'))]);
      expect(menu[0]!.match(/[:：]/gu)).toHaveLength(1);
      for (const text of [await bot.say('level', { lang }), await bot.say('subscribe ru', { lang })])
        for (const line of text.split('\n').filter((one) => one.includes(what) && !one.includes('/level')))
          expect(line.match(/[:：]/gu), line).toHaveLength(1);
    }
  });
});

describe('the menu', () => {
  test('a switch: pressed, the menu stays and shows the new value, and its button is the other way', async () => {
    const bot = createBot();
    const answer = (await bot.answer('settings sound off', { button: true }))!;
    expect(answer.replaces).toBe(true);
    expect(bot.tables.rows[0]!.settings.sound).toBe(false);
    expect(await bot.say('settings')).toMatch(/• Sound: off[\s\S]*Turn sound on → settings sound on/u);
    await bot.say('settings sound on');
    expect(await bot.say('settings')).toContain('• Sound: on');
  });

  test('quiet hours: what they are, likely ones as buttons, others typed, critical ones let through, and the way back', async () => {
    const bot = createBot();
    await bot.say('timezone Europe/Moscow');
    const page = await bot.say('settings quiet');
    expect(page).toContain('Quiet hours: off');
    expect(page).toContain('23:00–08:00 → settings quiet 23:00-08:00');
    expect(page).toContain('/settings quiet 22:30-06:45');
    expect(page).not.toContain('UTC');
    const set = await bot.say('settings quiet 23-8');
    expect(set).toContain('Quiet hours: 23:00–08:00');
    expect(set).toContain('Let critical alerts ring → settings critical on');
    expect(await bot.say('settings critical on')).toContain('23:00–08:00; what is critical rings all the same');
    expect(bot.tables.rows[0]!.settings.quiet).toEqual({ from: 1_380, to: 480, critical: true });
    expect(await bot.say('settings quiet off')).toContain('Quiet hours: off');
    expect(await bot.say('settings critical on')).toContain('Choose quiet hours first.');
  });

  test('without a time zone: says that the hours are those of UTC', async () => {
    const bot = createBot();
    expect(await bot.say('settings quiet 23-8')).toContain('times of UTC: /timezone');
    expect(await bot.say('settings digest daily 9:00')).toContain('times of UTC: /timezone');
  });

  test('nonsense: says so, shows what may be chosen, and keeps nothing', async () => {
    const bot = createBot();
    expect(await bot.say('settings quiet sometimes')).toMatch(
      /I do not understand “sometimes” here\.[\s\S]*Quiet hours: off/u,
    );
    expect(await bot.say('settings volume 11')).toMatch(
      /I do not understand “volume 11” here\.[\s\S]*Settings of this chat/u,
    );
    expect(bot.tables.rows).toEqual([]);
  });

  test('where there are no buttons: each value with the form to type, also on its page', async () => {
    const bot = createBot({ hasButtons: false, prefix: '!tocsin ' });
    const menu = await bot.say('settings');
    for (const form of [
      'settings quiet 23:00-08:00',
      'settings digest daily 09:00',
      'settings sound off',
      'settings reminders 3',
    ])
      expect(menu).toContain(`!tocsin ${form}`);
    expect(await bot.say('settings reminders')).toContain('!tocsin settings reminders 7 – every week');
    expect(await bot.say('settings sound off')).toContain('!tocsin settings sound on – Turn sound on');
  });

  test('Russian: the same by ear', async () => {
    const bot = createBot();
    await bot.say('settings тихие часы с 23 до 8', { lang: 'ru' });
    await bot.say('settings сводка по понедельникам в 10:00', { lang: 'ru' });
    const menu = await bot.say('настройки', { lang: 'ru' });
    expect(menu).toContain('• Тихие часы: 23:00–08:00');
    expect(menu).toContain('• Сводка: по понедельникам в 10:00');
    expect(menu).toContain('• Напоминания: выключено');
  });
});

describe('who may', () => {
  const group = { chatKind: 'group', admin: false } as const;

  test('a member of a group: looks at all of it, and changes nothing', async () => {
    const bot = createBot();
    for (const looks of ['settings', 'settings quiet', 'settings digest', 'settings nonsense'])
      expect(await bot.say(looks, group), looks).not.toContain('Only admins');
    for (const changes of ['settings quiet 23-8', 'settings sound off', 'settings digest off', 'settings report on'])
      expect(await bot.say(changes, group), changes).toContain('Only admins can change');
    expect(bot.tables.rows).toEqual([]);
  });

  test('an admin of a group changes it', async () => {
    const bot = createBot();
    await bot.say('settings pictures off', { chatKind: 'group', admin: true });
    expect(bot.tables.rows[0]!.settings.pictures).toBe(false);
  });

  test('a change is a change: carried out in a crowd, too, where a question waits', async () => {
    const bot = createBot();
    expect((await bot.answer('settings sound off', { crowded: true }))!.kind).toBe('change');
    expect((await bot.answer('settings quiet', { crowded: true }))!.kind).toBe('question');
    expect(bot.tables.rows[0]!.settings.sound).toBe(false);
  });
});
