import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ooniKind } from '../../../src/sources/ooni/config.ts';
import { shared, testIf } from '../../fakes/shared.ts';
import { HOUR, MINUTE, T0 } from '../harness.ts';
import type { Town } from '../town.ts';
import { observedTown } from './observed-town.ts';
import { createOoniApi, type Made, type OoniApi } from './ooni-api.ts';

const NETWORKS = [12389, 8359, 31133, 25513, 41733];
const CONFIG = { countries: ['RU'], services: ['whatsapp'] };

/** So many measurements an hour and network over these hours after T0, of which this share went wrong. */
function fill(
  api: OoniApi,
  from: number,
  to: number,
  share: number,
  more: Partial<Made> = {},
  networks = NETWORKS,
): void {
  const isBad = (i: number): boolean => (i * 7) % 10 < share * 10;
  // Of the weeks before, every sixth hour is enough.
  for (let hour = from; hour < to; hour += hour < -60 ? 6 : 1)
    for (const asn of networks)
      for (let i = 0; i < 10; i++)
        api.made.push({
          at: T0 + hour * HOUR + i * 6 * MINUTE,
          country: 'RU',
          test: 'whatsapp',
          asn,
          outcome: isBad(i) ? 'anomaly' : i === 3 ? 'failure' : 'ok',
          ...(isBad(i) ? more : {}),
        });
}

async function russia(lang = 'en', config: Record<string, unknown> = CONFIG) {
  let api!: OoniApi;
  const world = await observedTown(
    ooniKind,
    config,
    (town: Town) => {
      api = createOoniApi(() => town.clock.now());
      return api.listener;
    },
    lang,
  );
  await world.town.chat('reader', ['ru']);
  fill(api, -16 * 24, 0, 0.1);
  const until = async (hours: number): Promise<void> => {
    const target = T0 + hours * HOUR;
    while (world.town.clock.now() < target) {
      await world.town.pass(Math.min(30 * MINUTE, target - world.town.clock.now()));
      await world.poll();
    }
  };
  await world.poll();
  return { ...world, api, until };
}

describe('a quiet baseline, a block, a part of it back, all of it back', () => {
  test('English: corroborated by OONI alone, with its counts, its link and its licence; then confirmed by one outlet', async () => {
    const { town, api, until } = await russia();
    expect(town.heard('reader')).toEqual([]);
    fill(api, 0, 12, 0.9);
    await until(3);
    expect(town.heard('reader')).toEqual(['send 🔴 Russia: WhatsApp blocked']);
    const [text] = town.texts('reader');
    expect(text).toMatch(/Corroborated: OONI \(\d+ measurements, 5 networks\)/);
    expect(text).toMatch(
      /Sources: OONI \(CC BY-NC-SA 4\.0\).*https:\/\/explorer\.ooni\.org\/chart\/mat\?probe_cc=RU&test_name=whatsapp/s,
    );
    expect(text).toContain('How: by the site name in the connection (SNI)');
    await town.say('bbc', 'block RU whatsapp');
    expect(town.texts('reader').at(-1)).toMatch(/Confirmed: 1 outlet, OONI \(\d+ measurements, 5 networks\)/);
    await until(12);
    fill(api, 12, 20, 0.4);
    town.heard('reader');
    await until(19);
    expect((await town.incidents()).map((one) => one.state)).toEqual(['easing']);
    fill(api, 20, 30, 0.1);
    await until(27);
    expect((await town.incidents()).map((one) => one.state)).toEqual(['lifted']);
    expect(town.heard('reader').at(-1)).toMatch(/^reply 🟢 Russia: WhatsApp works again/);
  });

  test('Russian: the same words in Russian', async () => {
    const { town, api, until } = await russia('ru');
    fill(api, 0, 12, 0.9);
    await until(3);
    const [text] = town.texts('reader');
    expect(text).toMatch(/Подкреплено: OONI \(\d+ измерени[еяй], 5 сетей\)/);
    expect(text).toMatch(/Источники: OONI \(CC BY-NC-SA 4\.0\)/);
  });

  test('a restart in the middle: nothing is said twice', async () => {
    const world = await russia();
    fill(world.api, 0, 12, 0.9);
    await world.until(3);
    await world.restart();
    await world.until(8);
    expect(world.town.heard('reader').filter((one) => one.startsWith('send'))).toHaveLength(1);
  });
});

describe('what rings nobody', () => {
  const noise: [string, (api: OoniApi) => void][] = [
    [
      'a thousand anomalies from one network',
      (api) => {
        for (let i = 0; i < 20; i++) fill(api, 0, 3, 0.9, {}, [12389]);
      },
    ],
    [
      'the same with strays of two others',
      (api) => {
        for (let i = 0; i < 20; i++) fill(api, 0, 3, 0.9, {}, [12389]);
        for (const asn of [8359, 31133])
          api.made.push({ at: T0 + HOUR, country: 'RU', test: 'whatsapp', asn, outcome: 'anomaly' });
      },
    ],
    [
      'a thousand anomalies from one version of the probe',
      (api) => {
        for (let i = 0; i < 7; i++) fill(api, 0, 3, 0.9, { version: '4.0.1' });
      },
    ],
    ['probes behind a VPN', (api) => fill(api, 0, 3, 0.9, { raw: { annotations: { network_type: 'vpn' } } })],
    [
      'every network another failure',
      (api) => {
        for (const [i, asn] of NETWORKS.entries()) fill(api, 0, 3, 0.9, { failure: `failure_${i}` }, [asn]);
      },
    ],
    [
      'web WhatsApp with an unexpected status',
      (api) =>
        fill(api, 0, 3, 0.9, {
          raw: {
            test_keys: {
              whatsapp_web_failure: 'http_unexpected_status_code',
              whatsapp_web_status: 'blocked',
              registration_server_status: 'ok',
            },
          },
        }),
    ],
    [
      'measurements that failed',
      (api) => {
        for (let i = 0; i < 500; i++)
          api.made.push({
            at: T0 + i * 20_000,
            country: 'RU',
            test: 'whatsapp',
            asn: NETWORKS[i % 5]!,
            outcome: 'failure',
          });
      },
    ],
  ];
  for (const [name, make] of noise)
    test(name, async () => {
      const { town, api, until } = await russia();
      make(api);
      await until(3);
      expect(town.heard('reader')).toEqual([]);
      expect(await town.incidents()).toEqual([]);
    });

  /** Thirty an hour of others, of which so many of ten went wrong since T0. */
  const beside = (api: OoniApi, side: Partial<Made>, bad: number): void => {
    for (let hour = -30; hour < 4; hour++)
      for (let i = 0; i < 30; i++)
        api.made.push({
          at: T0 + hour * HOUR + i * 2 * MINUTE,
          country: 'RU',
          test: 'whatsapp',
          asn: 64_500,
          outcome: hour >= 0 && i % 10 < bad ? 'anomaly' : 'ok',
          ...side,
        });
  };
  test.each<[string, (api: OoniApi, bad: number) => void]>([
    [
      'the service is down in other countries, too',
      (api, bad) => {
        for (const country of ['US', 'DE', 'GB', 'FR']) beside(api, { country }, bad);
      },
    ],
    ['all of the web goes wrong in the country', (api, bad) => beside(api, { test: 'web_connectivity' }, bad)],
  ])('%s: nobody; were it well there: a block', async (_name, make) => {
    for (const [bad, expected] of [
      [9, []],
      [1, ['send 🔴 Russia: WhatsApp blocked']],
    ] as const) {
      const { town, api, until } = await russia();
      make(api, bad);
      fill(api, 0, 3, 0.9);
      await until(3);
      expect(town.heard('reader')).toEqual(expected);
    }
  });

  const recorded: [string, string, string][] = [
    [
      'a probe on a VPN with a local DNS filter (recorded)',
      'whatsapp',
      'meta_whatsapp_JP_anomaly_ssl_invalid_hostname.json',
    ],
    ['a parked page (recorded)', 'web_connectivity', 'meta_web_connectivity_IE_anomaly_falsepositive_candidate.json'],
    ['an old Signal (recorded)', 'signal', 'signal_2627.json'],
    ['another old Signal (recorded)', 'signal', 'signal_679.json'],
  ];
  for (const [name, test_, file] of recorded) {
    const path = shared(`data/ooni/${file.startsWith('signal') ? 'raw/' : ''}${file}`);
    testIf(path, 'needs ../shared/data', name, async () => {
      const body = JSON.parse(readFileSync(path!, 'utf8'));
      const inner = body.raw_measurement ?? body;
      const raw = typeof inner === 'string' ? JSON.parse(inner) : inner;
      const service = test_ === 'web_connectivity' ? 'facebook' : test_;
      const { town, api, until } = await russia('en', { countries: ['RU'], services: [service] });
      const again = { ...raw, measurement_start_time: '2026-02-11 12:30:00' };
      for (const one of api.made) one.test = test_;
      const before = api.made.length;
      fill(api, 0, 3, 0.9, { raw: again });
      for (const one of api.made.slice(before)) {
        one.test = test_;
        if (one.raw)
          one.raw = { ...again, probe_asn: `AS${one.asn}`, software_version: one.asn % 2 ? '3.7.1' : '3.8.0' };
      }
      await until(3);
      expect(town.heard('reader')).toEqual([]);
    });
  }

  test('a service that was blocked all along: nothing new, but it bears out what others report', async () => {
    const { town, api, until } = await russia();
    api.made.length = 0;
    fill(api, -16 * 24, 12, 0.9);
    await until(3);
    expect(town.heard('reader')).toEqual([]);
    await town.say('bbc', 'block RU whatsapp');
    await until(4);
    expect((await town.incidents()).map((one) => one.confidence)).toEqual(['confirmed']);
  });
});

describe('findings', () => {
  const finding = (more: Record<string, unknown> = {}) => ({
    id: '96225549500',
    slug: '2026-russia-blocked-telegram',
    title: 'Russia blocked Telegram',
    short_description: 'OONI data shows it.',
    start_time: '2026-02-11T00:00:00.000000Z',
    create_time: '2026-02-11T12:20:00.000000Z',
    update_time: '2026-02-11T12:20:00.000000Z',
    end_time: null,
    published: true,
    CCs: ['RU'],
    test_names: ['telegram'],
    domains: ['web.telegram.org'],
    ...more,
  });

  test('a new one: corroborates by itself, once, also after a revision of its text', async () => {
    const { town, api, until } = await russia();
    api.findings.push(finding());
    await until(1);
    expect(town.heard('reader')).toEqual(['send 🔴 Russia: Telegram blocked']);
    expect(town.texts('reader')[0]).toContain('https://explorer.ooni.org/findings/2026-russia-blocked-telegram');
    api.findings = [finding({ title: 'Russia blocked Telegram for good', update_time: '2026-02-11T14:00:00Z' })];
    await until(4);
    expect(town.heard('reader').filter((one) => one.startsWith('send'))).toEqual([]);
  });

  test('old ones on the first day: nobody is told', async () => {
    const { town, api, until } = await russia();
    api.findings.push(finding({ start_time: '2023-06-28T00:00:00Z', create_time: '2023-12-19T00:00:00Z' }));
    await until(2);
    expect(town.heard('reader')).toEqual([]);
  });
});

describe('measurements that stop', () => {
  async function two(silentUntil: number, other = true) {
    const world = await russia('en', { countries: ['RU', 'IR'], services: ['whatsapp'] });
    await world.town.chat('early', ['ru', 'ir'], 'early');
    const all = (from: number, to: number, country: string): void => {
      const before = world.api.made.length;
      fill(world.api, from, to, 0.1);
      for (const one of world.api.made.slice(before)) one.country = country;
    };
    all(-48, silentUntil, 'IR');
    all(0, 40, other ? 'RU' : 'KE');
    all(20, 40, 'IR');
    return world;
  }

  test('of one country, while another is measured: a sign for those who take signs, and over when they come again', async () => {
    const { town, until } = await two(1);
    await until(4);
    expect(town.heard('early')).toEqual([]);
    await until(9);
    expect(town.heard('early')).toEqual(['send ⚫ Iran: internet off']);
    expect(town.texts('early')[0]).toContain('Suspected, not confirmed: measurements from there have stopped (OONI)');
    expect(town.heard('reader')).toEqual([]);
    await until(24);
    expect((await town.incidents()).map((one) => one.state)).toEqual(['lifted']);
  });

  test('of all countries at once: the observatory may be to blame, and nobody hears of it', async () => {
    const { town, until } = await two(0, false);
    await until(12);
    expect(town.heard('early')).toEqual([]);
  });
});

describe("OONI's own detector of changes", () => {
  const services = ['whatsapp', 'telegram', 'signal'];
  const path = '/api/v1/detector/changepoints';

  test('the host has none: asked once', async () => {
    const { api, poll, town } = await russia('en', { countries: ['RU'], services });
    await town.pass(HOUR);
    await poll();
    expect(api.asked.get(path)).toBe(1);
  });

  test('the host has one: what it names is asked for first in the next round', async () => {
    const { api, poll, town, restart } = await russia('en', { countries: ['RU'], services });
    api.changes = [null, { probe_cc: 'RU', domain: 'chat.signal.org', change_dir: 'up' }];
    await restart();
    await poll();
    api.urls.length = 0;
    await town.pass(HOUR);
    await poll();
    expect(new URL(api.urls[0]!, 'http://x').searchParams.get('test_name')).toBe('signal');
  });
});
