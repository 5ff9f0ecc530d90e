/** What observatories say, and where our own probes do not agree. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MeasuredFacts, Report } from '../../../src/core/model/report.ts';
import {
  disagreements,
  linkOf,
  observatoriesOf,
  observedBy,
  observedLine,
  signsOf,
} from '../../../src/core/render/evidence.ts';
import { measured, NOW, report, translators } from './support.ts';

const en = translators.of('en');

const saying = (over: Partial<MeasuredFacts>, rest: Partial<Report> = {}): Report =>
  measured(['AS1'], {
    publisherName: 'OONI',
    at: NOW,
    ...rest,
    measured: {
      strength: 'window-rule',
      networks: ['AS1'],
      verdict: 'ip_blocked',
      component: null,
      observatory: 'ooni',
      ...over,
    },
  });
/** What stands after its name. */
const countsOf = (one: Report): string =>
  observedLine({ ...one, url: null }, en)
    .slice(1)
    .join('')
    .replace(' – ', '');
const networks = (n: number): string[] => Array.from({ length: n }, (_, i) => `AS${i + 1}`);

describe('one statement of each observatory', () => {
  test.each<[string, Report[], string[]]>([
    [
      'wider beats newer',
      [saying({ networks: networks(9) }, { id: 'wide', at: 1 }), saying({}, { id: 'new' })],
      ['wide'],
    ],
    ['equally wide: the newest', [saying({}, { id: 'old', at: 1 }), saying({}, { id: 'new', at: 2 })], ['new']],
    ['no network at all is a statement', [saying({ networks: [] }, { id: 'country' })], ['country']],
    ['what is only likely is none', [saying({ strength: 'anomaly' }, { id: 'sign' })], []],
    ['our own probe is none', [measured(['AS1'], { id: 'own' })], []],
    ['news are none', [report({ id: 'news' })], []],
    [
      'two observatories: one each',
      [saying({}, { id: 'a' }), saying({ observatory: 'ioda' }, { id: 'b' })],
      ['a', 'b'],
    ],
  ])('%s', (_name, reports, ids) => expect(observatoriesOf(reports).map((one) => one.id)).toEqual(ids));

  test('a sign of one that is firm elsewhere: not told beside it', () => {
    const reports = [
      saying({ strength: 'anomaly' }, { id: 'ooni-sign' }),
      saying({}, { id: 'ooni-firm' }),
      saying({ strength: 'anomaly', observatory: 'ioda' }, { id: 'ioda-sign' }),
    ];
    expect(signsOf(reports).map((one) => one.id)).toEqual(['ioda-sign']);
  });

  test('any statements: each observatory in one list at most, once', () => {
    const any = fc
      .record({
        observatory: fc.constantFrom('ooni', 'ioda', 'radar', undefined),
        strength: fc.constantFrom('anomaly' as const, 'window-rule' as const),
        n: fc.nat(4),
        at: fc.nat(5),
      })
      .map(({ observatory, strength, n, at }) => {
        const { measured: facts, ...rest } = saying({ strength, networks: networks(n) }, { at });
        const { observatory: _own, ...bare } = facts!;
        return { ...rest, measured: observatory === undefined ? bare : { ...bare, observatory } } as Report;
      });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (reports) => {
        const firm = observatoriesOf(reports);
        const kinds = [...firm, ...signsOf(reports)].map((one) => one.measured!.observatory);
        expect(new Set(kinds).size).toBe(kinds.length);
        const named = reports.flatMap((one) => one.measured?.observatory ?? []);
        expect(new Set(kinds)).toEqual(new Set(named));
        for (const one of firm) {
          const rivals = reports.filter(
            ({ measured: m }) => m!.observatory === one.measured!.observatory && m!.strength !== 'anomaly',
          );
          expect(one.measured!.networks.length).toBe(Math.max(...rivals.map(({ measured: m }) => m!.networks.length)));
        }
      }),
    );
  });
});

describe('what it counted', () => {
  test.each<[Partial<MeasuredFacts>, string]>([
    [{ measurements: 412, networks: networks(9) }, '412 measurements, 9 networks'],
    [{ measurements: 1 }, '1 measurement, 1 network'],
    [{ measurements: 0, networks: [] }, ''],
    [{ networks: [], signals: [] }, ''],
    [{ networks: [], signals: ['bgp'] }, '1 signal: bgp'],
    [{ networks: [], signals: ['bgp', 'ping-slash24'] }, '2 signals: bgp, ping-slash24'],
    [{ measurements: 12_345, networks: [] }, '12,345 measurements'],
    [{ networks: [], signals: [`x\n${'y'.repeat(50)}`] }, `1 signal: x ${'y'.repeat(17)}…`],
  ])('%j: %s', (over, text) => expect(countsOf(saying(over))).toBe(text));

  test('without counts: its name alone, in a line of reasons and in the list', () => {
    const bare = saying({ networks: [] });
    expect(observedBy(bare, en)).toBe('OONI');
    expect(observedBy(saying({}), en)).toBe('OONI (1 network)');
    expect(observedLine({ ...bare, url: null }, en)).toEqual(['OONI']);
    // Whose it is: once, in the list of sources.
    const ioda = saying({}, { publisherName: 'IODA (Georgia Tech)', url: null });
    expect(observedBy(ioda, en)).toBe('IODA (1 network)');
    expect(observedBy({ ...bare, publisherName: 'IODA (Georgia Tech)' }, en)).toBe('IODA');
    expect(observedLine(ioda, en)).toEqual(['IODA (Georgia Tech)', ' – 1 network']);
    expect(observedLine({ ...saying({}), url: null }, en)).toEqual(['OONI', ' – 1 network']);
  });
});

describe('who says it', () => {
  test.each<[string, Partial<Report>, unknown]>([
    ['a link', { url: 'https://explorer.example/m?x=1' }, { link: 'https://explorer.example/m?x=1', text: 'OONI' }],
    ['no link', { url: null }, 'OONI'],
    ['a link that may not be shown', { url: 'data:text/html,x' }, 'OONI'],
    ['no name: the source', { url: null, publisherName: '', sourceId: 'ooni-api' }, 'ooni-api'],
    ['a name of signs that nobody sees: the source', { url: null, publisherName: '\u202e\n', sourceId: 's' }, 's'],
  ])('%s', (_name, over, expected) => expect(linkOf(saying({}, over), translators.of('en'))).toEqual(expected));

  test('figures under a licence: named with it', () => {
    expect(linkOf(saying({ licence: 'CC BY-NC-SA 4.0' }, { url: null }), translators.of('en'))).toBe(
      'OONI (CC BY-NC-SA 4.0)',
    );
    expect(linkOf(saying({ licence: 'x'.repeat(80) }, { url: null }), translators.of('en'))).toHaveLength(
      'OONI ()'.length + 40,
    );
  });
});

describe('where our own probes see nothing', () => {
  test.each<[string, Report[], string[]]>([
    ['nobody is contradicted', [saying({}), report()], []],
    [
      'contradicted on one network',
      [saying({ networks: networks(9), openOn: ['AS8359'] })],
      ['OONI sees it from 9 networks; our own probe in AS8359 does not'],
    ],
    [
      'an observatory that names no network',
      [saying({ networks: [], openOn: ['AS8359'], observatory: 'ioda' }, { publisherName: 'IODA' })],
      ['IODA sees it; our own probe in AS8359 does not'],
    ],
    [
      'its newest statement counts, whatever the order',
      [saying({ openOn: [] }, { at: 9 }), saying({ openOn: ['AS1'] }, { at: 5 })],
      [],
    ],
    [
      'more networks of ours than a line holds',
      [saying({ openOn: networks(7) })],
      ['OONI sees it from 1 network; our own probe in AS1, AS2, AS3, AS4, AS5 does not'],
    ],
  ])('%s', (_name, reports, lines) => expect(disagreements(reports, en)).toEqual(lines));
});
