import { iodaKind } from '../../src/sources/ioda/config.ts';
import type { SourceEntry } from './source-world.ts';

const COUNTRIES = ['KE', 'TZ', 'UG'];
const START = Date.UTC(2026, 10, 24, 3) / 1_000;
/** Down since the day before, for two data sources. */
const eventsOf = (country: string) =>
  ['bgp', 'ping-slash24'].map((datasource) => ({
    location: `country/${country}`,
    start: START,
    duration: 3_600,
    uncertainty: null,
    method: 'median',
    datasource,
    status: 0,
    fraction: null,
    score: 235_515.2,
    location_name: country,
    overlaps_window: true,
  }));
const body = (data: unknown, error: unknown = null) => JSON.stringify({ type: 'outages.events', error, data });
const ODD = [
  null,
  7,
  'text',
  [],
  {},
  { location: 5, start: 'x' },
  { location: 'country/KE', start: 1e308, datasource: {} },
];

export const iodaEntry: SourceEntry = {
  kind: iodaKind,
  config: (base, secret) => ({
    id: 'ioda',
    kind: 'ioda',
    url: `${base.replace('://', `://reader:${secret}@`)}/v2`,
    countries: COUNTRIES,
  }),
  documents: {
    contentType: 'application/json',
    honest: (upTo) => body(COUNTRIES.slice(0, upTo).flatMap(eventsOf)),
    otherShapes: [
      ['JSON null', 'null'],
      ['a JSON list', '[1,2,3]'],
      ['an error with status 200', body(null, "'from' timestamp must be set")],
      ['data that is an object', body({ location: 'country/KE' })],
      ['data beside an error', body([], 'database is down')],
      ['rows under other names', body([{ place: 'KE', begin: 3 }])],
    ],
    oddEntries: [['rows of wrong types', body([...ODD, ...COUNTRIES.slice(0, 2).flatMap(eventsOf)])]],
    crowd: (count) => body(Array.from({ length: count }, () => eventsOf('KE')[0])),
    longTexts: (characters) =>
      body(
        eventsOf('KE').map((one) => ({
          ...one,
          location_name: 'x'.repeat(characters),
          datasource: 'y'.repeat(characters),
        })),
      ),
  },
  everyMs: 0,
  most: { results: 500, characters: 20_000 },
};
