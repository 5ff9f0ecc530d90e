/** The first minute: a question follows the answer to the one before; what was said stays. */
import { describe, expect, test } from 'vitest';
import { flagOf, likelyZones, zoneLabel } from '../../../src/core/commands/asking/zones.ts';
import { wouldHaveHeard } from '../../../src/core/commands/settings/language-and-level.ts';
import type { Standing } from '../../../src/core/model/incident.ts';
import { known, words } from '../../fakes/known.ts';
import { incident, NOW, translators } from '../render/support.ts';
import { createBot } from './support.ts';

const DAY = 86_400_000;
const STOOD: Standing = { by: 'record', action: 'block', method: null, since: 1, monthOnly: false, reference: null };

describe('after the first subscribe', () => {
  test('the time where one may be as buttons; a press is answered below, and shows what each level would have told', async () => {
    const bot = createBot();
    bot.tables.stored = [
      incident({ corroboratedAt: NOW - 2 * DAY, lastReportAt: NOW }),
      incident({
        id: 'RU-telegram-1111',
        service: 'telegram',
        action: 'throttle',
        confidence: 'reported',
        openedAt: NOW - DAY,
        lastReportAt: NOW,
      }),
    ];
    const first = (await bot.answer('subscribe ru', { button: true }))!;
    expect(first.documents.length).toBe(1);
    const presses = first.documents[0]!.buttons.flat().map(({ press }) => 'command' in press && press.command);
    expect(presses[0]).toBe('timezone Europe/Moscow +');
    expect(presses).toContain('level');
    const second = (await bot.answer('timezone Europe/Moscow +', { button: true }))!;
    expect(second.replaces).toBe(false);
    expect(bot.tables.rows[0]!.timeZone).toBe('Europe/Moscow');
    const text = await bot.say('timezone Europe/Moscow +');
    expect(text).toContain('What you would have heard in the last 30 days:');
    expect(text).toMatch(/early: 2 messages · Russia: Telegram slowed down[^\n]* · Russia: WhatsApp blocked/u);
    expect(text).toMatch(/corroborated: 1 message · Russia: WhatsApp blocked/u);
    expect(text).toMatch(/confirmed: nothing/u);
    expect(text).toContain('How sure should I be before I write?');
    expect(text).toContain('→ level early +');
    // Asked once.
    expect(await bot.say('subscribe tr')).not.toContain('What time is it');
  });

  test('a zone was chosen before: not asked; a thread, or a crowd: not asked', async () => {
    const bot = createBot();
    await bot.say('timezone Berlin');
    expect(await bot.say('subscribe ru')).not.toContain('What time is it');
  });

  test('where there are no buttons: how to type it', async () => {
    const bot = createBot({ hasButtons: false, prefix: '!tocsin ' });
    expect(await bot.say('subscribe ru')).toContain('Another place: !tocsin timezone Europe/Moscow');
  });

  test('nothing happened in a month: says that it knows of nothing, not that there was nothing', async () => {
    const bot = createBot();
    await bot.say('subscribe ru');
    expect(await bot.say('timezone Moscow +')).toContain('In the last 30 days I know of nothing that happened here.');
    expect(await bot.say('level')).toContain('In the last 30 days I know of nothing');
  });
});

describe('what each level would have told', () => {
  const heard = (...all: Parameters<typeof incident>[0][]) =>
    wouldHaveHeard(all.map(incident), 1_000_000).map(({ level, messages }) => `${level} ${messages}`);
  const base = { openedAt: 2_000_000, corroboratedAt: null, confirmedAt: null };
  test.each<[string, Parameters<typeof incident>[0][], string[]]>([
    ['one outlet', [{ ...base, confidence: 'reported' }], ['early 1', 'corroborated 0', 'confirmed 0']],
    [
      'stood for years, and five outlets wrote of it: nobody was told',
      [{ ...base, corroboratedAt: 3_000_000, standing: STOOD }],
      ['early 0', 'corroborated 0', 'confirmed 0'],
    ],
    [
      'stood for years, and a measure came on top',
      [
        {
          ...base,
          corroboratedAt: 3_000_000,
          standing: {
            ...STOOD,
            changes: [{ at: 2_500_000, action: 'block', method: 'dns', confidence: 'corroborated' }],
          },
        },
      ],
      ['early 1', 'corroborated 1', 'confirmed 0'],
    ],
    [
      'one outlet says that what nobody knew of works again',
      [{ ...base, confidence: 'reported', action: 'unblock', state: 'lifted', liftConfidence: 'reported' }],
      ['early 0', 'corroborated 0', 'confirmed 0'],
    ],
    ['two outlets', [{ ...base, corroboratedAt: 3_000_000 }], ['early 1', 'corroborated 1', 'confirmed 0']],
    [
      'measured',
      [{ ...base, confidence: 'confirmed', corroboratedAt: 3_000_000, confirmedAt: 4_000_000 }],
      ['early 1', 'corroborated 1', 'confirmed 1'],
    ],
    [
      'began before, corroborated within',
      [{ ...base, openedAt: 1, corroboratedAt: 3_000_000 }],
      ['early 0', 'corroborated 1', 'confirmed 0'],
    ],
    [
      'two of one country at one time: one message',
      [
        { ...base, id: 'a' },
        { ...base, id: 'b' },
      ],
      ['early 1', 'corroborated 1', 'confirmed 0'],
    ],
    [
      'taken back: told at first',
      [{ ...base, confidence: 'reported', state: 'withdrawn' }],
      ['early 1', 'corroborated 0', 'confirmed 0'],
    ],
  ])('%s', (_name, all, expected) => expect(heard(...all)).toEqual(expected));
});

describe('where a chat may be at home', () => {
  test.each([
    ['Russian, follows Russia', [['RU', '*']], 'ru', 'Europe/Moscow'],
    ['English, follows Iran', [['IR', '*']], 'en', 'Asia/Tehran'],
    ['German, follows Iran', [['IR', '*']], 'de', 'Asia/Tehran Europe/Berlin'],
    ['English, follows everything', [['*', '*']], 'en', ''],
  ])('%s', (_name, pairs, lang, expected) => {
    const zones = likelyZones(
      pairs.map(([country, service]) => ({ country: country!, service: service! })),
      lang,
      known,
    );
    for (const zone of expected.split(' ').filter(Boolean)) expect(zones).toContain(zone);
    if (expected === '') expect(zones).toEqual([]);
    expect(zones.length).toBeLessThanOrEqual(6);
  });

  test('every zone that is offered, in every language: a clock and a name', () => {
    for (const { code } of translators.languages) {
      const zones = likelyZones([{ country: 'US', service: '*' }], code, known);
      for (const zone of zones) expect(zoneLabel(zone, code, NOW)).toMatch(/^\S+ · \S/u);
      for (const country of words.homes(code)) expect(flagOf(country)).toMatch(/^\p{RI}\p{RI}$/u);
    }
    expect([flagOf('EU'), flagOf('*'), flagOf('ru')]).toEqual(['🇪🇺', '', '']);
    expect(likelyZones([{ country: 'ZZ', service: '*' }], 'en', known)).toEqual([]);
  });
});
