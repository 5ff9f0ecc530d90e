import type { SendOutcome } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Pacer } from './pacer.ts';
import { accountBackoff } from './retry.ts';

/** Watches an account as a whole: one that refuses or does not answer holds everybody, once, instead of each send finding out anew. */
export interface AccountWatch {
  heard(outcome: SendOutcome): void;
}

export function createAccountWatch(deps: {
  accountId: string;
  pacer: Pacer;
  clock: Clock;
  ids: Ids;
  log: Log;
}): AccountWatch {
  const { accountId, pacer, clock, ids, log } = deps;
  let failures = 0;
  let troubled = false;
  return {
    heard(outcome) {
      if (outcome.kind === 'delivered') {
        failures = 0;
        if (troubled) log.info('Sending works again', { account: accountId });
        troubled = false;
        return;
      }
      if (outcome.kind !== 'retry' || outcome.scope !== 'account') return;
      const limited = outcome.reason === 'rate_limited';
      const wait = limited
        ? (outcome.afterMs ?? 1_000)
        : Math.max(outcome.afterMs ?? 0, accountBackoff(failures++, ids.random()));
      pacer.pause(clock.monotonic() + wait, limited);
      if (limited) {
        log.info('The platform asks to wait', {
          account: accountId,
          ms: wait,
          rate: Math.round(pacer.rate() * 10) / 10,
        });
      } else if (!troubled) {
        troubled = true;
        log.warn('Unable to send; will go on trying', {
          account: accountId,
          code: outcome.reason,
          detail: outcome.detail,
        });
      }
    },
  };
}
