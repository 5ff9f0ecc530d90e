/** What is known of single networks and regions, for `status`: what was measured there, and what is open there. */
import type { Incident } from '../model/incident.ts';
import type { Block } from '../model/message.ts';
import type { IncidentTable, ReportTable } from '../ports/store.ts';
import { OPERATORS } from './ask/places.ts';
import type { CommandContext } from './command.ts';
import { incidentList } from './describe.ts';
import { code, head, line } from './document.ts';

export interface NetworkCapabilities {
  incidents: Pick<IncidentTable, 'list'>;
  reports: Pick<ReportTable, 'byIncident'>;
}

/** Open incidents whose reports are looked through, newest first, and reports of each. */
const MAX_INCIDENTS = 60;
const MAX_REPORTS = 20;
const MAX_SHOWN = 8;

/** "AS8359 (MTS, Russia)": what was measured there of what is open; never that all is well. */
export async function networkBlocks(
  networks: readonly string[],
  context: CommandContext,
  can: NetworkCapabilities,
): Promise<Block[]> {
  const { words, typed } = context;
  const blocks: Block[] = [];
  for (const network of networks) {
    const operator = OPERATORS.find(([, asn]) => asn === network);
    const country = operator?.[0] ?? null;
    const name = operator ? `${network} (${operator[2]}, ${words.country(country)})` : network;
    const open = await can.incidents.list({ open: true, limit: MAX_INCIDENTS, ...(country ? { country } : {}) });
    const measured = await measuredOn(network, open, can);
    blocks.push(head(name));
    if (measured.length > 0) {
      blocks.push(line(words.say('network.seen')), ...incidentList(measured, MAX_SHOWN, context));
      continue;
    }
    const command = code(typed(`status ${country ?? 'ru'}`));
    blocks.push(line(words.say('network.none')), line(...words.rich('network.country', { command })));
  }
  return blocks;
}

async function measuredOn(network: string, open: readonly Incident[], can: NetworkCapabilities): Promise<Incident[]> {
  const found: Incident[] = [];
  for (const incident of open) {
    const reports = await can.reports.byIncident(incident.id, MAX_REPORTS);
    if (reports.some(({ measured }) => measured?.networks.includes(network))) found.push(incident);
  }
  return found;
}

/** What is open in a region by itself; where nothing is, that, before what is told of the whole country. */
export async function regionBlocks(
  regions: readonly string[],
  context: CommandContext,
  can: Pick<NetworkCapabilities, 'incidents'>,
): Promise<Block[]> {
  const { words } = context;
  const blocks: Block[] = [];
  for (const region of regions) {
    const country = region.slice(0, 2);
    const open = await can.incidents.list({ country, open: true, limit: MAX_INCIDENTS });
    const there = open.filter((one) => one.regions.includes(region));
    const name = words.say('place.one', { regions: words.region(region), country: words.country(country) });
    if (there.length > 0) blocks.push(head(name), ...incidentList(there, MAX_SHOWN, context));
    else
      blocks.push(line(words.say('place.unknown', { region: words.region(region), country: words.country(country) })));
  }
  return blocks;
}
