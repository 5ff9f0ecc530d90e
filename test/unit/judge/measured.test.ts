import { describe, expect, test } from 'vitest';
import { judgeNational } from '../../../src/core/judge/dns.ts';
import { createMeasurementJudge, NATIONAL } from '../../../src/core/judge/measured.ts';
import { spell } from '../../../src/core/judge/verdict.ts';
import { JUDGED_KIND, type Measurement } from '../../../src/core/model/measurement.ts';
import { answer, has, V4 } from './facts.ts';

let count = 0;
const ids = { next: () => String(++count).padStart(16, '0'), tail: () => 'abcd', random: () => 0.5 };
const MIN = 60_000;

const measured = (minute: number, verdict: string, over: Partial<Measurement> = {}): Measurement => ({
  id: ids.next(),
  sourceId: 'probe',
  kind: JUDGED_KIND,
  at: minute * MIN,
  probeCc: 'RU',
  probeAsn: 'AS64500',
  vantageId: 'one',
  target: 'whatsapp',
  component: null,
  verdict: verdict.split(':')[0]!,
  detail: verdict.split(':')[1] ?? null,
  notes: [],
  raw: null,
  ...over,
});
const two = { vantageId: 'two', probeAsn: 'AS64999' };

/** "minute verdict" → what was reported, in short. */
function play(list: Measurement[], judge = createMeasurementJudge({ ids })): string[] {
  return list.flatMap((m) =>
    judge
      .take([m])
      .reports.map((r) => `${m.at / MIN} ${r.action} ${r.method} ${r.measured?.strength} ${r.measured?.networks}`),
  );
}

describe('measurements to reports', () => {
  test('first bad round: an anomaly; third: by the rule of rounds', () => {
    expect(play([1, 3, 5, 7].map((n) => measured(n, 'sni_blocked:rst')))).toEqual([
      '1 block sni anomaly AS64500',
      '5 block sni round-rule AS64500',
    ]);
  });
  test('one bad round now and then: one anomaly an hour', () => {
    const list = Array.from({ length: 24 }, (_, n) => measured(n * 5, n % 2 ? 'ok' : 'ip_blocked:timeout'));
    expect(play(list)).toEqual(['0 block ip anomaly AS64500', '60 block ip anomaly AS64500']);
  });
  test('throttled: its own action', () => {
    expect(play([1, 3, 5].map((n) => measured(n, 'throttled:0.01'))).at(-1)).toBe(
      '5 throttle throttle round-rule AS64500',
    );
  });
  test('one component fails: restricted, and it is named', () => {
    const judge = createMeasurementJudge({ ids });
    const reports = [1, 3, 5].flatMap(
      (n) => judge.take([measured(n, 'sni_blocked:rst', { component: 'registration' })]).reports,
    );
    expect(reports.at(-1)).toMatchObject({ action: 'restrict', measured: { component: 'registration' } });
  });
  test('known block page: a fingerprint', () => {
    expect(play([1, 3, 5].map((n) => measured(n, 'http_blockpage:ru-149fz'))).at(-1)).toBe(
      '5 block http fingerprint AS64500',
    );
    expect(play([1, 3, 5].map((n) => measured(n, 'http_blockpage:block.isp.test'))).at(-1)).toBe(
      '5 block http round-rule AS64500',
    );
  });
  test('lifted on the only network: unblocked', () => {
    const list = [
      ...[1, 3, 5].map((n) => measured(n, 'sni_blocked:rst')),
      ...[15, 25, 35].map((n) => measured(n, 'ok')),
    ];
    expect(play(list).at(-1)).toBe('35 unblock null round-rule AS64500');
  });
  test('two networks: each reports its own; the country is open again when the last one is', () => {
    const list = [
      ...[1, 3, 5].flatMap((n) => [measured(n, 'sni_blocked:rst'), measured(n, 'sni_blocked:timeout', two)]),
      ...[15, 25, 35].map((n) => measured(n, 'ok')),
      ...[45, 55, 65].map((n) => measured(n, 'ok', two)),
    ];
    expect(play(list).filter((l) => !l.includes('anomaly'))).toEqual([
      '5 block sni round-rule AS64500',
      '5 block sni round-rule AS64999',
      '65 unblock null round-rule AS64999',
    ]);
  });
  test('another network that fell silent does not hold up the lift', () => {
    const list = [
      ...[1, 3, 5].flatMap((n) => [measured(n, 'sni_blocked:rst'), measured(n, 'sni_blocked:rst', two)]),
      ...[2000, 2010, 2020].map((n) => measured(n, 'ok')),
    ];
    expect(play(list).at(-1)).toBe('2020 unblock null round-rule AS64500');
  });
  test('vantage point offline: an outage for operators, no report', () => {
    const judge = createMeasurementJudge({ ids });
    const off = [1, 2, 3].map((n) => judge.take([measured(n, 'vantage_offline:link', { target: null })]));
    expect(off.map((j) => j.outages.length)).toEqual([1, 0, 0]);
    expect(off.flatMap((j) => j.reports)).toEqual([]);
  });
  test('other kinds and strange verdicts are passed over', () => {
    expect(play([measured(1, 'confirmed', { kind: 'ooni' }), measured(2, 'nonsense'), measured(3, 'ok')])).toEqual([]);
  });
  test('country unknown: no country in the report', () => {
    const judge = createMeasurementJudge({ ids });
    expect(judge.take([measured(1, 'ip_blocked:reset', { probeCc: 'XX' })]).reports[0]!.country).toBeNull();
  });
  test('restart in the middle of a count: goes on', () => {
    const first = createMeasurementJudge({ ids });
    play(
      [1, 3].map((n) => measured(n, 'sni_blocked:rst')),
      first,
    );
    const second = createMeasurementJudge({ ids }, JSON.parse(JSON.stringify(first.memory())));
    expect(play([measured(5, 'sni_blocked:rst')], second)).toContain('5 block sni round-rule AS64500');
  });
  test('a block that goes on: said twice a day, as standing', () => {
    const judge = createMeasurementJudge({ ids });
    const list = Array.from({ length: 24 * 12 }, (_, n) => measured(n * 10, 'sni_blocked:rst'));
    const said = list.flatMap((m) => judge.take([m]).reports.map((r) => r.measured!));
    expect(said.map((one) => one.standing === true)).toEqual([false, false, true, true, true]);
    expect(said.at(-1)!.strength).toBe('round-rule');
  });
  test('66 posts of an agent with invented targets and vantage points: what is remembered is bounded', () => {
    const judge = createMeasurementJudge({ ids });
    for (let post = 0; post < 66; post++)
      judge.take(
        Array.from({ length: 500 }, (_, n) =>
          measured(post, 'sni_blocked:rst', {
            sourceId: 'agent/liar',
            vantageId: `liar/national-dns/${post % 50}`,
            target: `invented-${post}-${n}.example`,
            arrivedAt: post * MIN,
          }),
        ),
      );
    const judged = judge.take([measured(66, 'sni_blocked:rst', two)]);
    expect(judged.reports).toHaveLength(1);
    expect(JSON.stringify(judge.memory()).length).toBeLessThan(150_000);
    expect(judge.memory().vantages).toHaveProperty('two');
  });
  test('an agent that floods takes no room from what is confirmed, its own included', () => {
    const judge = createMeasurementJudge({ ids });
    const liar = { sourceId: 'agent/liar', vantageId: 'liar' };
    for (const n of [0, 5, 10]) judge.take([measured(n, 'sni_blocked:rst', { ...liar, arrivedAt: n * MIN })]);
    const flood = Array.from({ length: 2_000 }, (_, n) =>
      measured(11, 'sni_blocked:rst', { ...liar, target: `t${n}`, arrivedAt: 11 * MIN }),
    );
    judge.take(flood);
    const states = judge.memory().vantages.liar!.states;
    expect(states).toHaveLength(512);
    expect(states.some(({ target, now }) => target === 'whatsapp' && now === 'blocked')).toBe(true);
  });
  test('what is well for an hour, or was not seen for two weeks, is forgotten', () => {
    const judge = createMeasurementJudge({ ids });
    judge.take([measured(0, 'sni_blocked:rst'), measured(0, 'sni_blocked:rst', { target: 'old' })]);
    judge.take([measured(5, 'ok')]);
    judge.take([measured(70, 'ok')]);
    expect(judge.memory().vantages.one!.states.map(({ target }) => target)).toEqual(['old']);
    judge.take([measured(15 * 24 * 60, 'ok')]);
    expect(judge.memory().vantages.one!.states).toEqual([]);
  });
  test('silence of a vantage point is seen', () => {
    const judge = createMeasurementJudge({ ids });
    judge.take([measured(1, 'ok'), measured(50, 'ok', two)]);
    expect(judge.missing(30 * MIN)).toEqual(['one']);
  });
  test('delisted from the national DNS: reported so; its return takes six rounds', () => {
    const at = (n: number, verdict: string) =>
      measured(n, verdict, { vantageId: `one/${NATIONAL}/nsdi`, component: NATIONAL });
    const judge = createMeasurementJudge({ ids });
    const said = [
      ...[0, 5, 10].map((n) => at(n, 'dns_blocked:delisted')),
      ...[15, 20, 25, 30, 35, 40].map((n) => at(n, 'ok')),
    ].flatMap((m) => judge.take([m]).reports.map((r) => `${m.at / MIN} ${r.action} ${r.title}`));
    expect(said).toEqual([
      '0 block whatsapp: delisted from the national DNS, measured on AS64500',
      '10 block whatsapp: delisted from the national DNS, measured on AS64500',
      '40 unblock whatsapp: reachable again, measured on AS64500',
    ]);
  });
});

test.each([
  ['resolves there: ok', { a: has(V4) }, 'ok'],
  ['does not exist there, does outside: delisted', {}, 'dns_blocked:delisted'],
  ['gone everywhere: down', { view: 'gone' as const }, 'down:dns'],
  ['no control: inconclusive', { view: 'unavailable' as const }, 'inconclusive:no_control'],
  ['the resolver answers nothing at all: inconclusive', { alive: false }, 'inconclusive:national_resolver_dead'],
  ['silence for this name: inconclusive', { a: answer('timeout') }, 'inconclusive:national_resolver_silent'],
])('national resolver: %s', (_name, over, expected) => {
  expect(
    spell(judgeNational({ a: answer('nxdomain'), aaaa: answer('nxdomain'), alive: true, view: 'address', ...over })),
  ).toBe(expected);
});
