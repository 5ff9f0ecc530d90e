/** What an alert rests on: who counts, once each, in which order, and since when the action in force holds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS, type Action, CONFIDENCES, severityOf } from '../../../src/core/model/incident.ts';
import type { MeasuredFacts, Report } from '../../../src/core/model/report.ts';
import {
  courseOf,
  evidenceOf,
  reasonsOf,
  reportsFor,
  reportsInForce,
  sourceLine,
  sourcesOf,
  surenessOf,
} from '../../../src/core/render/evidence.ts';
import { safeLink } from '../../../src/core/render/plain.ts';
import { incident, measured, NOW, report, translators } from './support.ts';

const DAY = 86_400_000;
const en = translators.of('en');
const ru = translators.of('ru');

const facts = (over: Partial<MeasuredFacts>): MeasuredFacts => ({
  strength: 'round-rule',
  networks: ['AS1'],
  verdict: 'sni_blocked:rst',
  component: null,
  ...over,
});
const probe = (over: Partial<MeasuredFacts>): Report => measured(over.networks ?? ['AS1'], { measured: facts(over) });
const outlet = (voice: string, over: Partial<Report> = {}): Report => report({ voice, publisherName: voice, ...over });
const authority = (voice: string, publisherName: string): Report => report({ kind: 'authority', voice, publisherName });
const observatory = (name: string, over: Partial<MeasuredFacts> = {}): Report =>
  measured(over.networks ?? ['AS1'], {
    publisherName: name.toUpperCase(),
    measured: facts({ strength: 'window-rule', observatory: name, ...over }),
  });

/** Any report that an incident may hold. */
const anyReport: fc.Arbitrary<Report> = fc
  .record({
    kind: fc.constantFrom('news' as const, 'authority' as const, 'measurement' as const),
    voice: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    action: fc.constantFrom(...ACTIONS),
    days: fc.nat(20),
    url: fc.constantFrom('https://a.example/1', 'http://b.example', 'javascript:alert(1)', null),
    strength: fc.constantFrom('anomaly' as const, 'round-rule' as const, 'fingerprint' as const),
    networks: fc.subarray(['AS1', 'AS2', 'AS3', 'AS4']),
    observatory: fc.constantFrom(undefined, undefined, 'ooni', 'ioda'),
  })
  .map(({ kind, voice, action, days, url, strength, networks, observatory: by }) => {
    const own = facts({ strength, networks, ...(by === undefined ? {} : { observatory: by }) });
    return report({
      id: `${voice}-${days}-${action}`,
      kind,
      voice,
      action,
      url,
      at: NOW - days * DAY,
      measured: kind === 'measurement' ? own : null,
    });
  });
const anyReports = fc.array(anyReport, { maxLength: 15 });

describe('what is counted', () => {
  test.each<[string, Report[], object]>([
    ['nothing', [], { outlets: 0, authorities: [], networks: 0, anomalies: 0, blockpage: false }],
    ['one outlet three times', [outlet('bbc'), outlet('bbc', { at: NOW }), outlet('bbc')], { outlets: 1 }],
    [
      'an authority under a newer name',
      [authority('authority:rkn', 'Roskomnadzor'), authority('authority:rkn', 'RKN')],
      { outlets: 0, authorities: ['RKN'] },
    ],
    [
      'two rounds on the same two networks',
      [probe({ networks: ['AS1', 'AS2'] }), probe({ networks: ['AS2', 'AS1'] })],
      { networks: 2, anomalies: 0 },
    ],
    [
      'a network that looked like it before it was certain',
      [probe({ strength: 'anomaly', networks: ['AS1', 'AS2'] }), probe({ networks: ['AS1'] })],
      { networks: 1, anomalies: 1 },
    ],
    ['a known block page', [probe({ strength: 'fingerprint' })], { networks: 1, blockpage: true }],
    [
      'a block page that only an observatory saw',
      [observatory('ooni', { strength: 'fingerprint' })],
      { networks: 0, blockpage: false },
    ],
    [
      'networks of an observatory beside our own',
      [observatory('ooni', { networks: ['AS7', 'AS8'] }), probe({})],
      { networks: 1, anomalies: 0 },
    ],
    ['a measurement without facts', [measured(['AS1'], { measured: null })], { networks: 0, outlets: 0 }],
  ])('%s', (_name, reports, expected) => expect(evidenceOf(reports)).toMatchObject(expected));

  test.each<[string, Report[], number, number]>([
    ['two outlets on one day', [outlet('a'), outlet('b')], 2, 2],
    ['two outlets eight days apart', [outlet('a', { at: NOW - 8 * DAY }), outlet('b', { at: NOW })], 2, 1],
    ['two outlets seven days apart', [outlet('a', { at: NOW - 7 * DAY }), outlet('b', { at: NOW })], 2, 2],
    ['two doubtful readings', [outlet('a', { confidence: 0.5 }), outlet('b', { confidence: 0.69 })], 2, 1],
    ['a doubtful and a firm one', [outlet('a', { confidence: 0.5 }), outlet('b', { confidence: 0.7 })], 2, 1],
  ])('%s: %i outlets, of which %i count together', (_name, reports, all, together) =>
    expect([evidenceOf(reports).outlets, evidenceOf(reports, true).outlets]).toEqual([all, together]),
  );

  test('any reports in any order: the same counts, and no network both certain and likely', () => {
    fc.assert(
      fc.property(anyReports, fc.integer(), (reports, turn) => {
        const at = reports.length === 0 ? 0 : Math.abs(turn) % reports.length;
        const turned = [...reports.slice(at), ...reports.slice(0, at)].reverse();
        for (const together of [false, true]) {
          const [one, other] = [evidenceOf(reports, together), evidenceOf(turned, together)];
          expect([other.outlets, other.networks, other.anomalies, other.blockpage]).toEqual([
            one.outlets,
            one.networks,
            one.anomalies,
            one.blockpage,
          ]);
          expect(one.networks + one.anomalies).toBeLessThanOrEqual(4);
          expect(one.outlets).toBeLessThanOrEqual(evidenceOf(reports).outlets);
        }
      }),
    );
  });
});

describe('which reports count for what', () => {
  test('of an incident: a report counts for the lift or for the block, never for both or for none', () => {
    fc.assert(
      fc.property(anyReports, (reports) => {
        const [lift, block] = [true, false].map((one) =>
          reportsFor({ action: 'block', service: null, regions: [] }, reports, one),
        );
        expect(lift!.length + block!.length).toBe(reports.length);
        expect(lift!.every((one) => one.action === 'unblock')).toBe(true);
        expect(block!.some((one) => one.action === 'unblock')).toBe(false);
      }),
    );
  });

  test('of a lift of what was never known: all of them, whichever way it is asked', () => {
    const reports = [outlet('a', { action: 'unblock' }), outlet('b', { action: 'block' })];
    expect(
      [true, false].map((lift) => reportsFor({ action: 'unblock', service: null, regions: [] }, reports, lift).length),
    ).toEqual([2, 2]);
  });

  test.each<[Action, Action[]]>([
    ['restrict', ['restrict', 'throttle', 'block', 'shutdown']],
    ['throttle', ['throttle', 'block', 'shutdown']],
    ['block', ['block', 'shutdown']],
    ['shutdown', ['shutdown']],
  ])('who says it of "%s": those who say %j', (action, says) => {
    const reports = ACTIONS.map((one) => outlet(one, { action: one }));
    const found = reportsInForce({ action, family: 'access' }, reports).map((one) => one.action);
    expect([...found].sort()).toEqual([...says].sort());
  });

  test('of a threat: everybody who speaks of it', () => {
    const reports = [outlet('a', { action: 'warn' }), outlet('b', { action: 'restrict' })];
    expect(reportsInForce({ action: 'warn', family: 'warn' }, reports)).toHaveLength(2);
  });
});

describe('as words', () => {
  test('all at once: authorities, outlets, observatories, networks, signs, block page, in this order and bounded', () => {
    const reports = [
      authority('authority:a', 'Roskomnadzor'),
      authority('authority:b', 'Ministry'),
      authority('authority:c', 'Court'),
      outlet('bbc'),
      ...['ooni', 'ioda', 'radar', 'cenalert'].map((one) => observatory(one, { networks: [] })),
      ...['ripe', 'gtr', 'mlab'].map((one) => observatory(one, { networks: [], strength: 'anomaly' })),
      probe({ strength: 'fingerprint', networks: ['AS1', 'AS2'] }),
      probe({ strength: 'anomaly', networks: ['AS3'] }),
    ];
    expect(reasonsOf(evidenceOf(reports), en).split(', ')).toEqual([
      'official notice (Roskomnadzor)',
      'official notice (Ministry)',
      '1 outlet',
      'OONI',
      'IODA',
      'RADAR',
      'measured from 2 networks',
      'measurements on one network look like it',
      'RIPE sees signs of it',
      'GTR sees signs of it',
      'a block page was seen',
    ]);
  });

  test('measurements that have stopped: said so, not as a sign', () => {
    const silent = observatory('ooni', { networks: [], strength: 'anomaly', silence: true });
    expect(reasonsOf(evidenceOf([silent]), en)).toBe('measurements from there have stopped (OONI)');
  });

  test.each(CONFIDENCES)('%s without a report to show: the word alone, with a capital', (confidence) => {
    for (const words of [en, ru]) expect(surenessOf(confidence, [], words)).toMatch(/^\p{Lu}[\p{Ll} ]+$/u);
  });

  test('below corroborated outlets count as the ladder counts them, above it all of them', () => {
    const reports = [outlet('a', { at: NOW - 30 * DAY }), outlet('b', { at: NOW })];
    const said = CONFIDENCES.map((one) => /\d/.exec(surenessOf(one, reports, en))![0]);
    expect(said).toEqual(['1', '1', '2', '2']);
  });

  test('a name that a stranger chose: one short line in the reasons', () => {
    const long = reasonsOf(evidenceOf([authority('authority:x', `A\n${'b'.repeat(500)}`)]), en);
    expect(long).not.toContain('\n');
    expect(long.length).toBeLessThan(100);
  });
});

describe('who is no outlet', () => {
  const stranger = (n: number, voice = 'new:a'): Report =>
    outlet(voice, { id: `s${n}`, publisher: `s${n}.example`, outlet: { country: null, kind: 'unknown' } });
  const state = (publisher: string, over: Partial<Report> = {}): Report =>
    outlet('state:RU', { publisher, publisherName: publisher, outlet: { country: 'RU', kind: 'state' }, ...over });

  test.each<[string, Report[], string]>([
    ['media of the state that acts', [state('tass'), state('ria')], 'state media'],
    ['beside an outlet', [outlet('a'), state('tass'), state('ria')], '1 outlet, state media'],
    ['an outlet that quotes them', [state('a', { outlet: { country: 'RU', kind: 'national' } })], 'state media'],
    ['of another state', [state('tass', { country: 'UA' })], '1 outlet'],
    ['sites that nobody had met', [stranger(1), stranger(2), stranger(3, 'new:')], '3 unknown sites'],
    ['the same beside an outlet', [outlet('a'), stranger(1)], '1 outlet, 1 unknown site'],
  ])('%s', (_name, reports, expected) => {
    expect(reasonsOf(evidenceOf(reports), en)).toBe(expected);
    expect(reasonsOf(evidenceOf(reports, true), en)).toBe(expected);
  });

  test('corroborated by one outlet and the state: that nobody measured it is said', () => {
    expect(surenessOf('corroborated', [outlet('a'), state('tass')], en)).toBe(
      'Corroborated: 1 outlet, state media report it, nobody has measured it',
    );
  });
});

describe('which sources are shown', () => {
  test('any reports: each voice once, by its strongest word, and the rest counted', () => {
    fc.assert(
      fc.property(anyReports, fc.nat(6), (reports, max) => {
        const { shown, rest } = sourcesOf(reports, max, 'en');
        const voices = new Set(reports.map((one) => one.voice));
        expect(shown.length).toBeLessThanOrEqual(max);
        expect(shown.length + rest).toBe(voices.size);
        expect(new Set(shown.map((one) => one.voice)).size).toBe(shown.length);
        for (const one of shown) {
          const same = reports.filter(({ voice }) => voice === one.voice);
          const strongest = Math.max(...same.map(({ action }) => severityOf(action)));
          expect(severityOf(one.action)).toBe(strongest);
          const rivals = same.filter(({ action }) => severityOf(action) === strongest);
          const withLink = rivals.filter(({ url, secondary }) => !secondary && safeLink(url) !== null);
          expect(safeLink(one.url) !== null).toBe(withLink.length > 0);
          expect(one.at).toBe(Math.min(...(withLink.length > 0 ? withLink : rivals).map(({ at }) => at)));
        }
      }),
    );
  });

  test('the line: linked, set apart by commas, the rest as a number; none where nobody speaks', () => {
    const reports = ['a', 'b', 'c', 'd'].map((voice) => outlet(voice, { url: `https://${voice}.example/` }));
    expect(sourceLine(reports, 2, en)).toEqual([
      'Sources: ',
      { link: 'https://a.example/', text: 'a' },
      ', ',
      { link: 'https://b.example/', text: 'b' },
      ', 2 more',
    ]);
    expect(sourceLine([], 2, en)).toBeNull();
  });

  test('thirty outlets and an authority: the authority first, then the reader’s language, then outlets at home, in their own words', () => {
    const others = Array.from({ length: 30 }, (_, i) => outlet(`o${i}`, { url: `https://o${i}.example/`, lang: 'hi' }));
    const copy = outlet('agency', { publisher: 'copier', url: 'https://copier.ru/', lang: 'ru', at: NOW - 9 * DAY });
    const own = outlet('rbc', { publisher: 'rbc', url: 'https://www.rbc.ru/x', lang: 'ru' });
    const readers = outlet('bbc', { url: 'https://bbc.example/', lang: 'en' });
    const said = authority('authority:rkn', 'Roskomnadzor');
    const { shown, rest } = sourcesOf([...others, copy, readers, own, said], 5, 'en');
    expect(shown.slice(0, 4).map((one) => one.voice)).toEqual(['authority:rkn', 'bbc', 'rbc', 'o0']);
    expect(rest).toBe(29);
  });

  test('where the country of an outlet is known: at home by that, whatever its language or address', () => {
    const of = (voice: string, country: string | null, over: Partial<Report> = {}) =>
      outlet(voice, {
        country: 'UG',
        outlet: { country, kind: 'national' },
        url: `https://${voice}.example/`,
        ...over,
      });
    const world = of('reuters', null);
    const home = of('pmldaily.com', 'UG');
    const foreign = of('dawn', 'PK', { url: 'https://dawn.ug/' });
    const read = of('spiegel', null, { lang: 'de' });
    const state = of('state:UG', 'UG', { publisher: 'newvision', outlet: { country: 'UG', kind: 'state' } });
    const all = [state, world, foreign, read, home];
    const order = (lang: string) => sourcesOf(all, 5, lang).shown.map((one) => one.voice);
    expect(order('en')).toEqual(['pmldaily.com', 'reuters', 'dawn', 'state:UG', 'spiegel']);
    expect(order('de')).toEqual(['spiegel', 'pmldaily.com', 'reuters', 'dawn', 'state:UG']);
  });

  test('told beside the news of another country: named last, without its link', () => {
    const beside = outlet('digest', { secondary: true, url: 'https://digest.example/pakistan' });
    const { shown } = sourcesOf([beside, outlet('a', { url: null })], 5, 'en');
    expect(shown.map(({ voice, url }) => [voice, url])).toEqual([
      ['a', null],
      ['digest', null],
    ]);
  });

  test('the list that was handed in: left in its order', () => {
    const reports = [outlet('a', { url: null, action: 'warn' }), outlet('b', { action: 'block' })];
    sourcesOf(reports, 5, 'en');
    expect(reports.map((one) => one.voice)).toEqual(['a', 'b']);
  });
});

describe('since when', () => {
  const at = (days: number, action: Action): Report => outlet(`v${days}`, { at: NOW - days * DAY, action });
  test.each<[string, Action, number, Report[], [number, Action | null]]>([
    ['a block from the first word on', 'block', 5, [at(5, 'block')], [5, null]],
    ['throttled, then blocked', 'block', 9, [at(9, 'throttle'), at(3, 'block')], [3, 'throttle']],
    ['the same, the newest first', 'block', 9, [at(3, 'block'), at(9, 'throttle')], [3, 'throttle']],
    ['announced as worse than it became', 'throttle', 9, [at(9, 'block'), at(3, 'throttle')], [9, null]],
    ['nobody says what is in force', 'shutdown', 9, [at(9, 'block'), at(3, 'block')], [9, null]],
    ['a report older than the incident', 'block', 4, [at(9, 'restrict'), at(8, 'block')], [4, 'restrict']],
    ['a word of the lift first', 'block', 6, [at(6, 'unblock'), at(2, 'block')], [2, 'unblock']],
    ['no report at all', 'block', 7, [], [7, null]],
  ])('%s', (_name, action, opened, reports, [since, before]) => {
    const course = courseOf(incident({ action, openedAt: NOW - opened * DAY }), reports);
    expect([(NOW - course.since) / DAY, course.before?.action ?? null]).toEqual([since, before]);
  });

  test('any reports: never before the incident, and what was before is weaker', () => {
    fc.assert(
      fc.property(anyReports, fc.constantFrom(...ACTIONS), fc.nat(20), (reports, action, days) => {
        const openedAt = NOW - days * DAY;
        const { since, before } = courseOf({ action, openedAt }, reports);
        expect(since).toBeGreaterThanOrEqual(openedAt);
        if (before) expect(severityOf(before.action)).toBeLessThan(severityOf(action));
        else expect(since).toBe(openedAt);
      }),
    );
  });
});
