import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import type { AgentConfig } from '../core/ports/desks.ts';
import { sourceKinds } from '../sources/index.ts';
import { addIssues, FIRST_FAULT } from './problems.ts';
import { displayName, readData, replaceMissing } from './read.ts';
import type { VantageConfig } from './schema.ts';
import { type Loading, type Place, resolveBlock } from './secrets.ts';

/** Reads the file of the own vantage point and hands it to the schema of the kind of source that probes. */
export async function readVantage(
  written: string | null,
  place: Place,
  loading: Loading,
): Promise<VantageConfig | null> {
  if (written === null) return null;
  const { problems, cwd } = loading;
  const file = resolve(place.folder, written);
  const name = displayName(file, cwd);
  loading.files.add(file);
  const data = await readData(file, name, problems);
  if (data === undefined) {
    replaceMissing(problems, name, {
      file: place.name,
      path: 'vantage',
      remedy: 'create it, or leave the key out to run without probes of your own',
    });
    return null;
  }
  const { schema, paths } = sourceKinds.find((kind) => kind.vantage)!.vantage!;
  const result = v.safeParse(schema, data, FIRST_FAULT);
  if (result.success) return { file, data: located(result.output, paths, dirname(file)) };
  addIssues(result.issues, schema, { name, path: '', problems });
  return null;
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
    const earlier = ids.get(id);
    if (earlier) {
      const wrong = `${JSON.stringify(id)} is the id of ${earlier}, too`;
      problems.add(name, `agents[${i}].id`, wrong, 'give each agent an id of its own');
    } else if (id !== undefined) ids.set(id, `agents[${i}]`);
    if (!agent) return;
    const same = tokens.get(agent.token);
    if (same) problems.add(name, `agents[${i}].token`, `is that of ${same}, too`, 'give each agent a token of its own');
    else tokens.set(agent.token, `agents[${i}]`);
  });
  return agents.filter((agent) => agent !== null);
}

function readAgent(block: unknown, path: string, place: Place): AgentConfig | null {
  const { name, problems } = place;
  const { schema, secrets } = sourceKinds.find((kind) => kind.agents)!.agents!;
  if (block === null || typeof block !== 'object' || Array.isArray(block)) {
    const how = 'such as { id: example, token: env:NAME, country: RU, asn: AS64500 }';
    problems.add(name, path, 'should be a block of keys', how);
    return null;
  }
  const { block: resolved, unresolved } = resolveBlock(block as Record<string, unknown>, path, secrets, place);
  const result = v.safeParse(schema, resolved, FIRST_FAULT);
  if (!result.success) {
    addIssues(result.issues, schema, { name, path, problems, secrets, silent: unresolved });
    return null;
  }
  const { country } = result.output;
  // XX: nowhere, as in a vantage file.
  if (country !== 'XX' && (country === 'EU' || !COUNTRIES.includes(country))) {
    const meant = MEANT[country];
    const how = meant ? `did you mean "${meant}"?` : 'take its code of ISO 3166-1, such as RU';
    problems.add(name, `${path}.country`, `"${country}" is no country`, how);
  }
  return result.output;
}
