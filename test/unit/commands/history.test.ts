/** What was cut off before: rows, time, bounds, and what it says when nothing is known. */
import { describe, expect, test } from 'vitest';
import { splitDays } from '../../../src/core/commands/look/history.ts';
import { known } from '../../fakes/known.ts';
import { incident, NOW } from '../render/support.ts';
import { createBot, healthy, source } from './support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const lifted = incident({
  id: 'RU-signal-1111',
  service: 'signal',
  state: 'lifted',
  open: false,
  openedAt: NOW - 10 * DAY,
  closedAt: NOW - 8 * DAY + 3 * HOUR,
  lastReportAt: NOW - 8 * DAY,
  liftConfidence: 'corroborated',
});
const old = incident({
  id: 'RU-x-2222',
  service: 'x',
  state: 'lifted',
  open: false,
  openedAt: NOW - 70 * DAY,
  closedAt: NOW - 60 * DAY,
  lastReportAt: NOW - 60 * DAY,
});
const withdrawn = incident({
  id: 'RU-vk-3333',
  service: 'vk',
  state: 'withdrawn',
  open: false,
  openedAt: NOW - 5 * DAY,
  closedAt: NOW - 5 * DAY + HOUR,
  lastReportAt: NOW - 5 * DAY,
  confidence: 'reported',
});
const quiet = incident({
  id: 'RU-telegram-4444',
  service: 'telegram',
  action: 'throttle',
  openedAt: NOW - 200 * DAY,
  lastReportAt: NOW - 100 * DAY,
});

function bot(over: Parameters<typeof createBot>[0] = {}) {
  const made = createBot({ unbudgeted: true, ...over });
  made.tables.stored = [incident(), lifted, old, withdrawn, quiet];
  return made;
}

describe('history', () => {
  test('past and present, newest first: what it was, from when to when, how long, how sure, the id', async () => {
    const text = await bot().say('history ru');
    const rows = text.split('\n').filter((line) => line.includes('RU-'));
    expect(rows.map((row) => /RU-\S+/.exec(row)![0])).toEqual([
      'RU-whatsapp-3f9k',
      'RU-vk-3333',
      'RU-signal-1111',
      'RU-telegram-4444',
    ]);
    expect(text).toContain('the last 30 days');
    expect(rows[0]).toContain('🔴 Russia: WhatsApp blocked · first reported 12 Feb, 11:05 UTC · 2 days · corroborated');
    expect(rows[1]).toMatch(/⚪ .* · 9 Feb · reported/);
    expect(rows[2]).toContain(
      '🟢 Russia: Signal works again (was blocked 2 days 3 hours) · 4 Feb – 6 Feb · corroborated',
    );
    // In force, though nobody has told of it for long.
    expect(rows[3]).toContain('first reported 29 Jul 2025, 12:00 UTC · last evidence 100 days ago · corroborated');
  });

  test.each([
    ['history ru 90', 'RU-x-2222'],
    ['history ru for 12 weeks', 'RU-x-2222'],
    ['история Россия за 90 дней', 'RU-x-2222'],
    ['history x 365', 'RU-x-2222'],
  ])('%s: what is older, too', async (text, id) => {
    expect(await bot().say(text)).toContain(id);
  });

  test.each([
    ['ru whatsapp 90', 'ru whatsapp', 90],
    ['90', '', 90],
    ['ru 2 weeks', 'ru', 14],
    ['ru 3 мес', 'ru', 90],
    ['ru 0', 'ru', 1],
    ['ru 99999', 'ru', 3650],
    ['ru', 'ru', 30],
    ['4 pakistan', '4 pakistan', 30],
    ['ru 5h', 'ru', 1],
  ])('"%s": %s, %i days', (text, what, days) => {
    expect(splitDays(text, known)).toEqual({ what, days });
  });

  test('without words: what this chat follows; where it follows nothing, everything', async () => {
    const one = bot();
    one.tables.stored.push(incident({ id: 'IR-whatsapp-5555', country: 'IR' }));
    expect(await one.say('history')).toContain('IR-whatsapp-5555');
    await one.say('subscribe ru');
    const text = await one.say('history');
    expect(text).toContain('What I watch here, the last 30 days');
    expect(text).not.toContain('IR-whatsapp-5555');
    expect(await one.say('history all')).toContain('IR-whatsapp-5555');
  });

  test('more than 25: the newest, and how many more', async () => {
    const one = bot();
    one.tables.stored = Array.from({ length: 60 }, (_, n) =>
      incident({
        id: `RU-whatsapp-${1000 + n}`,
        open: false,
        state: 'lifted',
        openedAt: NOW - n * HOUR,
        closedAt: NOW,
      }),
    );
    const text = await one.say('history ru');
    expect(text.match(/RU-whatsapp-/g)).toHaveLength(25);
    expect(text).toContain('35 more');
    expect(text).toContain('RU-whatsapp-1000');
    expect(text).not.toContain('RU-whatsapp-1025');
  });

  test('nothing known: says so, and that it is no proof; what has long been blocked is named', async () => {
    const one = bot({
      baseline: [
        {
          country: 'CN',
          service: 'whatsapp',
          action: 'block',
          method: null,
          since: NOW - 900 * DAY,
          monthOnly: false,
          reference: 'https://news.example/1',
        },
      ],
    });
    const text = await one.say('history cn');
    expect(text).toContain('no incident in the last 30 days. I may have missed one.');
    expect(text).toContain('China: WhatsApp');
    expect(await one.say('history kz 1')).toContain('in the last day.');
    expect(await one.say('история казахстан', { lang: 'ru', chat: '7' })).toContain('За последние 30 дней ни о каких');
  });

  test('a bot that sees nothing: says so first', async () => {
    const failing = source({ failingSince: NOW - 60_000, lastCode: 'fetch_dns' });
    const text = await bot({ health: async () => ({ ...healthy, sources: [failing] }) }).say('history kz');
    expect(text).toMatch(/I cannot see anything[\s\S]*I know of no incident/);
  });

  test('words that mean nothing: asks, and a choice repeats the command', async () => {
    expect(await bot().say('history watsapp')).toContain('Did you mean');
    expect(await bot().say('history zzzzqqqq')).toContain('I do not know');
  });

  test('buttons: longer, and the status of the same; typed where there are none', async () => {
    const documents = (await bot().answer('history ru whatsapp'))!.documents;
    expect(documents[0]!.buttons.flat().map(({ press }) => 'command' in press && press.command)).toEqual([
      'history RU whatsapp 90',
      'history RU whatsapp 365',
      'status RU whatsapp',
    ]);
    const year = (await bot().answer('history 365'))!.documents;
    expect(year[0]!.buttons.flat().map(({ press }) => 'command' in press && press.command)).toEqual([
      'history 30',
      'status',
    ]);
    const typed = await bot({ hasButtons: false, prefix: '!tocsin ' }).say('history ru');
    expect(typed.match(/history RU 90/g)).toHaveLength(1);
  });

  test('help: tells of it', async () => {
    expect(await bot().say('help')).toContain('/history');
    expect(await bot().say('help history')).toContain('/history ru whatsapp 90');
  });
});
