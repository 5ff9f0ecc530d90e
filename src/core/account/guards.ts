import { codeOf } from '../errors.ts';
import type { AdapterHandlers, AdapterHealth, ChatAdapter } from '../ports/chat-adapter.ts';
import type { Log } from '../ports/log.ts';
import type { DurableState } from '../ports/state.ts';
import { createIdentityGuard, type IdentityGuard } from './identity.ts';

export interface AccountGuardsDeps {
  log: Log;
  /** The account's own. */
  stateOf(accountId: string): DurableState;
  /** The account may send from now on. */
  onCleared(accountId: string): void;
}

/** The identity guards of all accounts, and what follows from them. */
export interface AccountGuards {
  /** `configured`: `identity` of the account's config. The same guard each time. */
  of(accountId: string, configured?: string | null): IdentityGuard;
  /** As the adapter's own; an account that is another bot than before is stopped instead, and nobody else is. */
  start(adapter: ChatAdapter, handlers: AdapterHandlers): Promise<void>;
  /** May this account send? */
  cleared(adapter: ChatAdapter): boolean;
  /** The adapter's, unless something else stands in its way: its identity, or `problem`, as its sender says. */
  healthOf(adapter: ChatAdapter, problem: string | null): AdapterHealth;
}

export function createAccountGuards({ log, stateOf, onCleared }: AccountGuardsDeps): AccountGuards {
  const guards = new Map<string, IdentityGuard>();

  function of(accountId: string, configured: string | null = null): IdentityGuard {
    const known = guards.get(accountId);
    if (known) return known;
    const state = stateOf(accountId);
    const guard = createIdentityGuard({ accountId, configured, state, log, onCleared: () => onCleared(accountId) });
    guards.set(accountId, guard);
    return guard;
  }

  return {
    of,
    async start(adapter, handlers) {
      try {
        await adapter.start(handlers);
      } catch (error) {
        if (codeOf(error) !== 'identity_changed') throw error;
        await adapter.stop();
      }
    },
    cleared: (adapter) => !adapter.hasIdentity || of(adapter.accountId).cleared(),
    healthOf(adapter, problem) {
      const found = of(adapter.accountId).problem() ?? problem;
      return found === null ? adapter.health() : { ...adapter.health(), ok: false, problem: found };
    },
  };
}
