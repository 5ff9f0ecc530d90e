/** What runs while this process holds `fanout`: broadcasts become deliveries, what comes at its time is made, pairs and boards are looked after. */

import { openConfiguredChats } from '../configured-chats.ts';
import type { Unit } from '../core/lease/supervisor.ts';
import { createBroadcaster } from '../core/outbox/broadcaster.ts';
import { createProgress } from '../core/outbox/progress.ts';
import type { Tenure } from '../core/ports/leases.ts';
import { createWaker } from '../core/regular/waker.ts';
import { createHousekeeping } from '../housekeeping.ts';
import { openBoards, openPairs } from '../pairs.ts';
import { createAccountsHealth } from './accounts-health.ts';
import type { ProcessParts } from './process.ts';

export async function beginFanout(parts: ProcessParts, tenure: Tenure): Promise<Unit> {
  const { clock, ids, log, metrics, here } = parts;
  const store = tenure.store;
  const { bus } = parts.store;
  await openConfiguredChats(parts.config.accounts, { ...parts, store });
  const ending = new AbortController();
  const { signal } = ending;
  const onFilled = () => bus.tell('outbox');
  const rateOf = (id: string): number =>
    here.accounts.get(id)?.sender.rate() ?? parts.faces.find((one) => one.accountId === id)?.pace.perSecond ?? 0;
  const broadcaster = createBroadcaster({
    store,
    clock,
    log,
    metrics,
    onFilled,
    afterRun: createProgress({ store, clock, log, rateOf }),
  });
  const waker = createWaker({ store, clock, ids, log, onFilled });
  const health = createAccountsHealth(parts);
  const pairs = openPairs({ ...parts, store, accounts: health.seen, wake: onFilled });
  const boards = openBoards({ ...parts, store, wake: onFilled });
  bus.hear('broadcasts', broadcaster.wake, signal);
  await health.look();
  const loops = [broadcaster, waker, pairs, boards, health].map((one) => one.loop(signal));
  loops.push(createHousekeeping({ store, clock, log, pid: process.pid }).prune(signal));
  return {
    async stop() {
      ending.abort();
      await Promise.allSettled(loops);
    },
  };
}
