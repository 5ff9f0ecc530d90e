import type { SendOutcome } from '../ports/chat-adapter.ts';
import { backoff } from './retry.ts';

/** Tries of one answer that fail for reasons of its own. */
const MAX_ATTEMPTS = 5;
/** An answer that the account could not send for so long, ms, is given up: whoever asked has asked again. */
const MAX_AGE = 3_600_000;

export type AnswerVerdict =
  | { next: 'again'; waitMs: number; attempts: number }
  /** To be logged, once an answer. */
  | { next: 'give-up'; why: 'attempts' | 'age' };

/**
 * What becomes of an answer that could not be sent yet. Only failures of its own chat count as attempts: while the whole account must
 * wait (the platform's limit, a server that is down), the answer waits with it. Pure. `ageMs`: since it was queued; `random`: 0–1.
 */
export function answerAgain(
  outcome: Extract<SendOutcome, { kind: 'retry' }>,
  entry: { attempts: number; ageMs: number },
  random: number,
): AnswerVerdict {
  const waitMs = outcome.afterMs ?? backoff(entry.attempts, random);
  if (outcome.scope === 'account')
    return entry.ageMs > MAX_AGE
      ? { next: 'give-up', why: 'age' }
      : { next: 'again', waitMs, attempts: entry.attempts };
  if (entry.attempts >= MAX_ATTEMPTS) return { next: 'give-up', why: 'attempts' };
  return { next: 'again', waitMs, attempts: entry.attempts + 1 };
}
