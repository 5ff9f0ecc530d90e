import * as v from 'valibot';
import { adapterKinds } from '../adapters/index.ts';
import { addIssues } from './issues.ts';
import { suggestion } from './problems.ts';
import type { AccountConfig } from './schema.ts';
import { type Place, resolveBlock } from './secrets.ts';

/** Names of the platforms in the register. */
export type AccountKinds = readonly string[];

/** The accounts of the file; without any, those of the environment; without these, the console alone. */
export function readAccounts(
  written: unknown[] | undefined,
  place: Place,
): { accounts: AccountConfig[]; platforms: AccountKinds } {
  const platforms = adapterKinds.map((kind) => kind.platform);
  if (written) {
    const accounts = written.map((block, i) => readAccount(block, `accounts[${i}]`, place));
    return { accounts: unique(accounts, place), platforms };
  }
  const fromEnv = adapterKinds.map((kind) => kind.fromEnv(place.env)).filter((block) => block !== null);
  const blocks = fromEnv.length > 0 ? fromEnv : [{ id: 'console', platform: 'console' }];
  const at: Place = { ...place, name: fromEnv.length > 0 ? 'environment' : place.name };
  const accounts = blocks.map((block) => readAccount(block, String(block.platform), at));
  return { accounts: unique(accounts, at), platforms };
}

function readAccount(block: unknown, path: string, place: Place): AccountConfig | null {
  const { name, problems } = place;
  const platforms = adapterKinds.map((kind) => kind.platform);
  if (block === null || typeof block !== 'object' || Array.isArray(block)) {
    problems.add(name, path, 'should be a block of keys', 'such as { id: console, platform: console }');
    return null;
  }
  const { platform } = block as Record<string, unknown>;
  if (platform === undefined) {
    problems.add(name, `${path}.platform`, 'is missing', `add one of: ${platforms.join(', ')}`);
    return null;
  }
  const kind = adapterKinds.find((candidate) => candidate.platform === platform);
  if (!kind) {
    problems.add(
      name,
      `${path}.platform`,
      `${JSON.stringify(platform)} is no platform`,
      suggestion(String(platform), platforms),
    );
    return null;
  }
  const { block: resolved, unresolved } = resolveBlock(block as Record<string, unknown>, path, kind.secrets, place);
  const result = v.safeParse(kind.schema, resolved);
  if (result.success) return result.output as AccountConfig;
  addIssues(result.issues, kind.schema, { name, path, problems, secrets: kind.secrets, silent: unresolved });
  return null;
}

function unique(accounts: (AccountConfig | null)[], { name, problems }: Place): AccountConfig[] {
  const first = new Map<string, number>();
  accounts.forEach((account, i) => {
    if (!account) return;
    const earlier = first.get(account.id);
    if (earlier === undefined) first.set(account.id, i);
    else
      problems.add(
        name,
        `accounts[${i}].id`,
        `"${account.id}" is the id of accounts[${earlier}] too`,
        'give each account an id of its own',
      );
  });
  if (accounts.length === 0)
    problems.add(name, 'accounts', 'names no account', 'name one, or leave the key out for the console');
  return accounts.filter((account) => account !== null);
}
