/** What a frightened reader needs first: which part is cut, where, what somebody claims beyond it, and what to do. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leavesMessages, partCut, partsOf } from '../../../src/core/correlate/part.ts';
import { ACTIONS, METHODS } from '../../../src/core/model/incident.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { adviceFor, adviceLine, renderAlert } from '../../../src/core/render/alert.ts';
import { componentName } from '../../../src/core/render/evidence.ts';
import { languages } from '../../../src/i18n/packs.ts';
import { isWhole, phrasesOf } from '../../fakes/packs.ts';
import { asText, incident, known, measured, report, translators, twoOutlets, view } from './support.ts';

const en = translators.of('en');
const ru = translators.of('ru');
const limits = (title: string, over: Partial<Report> = {}): Report => report({ action: 'restrict', title, ...over });
const headOf = (one: ReturnType<typeof incident>, lang: string): string =>
  asText(renderAlert(view([one], { known: known() }), translators.of(lang))).split('\n')[0]!;

describe('the part that is cut', () => {
  test.each<[string, string[]]>([
    ['Russia restricts calls in WhatsApp', ['calls']],
    ['Voice and video calls on WhatsApp stop working', ['calls']],
    ['РКН ограничил звонки в WhatsApp', ['calls']],
    ['В WhatsApp не дозвониться: голосовые звонки отключены', ['calls']],
    ['WhatsApp-Anrufe in Russland eingeschränkt', ['calls']],
    ['Restringen llamadas de WhatsApp', ['calls']],
    ['Les appels WhatsApp bloqués', ['calls']],
    ['WhatsApp aramaları engellendi', ['calls']],
    ['محدودیت تماس صوتی واتساپ', ['calls']],
    ['俄罗斯限制WhatsApp语音通话', ['calls']],
    ['Photos and videos do not load in WhatsApp', ['media']],
    ['В WhatsApp не грузятся фото', ['media']],
    ['WhatsApp registration is blocked for new users', ['registration']],
    ['Новых пользователей WhatsApp не регистрируют: регистрация ограничена', ['registration']],
    ['Video calls and photos limited', ['calls', 'media']],
    ['WhatsApp partly restricted', []],
    ['Media report: WhatsApp is limited', []],
  ])('%s: %j', (title, parts) => expect(partsOf(limits(title))).toEqual(parts));

  test.each<[string, string[]]>([
    ['Mobile internet is switched off in Dagestan', ['mobile']],
    ['В Дагестане отключили мобильный интернет', ['mobile']],
    ['Mobilfunknetz in Minsk abgeschaltet', ['mobile']],
    ['Cortan el internet móvil en Caracas', ['mobile']],
    ['اینترنت همراه در کردستان قطع شد', ['mobile']],
    ['Dagestan: 4G internet is down', ['mobile']],
    ['Internet is down in Dagestan', []],
  ])('of the network: %s: %j', (title, parts) =>
    expect(partsOf(report({ service: 'internet', action: 'shutdown', title }))).toEqual(parts),
  );

  test('more than half of the voices: told; one of three: not', () => {
    const one = incident({ action: 'restrict' });
    const calls = limits('calls limited');
    const vague = (voice: string) => limits('partly restricted', { voice });
    expect(partCut(one, [calls])).toBe('calls');
    expect(partCut(one, [calls, limits('звонки ограничены', { voice: 'dw' }), vague('c')])).toBe('calls');
    expect(partCut(one, [calls, vague('b'), vague('c')])).toBeNull();
    expect(partCut(one, [limits('calls limited'), limits('calls and photos limited', { voice: 'dw' })])).toBe('calls');
    expect(partCut(one, [limits('calls and photos limited')])).toBeNull();
  });

  test('a block, a threat, an unnamed service: never a part', () => {
    const calls = limits('calls limited');
    expect(partCut(incident(), [calls])).toBeNull();
    expect(partCut(incident({ family: 'warn', action: 'warn' }), [calls])).toBeNull();
    expect(partCut(incident({ service: null, action: 'restrict' }), [calls])).toBeNull();
  });

  test('calls alone: the headline says what goes on working', () => {
    const one = incident({ action: 'restrict', reports: [limits('Russia restricts calls in WhatsApp')] });
    expect(headOf(one, 'en')).toBe('🟠 Russia: calls in WhatsApp do not work, messages do');
    expect(headOf(one, 'ru')).toBe('🟠 Россия: в WhatsApp не работают звонки, сообщения доходят');
  });

  test.each([
    ['messages are named beside them', [limits('Calls and messages in WhatsApp are restricted')]],
    [
      'somebody says that it is blocked as a whole',
      [limits('calls restricted', { at: 2 }), report({ voice: 'dw', at: 2, title: 'WhatsApp fully blocked' })],
    ],
  ])('%s: no word about messages', (_, reports) => {
    const one = incident({ action: 'restrict', lastReportAt: 2, openedAt: 1, reports });
    expect(headOf(one, 'en')).toMatch(/^🟠 Russia: (?:calls in WhatsApp do not work|WhatsApp partly restricted)$/);
  });

  test('what still works is no part that is cut', () => {
    expect(leavesMessages([limits('Calls restricted; text messages still work')])).toBe(true);
    expect(leavesMessages([limits('Звонки ограничены, сообщения доходят')])).toBe(true);
    expect(leavesMessages([limits('Messages do not arrive')])).toBe(false);
  });

  test('components of probes have names in every language; an operator’s own is shown as it is', () => {
    expect(componentName('registration', ru)).toBe('регистрация');
    expect(componentName('data-centres', en)).toBe('the app’s servers');
    expect(componentName('my-part', en)).toBe('my-part');
    expect(componentName('constructor', en)).toBe('constructor');
  });
});

describe('the place', () => {
  const off = (regions: string[], title = 'Internet is off') =>
    incident({
      service: 'internet',
      action: 'shutdown',
      regions,
      reports: [report({ service: 'internet', action: 'shutdown', title })],
    });

  test.each([
    [['RU-DA'], '⚫ Dagestan, Russia: internet off', '⚫ Республика Дагестан, Россия: отключён интернет'],
    [['RU-DA', 'RU-CE'], '⚫ Dagestan, Chechnya (Russia): internet off', undefined],
    [
      ['RU-DA', 'RU-CE', 'RU-IN', 'RU-BEL'],
      '⚫ Russia, 4 regions: internet off',
      '⚫ Россия, 4 региона: отключён интернет',
    ],
    [['Мухосранске'], '⚫ Russia, in places: internet off', undefined],
    [[], '⚫ Russia: internet off', undefined],
  ])('%j: first, by the gazetteer', (regions, english, russian) => {
    expect(headOf(off(regions), 'en')).toBe(english);
    if (russian) expect(headOf(off(regions), 'ru').replace('Республика ', '')).toBe(russian.replace('Республика ', ''));
  });

  test('mobile internet is told from all of it', () => {
    expect(headOf(off(['RU-DA'], 'Mobile internet is off in Dagestan'), 'en')).toBe(
      '⚫ Dagestan, Russia: mobile internet off',
    );
    expect(headOf(off([], 'Отключён мобильный интернет'), 'ru')).toBe('⚫ Россия: отключён мобильный интернет');
  });

  test('a service: only where every report names a region', () => {
    const here = twoOutlets.map((one) => ({ ...one, region: 'RU-DA' }));
    const one = incident({ regions: ['RU-DA'], reports: here });
    expect(headOf(one, 'en')).toBe('🔴 Dagestan, Russia: WhatsApp blocked');
    const wider = { ...one, reports: [here[0]!, { ...here[1]!, region: null }] };
    expect(headOf(wider, 'en')).toBe('🔴 Russia: WhatsApp blocked');
    expect(asText(renderAlert(view([wider]), en))).toContain('• Where: Dagestan');
  });
});

describe('what the reader can do', () => {
  const advise = (over: Parameters<typeof incident>[0], of = known()): string | null =>
    adviceLine([incident({ reports: twoOutlets, ...over })], of, en);

  test.each<[string, Parameters<typeof incident>[0], string | null]>([
    ['a messenger is blocked', {}, 'messenger'],
    ['a site is blocked', { service: 'dw' }, 'site'],
    ['slowed down', { action: 'throttle' }, 'slow'],
    ['the network is off', { service: 'internet', action: 'shutdown' }, 'shutdown'],
    ['out of the app stores', { method: 'app-store' }, 'store'],
    ['a threat', { family: 'warn', action: 'warn', state: 'threatened' }, 'warn'],
    ['over', { state: 'lifted', open: false }, null],
    ['taken back', { state: 'withdrawn', open: false }, null],
    ['no service is named', { service: null }, null],
    ['a site partly restricted', { service: 'dw', action: 'restrict' }, null],
  ])('%s: %s', (_, over, kind) => expect(adviceFor([incident({ reports: twoOutlets, ...over })], known())).toBe(kind));

  test('only mobile internet is off: wired lines may work', () => {
    const reports = [report({ service: 'internet', action: 'shutdown', title: 'Mobile internet is off' })];
    const off = incident({ service: 'internet', action: 'shutdown', reports });
    expect(adviceFor([off], known())).toBe('mobile');
    expect(adviceLine([off], known({ works: ['telegram'] }), en)).not.toContain('Telegram');
  });

  test('only what was measured open is named, with how often, and the service itself is not', () => {
    const counts: Record<string, number> = { telegram: 24, dw: 1 };
    const measurements = (service: string): number => counts[service] ?? 0;
    expect(advise({}, known({ works: ['dw', 'telegram', 'whatsapp'], measurements }))).toMatch(
      /^Measured open there lately: Telegram \(24 measurements\), Deutsche Welle \(1 measurement\)\. Tell your people/,
    );
    expect(advise({}, known())).toMatch(/^Tell your people/);
    expect(advise({}, known({ works: ['max', 'vk', 'telegram'] }))).toMatch(
      /^Measured open there lately: Telegram\. Tell/,
    );
  });

  test('not wanted by the operator: what works is told all the same, and nothing else', () => {
    const off = known({ works: ['telegram'], advises: (country) => country !== 'RU' });
    expect(advise({}, off)).toBe('Measured open there lately: Telegram.');
    expect(advise({}, known({ advises: () => false }))).toBeNull();
  });

  test('in every language: no way around a block, no tool, no order, no address, and not long', () => {
    const tools =
      /vpn|впн|proxy|прокси|проксі|\btor\b|psiphon|lantern|мост|bridge|http|www|mirror|зеркал|serveur|فیلترشکن|پروکسی|翻墙|代理|mesh|briar|snowflake/iu;
    for (const { code } of languages.filter(isWhole)) {
      const advice = Object.entries(phrasesOf(code)).filter(([key]) => /^advice\.(?!works)/.test(key));
      expect(advice.length).toBeGreaterThanOrEqual(9);
      for (const [key, text] of advice) {
        expect(text, `${code} ${key}`).not.toMatch(tools);
        expect([...(text as string)].length, `${code} ${key}`).toBeLessThan(190);
      }
    }
  });

  test('whatever is cut: one line, or none', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            service: fc.constantFrom('whatsapp', 'internet', 'dw', null),
            action: fc.constantFrom(...ACTIONS),
            method: fc.constantFrom(null, ...METHODS),
            state: fc.constantFrom('threatened', 'active', 'easing', 'lifted', 'withdrawn'),
            country: fc.constantFrom('RU', null),
          }),
          { maxLength: 5 },
        ),
        fc.boolean(),
        (all, advises) => {
          const incidents = all.map((one) =>
            incident({ ...one, family: one.action === 'warn' ? 'warn' : 'access', reports: twoOutlets }),
          );
          const line = adviceLine(incidents, known({ advises: () => advises }), en);
          expect(line ?? 'x').not.toMatch(/\n|\{|undefined|^$/);
          if (!advises) expect(line).toBeNull();
        },
      ),
    );
  });
});

describe('sources of several', () => {
  const url = (n: number) => `https://bbc.example/${n}`;

  test('a mixed alert cites each incident’s own articles, lifts by those of the lift', () => {
    const blocked = incident({ reports: [report({ url: url(1) })] });
    const lifted = incident({
      id: 'RU-signal-0001',
      service: 'signal',
      state: 'lifted',
      open: false,
      closedAt: 9,
      reports: [report({ url: url(2) }), report({ id: 'l', url: url(3), action: 'unblock', publisherName: 'DW' })],
    });
    const text = asText(renderAlert(view([lifted, blocked]), en));
    expect(text).toContain(`• WhatsApp – Sources: BBC <${url(1)}>\n• Signal – Sources: DW <${url(3)}>`);
    expect(text).not.toContain(url(2));
  });

  test('all rest on the same articles: one line', () => {
    const two = ['whatsapp', 'signal'].map((service) =>
      incident({ id: `RU-${service}`, service, reports: twoOutlets }),
    );
    expect(asText(renderAlert(view(two), en)).match(/Sources:/g)).toHaveLength(1);
  });

  test('twenty with articles of their own: names of the rest, and the sources of the first', () => {
    const many = Array.from({ length: 20 }, (_, n) =>
      incident({ id: `RU-s${n}`, service: `s${n}`, reports: [report({ url: url(n) })] }),
    );
    const text = asText(renderAlert(view(many), en));
    expect(text.match(/Sources:/g)).toHaveLength(1);
    expect(text).toMatch(/Sources: BBC$/mu);
  });
});

test('our own probe and an agent are named in the reader’s language', () => {
  const one = incident({ reports: [measured(['AS8359'])] });
  expect(asText(renderAlert(view([one]), ru))).toContain('Источники: наше измерение (AS8359)');
  const agent = measured(['AS1'], { measured: { ...measured(['AS1']).measured!, agent: 'narva' } });
  expect(asText(renderAlert(view([incident({ reports: [agent] })]), en))).toContain('a measuring agent (AS1)');
});
