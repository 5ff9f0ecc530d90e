import { isInForce } from '../model/incident.ts';
import { JUDGED_KIND, type Measurement } from '../model/measurement.ts';
import type { Inline } from '../model/message.ts';
import { type ObservatoryView, viewOf } from '../model/observatory.ts';
import type { MeasurementFilter, MeasurementTable, ReportTable } from '../ports/store.ts';
import type { Translator } from '../ports/translate.ts';
import { reportsInForce } from '../render/evidence.ts';
import { observatoriesOf, observedLine } from '../render/observed.ts';
import type { ObservedCut, ServiceStatus } from '../status/derive.ts';

/** Lines that name an observatory, in one section. */
const MAX_LINES = 8;
const MAX_REPORTS = 20;
/** Of services without an incident so many are looked up: each is a question to the store. */
const MAX_LOOKED = 4;
const LATELY = 24 * 3_600_000;
/** Each observatory has looked anew by then. */
const JUST_NOW = 3 * 3_600_000;
const MAX_MEASUREMENTS = 200;
/** ms. */
const FRESH_FOR = 60_000;
/** Services; each holds up to `MAX_MEASUREMENTS`. */
const MAX_REMEMBERED = 20;

export interface ObservedCapabilities {
  reports: Pick<ReportTable, 'byIncident'>;
  /** Absent: what is measured without an incident is not shown. */
  lately?: Lately;
}

/** What was measured of a service in the last day, newest first; read once a minute, however many ask. */
export interface Lately {
  /** `now`: ms since the epoch. */
  of(service: string, now: number): Promise<readonly Measurement[]>;
  /** What observatories see cut in that country, by the newest word of each. */
  cutIn(country: string, now: number): Promise<readonly ObservedCut[]>;
}

export function createLately(measurements: Pick<MeasurementTable, 'recent'>): Lately {
  const known = new Map<string, { at: number; found: readonly Measurement[] }>();

  async function read(key: string, now: number, filter: Omit<MeasurementFilter, 'limit'>) {
    const seen = known.get(key);
    if (seen && Math.abs(now - seen.at) < FRESH_FOR) return seen.found;
    const found = await measurements.recent({ ...filter, limit: MAX_MEASUREMENTS });
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(key, { at: now, found });
    return found;
  }

  return {
    of: (service, now) => read(service, now, { target: service, since: now - LATELY }),
    async cutIn(country, now) {
      const filter = { country, notKind: JUDGED_KIND, since: now - JUST_NOW };
      const found = await read(`in ${country}`, now, filter);
      const newest = new Map<string, ObservedCut | null>();
      for (const one of found) {
        const view = one.target === null ? null : viewOf(one);
        const key = `${one.kind} ${one.target}`;
        if (!view || view.region !== null || newest.has(key)) continue;
        newest.set(key, view.says === 'cut' && !view.isSign ? cutOf(country, one.target!, view) : null);
      }
      return [...newest.values()].filter((one) => one !== null);
    },
  };
}

/** Of what has lasted for longer than observatories are asked for the begin is not known. */
const KNOWN_FOR = 14 * 86_400_000;

const cutOf = (country: string, service: string, { action, since, until }: ObservatoryView): ObservedCut => ({
  country,
  service,
  action,
  since: until - since >= KNOWN_FOR ? null : since,
  until,
});

export interface Observing {
  nameOf(status: ServiceStatus): string;
  words: Translator;
  now: number;
}

/**
 * Rows of which nothing tells but observatories that measured them within the last hours, and all of which see them open: open, says the row. What one of
 * them sees cut stays as it is.
 */
export async function withOpenSeen(
  rows: readonly ServiceStatus[],
  now: number,
  can: ObservedCapabilities,
): Promise<ServiceStatus[]> {
  const unknown = rows.filter(({ state, incident, covered }) => state === 'unknown' && incident === null && !covered);
  const looked = new Set(unknown.slice(0, MAX_LOOKED));
  const seen = async (row: ServiceStatus): Promise<ServiceStatus> => {
    const views = looked.has(row) ? await viewsLately(row, now, can) : [];
    const evidenceAt = Math.max(...views.map(({ until }) => until));
    const isOpen = views.length > 0 && views.every(({ says }) => says === 'open') && now - evidenceAt <= LATELY;
    return isOpen ? { ...row, state: 'open', confidence: 'corroborated', evidenceAt } : row;
  };
  return Promise.all(rows.map(seen));
}

/** Which observatories bear out what is in force, and what they see of services without an incident (cut for long, or open), each with its link. */
export async function observedLines(
  rows: readonly ServiceStatus[],
  { nameOf, words, now }: Observing,
  can: ObservedCapabilities,
): Promise<Inline[][]> {
  const lines: Inline[][] = [];
  const open = rows.filter(({ covered }) => !covered);
  const known = open.filter(({ incident }) => incident !== null && isInForce(incident));
  for (const status of known.slice(0, MAX_LINES)) {
    const reports = await can.reports.byIncident(status.incident!.id, MAX_REPORTS);
    const force = reportsInForce(status.incident!, reports);
    for (const one of observatoriesOf(force)) lines.push([`${nameOf(status)}: `, ...observedLine(one, words)]);
  }
  for (const status of open.filter((one) => !known.includes(one)).slice(0, MAX_LOOKED)) {
    for (const view of await viewsLately(status, now, can)) {
      const [source, ...counts] = observedLine(asReport(view), words);
      lines.push([
        `${nameOf(status)}: `,
        source!,
        `${words.dash}${words.say(view.says === 'cut' ? 'state.block' : 'state.open')}`,
        ...counts,
      ]);
    }
  }
  return lines.slice(0, MAX_LINES);
}

/** The newest of each observatory about this service of this country. */
async function viewsLately({ country, service }: ServiceStatus, now: number, can: ObservedCapabilities) {
  if (country === null || service === null || !can.lately) return [];
  const recent = await can.lately.of(service, now);
  const newest = new Map<string, ObservatoryView>();
  for (const one of recent) {
    const view = one.probeCc === country ? viewOf(one) : null;
    if (view && !newest.has(view.observatory)) newest.set(view.observatory, view);
  }
  return [...newest.values()].filter(({ says, isSign }) => says !== 'partly' && !isSign);
}

const asReport = ({ observatory, name, url, licence, networks, signals, measurements }: ObservatoryView) => ({
  url,
  publisherName: name,
  sourceId: name,
  measured: {
    strength: 'window-rule' as const,
    verdict: '',
    component: null,
    observatory,
    networks,
    signals,
    ...(measurements > 0 ? { measurements } : {}),
    ...(licence === null ? {} : { licence }),
  },
});
