/** A running program asks a stand-in for IODA: a shutdown by two data sources, one of them back, the end in IODA's own time, in two languages; IODA's own failure rings nobody. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answering, counted, eventually, report, rudeness, type World, world } from './world.ts';

interface Event {
  location: string;
  datasource: string;
  /** Minutes ago; no end = it goes on. */
  start: number;
  end?: number;
}
let events: Event[] = [];
let html = false;
let server: Awaited<ReturnType<typeof counted>>;
let w: World;

const rowOf = ({ location, datasource, start, end }: Event) => {
  const now = Math.floor(Date.now() / 1_000);
  return {
    location,
    start: now - start * 60,
    duration: (start - (end ?? 0)) * 60,
    uncertainty: null,
    method: 'median',
    datasource,
    status: 0,
    fraction: null,
    score: 23_551.1,
    location_name: location.startsWith('region') ? 'Dagestan' : location,
    overlaps_window: end === undefined,
  };
};
const both = (location: string, start: number, end?: number): Event[] =>
  ['bgp', 'ping-slash24'].map((datasource) => ({ location, datasource, start, ...(end === undefined ? {} : { end }) }));
const rounds = () => server.requests.filter(({ path }) => path.includes('/outages/alerts')).length;
const aRound = async () => {
  const before = rounds();
  await eventually(
    async () => rounds(),
    (n) => n >= before + 2,
    60_000,
  );
};

beforeAll(async () => {
  const api = answering(({ pathname, searchParams }) => {
    const type = searchParams.get('entityType');
    const isHere = (one: Event) =>
      one.location.startsWith(`${type}/`) && (type === 'country' || searchParams.get('relatedTo') === 'country/RU');
    const data = pathname.endsWith('/outages/events') ? events.filter(isHere).map(rowOf) : [];
    return { type: 'outages.events', error: null, data };
  });
  server = await counted((request, response) =>
    html ? void response.end('<html>Sign in</html>') : api(request, response),
  );
  w = await world(
    {
      sources: [
        { id: 'ioda', kind: 'ioda', url: `${server.url}/v2`, countries: ['RU', 'IR'], cron: '*/2 * * * * *' },
        { id: 'newsroom', kind: 'push', token: 'env:PUSH_TOKEN', as: 'outlet', name: 'The Newsroom' },
      ],
    },
    { follow: 'ru ir' },
  );
}, 90_000);
afterAll(async () => {
  await w?.close();
  await server?.close();
});

test('quiet, one data source alone, and IODA’s own failure: nobody is notified', async () => {
  await aRound();
  events = [{ location: 'country/IR', datasource: 'bgp', start: 40 }];
  await aRound();
  const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i));
  const world_ = letters.flatMap((a) => letters.slice(0, 8).map((b) => `country/${a}${b}`));
  events = [...new Set([...world_, 'country/IR', 'country/RU'])].flatMap((one) => both(one, 30));
  events.push(...both('region/1234', 30));
  await aRound();
  events = events.map((one) => ({ ...one, start: 90, end: 20 }));
  await aRound();
  expect(await w.heard()).toEqual([]);
  expect(await w.heard(w.olga)).toEqual([]);
}, 120_000);

test('two data sources fall together: a shutdown, corroborated, in both languages, before any news', async () => {
  events = both('country/IR', 25);
  const alert = await w.ann.chat.waitFor({ contains: 'IR-internet-', timeout_ms: 30_000 });
  expect(alert.text).toMatch(/^⚫ Iran: internet off/);
  expect(alert.text).toMatch(/Corroborated: IODA \(Georgia Tech\) \(2 signals: bgp, ping-slash24\)/);
  expect(JSON.stringify(alert)).toContain('https://ioda.inetintel.cc.gatech.edu/country/IR?from=');
  const russian = await w.olga.chat.waitFor({ contains: 'IR-internet-', timeout_ms: 20_000 });
  expect(russian.text).toMatch(/^⚫ Иран: /);
  expect(russian.text).toContain('2 признака: bgp, ping-slash24');
}, 60_000);

test('with an outlet: confirmed', async () => {
  const shutdown = report('n1', { country: 'IR', service: 'internet', action: 'shutdown' });
  expect((await w.post(shutdown)).status).toBe(202);
  const [text] = await eventually(
    () => w.heard(),
    ([one]) => /Confirmed/.test(one ?? ''),
    30_000,
  );
  expect(text).toMatch(/Confirmed: 1 outlet, IODA/);
}, 60_000);

test('one data source is back: an edit, no sound', async () => {
  events = [
    { location: 'country/IR', datasource: 'bgp', start: 200, end: 80 },
    { location: 'country/IR', datasource: 'ping-slash24', start: 200 },
  ];
  await eventually(
    () => w.heard(),
    ([one]) => /it may be back/.test(one ?? ''),
    30_000,
  );
  expect(await w.heard()).toHaveLength(1);
}, 60_000);

test('ended two minutes ago: not lifted yet; ninety minutes ago: lifted, over a kill, too', async () => {
  events = both('country/IR', 200, 2);
  await aRound();
  expect(await w.heard()).toHaveLength(1);
  await w.program.kill();
  await w.program.start();
  await aRound();
  expect(await w.heard()).toHaveLength(1);
  events = both('country/IR', 200, 90);
  const heard = await eventually(
    () => w.heard(),
    (texts) => texts.length > 1,
    30_000,
  );
  expect(heard.at(-1)).toMatch(/^🟢 Iran: internet works again/i);
  const russian = await eventually(
    () => w.heard(w.olga),
    (texts) => texts.length > 1,
    20_000,
  );
  expect(russian.at(-1)).toMatch(/^🟢 Иран/);
}, 120_000);

test('a region: named in each language; what began as the failure of all stays out', async () => {
  events = both('region/1234', 15);
  const alert = await w.ann.chat.waitFor({ contains: 'Dagestan', timeout_ms: 30_000 });
  expect(alert.text).toMatch(/^⚫ Dagestan, Russia/);
  const russian = await w.olga.chat.waitFor({ contains: 'Дагестан', timeout_ms: 20_000 });
  expect(russian.text).toMatch(/^⚫ .*Дагестан/);
}, 60_000);

test('a page of HTML with 200 in its place: the source is named as failing, and nothing is told', async () => {
  const before = await w.heard();
  html = true;
  // What is under way goes on; the next poll fails.
  await eventually(
    async () => {
      await w.ann.send('/status ir');
      await new Promise((wake) => setTimeout(wake, 3_000));
      return w.heard();
    },
    (texts) => texts.some((one) => /Failing: .*ioda/.test(one)),
    60_000,
  );
  expect((await w.heard()).filter((one) => /^[⚫🟢]/u.test(one))).toEqual(
    before.filter((one) => one.includes('-internet-')),
  );
}, 90_000);

test('all the while: one request at a time, two seconds apart, and Telegram was content', async () => {
  expect(server.requests.length).toBeGreaterThan(20);
  expect(rudeness(server.requests)).toEqual([]);
  expect(await w.telegram.violations()).toEqual([]);
});
