import { describe, expect, test } from 'vitest';
import { type AlertView, renderAlert, renderReply } from '../../../src/core/render/alert.ts';
import { asText, at, incident, known, measured, report, translators, twoOutlets, view } from './support.ts';

const lifts = twoOutlets.map((one) => ({
  ...one,
  id: `${one.id}-lift`,
  action: 'unblock' as const,
  at: at('2026-02-13T09:00:00Z'),
}));
const lifted = incident({
  state: 'lifted',
  open: false,
  closedAt: at('2026-02-13T09:00:00Z'),
  liftConfidence: 'corroborated',
  reports: [...lifts, ...twoOutlets],
});
const group = ['whatsapp', 'telegram', 'facebook', 'dw', 'x'].map((service, index) =>
  incident({ id: `RU-${service}-000${index}`, service, reports: twoOutlets }),
);

const textOf = (shown: AlertView, lang: string): string => asText(renderAlert(shown, translators.of(lang)));

describe('one incident', () => {
  test('blocked, two outlets, method and region known: everything that the domain asks for', () => {
    const shown = view([incident({ reports: twoOutlets, method: 'dns', regions: ['Moscow'] })], {
      known: known({ works: ['telegram', 'whatsapp'] }),
    });
    expect(textOf(shown, 'en')).toBe(
      [
        '🔴 Russia: WhatsApp blocked',
        '• First reported 12 Feb, 14:05 MSK',
        '• Corroborated: 2 outlets report it, nobody has measured it',
        '• How: DNS (its name no longer resolves, or resolves wrongly)',
        '• Where: Moscow',
        '• Measured open there lately: Telegram. Tell your people now where else you can be reached: another app, e-mail or phone. Others can listen to ordinary calls and read SMS.',
        '• Sources: BBC <https://bbc.example/1>, DW <https://dw.example/2>',
        'RU-whatsapp-3f9k',
        '[Evidence → incident RU-whatsapp-3f9k] [Mute 8 h → mute RU-whatsapp-3f9k for 8h] [Status → status RU]',
        '[Card for relatives → family RU]',
        '[Does not work for me → readers fails RU whatsapp] [Works for me → readers works RU whatsapp]',
      ].join('\n'),
    );
    expect(textOf(shown, 'ru')).toBe(
      [
        '🔴 Россия: доступ к WhatsApp заблокирован',
        '• Впервые сообщили 12 февраля в 14:05 МСК',
        '• Подкреплено: пишут 2 издания, измерений нет',
        '• Как: через DNS (имя сайта не находится или подменяется)',
        '• Где: Moscow',
        '• По недавним измерениям там открываются: Telegram. Договоритесь с близкими уже сейчас, где ещё вас найти: другое приложение, почта, телефон. Обычные звонки и СМС могут слушать и читать.',
        '• Источники: BBC <https://bbc.example/1>, DW <https://dw.example/2>',
        'RU-whatsapp-3f9k',
        '[Источники → incident RU-whatsapp-3f9k] [Не писать 8 ч → mute RU-whatsapp-3f9k for 8h] [Что заблокировано → status RU]',
        '[Для близких → family RU]',
        '[У меня не работает → readers fails RU whatsapp] [У меня работает → readers works RU whatsapp]',
      ].join('\n'),
    );
  });

  test.each([
    [
      'news and two networks',
      'confirmed',
      [...twoOutlets, measured(['AS1', 'AS2'])],
      'Confirmed: 2 outlets, measured from 2 networks',
    ],
    ['own probe on one network', 'corroborated', [measured(['AS1'])], 'Corroborated: measured on one network'],
    ['one outlet', 'reported', [report()], 'Reported, not confirmed yet: 1 outlet'],
    [
      'ten copies of one agency',
      'reported',
      Array.from({ length: 10 }, (_, i) => report({ id: `c${i}`, voice: 'agency:dpa' })),
      'Reported, not confirmed yet: 1 outlet',
    ],
    [
      'an anomaly',
      'suspected',
      [
        measured(['AS1'], {
          measured: { strength: 'anomaly', networks: ['AS1'], verdict: 'sni_blocked', component: null },
        }),
      ],
      'Suspected, not confirmed: measurements on one network look like it',
    ],
    [
      'the authority itself',
      'corroborated',
      [report({ kind: 'authority', voice: 'authority:rkn', publisherName: 'Roskomnadzor' })],
      'Corroborated: official notice (Roskomnadzor)',
    ],
    ['nothing to show', 'corroborated', [], 'Corroborated'],
  ] as const)('confidence from %s: said in words and why', (_, confidence, reports, expected) => {
    const text = textOf(view([incident({ confidence, reports: [...reports] })]), 'en');
    expect(text).toContain(`• ${expected}\n`);
  });

  test('more than five voices: five linked, the rest counted', () => {
    const reports = Array.from({ length: 8 }, (_, i) =>
      report({ id: `r${i}`, voice: `v${i}`, publisherName: `P${i}`, at: i, url: `https://p${i}.example/` }),
    );
    expect(textOf(view([incident({ reports })]), 'en')).toContain('P4 <https://p4.example/>, 3 more');
  });

  test('throttled before it was blocked: the block is not said to be as old as the throttling', () => {
    const reports = [
      report({ action: 'throttle', at: at('2026-02-01T08:00:00Z') }),
      report({ id: 'b', url: 'https://bbc.example/block', at: at('2026-02-12T08:00:00Z') }),
    ];
    const text = textOf(view([incident({ openedAt: at('2026-02-01T08:00:00Z'), reports })]), 'en');
    expect(text).toContain('• First reported 12 Feb, 11:00 MSK\n• Earlier: Slowed down, since 1 Feb, 11:00 MSK');
    expect(text).toContain('https://bbc.example/block');
  });

  test('easing: still in force, and who says it is back', () => {
    const text = textOf(view([incident({ state: 'easing', reports: [lifts[0]!, ...twoOutlets] })]), 'ru');
    expect(text.startsWith('🔴 Россия: доступ к WhatsApp заблокирован')).toBe(true);
    expect(text).toContain('• 1 издание пишет, что доступ вернулся; пока не точно');
    expect(text).toContain('• Подкреплено: пишут 2 издания, измерений нет');
  });

  test('lifted: green mark, how long it lasted, sources of the lift, nothing to mute', () => {
    expect(textOf(view([lifted]), 'en')).toBe(
      [
        '🟢 Russia: WhatsApp works again',
        '• Lasted 21 hours 55 minutes: 12 Feb, 14:05 MSK – 13 Feb, 12:00 MSK',
        '• Before: WhatsApp blocked',
        '• Corroborated: 2 outlets report it, nobody has measured it',
        '• Sources: BBC <https://bbc.example/1>, DW <https://dw.example/2>',
        'RU-whatsapp-3f9k',
        '[Evidence → incident RU-whatsapp-3f9k] [Status → status RU]',
        '[Card for relatives → family RU]',
        '[Does not work for me → readers fails RU whatsapp] [Works for me → readers works RU whatsapp]',
      ].join('\n'),
    );
  });

  test('a lift of what was never reported: no invented beginning', () => {
    const text = textOf(view([{ ...lifted, action: 'unblock', openedAt: lifted.closedAt!, reports: lifts }]), 'en');
    expect(text).toContain('• Back since 13 Feb, 12:00 MSK');
    expect(text).not.toContain('Lasted');
  });

  test('withdrawn: says what was wrong, and why', () => {
    const text = textOf(
      view([
        incident({ state: 'withdrawn', open: false, withdrawnBecause: 'the outlet took it back', reports: twoOutlets }),
      ]),
      'ru',
    );
    expect(text).toContain('⚪ Мы ошиблись. Россия: WhatsApp не блокировали.');
    expect(text).toContain('• Причина: the outlet took it back');
  });

  test('a page that measures this service: a link to it, below the two words; of several services, or without a page, none', () => {
    const testPage = (...asked: string[]) => (asked[1] === 'whatsapp' ? `https://x.example/${asked.join('/')}` : null);
    const linked = (service: string, over: object = {}) =>
      textOf({ ...view([incident({ service, reports: twoOutlets })], { lang: 'ru' }), testPage, ...over }, 'ru');
    const link = /\[Проверить отсюда → https:\/\/x\.example\/RU\/whatsapp\/ru\]$/u;
    expect(linked('whatsapp')).toMatch(link);
    for (const text of [
      linked('telegram'),
      linked('whatsapp', { testPage: undefined }),
      linked('', { incidents: group }),
    ])
      expect(text).not.toContain('x.example');
  });

  test('a threat: yellow, announced rather than since', () => {
    const text = textOf(
      view([incident({ family: 'warn', action: 'warn', state: 'threatened', reports: twoOutlets })]),
      'en',
    );
    expect(text).toContain('🟡 Russia: WhatsApp may be cut off soon\n• Announced 12 Feb, 14:05 MSK');
  });

  test('the network is off: nothing is said to work', () => {
    const text = textOf(
      view([incident({ service: 'internet', country: 'IR', action: 'shutdown', reports: twoOutlets })], {
        known: known({ works: ['telegram'] }),
      }),
      'ru',
    );
    expect(text).toContain('⚫ Иран: отключён интернет');
    expect(text).not.toContain('Telegram');
  });

  test('neither country nor service named: says so, and offers no status', () => {
    const text = textOf(
      view([incident({ id: 'XX-any-1a2b', country: null, service: null, reports: [report()] })]),
      'en',
    );
    expect(text).toContain('🔴 Country not named: services blocked; not said which');
    expect(text).not.toContain('Status');
  });
});

describe('many incidents of one country', () => {
  test('all blocked: one headline that names them', () => {
    expect(textOf(view(group), 'en')).toBe(
      [
        '🔴 Russia: WhatsApp, Telegram, Facebook, Deutsche Welle, X (Twitter) blocked',
        '• First reported 12 Feb, 14:05 MSK',
        '• Corroborated: 2 outlets report it, nobody has measured it',
        '• Sources: BBC <https://bbc.example/1>, DW <https://dw.example/2>',
        'RU-whatsapp-0000 RU-telegram-0001 RU-facebook-0002 RU-dw-0003 RU-x-0004',
        '[Evidence → incident RU-whatsapp-0000 RU-telegram-0001 RU-facebook-0002 RU-dw-0003 RU-x-0004] [Mute Russia 8 h → mute RU for 8h] [Status → status RU]',
        '[Card for relatives → family RU]',
      ].join('\n'),
    );
  });

  test('of different kinds: a line a kind, worst first', () => {
    const mixed = [
      { ...lifted, id: 'RU-dw-1', service: 'dw' },
      { ...group[2]!, action: 'throttle' as const },
      group[0]!,
    ];
    expect(textOf(view(mixed), 'ru')).toContain(
      [
        '🔴 Россия: доступ к WhatsApp заблокирован · ещё 2',
        '🔴 Доступ к WhatsApp заблокирован',
        '🟠 Доступ к Facebook замедлен',
        '🟢 Доступ к Deutsche Welle восстановлен',
      ].join('\n'),
    );
  });

  test('not equally sure: what holds for the weakest, and says so', () => {
    const unequal = [
      group[0]!,
      { ...group[1]!, confidence: 'confirmed' as const, reports: [...twoOutlets, measured(['AS1', 'AS2'])] },
    ];
    expect(textOf(view(unequal), 'en')).toContain(
      '• Corroborated: 2 outlets report it, nobody has measured it – each of them, at least',
    );
  });

  test('a hundred services: names and ids are bounded', () => {
    const many = Array.from({ length: 100 }, (_, i) =>
      incident({ id: `RU-s${i}-0000`, service: `s${i}`, reports: twoOutlets }),
    );
    const text = textOf(view(many), 'ru');
    expect(text).toContain('Россия: заблокирован доступ к 100 сервисам');
    expect(text).toContain('s79, ещё 20');
    expect(text.length).toBeLessThan(4_000);
  });
});

describe('short replies', () => {
  test('services added: only these, complete by itself, in one line', () => {
    const text = asText(
      renderReply(view(group), translators.of('en'), { reason: 'widened', incidentIds: ['RU-dw-0003', 'RU-x-0004'] }),
    );
    expect(text.split('\n')).toEqual([
      '🔴 Russia: Deutsche Welle, X (Twitter) blocked · RU-dw-0003 RU-x-0004',
      expect.stringContaining('[Evidence → incident RU-dw-0003 RU-x-0004]'),
    ]);
  });

  test('escalation: the new state, and that it got worse', () => {
    const text = asText(
      renderReply(view(group), translators.of('ru'), { reason: 'escalated', incidentIds: ['RU-dw-0003'] }),
    );
    expect(text).toContain(
      '🔴 Россия: доступ к Deutsche Welle заблокирован · Стало хуже. Подкреплено: пишут 2 издания, измерений нет · RU-dw-0003\n',
    );
  });

  test('a lift: mark, service, country, duration, confidence and id, in one line', () => {
    const reply = renderReply(view([lifted, group[1]!]), translators.of('ru'), {
      reason: 'lifted',
      incidentIds: [lifted.id],
    });
    expect(reply.tone).toBe('alert');
    expect(asText(reply)).toBe(
      [
        '🟢 Россия: доступ к WhatsApp восстановлен · длилось 21 ч 55 мин · Подкреплено: пишут 2 издания, измерений нет · RU-whatsapp-3f9k',
        '[Источники → incident RU-whatsapp-3f9k] [Что заблокировано → status RU]',
      ].join('\n'),
    );
  });

  test('changed incidents that this chat does not follow: the whole alert instead of nothing', () => {
    const text = asText(
      renderReply(view([lifted]), translators.of('en'), { reason: 'lifted', incidentIds: ['RU-other-0000'] }),
    );
    expect(text).toContain('WhatsApp works again');
  });
});

describe('words of strangers', () => {
  test('line breaks, direction marks and endless names: cut to one short line', () => {
    const evil = `Evil\u202E\n@room ${'x'.repeat(5_000)}`;
    const text = textOf(view([incident({ regions: [evil], reports: [report({ publisherName: evil })] })]), 'en');
    expect(text).not.toContain('\u202E');
    expect(text.split('\n')).toHaveLength(9);
    expect(text.length).toBeLessThan(600);
  });

  test.each(['javascript:alert(1)', 'https://user:pass@example.org/', 'not a link', 'file:///etc/passwd'])(
    'link %s: shown without a link',
    (url) => {
      expect(textOf(view([incident({ reports: [report({ url })] })]), 'en')).toContain('• Sources: BBC\n');
    },
  );
});
