import { dirname, resolve } from 'node:path';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import type { AgentConfig } from '../core/ports/desks.ts';
import { sourceKinds } from '../sources/index.ts';
import { blockOf, claimed, fitted, readPart } from './blocks.ts';
import { displayName } from './read.ts';
import type { VantageConfig } from './schema.ts';
import { type Loading, type Place, resolveBlock } from './secrets.ts';

/** Reads the file of the own vantage point and hands it to the schema of the kind of source that probes. */
export async function readVantage(
  written: string | null,
  place: Place,
  loading: Loading,
): Promise<VantageConfig | null> {
  if (written === null) return null;
  const file = resolve(place.folder, written);
  const name = displayName(file, loading.cwd);
  const remedy = 'create it, or leave the key out to run without probes of your own';
  const data = await readPart(file, name, { file: place.name, path: 'vantage', remedy }, loading);
  if (data === undefined) return null;
  const { schema, paths } = sourceKinds.find((kind) => kind.vantage)!.vantage!;
  const vantage = fitted(schema, data, '', { name, problems: loading.problems });
  return vantage && { file, data: located(vantage, paths, dirname(file)) };
}

function located<T extends object>(data: T, paths: readonly string[], folder: string): T {
  const named = Object.entries(data).filter(([key, value]) => paths.includes(key) && typeof value === 'string');
  return { ...data, ...Object.fromEntries(named.map(([key, value]) => [key, resolve(folder, value)])) };
}

/** Countries that people write where the standard has another code. */
const MEANT: Record<string, string> = { UK: 'GB', EL: 'GR' };

export interface AgentsContext {
  /** Is there a listener that they can post to? */
  listens: boolean;
  /** Id of the own vantage point; what is measured is kept apart by it. */
  vantageId: string | null;
}

/** The agents that the file names, each with an id and a token of its own. */
export function readAgents(blocks: readonly unknown[], place: Place, context: AgentsContext): AgentConfig[] {
  const { name, problems } = place;
  if (blocks.length > 0 && !context.listens)
    problems.add(name, 'agents', 'have nowhere to post to', 'add "web: { listen: 127.0.0.1:8080 }"');
  const agents = blocks.map((block, i) => readAgent(block, `agents[${i}]`, place));
  const ids = new Map<unknown, string>(context.vantageId === null ? [] : [[context.vantageId, 'the vantage point']]);
  const tokens = new Map<string, string>();
  agents.forEach((agent, i) => {
    const id = agent?.id ?? (blocks[i] as { id?: unknown } | null)?.id;
    const earlier = id === undefined ? undefined : claimed(ids, id, `agents[${i}]`);
    if (earlier) {
      const wrong = `${JSON.stringify(id)} is the id of ${earlier}, too`;
      problems.add(name, `agents[${i}].id`, wrong, 'give each agent an id of its own');
    }
    const same = agent ? claimed(tokens, agent.token, `agents[${i}]`) : undefined;
    if (same) problems.add(name, `agents[${i}].token`, `is that of ${same}, too`, 'give each agent a token of its own');
  });
  return agents.filter((agent) => agent !== null);
}

function readAgent(written: unknown, path: string, place: Place): AgentConfig | null {
  const { schema, secrets } = sourceKinds.find((kind) => kind.agents)!.agents!;
  const block = blockOf(written, path, place, '{ id: example, token: env:NAME, country: RU, asn: AS64500 }');
  if (!block) return null;
  const { block: resolved, unresolved } = resolveBlock(block, path, secrets, place);
  const agent = fitted(schema, resolved, path, place, { secrets, silent: unresolved });
  if (!agent) return null;
  const { country } = agent;
  // XX: nowhere, as in a vantage file.
  if (country !== 'XX' && (country === 'EU' || !COUNTRIES.includes(country))) {
    const meant = MEANT[country];
    const how = meant ? `did you mean "${meant}"?` : 'take its code of ISO 3166-1, such as RU';
    place.problems.add(place.name, `${path}.country`, `"${country}" is no country`, how);
  }
  return agent;
}
