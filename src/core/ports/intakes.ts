import type { Measurement } from '../model/measurement.ts';
import type { Statement } from '../model/report.ts';
import type { Gazetteer } from './reading.ts';
import type { DurableState, Tools } from './runtime.ts';

/** One agent (a machine elsewhere that measures for this bot) as the operator wrote it into the config. What it claims about itself does not count. */
export interface AgentConfig {
  /** Names the agent in logs, commands and states: two of one id are an error of the config. */
  id: string;
  /** At least 20 characters; one for each agent. */
  token: string;
  /** Where it stands: ISO 3166 and `AS…`. Counts instead of what the agent says of itself. */
  country: string;
  asn: string;
  /** Names of its vantage points; absent = the first that it posts under, and no other. */
  vantages?: readonly string[] | undefined;
  /** Hosts and ids that it measures beside the services of the catalogue. */
  targets?: readonly string[] | undefined;
}

export interface AgentIntakeDeps extends Pick<Tools, 'clock' | 'log'> {
  agents: readonly AgentConfig[];
  /** Its own namespace; one key for each agent. */
  state: DurableState;
  /** Ids of the catalogue's services. Absent = whatever agents measure is taken, as where nobody is alerted. */
  services?: readonly string[];
  /** Blocks of the configuration that may name targets of their own: the vantage file, the sources. */
  configured?: readonly unknown[];
  /**
   * Keeps the measurements and judges those that are new by their id, in order; durable when it resolves. A crash after it and before
   * the acknowledgement is kept brings the batch again.
   */
  deliver(agentId: string, measurements: Measurement[]): Promise<void>;
}

export interface AgentRequest {
  method: string;
  /** The Authorization header. */
  authorization: string | null;
  /** Asked for only when the token is known. What it throws passes through. */
  body(): Promise<Uint8Array>;
}

export interface AgentResponse {
  /** Of HTTP. */
  status: number;
  /** JSON. */
  body: string;
}

/** For `/status`, `sources` and operators: country, network and times, never an address. */
export interface AgentStatus extends Pick<AgentConfig, 'id' | 'country' | 'asn'> {
  /** Its last post, ms since the epoch; null = it has never posted. */
  lastSeenAt: number | null;
  /** Of what it last measured it judged nothing, for its own line was down: it is heard of, and sees nothing. Absent = it sees. */
  blind?: boolean;
  /** By an operator: it empties its buffer, and what it sends counts for nothing. */
  stopped: boolean;
  /** Batches that the agent had to throw away, ever. */
  dropped: number;
  /** Measurements that were not taken, ever: of what nobody knows here, or under a foreign name. */
  refused?: number;
}

/** The centre's side: takes agents' batches, each once and in order, and hands them on. */
export interface AgentIntake {
  /** Bytes of a body that it takes. */
  readonly maxBytes: number;
  /**
   * One POST of one agent: 200 taken (what was refused of it is named), 401 unknown token, 400 no batch of ours, 413 too large, 503 try again.
   * Agents do not wait for each other.
   */
  handle(request: AgentRequest): Promise<AgentResponse>;
  /** Stops an agent (or lets it go on); it hears of it with its next post. False: there is no such agent. */
  stop(id: string, stopped: boolean): Promise<boolean>;
  /** Reads what other processes have kept of agents since. */
  refresh(): Promise<void>;
  /** All of the config, in its order. */
  list(): AgentStatus[];
  /** Agents that were heard of once and not for `ms` of this program's life: an alarm for operators. A stopped one still gives signs of life. */
  missing(ms: number): string[];
}

export interface ReportIntakeDeps extends Pick<Tools, 'clock' | 'log'> {
  /** Blocks of the sources that post, as the schema of their kind yields them. */
  sources: readonly unknown[];
  /** Ids of the catalogue's services, and the countries that there are: all else is refused. */
  services: readonly string[];
  countries: readonly string[];
  gazetteer: Pick<Gazetteer, 'place' | 'nameOf' | 'regionsOf'>;
  /** Keeps what is new by its id, and says how many are; durable when it resolves. */
  deliver(sourceId: string, statements: Statement[]): Promise<number>;
}

export interface ReportResponse extends AgentResponse {
  /** Seconds, where it makes sense to come again. */
  retryAfter?: number;
}

/** Takes reports that others post, each once. */
export interface ReportIntake {
  /** Bytes of a body that it takes. */
  readonly maxBytes: number;
  /** Posts that may be under way at a time: no source can take the places of another. */
  readonly atOnce: number;
  /**
   * One POST: 202 some are new, 200 all were known, 400 with the field that is wrong, 401 unknown token, 413 too large, 429 too often, 503 try
   * again. All or nothing.
   */
  handle(request: Omit<AgentRequest, 'method'>): Promise<ReportResponse>;
}
