import { codeOf, TocsinError } from './errors.ts';
import type { AdapterHandlers, AdapterHealth, ChatAdapter, Identity } from './ports/chat-adapter.ts';
import type { DurableState, Log } from './ports/runtime.ts';

/** What is to be thought of whom an account's token turns out to be. */
export type IdentityVerdict =
  | { ok: true; why: 'same' | 'first-seen' | 'named-in-config' }
  | { ok: false; why: 'another-than-before' | 'another-than-in-config' };

/** Pure. `kept`: who the account was before, null = not known (a new account, or a state of an older version). */
export function judgeIdentity(kept: Identity | null, configured: string | null, seen: Identity): IdentityVerdict {
  if (configured !== null && configured !== seen.id) return { ok: false, why: 'another-than-in-config' };
  if (kept === null) return { ok: true, why: 'first-seen' };
  if (kept.id === seen.id) return { ok: true, why: 'same' };
  return configured === null ? { ok: false, why: 'another-than-before' } : { ok: true, why: 'named-in-config' };
}

/** Whom the account's state knows it as; null = nobody, or nobody that is to be held to it. */
export async function keptIdentity(state: Pick<DurableState, 'get'>): Promise<Identity | null> {
  // While most chats say that they are gone, the present bot may be the wrong one, and the next the right one.
  return (await state.get(PAUSED)) == null ? identityIn(await state.get(KEY)) : null;
}

interface IdentityGuardDeps {
  accountId: string;
  /** `identity` of the account's config. */
  configured: string | null;
  state: DurableState;
  log: Log;
  /** The account may send from now on. */
  onCleared(): void;
}

export type IdentityGuard = ReturnType<typeof createIdentityGuard>;

const KEY = 'identity';
/** Where the account's state says that most of its chats answer that they are gone (`outbox/flights.ts`). */
export const PAUSED = 'paused';

/** Stops an account whose token is that of another bot than before, before it sends or reads anything. */
export function createIdentityGuard({ accountId, configured, state, log, onCleared }: IdentityGuardDeps) {
  let cleared = false;
  let problem: string | null = null;

  return {
    /** As an adapter calls it (`AccountIdentity`). */
    async confirm(seen: Identity, before: Identity | null = null): Promise<void> {
      const doubted = (await state.get(PAUSED)) != null;
      const kept = doubted ? null : ((await keptIdentity(state)) ?? before);
      const verdict = judgeIdentity(kept, configured, seen);
      if (!verdict.ok) {
        const error = refusal(accountId, kept, configured, seen);
        if (problem === null) log.error(error.message, error.facts);
        problem = 'the token is that of another bot than before: stopped';
        throw error;
      }
      if (verdict.why === 'named-in-config')
        log.warn('This account is another bot than before, as its config says (identity)', {
          account: accountId,
          before: named(kept!),
          now: named(seen),
        });
      const { id, name, link } = seen;
      if (kept?.id !== id || kept.name !== name || kept.link !== link || before !== null)
        await state.set(KEY, { id, name, ...(link ? { link } : {}) });
      if (!cleared && seen.link) log.info('Connected', { account: accountId, name: seen.name, link: seen.link });
      cleared = true;
      problem = null;
      onCleared();
    },
    /** As the adapter's own; an account that is another bot than before is stopped instead, and nobody else is. */
    async start(adapter: ChatAdapter, handlers: AdapterHandlers): Promise<void> {
      try {
        await adapter.start(handlers);
      } catch (error) {
        if (codeOf(error) !== 'identity_changed') throw error;
        await adapter.stop();
      }
    },
    /** May this account send and receive? Not before its platform, where that knows who it is, has said so. */
    cleared: (adapter: Pick<ChatAdapter, 'login'>): boolean => cleared || !adapter.login?.hasIdentity,
    /** The adapter's, unless something else stands in its way: its identity, or `of`, as its sender says. */
    healthOf(adapter: Pick<ChatAdapter, 'health'>, of: string | null): AdapterHealth {
      const found = problem ?? of;
      return found === null ? adapter.health() : { ...adapter.health(), ok: false, problem: found };
    },
  };
}

export const named = ({ id, name }: Identity): string => (name === id ? id : `${name} (id ${id})`);

function identityIn(value: unknown): Identity | null {
  const found = value as Partial<Identity> | null | undefined;
  if (typeof found?.id !== 'string' || typeof found.name !== 'string') return null;
  return { id: found.id, name: found.name, ...(typeof found.link === 'string' ? { link: found.link } : {}) };
}

function refusal(account: string, kept: Identity | null, configured: string | null, seen: Identity): TocsinError {
  const facts = { account, before: kept && named(kept), now: named(seen) };
  const what =
    configured !== null && kept === null
      ? `its token is that of ${named(seen)}, and its config says identity: "${configured}". Put in the token of that bot, or mend identity`
      : `it was ${named(kept!)} until now, and its token is that of ${named(seen)}, whom its chats do not know. Put the former token back; or give the new bot an account of its own (another id under accounts); or, to hand it this account's chats, write identity: "${seen.id}" for it`;
  return new TocsinError('identity_changed', `Account "${account}" is stopped: ${what}`, facts);
}
