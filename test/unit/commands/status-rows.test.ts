/** A line of `/status`, and the list of long-standing blocks after `/subscribe`: which cells there are, and which are left out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { statusRow } from '../../../src/core/commands/answer.ts';
import type { ChatFacts } from '../../../src/core/commands/command.ts';
import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/model/chat.ts';
import { ACTIONS, type Action, CONFIDENCES } from '../../../src/core/model/incident.ts';
import type { IncidentWithReports } from '../../../src/core/render/alert.ts';
import { createFold, type Matcher, type State } from '../../../src/core/state/fold.ts';
import { NOW, at, incident, translators } from '../render/support.ts';
import { createBot } from './support.ts';

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
  const known: State = {
    country: 'RU',
    region: null,
    service: 'whatsapp',
    network: 'all',
    access: 'blocked',
    action: 'block',
    method: null,
    part: null,
    was: null,
    since: at('2026-02-12T22:30:00Z'),
    sinceKind: 'measured',
    monthOnly: false,
    confidence: 'corroborated',
    evidenceAt: NOW - 2 * 3_600_000,
    incident: block,
    threat: null,
    standing: null,
    claim: null,
    covered: false,
    faded: false,
  };
  const unknown: State = {
    ...known,
    access: 'unknown',
    action: null,
    since: null,
    sinceKind: null,
    confidence: null,
    evidenceAt: null,
    incident: null,
  };
  const threat = incident({ id: 'RU-whatsapp-warn', family: 'warn', action: 'warn', state: 'threatened' });
  const recorded = (over: object): State => {
    const standing = { by: 'record' as const, ...entry('RU', 'whatsapp', '2022-03-04'), ...over };
    return createFold({ incidents: [], standing: [standing] }, NOW).at(unknown);
  };
  const row = (state: State | State[]): string =>
    statusRow([state].flat(), 'WhatsApp', { chat, words: en, now: NOW }).join(' · ');

  test.each<[string, State | State[], string]>([
    // In Moscow it was the 13th already.
    [
      'blocked',
      known,
      '🔴 WhatsApp · blocked since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'throttled, and said so',
      { ...known, access: 'degraded', action: 'throttle', incident: incident({ action: 'throttle' }) },
      '🟠 WhatsApp · slowed down since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'partly restricted, and said so',
      { ...known, access: 'degraded', action: 'restrict', incident: incident({ action: 'restrict' }) },
      '🟠 WhatsApp · partly restricted since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'under a national shutdown',
      {
        ...known,
        access: 'shutdown',
        action: 'shutdown',
        covered: true,
        incident: incident({ id: 'RU-internet-1', service: 'internet' }),
      },
      '⚫ WhatsApp · shut down since 13 Feb (with the whole network) · corroborated · last evidence 2 hours ago · RU-internet-1',
    ],
    [
      'in four regions',
      ['Tver', 'Perm\nOmsk', 'Ufa', 'Orel'].map((region) => ({ ...known, region })),
      '🔴 WhatsApp · blocked in Tver, Perm Omsk, Ufa, 1 more since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'open again, where it had been cut',
      { ...known, access: 'open', action: 'unblock', region: 'Tver' },
      '🟢 WhatsApp · open in Tver since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'evidence too old: how sure it once was is left out',
      { ...known, access: 'unknown', was: 'blocked' },
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
      { ...known, access: 'open', action: 'unblock', threat },
      '🟡 WhatsApp · open since 13 Feb · under threat since 12 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'a threat over what is slow already',
      { ...known, access: 'degraded', action: 'throttle', incident: incident({ action: 'throttle' }), threat },
      '🟠 WhatsApp · slowed down since 13 Feb · under threat since 12 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'a threat that came true: no news',
      { ...known, threat },
      '🔴 WhatsApp · blocked since 13 Feb · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    ['by the public record', recorded({}), '🔴 WhatsApp · blocked since 4 Mar 2022'],
    [
      'by the public record, and borne out',
      { ...recorded({}), incident: block, confidence: 'corroborated', evidenceAt: known.evidenceAt, faded: true },
      '🔴 WhatsApp · blocked since 4 Mar 2022 · corroborated · last confirmed 14 Feb · RU-whatsapp-3f9k',
    ],
    [
      'listed in a register, nobody knows since when',
      recorded({ by: 'register', since: null, reference: null }),
      '🔴 WhatsApp · blocked · listed in a register of the state',
    ],
    [
      'first reported: to the minute, and not “since”',
      { ...known, sinceKind: 'first-reported' },
      '🔴 WhatsApp · blocked, first reported 13 Feb, 01:30 MSK · corroborated · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
    [
      'one outlet says that it is back: beside what holds',
      { ...known, claim: { voices: 1, at: NOW, isStruckOff: false } },
      '🔴 WhatsApp · blocked since 13 Feb · corroborated · 1 outlet says it is back; not certain yet · last evidence 2 hours ago · RU-whatsapp-3f9k',
    ],
  ])('%s', (_name, status, text) => expect(row(status)).toBe(text));

  test.each<[Partial<BaselineEntry>, string]>([
    [{ action: 'block' }, '🔴 WhatsApp · blocked since 1 Mar 2022'],
    [{ action: 'throttle' }, '🟠 WhatsApp · slowed down since 1 Mar 2022'],
    [{ action: 'restrict' }, '🟠 WhatsApp · partly restricted since 1 Mar 2022'],
    [{ action: 'shutdown', monthOnly: true }, '⚫ WhatsApp · shut down since Mar 2022'],
  ])('a long-standing %j: %s', (over, text) => {
    // The day is that of the record, whatever the chat's zone.
    expect(row(recorded({ since: at('2022-03-01'), ...over }))).toBe(text);
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
        const standing = (baseline ?? []).map((one) => ({ by: 'record' as const, ...one }));
        const status = createFold({ incidents, standing }, NOW).at(unknown);
        for (const lang of ['en', 'ru']) {
          const cells = statusRow([status], 'WhatsApp', { chat, words: translators.of(lang), now: NOW });
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
    { stored = [], all = baseline }: { stored?: IncidentWithReports[]; all?: BaselineEntry[] },
  ): Promise<string> => {
    const bot = createBot({ baseline: all, unbudgeted: true });
    bot.tables.stored = stored;
    const typed = matchers.map(({ country, service }) => [country, service].filter((one) => one !== '*').join(' '));
    const text = await bot.say(`subscribe ${typed.join(' ') || 'all'}`);
    const lines = text.split('\n');
    const from = lines.indexOf(HEAD);
    const to = lines.findIndex((one, at) => at > from && !one.startsWith('•'));
    return from < 0 ? '' : lines.slice(from, to).join('\n');
  };
  const whole = { country: 'RU', service: '*' };
  const HEAD = 'Restricted for long, by the public record:';
  const SIGNAL = '• 🟠 Russia: Signal · slowed down since 9 Aug 2024';
  const INSTAGRAM = '• 🔴 Russia: Instagram · blocked since 14 Mar 2022';
  const FACEBOOK = '• 🔴 Russia: Facebook · blocked since 4 Mar 2022';
  const IRAN = ['• 🔴 Iran: WhatsApp · blocked since Sept 2022', '• 🔴 Iran: Facebook · blocked since Jun 2009'];

  test.each<[string, Matcher[], string[]]>([
    ['a country', [whole], [HEAD, INSTAGRAM, FACEBOOK, SIGNAL]],
    ['a service everywhere', [{ country: '*', service: 'facebook' }], [HEAD, FACEBOOK, IRAN[1]!]],
    [
      'two countries: the worst first, then by age, not by country',
      [whole, { country: 'IR', service: '*' }],
      [HEAD, IRAN[0]!, INSTAGRAM, FACEBOOK, IRAN[1]!, SIGNAL],
    ],
    ['another country', [{ country: 'DE', service: '*' }], ['']],
    ['everything: it would be a book', [{ country: '*', service: '*' }], ['']],
  ])('%s', async (_name, matchers, lines) => expect((await shown(matchers, {})).split('\n')).toEqual(lines));

  const facebook = (over: Partial<IncidentWithReports>) =>
    incident({ id: 'RU-facebook-1', service: 'facebook', ...over });
  const closed = { open: false, state: 'lifted' as const, liftConfidence: 'confirmed' as const };
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
    const text = await shown([whole], { stored: [one] });
    expect(text.includes('Facebook')).toBe(listed);
    expect(text).toContain('Instagram');
  });

  test('more than may be shown: the newest, and how many more', async () => {
    const all = Array.from({ length: 30 }, (_, i) => entry('RU', `s${i}`, `20${10 + (i % 15)}-01-01`));
    const lines = (await shown([whole], { all })).split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[1]).toContain('since 1 Jan 2024');
    expect(lines.at(-1)).toBe('• 25 more');
  });
});
