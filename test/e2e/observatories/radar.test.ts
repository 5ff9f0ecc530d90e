/** A running program asks a stand-in for Cloudflare Radar, with a token and without: what a government ordered rings, and ends in Radar's own time; all else does not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answering, counted, eventually, HOUR, MINUTE, report, rudeness, type World, world } from './world.ts';

let annotations: object[] = [];
const tokens: (string | undefined)[] = [];
let server: Awaited<ReturnType<typeof counted>>;
let w: World;

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const outage = (over: Record<string, unknown> = {}, cause = 'GOVERNMENT_DIRECTED') => ({
  id: '574',
  dataSource: 'ALL',
  description: 'Internet off during exams',
  scope: null,
  startDate: ago(2 * HOUR),
  endDate: null,
  locations: ['IQ'],
  asns: [],
  eventType: 'OUTAGE',
  linkedUrl: 'https://social.example/radar/1',
  asnsDetails: [],
  locationsDetails: [{ code: 'IQ', name: 'Iraq' }],
  outage: { outageCause: cause, outageType: 'NATIONWIDE' },
  ...over,
});

beforeAll(async () => {
  const api = answering(({ pathname }) =>
    pathname.endsWith('/radar/annotations/outages')
      ? { success: true, errors: [], result: { annotations } }
      : undefined,
  );
  server = await counted((request, response) => {
    tokens.push(request.headers.authorization);
    return api(request, response);
  });
  w = await world(
    {
      sources: [
        {
          id: 'radar',
          kind: 'radar',
          url: `${server.url}/client/v4`,
          token: 'env:RADAR_TOKEN',
          countries: ['IQ'],
          cron: '*/2 * * * * *',
        },
        { id: 'other-radar', kind: 'radar', url: `${server.url}/other`, countries: ['IQ'], cron: '* * * * * *' },
        { id: 'newsroom', kind: 'push', token: 'env:PUSH_TOKEN', as: 'outlet', name: 'The Newsroom' },
      ],
      operators: ['telegram:1'],
    },
    { follow: 'iq', env: { RADAR_TOKEN: 'the-token-of-radar' } },
  );
}, 90_000);
afterAll(async () => {
  await w?.close();
  await server?.close();
});
const aRound = async () => {
  const before = server.requests.length;
  await eventually(
    async () => server.requests.length,
    (n) => n >= before + 2,
    30_000,
  );
};

test('without a token: asks nothing, and says so once, by its id', async () => {
  await aRound();
  expect(server.requests.filter(({ path }) => path.startsWith('/other'))).toEqual([]);
  expect(w.program.stderr.match(/other-radar/g)!.length).toBeLessThanOrEqual(2);
  expect(w.program.stderr).toContain('Source other-radar is off: it has no token');
  expect(w.program.stderr).toMatch(/Ready:.*asks radar, takes what is posted by newsroom/);
}, 60_000);

test('a cable, the weather, power: nobody is notified', async () => {
  annotations = ['CABLE_CUT', 'WEATHER', 'POWER_OUTAGE', 'UNKNOWN'].map((cause, i) => outage({ id: `${i}` }, cause));
  annotations.push(outage({ locations: ['SY'] }));
  await aRound();
  expect(await w.heard()).toEqual([]);
}, 60_000);

test('ordered by a government: a shutdown, in both languages, with its link; confirmed by an outlet', async () => {
  annotations = [outage()];
  const alert = await w.ann.chat.waitFor({ contains: 'IQ-internet-', timeout_ms: 30_000 });
  expect(alert.text).toMatch(/^⚫ Iraq: internet off/);
  expect(alert.text).toContain('How: by official order');
  expect(alert.text).toContain('Corroborated: Cloudflare Radar');
  expect(JSON.stringify(alert)).toContain('https://social.example/radar/1');
  const russian = await w.olga.chat.waitFor({ contains: 'IQ-internet-', timeout_ms: 20_000 });
  expect(russian.text).toMatch(/^⚫ Ирак: /);
  await w.post(report('n1', { country: 'IQ', service: 'internet', action: 'shutdown' }));
  const [text] = await eventually(
    () => w.heard(),
    ([one]) => /Confirmed/.test(one ?? ''),
    30_000,
  );
  expect(text).toMatch(/Confirmed: 1 outlet, Cloudflare Radar/);
}, 60_000);

test('its end two minutes ago: not yet; ninety: lifted', async () => {
  annotations = [outage({ startDate: ago(3 * HOUR), endDate: ago(2 * MINUTE) })];
  await aRound();
  expect(await w.heard()).toHaveLength(1);
  annotations = [outage({ startDate: ago(3 * HOUR), endDate: ago(90 * MINUTE) })];
  const heard = await eventually(
    () => w.heard(),
    (texts) => texts.length > 1,
    30_000,
  );
  expect(heard.at(-1)).toMatch(/^🟢 Iraq: internet works again/i);
  const russian = await eventually(
    () => w.heard(w.olga),
    (texts) => texts.length > 1,
    20_000,
  );
  expect(russian.at(-1)).toMatch(/^🟢 Ирак/);
}, 60_000);

test('all the while: its own token in each request and nowhere else, two seconds apart', async () => {
  expect(new Set(tokens)).toEqual(new Set(['Bearer the-token-of-radar']));
  expect(w.program.stderr + w.program.stdout + (await w.heard()).join()).not.toContain('the-token-of-radar');
  expect(rudeness(server.requests)).toEqual([]);
});
