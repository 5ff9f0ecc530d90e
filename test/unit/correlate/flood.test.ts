import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHeldBack, FLOOD, type FloodMemory, NO_FLOOD, planFlood } from '../../../src/core/correlate/held-back.ts';
import type { Report } from '../../../src/core/model/report.ts';
import type { Tables } from '../../../src/core/ports/store.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const report = (country: string | null, service: string | null, kind: Report['kind'] = 'news'): Report =>
  ({ id: `${country}/${service}`, country, service, kind, summary: 'x' }) as Report;
const services = (n: number, from = 0, kind?: Report['kind']) =>
  Array.from({ length: n }, (_, i) => report('RU', `s${from + i}`, kind));
const countries = (n: number, from = 0) => Array.from({ length: n }, (_, i) => report(`C${from + i}`, 'x'));
/** What is said of these batches, one after another, so many ms apart. */
function whys(batches: Report[][], apart = 60_000): string[] {
  let memory: FloodMemory = NO_FLOOD;
  return batches.map((batch, i) => {
    const plan = planFlood(memory, batch, i * apart);
    memory = plan.memory;
    return plan.why;
  });
}

describe('more than any event brings', () => {
  test.each<[string, Report[][], string[]]>([
    ['a hundred services', [services(100)], ['within-bounds']],
    ['a hundred and one', [services(101)], ['hundreds-of-services']],
    ['one service a thousand times', [Array.from({ length: 1_000 }, () => report('RU', 'x'))], ['within-bounds']],
    ['twenty countries', [countries(20)], ['within-bounds']],
    ['twenty-one', [countries(21)], ['dozens-of-countries']],
    ['no country is one, too', [[...countries(20), report(null, 'x')]], ['dozens-of-countries']],
    ['two hundred, measured', [services(200, 0, 'measurement')], ['within-bounds']],
    ['two hundred and one, measured', [services(201, 0, 'measurement')], ['hundreds-of-services']],
    [
      'a hundred and one, one of them written',
      [[...services(100, 0, 'measurement'), report('RU', 'y')]],
      ['hundreds-of-services'],
    ],
    ['nothing', [[]], ['within-bounds']],
    [
      'three hundred within the hour',
      [services(100), services(100, 100), services(100, 200)],
      Array(3).fill('within-bounds'),
    ],
    [
      'one more',
      [services(100), services(100, 100), services(100, 200), services(1, 300)],
      [...Array(3).fill('within-bounds'), 'hundreds-of-services'],
    ],
    ['the same hundred again and again', Array(6).fill(services(100)), Array(6).fill('within-bounds')],
    [
      'sixty countries and one within the hour',
      [countries(20), countries(20, 20), countries(20, 40), countries(1, 60)],
      [...Array(3).fill('within-bounds'), 'dozens-of-countries'],
    ],
    ['a flood, and one more word', [services(101), services(1)], ['hundreds-of-services', 'flooded-within-the-hour']],
  ])('%s', (_name, batches, expected) => expect(whys(batches)).toEqual(expected));

  test('an hour later it may speak again, and what it said before does not count', () => {
    expect(whys([services(101), services(1)], HOUR)).toEqual(['hundreds-of-services', 'within-bounds']);
    expect(
      whys(
        [0, 1, 2, 3, 4].map((n) => services(100, n * 100)),
        HOUR / 3 + 1,
      ),
    ).toEqual(Array(5).fill('within-bounds'));
  });
  test('words while it is held do not lengthen that; a second flood does', () => {
    expect(whys([services(101), services(1), services(1)], HOUR / 2)).toEqual([
      'hundreds-of-services',
      'flooded-within-the-hour',
      'within-bounds',
    ]);
    expect(whys([services(101), services(101), services(1)], HOUR * 0.6)[2]).toBe('flooded-within-the-hour');
  });
  test('whatever comes: what is remembered is bounded, and more of it is held no less', () => {
    const batch = fc.tuple(fc.nat(120), fc.nat(400)).map(([n, from]) => services(n, from));
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 5 }), batch, (before, more) => {
        let memory: FloodMemory = NO_FLOOD;
        for (const [i, each] of before.entries()) memory = planFlood(memory, each, i * 1_000).memory;
        expect(memory.pairs.length).toBeLessThanOrEqual(1_000);
        const now = before.length * 1_000;
        if (planFlood(memory, more, now).hold)
          expect(planFlood(memory, [...more, ...services(5, 900)], now).hold).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what is held back', () => {
  function world() {
    const clock = new FakeClock();
    const kept = new Map<string, unknown>();
    const state = (name: string) => ({
      get: async (key: string) => kept.get(`${name}/${key}`),
      set: async (key: string, value: unknown) => void kept.set(`${name}/${key}`, structuredClone(value)),
      delete: async (key: string) => void kept.delete(`${name}/${key}`),
    });
    const { log, lines } = recordingLog();
    const store = { state };
    return { clock, lines, tables: store as unknown as Tables, held: () => createHeldBack({ store, clock, log }) };
  }

  test('kept in its order over a restart, and handed out once', async () => {
    const { tables, held } = world();
    await held().hold(tables, 'a', services(2), 'hundreds-of-services');
    await held().hold(tables, 'a', services(1, 2), 'flooded-within-the-hour');
    await held().hold(tables, 'b', services(1), 'dozens-of-countries');
    expect(await held().list()).toMatchObject([
      { sourceId: 'a', why: 'hundreds-of-services', reports: 3, dropped: 0 },
      { sourceId: 'b', reports: 1 },
    ]);
    const again = held();
    expect((await again.release(tables, 'a'))!.map(({ service }) => service)).toEqual(['s0', 's1', 's2']);
    expect(await again.release(tables, 'a')).toBeNull();
    expect((await again.list()).map(({ sourceId }) => sourceId)).toEqual(['b']);
  });
  test('more than five hundred: the oldest go, and are counted', async () => {
    const { tables, held } = world();
    await held().hold(tables, 'a', services(450), 'hundreds-of-services');
    await held().hold(tables, 'a', services(100, 450), 'hundreds-of-services');
    expect(await held().list()).toMatchObject([{ reports: 500, dropped: 50 }]);
    expect((await held().release(tables, 'a'))![0]!.service).toBe('s50');
  });
  test('more than fifty sources: the oldest go', async () => {
    const { tables, held } = world();
    for (let i = 0; i < 52; i++) await held().hold(tables, `s${i}`, services(1), 'hundreds-of-services');
    const ids = (await held().list()).map(({ sourceId }) => sourceId);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([50, 's2', 's51']);
  });
  test('texts are kept short; after two weeks nobody asks for them any more', async () => {
    const { clock, tables, held } = world();
    await held().hold(tables, 'a', [{ ...report('RU', 'x'), summary: 'y'.repeat(600) }], 'hundreds-of-services');
    clock.jump(14 * DAY - 1);
    expect(await held().list()).toHaveLength(1);
    const [one] = (await held().release(tables, 'a'))!;
    expect(one!.summary).toHaveLength(200);
    await held().hold(tables, 'a', services(1), 'hundreds-of-services');
    clock.jump(14 * DAY);
    expect(await held().list()).toEqual([]);
  });
  test('warned of once an hour a source; after it was let go, anew', async () => {
    const { clock, lines, tables, held } = world();
    const own = held();
    for (let i = 0; i < 3; i++) expect(own.judge('a', services(101)).hold).toBe(true);
    expect(own.judge('b', services(1)).hold).toBe(false);
    expect(lines.map(({ fields }) => [fields.source, fields.reports])).toEqual([['a', 101]]);
    await own.hold(tables, 'a', services(101), 'hundreds-of-services');
    await own.release(tables, 'a');
    expect(own.judge('a', services(1)).hold).toBe(false);
    own.judge('a', services(101));
    expect(lines).toHaveLength(2);
    await clock.pass(FLOOD.windowMs);
    own.judge('a', services(101));
    expect(lines).toHaveLength(3);
  });
});
