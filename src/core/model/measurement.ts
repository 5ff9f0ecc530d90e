/**
 * One observation round about one target from one vantage point, as a source yields it. `core/judge` turns measurements into reports;
 * raw observations are kept with the verdict so that it can be recomputed when rules change.
 */
export interface Measurement {
  /** Unique; agents make it, so a repeated delivery is recognisable. */
  id: string;
  sourceId: string;
  /** `probe`, `ooni`, `ioda` …: which judge reads it. */
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
  /** Raw observations as JSON-able facts; never page bodies. Shape is the kind's own. */
  raw: unknown;
  /** When it got here, ms since the epoch, where an agent brought it; what it says of `at` is its own word. Absent = measured here. */
  arrivedAt?: number;
}

/** Kind of the measurements of own probes and agents, which are judged by the rule of rounds; those of observatories have kinds of their own. */
export const JUDGED_KIND = 'probe';

/** `sourceId` of what an agent brought is this and the agent's id. */
export const AGENT_SOURCE = 'agent/';

/** Id of the agent that brought it; null = our own. */
export const agentOf = ({ sourceId }: Pick<Measurement, 'sourceId'>): string | null =>
  sourceId.startsWith(AGENT_SOURCE) ? sourceId.slice(AGENT_SOURCE.length) : null;
