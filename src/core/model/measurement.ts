import type { Action, Method } from './incident.ts';

/**
 * One observation round about one target from one vantage point, as a source yields it. `core/judge` turns measurements into reports;
 * raw observations are kept with the verdict so that it can be recomputed when rules change.
 */
export interface Measurement {
  /** Unique; agents make it, so a repeated delivery is recognisable. */
  id: string;
  sourceId: string;
  /** `probe`, `ooni`, `ioda` …: which judge reads it; of an observatory's, the same as `raw.observatory`. */
  kind: string;
  at: number;
  /** ISO 3166-1 alpha-2 of the vantage point (OONI's probe_cc). */
  probeCc: string;
  /** "AS64500" (OONI's probe_asn). */
  probeAsn: string;
  vantageId: string;
  /** Service id, or the host name where it belongs to no service; null for an event of the vantage point itself. */
  target: string | null;
  /** Component of the service ("registration", "web"), null = the whole. */
  component: string | null;
  /** Verdict words of probes.md, section 2. */
  verdict: string;
  detail: string | null;
  notes: string[];
  /** What it rests on, as JSON-able facts; never page bodies. `raw.observatory` tells whose it is; null = nothing was kept. */
  raw: ObservatoryView | ProbeFacts | null;
  /** When it got here, ms since the epoch, where an agent brought it; what it says of `at` is its own word. Absent = measured here. */
  arrivedAt?: number;
}

/**
 * What an own probe or an agent saw, kept to be judged again (`sources/probe/index.ts`). An agent's is its own word, of whatever shape:
 * only what recognises block pages looks into it.
 */
export interface ProbeFacts {
  observatory?: undefined;
  [fact: string]: unknown;
}

/** Kind of the measurements of own probes and agents, which are judged by the rule of rounds; those of observatories have kinds of their own. */
export const JUDGED_KIND = 'probe';

/** `sourceId` of what an agent brought is this and the agent's id. */
export const AGENT_SOURCE = 'agent/';

/** Id of the agent that brought it; null = our own. */
export const agentOf = ({ sourceId }: Pick<Measurement, 'sourceId'>): string | null =>
  sourceId.startsWith(AGENT_SOURCE) ? sourceId.slice(AGENT_SOURCE.length) : null;

/**
 * What an observatory (a public service that measures from many networks) sees of one service in one country, by its rule in `core/judge`. Whether
 * that is worth a word is said there, too (`observatory.ts`). Times are the observatory's own, ms since the epoch, UTC.
 */
export interface ObservatoryView {
  /** Kind of the observatory: one kind is one voice of measurement, whatever it is called in the configuration. */
  observatory: string;
  /** As people know it, its licence where what is shown of it must name one, and where to look. */
  name: string;
  licence: string | null;
  url: string | null;
  /** `cut`: by its rule. `partly`: of what was cut, a part is back. `open`: works again, or still. */
  says: 'cut' | 'partly' | 'open';
  /** Of a cut: how it was before. One that is as old as all that is known opens nothing; `unknown`: it does where it was seen open before. */
  before: 'open' | 'cut' | 'unknown';
  /** No more than is usual there: it opens nothing, not even after a return. */
  isUsual?: boolean;
  /** Not enough for its rule, or not what this is about: a sign and no more. */
  isSign?: boolean;
  /** It is that nobody measures there any more. */
  isSilence?: boolean;
  action: Action;
  method: Method | null;
  /** Since when it has been so, and until when that is known. */
  since: number;
  until: number;
  /** Begin of what it rests on; absent = `since`. */
  from?: number;
  /** How many measurements, from which networks ("AS64500"); 0 and none where it does not count so. */
  measurements: number;
  networks: string[];
  /** Independent signals that agree, such as `bgp`; none where it does not tell. */
  signals: string[];
  region: string | null;
}

/** What chats follow, and no observatory is asked for: more than there is room for. Countries and services, how many of each. */
export interface LeftOut {
  countries: number;
  services: number;
  /** There are more than were counted. */
  isMore: boolean;
}

const MAX_VIEW_NETWORKS = 50;
const MAX_SIGNALS = 8;

/** The view in a measurement of an observatory, bounded; null in any other, and in what an agent calls one. Old rows are read by it as well. */
export function viewOf(of: Pick<Measurement, 'kind' | 'raw' | 'sourceId'>): ObservatoryView | null {
  const { raw } = of;
  if (agentOf(of) !== null || raw?.observatory === undefined) return null;
  if (raw.observatory !== of.kind || !Array.isArray(raw.networks)) return null;
  const { networks, signals = [] } = raw;
  return { ...raw, networks: networks.slice(0, MAX_VIEW_NETWORKS), signals: signals.slice(0, MAX_SIGNALS) };
}

/**
 * A measurement of an observatory: its view of one service in one country, at `at` of our clock. Absent: the source's vantage point in that
 * country, no network in particular.
 */
type Sighting = Pick<Measurement, 'id' | 'sourceId' | 'at' | 'verdict'> &
  Partial<Pick<Measurement, 'vantageId' | 'probeAsn' | 'notes' | 'detail'>> & {
    country: string;
    service: string;
    view: Omit<ObservatoryView, keyof typeof UNTOLD> & Partial<ObservatoryView>;
  };
/** Of a view that does not say. */
const UNTOLD = { licence: null, method: null, measurements: 0, networks: [], signals: [], region: null };

/** As it is kept; which networks counted stands in the view. */
export const asMeasurement = ({ country, service, view, ...seen }: Sighting): Measurement => ({
  ...seen,
  kind: view.observatory,
  probeCc: country,
  probeAsn: seen.probeAsn ?? 'AS0',
  vantageId: seen.vantageId ?? `${seen.sourceId}/${country}`,
  target: service,
  component: null,
  detail: seen.detail ?? null,
  notes: seen.notes ?? [],
  raw: { ...UNTOLD, ...view },
});
