import { expect, test } from 'vitest';
import { globalFailures, type Outage, viewsOf } from '../../../src/core/judge/outages.ts';
import { isIn, randomOf, type Period, periods } from '../../scenario/observatories/chance.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 0, 1);
const DAYS = 90;
const COUNTRIES = Array.from(
  { length: 120 },
  (_, i) => `country/${String.fromCharCode(65 + (i % 26))}${String.fromCharCode(65 + Math.floor(i / 26))}`,
);
const WATCHED = COUNTRIES.slice(0, 20);
const SOURCES = ['bgp', 'ping-slash24', 'gtr-norm'];

interface Told {
  outage: Period & { place: string; datasource: string };
  /** Hours after which its end is revised once, to a later one. */
  revised: number;
}

/** One data source jitters at a time (ping flaps most), the monitor itself fails for all, ends are revised; in cut hours two data sources fall together. */
function months(seed: number, cuts: readonly (Period & { place: string })[]): Told[] {
  const told: Told[] = [];
  for (const [i, place] of COUNTRIES.entries()) {
    const random = randomOf(seed + i * 7_919);
    // Jitter of one source at a time: where a second would fall within six hours of it, it is another draw of the same.
    let busy = 0;
    for (const one of periods(DAYS, 3, [1, 8], random)) {
      if (one.from < busy) continue;
      busy = one.to + 13;
      const datasource = SOURCES[random() < 0.6 ? 1 : Math.floor(random() * 3)]!;
      told.push({ outage: { ...one, place, datasource }, revised: Math.floor(random() * 5) });
    }
  }
  const random = randomOf(seed ^ 0x10da);
  // A data source that has lost a country for days, while the others flap.
  for (const [i, place] of COUNTRIES.entries()) {
    const own = randomOf((seed ^ 0x1057) + i * 7_919);
    for (const one of periods(DAYS, 40, [100, 300], own)) {
      const isApart = ({ outage }: Told): boolean => outage.place !== place || Math.abs(outage.from - one.from) > 6;
      if (told.every(isApart)) told.push({ outage: { ...one, place, datasource: 'merit-nt' }, revised: 0 });
    }
  }
  for (const failure of periods(DAYS, 20, [1, 6], random))
    for (const place of COUNTRIES)
      if (random() < 0.97)
        for (const datasource of SOURCES.slice(0, 2))
          told.push({ outage: { ...failure, place, datasource }, revised: 0 });
  for (const cut of cuts)
    for (const datasource of SOURCES.slice(0, 2)) told.push({ outage: { ...cut, datasource }, revised: 0 });
  return told;
}

/** What the interface lists at that hour, of a day back. */
const listedAt = (told: readonly Told[], hour: number): Outage[] =>
  told.flatMap(({ outage: { place, datasource, from, to }, revised }) => {
    if (from > hour || to + revised < hour - 24) return [];
    const end = hour < to ? null : T0 + (hour >= to + 2 ? to + revised : to) * HOUR;
    return [
      {
        place,
        name: place,
        datasource,
        start: T0 + from * HOUR,
        end: end !== null && end > T0 + hour * HOUR ? null : end,
      },
    ];
  });

const cutAt = (told: readonly Told[], hour: number): string[] => {
  const now = T0 + hour * HOUR;
  const outages = listedAt(told, hour);
  const failures = globalFailures(outages, [], now);
  return viewsOf(outages, { levels: [], failures, now }).flatMap(({ says, place }) =>
    says === 'cut' && WATCHED.includes(place) ? place : [],
  );
};

test.each([1, 2, 3])(
  '90 days of single data sources, revised ends and failures of all (seed %d): nobody is called cut; what two saw together is',
  (seed) => {
    const quiet = months(seed, []);
    const falsely: string[] = [];
    const shutdowns = periods(DAYS, 6, [3, 60], randomOf(seed ^ 0xcafe)).map((one, i) => ({
      ...one,
      place: WATCHED[i % WATCHED.length]!,
    }));
    const cut = months(seed, shutdowns);
    const found = new Set<number>();
    for (let hour = 0; hour < DAYS * 24; hour += 1) {
      for (const place of cutAt(quiet, hour)) falsely.push(`${place} hour ${hour}`);
      if (!shutdowns.some((one) => isIn([one], hour))) continue;
      for (const place of cutAt(cut, hour)) {
        const which = shutdowns.findIndex((one) => one.place === place && isIn([one], hour));
        if (which >= 0) found.add(which);
      }
    }
    expect(falsely).toEqual([]);
    expect(found.size / shutdowns.length).toBeGreaterThanOrEqual(0.95);
  },
);
