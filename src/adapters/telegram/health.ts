import { TocsinError } from '../../core/errors.ts';
import { onceWhileFailing } from '../../core/failures.ts';
import type { AdapterHealth } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Outage } from '../../core/ports/outage.ts';
import type { Answer } from './client.ts';
import { NETWORK_WIDE } from './outcome.ts';
import type { Trouble } from './poll.ts';

const CODES = { line: 'server', token: 'auth', conflict: 'client', webhook: 'client' } as const;
const errorOf = ({ kind, problem }: Pick<Trouble, 'kind' | 'problem'>): TocsinError =>
  new TocsinError(CODES[kind], problem, { kind });

export interface Health {
  /** Of the connection that receives; null = it works. */
  receiving(trouble: Pick<Trouble, 'kind' | 'problem'> | null): void;
  /** After each exchange of a send. */
  sent(answer: Answer): void;
  /** Sends that failed in a row so far. */
  failures(): number;
  now(): AdapterHealth;
}

/**
 * Warns once when receiving fails, again when the trouble is of another kind, and tells once when it is over. One failed poll is not
 * worth a line. Of sends it keeps only the state: whoever sends sees each outcome, and warns.
 */
export function createHealth({ clock, log, outage }: { clock: Clock; log: Log; outage: Outage }): Health {
  const problems: { receiving: string | null; sending: string | null } = { receiving: null, sending: null };
  const failing = onceWhileFailing(log, {
    begins: 'Unable to receive from Telegram; will go on trying',
    ends: 'Receiving from Telegram works again',
    kindOf: (error) => String((error as TocsinError).facts.kind),
    either: {
      says: 'Unable to receive from Telegram, either',
      when: (error) => (error as TocsinError).facts.kind === 'line' && !outage.begins('receiving'),
    },
  });
  let polls = 0;
  let failures = 0;
  let lastContactAt: number | null = null;

  return {
    receiving(trouble) {
      problems.receiving = trouble?.problem ?? null;
      if (trouble === null) {
        lastContactAt = clock.now();
        polls = 0;
        failing.working();
        outage.ends('receiving');
      } else if (++polls > 1 || trouble.kind !== 'line') failing.failing(errorOf(trouble));
    },
    sent(answer) {
      if (answer.kind === 'failure') {
        if (answer.reason === 'canceled') return;
        if (++failures >= NETWORK_WIDE) problems.sending = `Telegram does not take messages (${answer.detail})`;
        return;
      }
      lastContactAt = clock.now();
      const code = answer.body.ok ? 200 : (answer.body.error_code ?? answer.status);
      failures = code >= 500 ? failures + 1 : 0;
      if (code === 401 || code === 404) problems.sending = 'Telegram refuses the token';
      else if (code < 500) problems.sending = null;
      else if (failures >= NETWORK_WIDE) problems.sending = `Telegram answers ${code} to messages`;
    },
    failures: () => failures,
    now() {
      const problem = problems.receiving ?? problems.sending;
      return { ok: problem === null, problem, lastContactAt };
    },
  };
}
