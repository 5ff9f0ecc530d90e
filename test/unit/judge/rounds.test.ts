import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRounds, type RoundRules } from '../../../src/core/judge/rounds.ts';
import type { TargetVerdict } from '../../../src/core/judge/verdict.ts';
import { verdict } from './facts.ts';

const WORDS: Record<string, TargetVerdict | null> = {
  '.': verdict('ok'),
  o: { ...verdict('ok'), notes: ['speed_untested'] },
  R: verdict('sni_blocked', 'rst'),
  T: verdict('sni_blocked', 'timeout'),
  I: verdict('ip_blocked', 'timeout'),
  S: verdict('throttled', '0.01'),
  '?': verdict('inconclusive', 'no_helper'),
  D: verdict('down', 'tcp'),
  '-': null,
};

/** One letter a round, two minutes apart; "L" is a line that is down. → kinds and verdicts of the alerts. */
function play(script: string, rules: Partial<RoundRules> = {}, everyMs = 120_000): string[] {
  const rounds = createRounds(rules);
  const reported: string[] = [];
  [...script].forEach((letter, i) => {
    const line = { L: 'link', P: 'captive_portal', N: 'dns', Y: 'lossy' }[letter] ?? null;
    const v = line ? null : WORDS[letter]!;
    for (const a of rounds.take({ at: i * everyMs, offline: line, verdicts: [{ target: 'a', verdict: v }] }))
      reported.push(`${a.kind} ${a.verdict}`);
  });
  return reported;
}

describe('confirmation over rounds', () => {
  test.each<[string, string, string[]]>([
    ['three equal verdicts: one alert', '.RRR', ['new sni_blocked:rst']],
    ['two of three: nothing', '.RR.RR.', []],
    ['a success in between restarts the count', 'RR.RRR', ['new sni_blocked:rst']],
    ['doubt in between neither counts nor restarts', 'R?R?R', ['new sni_blocked:rst']],
    ['another layer restarts the count', 'RRIII', ['new ip_blocked:timeout']],
    ['rst and timeout are one kind', 'RTR', ['new sni_blocked:rst']],
    ['slow three times, with looks between that measured no speed', 'SoSoS', ['new throttled:0.01']],
    ['looks that measured no speed lift no slow-down', 'SSSoooooooo', ['new throttled:0.01']],
    ['fast again when measured: lifted', 'SSSo.o.o.o.', ['new throttled:0.01', 'lifted throttled:0.01']],
    ['looks that measured no speed lift a block', 'RRRoooooo', ['new sni_blocked:rst', 'lifted sni_blocked:rst']],
    ['it stays: reported once', 'RRRRRRRRRR', ['new sni_blocked:rst']],
    ['lifted after three good rounds over ten minutes, not before', 'RRR....', ['new sni_blocked:rst']],
    ['lifted', 'RRR......', ['new sni_blocked:rst', 'lifted sni_blocked:rst']],
    ['a good round among bad ones does not lift', 'RRR..R..R', ['new sni_blocked:rst']],
    ['another way of blocking is an update', 'RRRIIII', ['new sni_blocked:rst', 'update ip_blocked:timeout']],
    ['down for everybody is no alert', 'DDDDDD', []],
    ['down neither lifts', 'RRRDDDDDD', ['new sni_blocked:rst']],
  ])('%s', (_name, script, expected) => {
    expect(play(script)).toEqual(expected);
  });

  test('line down: one event an outage, no target alert', () => {
    expect(play('..LLLLLL..')).toEqual(['vantage_offline vantage_offline:link']);
  });
  test('portal, then link, in one outage: one event', () => {
    expect(play('PPLLPP')).toEqual(['vantage_offline vantage_offline:captive_portal']);
  });
  test('two outages with sound rounds between: two events', () => {
    expect(play('LL...NN')).toEqual(['vantage_offline vantage_offline:link', 'vantage_offline vantage_offline:dns']);
  });
  test('outage in the middle of a count: goes on afterwards', () => {
    expect(play('RRLLR')).toEqual(['vantage_offline vantage_offline:link', 'new sni_blocked:rst']);
  });
  test('a lossy round now and then: nothing', () => {
    expect(play('.Y..Y..Y.')).toEqual([]);
  });

  test.each([10, 20, 40, 60])('flapping every %i s for five minutes, rounds of 5 s: at most three alerts', (period) => {
    const script = Array.from({ length: 60 }, (_, i) => (Math.floor((i * 5) / period) % 2 ? 'R' : '.')).join('');
    expect(play(script, { liftSpanMs: 9_000 }, 5_000).length).toBeLessThanOrEqual(3);
  });
  test('flapping, then an hour of quiet: reported how it ended', () => {
    const reported = play(`RRR...RRR${'R'.repeat(40)}`, { liftSpanMs: 0 });
    expect(reported).toEqual([
      'new sni_blocked:rst',
      'lifted sni_blocked:rst',
      'update unstable',
      'update sni_blocked',
    ]);
  });

  test('most of the targets change at once: one alert for all, a round later', () => {
    const rounds = createRounds();
    const names = ['a', 'b', 'c', 'd'];
    const reported = [1, 2, 3, 4].map((n) =>
      rounds.take({
        at: n * 120_000,
        offline: null,
        verdicts: names.map((target) => ({
          target,
          verdict: target === 'd' ? verdict('ok') : verdict('sni_blocked', 'rst'),
        })),
      }),
    );
    expect(reported.map((t) => t.length)).toEqual([0, 0, 0, 1]);
    expect(reported[3]![0]).toMatchObject({
      kind: 'new',
      target: null,
      targets: ['a', 'b', 'c'],
      verdict: 'sni_blocked:rst',
    });
  });
  test('kept states: goes on where it left off', () => {
    const first = createRounds();
    for (const at of [1, 2])
      first.take({
        at: at * 120_000,
        offline: null,
        verdicts: [{ target: 'a', verdict: verdict('sni_blocked', 'rst') }],
      });
    const second = createRounds({}, JSON.parse(JSON.stringify(first.states())));
    expect(
      second.take({ at: 360_000, offline: null, verdicts: [{ target: 'a', verdict: verdict('sni_blocked', 'rst') }] }),
    ).toHaveLength(1);
  });
});

describe('whatever the rounds bring', () => {
  const letters = fc.array(fc.constantFrom('.', '.', 'R', 'R', 'R', 'I', 'D', '?', '-'), { maxLength: 150 });
  const gaps = fc.constantFrom(5_000, 120_000, 600_000);
  /** The alerts of one target, with the number of the round that they came in. */
  function alertsOf(script: readonly string[], everyMs: number, restartAt = -1) {
    let rounds = createRounds();
    return script.flatMap((letter, n) => {
      if (n === restartAt) rounds = createRounds({}, JSON.parse(JSON.stringify(rounds.states())));
      const round = { at: n * everyMs, offline: null, verdicts: [{ target: 'a', verdict: WORDS[letter]! }] };
      return rounds.take(round).map(({ kind, verdict: word }) => ({ n, kind, word }));
    });
  }

  test('a block is said once before it is said to be over, and the other way round', () => {
    fc.assert(
      fc.property(letters, gaps, (script, everyMs) => {
        let said: 'ok' | 'blocked' | 'unstable' = 'ok';
        for (const { kind, word } of alertsOf(script, everyMs)) {
          expect(kind === 'new' ? ['ok'] : ['blocked', 'unstable']).toContain(said);
          said = word === 'unstable' ? 'unstable' : kind === 'lifted' ? 'ok' : 'blocked';
        }
      }),
      { numRuns: 500 },
    );
  });

  test('no block without three equal rounds behind it, no lift without three good ones', () => {
    fc.assert(
      fc.property(letters, gaps, (script, everyMs) => {
        for (const { n, kind, word } of alertsOf(script, everyMs)) {
          const before = script.slice(0, n + 1).filter((one) => one !== '?' && one !== '-');
          if (kind === 'new') expect(new Set(before.slice(-3)).size).toBe(1);
          if (kind === 'lifted' && word !== 'ok') expect(before.slice(-3)).toEqual(['.', '.', '.']);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('one that comes and goes: no more than four words about it in any hour', () => {
    const coming = fc
      .array(fc.constantFrom('RRR', '...', 'R.', '?'), { maxLength: 60 })
      .map((parts) => [...parts.join('')]);
    fc.assert(
      fc.property(coming, fc.constantFrom(60_000, 300_000), (script, everyMs) => {
        const times = alertsOf(script, everyMs).map(({ n }) => n * everyMs);
        for (const from of times)
          expect(times.filter((at) => at >= from && at < from + 3_600_000).length).toBeLessThanOrEqual(4);
      }),
    );
  });

  test('a restart after any round: nothing is said twice, and nothing is lost', () => {
    fc.assert(
      fc.property(letters, gaps, fc.nat(150), (script, everyMs, at) => {
        expect(alertsOf(script, everyMs, at)).toEqual(alertsOf(script, everyMs));
      }),
      { numRuns: 300 },
    );
  });
});
