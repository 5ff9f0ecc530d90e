/** Answers with a picture: when there is one, what it shows, and that the text is complete without it, whatever happens to it. */
import { describe, expect, test } from 'vitest';
import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import type { MessageDocument } from '../../../src/core/model/message.ts';
import type { Period } from '../../../src/core/timeline.ts';
import { asText, incident, NOW, report, twoOutlets } from '../render/support.ts';
import { createBot, type Say } from './support.ts';

const DAY = 86_400_000;
let announced = 0;
const possible = { possible: () => true, soon: () => void announced++ };

const throttled = incident({
  id: 'RU-telegram-1111',
  service: 'telegram',
  action: 'throttle',
  openedAt: NOW - 10 * DAY,
  closedAt: null,
});
const abroad = incident({ id: 'BY-whatsapp-2222', country: 'BY', openedAt: NOW - 3 * DAY });

function bot(over: Parameters<typeof createBot>[0] = {}) {
  const made = createBot({ unbudgeted: true, shows: true, pictures: possible, ...over });
  made.tables.stored = [incident(), throttled, abroad];
  return made;
}

const rowsOf = (document: MessageDocument | undefined): string[] =>
  [...(document?.picture?.svg ?? '').matchAll(/font-size="(?:36|33)"[^>]*>([^<]*)<\/text>/g)].map(
    ([, label]) => label!,
  );

async function shown(typed: string, over: Parameters<typeof createBot>[0] = {}, how: Say = {}) {
  const answer = await bot(over).answer(typed, how);
  const [text, picture, ...more] = answer!.documents;
  expect(more).toEqual([]);
  return { answer: answer!, text: text!, picture };
}

test('a picture is announced before the text has gone, and none where there is none', async () => {
  const before = announced;
  await bot().answer('/history ru');
  expect(announced).toBe(before + 1);
  await bot().answer('/ping');
  expect(announced).toBe(before + 1);
});

describe('history', () => {
  test('of a country: services as rows, the picture after the text, with a line and with words for whoever cannot see it', async () => {
    const { text, picture } = await shown('history ru');
    expect(asText(text)).toContain('RU-whatsapp-3f9k');
    expect(text.picture).toBeUndefined();
    expect(rowsOf(picture)).toEqual(['WhatsApp', 'Telegram']);
    expect(asText(picture!)).toBe('Russia: 16 Jan – 14 Feb');
    expect(picture!.picture!.alt).toBe(
      'Timeline: Russia, 16 Jan – 14 Feb. WhatsApp: blocked 12 Feb – 14 Feb. Telegram: slowed down 4 Feb – 14 Feb.',
    );
    expect([picture!.tone, picture!.buttons]).toEqual(['notice', []]);
  });

  const rows: [typed: string, rows: string[]][] = [
    ['history whatsapp', ['Russia', 'Belarus']],
    ['history ru whatsapp', ['WhatsApp']],
    ['history ru by', ['WhatsApp · Russia', 'WhatsApp · Belarus', 'Telegram · Russia']],
    ['history de whatsapp', ['WhatsApp']],
    ['history', ['WhatsApp · Russia', 'WhatsApp · Belarus', 'Telegram · Russia']],
  ];
  test.each(rows)('%s: %j', async (typed, names) => {
    const { picture } = await shown(typed);
    expect(rowsOf(picture).toSorted()).toEqual(names.toSorted());
  });

  test('nothing is known of a country: no picture of nothing', async () => {
    expect((await shown('history de')).picture).toBeUndefined();
  });

  test('90 days, and a year as weeks', async () => {
    expect(asText((await shown('history ru 90')).picture!)).toBe('Russia: 17 Nov 2025 – 14 Feb');
    expect((await shown('history ru 365')).picture!.picture!.svg).toContain('One column is 7 days');
  });

  test('what was withdrawn has no row of its own', async () => {
    const made = bot();
    made.tables.stored.push(incident({ id: 'RU-vk-3333', service: 'vk', state: 'withdrawn', open: false }));
    const answer = await made.answer('history ru');
    expect(rowsOf(answer!.documents[1])).not.toContain('VK');
    expect(asText(answer!.documents[0]!)).toContain('RU-vk-3333');
  });

  test('what has long been blocked by the public record has a row, blocked throughout', async () => {
    const entry: BaselineEntry = {
      country: 'RU',
      service: 'facebook',
      action: 'block',
      method: null,
      since: NOW - 900 * DAY,
      monthOnly: false,
      reference: 'https://x.example',
    };
    const { picture } = await shown('history ru', { baseline: [entry, { ...entry, country: 'CN' }] });
    expect(rowsOf(picture)).toContain('Facebook');
    expect(picture!.picture!.alt).toContain('Facebook: blocked 16 Jan – 14 Feb.');
  });

  test('a log of changes is drawn as it was', async () => {
    const made = bot();
    const line = {
      incidentId: 'RU-whatsapp-3f9k',
      seq: 1,
      change: 'opened',
      confidence: 'corroborated',
      method: null,
      reportId: null,
    } as const;
    made.tables.log = [
      { ...line, at: NOW - 2 * DAY, action: 'throttle', state: 'active' },
      { ...line, seq: 2, at: NOW, change: 'escalated', action: 'block', state: 'active' },
    ];
    const { picture } = (await made.answer('history ru whatsapp'))!.documents[1]!;
    expect(picture!.alt).toContain('WhatsApp: blocked 14 Feb, slowed down 12 Feb – 13 Feb');
  });
});

describe('status', () => {
  test('of a country: the last 30 days of every row of its table', async () => {
    const { text, picture } = await shown('status ru');
    expect(rowsOf(picture)).toEqual(['WhatsApp', 'Telegram']);
    expect(asText(text)).toContain('WhatsApp');
    expect(asText(picture!)).toBe('Russia: 16 Jan – 14 Feb');
  });

  test('of a service: countries as rows', async () => {
    expect(rowsOf((await shown('status whatsapp')).picture).toSorted()).toEqual(['Belarus', 'Russia']);
  });

  test('of what this chat follows', async () => {
    const made = bot();
    await made.say('subscribe ru signal whatsapp');
    const { documents } = (await made.answer('status'))!;
    expect(asText(documents[1]!)).toBe('What I watch here: 16 Jan – 14 Feb');
    expect(rowsOf(documents[1]).toSorted()).toEqual(['Signal', 'WhatsApp']);
  });

  test('of one service: no picture, for the text says as much', async () => {
    expect((await shown('status ru whatsapp')).picture).toBeUndefined();
  });

  test('bars that are alike throughout are counted; where all are, there is no picture', async () => {
    const long = (service: string) =>
      incident({ id: `RU-${service}-1111`, service, openedAt: NOW - 90 * DAY, lastReportAt: NOW });
    const made = bot();
    made.tables.stored = [long('signal'), long('vk')];
    expect((await made.answer('status ru'))!.documents).toHaveLength(1);
    made.tables.stored.push(incident());
    const { documents } = (await made.answer('status ru'))!;
    expect(rowsOf(documents[1])).toEqual(['WhatsApp']);
    expect(documents[1]!.picture!.svg).toContain('2 more, blocked throughout');
  });

  test('passed on it proves something: whose it is, as of when, who tells it, where to look again', async () => {
    const site = 'https://tocsin.example';
    const made = bot({ site });
    made.tables.stored = [incident({ reports: twoOutlets })];
    const picture = (await made.answer('history ru'))!.documents[1];
    for (const one of ['Tocsin · As of 14 Feb 2026', 'Check: tocsin.example', 'Sources: '])
      expect(picture!.picture!.svg).toContain(one);
    const sizes = [...picture!.picture!.svg.matchAll(/font-size="(\d+)"/gu)].map(([, size]) => Number(size));
    // A chat's bubble on a narrow phone is 360 px wide.
    expect((Math.min(...sizes.filter((one) => one !== 28)) * 360) / picture!.picture!.width).toBeGreaterThanOrEqual(11);
  });

  test('of what nothing is known of: no picture of empty days', async () => {
    const { text, picture } = await shown('status ru signal');
    expect(asText(text)).toContain('Signal');
    expect(picture).toBeUndefined();
  });

  test('in Russian, with days of the chat’s zone', async () => {
    const made = bot();
    await made.say('язык русский', { lang: 'ru' });
    await made.say('timezone Asia/Vladivostok');
    await made.clock.pass(3 * 3_600_000);
    const { documents } = (await made.answer('статус ру', { lang: 'ru' }))!;
    expect(asText(documents[1]!)).toBe('Россия: 17 янв. — 15 февр.');
  });

  test('what an authority ordered is not drawn as forgotten', async () => {
    const made = bot();
    const old = incident({ openedAt: NOW - 40 * DAY, lastReportAt: NOW - 30 * DAY });
    made.tables.stored = [{ ...old, reports: [report({ kind: 'authority' })] }];
    expect((await made.answer('history ru whatsapp'))!.documents[1]!.picture!.alt).toContain('blocked 16 Jan – 14 Feb');
    made.tables.stored = [{ ...old, version: 2, reports: [report()] }];
    expect((await made.answer('history ru whatsapp'))!.documents[1]!.picture!.alt).toContain('no news for long');
  });
});

describe('what nobody watched', () => {
  test('is drawn apart from days without reports', async () => {
    const watched: Period[] = [[NOW - 5 * DAY, NOW]];
    const { picture } = await shown('history de whatsapp', { watched: async () => watched });
    expect(picture!.picture!.alt).toBe(
      'Timeline: Germany: WhatsApp, 16 Jan – 14 Feb. WhatsApp: not watched 16 Jan – 8 Feb.',
    );
    expect(picture!.picture!.svg).toContain('no reports');
  });
});

describe('there is none', () => {
  const without: [name: string, over: Parameters<typeof createBot>[0], how?: Say][] = [
    ['the platform shows none', { shows: false }],
    ['this system makes none', { pictures: { possible: () => false, soon() {} } }],
    ['nobody makes any', { pictures: undefined } as never],
  ];
  test.each(without)('%s: the text alone, and it is the same text', async (_, over, how) => {
    const { text, picture } = await shown('history ru', over, how);
    expect(picture).toBeUndefined();
    expect(asText(text)).toBe(asText((await shown('history ru')).text));
  });

  test('this chat wants none; another one does', async () => {
    const made = bot();
    await made.say('subscribe ru');
    const own = made.tables.rows[0]!;
    own.settings = { ...own.settings, pictures: false };
    expect((await made.answer('history ru'))!.documents).toHaveLength(1);
    expect((await made.answer('history ru', { chat: '200' }))!.documents).toHaveLength(2);
  });

  test('other commands have none', async () => {
    const made = bot();
    for (const typed of [
      'start',
      'subscriptions',
      'incident RU-whatsapp-3f9k',
      'help',
      'settings',
      'ping',
      'history atlantis',
    ])
      expect((await made.answer(typed))!.documents.every(({ picture }) => !picture)).toBe(true);
  });

  test('a channel is asked about from a private chat: the answer is one text', async () => {
    const made = bot();
    const { later } = (await made.answer('history ru'))!;
    const merged = await later({
      changed: false,
      asked: true,
      unanswered: 1,
      text: null,
      dropped: false,
    });
    expect(merged!.picture).toBeUndefined();
    expect(asText(merged!)).toContain('RU-whatsapp-3f9k');
    expect(asText(merged!)).not.toContain('16 Jan – 14 Feb');
  });

  test('the drawing fails: the text is there, and the failure is logged', async () => {
    const made = bot({ watched: () => Promise.reject(new Error('disk')) });
    const { documents } = (await made.answer('history ru'))!;
    expect(documents).toHaveLength(1);
    expect(asText(documents[0]!)).toContain('RU-whatsapp-3f9k');
    expect(made.errors).toEqual(['Unable to draw a timeline']);
  });
});

describe('a pressed button', () => {
  test('text and picture come afresh, together; without a picture the text takes the place of the old one', async () => {
    expect((await shown('history ru 90', {}, { button: true })).answer.replaces).toBe(false);
    expect((await shown('history ru 90', { shows: false }, { button: true })).answer.replaces).toBe(true);
  });
});

test('forty rows and more: the rest is counted', async () => {
  const made = bot();
  const services = [
    'whatsapp',
    'telegram',
    'signal',
    'max',
    'facebook',
    'instagram',
    'vk',
    'youtube',
    'google',
    'dw',
    'rt',
  ];
  made.tables.stored = ['RU', 'BY', 'IR', 'CN'].flatMap((country) =>
    services.map((service) => incident({ id: `${country}-${service}-1`, country, service })),
  );
  const { documents } = (await made.answer('history'))!;
  expect(rowsOf(documents[1])).toHaveLength(40);
  expect(documents[1]!.picture!.svg).toContain('4 more did not fit');
});
