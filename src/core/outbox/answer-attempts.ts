import type { ChatAddress } from '../model/chat.ts';
import type { SendOutcome } from '../ports/chat-adapter.ts';
import type { Reply } from './answer-plan.ts';
import { backoff } from './retry.ts';

/** Tries of one answer that fail for reasons of its own. */
const MAX_ATTEMPTS = 5;
/** An answer that the account could not send for so long, ms, is given up: whoever asked has asked again. */
const MAX_AGE = 3_600_000;
/** A chat that moves on and on is given up. */
const MAX_MOVES = 5;

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

/** What becomes of an answer, after one try. */
export type AnswerNext =
  | { do: 'done' }
  /** Once more, under the same key where it is the same message. */
  | { do: 'again'; attempts: number; waitMs: number }
  | { do: 'again-there'; attempts: number; to: ChatAddress }
  | { do: 'again-afresh' }
  /** The chat takes nothing: what else waits for it goes, too. */
  | { do: 'leave-chat' }
  /** The text before it has said the same. */
  | { do: 'say-less'; detail: string }
  | { do: 'complain'; message: string; fields: Record<string, string> };

/** Decides it. Pure. `reply`: as it was sent; `ageMs`: since it was sent first; `random` yields 0 to 1. */
export function answerNext(
  outcome: SendOutcome,
  entry: { reply: Pick<Reply, 'edit' | 'document'>; attempts: number; ageMs: number },
  random: () => number,
): AnswerNext {
  const { reply, attempts } = entry;
  switch (outcome.kind) {
    case 'delivered':
      return { do: 'done' };
    case 'retry': {
      const verdict = answerAgain(outcome, entry, random());
      if (verdict.next === 'again') return { do: 'again', attempts: verdict.attempts, waitMs: verdict.waitMs };
      const fields = { code: outcome.reason, why: verdict.why };
      return { do: 'complain', message: 'An answer could not be sent', fields };
    }
    case 'moved':
      return attempts >= MAX_MOVES ? { do: 'done' } : { do: 'again-there', attempts: attempts + 1, to: outcome.to };
    case 'gone':
      // It may be the account that is wrong: whether a chat ends is decided with the next alerts, among all chats (`gone-watch.ts`).
      return { do: 'leave-chat' };
    case 'rejected':
      // The message to replace may be gone: say it afresh.
      if (reply.edit !== null) return { do: 'again-afresh' };
      if (reply.document?.picture ?? reply.document?.file) return { do: 'say-less', detail: outcome.detail };
      return {
        do: 'complain',
        message: 'The platform refused an answer',
        fields: { code: outcome.reason, detail: outcome.detail },
      };
  }
}
