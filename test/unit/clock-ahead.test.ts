/** A clock that was once ahead, ours or somebody else's: nothing waits until its times have come. A case for each kind of source. */
import { describe, expect, test } from 'vitest';
import { createMeasurementJudge } from '../../src/core/judge/measured.ts';
import { createObservatoryJudge } from '../../src/core/judge/observatory.ts';
import { JUDGED_KIND, type Measurement, type ObservatoryView } from '../../src/core/model/measurement.ts';
import type { Report } from '../../src/core/model/report.ts';
import { createTiming, firstDue } from '../../src/core/poll/plan.ts';
import { emptyState, isStale } from '../../src/core/poll/source-state.ts';
import type { HttpResponse } from '../../src/core/ports/runtime.ts';
import type { SourceState } from '../../src/core/ports/source.ts';
import type { SourceDeps } from '../../src/core/ports/source.ts';
import { createSeenBound } from '../../src/core/read.ts';
import { createIds } from '../../src/platform/ids.ts';
import { createSource as createIoda } from '../../src/sources/ioda/index.ts';
import { createAgentIntake } from '../../src/sources/probe/agent-intake.ts';
import { openStore } from '../../src/store/open.ts';
import { globalpingEntry } from '../contract/source-globalping.ts';
import { openWorld } from '../contract/source-world.ts';
import { deps, NOW } from '../contract/store/samples.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { recordingLog } from '../fakes/fake-log.ts';
import { FAILED, FINE_DNS, FINE_HTTP, globalping } from './globalping/server.ts';
import { dump, registerWorld, row } from './registry/harness.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const T0 = Date.UTC(2026, 1, 11, 12);
const measured = (kind: string, at: number, more: Partial<Measurement>): Measurement => ({
  id: `${kind} ${at}`,
  sourceId: kind,
  kind,
  at,
  probeCc: 'RU',
  probeAsn: 'AS1',
  vantageId: 'one',
  target: 'whatsapp',
  component: null,
  verdict: 'ok',
  detail: null,
  notes: [],
  raw: null,
  ...more,
});
const short = ({ action, measured: facts, at }: Report): string =>
  `${action}${facts!.standing ? ' goes on' : ''} ${new Date(at).toISOString().slice(8, 16)}`;

describe.each(['ooni', 'ioda', 'radar', 'globalping'])('%s: our clock, or its own, was a day ahead', (observatory) => {
  const seen = (at: number, says: ObservatoryView['says'], more: Partial<ObservatoryView> = {}): Measurement => {
    const raw: ObservatoryView = {
      observatory,
      name: observatory,
      licence: null,
      url: 'https://o.example/',
      says,
      before: 'open',
      action: 'block',
      method: null,
      since: at - 2 * HOUR,
      until: at,
      measurements: 40,
      networks: ['AS1', 'AS2', 'AS3'],
      signals: [],
      region: null,
      ...more,
    };
    return measured(observatory, at, { raw, verdict: says === 'cut' ? 'blocked' : says });
  };
  const judge = () =>
    createObservatoryJudge({ ids: createIds(new FakeClock()), own: { open: () => [], blocked: () => [] } });
  const play = (list: readonly Measurement[]): string[] => {
    const one = judge();
    return list.map((measurement) => one.take([measurement], measurement.at).map(short).join(', ') || '-');
  };

  test('it saw all well then: a cut of today is told today', () => {
    const views = [
      seen(T0 + DAY, 'open'),
      seen(T0 + HOUR, 'open'),
      seen(T0 + 3 * HOUR, 'cut', { since: T0 + 2 * HOUR }),
    ];
    expect(play(views)).toEqual(['-', '-', 'block 11T14:00, block goes on 11T15:00']);
  });
  test('it saw a return then: a cut of today is told today', () => {
    const views = [seen(T0, 'cut'), seen(T0 + DAY, 'open'), seen(T0 + HOUR, 'open'), seen(T0 + 6 * HOUR, 'cut')];
    expect(play(views).at(-1)).toContain('block 11T16:00');
  });
  test('it saw a cut then: that it is back is told when it is back, and dated today', () => {
    const views = [seen(T0 + DAY, 'cut'), seen(T0 + 2 * HOUR, 'open', { since: T0 })];
    expect(play(views)[1]).toBe('unblock 11T14:00');
  });
  test('it said that a cut goes on: it says so again within half a day', () => {
    const views = [seen(T0, 'cut'), seen(T0 + DAY, 'cut'), seen(T0 + 12 * HOUR, 'cut', { since: T0 - 2 * HOUR })];
    expect(play(views)[2]).toBe('block goes on 12T00:00');
  });
  test('its own times lie in the future: what it sees is of now, and what comes next is not late', () => {
    const ahead = seen(T0, 'cut', { since: T0 + 20 * HOUR, until: T0 + DAY });
    expect(play([seen(T0 - HOUR, 'open'), ahead, seen(T0 + 3 * HOUR, 'open', { since: T0 + HOUR })])).toEqual([
      '-',
      'block 11T12:00',
      'unblock 11T13:00',
    ]);
  });
  test('kept over a restart: as before', () => {
    const before = judge();
    before.take([seen(T0 + DAY, 'open')], T0 + DAY);
    const kept = JSON.parse(JSON.stringify(before.memory()));
    const own = { open: () => [], blocked: () => [] };
    const after = createObservatoryJudge({ ids: createIds(new FakeClock()), own }, kept);
    expect(after.take([seen(T0 + HOUR, 'cut')], T0 + HOUR).map(short)[0]).toBe('block 11T11:00');
  });
});

describe('own probes and agents: rounds while the clock was a day ahead', () => {
  const rounds = (from: number, verdict: string, n: number, more: Partial<Measurement> = {}): Measurement[] =>
    Array.from({ length: n }, (_, i) =>
      measured(JUDGED_KIND, from + i * 5 * MINUTE, { verdict, ...more, arrivedAt: from + i * 5 * MINUTE }),
    );
  const AGENT = { sourceId: 'agent:moscow' };
  const play = (list: readonly Measurement[]): string[] => {
    const judge = createMeasurementJudge({ ids: createIds(new FakeClock()) });
    return list.flatMap((one) => judge.take([one]).reports.map(short));
  };
  test.each([
    ['own probe', {}],
    ['agent', AGENT],
  ])('%s: a block of today is told by the third round, its end by the rule of rounds', (_name, more) => {
    const ahead = [...rounds(T0 + DAY, 'ok', 2, more), ...rounds(T0 + DAY + HOUR, 'sni_blocked', 1, more)];
    const told = play([
      ...ahead,
      ...rounds(T0 + HOUR, 'ok', 1, more),
      ...rounds(T0 + 2 * HOUR, 'sni_blocked', 3, more),
      ...rounds(T0 + 3 * HOUR, 'ok', 4, more),
    ]);
    expect(told.slice(1)).toEqual(['block 11T14:00', 'block 11T14:10', 'unblock 11T15:10']);
  });
  test('blocked and free several times then: no flapping today', () => {
    const flaps = [0, 1, 2, 3].flatMap((n) => [
      ...rounds(T0 + DAY + n * HOUR, 'sni_blocked', 3),
      ...rounds(T0 + DAY + n * HOUR + 20 * MINUTE, 'ok', 4),
    ]);
    expect(play([...flaps, ...rounds(T0 + HOUR, 'ok', 1), ...rounds(T0 + 4 * HOUR, 'sni_blocked', 3)]).at(-1)).toBe(
      'block 11T16:10',
    );
  });
  test('a vantage point that fell silent is missed', () => {
    const judge = createMeasurementJudge({ ids: createIds(new FakeClock()) });
    judge.take(rounds(T0 + DAY, 'ok', 1, { vantageId: 'gone' }));
    judge.take(rounds(T0, 'ok', 1));
    expect(judge.missing(T0 + 6 * HOUR)).toEqual(['gone', 'one']);
  });
  test('an agent that last posted then: missed after its time', async () => {
    const clock = new FakeClock(T0);
    const kept = { get: async () => ({ lastSeenAt: T0 + DAY }), set: async () => {} } as never;
    const agent = { id: 'moscow', token: 'x'.repeat(20), country: 'RU', asn: 'AS1' };
    const { log } = recordingLog();
    const intake = await createAgentIntake({ agents: [agent], clock, log, state: kept, deliver: async () => {} });
    clock.jump(2 * HOUR);
    expect(intake.missing(HOUR)).toEqual(['moscow']);
  });
});

test('ioda: a place was cut when the clock was ahead, and is not listed any more: open since now, and an hour later still since then', async () => {
  let kept: unknown = { 'country/RU': { country: 'RU', name: 'Russia', at: T0 + DAY } };
  const http = async (): Promise<HttpResponse> =>
    ({
      status: 200,
      headers: {},
      body: new TextEncoder().encode('{"error":null,"data":[]}'),
    }) as unknown as HttpResponse;
  const { log } = recordingLog();
  const state = { get: async () => kept, set: async (_: string, value: unknown) => void (kept = value) };
  const config = { id: 'ioda', kind: 'ioda', url: 'https://ioda.example', cron: '*/10 * * * *', countries: ['RU'] };
  const source = createIoda(config as never, { http, log, clock: new FakeClock(T0), state } as unknown as SourceDeps);
  const poll = async (now: number): Promise<unknown> => {
    const result = await source.poll({ now, firstPoll: false, signal: new AbortController().signal });
    await result.commit?.();
    return result.measurements.map(({ raw }) => [(raw as ObservatoryView).says, (raw as ObservatoryView).since - T0]);
  };
  expect(await poll(T0)).toEqual([['open', 0]]);
  expect(await poll(T0 + HOUR)).toEqual([['open', 0]]);
});

test('globalping: a look that was put off by a clock a month ahead is taken now', async () => {
  const world = await openWorld(globalpingEntry);
  const server = globalping(({ type, country }) => (type === 'dns' ? FINE_DNS : country === 'RU' ? FAILED : FINE_HTTP));
  world.answer(server.listener);
  world.source.nudge!(['whatsapp'], 'RU');
  world.clock.jump(30 * DAY);
  await world.poll();
  world.clock.jump(-30 * DAY);
  const { measurements } = await world.poll();
  const views = measurements.map(({ raw }) => raw as ObservatoryView);
  expect(views.map(({ says, since }) => [says, since <= world.clock.now()])).toEqual([['cut', true]]);
});

test('registry: found too small when the clock was ahead: believed after three days of now', async () => {
  const world = await registerWorld();
  const small = Buffer.from(`Updated: 2026-11-25 11:05:00 +0000\n${row('a.example')}`);
  world.serve(dump(row('whatsapp.com')));
  await world.told();
  world.clock.jump(30 * DAY);
  world.serve(small);
  await expect(world.told()).rejects.toThrow('incomplete');
  world.clock.jump(-30 * DAY);
  await expect(world.told()).rejects.toThrow('incomplete');
  world.clock.jump(3 * DAY);
  expect(await world.told()).toEqual([]);
});

test('rss: what was forgotten reaches into the future: what is published from now on is news', async () => {
  const store = await openStore(':memory:', deps);
  await store.state('seen').set('s', NOW + DAY);
  const bound = createSeenBound(store);
  expect(await bound.forgottenUntil('s', NOW)).toBe(NOW);
  expect(await bound.forgottenUntil('s', NOW + HOUR)).toBe(NOW);
  expect(await createSeenBound(store).forgottenUntil('s', NOW + HOUR)).toBe(NOW);
  await store.close();
});

describe('the schedule', () => {
  const state = (over: Partial<SourceState>): SourceState => ({ ...emptyState(), ...over });
  const each5 = (_cron: string, after: number): number => (Math.floor(after / (5 * MINUTE)) + 1) * 5 * MINUTE;
  test('last polled, and told to wait, by a clock that was ahead: polled now', () => {
    const timing = createTiming('s', '', each5);
    const was = { lastPollAt: T0 + 20 * HOUR, lastOkAt: T0 + 20 * HOUR, firstPollDone: true };
    const ahead = state({ ...was, failures: 1, notBefore: T0 + 22 * HOUR });
    expect(firstDue(ahead, timing, T0, T0 + 1_000)).toBe(T0 + 1_000);
  });
  test('last read by a clock that was ahead, and failing since: stale', () => {
    const ahead = state({ lastOkAt: T0 + DAY, failures: 9, failingSince: T0 + DAY, nextDueAt: T0 + MINUTE });
    expect(isStale(ahead, 5 * MINUTE, T0 + HOUR, T0)).toBe(true);
  });
});
