import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/config/load.ts';
import type { BaselineEntry } from '../../../src/core/model/catalogue.ts';
import type { IncidentWithReports } from '../../../src/core/render/alert.ts';
import { bundledCatalogue } from '../../fakes/bundled.ts';
import { createBot } from '../commands/support.ts';
import { NOW, at, incident, report } from '../render/support.ts';

const DAY = 86_400_000;
const entry = (over: Partial<BaselineEntry> = {}): BaselineEntry => ({
  country: 'RU',
  service: 'facebook',
  action: 'block',
  method: null,
  since: at('2022-03-04T00:00:00Z'),
  monthOnly: false,
  reference: 'https://news.example/facebook',
  ...over,
});
const shown = (over: Partial<IncidentWithReports>) =>
  incident({ id: 'RU-facebook-1111', service: 'facebook', ...over });
const say = (text: string, stored: IncidentWithReports[] = [], baseline = [entry()], lang = 'en') => {
  const bot = createBot({ baseline });
  bot.tables.stored = stored;
  return bot.say(text, { lang });
};

describe('long-standing blocks in /status', () => {
  test('nothing else is known: since when, with its reference, in both languages', async () => {
    expect(await say('/status ru facebook')).toMatch(
      /Facebook <https:\/\/news\.example\/facebook> · blocked since 4 Mar 2022/,
    );
    expect(await say('/status ru facebook', [], [entry()], 'ru')).toMatch(
      /Facebook <https:\/\/news\.example\/facebook> · заблокировано с 4 мар\S* 2022/,
    );
  });

  test('a day that is not known: the month', async () => {
    const month = [entry({ since: at('2022-03-01T00:00:00Z'), monthOnly: true })];
    expect(await say('/status ru facebook', [], month)).toContain('blocked since Mar 2022');
    expect(await say('/status ru facebook', [], month, 'ru')).toMatch(/заблокировано с мар\S* 2022/);
  });

  test('calls alone are cut: said so', async () => {
    const calls = [entry({ country: 'AE', service: 'whatsapp', action: 'restrict', part: 'calls', monthOnly: true })];
    expect(await say('/status ae whatsapp', [], calls)).toContain('calls blocked since Mar 2022');
  });

  test('asked of a country or of a service: a line each; of the whole world: none', async () => {
    const two = [
      entry(),
      entry({ country: 'CN', since: at('2009-07-08T00:00:00Z') }),
      entry({ service: 'telegram', action: 'throttle' }),
    ];
    expect(await say('/status ru', [], two)).toMatch(/Facebook[\s\S]*Telegram/);
    expect(await say('/status facebook', [], two)).toMatch(/China[\s\S]*Russia|Russia[\s\S]*China/);
    expect(await say('/status', [], two)).not.toContain('https://');
  });

  test('fresh evidence: counts instead', async () => {
    const text = await say('/status ru facebook', [shown({ action: 'throttle', lastReportAt: NOW - DAY })]);
    expect(text).toContain('Facebook · slowed down');
    expect(text).not.toContain('https://');
  });

  test('a lift: ends it, however long ago', async () => {
    const lifted = shown({
      state: 'lifted',
      open: false,
      liftConfidence: 'confirmed',
      closedAt: NOW - 2 * DAY,
      lastReportAt: NOW - 2 * DAY,
    });
    expect(await say('/status ru facebook', [lifted])).toMatch(/Facebook.*open, first reported/);
    const long = shown({
      state: 'lifted',
      open: false,
      liftConfidence: 'confirmed',
      closedAt: NOW - 300 * DAY,
      lastReportAt: NOW - 300 * DAY,
      openedAt: NOW - 400 * DAY,
    });
    expect(await say('/status ru facebook', [long])).toMatch(/unknown \(was open/);
    expect(await say('/status ru', [long])).not.toContain('https://');
  });

  test('a lift that is older than it: nothing', async () => {
    const before = shown({
      state: 'lifted',
      open: false,
      liftConfidence: 'confirmed',
      closedAt: at('2021-01-01T00:00:00Z'),
      lastReportAt: at('2021-01-01T00:00:00Z'),
      openedAt: at('2020-12-01T00:00:00Z'),
    });
    expect(await say('/status ru facebook', [before])).toContain('blocked since 4 Mar 2022');
  });

  test('news of it that is old: last confirmed, and not unknown, with the date of the record', async () => {
    const old = shown({ openedAt: NOW - 80 * DAY, lastReportAt: NOW - 60 * DAY });
    expect(await say('/status ru facebook', [old])).toMatch(/<https:.*blocked since 4 Mar 2022.*last confirmed 16 Dec/);
    expect(await say('/status ru facebook', [old], [entry()], 'ru')).toMatch(/последнее подтверждение: 16 дек/);
    expect(await say('/status ru facebook', [old], [])).toMatch(/unknown \(was blocked/);
  });

  test('an authority ordered it, and nobody has heard of it since: last confirmed', async () => {
    const old = shown({
      openedAt: NOW - 80 * DAY,
      lastReportAt: NOW - 60 * DAY,
      reports: [report({ kind: 'authority', action: 'block' })],
    });
    const text = await say('/status ru facebook', [old], []);
    expect(text).toMatch(/blocked.*last confirmed/);
    expect(text).not.toContain('https://');
  });

  test('subscribing to what has long been blocked: it is named, and not called open', async () => {
    const said = await say('subscribe ru facebook');
    expect(said).toContain('🔴 Russia: Facebook – blocked since 4 Mar 2022. I will write when that changes.');
    expect(said).not.toContain('I know of nothing new');
    expect(await say('subscribe ru')).toMatch(
      /I know of nothing new that is cut off.*\n(?:.*\n)*?Restricted for long, by the public record:\n• 🔴 Russia: Facebook.*· blocked since /,
    );
    expect(await say('subscribe all')).not.toContain('public record');
    expect(await say('subscribe de')).not.toContain('public record');
  });

  test('what has long been blocked: in one order, whoever asks', async () => {
    const slow = entry({ service: 'telegram', action: 'throttle', since: at('2026-01-04T00:00:00Z') });
    const three = [slow, entry(), entry({ service: 'signal', since: at('2024-08-09T00:00:00Z') })];
    const order = (text: string) => text.match(/(?<=[🔴🟠] (?:Russia: )?)(?:Signal|Facebook|Telegram)/gu);
    for (const asked of ['/status ru', 'subscribe ru', '/history ru'])
      expect([asked, order(await say(asked, [], three))]).toEqual([asked, ['Signal', 'Facebook', 'Telegram']]);
  });

  test('subscribing where an incident tells of it: the record is not repeated', async () => {
    expect(await say('subscribe ru facebook', [shown({})])).not.toContain('public record');
  });

  test('taken back: the baseline stands', async () => {
    const wrong = shown({ state: 'withdrawn', open: false, closedAt: NOW - DAY, lastReportAt: NOW - DAY });
    expect(await say('/status ru facebook', [wrong])).toContain('blocked since 4 Mar 2022');
  });
});

describe('the bundled file', () => {
  const path = new URL('../../../config/baseline.yaml', import.meta.url);
  const written = parse(readFileSync(path, 'utf8')) as {
    country: string;
    service: string;
    action: string;
    reference: string;
  }[];

  test('at least sixty entries of fifteen countries, each with an https reference, once', () => {
    expect(written.length).toBeGreaterThanOrEqual(60);
    expect(new Set(written.map(({ country }) => country)).size).toBeGreaterThanOrEqual(15);
    expect(written.filter(({ reference }) => !reference.startsWith('https://'))).toEqual([]);
    expect(new Set(written.map(({ country, service }) => `${country} ${service}`)).size).toBe(written.length);
  });

  test('all of it is loaded: every service is one of the catalogue', async () => {
    const { baseline } = await loadConfig({ file: null, env: { TOCSIN_DATABASE: ':memory:' }, cwd: '/' });
    expect(baseline).toHaveLength(written.length);
    const known = bundledCatalogue().services.map(({ id }) => id);
    expect(written.filter(({ service }) => !known.includes(service))).toEqual([]);
  });

  test.each([
    ['whatsapp', 'block'],
    ['facebook', 'block'],
    ['instagram', 'block'],
    ['dw', 'block'],
    ['bbc', 'block'],
    ['themoscowtimes', 'block'],
    ['signal', 'block'],
    ['telegram', 'throttle'],
    ['facetime', 'block'],
  ])('the seed, Russia: %s is there (%s)', (service, action) => {
    expect(written).toContainEqual(expect.objectContaining({ country: 'RU', service, action }));
  });

  test('the seed, Russia: MAX, which is promoted, is not', () => {
    expect(written.filter(({ service }) => service === 'max')).toEqual([]);
  });
});
