import { adapterKinds } from '../adapters/index.ts';
import { PERCENT_REMEDY } from '../core/model/connection-address.ts';
import { blockOf, claimed, fitted, kindOf } from './blocks.ts';
import { ENVIRONMENT, shown, suggestion } from './problems.ts';
import { checkPercents } from './read.ts';
import type { AccountConfig } from './schema.ts';
import { type Place, resolveBlock } from './secrets.ts';

/** Names of the platforms in the register. */
type AccountKinds = readonly string[];

/** Does its one chat stand in the configuration? */
export const hasChat = ({ platform }: AccountConfig): boolean =>
  adapterKinds.some((kind) => kind.platform === platform && kind.chat !== undefined);

/** The accounts of the file; without any, those of the environment; without these, the console alone. */
export function readAccounts(
  written: unknown[] | undefined,
  place: Place,
): { accounts: AccountConfig[]; platforms: AccountKinds } {
  const platforms = adapterKinds.map((kind) => kind.platform);
  if (written) {
    const accounts = written.map((block, i) => readAccount(block, `accounts[${i}]`, place));
    return { accounts: unique(accounts, written, place), platforms };
  }
  const fromEnv = adapterKinds.map((kind) => kind.fromEnv(place.env)).filter((block) => block !== null);
  const blocks = fromEnv.length > 0 ? fromEnv : [{ id: 'console', platform: 'console' }];
  const at: Place = { ...place, name: fromEnv.length > 0 ? ENVIRONMENT : place.name };
  for (const block of fromEnv)
    checkPercents(block, String(block.platform), (path, wrong) =>
      at.problems.add(at.name, path, wrong, PERCENT_REMEDY),
    );
  const accounts = blocks.map((block) => readAccount(block, String(block.platform), at));
  return { accounts: unique(accounts, blocks, at), platforms };
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

/** A faulty account still uses up its id: both faults are reported at once. */
function unique(accounts: (AccountConfig | null)[], blocks: unknown[], { name, problems }: Place): AccountConfig[] {
  const first = new Map<unknown, number>();
  accounts.forEach((account, i) => {
    const id = account?.id ?? (blocks[i] as { id?: unknown } | null)?.id;
    const earlier = id === undefined ? undefined : claimed(first, id, i);
    if (earlier !== undefined) {
      const wrong = `"${id}" is the id of accounts[${earlier}], too`;
      problems.add(name, `accounts[${i}].id`, wrong, 'give each account an id of its own');
    }
  });
  if (accounts.length === 0)
    problems.add(name, 'accounts', 'names no account', 'name one, or leave the key out for the console');
  return accounts.filter((account) => account !== null);
}

/** `platform:id` of each; what names no person or no platform is reported. */
export function readOperators(operators: unknown[], { name, problems }: Place, platforms: AccountKinds): string[] {
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
