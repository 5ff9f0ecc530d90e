/**
 * What one report costs with 1,000 and with 100,000 incidents in the history: the whole pipeline, commits included; the two databases in
 * turns. `node bench/reports.ts [history] [reports]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '../src/core/model/alert.ts';
import type { Report } from '../src/core/model/report.ts';
import { createPipeline, type Pipeline } from '../src/core/pipeline.ts';
import type { Store } from '../src/core/ports/store.ts';
import { deps, openQuietly } from '../test/e2e/torture/subscribers.ts';
import { median, round, say } from './shared.ts';

const history = Number(process.argv[2] ?? 100_000);
const reports = Number(process.argv[3] ?? 1_000);
const SMALL = 1_000;
const BATCH = 1_000;
/** In both: how much is going on now is not history. */
const OPEN = 100;
const HOUR = 3_600_000;
const COUNTRIES = ['RU', 'TR', 'IR', 'KZ', 'VN', 'UG', 'VE', 'PK', 'ET', 'BR'];
const now = Date.now();

const reportOf = (n: number, country: string, service: string, at: number, action: Report['action']): Report => ({
  id: deps.ids.next(),
  // Many sources: one alone that told of so much would be held back.
  sourceId: `s${n % 40}`,
  itemId: `s${n % 7}/g${n}-${at}`,
  at,
  country,
  service,
  action,
  method: null,
  region: null,
  secondary: false,
  kind: 'news',
  voice: `v${n % 7}`,
  title: `${service} blocked in ${country}, day ${n}`,
  url: `https://news.example/${n}`,
  publisherName: 'News',
  lang: 'en',
  summary: `The regulator blocked access to ${service}.`,
  measured: null,
});

/** Closed incidents over two years, the last hundred still open, each with its reports, transitions, alert and finished broadcast. */
async function fill(store: Store, count: number): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    await store.transaction(async (tables) => {
      for (let n = from; n < Math.min(count, from + BATCH); n++) {
        const country = COUNTRIES[n % COUNTRIES.length]!;
        const service = `service${Math.floor(n / COUNTRIES.length) % 500}`;
        const open = n >= count - OPEN;
        const at = now - 2 * 365 * 24 * HOUR + Math.floor((n / count) * 2 * 364 * 24) * HOUR;
        const id = `${country}-${service}-${n.toString(36)}`;
        await tables.incidents.insert({
          id,
          country,
          service,
          family: 'access',
          action: 'block',
          state: open ? 'active' : 'lifted',
          confidence: 'corroborated',
          liftConfidence: open ? null : 'corroborated',
          method: null,
          regions: [],
          openedAt: at,
          corroboratedAt: at,
          confirmedAt: null,
          closedAt: open ? null : at + 5 * HOUR,
          lastReportAt: at + 5 * HOUR,
          linkedId: null,
          withdrawnBecause: null,
          open,
          version: 3,
        });
        for (let i = 0; i < 2; i++)
          await tables.reports.insert(id, reportOf(n * 2 + i, country, service, at, 'block'), []);
        await tables.alerts.insert({
          id: `a${n}`,
          country,
          level: 'corroborated',
          createdAt: at,
          notifiedAt: at,
          widenRepliedAt: null,
          incidents: [{ incidentId: id, addedAt: at }],
        });
      }
    });
  }
}

async function open(file: string, count: number): Promise<{ store: Store; pipeline: Pipeline }> {
  const store = await openQuietly(file);
  await fill(store, count);
  const extractor = { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) };
  const pipeline = createPipeline({ store, extractor, policy: DEFAULT_POLICY, ...deps, wake() {} });
  return { store, pipeline };
}

const folder = mkdtempSync(join(tmpdir(), 'tocsin-reports-'));
try {
  const small = await open(join(folder, 'small.db'), SMALL);
  const large = await open(join(folder, 'large.db'), history);
  const times = { small: [] as number[], large: [] as number[] };
  for (let n = 0; n < reports; n++) {
    const country = COUNTRIES[n % COUNTRIES.length]!;
    // New stories, second voices, repeats and lifts.
    const service = `service${Math.floor(n / 4) % 450}`;
    const action = n % 4 === 3 ? ('unblock' as const) : ('block' as const);
    for (const [name, { pipeline }] of [['small', small] as const, ['large', large] as const]) {
      const report = reportOf(n, country, service, now + n, action);
      const t = performance.now();
      await pipeline.reports([report]);
      times[name].push(performance.now() - t);
    }
  }
  const ratio = median(times.large) / median(times.small);
  say({
    name: `one report with ${history} incidents in history against ${SMALL}, ms (median of ${reports})`,
    value: median(times.large).toFixed(2),
    bare: `${median(times.small).toFixed(2)} (${SMALL} incidents)`,
    ratio: round(ratio, 2),
    floor: '≤ 1.5 ×',
    ok: ratio <= 1.5,
    notes: 'correlation, routing and commit; the two databases in turns',
  });
  await small.store.close();
  await large.store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
