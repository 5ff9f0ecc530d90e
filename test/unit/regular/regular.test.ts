/** Digests, reminders and the report of a quiet week, from the clock to the chat. */
import { afterEach, describe, expect, test } from 'vitest';
import { sightOf } from '../../../src/app/health.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/model/chat.ts';
import { heardAt } from '../../../src/core/model/incident.ts';
import { digestOf, lastingOf } from '../../../src/core/regular.ts';
import { incident } from '../../contract/store/samples.ts';
import { healthy, source } from '../commands/support.ts';
import { Night, night } from './night.ts';

let world: Night | null = null;
afterEach(async () => {
  await world?.store.close();
  world = null;
});
const begin = async (): Promise<Night> => {
  world = await Night.begin();
  return world;
};

describe('digest', () => {
  test('daily: what is new, what is over and what lasts, without a sound, at its time; quiet days are told, too', async () => {
    const bot = await begin();
    await bot.chat('ann', { ...DEFAULT_SETTINGS, digest: { every: 'day', at: 9 * 60 } });
    await bot.until('06 15:00');
    await bot.twoSay('block', 'whatsapp');
    await bot.twoSay('throttle', 'telegram');
    await bot.until('07 10:00');
    expect(bot.lines().at(-1)).toBe('07 09:00 – The last day, in what you follow here');
    expect(bot.text(-1)).toMatch(
      /New:\n.*Russia: (?:Telegram|WhatsApp)[\s\S]*first reported 6 Feb · corroborated · RU-/u,
    );
    await bot.twoSay('unblock', 'whatsapp');
    await bot.until('08 09:00');
    expect(bot.text(-1)).toMatch(
      /Over:\n.*🟢 Russia: WhatsApp works again[\s\S]*Cut off before, and still so:\n.*🟠 Russia: Telegram/u,
    );
    await bot.twoSay('unblock', 'telegram');
    await bot.until('09 08:00');
    await bot.until('10 09:00');
    expect(bot.text(-1)).toBe(
      'The last day, in what you follow here\nNothing changed, and I know of nothing new that is cut off.',
    );
  });

  test('at a time within quiet hours: it comes when they are over', async () => {
    const bot = await begin();
    await bot.chat('ann', { ...night(), digest: { every: 'day', at: 3 * 60 } });
    await bot.until('07 12:00');
    expect(bot.lines()).toEqual(['07 08:00 – The last day, in what you follow here']);
  });

  test('of a level: only what is that sure; in Russian', async () => {
    const bot = await begin();
    await bot.chat(
      'ann',
      { ...DEFAULT_SETTINGS, digest: { every: 'day', at: 9 * 60 } },
      { lang: 'ru', level: 'confirmed' },
    );
    await bot.twoSay('block');
    await bot.until('07 09:00');
    expect(bot.text(-1)).toContain('За сутки — из того, за чем вы здесь следите');
    expect(bot.text(-1)).not.toContain('WhatsApp');
  });
});

describe('reminders', () => {
  test('while it lasts, at noon, after a day; when it is over, no more', async () => {
    const bot = await begin();
    await bot.chat('ann', { ...DEFAULT_SETTINGS, reminders: 1 });
    await bot.until('06 18:00');
    await bot.twoSay('block');
    await bot.until('08 13:00');
    expect(bot.lines().slice(1)).toEqual(['08 12:00 – Still so, 1 incident:']);
    expect(bot.text(-1)).toMatch(
      /🔴 Russia: WhatsApp blocked · for 42 hours · corroborated · RU-whatsapp-\w+\nNo more reminders: \/settings reminders off/u,
    );
    await bot.twoSay('unblock');
    const before = bot.lines().length;
    await bot.until('12 13:00');
    expect(bot.lines().length).toBe(before);
  });
});

describe('a quiet week', () => {
  test('on Monday: how many sources read how often, how many vantage points, what is still open', async () => {
    const bot = await begin();
    await bot.chat('ann', { ...DEFAULT_SETTINGS, allQuiet: true });
    await bot.twoSay('block');
    // The week in which something happened has no such report.
    await bot.until('09 12:00');
    expect(bot.lines().length).toBe(1);
    await bot.until('16 12:00');
    expect(bot.lines().slice(1)).toEqual(['16 10:00 – A quiet week']);
    const text = bot.text(-1);
    expect(text).toContain('47 of 49 sources answer.');
    expect(text).toContain('Half of them I read at least every 5 minutes.');
    expect(text).toContain('2 vantage points of mine measure from inside networks.');
    expect(text).toContain('1 incident from before is still open: /status');
    expect(text).toContain('No more such reports: /settings report off');
  });

  test('the next known dates, as headlines about what is followed name them; of what is not followed none', async () => {
    const bot = await begin();
    await bot.chat('ann', { ...DEFAULT_SETTINGS, allQuiet: true });
    await bot.say('ann', 'warn', 'telegram', { title: 'Regulator plans to cut off messenger' });
    await bot.say('bob', 'warn', 'telegram', { title: 'Telegram to be blocked from 12 March' });
    await bot.until('16 12:00');
    expect(bot.text(-1)).toContain('Next known dates:');
    expect(bot.text(-1)).toContain('12 Mar: Telegram to be blocked from 12 March');
  });

  test('not asked for: nothing', async () => {
    const bot = await begin();
    await bot.chat('ann', DEFAULT_SETTINGS);
    await bot.until('23 12:00');
    expect(bot.heard).toEqual([]);
  });
});

describe('decisions', () => {
  const since = 1_000;
  const stands = { by: 'record', action: 'block', method: null, since: 1, monthOnly: false, reference: null } as const;
  const CASES: [string, Parameters<typeof incident>[0], string][] = [
    ['began within it', { openedAt: 1_500, corroboratedAt: 1_600 }, 'fresh'],
    ['began before, was corroborated within', { openedAt: 500, corroboratedAt: 1_600 }, 'fresh'],
    ['before, and lasts', { openedAt: 500, corroboratedAt: 600 }, 'standing'],
    [
      'ended within',
      {
        openedAt: 500,
        corroboratedAt: 600,
        open: false,
        state: 'lifted',
        closedAt: 1_700,
        liftConfidence: 'corroborated',
      },
      'over',
    ],
    [
      'ended before',
      { openedAt: 500, open: false, state: 'lifted', closedAt: 700, liftConfidence: 'corroborated' },
      '',
    ],
    ['taken back', { openedAt: 1_500, open: false, state: 'withdrawn' }, ''],
    ['no news for long', { openedAt: 500, open: false, state: 'active' }, ''],
    ['stood before anybody reported it: no news', { openedAt: 1_500, standing: stands }, 'standing'],
    [
      'a change on top of it is',
      {
        openedAt: 1_500,
        standing: { ...stands, changes: [{ at: 1_600, action: 'block', method: 'dns', confidence: 'corroborated' }] },
      },
      'fresh',
    ],
    ['less sure than asked', { openedAt: 1_500, confidence: 'reported' }, ''],
  ];
  test.each(CASES)('%s', (_name, over, part) => {
    const one = incident({ confidence: 'corroborated', ...over });
    const facts = digestOf([one], 'corroborated', since, new Set(one.open ? [one.id] : []));
    const found = (['fresh', 'over', 'standing'] as const).filter((key) => facts[key].length > 0);
    expect(found.join()).toBe(part);
  });

  test('heard of: by each level when it was that sure', () => {
    const one = incident({ openedAt: 1, corroboratedAt: 2, confirmedAt: 3 });
    expect((['early', 'corroborated', 'confirmed'] as const).map((level) => heardAt(one, level))).toEqual([1, 2, 3]);
    expect(heardAt(incident({ openedAt: 1, corroboratedAt: null, confirmedAt: 3 }), 'corroborated')).toBe(3);
  });

  test('of threats and of what has begun today nobody is reminded', () => {
    const day = 86_400_000;
    const old = incident({ confidence: 'corroborated', openedAt: 0 });
    const present = new Set([old.id]);
    expect(lastingOf([old], 'corroborated', day, present)).toEqual([old]);
    expect(lastingOf([old], 'corroborated', day - 1, present)).toEqual([]);
    expect(lastingOf([old], 'corroborated', 9 * day, new Set())).toEqual([]);
    expect(
      lastingOf([{ ...old, family: 'warn', action: 'warn', state: 'threatened' }], 'corroborated', 9 * day, present),
    ).toEqual([]);
    expect(lastingOf([{ ...old, liftConfidence: 'corroborated' }], 'corroborated', 9 * day, present)).toEqual([]);
  });

  test('sight: what answers, how often half of it is read, what measures', () => {
    const sources = [
      source({ lastPollAt: 0, nextDueAt: 300_000 }),
      source({ lastPollAt: 0, nextDueAt: 60_000, failingSince: 5 }),
      source({ lastPollAt: 0, nextDueAt: 3_600_000 }),
      source({ lastPollAt: null, lastOkAt: null }),
    ];
    const agent = {
      id: 'a',
      country: 'EE',
      asn: 'AS1',
      lastSeenAt: 1,
      stopped: false,
      missing: false,
      dropped: 0,
      refused: 0,
    };
    const agents = [agent, { ...agent, missing: true }, { ...agent, stopped: true }, { ...agent, lastSeenAt: null }];
    const health = { ...healthy, sources, agents };
    expect(sightOf(health, 'here')).toEqual({ sources: 4, answering: 2, oftenMs: 300_000, vantages: 2 });
    expect(sightOf({ ...health, missingVantages: ['here'] }, 'here').vantages).toBe(1);
    expect(sightOf({ ...healthy, sources: [] }, null)).toEqual({
      sources: 0,
      answering: 0,
      oftenMs: null,
      vantages: 0,
    });
  });
});
