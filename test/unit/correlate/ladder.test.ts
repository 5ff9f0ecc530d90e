import { describe, expect, test } from 'vitest';
import { actionInForce, confidenceOf, type Evidence } from '../../../src/core/correlate/ladder.ts';
import type { Incident } from '../../../src/core/model/incident.ts';

const HOUR = 3_600_000;
const news = (voice: string, action: Evidence['action'] = 'block', at = 0): Evidence => ({
  at,
  action,
  kind: 'news',
  voice,
  measured: null,
});
/** An outlet whose text is only doubtfully read. */
const doubtful = (voice: string, action: Evidence['action'] = 'block', at = 0): Evidence => ({
  ...news(voice, action, at),
  confidence: 0.5,
});
const probe = (strength: 'anomaly' | 'round-rule' | 'fingerprint', ...networks: string[]): Evidence => ({
  at: 0,
  action: 'block',
  kind: 'measurement',
  voice: `network:${networks[0]}`,
  measured: { strength, networks, verdict: 'sni_blocked:rst', component: null },
});
/** By an observatory, from so many networks. */
const observed = (observatory: string, at = 0, ...networks: string[]): Evidence => ({
  at,
  action: 'block',
  kind: 'measurement',
  voice: `observatory:${observatory}`,
  measured: { strength: 'window-rule', networks, verdict: 'blocked', component: null, observatory },
});
const HOURS_49 = 49 * HOUR;
const authority: Evidence = { at: 0, action: 'block', kind: 'authority', voice: 'authority:rkn', measured: null };

describe('the ladder', () => {
  const cases: [string, Evidence[], string | null][] = [
    ['no evidence', [], null],
    ['one outlet', [news('a')], 'reported'],
    ['one outlet twice', [news('a'), news('a')], 'reported'],
    ['two outlets', [news('a'), news('b')], 'corroborated'],
    [
      'two outlets, surely read',
      [
        { ...news('a'), confidence: 0.75 },
        { ...news('b'), confidence: 0.99 },
      ],
      'corroborated',
    ],
    ['two outlets, both doubtfully read', [doubtful('a'), doubtful('b')], 'reported'],
    ['one surely read, one doubtfully', [news('a'), doubtful('b')], 'reported'],
    ['one surely read, two doubtfully', [news('a'), doubtful('b'), doubtful('c')], 'corroborated'],
    ['three doubtfully read', [doubtful('a'), doubtful('b'), doubtful('c')], 'reported'],
    ['four doubtfully read', [doubtful('a'), doubtful('b'), doubtful('c'), doubtful('d')], 'corroborated'],
    [
      'a doubtful reading, and a sure one of the same outlet, beside another',
      [doubtful('a'), news('a'), news('b')],
      'corroborated',
    ],
    ['one statement at the authority itself', [authority], 'corroborated'],
    ['an anomaly alone', [probe('anomaly', 'AS1')], 'suspected'],
    ['own probe on one network by the round rule', [probe('round-rule', 'AS1')], 'corroborated'],
    ['two networks by the round rule', [probe('round-rule', 'AS1'), probe('round-rule', 'AS2')], 'confirmed'],
    ['the same network twice', [probe('round-rule', 'AS1'), probe('round-rule', 'AS1')], 'corroborated'],
    ['a block page', [probe('fingerprint', 'AS1')], 'confirmed'],
    ['news and an anomaly', [news('a'), probe('anomaly', 'AS1')], 'suspected'],
    ['news and a round rule', [news('a'), probe('round-rule', 'AS1')], 'confirmed'],
    ['an observatory alone, from nine networks', [observed('ooni', 0, ...'123456789')], 'corroborated'],
    ['an observatory that says it twice', [observed('ooni', 0, 'AS1'), observed('ooni', 9, 'AS2')], 'corroborated'],
    ['an observatory and one outlet', [observed('ooni', 0, 'AS1', 'AS2'), news('a')], 'confirmed'],
    [
      'an observatory, and an outlet two days later',
      [observed('ooni', 0, 'AS1'), news('a', 'block', HOURS_49)],
      'corroborated',
    ],
    ['two observatories', [observed('ooni', 0, 'AS1'), observed('ioda')], 'confirmed'],
    ['two observatories, two days apart', [observed('ooni', 0, 'AS1'), observed('ioda', HOURS_49)], 'corroborated'],
    [
      'an observatory and an own probe on one of its networks',
      [observed('ooni', 0, 'AS1'), probe('round-rule', 'AS1')],
      'confirmed',
    ],
    [
      'an observatory and a mere anomaly of ours',
      [observed('ooni', 0, 'AS1'), probe('anomaly', 'AS2')],
      'corroborated',
    ],
    [
      'an observatory and its own finding',
      [observed('ooni', 0, 'AS1'), { ...authority, voice: 'authority:ooni' }],
      'corroborated',
    ],
    ['an observatory and the authority', [observed('ooni', 0, 'AS1'), authority], 'confirmed'],
    ['two anomalies from two networks', [probe('anomaly', 'AS1'), probe('anomaly', 'AS2')], 'suspected'],
  ];
  for (const [name, evidence, level] of cases)
    test(`${name}: ${level}`, () => expect(confidenceOf(evidence)).toBe(level));
});

describe('the action in force', () => {
  const incident = (action: Incident['action']): Incident => ({ action }) as Incident;
  const cases: [string, Incident['action'], Evidence[], string][] = [
    ['one outlet says the stronger word: stays', 'throttle', [news('a', 'throttle'), news('b', 'block')], 'throttle'],
    [
      'two doubtful readings say the stronger word: stays',
      'throttle',
      [doubtful('a', 'block'), doubtful('b', 'block')],
      'throttle',
    ],
    ['two of two outlets say block: escalates', 'throttle', [news('a', 'block'), news('b', 'block')], 'block'],
    [
      'two old and two new voices: escalates',
      'throttle',
      [news('a', 'throttle'), news('b', 'throttle'), news('c', 'block'), news('d', 'block')],
      'block',
    ],
    [
      'two say block while others go on to say slowed: sloppy, stays',
      'throttle',
      [news('i', 'block', 1), news('a', 'throttle', 2), news('b', 'throttle', 3), news('j', 'block', 4)],
      'throttle',
    ],
    [
      'many said slowed before, two say blocked since: escalates',
      'throttle',
      [...'abcdefgh'].map((v) => news(v, 'throttle', -HOUR)).concat(news('i'), news('j')),
      'block',
    ],
    [
      'voices of last week do not outvote: escalates',
      'throttle',
      [...'abcdefgh'].map((v) => news(v, 'throttle', -72 * HOUR)).concat(news('i'), news('j')),
      'block',
    ],
    ['a weaker word: stays', 'block', [news('a', 'restrict'), news('b', 'restrict')], 'block'],
    ['an authority says it: escalates at once', 'throttle', [news('a', 'throttle'), authority], 'block'],
    ['an anomaly alone: stays', 'throttle', [news('a', 'throttle'), probe('anomaly', 'AS1')], 'throttle'],
    ['a round rule measured: escalates', 'throttle', [news('a', 'throttle'), probe('round-rule', 'AS1')], 'block'],
    ['lifts and threats: stay out of it', 'throttle', [news('a', 'unblock'), news('b', 'warn')], 'throttle'],
  ];
  for (const [name, from, evidence, to] of cases)
    test(name, () => expect(actionInForce(incident(from), evidence, HOUR)).toBe(to));
});
