import { afterEach, expect, test } from 'vitest';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { createPipeline } from '../../../src/core/pipeline.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
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
