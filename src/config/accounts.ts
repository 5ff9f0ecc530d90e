import { resolve } from 'node:path';
import { adapterKinds } from '../adapters/index.ts';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import { PERCENT_REMEDY } from '../core/model/connection-address.ts';
import type { AgentConfig } from '../core/ports/intakes.ts';
import { sourceKinds } from '../sources/index.ts';
import { blockOf, claimed, doubled, fitted, kindOf, placeOf, readPart } from './blocks.ts';
import { ENVIRONMENT, shown, suggestion } from './problems.ts';
import { checkPercents } from './read.ts';
import type { AccountConfig, VantageConfig } from './schema.ts';
import { type Place, resolveBlock } from './secrets.ts';

/** Reads the file of the own vantage point and hands it to the schema of the kind of source that probes. */
export async function readVantage(written: string | null, place: Place): Promise<VantageConfig | null> {
  if (written === null) return null;
  const at = placeOf(written, place);
  const remedy = 'create it, or leave the key out to run without probes of your own';
  const data = await readPart(at, { file: place.name, path: 'vantage', remedy });
  if (data === undefined) return null;
  const { schema, paths } = sourceKinds.find((kind) => kind.vantage)!.vantage!;
  const vantage = fitted(schema, data, '', at);
  return vantage && { file: at.file, data: located(vantage, paths, at.folder) };
}

function located<T extends object>(data: T, paths: readonly string[], folder: string): T {
  const named = Object.entries(data).filter(([key, value]) => paths.includes(key) && typeof value === 'string');
  return { ...data, ...Object.fromEntries(named.map(([key, value]) => [key, resolve(folder, value)])) };
}

/** Countries that people write where the standard has another code. */
const MEANT: Record<string, string> = { UK: 'GB', EL: 'GR' };

/**
 * The agents that the file names, each with an id and a token of its own. `listens`: is there a listener that they can post to? `vantageId`: of the own
 * vantage point; what is measured is kept apart by it.
 */
export function readAgents(
  blocks: readonly unknown[],
  place: Place,
  { listens, vantageId }: { listens: boolean; vantageId: string | null },
): AgentConfig[] {
  const { name, problems } = place;
  if (blocks.length > 0 && !listens)
    problems.add(name, 'agents', 'have nowhere to post to', 'add "web: { listen: 127.0.0.1:8080 }"');
  const agents = blocks.map((block, i) => readAgent(block, `agents[${i}]`, place));
  const ids = agents.map((agent, i) => ({ id: idOf(agent, blocks[i]), path: `agents[${i}]`, place }));
  const own = { id: vantageId, path: 'the vantage point', place };
  doubled('agent', ids, new Map(vantageId === null ? [] : [[vantageId, own]]));
  const tokens = new Map<string, string>();
  agents.forEach((agent, i) => {
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

/** Does its one chat stand in the configuration? */
export const hasChat = ({ platform }: AccountConfig): boolean =>
  adapterKinds.some((kind) => kind.platform === platform && kind.chat !== undefined);

/** A terminal's. */
export const isConsole = ({ platform }: Pick<AccountConfig, 'platform'>): boolean => platform === 'console';

/** The accounts of the file; without any, those of the environment; without these, the console alone. */
export function readAccounts(written: unknown[] | undefined, place: Place) {
  if (written) {
    const accounts = written.map((block, i) => readAccount(block, `accounts[${i}]`, place));
    return unique(accounts, written, place);
  }
  const fromEnv = adapterKinds.map((kind) => kind.fromEnv(place.env)).filter((block) => block !== null);
  const blocks = fromEnv.length > 0 ? fromEnv : [{ id: 'console', platform: 'console' }];
  const at: Place = { ...place, name: fromEnv.length > 0 ? ENVIRONMENT : place.name };
  for (const block of fromEnv)
    checkPercents(block, String(block.platform), (path, wrong) =>
      at.problems.add(at.name, path, wrong, PERCENT_REMEDY),
    );
  const accounts = blocks.map((block) => readAccount(block, String(block.platform), at));
  return unique(accounts, blocks, at);
}

function readAccount(written: unknown, path: string, place: Place): AccountConfig | null {
  const block = blockOf(written, path, place, '{ id: console, platform: console }');
  if (!block) return null;
  const known = { kinds: adapterKinds, key: 'platform', noun: 'platform' } as const;
  const { kind, guessed } = kindOf(block, path, place, known);
  if (!kind) return null;
  const { secrets, schema } = kind;
  const { block: resolved, unresolved } = resolveBlock(block, path, secrets, place);
  if (guessed) unresolved.add('platform');
  return fitted(schema, resolved, path, place, { secrets, silent: unresolved, guessed }) as AccountConfig | null;
}

const idOf = (made: { id: string } | null, block: unknown): unknown =>
  made?.id ?? (block as { id?: unknown } | null)?.id;

function unique(accounts: (AccountConfig | null)[], blocks: unknown[], place: Place): AccountConfig[] {
  const { name, problems } = place;
  const ids = accounts.map((account, i) => ({ id: idOf(account, blocks[i]), path: `accounts[${i}]`, place }));
  doubled('account', ids);
  if (accounts.length === 0)
    problems.add(name, 'accounts', 'names no account', 'name one, or leave the key out for the console');
  return accounts.filter((account) => account !== null);
}

/** `platform:id` of each; what names no person or no platform is reported. */
export function readOperators(operators: unknown[], { name, problems }: Place): string[] {
  const platforms = adapterKinds.map((kind) => kind.platform);
  for (const [i, operator] of operators.entries()) {
    const [, platform, id] = /^([a-z]+):(\S+)$/.exec(typeof operator === 'string' ? operator : '') ?? [];
    const path = `operators[${i}]`;
    if (!platform || !id) {
      const how = 'write it as "platform:id", such as "telegram:12345" or "matrix:@ann:example.org", in quotes';
      problems.add(name, path, `${shown(operator)} names no person`, how);
    } else if (!platforms.includes(platform)) {
      problems.add(name, path, `${JSON.stringify(platform)} is no platform`, suggestion(platform, platforms));
    }
  }
  return operators.map(String);
}
