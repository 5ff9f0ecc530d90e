/** `/settings`: every setting with its value, changed in place. */
import { describe, expect, test } from 'vitest';
import { translators } from '../render/support.ts';
import { createBot } from './support.ts';

describe.each(translators.languages.map(({ code }) => code))('how sure, in %s', (lang) => {
  test('asked with what each answer means; the menu has its name alone', async () => {
    const words = translators.of(lang);
    for (const level of ['early', 'corroborated', 'confirmed'] as const) {
      const bot = createBot();
      await bot.say(`level ${level}`, { lang });
      const [name, value] = [words.say('settings.level'), words.say(`level.${level}`)];
      expect(await bot.say('settings', { lang })).toContain(words.say('text.named', { name, value }));
      const asked = await bot.say('level', { lang });
      expect(asked).toContain(words.say('first.choose'));
      expect(asked).toContain(words.say(`level.${level}.what`));
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
    expect(await bot.say('settings critical on')).toContain('23:00–08:00; the gravest rings all the same');
    expect(bot.tables.rows[0]!.settings.quiet).toEqual({ from: 1_380, to: 480, critical: true });
    expect(await bot.say('settings quiet off')).toContain('Quiet hours: off');
    expect(await bot.say('settings critical on')).toContain('Choose quiet hours first.');
  });

  test('without a time zone: that is asked first, and its answer leads to the hours', async () => {
    const bot = createBot();
    await bot.say('subscribe ru');
    for (const name of ['quiet', 'digest']) {
      const asked = await bot.say(`settings ${name}`);
      expect(asked).toContain('What time is it where you are?');
      expect(asked).toContain(`timezone Europe/Moscow ${name}`);
    }
    // Who types hours before is not sent away.
    expect(await bot.say('settings quiet 23-8')).toContain('Quiet hours: 23:00–08:00');
    const led = await bot.say('timezone Europe/Moscow quiet');
    expect(led).toContain('Times here are now in Europe/Moscow');
    expect(led).toContain('settings quiet 22:00-07:00');
  });

  test('two clocks that look alike are no choice', async () => {
    const bot = createBot();
    await bot.say('subscribe de', { lang: 'de' });
    const labels = [...(await bot.say('settings quiet', { lang: 'de' })).matchAll(/\[(.*?) → timezone/gu)];
    expect(new Set(labels.map(([, label]) => label)).size).toBe(labels.length);
  });

  test('nonsense: says so, shows what may be chosen, and keeps nothing', async () => {
    const bot = createBot();
    expect(await bot.say('settings quiet sometimes')).toMatch(
      /I do not understand “sometimes” here\.[\s\S]*Quiet hours: off/u,
    );
    expect(await bot.say('settings volume 11')).toMatch(/I do not understand “volume 11” here\.[\s\S]*Settings/u);
    expect(bot.tables.rows).toEqual([]);
  });

  test('where there are no buttons: each value with the form to type, also on its page', async () => {
    const bot = createBot({ hasButtons: false, prefix: '!tocsin ' });
    const menu = await bot.say('settings');
    for (const form of [
      'settings quiet 23:00-08:00',
      'settings digest daily 09:00',
      'settings sound off',
      'settings more',
    ])
      expect(menu).toContain(`!tocsin ${form}`);
    expect(await bot.say('settings more')).toContain('!tocsin settings reminders 3');
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
    expect(await bot.say('settings more', { lang: 'ru' })).toContain('• Напоминания: выкл.');
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
