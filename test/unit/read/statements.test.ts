import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onlyStory, wave } from '../../../src/core/correlate/correlate.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import { MAX_STATEMENTS, MAX_STATEMENT_ID, type Report, type Statement } from '../../../src/core/model/report.ts';
import type { Tables } from '../../../src/core/ports/store.ts';
import { createStatementReading, reportOf } from '../../../src/core/read.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 1, 11, 12);
const statement = (over: Partial<Statement> = {}): Statement => ({
  id: 's1',
  revision: null,
  at: NOW - HOUR,
  country: 'RU',
  service: 'x',
  action: 'block',
  method: 'dns',
  region: null,
  title: 'X is blocked',
  url: 'https://a.example/1',
  summary: '',
  kind: 'outlet',
  publisher: 'a',
  publisherName: 'A',
  lang: 'en',
  ...over,
});

describe('a statement as a report', () => {
  const report = (over: Partial<Statement> = {}) =>
    reportOf(statement(over), { id: 'r', sourceId: 'src', itemId: 'src/k', now: NOW });
  test.each<[string, Partial<Statement>, Partial<Report>]>([
    ['an outlet', {}, { kind: 'news', voice: 'a', publisher: 'a' }],
    ['a monitor is an outlet', { kind: 'monitor' }, { kind: 'news', voice: 'a', publisher: 'a' }],
    ['an authority speaks for itself', { kind: 'authority' }, { kind: 'authority', voice: 'authority:a' }],
    ['a lift has no method', { action: 'unblock' }, { method: null }],
    ['the time to come is now', { at: NOW + DAY }, { at: NOW }],
    ['a region without end', { region: 'x'.repeat(500) }, { region: `${'x'.repeat(99)}…` }],
    ['an address without end: none, and not another', { url: `https://a.example/${'x'.repeat(2_000)}` }, { url: null }],
    ['a title without end', { title: 'x'.repeat(500) }, { title: `${'x'.repeat(299)}…` }],
    ['a summary without end', { summary: 'x'.repeat(900) }, { summary: `${'x'.repeat(599)}…` }],
    ['a name without end', { publisherName: 'x'.repeat(900) }, { publisherName: `${'x'.repeat(99)}…` }],
    [
      'what turns or hides text',
      { title: 'a\u202eb\u0000c', publisherName: 'A\u2066\nB', region: 'Dag\u200festan' },
      { title: 'a b c', publisherName: 'A B', region: 'Dag estan' },
    ],
  ])('%s', (_name, over, expected) => expect(report(over)).toMatchObject(expected));
  test('stated in terms, measured by nobody; an authority is no publisher', () => {
    expect(report()).toMatchObject({ stated: true, secondary: false, measured: null, itemId: 'src/k' });
    expect(report({ kind: 'authority' })).not.toHaveProperty('publisher');
  });
});

describe('what is new among statements', () => {
  function world(forgotten = 0) {
    const known = new Set<string>();
    const read = createStatementReading({
      store: {
        seen: { known: async (_source: string, keys: string[]) => new Set(keys.filter((key) => known.has(key))) },
      } as never,
      policy: { firstPollWindow: DAY },
      bound: { forgottenUntil: async () => forgotten },
      clock: new FakeClock(NOW),
      log: recordingLog().log,
      ids: createIds(new FakeClock(NOW)),
    });
    return {
      known,
      read: async (statements: Statement[], how: { firstPoll?: boolean; pushed?: boolean } = {}) => {
        const found = await read('src', statements, { firstPoll: false, pushed: false, ...how });
        for (const key of found.keys) known.add(key);
        return found;
      },
    };
  }
  test('each once, oldest first; another revision is another', async () => {
    const { read } = world();
    const all = [
      statement({ at: NOW - 1 }),
      statement({ id: 's2', at: NOW - 9, title: 'second' }),
      statement({ at: NOW - 5, revision: '2', title: 'third' }),
    ];
    const { reports, fresh, keys } = await read([...all, all[0]!]);
    expect([reports.map(({ title }) => title), fresh, keys.length]).toEqual([
      ['second', 'third', 'X is blocked'],
      3,
      3,
    ]);
    expect(await read(all)).toMatchObject({ reports: [], fresh: 0 });
  });
  test.each<[string, number, { firstPoll?: boolean; pushed?: boolean }, boolean]>([
    ['of two weeks ago', 14 * DAY, {}, true],
    ['of longer ago', 14 * DAY + 1, {}, false],
    ['of yesterday, on a first poll', DAY, { firstPoll: true }, true],
    ['of longer ago, on a first poll', DAY + 1, { firstPoll: true }, false],
    ['of years ago, handed in', 2_000 * DAY, { pushed: true }, true],
    ['of years ago, handed in first', 2_000 * DAY, { pushed: true, firstPoll: true }, true],
  ])('one %s: reports %4$s, and is known either way', async (_name, age, how, reports) => {
    const { read } = world();
    const one = statement({ at: NOW - age });
    const found = await read([one], how);
    expect([found.reports.length, found.fresh]).toEqual([Number(reports), 1]);
    expect((await read([one], how)).fresh).toBe(0);
  });
  test('what may have been forgotten tells nobody', async () => {
    const { read } = world(NOW - HOUR);
    expect((await read([statement(), statement({ id: 's2', at: NOW - HOUR + 1 })])).reports).toHaveLength(1);
  });
  test('more than can come at once: the first; an id without end is known by its beginning', async () => {
    const { read } = world();
    const many = Array.from({ length: MAX_STATEMENTS + 5 }, (_, i) => statement({ id: `s${i}` }));
    expect((await read(many)).fresh).toBe(MAX_STATEMENTS);
    const long = 'x'.repeat(MAX_STATEMENT_ID);
    expect((await read([statement({ id: `${long}a` }), statement({ id: `${long}b` })])).fresh).toBe(1);
  });
  test('whatever ids and revisions: two that differ in either are two', async () => {
    const text = fc.string({ maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(text, fc.option(text), text, fc.option(text), async (a, r, b, q) => {
        const { keys } = await world().read([statement({ id: a, revision: r }), statement({ id: b, revision: q })]);
        expect(keys.length).toBe(a === b && r === q ? 1 : 2);
      }),
    );
  });
});

describe('stories of a country', () => {
  const incident = (id: string, ago: number, over: Partial<Incident> = {}) =>
    ({ id, service: id, lastReportAt: NOW - ago * DAY, openedAt: NOW - ago * DAY, ...over }) as Incident;
  /** Incidents by the items that tell of them: "a: 1 2". */
  const tables = (items: Record<string, string[]>) =>
    ({
      reports: { byIncident: async (id: string) => (items[id] ?? []).map((itemId) => ({ itemId: itemId || null })) },
    }) as unknown as Tables;
  const found = async (open: Incident[], items: Record<string, string[]> = {}) =>
    (await onlyStory(tables(items), open, NOW)).map(({ id }) => id);

  test.each<[string, Incident[], Record<string, string[]>, string[]]>([
    ['none', [], {}, []],
    ['one', [incident('a', 0)], {}, ['a']],
    ['one, and an old one', [incident('a', 0), incident('b', 8)], {}, ['a']],
    ['two old ones of one text', [incident('a', 8), incident('b', 9)], { a: ['1'], b: ['1'] }, ['a', 'b']],
    ['two of one text', [incident('a', 0), incident('b', 7)], { a: ['1', '2'], b: ['2'] }, ['a', 'b']],
    ['two of two texts', [incident('a', 0), incident('b', 0)], { a: ['1'], b: ['2'] }, []],
    [
      'three in a chain',
      [incident('a', 0), incident('b', 0), incident('c', 0)],
      { a: ['1'], b: ['2', '3'], c: ['1', '2'] },
      ['a', 'b', 'c'],
    ],
    [
      'two, and one beside',
      [incident('a', 0), incident('b', 0), incident('c', 0)],
      { a: ['1'], b: ['1'], c: ['9'] },
      [],
    ],
    ['measured, without texts', [incident('a', 0), incident('b', 0)], { a: [''], b: [''] }, []],
  ])('%s: %4$j', async (_name, open, items, expected) => expect(await found(open, items)).toEqual(expected));
  test('seventeen of one text are no single story; sixteen are', async () => {
    const all = Array.from({ length: 17 }, (_, i) => incident(`i${i}`, 0));
    const items = Object.fromEntries(all.map(({ id }) => [id, ['1']]));
    expect([(await found(all, items)).length, (await found(all.slice(1), items)).length]).toEqual([0, 16]);
  });

  test.each<[string, Incident[], string[]]>([
    ['within a week', [incident('a', 9), incident('b', 2)], ['a', 'b']],
    ['longer apart: nobody knows which', [incident('a', 10), incident('b', 2)], []],
    ['the network is no platform', [incident('a', 9), incident('b', 1, { service: 'internet' })], ['a']],
    ['the network alone', [incident('b', 1, { service: 'internet' })], []],
    ['begun after the lift was written', [incident('a', 3), incident('b', -1)], ['a']],
    ['none', [], []],
  ])('what a nameless lift ends, %s: %3$j', (_name, open, expected) => {
    expect(wave(open, { at: NOW }).map(({ id }) => id)).toEqual(expected);
  });
});
