import type { AccountConfig } from '../../config/schema.ts';
import { judgeIdentity, named } from '../../core/account/identity.ts';
import type { ChatAdapter, Identity } from '../../core/ports/chat-adapter.ts';
import { passingAdapter } from '../shared/passing-adapter.ts';
import { knownIdentities } from './database.ts';
import { type CheckDeps, failure, type Row, within } from './table.ts';

const DEADLINE_MS = 15_000;

/** Asks each platform once whether it knows the account; receives nothing, so a running bot misses nothing. */
export async function checkAccounts(deps: CheckDeps): Promise<Row[]> {
  const known = await knownIdentities(deps);
  return await Promise.all(
    deps.config.accounts.map((account) => checkAccount(account, known.get(account.id) ?? null, deps)),
  );
}

/** `kept`: whom its chats know; null = that is not known. */
async function checkAccount(account: AccountConfig, kept: Identity | null, deps: CheckDeps): Promise<Row> {
  const name = `${account.id} (${account.platform})`;
  let adapter: ChatAdapter | null = null;
  try {
    adapter = await passingAdapter(account, deps);
    const asked = adapter.check;
    if (!asked) return { part: 'account', name, ok: true, detail: 'needs no login' };
    const found = await within(DEADLINE_MS, (signal) => asked.call(adapter, signal), deps);
    const problem = found.problem ?? anotherThan(kept, account.identity ?? null, found.identity);
    const login = found.identity ? `logged in as ${found.identity.name}` : null;
    const well = [login, found.detail].filter(Boolean).join('; ') || 'logged in';
    const detail = problem ?? well;
    return { part: 'account', name, ok: found.ok && problem === null, detail };
  } catch (error) {
    return failure('account', name, error);
  } finally {
    await adapter?.stop().catch(() => undefined);
  }
}

/** Why the start would stop this account, with the remedy (a table's cell: short); null = it would not. */
function anotherThan(kept: Identity | null, configured: string | null, seen: Identity | undefined): string | null {
  if (!seen) return null;
  const { why } = judgeIdentity(kept, configured, seen);
  const token = `the token is that of ${named(seen)}`;
  if (why === 'another-than-in-config')
    return `${token}, and the config says identity: "${configured}": put in the token of that bot, or mend identity`;
  if (why === 'another-than-before')
    return `it was ${named(kept!)} until now, and ${token}: put the former token back, give the new one another id under accounts, or hand it these chats by identity: "${seen.id}"`;
  return null;
}
