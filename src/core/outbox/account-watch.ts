import type { AccountHalf, Outage, SendOutcome } from '../ports/chat-adapter.ts';
import type { Tools } from '../ports/runtime.ts';
import { accountBackoff, type Pacer } from './pacer.ts';

/** So long without trouble, ms, and sending works again. */
const CALM = 10_000;

/** Watches an account as a whole: one that refuses or does not answer holds everybody, once, instead of each send finding out anew. */
export function createAccountWatch(deps: Tools & { accountId: string; pacer: Pacer; outage: Outage }) {
  const { accountId, pacer, clock, ids, log, outage } = deps;
  let failures = 0;
  let troubled = false;
  let troubledAt = 0;
  let watching = false;

  /** A line that breaks every third send is one trouble, not one after another. */
  async function calm(): Promise<void> {
    watching = true;
    const seen = troubledAt;
    await clock.sleep(CALM).catch(() => undefined);
    watching = false;
    if (!troubled || seen !== troubledAt) return;
    troubled = false;
    outage.ends('sending');
    log.info('Sending works again', { account: accountId });
  }

  return {
    note(outcome: SendOutcome): void {
      if (outcome.kind === 'delivered') {
        failures = 0;
        if (troubled && !watching) void calm();
        return;
      }
      if (outcome.kind !== 'retry' || outcome.scope !== 'account') return;
      const now = clock.monotonic();
      troubledAt = now;
      const limited = outcome.reason === 'rate_limited';
      // What was under way when the account was asked to wait fails with it: that is the same trouble, not another one.
      const same = pacer.pausedUntil() > now;
      const wait = limited
        ? (outcome.afterMs ?? 1_000)
        : Math.max(outcome.afterMs ?? 0, same ? 0 : accountBackoff(failures++, ids.random()));
      pacer.pause(now + wait, limited && !same);
      if (limited && same) return;
      if (limited) {
        log.info('The platform asks to wait', {
          account: accountId,
          ms: wait,
          rate: Math.round(pacer.rate() * 10) / 10,
        });
      } else if (!troubled) {
        troubled = true;
        const line = outcome.reason === 'server' || outcome.reason === 'timeout';
        const fields = { account: accountId, code: outcome.reason, detail: outcome.detail };
        if (!line || outage.begins('sending')) log.warn('Unable to send; will go on trying', fields);
        else log.info('Unable to send, either', fields);
      }
    },
  };
}

export function createOutage(): Outage {
  const failing = new Set<AccountHalf>();
  return {
    begins(half) {
      const first = [...failing].every((one) => one === half);
      failing.add(half);
      return first;
    },
    ends: (half) => void failing.delete(half),
  };
}
