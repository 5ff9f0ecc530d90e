import { radarKind } from '../../src/sources/radar/config.ts';
import type { SourceEntry } from './source-world.ts';

const COUNTRIES = ['KE', 'TZ', 'UG'];
const outageOf = (country: string) => ({
  id: `1${country.charCodeAt(0)}`,
  dataSource: 'ALL',
  description: 'The network is off by order',
  scope: null,
  startDate: '2026-11-24T03:00:00Z',
  endDate: null,
  locations: [country],
  asns: [],
  eventType: 'OUTAGE',
  linkedUrl: 'https://social.example/post/1',
  asnsDetails: [],
  outage: { outageCause: 'GOVERNMENT_DIRECTED', outageType: 'NATIONWIDE' },
});
const body = (annotations: unknown, success = true) =>
  JSON.stringify({ success, errors: [], result: { annotations, trafficAnomalies: [] } });
const ODD = [
  null,
  7,
  'text',
  [],
  {},
  { startDate: 5 },
  { startDate: '2026-11-24T03:00:00Z', locations: [{}, 7, 'KENYA'] },
];

export const radarEntry: SourceEntry = {
  kind: radarKind,
  config: (base, secret) => ({ id: 'radar', kind: 'radar', url: `${base}/v4`, token: secret, countries: COUNTRIES }),
  documents: {
    contentType: 'application/json',
    honest: (upTo) => body(COUNTRIES.slice(0, upTo).map(outageOf)),
    otherShapes: [
      ['JSON null', 'null'],
      ['a JSON list', '[1,2,3]'],
      ['an error with status 200', '{"success":false,"errors":[{"code":1000}],"result":null}'],
      ['a list without success', body([], false)],
      ['annotations that are an object', body({ a: 1 })],
      ['rows under other names', body([{ begin: '2026-11-24', country: 'KE' }])],
    ],
    oddEntries: [['rows of wrong types', body([...ODD, ...COUNTRIES.slice(0, 2).map(outageOf)])]],
    crowd: (count) =>
      body(Array.from({ length: count }, () => ({ startDate: '2026-11-24T03:00:00Z', locations: ['KE'] }))),
    longTexts: (characters) =>
      body([
        { ...outageOf('KE'), scope: 'x'.repeat(characters), linkedUrl: `https://a.example/${'y'.repeat(characters)}` },
      ]),
  },
  everyMs: 0,
  most: { results: 500, characters: 20_000 },
};
