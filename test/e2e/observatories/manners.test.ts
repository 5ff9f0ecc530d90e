/** Several sources of one host, in a running program: one request at a time, two seconds apart; a 429 and the last of a quota are peace for an hour, over a kill. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { answering, counted, eventually, MINUTE, rudeness, type World, world } from './world.ts';

let server: Awaited<ReturnType<typeof counted>>;
let w: World;
/** What every answer is like from now on. */
let how: { status: number; headers: Record<string, string>; delay: number } = { status: 200, headers: {}, delay: 0 };

const api = answering(({ pathname }) => {
  if (pathname.includes('/outages/')) return { error: null, data: [] };
  if (pathname.includes('/radar/')) return { success: true, result: { annotations: [], trafficAnomalies: [] } };
  if (pathname.endsWith('/aggregation')) return { v: 0, dimension_count: 2, result: [] };
  if (pathname.endsWith('/search')) return { incidents: [] };
  if (pathname.endsWith('/names')) return ['example.org', 'whatsapp.com'];
  return undefined;
});

beforeAll(async () => {
  server = await counted((request, response) => {
    // As it is when the question comes.
    const { status, headers, delay } = how;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    setTimeout(() => {
      if (request.url === '/names') return void response.writeHead(301, { location: '/list/names' }).end();
      if (status === 200) return api(request, response);
      response.writeHead(status).end('{}');
    }, delay);
  });
  const { url } = server;
  w = await world({
    sources: [
      { id: 'ooni', kind: 'ooni', url, countries: ['RU', 'IR'], services: ['whatsapp'], cron: '* * * * * *' },
      { id: 'ioda', kind: 'ioda', url: `${url}/v2/`, countries: ['RU', 'IR', 'TR'], cron: '* * * * * *' },
      { id: 'radar', kind: 'radar', url: `${url}/v4`, token: 'a-token', countries: ['RU'], cron: '* * * * * *' },
      { id: 'list', kind: 'registry', format: 'domains', country: 'RU', urls: [`${url}/names`], cron: '* * * * * *' },
    ],
  });
}, 90_000);
afterEach(() => {
  how = { status: 200, headers: {}, delay: 0 };
});
afterAll(async () => {
  await w?.close();
  await server?.close();
});
const asked = async () => server.requests.length;
const more = async (n: number, ms = 60_000) => {
  const before = server.requests.length;
  await eventually(asked, (now) => now >= before + n, ms);
};
/** Nothing is asked for so long. */
const quiet = async (ms: number) => {
  const before = server.requests.length;
  await new Promise((wake) => setTimeout(wake, ms));
  expect(server.requests.length).toBe(before);
};

test('four sources of one host, a schedule of seconds, a redirect, slow answers: one at a time, two seconds apart', async () => {
  await more(8);
  how = { status: 200, headers: {}, delay: 1_200 };
  await more(6);
  const kinds = ['/api/v1/', '/v2/outages', '/v4/radar', '/names', '/list/names'];
  for (const kind of kinds)
    expect(
      server.requests.some(({ path }) => path.startsWith(kind)),
      kind,
    ).toBe(true);
  expect(rudeness(server.requests)).toEqual([]);
}, 120_000);

let passed = 0;
test.each([
  ['429', { status: 429, headers: {}, delay: 0 }],
  ['200 with the last of the quota', { status: 200, headers: { 'X-RateLimit-Remaining': '0' }, delay: 0 }],
])(
  '%s: nothing is asked for an hour, by any source of that host, over a kill; and then again',
  async (_name, answer) => {
    how = answer;
    await more(1);
    how = { status: 200, headers: {}, delay: 0 };
    // One may have been on its way.
    await new Promise((wake) => setTimeout(wake, 500));
    await quiet(8_000);
    await w.program.kill();
    await w.program.start();
    await quiet(8_000);
    passed += 55 * MINUTE;
    w.ahead(passed);
    await quiet(5_000);
    passed += 10 * MINUTE;
    w.ahead(passed);
    await more(3, 90_000);
  },
  240_000,
);

test('what fails is named in the status by its id', async () => {
  how = { status: 503, headers: {}, delay: 0 };
  await eventually(
    async () => {
      await w.ann.send('/status ru');
      await new Promise((wake) => setTimeout(wake, 5_000));
      return (await w.heard()).join();
    },
    (text) => ['ooni', 'ioda', 'radar', 'list'].every((id) => new RegExp(`Failing: .*${id} \\(127`).test(text)),
    180_000,
  );
  expect(rudeness(server.requests.filter(({ ended }) => ended !== null))).toEqual([]);
}, 240_000);
