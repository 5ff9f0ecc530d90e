import type { Config } from '../config/schema.ts';
import type { BotHealth, PressHealth } from '../core/commands/look/health.ts';
import type { Supervisor, Unit } from '../core/lease.ts';
import type { MissingWatch } from '../core/missing.ts';
import type { Sender } from '../core/outbox/sender.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Poller } from '../core/poll/poller.ts';
import type { AdapterHealth, ChatAdapter, Pictures } from '../core/ports/chat-adapter.ts';
import type { Likely, Wants } from '../core/ports/encoder.ts';
import type { AgentIntake } from '../core/ports/intakes.ts';
import type { LeaseName, SharedStore } from '../core/ports/leases.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { Extractor, Gazetteer, Publishers, ServiceHosts } from '../core/ports/reading.ts';
import type { Tools } from '../core/ports/runtime.ts';
import type { Credit } from '../core/ports/source.ts';
import type { Translators } from '../core/ports/translate.ts';
import type { Period } from '../core/timeline.ts';
import type { HttpClient } from '../platform/http.ts';
import type { Core } from './compose.ts';
import type { IngestRelay } from './intakes.ts';
import type { OpenSources } from './open-sources.ts';

/** What one process has whatever its leases are, and what runs in it now. */

export interface ProcessParts extends Tools {
  config: Config;
  metrics: Metrics;
  /** Of no lease: for what any process may write, and for reading. */
  store: SharedStore;
  client: Pick<HttpClient, 'http' | 'resolves'>;
  pictures: Pictures;
  translators: Translators;
  gazetteer: Gazetteer;
  publishers: Publishers;
  credits: readonly Credit[];
  core: Core;
  /** Made when it is needed first. */
  extractor(): Promise<Extractor>;
  serviceHosts(): Promise<ServiceHosts>;
  /** What sentences want, of whatever words; null = told by patterns alone. */
  likely: Likely;
  wants: Wants['wants'] | null;
  /** One of each account, which neither receives nor sends: how it takes commands, what it is called. */
  idleAdapters: readonly ChatAdapter[];
  intake: AgentIntake | null;
  ingestRelay: IngestRelay;
  health(): Promise<BotHealth>;
  press(): Promise<PressHealth | null>;
  watched(): Promise<readonly Period[]>;
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
  /** Null: nobody measures for this bot. */
  missing: MissingWatch | null;
}

/** What runs in this process now. */
interface Here {
  ingest: IngestUnit | null;
  accounts: Map<string, AccountUnit>;
}
