import type { AdapterHealth } from '../../core/ports/chat-adapter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Answer } from './client.ts';
import { NETWORK_WIDE } from './outcome.ts';

export interface Health {
  /** Of the connection that receives; null = it works. */
  receiving(problem: string | null): void;
  /** After each exchange of a send. */
  sent(answer: Answer): void;
  /** Sends that failed in a row so far. */
  failures(): number;
  now(): AdapterHealth;
}

/** Warns when a problem is new or has changed, tells once when it is over. */
export function createHealth(clock: Clock, log: Log): Health {
  const problems: { receiving: string | null; sending: string | null } = { receiving: null, sending: null };
  let failures = 0;
  let lastContactAt: number | null = null;

  const note = (part: keyof typeof problems, problem: string | null): void => {
    if (problem === problems[part]) return;
    if (problem !== null) log.warn('Trouble with Telegram', { part, problem });
    else log.info('Telegram works again', { part });
    problems[part] = problem;
  };

  return {
    receiving(problem) {
      if (problem === null) lastContactAt = clock.now();
      note('receiving', problem);
    },
    sent(answer) {
      if (answer.kind === 'failure') {
        if (answer.reason === 'canceled') return;
        if (++failures >= NETWORK_WIDE) note('sending', `Telegram does not take messages (${answer.detail})`);
        return;
      }
      lastContactAt = clock.now();
      const code = answer.body.ok ? 200 : (answer.body.error_code ?? answer.status);
      if (code === 401 || code === 404) note('sending', 'Telegram refuses the token');
      else if (code < 500) note('sending', null);
      failures = code >= 500 ? failures + 1 : 0;
      if (failures >= NETWORK_WIDE) note('sending', `Telegram answers ${code} to messages`);
    },
    failures: () => failures,
    now() {
      const problem = problems.receiving ?? problems.sending;
      return { ok: problem === null, problem, lastContactAt };
    },
  };
}
