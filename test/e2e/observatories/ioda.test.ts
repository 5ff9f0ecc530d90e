/**
 * A running program asks a stand-in for IODA: a shutdown by two data sources, one of them back, the end in IODA's own time, over a kill, in two languages; a
 * region; IODA's own failure rings nobody. The stand-in has two addresses, as two hosts: a nation and another one's regions are asked for at the same time.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answering, counted, eventually, report, rudeness, type World, world } from './world.ts';

interface Event {
  location: string;
  datasource: string;
  /** Minutes ago; no end = it goes on. */
  start: number;
  end?: number;
}

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

/** A round of questions begins with those about all countries; one list of events holds for a whole round. (Before a new region is told, countries are asked for once more.) */
async function standIn(country: string) {
  let shown: Event[] = [];
  const coming: Event[][] = [];
  let begun = 0;
  let html = false;
  const api = answering(({ pathname, searchParams }) => {
    const type = searchParams.get('entityType');
    const isHere = (one: Event) =>
      one.location.startsWith(`${type}/`) &&
      (type === 'country' || searchParams.get('relatedTo') === `country/${country}`);
    const data = pathname.endsWith('/outages/events') ? shown.filter(isHere).map(rowOf) : [];
    return { type: 'outages.events', error: null, data };
  });
  const server = await counted((request, response) => {
    if (html) return void response.end('<html>Sign in</html>');
    if (/events.*entityType=country/.test(request.url!)) {
      begun++;
      shown = coming.shift() ?? shown;
    }
    return api(request, response);
  });
  return {
    ...server,
    fails() {
      html = true;
    },
    /** From the next round on. */
    show: (events: Event[]) => void coming.push(events),
    /** One after the other, a round each; resolves when the last one's is over. */
    async play(...all: Event[][]): Promise<void> {
      coming.push(...all);
      const over = begun + coming.length + 1;
      await eventually(
        async () => begun,
        (n) => n >= over,
        90_000,
      );
    },
  };
}

const both = (location: string, start: number, end?: number): Event[] =>
  ['bgp', 'ping-slash24'].map((datasource) => ({ location, datasource, start, ...(end === undefined ? {} : { end }) }));
const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i));
const manyCountries = letters.flatMap((a) => letters.slice(0, 8).map((b) => `country/${a}${b}`));
/** IODA's own failure: everything is down at once. */
const failure = (start: number, end?: number): Event[] =>
  [...new Set([...manyCountries, 'country/IR', 'country/RU']), 'region/1234'].flatMap((one) => both(one, start, end));

let nation: Awaited<ReturnType<typeof standIn>>;
let regions: typeof nation;
let w: World;

beforeAll(async () => {
  nation = await standIn('IR');
  regions = await standIn('RU');
  w = await world(
    {
      sources: [
        { id: 'ioda', kind: 'ioda', url: `${nation.url}/v2`, countries: ['IR'], cron: '* * * * * *' },
        { id: 'ioda-regions', kind: 'ioda', url: `${regions.url}/v2`, countries: ['RU'], cron: '* * * * * *' },
        { id: 'newsroom', kind: 'push', token: 'env:PUSH_TOKEN', as: 'outlet', name: 'The Newsroom' },
      ],
    },
    { follow: 'ru ir' },
  );
}, 90_000);
afterAll(async () => {
  await w?.close();
  await Promise.all([nation?.close(), regions?.close()]);
});

const ofIran = async (who = w.ann) => (await w.heard(who)).filter((one) => one.includes('IR-internet-'));

test('one data source alone, and IODA’s own failure: nobody is notified', async () => {
  const alone = [{ location: 'country/IR', datasource: 'bgp', start: 40 }];
  await Promise.all([nation.play(alone, failure(30)), regions.play(failure(30), failure(90, 20))]);
  expect(await w.heard()).toEqual([]);
  expect(await w.heard(w.olga)).toEqual([]);
}, 120_000);

test('two data sources fall together: a shutdown, corroborated, in both languages, before any news', async () => {
  nation.show(both('country/IR', 200));
  regions.show([...failure(90, 20), ...both('region/1234', 15)]);
  const alert = await w.ann.chat.waitFor({ contains: 'IR-internet-', timeout_ms: 60_000 });
  expect(alert.text).toMatch(/^⚫ Iran: internet off/);
  expect(alert.text).toMatch(/Corroborated: IODA \(2 signals: BGP, ping\)/);
  expect(JSON.stringify(alert)).toContain('https://ioda.inetintel.cc.gatech.edu/country/IR?from=');
  const russian = await w.olga.chat.waitFor({ contains: 'IR-internet-', timeout_ms: 20_000 });
  expect(russian.text).toMatch(/^⚫ Иран: /);
  expect(russian.text).toContain('2 признака: BGP, ping');
}, 90_000);

test('a region: named in each language; what began as the failure of all stays out', async () => {
  const alert = await w.ann.chat.waitFor({ contains: 'Dagestan', timeout_ms: 60_000 });
  expect(alert.text).toMatch(/^⚫ Dagestan, Russia/);
  const russian = await w.olga.chat.waitFor({ contains: 'Дагестан', timeout_ms: 20_000 });
  expect(russian.text).toMatch(/^⚫ .*Дагестан/);
  for (const who of [w.ann, w.olga]) expect(await w.heard(who)).toHaveLength(2);
}, 90_000);

test('with an outlet: confirmed', async () => {
  const shutdown = report('n1', { country: 'IR', service: 'internet', action: 'shutdown' });
  expect((await w.post(shutdown)).status).toBe(202);
  const [text] = await eventually(
    () => ofIran(),
    ([one]) => /Confirmed/.test(one ?? ''),
    30_000,
  );
  expect(text).toMatch(/Confirmed: 1 outlet, IODA/);
}, 60_000);

test('one data source is back: an edit, no sound', async () => {
  nation.show([
    { location: 'country/IR', datasource: 'bgp', start: 200, end: 80 },
    { location: 'country/IR', datasource: 'ping-slash24', start: 200 },
  ]);
  await eventually(
    () => ofIran(),
    ([one]) => /it may be back/.test(one ?? ''),
    30_000,
  );
  expect(await ofIran()).toHaveLength(1);
}, 60_000);

test('ended two minutes ago: not lifted yet; ninety minutes ago: lifted, over a kill, too', async () => {
  await w.program.kill();
  await w.program.start();
  await nation.play(both('country/IR', 200, 2));
  expect(await ofIran()).toHaveLength(1);
  nation.show(both('country/IR', 200, 90));
  const heard = await eventually(
    () => ofIran(),
    (texts) => texts.length > 1,
    30_000,
  );
  expect(heard.at(-1)).toMatch(/^🟢 Iran: internet works again · lasted 2 hours/);
  const russian = await eventually(
    () => ofIran(w.olga),
    (texts) => texts.length > 1,
    20_000,
  );
  expect(russian.at(-1)).toMatch(/^🟢 Иран: интернет снова работает · длилось 2 ч/);
}, 120_000);

test('a page of HTML with 200 in its place: the source is named as failing, and nothing is told', async () => {
  const before = await w.heard();
  nation.fails();
  // What is under way goes on; the next poll fails.
  await eventually(
    async () => {
      await w.ann.send('/status ir');
      await new Promise((wake) => setTimeout(wake, 2_000));
      return w.heard();
    },
    (texts) => texts.some((one) => /Failing: .*ioda/.test(one)),
    60_000,
  );
  expect((await w.heard()).filter((one) => /^[⚫🟢]/u.test(one))).toEqual(before);
}, 90_000);

test('all the while: one request at a time, two seconds apart, and Telegram was content', async () => {
  for (const { requests } of [nation, regions]) {
    expect(requests.length).toBeGreaterThan(15);
    expect(rudeness(requests)).toEqual([]);
  }
  expect(await w.telegram.violations()).toEqual([]);
});
