import type { Measurement } from '../../core/model/measurement.ts';
import type { ObservatoryView } from '../../core/model/observatory.ts';
import type { RoundResult } from './round.ts';

/** A service that answers again is looked at once more after so long: a look alone lifts nothing. */
const FOLLOW_MS = 65 * 60_000;
/** What is cut is looked at again after three hours, and the longer it lasts the more seldom, but once a day: nobody may ever say that it is over. */
export const CUT_AGAIN_MS = 3 * 3_600_000;
const SELDOM_MS = 24 * 3_600_000;
const PART_OF_AGE = 4;

export interface Asked {
  service: string;
  country: string;
}

/** What the last look at a service in a country said, and since when; `again`: when to look once more. Times: ms since the epoch. */
export interface Seen {
  says: 'cut' | 'open';
  since: number;
  again: number | null;
}

/** By name; what is stored and is none is left out. */
export const seenOf = (kept: unknown): Map<string, Seen> =>
  new Map(
    Object.entries((kept ?? {}) as Record<string, Seen>).filter(
      ([, one]) => typeof one?.since === 'number' && (one.says === 'cut' || one.says === 'open'),
    ),
  );

/** As an observatory's view: open since it was first found so, one look after the other. `wasThere`: its name stood in the national DNS before. */
export function observed(
  { service, country }: Asked,
  found: RoundResult,
  { last, wasThere }: { last: Seen | undefined; wasThere: boolean },
  { id, sourceId, at }: { id: string; sourceId: string; at: number },
): { measurement: Measurement; seen: Seen } {
  const says = found.says === 'cut' ? 'cut' : 'open';
  const since = last?.says === says && last.since <= at ? last.since : at;
  const cutAgain = at + Math.min(SELDOM_MS, Math.max(CUT_AGAIN_MS, (at - since) / PART_OF_AGE));
  const again = says === 'cut' ? cutAgain : last?.says === 'cut' ? at + FOLLOW_MS : null;
  const view: ObservatoryView = {
    observatory: 'globalping',
    name: 'Globalping',
    licence: null,
    url: found.id === null ? 'https://globalping.io/' : `https://globalping.io/?measurement=${found.id}`,
    says,
    before: found.method === 'dns' && wasThere ? 'open' : last ? last.says : 'unknown',
    action: 'block',
    method: found.method,
    since,
    until: at,
    measurements: found.looks,
    networks: found.networks,
    signals: [],
    region: null,
  };
  const measurement: Measurement = {
    id,
    sourceId,
    kind: 'globalping',
    at,
    probeCc: country,
    probeAsn: found.networks[0] ?? 'AS0',
    vantageId: sourceId,
    target: service,
    component: null,
    verdict: found.verdict,
    detail: null,
    notes: [],
    raw: view,
  };
  return { measurement, seen: { says, since, again } };
}
