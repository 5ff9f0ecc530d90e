/**
 * A running program asks a stand-in for OONI's API about two countries and three services: a block, a part of it back, all of it back, in two languages; one
 * outlet confirms; noise of every kind beside it rings nobody; one request at a time, two seconds apart, over a kill.
 * The stand-in has four addresses, as four hosts: what has nothing to do with each other is asked for at the same time.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOoniApi, type Made } from '../../scenario/observatories/ooni-api.ts';
import { counted, eventually, HOUR, MINUTE, report, rudeness, type World, world } from './world.ts';

const NETWORKS = [12389, 8359, 31133, 25513, 41733];
const api = createOoniApi(() => Date.now());
// One of each network: two seconds for each that is looked at closely.
api.listed = 5;
type Server = Awaited<ReturnType<typeof counted>>;
/** The block; two addresses for noise; what has long been cut. */
const HOSTS = {
  block: { countries: ['RU'], services: ['whatsapp'] },
  noise: { countries: ['RU'], services: ['telegram', 'signal'] },
  more: { countries: ['IR'], services: ['whatsapp', 'telegram'] },
  long: { countries: ['IR'], services: ['signal'] },
};
type Host = keyof typeof HOSTS;
const servers = {} as Record<Host, Server>;
let w: World;

/** Ten measurements an hour and network from so many hours ago to so many, of which this share went wrong. */
function fill(what: Pick<Made, 'country' | 'test'>, span: [number, number], share: number, more: Partial<Made> = {}) {
  const networks = more.asn === undefined ? NETWORKS : [more.asn];
  const begin = Math.floor(Date.now() / HOUR) * HOUR;
  for (let hour = span[0]; hour < span[1]; hour += hour < -60 ? 6 : 1)
    for (const asn of networks)
      for (let i = 0; i < 10; i++) {
        // Spread over the hour, of which only the begin may have passed.
        const isBad = (i * 7 + 5) % 10 < share * 10;
        const at = begin + hour * HOUR + i * 6 * MINUTE;
        if (at > Date.now() - MINUTE) continue;
        const how = isBad ? more : {};
        api.made.push({ at, ...what, asn, outcome: isBad ? 'anomaly' : i === 3 ? 'failure' : 'ok', ...how });
      }
}
const only = (what: Pick<Made, 'country' | 'test'>, isKept: (hoursAgo: number) => boolean): void => {
  api.made = api.made.filter(
    (one) => one.country !== what.country || one.test !== what.test || isKept((Date.now() - one.at) / HOUR),
  );
};
const PAIRS = Object.values(HOSTS).flatMap(({ countries, services }) =>
  countries.flatMap((country) => services.map((test_) => ({ country, test: test_ }))),
);
const WHATSAPP = { country: 'RU', test: 'whatsapp' };

beforeAll(async () => {
  // Signal in Iran has been cut for longer than anybody looks back.
  for (const pair of PAIRS) fill(pair, [-16 * 24, 1], pair.country === 'IR' && pair.test === 'signal' ? 0.9 : 0.1);
  const sources = [];
  for (const [id, asked] of Object.entries(HOSTS)) {
    servers[id as Host] = await counted(api.listener);
    sources.push({ id, kind: 'ooni', url: servers[id as Host].url, ...asked, cron: '* * * * * *' });
  }
  w = await world(
    {
      sources: [
        ...sources,
        { id: 'newsroom', kind: 'push', token: 'env:PUSH_TOKEN', as: 'outlet', name: 'The Newsroom' },
      ],
    },
    { follow: 'ru ir' },
  );
}, 90_000);
afterAll(async () => {
  await w?.close();
  await Promise.all(Object.values(servers).map((server) => server.close()));
});

/** What rang or was edited: answers to questions left out. */
const alerts = async (who = w.ann) => (await w.heard(who)).filter((one) => one.includes('RU-whatsapp-'));

/** Rounds that are over: a round ends with the findings. */
const rounds = (host: Host): number =>
  servers[host].requests.filter(({ path }) => path.startsWith('/api/v1/incidents/search')).length;
const more = async (host: Host, n: number, from = rounds(host)): Promise<unknown> =>
  await eventually(
    async () => rounds(host),
    (now) => now >= from + n,
    180_000,
  );
/** Where noise begins. */
const noiseFrom: Partial<Record<Host, number>> = {};

test('a quiet baseline: nobody is notified', async () => {
  await Promise.all((['block', 'noise', 'more'] as const).map((host) => more(host, 1, 0)));
  expect(await w.heard()).toEqual([]);
}, 120_000);

test('a block, among noise of every kind: corroborated by OONI alone, with counts, licence and link; in both languages', async () => {
  const noise = (what: Pick<Made, 'country' | 'test'>, how: Partial<Made>) => {
    only(what, (ago) => ago > 4);
    for (let i = 0; i < 6; i++) fill(what, [-4, 1], 0.9, how);
  };
  // 1,000 anomalies of one network, of one version of the probe; probes behind a VPN; an old Signal.
  noise({ country: 'RU', test: 'telegram' }, { asn: 12389 });
  noise({ country: 'IR', test: 'whatsapp' }, { version: '4.0.1' });
  noise({ country: 'IR', test: 'telegram' }, { raw: { annotations: { network_type: 'vpn' } } });
  noise({ country: 'RU', test: 'signal' }, { raw: { test_version: '0.2.3' } });
  expect(api.made.filter((one) => one.version === '4.0.1').length).toBeGreaterThanOrEqual(1_000);
  for (const host of ['noise', 'more'] as const) noiseFrom[host] = rounds(host);
  only(WHATSAPP, (ago) => ago > 9);
  fill(WHATSAPP, [-8, 1], 0.9);
  const alert = await w.ann.chat.waitFor({ contains: 'RU-whatsapp-', timeout_ms: 120_000 });
  expect(alert.text).toMatch(/^🔴 Russia: WhatsApp blocked/);
  expect(alert.text).toMatch(/Corroborated: OONI \(\d+ measurements, 5 networks\)/);
  expect(alert.text).toMatch(/OONI \(CC BY-NC-SA 4\.0\)/);
  expect(alert.text).toContain('How: by the site name in the connection (SNI)');
  expect(JSON.stringify(alert)).toContain('https://explorer.ooni.org/chart/mat?probe_cc=RU&test_name=whatsapp');
  const russian = await w.olga.chat.waitFor({ contains: 'RU-whatsapp-', timeout_ms: 20_000 });
  expect(russian.text).toMatch(/^🔴 Россия: доступ к WhatsApp заблокирован/);
  expect(russian.text).toMatch(/Подкреплено: OONI \(\d+ измерени[еяй], 5 сетей\)/);
  expect(await alerts()).toHaveLength(1);
}, 180_000);

test('one outlet beside it: confirmed, in the same message', async () => {
  expect((await w.post(report('n1'))).status).toBe(202);
  const confirmed = await eventually(
    () => alerts(),
    ([text]) => /Confirmed/.test(text ?? ''),
    60_000,
  );
  expect(confirmed).toHaveLength(1);
  expect(confirmed[0]).toMatch(/Confirmed: 1 outlet, OONI \(\d+ measurements, 5 networks\)/);
  await eventually(
    () => alerts(w.olga),
    ([text]) => /Точно: пишет 1 издание, OONI/.test(text ?? ''),
    20_000,
  );
}, 90_000);

test('killed and started again: nothing is said twice', async () => {
  await w.program.kill();
  await w.program.start();
  await more('block', 1);
  expect(await alerts()).toHaveLength(1);
}, 180_000);

test('a part is back: an edit, no sound', async () => {
  only(WHATSAPP, (ago) => ago > 9);
  fill(WHATSAPP, [-8, -3], 0.9);
  fill(WHATSAPP, [-3, 0], 0.4);
  // Of the hour that has just begun one each: the first of ten would tip it.
  for (const asn of NETWORKS) api.made.push({ at: Date.now() - MINUTE, ...WHATSAPP, asn, outcome: 'ok' });
  const [text] = await eventually(
    () => alerts(),
    ([one]) => /it may be back/.test(one ?? ''),
    90_000,
  );
  expect(text).toMatch(/RU-whatsapp-/);
  expect(await alerts()).toHaveLength(1);
}, 120_000);

test('all of it is back for more than an hour: lifted, as loud as new, with a reply', async () => {
  only(WHATSAPP, (ago) => ago > 9);
  fill(WHATSAPP, [-8, -2], 0.9);
  fill(WHATSAPP, [-2, 1], 0.1);
  const heard = await eventually(
    () => alerts(),
    (texts) => texts.length > 1,
    90_000,
  );
  expect(heard.at(-1)).toMatch(/^🟢 Russia: WhatsApp works again · lasted [567] hours/);
  const russian = await eventually(
    () => alerts(w.olga),
    (texts) => texts.length > 1,
    20_000,
  );
  expect(russian.at(-1)).toMatch(/^🟢 Россия: доступ к WhatsApp восстановлен · длилось [567] ч/);
  const all = await w.ann.chat.transcript({ from: 'bot' });
  const lift = all.find((one: { text: string }) => one.text === heard.at(-1));
  expect(lift.reply).toBe(all.find((one: { text: string }) => one.text === heard[0]).message_id);
}, 120_000);

test('cut for weeks when it is first looked at, and noise: nobody is notified, and the status shows the one with its evidence', async () => {
  await Promise.all([more('noise', 2, noiseFrom.noise), more('more', 2, noiseFrom.more), more('long', 1, 0)]);
  for (const who of [w.ann, w.olga])
    expect((await w.heard(who)).filter((one) => /^[🔴⚫🟠🟢]/u.test(one))).toEqual(await alerts(who));
  await w.ann.send('/status ir');
  const english = await w.ann.chat.waitFor({ contains: '🔴 Signal', timeout_ms: 20_000 });
  expect(english.text).toMatch(/🔴 Signal.*blocked.*corroborated.*last evidence/s);
  expect(english.text).toMatch(/Signal: OONI.*\d+ measurements, 5 networks/s);
  await w.olga.send('/status ir');
  const russian = await w.olga.chat.waitFor({ contains: '🔴 Signal', timeout_ms: 20_000 });
  expect(russian.text).toMatch(/🔴 Signal.*заблокирован.*OONI/s);
}, 180_000);

test('all the while: one request at a time, two seconds apart, and Telegram was content', async () => {
  expect(servers.block.requests.length).toBeGreaterThan(25);
  for (const [host, { requests }] of Object.entries(servers)) expect(rudeness(requests), host).toEqual([]);
  for (const who of [w.ann, w.olga])
    expect((await w.heard(who)).filter((one) => /^[🔴⚫🟠🟢]/u.test(one))).toEqual(await alerts(who));
  expect(await w.telegram.violations()).toEqual([]);
});
