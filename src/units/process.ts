/** What one process has whatever its leases are, and what runs in it now. */
import type { Config } from '../config/schema.ts';
import type { BotHealth } from '../core/commands/health.ts';
import type { Supervisor, Unit } from '../core/lease/supervisor.ts';
import type { Sender } from '../core/outbox/sender.ts';
import type { Spell } from '../core/picture/watched.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Poller } from '../core/poll/poller.ts';
import type { AgentDesk } from '../core/ports/agents.ts';
import type { AdapterHealth, ChatAdapter } from '../core/ports/chat-adapter.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Extractor } from '../core/ports/extractor.ts';
import type { Gazetteer } from '../core/ports/gazetteer.ts';
import type { Ids } from '../core/ports/ids.ts';
import type { LeaseName, SharedStore } from '../core/ports/leases.ts';
import type { Log } from '../core/ports/log.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { Pictures } from '../core/ports/pictures.ts';
import type { ServiceHosts } from '../core/ports/service-hosts.ts';
import type { Translators } from '../core/ports/translate.ts';
import type { MissingWatch } from '../core/status/missing.ts';
import type { OpenSources } from '../open-sources.ts';
import type { HttpClient } from '../platform/http.ts';
import type { IngestDoor } from './relay.ts';

export interface ProcessParts {
  config: Config;
  clock: Clock;
  ids: Ids;
  log: Log;
  metrics: Metrics;
  /** Of no lease: for what any process may write, and for reading. */
  store: SharedStore;
  client: Pick<HttpClient, 'http' | 'resolves'>;
  pictures: Pictures;
  translators: Translators;
  gazetteer: Gazetteer;
  /** Made when it is needed first. */
  extractor(): Promise<Extractor>;
  serviceHosts(): Promise<ServiceHosts>;
  /** One of each account, which neither receives nor sends: how it takes commands, what it is called. */
  faces: readonly ChatAdapter[];
  desk: AgentDesk | null;
  ingestDoor: IngestDoor;
  health(): Promise<BotHealth>;
  watched(): Promise<Spell[]>;
  /** Services that registers hold as blocked in a country. */
  heldIn(country: string): Promise<readonly string[]>;
  here: Here;
  supervisor(): Supervisor;
}

export interface AccountUnit extends Unit {
  holds: readonly LeaseName[];
  adapter: ChatAdapter;
  sender: Sender;
  health(): AdapterHealth;
}

export interface IngestUnit extends Unit {
  pipeline: Pipeline;
  poller: Poller;
  open: OpenSources;
  missing: MissingWatch;
}

/** What runs in this process now. */
export interface Here {
  ingest: IngestUnit | null;
  accounts: Map<string, AccountUnit>;
}

export const faceOf = ({ faces }: Pick<ProcessParts, 'faces'>, accountId: string): ChatAdapter | undefined =>
  faces.find((face) => face.accountId === accountId);
