import { ooniKind } from '../../src/sources/ooni/config.ts';
import type { SourceEntry } from './source-world.ts';

const COUNTRIES = ['KE', 'TZ', 'UG'];
const counts = (bad: number, ok: number) => ({
  anomaly_count: bad,
  confirmed_count: 0,
  failure_count: 1,
  ok_count: ok,
});
/** Hours of two days, from three networks: open all the time. */
const rowsOf = (country: string) =>
  ['2026-11-24', '2026-11-25'].flatMap((day) =>
    [1, 5, 9].flatMap((hour) =>
      [64500, 64501, 64502].map((asn) => ({
        ...counts(0, 9),
        measurement_count: 10,
        measurement_start_day: `${day}T0${hour}:00:00Z`,
        probe_asn: asn,
        probe_cc: country,
      })),
    ),
  );
/** One body for every question that the source may put. */
const body = (result: unknown, incidents: unknown = []) => JSON.stringify({ v: 0, result, incidents, results: [] });
const ODD = [
  null,
  7,
  'text',
  [],
  {},
  { measurement_start_day: 5, anomaly_count: 1e308 },
  { ...counts(-1, 3), measurement_start_day: '2026-11-25T01:00:00Z', probe_asn: {} },
];

export const ooniEntry: SourceEntry = {
  kind: ooniKind,
  config: (base, secret) => ({
    id: 'ooni',
    kind: 'ooni',
    url: base.replace('://', `://reader:${secret}@`),
    countries: COUNTRIES,
    services: ['whatsapp'],
  }),
  documents: {
    contentType: 'application/json',
    honest: (upTo) => body(COUNTRIES.slice(0, upTo).flatMap(rowsOf)),
    otherShapes: [
      ['JSON null', 'null'],
      ['a JSON list', '[1,2,3]'],
      ['an error with status 200', '{"v":0,"msg":"bad axis"}'],
      ['a result that is an object', body({ anomaly_count: 1 })],
      ['a result that is null', body(null)],
      ['counts under other names', body([{ day: '2026-11-25', bad: 3, good: 4 }])],
      ['counts that are texts', body([{ measurement_start_day: '2026-11-25', anomaly_count: '1', ok_count: '2' }])],
    ],
    oddEntries: [
      ['rows of wrong types', body([...ODD, ...COUNTRIES.slice(0, 2).flatMap(rowsOf)])],
      ['findings of wrong types', body(COUNTRIES.slice(0, 2).flatMap(rowsOf), [...ODD, { id: {}, title: [] }])],
    ],
    crowd: (count) => body(Array.from({ length: count }, () => rowsOf('KE')[0])),
    longTexts: (characters) =>
      body(rowsOf('KE'), [
        {
          id: 'f',
          title: 'x'.repeat(characters),
          short_description: 'y'.repeat(characters),
          create_time: '2026-11-25T00:00:00Z',
          start_time: '2026-11-25T00:00:00Z',
          CCs: ['KE'],
          test_names: ['whatsapp'],
          domains: ['z'.repeat(characters)],
        },
      ]),
  },
  everyMs: 0,
  most: { results: 700, characters: 20_000 },
};
