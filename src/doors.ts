/** What others bring to the web listener: measurements of agents, and reports of newsrooms, monitors and authorities. */
import type { Config } from './config/schema.ts';
import { COUNTRIES } from './core/commands/country-names.ts';
import type { AgentDesk } from './core/ports/agents.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Log } from './core/ports/log.ts';
import type { Store } from './core/ports/store.ts';
import { sourceKinds } from './sources/index.ts';
import type { IngestDoor } from './units/relay.ts';
import { mountAgents } from './web/agents.ts';
import type { Web } from './web/index.ts';
import { mountReports } from './web/reports.ts';

export interface DoorDeps {
  config: Config;
  store: Store;
  clock: Clock;
  log: Log;
  ingestDoor: IngestDoor;
  /** Null: nothing listens. */
  web: Web | null;
  /** Aborts when the program stops. */
  stopping: AbortSignal;
}

/** Where machines elsewhere hand in what they measured; the config sees to it that there is a listener then. */
export async function openDesk({
  config,
  store,
  clock,
  log,
  ingestDoor,
  web,
  stopping,
}: DoorDeps): Promise<AgentDesk | null> {
  const kind = sourceKinds.find((one) => one.agents);
  if (config.agents.length === 0 || !kind?.agents) return null;
  const { createAgentDesk } = await kind.agents.load();
  const made = await createAgentDesk({
    agents: config.agents,
    clock,
    log,
    state: store.state('agents'),
    services: config.catalogue.services.map(({ id }) => id),
    configured: [config.vantage?.data, ...config.sources],
    deliver: ingestDoor.measurements,
  });
  if (web) mountAgents(web.mount, made, stopping);
  return made;
}

/** Where sources post what they state. */
export async function openReports({ config, clock, log, ingestDoor, web, stopping }: DoorDeps): Promise<void> {
  const kind = sourceKinds.find((one) => one.posts);
  const sources = config.sources.filter((one) => one.kind === kind?.kind);
  if (sources.length === 0 || !kind?.posts || !web) return;
  const { createReportDesk } = await kind.posts.load();
  const made = createReportDesk({
    sources,
    services: config.catalogue.services.map(({ id }) => id),
    countries: COUNTRIES,
    clock,
    log,
    deliver: ingestDoor.statements,
  });
  mountReports(web.mount, made, stopping);
}
