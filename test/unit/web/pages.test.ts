import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { BotHealth } from '../../../src/core/commands/look/health.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openWeb, type Web } from '../../../src/web/index.ts';
import type { WebFacts } from '../../../src/web/metrics.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog as log } from '../../fakes/fake-log.ts';
import { expectAtMost } from '../../fakes/pace.ts';
import { healthy, source } from '../commands/support.ts';
import { holdsAll, nobodyElse } from './shares.ts';

const SECRET = '7000000001:SECRETSECRETSECRETSECRETSECRET';
let web: Web;
afterEach(() => web.close());

const facts = (over: Partial<WebFacts> = {}): WebFacts => ({
  health: async () => healthy,
  openIncidents: async () => [],
  pollerLookedAt: () => systemClock.monotonic(),
  storeFails: () => false,
  holds: holdsAll,
  leases: nobodyElse,
  ...over,
});
const open = async (running: WebFacts | null = facts(), clock = systemClock) => {
  web = await openWeb({ host: '127.0.0.1', port: 0 }, { clock, log });
  if (running) web.serve(running);
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${web.address.port}${path}`);
    return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') };
  };
  const ready = async () => {
    const { status, text } = await get('/readyz');
    return { status, ...(JSON.parse(text) as { reasons: string[] }) };
  };
  return { get, ready };
};
const withAccount = (problem: string | null): BotHealth => ({
  ...healthy,
  accounts: [{ id: 'tg', platform: 'telegram', ok: problem === null, problem, rate: 27 }],
});

describe('/healthz and /readyz', () => {
  test('while the program starts: alive, not ready', async () => {
    const { get, ready } = await open(null);
    expect((await get('/healthz')).status).toBe(200);
    expect(JSON.parse((await get('/healthz')).text)).toMatchObject({ alive: true });
    expect(await ready()).toEqual({ status: 503, ready: false, reasons: ['starting'] });
  });

  test('all well: ready; while it stops: not', async () => {
    const { ready } = await open();
    expect(await ready()).toEqual({ status: 200, ready: true, reasons: [] });
    web.stopping();
    expect(await ready()).toEqual({ status: 503, ready: false, reasons: ['stopping'] });
  });

  test.each<[string, Partial<WebFacts>, string[]]>([
    [
      'the store does not answer',
      { health: () => Promise.reject(new Error(SECRET)) },
      ['the database does not answer'],
    ],
    ['the store takes no writes', { storeFails: () => true }, ['the database does not take writes']],
    [
      'the poller stands still',
      { pollerLookedAt: () => systemClock.monotonic() - 61_000 },
      ['sources are not being polled'],
    ],
    ['the poller does not run', { pollerLookedAt: () => null }, ['sources are not being polled']],
    [
      'an account is down: its name, not what its server said',
      { health: async () => withAccount(`refused ${SECRET}`) },
      ['account tg is not connected'],
    ],
  ])('%s: 503 with the reason', async (_name, over, reasons) => {
    const { ready } = await open(facts(over));
    expect(await ready()).toMatchObject({ status: 503, reasons });
  });

  test('a store that hangs: 503 within four seconds', async () => {
    const { ready } = await open(facts({ health: () => new Promise(() => {}) }));
    const began = performance.now();
    expect(await ready()).toMatchObject({ status: 503, reasons: ['the database does not answer'] });
    expectAtMost(performance.now() - began, 4_000);
  });
});

/** Series by name and labels. */
const series = (text: string) =>
  new Map(
    text
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))] as const),
  );

describe('/metrics', () => {
  test('counts what the core reports and what is asked of it', async () => {
    const clock = new FakeClock(1_000_000_000);
    const { get } = await open(
      facts({
        pollerLookedAt: () => clock.monotonic(),
        health: async () => ({
          sources: [
            source({ lastOkAt: clock.now() - 60_000 }),
            source({ id: 'dw', failingSince: 1, failures: 3 }),
            source({ id: 'max', stale: true, lastOkAt: null }),
          ],
          accounts: [{ id: 'tg', platform: 'telegram', ok: true, problem: null, rate: 26.5 }],
          queue: [{ accountId: 'tg', queued: 7, sending: 2, oldestCreatedAt: clock.now() - 90_000 }],
          agents: [],
          missingVantages: [],
        }),
        openIncidents: async () => [
          { family: 'access', confidence: 'confirmed' },
          { family: 'access', confidence: 'confirmed' },
          { family: 'warn', confidence: 'reported' },
        ],
      }),
      clock,
    );
    web.metrics.sent('tg', 'delivered', 'alert');
    web.metrics.sent('tg', 'delivered', 'alert');
    web.metrics.polled('rss', 'failed', 'fetch_dns');
    web.metrics.polled('rss', 'unchanged', null);
    web.metrics.command('status', 'answered');
    web.metrics.command(null, 'unknown');
    web.metrics.broadcast('new', 1_000);
    const { text, type } = await get('/metrics');
    expect(type).toContain('text/plain; version=0.0.4');
    const got = series(text);
    const expected: [string, number][] = [
      ['tocsin_sends_total{account="tg",outcome="delivered",lane="alert"}', 2],
      ['tocsin_polls_total{kind="rss",outcome="failed",code="fetch_dns"}', 1],
      ['tocsin_polls_total{kind="rss",outcome="unchanged",code="none"}', 1],
      ['tocsin_commands_total{command="status",outcome="answered"}', 1],
      ['tocsin_commands_total{command="none",outcome="unknown"}', 1],
      ['tocsin_broadcasts_total{kind="new"}', 1],
      ['tocsin_deliveries_total{kind="new"}', 1_000],
      ['tocsin_queue_deliveries{account="tg",state="queued"}', 7],
      ['tocsin_queue_deliveries{account="tg",state="sending"}', 2],
      ['tocsin_queue_oldest_age_seconds{account="tg"}', 90],
      ['tocsin_send_rate{account="tg"}', 26.5],
      ['tocsin_account_up{account="tg",platform="telegram"}', 1],
      ['tocsin_store_up', 1],
      ['tocsin_sources{kind="rss",state="ok"}', 1],
      ['tocsin_sources{kind="rss",state="failing"}', 1],
      ['tocsin_sources{kind="rss",state="stale"}', 1],
      ['tocsin_source_age_seconds{source="bbc"}', 60],
      ['tocsin_source_failures{source="dw"}', 3],
      ['tocsin_incidents_open{family="access",confidence="confirmed"}', 2],
      ['tocsin_incidents_open{family="warn",confidence="reported"}', 1],
    ];
    for (const [name, value] of expected) expect([name, got.get(name)]).toEqual([name, value]);
  });

  test('the loop’s delay: buckets grow, and 80 ms of work are seen', async () => {
    const { get } = await open();
    const seen = async (name: string) => series((await get('/metrics')).text).get(name) ?? 0;
    await expect.poll(() => seen('tocsin_loop_delay_seconds_count')).toBeGreaterThan(0);
    const until = performance.now() + 80;
    while (performance.now() < until);
    await expect.poll(() => seen('tocsin_loop_delay_max_seconds')).toBeGreaterThan(0.06);
    const got = series((await get('/metrics')).text);
    const counts = [...got].filter(([name]) => name.startsWith('tocsin_loop_delay_seconds_bucket')).map(([, n]) => n);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(got.get('tocsin_loop_delay_seconds_count'));
    expect(got.get('tocsin_loop_delay_seconds_bucket{le="0.05"}')).toBeLessThan(counts.at(-1)!);
  });

  test('a store that fails: the rest is shown, and that it fails', async () => {
    const { get } = await open(facts({ health: () => Promise.reject(new Error(SECRET)) }));
    web.metrics.sent('tg', 'retry', 'reply');
    const { status, text } = await get('/metrics');
    const got = series(text);
    expect(status).toBe(200);
    expect(got.get('tocsin_store_up')).toBe(0);
    expect(got.get('tocsin_sends_total{account="tg",outcome="retry",lane="reply"}')).toBe(1);
    expect(text).not.toContain('SECRET');
  });

  test('many scrapers at once: the store is asked once', async () => {
    let asked = 0;
    const { get } = await open(
      facts({
        async health() {
          asked++;
          return healthy;
        },
      }),
    );
    await Promise.all(Array.from({ length: 10 }, () => get('/metrics')));
    expect(asked).toBe(1);
  });

  test('more sources than are shown one by one: the sums alone', async () => {
    const many = Array.from({ length: 1_001 }, (_, i) => source({ id: `s${i}` }));
    const { get } = await open(facts({ health: async () => ({ ...healthy, sources: many }) }));
    const got = series((await get('/metrics')).text);
    expect(got.get('tocsin_sources{kind="rss",state="ok"}')).toBe(1_001);
    expect([...got.keys()].filter((name) => name.startsWith('tocsin_source_'))).toEqual([]);
  });

  test('docs/metrics.md names every metric of ours, and no other', async () => {
    const { get } = await open();
    const told = [...(await get('/metrics')).text.matchAll(/^# TYPE (tocsin_\w+) (\w+)$/gm)].map(
      (m) => `${m[1]} ${m[2]}`,
    );
    const docs = readFileSync(join(import.meta.dirname, '../../../docs/metrics.md'), 'utf8');
    const named = [...docs.matchAll(/^\| `(tocsin_\w+)` \| (\w+) \|/gm)].map((m) => `${m[1]} ${m[2]}`);
    expect(named.sort()).toEqual(told.sort());
  });
});
