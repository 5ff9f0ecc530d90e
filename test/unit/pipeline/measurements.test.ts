import { afterEach, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { Measurement, ObservatoryView } from '../../../src/core/model/measurement.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { createPipeline } from '../../../src/core/pipeline.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { bodyOf } from '../../../src/core/render/alert.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { bundledCatalogue } from '../../fakes/bundled.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog as log } from '../../fakes/fake-log.ts';

const MINUTE = 60_000;
const clock = new FakeClock();
const ids = createIds(clock);
const extractor = { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) };
let store: Store;
afterEach(() => store.close());

function pipelineOf(turns: [string, string | null][] = []) {
  const onIncidentChanged = (service: string, country: string | null) => void turns.push([service, country]);
  const rest = { clock, ids, log, wake: () => {}, onIncidentChanged };
  return createPipeline({ store, extractor, policy: DEFAULT_POLICY, ...rest });
}
const measurement = (at: number, over: Partial<Measurement> = {}): Measurement => ({
  id: `${over.vantageId ?? 'one'}-${at}`,
  sourceId: 'x',
  kind: 'probe',
  at,
  probeCc: 'RU',
  probeAsn: 'AS64501',
  vantageId: 'one',
  target: 'whatsapp',
  component: null,
  verdict: 'ok',
  detail: null,
  notes: [],
  raw: null,
  ...over,
});
const report = (over: Partial<Report>): Report => ({
  id: ids.next(),
  sourceId: 'a',
  itemId: null,
  at: clock.now(),
  country: 'RU',
  service: 'whatsapp',
  action: 'block',
  method: null,
  region: null,
  secondary: false,
  kind: 'news',
  voice: 'a',
  title: 'WhatsApp blocked in Russia',
  url: null,
  publisherName: 'A',
  lang: 'en',
  summary: '',
  measured: null,
  ...over,
});

test('a vantage point that measures no more: named, also after a restart', async () => {
  store = await openStore(':memory:', { clock, log, ids });
  const now = clock.now();
  const first = pipelineOf();
  await first.measurements([measurement(now - 90 * MINUTE), measurement(now, { vantageId: 'two' })]);
  expect(await first.missingVantages(now - 60 * MINUTE)).toEqual(['one']);
  const second = pipelineOf();
  expect(await second.missingVantages(now - 60 * MINUTE)).toEqual(['one']);
  await second.measurements([measurement(now)]);
  expect(await second.missingVantages(now - 60 * MINUTE)).toEqual([]);
});

test('an incident that opens or rises turns the eyes of those who can measure; what changes nothing does not', async () => {
  store = await openStore(':memory:', { clock, log, ids });
  const turns: [string, string | null][] = [];
  const pipeline = pipelineOf(turns);
  await pipeline.reports([report({ action: 'throttle' })]);
  expect(turns).toEqual([['whatsapp', 'RU']]);
  await pipeline.reports([report({ action: 'throttle', id: ids.next() })]);
  expect(turns).toHaveLength(1);
  await pipeline.reports([
    report({ action: 'throttle', voice: 'b', sourceId: 'b', title: 'Messenger slow, users say' }),
  ]);
  expect(turns).toHaveLength(2);
  await pipeline.reports([report({ service: null, country: 'IR' })]);
  expect(turns).toHaveLength(2);
});

const observed = (at: number, says: ObservatoryView['says'], since = at - 2 * 60 * MINUTE): Measurement => {
  const raw: ObservatoryView = {
    observatory: 'ooni',
    name: 'OONI',
    licence: 'CC BY-NC-SA 4.0',
    url: 'https://explorer.ooni.org/',
    says,
    before: 'open',
    action: 'block',
    method: null,
    since,
    until: at,
    measurements: 412,
    networks: Array.from({ length: 9 }, (_, i) => `AS${i + 1}`),
    signals: [],
    region: null,
  };
  return measurement(at, {
    id: `o${at}${says}`,
    sourceId: 'ooni',
    kind: 'ooni',
    vantageId: 'ooni/RU',
    verdict: 'blocked',
    raw,
  });
};

test('an observatory sees a block that our own probe does not: its report says so', async () => {
  store = await openStore(':memory:', { clock, log, ids });
  const pipeline = pipelineOf();
  const now = clock.now();
  await pipeline.measurements([measurement(now - 5 * MINUTE, { probeAsn: 'AS8359' })]);
  await pipeline.measurements([observed(now, 'cut')]);
  const [incident] = await store.incidents.list({ limit: 5 });
  expect(incident).toMatchObject({ country: 'RU', service: 'whatsapp', confidence: 'corroborated' });
  const [first] = await store.reports.byIncident(incident!.id, 5);
  expect(first!.measured).toMatchObject({ openOn: ['AS8359'], measurements: 412, observatory: 'ooni' });
  const view = { timeZone: 'UTC', now };
  for (const [lang, expected] of [
    ['en', 'OONI sees it from 9 networks; our own probe in AS8359 does not'],
    ['ru', 'OONI видит это из 9 сетей; наши измерения в AS8359 — нет'],
  ] as const) {
    const words = createTranslators(bundledCatalogue()).of(lang);
    const more = { categoryOf: () => null, level: 'corroborated' as const, sources: true, advice: null };
    const text = JSON.stringify(bodyOf([{ ...incident!, reports: [first!] }], view, words, more));
    expect(text).toContain(expected);
    expect(text).toContain('OONI (CC BY-NC-SA 4.0)');
  }
});

test('an observatory still sees it cut: our own network being back lifts nothing, until the observatory says so, too', async () => {
  store = await openStore(':memory:', { clock, log, ids });
  const pipeline = pipelineOf();
  const t = clock.now();
  const rounds = async (from: number, verdict: string): Promise<void> => {
    for (let i = 0; i < 6; i++) await pipeline.measurements([measurement(t + (from + i * 10) * MINUTE, { verdict })]);
  };
  await rounds(0, 'sni_blocked');
  await pipeline.measurements([observed(t + 61 * MINUTE, 'cut', t)]);
  await rounds(70, 'ok');
  const [incident] = await store.incidents.list({ limit: 5 });
  expect(incident).toMatchObject({ state: 'active', confidence: 'confirmed' });
  await pipeline.measurements([observed(t + 300 * MINUTE, 'open', t + 140 * MINUTE)]);
  expect(await store.incidents.get(incident!.id)).toMatchObject({ state: 'lifted' });
});
