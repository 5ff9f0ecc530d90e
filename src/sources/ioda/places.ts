import { loose } from '../../core/answers.ts';
import type { Measurement } from '../../core/model/measurement.ts';
import type { ObservatoryView } from '../../core/model/observatory.ts';
import type { PlaceView } from './rule.ts';

const HOUR = 3_600_000;
/** Older than this when it is first seen: known to whoever lives there. */
const OLD = 48 * HOUR;
const NAME = 'IODA (Georgia Tech)';
/** Its ways of looking in words that strangers know, in any language; others as they are. */
const SIGNALS: readonly [RegExp, string][] = [
  [/^bgp/, 'BGP'],
  [/^ping-/, 'ping'],
  [/^gtr/, 'Google'],
];
const wordOf = (signal: string): string => SIGNALS.find(([known]) => known.test(signal))?.[1] ?? signal;

/** Places that were cut at the last look, with their country and the time; kept over a restart, for events that are taken back. */
export type CutPlaces = Record<string, { country: string; name: string; at: number }>;

/** What IODA sees of a place, as a measurement of the network there. `now`: ms since the epoch. */
export function measurementOf(sourceId: string, country: string, view: PlaceView, now: number): Measurement {
  const { place, says, since, signals } = view;
  const isRegion = place.startsWith('region/');
  const raw: ObservatoryView = {
    observatory: 'ioda',
    name: NAME,
    licence: null,
    url: `https://ioda.inetintel.cc.gatech.edu/${place}?from=${Math.floor((since - 6 * HOUR) / 1_000)}&until=${Math.floor(now / 1_000)}`,
    says,
    before: now - since > OLD ? 'unknown' : 'open',
    action: 'shutdown',
    method: signals.includes('bgp') ? 'bgp' : null,
    since,
    until: now,
    measurements: 0,
    networks: [],
    signals: [...new Set(signals.map(wordOf))],
    region: isRegion ? view.name : null,
  };
  return {
    id: `${sourceId}/${place}/${says}/${since}/${signals.join('+')}/${Math.floor(now / 60_000)}`,
    sourceId,
    kind: 'ioda',
    at: now,
    probeCc: country,
    probeAsn: 'AS0',
    vantageId: `${sourceId}/${place}`,
    target: 'internet',
    component: null,
    verdict: says === 'cut' ? 'outage' : says,
    detail: signals.join('+'),
    notes: [],
    raw,
  };
}

/** What was written of the last look; anything of another shape in it is passed over. */
export function cutPlacesOf(written: unknown): CutPlaces {
  const kept = loose(written);
  return Object.fromEntries(
    Object.entries(kept).flatMap(([place, one]) => {
      const { country, name, at } = loose(one);
      const isSound = typeof country === 'string' && typeof name === 'string' && typeof at === 'number';
      return isSound ? [[place, { country, name, at }]] : [];
    }),
  );
}

/** Events of a place that were taken back: what was cut and is not listed any more is open since it was last seen. */
export function takenBack(
  before: CutPlaces,
  listed: ReadonlySet<string>,
  isAsked: (place: string, country: string) => boolean,
) {
  return Object.entries(before).flatMap(([place, { country, name, at }]) =>
    listed.has(place) || !isAsked(place, country)
      ? []
      : [{ country, view: { place, name, says: 'open' as const, since: at, signals: [] } }],
  );
}
