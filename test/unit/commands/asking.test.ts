import { describe, expect, test } from 'vitest';
import { loadServiceHosts } from '../../../src/config/catalogue.ts';
import type { Transition } from '../../../src/core/model/incident.ts';
import { NOW, at, catalogue, incident, measured, report, twoOutlets } from '../render/support.ts';
import { createBot, healthy, source } from './support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const lifted = incident({
  id: 'RU-dw-2222',
  service: 'dw',
  state: 'lifted',
  open: false,
  closedAt: NOW - 4 * DAY,
  liftConfidence: 'corroborated',
  lastReportAt: NOW - 4 * DAY,
});
const shutdown = incident({
  id: 'IR-internet-3333',
  country: 'IR',
  service: 'internet',
  action: 'shutdown',
  confidence: 'confirmed',
});

describe('status', () => {
  test('a country: what changed of late first, the newest before the others; of the bot nothing, for it is well', async () => {
    const bot = createBot();
    bot.tables.stored = [
      incident({ reports: twoOutlets }),
      lifted,
      incident({ id: 'RU-x-4444', service: 'x', openedAt: at('2025-06-01T00:00:00Z'), lastReportAt: NOW - 26 * DAY }),
    ];
    expect(await bot.say('status ru')).toBe(
      [
        'Russia',
        '• 🔴 WhatsApp · blocked, first reported 12 Feb, 11:05 UTC · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
        '• 🟢 Deutsche Welle · open, first reported 10 Feb, 12:00 UTC · corroborated · last evidence 4 days ago · RU-dw-2222',
        '• ❔ X (Twitter) · unknown (was blocked, first reported 1 Jun 2025, 00:00 UTC) · last evidence 26 days ago · RU-x-4444',
        'What is not listed is not known to be restricted; that is not the same as open.',
        '[Follow Russia: everything → subscribe RU]',
        '[Card for relatives → family RU] [How well do I see? → ping]',
      ].join('\n'),
    );
  });

  test('followed already, by a wider subscription: no button to follow it', async () => {
    const bot = createBot({ unbudgeted: true });
    await bot.say('subscribe all');
    expect(await bot.say('status ru')).not.toContain('Follow');
    expect(await bot.say('status ru whatsapp')).not.toContain('Follow');
  });

  test('a threat that came true: the block alone is told', async () => {
    const bot = createBot();
    const threat = incident({ id: 'RU-whatsapp-0009', action: 'warn', state: 'threatened' });
    bot.tables.stored = [incident({ reports: twoOutlets }), threat];
    const said = await bot.say('status ru whatsapp');
    expect(said).toContain('WhatsApp · blocked, first reported 12 Feb');
    expect(said).not.toContain('threat');
  });

  test('in Russian: the same in Russian', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ reports: twoOutlets })];
    expect(await bot.say('статус россия', { lang: 'ru' })).toContain(
      '🔴 WhatsApp · заблокировано, впервые сообщили 12 февраля в 11:05 UTC · подкреплено · последние данные 2 ч назад · RU-whatsapp-3f9k',
    );
  });

  test('a service: countries; where the network is off it is off too', async () => {
    const bot = createBot();
    bot.tables.stored = [incident(), shutdown];
    const text = await bot.say('status whatsapp');
    expect(text).toContain('🔴 Russia · blocked, first reported 12 Feb');
    expect(text).toContain(
      '⚫ Iran · shut down, first reported 12 Feb, 11:05 UTC (with the whole network) · confirmed',
    );
  });

  test.each([
    ['status de', '❔ Germany: unknown. No source has told of a change there.'],
    ['status signal', '❔ Signal: unknown.'],
    ['status ru signal', 'Russia\n• ❔ Signal · unknown · no evidence'],
  ])('%s, of which nothing is known: named, and said to be unknown', async (text, expected) => {
    expect(await createBot().say(text)).toContain(expected);
  });

  test('what this chat follows there: listed even when nothing is known of it', async () => {
    const bot = createBot();
    await bot.say('subscribe ru signal');
    await bot.say('subscribe max');
    const text = await bot.say('status ru');
    expect(text).toContain('❔ Signal · unknown · no evidence');
    expect(text).toContain('❔ MAX · unknown · no evidence');
    expect(await bot.say('status signal')).toContain('❔ Russia · unknown');
  });

  test('without words: what this chat follows, else everything that is not open', async () => {
    const bot = createBot();
    bot.tables.stored = [incident(), shutdown];
    expect(await bot.say('status')).toContain(
      'Everywhere\n• ⚫ Iran: Internet (whole network) · shut down, first reported 12 Feb, 11:05 UTC',
    );
    await bot.say('subscribe ru');
    const own = await bot.say('status');
    expect(own).toContain('What I watch here\nRussia\n• 🔴 WhatsApp');
    expect(own).not.toContain('Iran');
  });

  test('a threat: yellow, beside an unknown state', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ family: 'warn', action: 'warn', state: 'threatened' })];
    expect(await bot.say('status ru')).toContain('🟡 WhatsApp · unknown · under threat since 12 Feb');
  });

  test('a threat of which nothing was heard for long: no threat any more', async () => {
    const bot = createBot();
    const lastReportAt = at('2025-12-01T00:00:00Z');
    bot.tables.stored = [incident({ family: 'warn', action: 'warn', state: 'threatened', lastReportAt })];
    expect(await bot.say('status ru whatsapp')).not.toContain('under threat');
  });

  test('services that no report named: a line of their own', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ id: 'RU-any-0000', service: null })];
    expect(await bot.say('status ru')).toContain('🔴 services that were not named · blocked');
  });

  test('old evidence that is measurements alone: unknown after a day', async () => {
    const bot = createBot();
    const old = { confidence: 'confirmed' as const, lastReportAt: NOW - 30 * HOUR };
    bot.tables.stored = [
      incident({ ...old, reports: [measured(['AS1', 'AS2'])] }),
      incident({ ...old, id: 'RU-x-0000', service: 'x', reports: twoOutlets }),
    ];
    const text = await bot.say('status ru');
    expect(text).toContain('❔ WhatsApp · unknown (was blocked');
    expect(text).toContain('🔴 X (Twitter) · blocked');
  });

  test('trouble: failing and silent sources, a waiting queue, an account that cannot send', async () => {
    const bot = createBot({
      health: async () => ({
        sources: [
          source(),
          source({ id: 'dw', label: 'DW', failingSince: NOW - 3 * HOUR, lastCode: 'fetch_timeout' }),
          source({ id: 'x', label: 'Meduza', stale: true }),
        ],
        accounts: [{ id: 'tg', platform: 'telegram', ok: false, problem: 'the platform does not answer', rate: 20 }],
        queue: [{ accountId: 'tg', queued: 12_000, sending: 3, oldestCreatedAt: NOW - 5 * 60_000 }],
        agents: [],
        missingVantages: [],
      }),
    });
    const text = await bot.say('status de');
    expect(text).toContain('1 of 3 sources work');
    expect(text).toContain('Failing: DW');
    expect(text).toContain('Nothing heard from for too long: Meduza');
    expect(text).toContain('12,003 messages wait to be delivered, for 5 minutes at most; that takes about 10 minutes');
    expect(text).toContain('Sending is in trouble: tg (the platform does not answer)');
  });

  test('no sources, or none read yet: says that it cannot know', async () => {
    expect(await createBot({ health: async () => ({ ...healthy, sources: [] }) }).say('ping')).toContain(
      'I cannot know of anything',
    );
    const fresh = { ...healthy, sources: [source({ lastPollAt: null, lastOkAt: null })] };
    expect(await createBot({ health: async () => fresh }).say('ping')).toContain('1 source, not read yet');
  });
});

describe('incident', () => {
  const step = (seq: number, over: Partial<Transition>): Transition => ({
    incidentId: 'RU-whatsapp-3f9k',
    seq,
    at: at('2026-02-12T11:05:00Z') + seq * 60_000,
    change: 'opened',
    action: 'throttle',
    state: 'active',
    confidence: 'reported',
    method: null,
    reportId: null,
    ...over,
  });

  test('surer of something milder than was said first: what is sure now is named', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ action: 'throttle', reports: twoOutlets })];
    bot.tables.log = [
      step(0, { action: 'block' }),
      step(1, { change: 'confidence-up', action: 'throttle', confidence: 'corroborated' }),
    ];
    const said = await bot.say('incident ru-WHATSAPP-3f9k');
    expect(said).toContain('first told: blocked, reported');
    expect(said).toContain('more certain: slowed down, corroborated');
    expect(said).toContain('2 outlets say it is fully blocked; not certain yet');
  });

  test.each([
    ['one report a publisher of its own text', ['bbc', 'dw'], false],
    ['two publishers with one agency’s text', ['dpa', 'dpa'], true],
  ])('%s: that copies count once is said: %#', async (_name, voices, expected) => {
    const bot = createBot();
    const reports = twoOutlets.map((one, i) => ({ ...one, publisher: `p${i}`, voice: voices[i]! }));
    bot.tables.stored = [incident({ reports: [...reports, { ...reports[0]!, id: 'again' }] })];
    expect((await bot.say('incident RU-whatsapp-3f9k')).includes('Copies of one story count once')).toBe(expected);
  });

  test('by its id, in any case: the story, every voice with its words, the measurements', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ reports: [...twoOutlets, measured(['AS1'])] })];
    bot.tables.log = [
      step(0, {}),
      step(1, { change: 'confidence-up', confidence: 'corroborated' }),
      step(2, { change: 'escalated', action: 'block' }),
      step(3, { change: 'method-revealed', method: 'dns' }),
    ];
    expect(await bot.say('incident ru-WHATSAPP-3f9k')).toBe(
      [
        '🔴 Russia: WhatsApp blocked',
        '• First reported 12 Feb, 11:05 UTC',
        '• Corroborated: 2 outlets, measured on one network',
        'What happened',
        '• 12 Feb, 11:05 UTC – first told: slowed down, reported',
        '• 12 Feb, 11:06 UTC – more certain: corroborated',
        '• 12 Feb, 11:07 UTC – got worse: blocked',
        '• 12 Feb, 11:08 UTC – how it is done: DNS (its name no longer resolves, or resolves wrongly)',
        'Evidence: 3 reports',
        '• BBC <https://bbc.example/1> – Russia blocks WhatsApp (12 Feb, 11:05 UTC)',
        '• DW <https://dw.example/2> – Russia blocks WhatsApp (12 Feb, 11:30 UTC)',
        '• Measured on AS1: sni_blocked:rst (12 Feb, 11:00 UTC)',
        'RU-whatsapp-3f9k',
        '[Card to keep → evidence RU-whatsapp-3f9k] [Mute 8 h → mute RU-whatsapp-3f9k for 8h] [Status → status RU]',
      ].join('\n'),
    );
  });

  test('several ids, as the button of a grouped alert sends them: a line each', async () => {
    const bot = createBot();
    bot.tables.stored = [
      incident({ reports: twoOutlets }),
      incident({ id: 'RU-x-0000', service: 'x', reports: [report()] }),
    ];
    const text = await bot.say('incident RU-whatsapp-3f9k RU-x-0000');
    expect(text).toContain(
      '🔴 Russia: WhatsApp blocked · since 12 Feb · corroborated · RU-whatsapp-3f9k · BBC <https://bbc.example/1>, DW',
    );
    expect(text).toContain('[RU-whatsapp-3f9k → incident RU-whatsapp-3f9k] [RU-x-0000 → incident RU-x-0000]');
  });

  test('an id that nobody has: says where ids stand', async () => {
    expect(await createBot().say('incident RU-none-0000')).toContain('I know no incident RU-none-0000.');
  });

  test.each(['history m.youtube.com', 'incident https://youtu.be/watch?v=1', 'history youtube.com ru 90'])(
    '%s: a site of a service is that service',
    async (text) => {
      const bot = createBot({ serviceHosts: async () => loadServiceHosts(catalogue) });
      bot.tables.stored = [incident({ id: 'RU-youtube-1111', service: 'youtube' })];
      expect(await bot.say(text)).toContain('RU-youtube-1111');
      expect(await bot.say('history nowhere.example')).toContain('I do not know');
    },
  );

  test('what was measured: how, in words, before the code of it', async () => {
    const bot = createBot();
    const reports = [measured(['AS1'], { method: 'sni' })];
    bot.tables.stored = [incident({ reports } as never)];
    expect(await bot.say('incident RU-whatsapp-3f9k', { lang: 'ru' })).toMatch(
      /Измерено в AS1: по имени сайта в соединении \(SNI\) · \w+/u,
    );
  });

  test.each(['nosuch', 'RU-none-0000'])(
    'incident %s: what to type instead, with the incidents that there are',
    async (word) => {
      const bot = createBot();
      const empty = await bot.say(`incident ${word}`);
      expect(empty).toContain('Its id stands at the end of each alert');
      expect(empty).toMatch(word === 'nosuch' ? /\/incident RU-whatsapp-3f9k/ : /\/help/);
      bot.tables.stored = ['signal', 'telegram', 'x', 'vk'].map((service, n) =>
        incident({ id: `RU-${service}-1111`, service, openedAt: NOW - n * 60_000, lastReportAt: NOW - n * 60_000 }),
      );
      const text = await bot.say(`incident ${word}`);
      expect(text).toContain('Blocked or slowed down now (4), the newest:');
      expect(text).toContain('[RU-signal-1111 → incident RU-signal-1111]');
      expect(text.match(/→ incident RU-/g)).toHaveLength(3);
      // What a chat of this level would not hear of is not shown either.
      bot.tables.stored = [incident({ id: 'RU-signal-1111', confidence: 'reported' })];
      expect(await bot.say(`incident ${word}`)).not.toContain('RU-signal-1111');
    },
  );

  test('a country and a service joined by a hyphen: not taken for an id', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ id: 'RU-google-play-3f9k', service: 'google-play' })];
    expect(await bot.say('incident ru-google-play')).toContain('🔴 Russia: Google Play blocked');
    expect(await bot.say('mute ru-google-play')).toContain('Quiet about Russia: Google Play');
    expect(await bot.say('incident RU-google-play-3f9k')).toContain('🔴 Russia: Google Play blocked');
  });

  test('by country and service: the open incidents about it', async () => {
    const bot = createBot();
    bot.tables.stored = [incident(), incident({ id: 'RU-x-0000', service: 'x' })];
    expect(await bot.say('событие россия')).toContain('Incidents about this:');
    expect(await bot.say('incident ru whatsapp')).toContain('Evidence: 0 reports');
  });

  test('only anomalies: says that they prove nothing', async () => {
    const bot = createBot();
    const anomaly = measured(['AS1'], {
      measured: { strength: 'anomaly', networks: ['AS1'], verdict: 'sni_blocked', component: null },
    });
    bot.tables.stored = [incident({ confidence: 'suspected', reports: [anomaly] })];
    expect(await bot.say('incident RU-whatsapp-3f9k')).toContain('An anomaly alone is no proof of a block.');
  });

  test('a title full of tricks: one short line', async () => {
    const bot = createBot();
    bot.tables.stored = [incident({ reports: [report({ title: `a\u202Eb\n\n@room ${'x'.repeat(5_000)}` })] })];
    const text = await bot.say('incident RU-whatsapp-3f9k');
    expect(text).not.toContain('\u202E');
    expect(text.length).toBeLessThan(700);
  });
});
