/** A line of `/status`, and the list of long-standing blocks after `/subscribe`: which cells there are, and which are left out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Matcher, baselineCell, baselineMark, statusRow } from '../../../src/core/commands/answer.ts';
import type { ChatFacts, CommandContext } from '../../../src/core/commands/command.ts';
import { createLifted, standingBlocks } from '../../../src/core/commands/look/known.ts';
import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/model/chat.ts';
import { ACTIONS, type Action, CONFIDENCES } from '../../../src/core/model/incident.ts';
import type { IncidentTable } from '../../../src/core/ports/store.ts';
import type { IncidentWithReports } from '../../../src/core/render/alert.ts';
import { STATUS_POLICY, type ServiceStatus, statusOf } from '../../../src/core/state.ts';
import { NOW, asText, at, incident, translators } from '../render/support.ts';
import { FakeTables } from './fake-tables.ts';

const DAY = 86_400_000;
const en = translators.of('en');
const chat: ChatFacts = {
  id: 1,
  kind: 'private',
  lang: 'en',
  timeZone: 'Europe/Moscow',
  level: 'corroborated',
  settings: DEFAULT_SETTINGS,
};

const entry = (country: string, service: string, since: string, over: Partial<BaselineEntry> = {}): BaselineEntry => ({
  country,
  service,
  action: 'block',
  method: null,
  since: at(since),
  monthOnly: false,
  reference: 'https://record.example/',
  ...over,
});

describe('a row', () => {
  const block = incident();
  const known: ServiceStatus = {
    country: 'RU',
    service: 'whatsapp',
    state: 'blocked',
    was: null,
    since: at('2026-02-12T22:30:00Z'),
    confidence: 'corroborated',
    evidenceAt: NOW - 2 * 3_600_000,
    incident: block,
    threat: null,
    covered: false,
  };
  const unknown: ServiceStatus = {
    ...known,
    state: 'unknown',
    since: null,
    confidence: null,
    evidenceAt: null,
    incident: null,
  };
  const threat = incident({ id: 'RU-whatsapp-warn', family: 'warn', action: 'warn', state: 'threatened' });
  const row = (over: Partial<ServiceStatus>, base = known): string =>
    statusRow({ ...base, ...over }, 'WhatsApp', chat, en, NOW).join(' · ');

  test.each<[string, ServiceStatus, string]>([
    // In Moscow it was the 13th already.
    [
      'blocked',
      known,
      '🔴 WhatsApp · blocked since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'throttled, and said so',
      { ...known, state: 'degraded', incident: incident({ action: 'throttle' }) },
      '🟠 WhatsApp · degraded (throttled) since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'partly restricted, and said so',
      { ...known, state: 'degraded', incident: incident({ action: 'restrict' }) },
      '🟠 WhatsApp · degraded (partly restricted) since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'under a national shutdown',
      { ...known, state: 'shutdown', covered: true, incident: incident({ id: 'RU-internet-1', service: 'internet' }) },
      '⚫ WhatsApp · shut down since 13 Feb (with the whole network) · corroborated · last evidence 2 hours ago · RU-internet-1',
    ],
    [
      'in four regions',
      { ...known, incident: incident({ regions: ['Tver', 'Perm\nOmsk', 'Ufa', 'Orel'] }) },
      '🔴 WhatsApp · blocked in Tver, Perm Omsk, Ufa, 1 more since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'open again: where it had been is no matter',
      { ...known, state: 'open', incident: incident({ state: 'lifted', regions: ['Tver'] }) },
      '🟢 WhatsApp · open since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'evidence too old: how sure it once was is left out',
      { ...known, state: 'unknown', was: 'blocked' },
      '❔ WhatsApp · unknown (was blocked since 13 Feb) · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'an order that stands, though nobody has spoken of it for long',
      { ...known, faded: true, evidenceAt: at('2025-11-01T00:00:00Z') },
      '🔴 WhatsApp · blocked since 13 Feb · corroborated · last confirmed 1 Nov 2025 · RU-whatsapp-3f9k',
    ],
    ['nothing known', unknown, '❔ WhatsApp · unknown · no evidence'],
    [
      'a threat alone: its age is the evidence, its id the row’s',
      { ...unknown, threat },
      '🟡 WhatsApp · unknown · under threat since 12 Feb · last evidence 2 hours ago · RU-whatsapp-warn',
    ],
    [
      'a threat over what is open',
      { ...known, state: 'open', threat },
      '🟡 WhatsApp · open since 13 Feb · under threat since 12 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'a threat over what is slow already',
      { ...known, state: 'degraded', incident: incident({ action: 'throttle' }), threat },
      '🟠 WhatsApp · degraded (throttled) since 13 Feb · under threat since 12 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'a threat that came true: no news',
      { ...known, threat },
      '🔴 WhatsApp · blocked since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'by the public record',
      { ...unknown, state: 'blocked', baseline: entry('RU', 'whatsapp', '2022-03-04') },
      '🔴 WhatsApp · blocked since 4 Mar 2022 · reference: https://record.example/',
    ],
    [
      'by the public record, and borne out',
      { ...known, faded: true, baseline: entry('RU', 'whatsapp', '2022-03-04') },
      '🔴 WhatsApp · blocked since 13 Feb · corroborated · last confirmed 14 Feb · reference: https://record.example/ · RU-whatsapp-3f9k',
    ],
  ])('%s', (_name, status, text) => expect(row(status)).toBe(text));

  test.each<[Partial<BaselineEntry>, string, string]>([
    [{ action: 'block' }, '🔴', 'blocked since 1 Mar 2022'],
    [{ action: 'throttle' }, '🟠', 'degraded (throttled) since 1 Mar 2022'],
    [{ action: 'restrict' }, '🟠', 'degraded (partly restricted) since 1 Mar 2022'],
    [{ action: 'shutdown', monthOnly: true }, '⚫', 'shut down since Mar 2022'],
  ])('a long-standing %j: %s %s', (over, mark, text) => {
    const one = entry('RU', 'whatsapp', '2022-03-01', over);
    // The day is that of the record, whatever the chat's zone.
    expect([baselineMark(one), baselineCell(one, en, NOW)]).toEqual([mark, text]);
  });

  const anyIncident = fc
    .record({
      action: fc.constantFrom<Action>(...ACTIONS),
      state: fc.constantFrom('active' as const, 'easing' as const, 'lifted' as const, 'threatened' as const),
      confidence: fc.constantFrom(...CONFIDENCES),
      days: fc.nat(60),
      regions: fc.subarray(['A', 'B', 'C', 'D', 'E']),
      service: fc.constantFrom('whatsapp', 'whatsapp', 'internet'),
      open: fc.boolean(),
    })
    .map(({ action, days, service, ...rest }) =>
      incident({
        id: `RU-${service}-${action}-${days}`,
        action,
        service,
        family: action === 'warn' ? 'warn' : 'access',
        openedAt: NOW - days * DAY,
        lastReportAt: NOW - (days / 2) * DAY,
        ...rest,
      }),
    );

  test('whatever is known: a mark and the name first, no hole, and at most one id, at the end', () => {
    const standing = fc.constantFrom(undefined, [entry('RU', 'whatsapp', '2022-03-04')]);
    fc.assert(
      fc.property(fc.array(anyIncident, { maxLength: 4 }), standing, (incidents, baseline) => {
        const facts = { now: NOW, policy: STATUS_POLICY, ...(baseline ? { baseline } : {}) };
        const status = statusOf('RU', 'whatsapp', incidents, facts);
        for (const lang of ['en', 'ru']) {
          const cells = statusRow(status, 'WhatsApp', chat, translators.of(lang), NOW);
          expect(cells[0]).toMatch(/^[🟢🟠🔴⚫❔🟡] WhatsApp$/u);
          expect(cells.join(' ')).not.toMatch(/\{|undefined|null|NaN| {2}/);
          expect(cells.filter((one) => one.trim() === '')).toEqual([]);
          const ids = cells.filter((one) => one.startsWith('RU-'));
          expect(ids.length).toBe(status.incident || status.threat ? 1 : 0);
          if (ids.length > 0) expect(cells.at(-1)).toBe(ids[0]);
        }
      }),
    );
  });
});

describe('long-standing blocks that a subscription covers', () => {
  const baseline = [
    entry('RU', 'facebook', '2022-03-04'),
    entry('RU', 'instagram', '2022-03-14'),
    entry('RU', 'signal', '2024-08-09', { action: 'throttle' }),
    entry('IR', 'facebook', '2009-06-01', { monthOnly: true }),
    entry('IR', 'whatsapp', '2022-09-01', { monthOnly: true }),
  ];
  const shown = async (
    matchers: Matcher[],
    { stored = [], max = 10, all = baseline }: { stored?: IncidentWithReports[]; max?: number; all?: BaselineEntry[] },
  ): Promise<{ text: string; asked: string[] }> => {
    const tables = new FakeTables();
    tables.stored = stored;
    const asked: string[] = [];
    const incidents: Pick<IncidentTable, 'openByKey' | 'lastClosed'> = {
      ...tables.asStore().incidents,
      async openByKey(country, service, family) {
        asked.push(`${country} ${service} ${family}`);
        return tables.incidents.openByKey(country, service, family);
      },
    };
    const lifted = createLifted(incidents);
    const context = { words: en, now: NOW } as CommandContext;
    const blocks = await standingBlocks(matchers, max, context, { baseline: all, incidents, lifted });
    return { text: asText({ blocks, buttons: [], lang: 'en', tone: 'notice' }), asked };
  };
  const whole = { country: 'RU', service: '*' };
  const HEAD = 'Restricted for long, by the public record:';
  const SIGNAL = '• 🟠 Russia: Signal · degraded (throttled) since 9 Aug 2024';
  const INSTAGRAM = '• 🔴 Russia: Instagram · blocked since 14 Mar 2022';
  const FACEBOOK = '• 🔴 Russia: Facebook · blocked since 4 Mar 2022';
  const IRAN = ['• 🔴 Iran: WhatsApp · blocked since Sept 2022', '• 🔴 Iran: Facebook · blocked since Jun 2009'];

  test.each<[string, Matcher[], string[]]>([
    ['a country', [whole], [HEAD, SIGNAL, INSTAGRAM, FACEBOOK]],
    ['a service everywhere', [{ country: '*', service: 'facebook' }], [HEAD, FACEBOOK, IRAN[1]!]],
    ['a pair', [{ country: 'RU', service: 'signal' }], [HEAD, SIGNAL]],
    [
      'a pair beside its country: once',
      [whole, { country: 'RU', service: 'signal' }],
      [HEAD, SIGNAL, INSTAGRAM, FACEBOOK],
    ],
    [
      'two countries: by age, not by country',
      [whole, { country: 'IR', service: '*' }],
      [HEAD, SIGNAL, IRAN[0]!, INSTAGRAM, FACEBOOK, IRAN[1]!],
    ],
    ['another country', [{ country: 'DE', service: '*' }], ['']],
    ['everything: it would be a book', [{ country: '*', service: '*' }], ['']],
    ['nothing', [], ['']],
  ])('%s', async (_name, matchers, lines) => expect((await shown(matchers, {})).text.split('\n')).toEqual(lines));

  const facebook = (over: Partial<IncidentWithReports>) =>
    incident({ id: 'RU-facebook-1', service: 'facebook', ...over });
  const closed = { open: false, state: 'lifted' as const };
  test.each<[string, IncidentWithReports, boolean]>([
    ['an incident tells of it', facebook({}), false],
    ['a threat hangs over it', facebook({ family: 'warn', action: 'warn', state: 'threatened' }), true],
    ['an incident of another country', facebook({ country: 'IR' }), true],
    ['it was lifted since', facebook({ ...closed, closedAt: at('2024-01-01'), lastReportAt: at('2024-01-01') }), false],
    [
      'it was lifted before that',
      facebook({ ...closed, closedAt: at('2021-01-01'), lastReportAt: at('2021-01-01') }),
      true,
    ],
    ['a threat came to nothing since', facebook({ ...closed, family: 'warn', action: 'warn', closedAt: NOW }), true],
  ])('%s: listed: %s', async (_name, one, listed) => {
    const { text } = await shown([whole], { stored: [one] });
    expect(text.includes('Facebook')).toBe(listed);
    expect(text).toContain('Instagram');
  });

  test('more than may be shown: the newest, and how many more', async () => {
    const { text } = await shown([whole], { max: 1 });
    expect(text.split('\n')).toEqual([HEAD, SIGNAL, '• 2 more']);
  });

  test('a country with a hundred of them: a bounded number is looked up, the others are counted all the same', async () => {
    const all = Array.from({ length: 100 }, (_, i) => entry('RU', `s${i}`, `20${10 + (i % 15)}-01-01`));
    const { text, asked } = await shown([whole], { all, max: 5 });
    expect(asked).toHaveLength(25);
    expect(asked.every((one) => one.endsWith(' access'))).toBe(true);
    expect(text.split('\n').at(-1)).toBe('• 95 more');
  });

  test('what ended one of them: asked of the store once an hour, however many want to know', async () => {
    const tables = new FakeTables();
    let asked = 0;
    const lifted = createLifted({
      lastClosed: async (country, service, family, since) => {
        asked++;
        return tables.incidents.lastClosed(country, service, family, since);
      },
    });
    const one = entry('RU', 'facebook', '2022-03-04');
    const hour = 3_600_000;
    expect([await lifted.of(one, NOW), await lifted.of(one, NOW + hour - 1)]).toEqual([null, null]);
    tables.stored = [facebook({ ...closed, closedAt: NOW, lastReportAt: NOW })];
    expect([await lifted.of(one, NOW + hour - 1), asked]).toEqual([null, 1]);
    expect([(await lifted.of(one, NOW + hour))?.id, asked]).toEqual(['RU-facebook-1', 2]);
    // A clock that was set back must not keep an answer for ever.
    await lifted.of(one, NOW - 2 * hour);
    expect(asked).toBe(3);
  });
});
