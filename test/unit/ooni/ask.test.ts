import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEnd, objectOf, statusError } from '../../../src/core/answers.ts';
import { codeOf, TocsinError } from '../../../src/core/errors.ts';
import type { Http, HttpResponse } from '../../../src/core/ports/runtime.ts';
import { createAsk, type Pair, rowsOf } from '../../../src/sources/ooni/ask.ts';
import { shapesLike } from '../../fakes/any-shape.ts';
import { shared, testIf } from '../../fakes/shared.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 1, 11, 12);
const HOST = 'api.ooni.example';
const signal = new AbortController().signal;
const app: Pair = { country: 'RU', target: { service: 'whatsapp', test: 'whatsapp', domains: [] } };
const site: Pair = {
  country: 'IR',
  target: { service: 'x', test: 'web_connectivity', domains: ['x.com', 'twitter.com'] },
};

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers,
  url: '',
  body: body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body)),
});

/** An API that answers by path; anything else is 404. What it was asked stands in `asked`. */
function api(paths: Record<string, HttpResponse | ((query: URLSearchParams) => HttpResponse)>) {
  const asked: URL[] = [];
  const http: Http = async ({ url }) => {
    const at = new URL(url);
    asked.push(at);
    const found = paths[at.pathname.replace('/mirror/api/v1/', '')];
    return typeof found === 'function' ? found(at.searchParams) : (found ?? answer(404, {}));
  };
  const ask = createAsk(http, `https://${HOST}/mirror/`);
  return { ask, asked };
}
const failure = async (promise: Promise<unknown>): Promise<TocsinError> => {
  const error = await promise.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof TocsinError)) throw new Error(`expected a TocsinError, got ${String(error)}`);
  return error;
};

describe('rows of an aggregation', () => {
  const row = (over: Record<string, unknown> = {}) => ({
    measurement_start_day: '2026-02-11T09:00:00Z',
    probe_cc: 'RU',
    probe_asn: 8359,
    test_name: 'whatsapp',
    anomaly_count: 3,
    confirmed_count: 1,
    ok_count: 5,
    failure_count: 90,
    ...over,
  });
  const asked = { country: 'RU', test: 'whatsapp' };
  const read = (...rows: unknown[]) => rowsOf({ result: rows }, HOST, asked);

  test('by hour and by day: bad ones are anomalies and confirmed ones, failures are in no row', () => {
    expect(read(row(), row({ measurement_start_day: '2026-02-11' }))).toEqual([
      { at: Date.UTC(2026, 1, 11, 9), span: HOUR, asn: 8359, bad: 4, ok: 5 },
      { at: Date.UTC(2026, 1, 11), span: DAY, asn: 8359, bad: 4, ok: 5 },
    ]);
  });

  test.each<[unknown, number]>([
    [8359, 8359],
    ['AS8359', 8359],
    ['8359', 8359],
    [0, 0],
    [-5, 0],
    [1.5, 0],
    [4_294_967_296, 0],
    [1e300, 0],
    ['ASx', 0],
    [null, 0],
    [undefined, 0],
    [{ toString: 1 }, 0],
    [[8359], 0],
  ])('the network %j: %i', (probe_asn, asn) => expect(read(row({ probe_asn }))[0]!.asn).toBe(asn));

  test.each<[string, Record<string, unknown>]>([
    ['a negative count', { ok_count: -1 }],
    ['half a measurement', { anomaly_count: 0.5 }],
    ['more than there are people', { confirmed_count: 2e9 }],
    ['a count as text', { ok_count: '5' }],
    ['no count', { anomaly_count: undefined }],
    ['no time', { measurement_start_day: undefined }],
    ['a time that is none', { measurement_start_day: 'today' }],
    ['a time as a number', { measurement_start_day: NOW }],
  ])('%s: passed over beside good ones, an error where there is nothing else', (_name, over) => {
    expect(read(row(over), row())).toHaveLength(1);
    expect(() => read(row(over))).toThrow(/counts of another shape/);
  });

  test('another country or test: passed over, also where there is nothing else', () => {
    expect(read(row({ probe_cc: 'BY' }), row({ test_name: 'signal' }))).toEqual([]);
  });
  test('an empty list: nothing was measured, and no error', () => expect(read()).toEqual([]));
  test.each([{}, { result: null }, { result: {} }, { result: 'none' }, { results: [] }])(
    '%j: an error, never "nothing happened"',
    (body) => {
      expect(() => rowsOf(body, HOST, asked)).toThrow(expect.objectContaining({ code: 'feed_not_a_feed' }));
    },
  );
  test('more rows than there are networks and hours: refused', () => {
    expect(() => rowsOf({ result: Array.from({ length: 50_001 }, () => null) }, HOST, asked)).toThrow(
      /more than can be true/,
    );
  });

  test('whatever stands in the rows: read within bounds, or a named error', () => {
    fc.assert(
      fc.property(fc.array(shapesLike(row()), { maxLength: 5 }), (rows) => {
        let found: ReturnType<typeof read> = [];
        try {
          found = read(...rows);
        } catch (error) {
          expect(codeOf(error)).toBe('feed_not_a_feed');
        }
        for (const { at, asn, bad, ok } of found) {
          expect([at, asn, bad, ok].every(Number.isSafeInteger)).toBe(true);
          expect(Math.min(asn, bad, ok)).toBeGreaterThanOrEqual(0);
          expect(asn).toBeLessThan(2 ** 32);
        }
      }),
    );
  });

  const recorded = shared('data/ooni/aggregation_web_connectivity_by_day.json');
  testIf(recorded, 'needs ../shared/data', 'a recorded answer of three days', () => {
    const body = JSON.parse(readFileSync(recorded!, 'utf8')) as Record<string, unknown>;
    expect(rowsOf(body, HOST, { country: 'RU', test: 'web_connectivity' })).toEqual([
      { at: Date.UTC(2022, 2, 1), span: DAY, asn: 0, bad: 60_390, ok: 1_036_684 },
      { at: Date.UTC(2022, 2, 2), span: DAY, asn: 0, bad: 66_724, ok: 1_131_672 },
      { at: Date.UTC(2022, 2, 3), span: DAY, asn: 0, bad: 61_761, ok: 1_086_791 },
    ]);
  });
});

describe('an answer that is none', () => {
  test.each<[string, number, Record<string, string>, number | undefined]>([
    ['500', 500, {}, undefined],
    ['429 without a word', 429, {}, HOUR],
    ['429 with seconds', 429, { 'retry-after': ' 120 ' }, 120_000],
    ['503 with seconds', 503, { 'retry-after': '60' }, 60_000],
    ['429 with a date', 429, { 'retry-after': new Date(NOW + 5_000).toUTCString() }, 5_000],
    ['429 with a date that is past', 429, { 'retry-after': new Date(NOW - 5_000).toUTCString() }, HOUR],
    ['429 with nonsense', 429, { 'retry-after': 'soon' }, HOUR],
    ['429 with a year', 429, { 'retry-after': '31536000' }, DAY],
  ])('%s', (_name, status, headers, retryAfterMs) => {
    const error = statusError(answer(status, {}, headers), HOST, NOW);
    expect(error.code).toBe('fetch_status');
    expect(error.facts).toEqual({ host: HOST, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    expect(error.message).toContain(`${HOST} answered ${status}`);
  });

  test.each<[string, Uint8Array, string]>([
    ['a web page', Buffer.from('<html>'), 'feed_unreadable'],
    ['cut off', Buffer.from('{"result":['), 'feed_unreadable'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'feed_unreadable'],
    ['nothing', Buffer.alloc(0), 'feed_unreadable'],
    ['a list', Buffer.from('[]'), 'feed_not_a_feed'],
    ['null', Buffer.from('null'), 'feed_not_a_feed'],
    ['a number', Buffer.from('7'), 'feed_not_a_feed'],
  ])('%s: %s', (_name, body, code) => {
    expect(() => objectOf(answer(200, body), HOST)).toThrow(expect.objectContaining({ code }));
  });
});

describe('what is asked', () => {
  test('hours of an app: two days by hour and network, until tomorrow, below the configured base', async () => {
    const { ask, asked } = api({ aggregation: answer(200, { result: [] }) });
    await ask.hours(app, NOW, signal);
    expect(asked[0]!.pathname).toBe('/mirror/api/v1/aggregation');
    expect(Object.fromEntries(asked[0]!.searchParams)).toEqual({
      test_name: 'whatsapp',
      probe_cc: 'RU',
      axis_x: 'measurement_start_day',
      axis_y: 'probe_asn',
      time_grain: 'hour',
      since: '2026-02-09',
      until: '2026-02-12',
      format: 'JSON',
    });
  });
  test('days of a site: its domains together, by day, of sixteen days', async () => {
    const { ask, asked } = api({ aggregation: answer(200, { result: [] }) });
    await ask.days(site, NOW, signal);
    expect(Object.fromEntries(asked[0]!.searchParams)).toMatchObject({
      domain: 'x.com,twitter.com',
      time_grain: 'day',
      since: '2026-01-26',
    });
  });
  test.each([404, 500, 302])('counts, and %i: an error', async (status) => {
    const { ask } = api({ aggregation: answer(status, {}) });
    expect((await failure(ask.hours(app, NOW, signal))).code).toBe('fetch_status');
  });
  test('findings: the list; anything else an error', async () => {
    expect(await api({ 'incidents/search': answer(200, { incidents: [1, 2] }) }).ask.findings(NOW, signal)).toEqual([
      1, 2,
    ]);
    const none = api({ 'incidents/search': answer(200, { incidents: null }) });
    expect((await failure(none.ask.findings(NOW, signal))).code).toBe('feed_not_a_feed');
  });
});

describe('where the detector saw a change', () => {
  const changes = (response: HttpResponse) =>
    api({ 'detector/changepoints': response }).ask.changes(['RU', 'IR'], NOW, signal);
  test('rows with country and domain; others are passed over', async () => {
    const results = [
      { probe_cc: 'RU', domain: 'x.com', asn: 1 },
      null,
      7,
      { probe_cc: 'RU' },
      { probe_cc: 1, domain: 'x' },
    ];
    expect(await changes(answer(200, { results }))).toEqual([{ country: 'RU', domain: 'x.com' }]);
  });
  test.each([400, 404, 405, 410, 422, 501])('%i: the host has no such thing', async (status) => {
    expect(await changes(answer(status, {}))).toBeNull();
  });
  test('another shape: as if there were none', async () =>
    expect(await changes(answer(200, { result: [] }))).toBeNull());
  test.each([403, 429, 500, 503])('%i: an error', async (status) => {
    expect((await failure(changes(answer(status, {})))).facts).toMatchObject({ status });
  });
});

describe('single measurements', () => {
  const listed = (uid: string, asn: unknown, over: Record<string, unknown> = {}) => ({
    measurement_uid: uid,
    probe_asn: asn,
    probe_cc: 'RU',
    test_name: 'whatsapp',
    anomaly: true,
    ...over,
  });
  const measured = (asn: string) => ({
    test_name: 'whatsapp',
    probe_asn: asn,
    test_keys: { registration_server_failure: 'connection_reset' },
  });
  const meta = (uid: string) =>
    answer(200, { raw_measurement: JSON.stringify(measured(`AS${uid.replace(/\D/g, '')}`)) });
  const sampleOf = (rows: unknown[], more: Parameters<typeof api>[0] = {}) => {
    const world = api({
      measurements: answer(200, { results: rows }),
      measurement_meta: (query) => meta(query.get('measurement_uid')!),
      ...more,
    });
    return { ...world, sample: world.ask.sample(app, NOW - 2 * HOUR, NOW, signal) };
  };
  const uids = (asked: readonly URL[]) => asked.flatMap((url) => url.searchParams.get('measurement_uid') ?? []);

  test('anomalies since then, newest first', async () => {
    const { asked, sample } = sampleOf([]);
    expect(await sample).toEqual([]);
    expect(Object.fromEntries(asked[0]!.searchParams)).toMatchObject({
      anomaly: 'true',
      failure: 'false',
      since: '2026-02-11T10:00:00',
      until: '2026-02-11T12:00:00',
      order: 'desc',
    });
  });
  test('eight, one of each network before a second of any', async () => {
    const rows = [
      ...Array.from({ length: 20 }, (_, i) => listed(`a${i}`, 'AS1')),
      listed('b1', 'AS2'),
      listed('c1', 'AS3'),
      listed('c2', 'AS3'),
    ];
    const { asked, sample } = sampleOf(rows);
    expect(await sample).toHaveLength(8);
    expect(uids(asked)).toEqual(['a0', 'b1', 'c1', 'a1', 'c2', 'a2', 'a3', 'a4']);
  });
  test.each<[string, unknown]>([
    ['of another country', listed('x', 'AS1', { probe_cc: 'BY' })],
    ['of another test', listed('x', 'AS1', { test_name: 'signal' })],
    ['that went well', listed('x', 'AS1', { anomaly: false })],
    ['without an id', listed('x', 'AS1', { measurement_uid: null })],
    ['that is no object', 'x'],
  ])('one %s: not asked for', async (_name, row) => {
    const { asked, sample } = sampleOf([row, listed('y', 'AS2')]);
    expect(await sample).toHaveLength(1);
    expect(uids(asked)).toEqual(['y']);
  });
  test('the raw body as text or as an object: the same', async () => {
    const { sample } = sampleOf([listed('a1', 'AS1')], {
      measurement_meta: answer(200, { raw_measurement: measured('AS1') }),
    });
    expect(await sample).toEqual([expect.objectContaining({ asn: 'AS1', failure: 'connection_reset' })]);
  });
  test.each<[string, HttpResponse]>([
    ['not shown', answer(404, {})],
    ['shown without its body', answer(200, { raw_measurement: '' })],
    ['shown with half a body', answer(200, { raw_measurement: '{"test_name":' })],
  ])('%s: the other address is asked', async (_name, measurement_meta) => {
    const { sample } = sampleOf([listed('a1', 'AS1')], {
      measurement_meta,
      raw_measurement: answer(200, measured('AS1')),
    });
    expect(await sample).toHaveLength(1);
  });
  test('three that cannot be had, and none before: the host keeps them to itself', async () => {
    const rows = Array.from({ length: 8 }, (_, i) => listed(`a${i}`, `AS${i + 1}`));
    const { asked, sample } = sampleOf(rows, { measurement_meta: answer(404, {}) });
    expect(await sample).toEqual([]);
    expect(new Set(uids(asked)).size).toBe(3);
  });
  test('confirmed is what the list calls it', async () => {
    const page = { test_name: 'web_connectivity', probe_asn: 'AS1', test_keys: { blocking: 'http-diff' } };
    const both = await Promise.all(
      [true, 'yes'].map(
        (confirmed) =>
          sampleOf([listed('a1', 'AS1', { confirmed })], { measurement_meta: answer(200, { raw_measurement: page }) })
            .sample,
      ),
    );
    expect(both.map(([one]) => one!.dropped)).toEqual([null, 'page-differs']);
  });
  test('the host has no list: nothing to look at; it is busy: an error', async () => {
    expect(await sampleOf([], { measurements: answer(404, {}) }).sample).toEqual([]);
    const busy = sampleOf([], { measurements: answer(429, {}, { 'retry-after': '5' }) });
    expect(isEnd(await failure(busy.sample))).toBe(true);
  });
  test('one that answers with trouble: an error, and no other is asked', async () => {
    const { asked, sample } = sampleOf([listed('a1', 'AS1'), listed('a2', 'AS2')], {
      measurement_meta: answer(503, {}),
    });
    expect((await failure(sample)).facts).toMatchObject({ status: 503 });
    expect(uids(asked)).toEqual(['a1']);
  });
  test('networks of which no text can be made: one network', async () => {
    const { sample } = sampleOf([listed('a1', { toString: 1 }), listed('a2', { toString: 1 })]);
    expect(await sample).toHaveLength(2);
  });
});

test.each<[string, unknown, boolean]>([
  ['a pause of ours', new TocsinError('rate_limited', ''), true],
  ['we are stopping', new TocsinError('canceled', ''), true],
  ['a status with a wish', new TocsinError('fetch_status', '', { retryAfterMs: 5 }), true],
  ['a status without', new TocsinError('fetch_status', '', { status: 500 }), false],
  ['a connection that failed', new TocsinError('fetch_connection', ''), false],
  ['something else', new Error('x'), false],
])('%s: no further request is made: %3$s', (_name, error, expected) => expect(isEnd(error)).toBe(expected));
