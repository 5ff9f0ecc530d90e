/** Scheduled rounds of the probe: what is due when, speed and the rest in turns, doubts looked at soon, and countries' own resolvers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TargetVerdict } from '../../../src/core/judge/verdict.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import { probeSchema } from '../../../src/sources/probe/config.ts';
import { createSource } from '../../../src/sources/probe/index.ts';
import type { RoundOptions, RoundResult } from '../../../src/sources/probe/round.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';
import { target, transfer, vantageCheck, verdict } from '../judge/facts.ts';

const MINUTE = 60_000;

interface Play {
  /** What a target comes to; absent = well. */
  verdicts: Record<string, TargetVerdict | null>;
  offline: RoundResult['offline'];
  /** A vantage check that ends the round before any target. */
  down: boolean;
  rounds: { ids: string[]; full: boolean; options: RoundOptions }[];
  national: { resolver: string; names: string[] }[];
  silent: Set<string>;
  /** What passes while a round is under way. */
  during: (() => void) | null;
}
const play = vi.hoisted(() => ({}) as Play);
beforeEach(() => {
  Object.assign(play, {
    verdicts: {},
    offline: null,
    down: false,
    rounds: [],
    national: [],
    silent: new Set(),
    during: null,
  } satisfies Play);
});

vi.mock('../../../src/sources/probe/round.ts', async (original) => ({
  ...(await original<object>()),
  async runRound(
    session: { clock: FakeClock },
    targets: RoundResult['results'][number]['target'][],
    options: RoundOptions,
  ): Promise<RoundResult> {
    const at = session.clock.now();
    play.rounds.push({ ids: targets.map(({ id }) => id), full: options.full, options });
    play.during?.();
    const pairs = [{ target: transfer(9_000_000), sameAddress: null, reference: null }];
    return {
      at,
      offline: play.offline,
      vantageCheck: vantageCheck(play.down ? { offline: 'link', reasons: ['no reference answers'] } : {}),
      vantageObservations: {} as RoundResult['vantageObservations'],
      results: targets.map((one) => ({
        target: one,
        verdict: play.down ? null : one.id in play.verdicts ? play.verdicts[one.id]! : verdict('ok'),
        component: null,
        observations: [target(options.full ? { throughput: [{ family: 4, pairs, helper: null, atRest: null }] } : {})],
      })),
    };
  },
}));
vi.mock('../../../src/sources/probe/national.ts', async (original) => ({
  ...(await original<object>()),
  async measureNational(_session: unknown, resolver: string, names: string[]) {
    play.national.push({ resolver, names });
    return names
      .filter((name) => !play.silent.has(name))
      .map((name) => ({ name, finding: { verdict: 'ok', detail: null }, observations: {} }));
  },
}));

interface Setting {
  targets?: string[];
  /** How the targets of the file are called; each is `NAME.invalid`. */
  hosts?: string[];
  national?: { id: string; address: string; country?: string }[];
  country?: string;
  more?: object;
  /** File of the vantage point's own roots. */
  ca?: string;
}

function probe({
  targets = [],
  hosts = ['site', 'other'],
  national = [],
  country = 'KE',
  more = {},
  ca,
}: Setting = {}) {
  const clock = new FakeClock();
  const log = recordingLog();
  let n = 0;
  const ids = { next: () => `m${++n}`, tail: () => 'aaaa', random: () => 0.5 };
  const config = v.parse(probeSchema, {
    id: 'probe',
    kind: 'probe',
    vantage: {
      id: 'desk',
      country,
      asn: 64500,
      resolvers: { system: '192.0.2.53', control: [], national },
      reference_sites: [{ id: 'reference', name: 'reference.invalid', v4: '192.0.2.1' }],
      ...(ca ? { ca } : {}),
      targets: hosts.map((id) => ({ id, name: `${id}.invalid` })),
    },
    targets,
    ...more,
  });
  const source = createSource(config, { clock, ids, log: log.log });
  const poll = async (signal = new AbortController().signal) =>
    source.poll({ now: clock.now(), firstPoll: false, signal });
  /** Polls each minute; what was measured at which minute from now. */
  const over = async (minutes: number) => {
    const began = clock.now();
    const seen: string[] = [];
    for (let i = 0; i < minutes; i++) {
      const before = play.rounds.length;
      await poll();
      const now = Math.round((clock.now() - began) / MINUTE);
      for (const round of play.rounds.slice(before))
        seen.push(`${now}: ${round.ids.join(',')}${round.full ? ' with speed' : ''}`);
      await clock.pass(MINUTE);
    }
    return seen;
  };
  return { source, poll, over, clock, log };
}

describe('what is due', () => {
  test('healthy ones: at once, then every ten minutes; their speed within the hour, then hourly', async () => {
    const { over } = probe();
    const seen = await over(121);
    expect(seen[0]).toBe('0: site,other');
    const all = seen.map((one) => Number(one.split(':')[0]));
    expect(all.slice(0, 5)).toEqual([0, 10, 20, 30, 40]);
    const speeds = seen.filter((one) => one.endsWith('with speed')).map((one) => Number(one.split(':')[0]));
    expect(speeds).toEqual([30, 90]);
  });

  test('speed switched off: never, though everything else goes on', async () => {
    const seen = await probe({ more: { throughputMinutes: 0 } }).over(121);
    expect(seen.some((one) => one.endsWith('with speed'))).toBe(false);
    expect(seen.length).toBeGreaterThan(10);
  });

  test('nothing is due: nothing is measured, and the poll says so', async () => {
    const { poll, clock } = probe();
    expect((await poll()).unchanged).toBe(false);
    await clock.pass(MINUTE);
    expect(await poll()).toEqual({ asked: false, items: [], measurements: [], unchanged: true, notBefore: null });
  });

  test("an interval of one's own", async () => {
    expect(await probe({ more: { intervalMinutes: 3, throughputMinutes: 0 } }).over(10)).toEqual([
      '0: site,other',
      '3: site,other',
      '6: site,other',
      '9: site,other',
    ]);
  });

  test('with speed: at most eight in one poll, each once', async () => {
    const hosts = Array.from({ length: 12 }, (_, i) => `t${i}`);
    const { source, over } = probe({ hosts });
    await over(30);
    play.rounds.length = 0;
    source.nudge(hosts, null);
    await over(3);
    for (const { full, ids } of play.rounds) expect(ids.length).toBeLessThanOrEqual(full ? 8 : 200);
    const heavy = play.rounds.filter(({ full }) => full).flatMap(({ ids }) => ids);
    expect(new Set(heavy).size).toBe(heavy.length);
    expect(heavy.length).toBeGreaterThan(8);
  });

  test('speed and the rest take turns, however much of the rest is due', async () => {
    play.verdicts.site = verdict('throttled', '20');
    const { over } = probe({ more: { intervalMinutes: 0.05, throughputMinutes: 10_000 } });
    const seen = (await over(9)).slice(1).map((one) => one.endsWith('with speed'));
    expect(seen.filter(Boolean).length).toBeGreaterThanOrEqual(3);
    expect(seen.some((full, i) => full && seen[i + 1])).toBe(false);
  });

  test('a round has its own end, and waits for nobody', async () => {
    await probe().poll();
    expect(play.rounds[0]!.options).toMatchObject({ width: 8, patient: false, deadlineMs: 75_000 });
  });

  test('more than twenty: spread over the first minute, so that probes are no beacon', async () => {
    const hosts = Array.from({ length: 21 }, (_, i) => `t${i}`);
    const { poll, clock } = probe({ hosts });
    expect((await poll()).unchanged).toBe(true);
    await clock.pass(30_000);
    expect((await poll()).measurements).toHaveLength(21);
  });

  test('no target named and none in the file: all services of the catalogue', async () => {
    const { poll, clock } = probe({ hosts: [] });
    await poll();
    await clock.pass(MINUTE);
    await poll();
    expect(play.rounds[0]!.ids).toEqual(expect.arrayContaining(['whatsapp', 'telegram', 'signal']));
  });

  test('a target that nobody knows: an error that names it, and once more at the next poll', async () => {
    const { poll, source } = probe({ targets: ['no such thing'] });
    for (let i = 0; i < 2; i++)
      await expect(poll()).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('"no such thing" is no host'),
      });
    source.nudge(['no such thing'], null);
    source.close();
  });
});

test('its own certificates are not there yet: the poll fails, and the next one looks again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-probe-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { poll } = probe({ more: { folder }, ca: 'own.pem' });
  await expect(poll()).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('own.pem (ENOENT)'),
  });
  await expect(poll()).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('own.pem (ENOENT)'),
  });
  writeFileSync(join(folder, 'own.pem'), '');
  expect((await poll()).measurements).toHaveLength(2);
});

describe('doubt and change', () => {
  test('an anomaly: again within 200 s until it is sure, then every ten minutes', async () => {
    play.verdicts.site = verdict('sni_blocked', 'rst');
    const seen = await probe({ hosts: ['site'], more: { throughputMinutes: 0 } }).over(26);
    const times = seen.map((one) => Number(one.split(':')[0]));
    expect(times[1]! - times[0]!).toBeLessThanOrEqual(4);
    expect(times[2]! - times[1]!).toBeLessThanOrEqual(4);
    expect(times.at(-1)! - times.at(-2)!).toBeGreaterThanOrEqual(10);
  });

  test.each<[string, TargetVerdict | null]>([
    ['it cannot be told', verdict('inconclusive', 'no_helper')],
    ['left unjudged', null],
  ])('%s: sooner than a healthy one, later than a change', async (_name, word) => {
    play.verdicts.site = word;
    const seen = await probe({ hosts: ['site'], more: { throughputMinutes: 0 } }).over(12);
    expect(seen.map((one) => Number(one.split(':')[0])).slice(0, 2)).toEqual([0, 5]);
  });

  test('slowed: its speed is measured at each of the next rounds, and no longer once it is well', async () => {
    play.verdicts.site = verdict('throttled', '20');
    const { over } = probe({ hosts: ['site'] });
    const bad = await over(45);
    const from = bad.findIndex((one) => one.endsWith('with speed'));
    expect(bad.slice(from + 1).every((one) => one.endsWith('with speed'))).toBe(true);
    play.verdicts.site = verdict('ok');
    const after = await over(180);
    expect(after.at(-1)).not.toBe(after.findLast((one) => one.endsWith('with speed')));
  });

  test('the vantage point is of no use: all are looked at again soon, and it is logged once, and its end', async () => {
    Object.assign(play, { down: true, offline: 'link' } satisfies Partial<Play>);
    const { over, log, source } = probe({ hosts: ['site'] });
    const seen = await over(9);
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(source.isBlind?.()).toBe(true);
    Object.assign(play, { down: false, offline: null });
    await over(4);
    expect(source.isBlind?.()).toBe(false);
    expect(log.said()).toEqual(['warn Vantage point is of no use', 'info Vantage point is sound again']);
    expect(log.lines[0]!.fields).toEqual({ vantage: 'desk', detail: 'link' });
  });

  test('a dead resolver beside a verdict that stands: something was seen', async () => {
    Object.assign(play, { offline: 'dns', verdicts: { site: verdict('ip_blocked', 'timeout') } });
    const { poll, source } = probe({ hosts: ['site'] });
    await poll();
    expect(source.isBlind?.()).toBe(false);
  });
});

describe('what is handed on', () => {
  const keys = ({ target, verdict, vantageId, probeCc, probeAsn, sourceId }: Measurement) => ({
    target,
    verdict,
    vantageId,
    probeCc,
    probeAsn,
    sourceId,
  });

  test('one measurement a judged target, none for one left unjudged', async () => {
    play.verdicts = { site: verdict('sni_blocked', 'rst'), other: null };
    const { measurements } = await probe().poll();
    expect(measurements.map(keys)).toEqual([
      {
        target: 'site',
        verdict: 'sni_blocked',
        vantageId: 'desk',
        probeCc: 'KE',
        probeAsn: 'AS64500',
        sourceId: 'probe',
      },
    ]);
    expect(measurements[0]).toMatchObject({ detail: 'rst', raw: { confidence: 'high', also: [] } });
  });

  test('the line is down: one measurement without a target, with the reasons', async () => {
    Object.assign(play, { down: true, offline: 'captive_portal' });
    const { measurements } = await probe().poll();
    expect(measurements).toMatchObject([
      { target: null, verdict: 'vantage_offline', detail: 'captive_portal', notes: ['no reference answers'] },
    ]);
  });

  test('an ok without a timed download says that it knows nothing of speed', async () => {
    const { over, poll, clock } = probe({ hosts: ['site'] });
    expect((await poll()).measurements[0]!.notes).toEqual(['speed_untested']);
    await clock.pass(MINUTE);
    await over(28);
    expect((await poll()).measurements.map(({ notes }) => notes)).toEqual([]);
    await clock.pass(MINUTE);
    const { measurements } = await poll();
    expect([play.rounds.at(-1)!.full, measurements[0]?.notes]).toEqual([true, []]);
  });
});

describe('a nudge', () => {
  const nudged = async (targets: string[], country: string | null, own: string, waited = 5): Promise<string[]> => {
    const { source, poll, over, clock } = probe({ country: own });
    await poll();
    await clock.pass(waited * MINUTE);
    source.nudge(targets, country);
    await Promise.resolve();
    play.rounds.length = 0;
    await over(1);
    return play.rounds.flatMap(({ ids }) => ids);
  };
  test.each<[string, string[], string | null, string, string[]]>([
    ['a service that it measures', ['site'], 'KE', 'KE', ['site']],
    ['anywhere', ['site'], null, 'KE', ['site']],
    ['another country', ['site'], 'RU', 'KE', []],
    ['a vantage point that does not say where it is', ['site'], 'RU', 'XX', ['site']],
    ['what it does not measure', ['elsewhere'], 'KE', 'KE', []],
    ['several at once', ['other', 'site'], 'KE', 'KE', ['site', 'other']],
  ])('%s', async (_name, targets, country, own, measured) => {
    expect(await nudged(targets, country, own)).toEqual(measured);
  });

  test('what was measured less than a minute ago, or comes soon anyway, is left alone', async () => {
    expect(await nudged(['site'], 'KE', 'KE', 0.5)).toEqual([]);
    expect(await nudged(['site'], 'KE', 'KE', 7.5)).toEqual([]);
  });

  test('before the first poll: nothing to do, and no error', () => {
    const { source } = probe();
    source.nudge(['site'], null);
    source.close();
    expect(play.rounds).toEqual([]);
  });
});

describe("countries' own resolvers", () => {
  const national = [
    { id: 'one', address: '192.0.2.53' },
    { id: 'two', address: '192.0.2.54', country: 'RU' },
  ];

  test('in a poll of their own, every five minutes, about the names that people type', async () => {
    const { over } = probe({ national });
    await over(13);
    expect(play.national.map(({ resolver }) => resolver)).toEqual([
      '192.0.2.53',
      '192.0.2.54',
      '192.0.2.53',
      '192.0.2.54',
      ...(play.national.length > 4 ? ['192.0.2.53', '192.0.2.54'] : []),
    ]);
    expect(play.national[0]!.names).toEqual(['site.invalid', 'other.invalid']);
  });

  test('each finding is a measurement of that resolver, in its country where it is another', async () => {
    const { poll, clock } = probe({ national });
    await poll();
    await clock.pass(MINUTE);
    play.silent.add('other.invalid');
    const { measurements } = await poll();
    expect(
      measurements.map(({ target, vantageId, probeCc, component }) => [target, vantageId, probeCc, component]),
    ).toEqual([
      ['site', expect.stringMatching(/^desk\/.*\/one$/), 'KE', expect.any(String)],
      ['site', expect.stringMatching(/^desk\/.*\/two$/), 'RU', expect.any(String)],
    ]);
  });

  test('each poll has something due: they come in the same one after ten minutes rather than never', async () => {
    const { over } = probe({ national, hosts: ['site'], more: { intervalMinutes: 0.05, throughputMinutes: 0 } });
    await over(12);
    expect(play.national.length).toBeGreaterThan(0);
  });

  test('the wall clock is set back: they do not wait for the time to come round again', async () => {
    const { over, clock } = probe({ national });
    await over(3);
    const before = play.national.length;
    clock.jump(-24 * 60 * MINUTE);
    await over(13);
    expect(play.national.length).toBeGreaterThan(before);
  });
});
