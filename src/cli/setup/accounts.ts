/** The accounts of a setup: each platform asks its own questions; here it is decided which account of the configuration it is. */
import type { Identity } from '../../core/ports/chat-adapter.ts';
import type { Asker, MadeAccount, SetupDeps } from '../../core/ports/setup.ts';
import { type CheckDeps, within } from '../check/table.ts';
import { passingAdapter } from '../shared/passing-adapter.ts';
import type { Before } from './before.ts';
import { settable } from './options.ts';
import type { PlacedAccount } from './plan.ts';
import { referenceOf } from './write.ts';

const LOOK_MS = 10_000;

export interface Placed {
  account: PlacedAccount;
  made: MadeAccount;
  /** By the name of the file in the folder of secrets. */
  secrets: Record<string, string>;
}

export interface Known {
  id: string;
  platform: string;
  /** Who it is; null = not to be found out now. */
  identity: Identity | null;
}

/** Which platforms to set up now. Accounts that are there already stay, whatever is chosen. `implied`: options speak of them. */
export async function askPlatforms(
  asker: Asker,
  known: readonly Known[],
  { implied, interactive }: { implied: readonly string[]; interactive: boolean },
): Promise<string[]> {
  if (!asker.given('accounts') && (implied.length > 0 || (known.length > 0 && !interactive))) return [...implied];
  const choices = settable.map(({ platform, label, hint }) => {
    const ids = known.filter((one) => one.platform === platform).map(({ id }) => id);
    return {
      value: platform,
      label,
      hint: ids.length > 0 ? `there is: ${ids.join(', ')}; tick to change or add` : hint,
    };
  });
  const first = choices.find(({ value }) => settable.some((one) => one.platform === value && one.flags.length > 0));
  return await asker.several({
    flag: 'accounts',
    says: known.length > 0 ? 'Which accounts do you want to set up or change?' : 'Where shall it ring?',
    choices,
    initial: known.length > 0 || !first ? [] : [first.value],
  });
}

/** The accounts of the configuration, without asking anybody. */
export function knownAccounts({ config, data }: Before): Known[] {
  if (config && data.accounts == null) return [];
  const blocks = config?.accounts ?? (Array.isArray(data.accounts) ? (data.accounts as unknown[]) : []);
  return blocks.flatMap((one): Known[] => {
    const { id, platform } = (one ?? {}) as { id?: unknown; platform?: unknown };
    return typeof platform === 'string'
      ? [{ id: typeof id === 'string' ? id : platform, platform, identity: null }]
      : [];
  });
}

/** Until there is an account, and a place for it in the configuration. */
export async function makeAccount(
  platform: string,
  {
    asker,
    setup,
    before,
    check,
  }: { asker: Asker; setup: SetupDeps; before: readonly Known[]; check: CheckDeps | null },
): Promise<Placed> {
  const { load, secrets: secretKeys } = settable.find((one) => one.platform === platform)!;
  const { setup: platformSetup } = await load();
  for (;;) {
    const made = await platformSetup.ask(asker, setup);
    try {
      const known = check ? await identified(before, platform, check) : before;
      const placed = await place(made, known, asker);
      if (placed !== null) return withSecrets(placed, secretKeys);
    } catch (error) {
      await made.undo?.();
      throw error;
    }
    await made.undo?.();
  }
}

/** Asks the platform who each account of it is. */
async function identified(known: readonly Known[], platform: string, deps: CheckDeps): Promise<Known[]> {
  const look = async (one: Known): Promise<Known> => {
    const account = deps.config.accounts.find(({ id }) => id === one.id);
    if (one.platform !== platform || !account) return one;
    const adapter = await passingAdapter(account, deps);
    try {
      const found = await within(LOOK_MS, async (signal) => adapter.check?.(signal), deps);
      return { ...one, identity: found?.identity ?? null };
    } catch {
      return one;
    } finally {
      await adapter.stop().catch(() => undefined);
    }
  };
  return await Promise.all(known.map(look));
}

/** Null = another is to be given. */
async function place(made: MadeAccount, known: readonly Known[], asker: Asker): Promise<MadeAccount | null> {
  const same = known.find(
    (one) => one.platform === made.platform && one.identity !== null && one.identity.id === made.identity?.id,
  );
  if (same) {
    asker.say(`That is the account "${same.id}" of the configuration: it gets the new login.`);
    return { ...made, id: same.id };
  }
  const others = known.filter(({ platform }) => platform === made.platform);
  const free = freeId(made.id, known);
  if (others.length === 0) return { ...made, id: free };
  if (made.identity === null) return { ...made, id: others[0]!.id };
  const { id, identity } = others[0]!;
  const whose = identity ? `is ${identity.name}` : 'is not known to its platform now';
  const answer = await asker.ask({
    kind: 'one',
    flag: 'other',
    says: `This is ${made.identity.name}, and the account "${id}" of the configuration ${whose}. The chats of "${id}" belong to that one. What now?`,
    choices: [
      { value: 'again', label: 'Give another', hint: 'nothing is changed' },
      { value: 'add', label: `Add it as "${free}"`, hint: 'both ring' },
      {
        value: 'replace',
        label: `Let "${id}" be this one from now on`,
        hint: 'its chats hear only if they know this one, too',
      },
    ],
  });
  if (answer === 'again') {
    asker.wrong('Nothing was changed.');
    return null;
  }
  if (answer === 'add') return { ...made, id: free };
  return { ...made, id, keys: { ...made.keys, identity: made.identity.id } };
}

function freeId(wanted: string, known: readonly Known[]): string {
  const taken = new Set(known.map(({ id }) => id));
  for (let n = 1; ; n++) {
    const id = n === 1 ? wanted : `${wanted}${n}`;
    if (!taken.has(id)) return id;
  }
}

function withSecrets(made: MadeAccount, secretKeys: readonly string[]): Placed {
  const { id, platform, keys } = made;
  const named = secretKeys
    .filter((key) => made.secrets[key] !== undefined)
    .map((key) => ({ key, file: `${id}-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}` }));
  return {
    account: {
      id,
      platform,
      keys,
      references: Object.fromEntries(named.map(({ key, file }) => [key, referenceOf(file)])),
    },
    made,
    secrets: Object.fromEntries(named.map(({ key, file }) => [file, made.secrets[key]!])),
  };
}
