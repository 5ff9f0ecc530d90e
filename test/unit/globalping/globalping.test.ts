import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgeRound } from '../../../src/core/judge/looks.ts';
import { freeAt, NOTHING_SPENT, spend } from '../../../src/sources/globalping/index.ts';
import { looksOf } from '../../../src/sources/globalping/index.ts';
import { FAULTS } from '../../contract/source-documents.suite.ts';
import { globalpingEntry } from '../../contract/source-globalping.ts';
import { ends, failure, openWorld, type World } from '../../contract/source-world.ts';
import { shared, testIf } from '../../fakes/shared.ts';
import { FAILED, FINE_DNS, FINE_HTTP, type Finds, fine, GONE, globalping } from './server.ts';

const HOUR = 3_600_000;
const blocked: Finds = ({ type, country }) => (type === 'dns' ? FINE_DNS : country === 'RU' ? FAILED : FINE_HTTP);
const delisted: Finds = ({ type, resolver }) =>
  type === 'http' ? FINE_HTTP : resolver === '1.1.1.1' ? FINE_DNS : GONE;

/** A nudge about a service, and what a poll then says of it. */
async function said(finds: Finds, options: Parameters<typeof globalping>[1] = {}) {
  const world = await openWorld(globalpingEntry);
  const server = globalping(finds, options);
  world.answer(server.listener);
  world.source.nudge!(['whatsapp'], 'RU');
  const { measurements } = await world.poll();
  return { world, told: server.told, measurements };
}

describe('what probes find', () => {
  test('it fails in Russia from many networks, and not abroad: cut, with networks and a link', async () => {
    const { measurements, told } = await said(blocked);
    expect(measurements).toMatchObject([
      {
        kind: 'globalping',
        target: 'whatsapp',
        probeCc: 'RU',
        verdict: 'unreachable',
        raw: {
          observatory: 'globalping',
          says: 'cut',
          action: 'block',
          method: null,
          measurements: 6,
          url: 'https://globalping.io/?measurement=m0',
        },
      },
    ]);
    expect((measurements[0]!.raw as { networks: string[] }).networks).toHaveLength(6);
    expect(
      told.posts.map(({ type, target, measurementOptions }) => [type, target, measurementOptions.resolver]),
    ).toEqual([
      ['http', 'whatsapp.com', undefined],
      ['dns', 'whatsapp.com', '195.208.4.1'],
      ['dns', 'whatsapp.com', '1.1.1.1'],
    ]);
    expect(told.tests).toBe(13);
  });

  test('it is gone from the national DNS and still answers: cut by DNS', async () => {
    const { measurements } = await said(delisted);
    expect(measurements).toMatchObject([{ verdict: 'dns_blocked:delisted', raw: { says: 'cut', method: 'dns' } }]);
  });

  test('gone from the first of two national resolvers: the second is asked as well', async () => {
    const { told, measurements } = await said(delisted);
    expect(told.posts.map(({ measurementOptions }) => measurementOptions.resolver)).toEqual([
      undefined,
      '195.208.4.1',
      '1.1.1.1',
      '195.208.5.1',
    ]);
    expect(measurements).toMatchObject([{ raw: { measurements: 6 } }]);
  });

  test.each<[string, object, string]>([
    ['still has it: one resolver is at fault, nothing is delisted', FINE_DNS, 'ok'],
    ['is silent: what the first says stands', FAILED, 'dns_blocked:delisted'],
  ])('the second %s', async (_name, second, verdict) => {
    const { measurements } = await said((ask) => (ask.resolver === '195.208.5.1' ? second : delisted(ask)));
    expect(measurements).toMatchObject([{ verdict }]);
  });

  test('all is well: open', async () => {
    const { measurements } = await said(fine);
    expect(measurements).toMatchObject([{ verdict: 'ok', raw: { says: 'open' } }]);
  });

  test.each<[string, Finds, Parameters<typeof globalping>[1]]>([
    ['it fails abroad as well', ({ type }) => (type === 'dns' ? FINE_DNS : FAILED), {}],
    [
      'one control fails',
      ({ type, country }) => (type === 'dns' ? FINE_DNS : country === 'DE' || country === 'RU' ? FAILED : FINE_HTTP),
      {},
    ],
    ['it fails from one network only', blocked, { networks: 1 }],
    [
      'half of the probes fail',
      ({ type, country, i }) => (type === 'dns' ? FINE_DNS : country === 'RU' && i % 2 ? FAILED : FINE_HTTP),
      {},
    ],
    [
      'the probes themselves fail',
      ({ type }) => (type === 'dns' ? FINE_DNS : { ...FAILED, failureSource: 'internal' }),
      {},
    ],
    ['the probes are offline', () => ({ status: 'offline', rawOutput: '' }), {}],
    ['the name is gone everywhere', ({ type }) => (type === 'dns' ? GONE : FAILED), {}],
  ])('%s: nothing is said', async (_name, finds, options) => {
    expect((await said(finds, options)).measurements).toEqual([]);
  });

  test('one probe of the resolver hears of it: not delisted', () => {
    const look = (country: string, found: 'fine' | 'gone') => ({ country, asn: `AS${country}`, found });
    const dns = { asked: [look('RU', 'gone'), look('RU', 'gone'), look('RU', 'fine')], controls: [look('DE', 'fine')] };
    expect(judgeRound({ country: 'RU', http: [], dns })).toMatchObject({ says: 'unclear' });
  });

  test('there are no probes there: nothing is said, and no error', async () => {
    const world = await openWorld(globalpingEntry);
    world.answer((request, response) =>
      request.url === '/v1/limits'
        ? void response.end('{}')
        : void response
            .writeHead(422)
            .end('{"error":{"type":"no_probes_found","message":"No suitable probes found."}}'),
    );
    world.source.nudge!(['whatsapp'], 'RU');
    expect((await world.poll()).measurements).toEqual([]);
  });
});

describe('when it looks', () => {
  test('unasked, asked of another country, of a service without a domain: nothing is asked of anybody', async () => {
    const world = await openWorld(globalpingEntry);
    await world.poll();
    world.source.nudge!(['whatsapp'], 'IR');
    world.source.nudge!(['whatsapp'], null);
    world.source.nudge!(['vpn', 'no-such-service'], 'RU');
    await (await world.poll()).commit?.();
    expect(world.arrived()).toBe(0);
  });

  test('asked often: looks once in half an hour', async () => {
    const { world, told } = await said(blocked);
    world.source.nudge!(['whatsapp'], 'RU');
    await (await world.poll()).commit?.();
    const { tests } = told;
    for (let i = 0; i < 5; i++) {
      world.source.nudge!(['whatsapp'], 'RU');
      await (await world.poll()).commit?.();
    }
    expect(told.tests).toBe(tests);
  });

  test('what is cut: looked at again after three hours, later more seldom, without being asked, over a restart', async () => {
    const { world, told } = await said(blocked);
    world.source.nudge!(['whatsapp'], 'RU');
    await (await world.poll()).commit?.();
    const looks = () => told.posts.filter(({ type }) => type === 'http').length;
    const first = looks();
    const gaps: number[] = [];
    let hours = 0;
    for (let hour = 0; hour < 10 * 24; hour++) {
      await world.clock.pass(HOUR);
      if (hour === 30) await world.restart();
      const before = looks();
      await (await world.poll()).commit?.();
      hours++;
      if (looks() > before) {
        gaps.push(hours);
        hours = 0;
      }
    }
    expect(looks()).toBeGreaterThan(first);
    expect(gaps[0]).toBeGreaterThanOrEqual(3);
    expect(gaps[0]).toBeLessThanOrEqual(4);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(25);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(24);
  });

  test('forty tests an hour, over a restart too; what waits is looked at afterwards', async () => {
    const world = await openWorld(globalpingEntry);
    const server = globalping(blocked);
    world.answer(server.listener);
    const services = ['whatsapp', 'signal', 'discord', 'telegram', 'facebook', 'instagram'];
    const poll = async () => {
      world.source.nudge!(services, 'RU');
      await (await world.poll()).commit?.();
    };
    for (let i = 0; i < 6; i++) await poll();
    await world.restart();
    for (let i = 0; i < 6; i++) await poll();
    expect(server.told.tests).toBe(39);
    await world.clock.pass(HOUR);
    await poll();
    expect(server.told.tests).toBe(65);
  });

  test('the service says that little is left: nothing is begun', async () => {
    const { told, measurements } = await said(blocked, { remaining: 5 });
    expect(measurements).toEqual([]);
    expect(told.tests).toBe(0);
  });
});

describe('answers of another shape', () => {
  const asked = async (listener: RequestListener): Promise<World> => {
    const world = await openWorld(globalpingEntry);
    world.answer(listener);
    world.source.nudge!(['whatsapp'], 'RU');
    return world;
  };
  const begun =
    (then: RequestListener): RequestListener =>
    (request, response) => {
      if (request.url === '/v1/limits') return void response.end('{}');
      if (request.method === 'POST') return void response.writeHead(202).end('{"id":"m0","probesCount":8}');
      return then(request, response);
    };

  test.each(FAULTS)('%s: a named error, and the wish is not forgotten', async (_name, listener) => {
    const world = await asked(listener);
    await failure(world.poll());
    world.answer(globalping(blocked).listener);
    expect((await world.poll()).measurements).toHaveLength(1);
  });

  test.each<readonly [string, RequestListener]>([
    ...FAULTS,
    ['null', (_request, response) => void response.end('null')],
    ['a list', (_request, response) => void response.end('[]')],
    ['results that are no list', (_request, response) => void response.end('{"status":"finished","results":{}}')],
    ['another status', (_request, response) => void response.end('{"status":"done","results":[]}')],
    [
      'a million results',
      (_request, response) => void response.end(`{"status":"finished","results":[${'0,'.repeat(100_000)}0]}`),
    ],
  ])('a result that is %s: a named error', async (_name, listener) => {
    const world = await asked(begun(listener));
    await failure(world.poll());
  });

  test('results of wrong types among honest ones: left out', () => {
    const honest = { probe: { country: 'RU', asn: 64500 }, result: { status: 'finished', statusCode: 200 } };
    const odd = [
      null,
      7,
      'x',
      {},
      { probe: {}, result: {} },
      { probe: { country: 'Russia', asn: 1 }, result: { status: 'failed' } },
    ];
    expect(looksOf({ status: 'finished', results: [...odd, honest] }, 'http')!.looks).toEqual([
      { country: 'RU', asn: 'AS64500', found: 'fine' },
    ]);
  });

  test('429 with a wish: handed on', async () => {
    const world = await asked(
      (_request, response) =>
        void response.writeHead(429, { 'retry-after': '120' }).end('{"error":{"type":"rate_limit_exceeded"}}'),
    );
    expect((await failure(world.poll())).facts).toMatchObject({ retryAfterMs: 120_000 });
  });

  test('it never finishes: what is there counts after a while', async () => {
    const results = Array.from({ length: 6 }, (_, i) => ({
      probe: { country: 'RU', asn: 64_500 + i },
      result: { status: 'in-progress' },
    }));
    const world = await asked(
      begun((_request, response) => void response.end(JSON.stringify({ status: 'in-progress', results }))),
    );
    expect((await world.poll()).measurements).toEqual([]);
  });

  test('aborted while it waits: at once', async () => {
    const world = await asked(
      begun((_request, response) => void response.end('{"status":"in-progress","results":[]}')),
    );
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    expect(await ends(world.start({ signal: stop.signal }))).not.toBe('still running');
  });
});

describe('the budget', () => {
  test('a clock that was ahead: has spent nothing', () => {
    expect(freeAt(spend(NOTHING_SPENT, 40, 10 * HOUR), 13, 40, HOUR)).toBe(HOUR);
  });
  test('spent: free when the oldest are an hour old', () => {
    const spent = spend(spend(NOTHING_SPENT, 20, 0), 20, 1_000);
    expect(freeAt(spent, 13, 40, 2_000)).toBe(HOUR);
    expect(freeAt(spent, 30, 40, 2_000)).toBe(HOUR + 1_000);
  });
});

describe('recorded answers', () => {
  const folder = shared('data/globalping');
  const read = (name: string) => JSON.parse(readFileSync(join(folder!, name), 'utf8')) as Record<string, unknown>;
  testIf(folder, 'needs ../shared/data', 'HTTP and DNS as the service publishes them: fine', () => {
    expect(looksOf(read('openapi_getHttpMeasurementResponse.json'), 'http')!.looks).toMatchObject([
      { country: 'KR', asn: 'AS40676', found: 'fine' },
    ]);
    expect(looksOf(read('openapi_getSimpleDnsMeasurementResponse.json'), 'dns')!.looks).toMatchObject([
      { country: 'AU', asn: 'AS202422', found: 'fine' },
    ]);
  });
  testIf(folder, 'needs ../shared/data', 'results of probes: fine, and failed at the resolver', () => {
    const probe = { country: 'RU', asn: 64500 };
    const found = (name: string) =>
      looksOf({ status: 'finished', results: [{ probe, result: (read(name).result ?? read(name)) as object }] }, 'dns')!
        .looks[0]?.found;
    expect(found('probe_result__dns-success-linux.json')).toBe('fine');
    expect(found('probe_result__dns-connection-refused-error-linux.json')).toBe('failed');
    expect(found('probe_result__dns-resolver-error-linux.json')).toBe('failed');
  });
});
