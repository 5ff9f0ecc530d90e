/** An adapter as it may be used under a lease. */
import type { ChatAdapter, Pace, SendOutcome } from '../core/ports/chat-adapter.ts';
import type { DurableState } from '../core/ports/state.ts';

/** Whoever sends alerts while another process answers has two thirds of the pace, the other one third: together never more than all of it. */
const SHARES = { whole: 1, alerts: 2 / 3, answers: 1 / 3 } as const;
export type Part = keyof typeof SHARES;

/** Nothing is rounded up: the platform counts what both send. What is unpaced (0) stays so. */
export function paceOf(pace: Pace, part: Part): Pace {
  const share = SHARES[part];
  if (share === 1) return pace;
  const whole = (n: number): number => (n === 0 ? 0 : Math.max(1, Math.floor(n * share)));
  return {
    ...pace,
    perSecond: pace.perSecond * share,
    perGroupMinute: whole(pace.perGroupMinute),
    window: whole(pace.window),
  };
}

const OVER: SendOutcome = {
  kind: 'retry',
  afterMs: null,
  scope: 'chat',
  reason: 'canceled',
  detail: 'another process sends for this account now',
};

/** Asked right before each send: a process that was asleep meanwhile sends nothing more. `sent` is called after each. */
export function underLease(
  adapter: ChatAdapter,
  part: Part,
  valid: () => boolean,
  sent: () => void = () => undefined,
): ChatAdapter {
  return {
    ...adapter,
    pace: paceOf(adapter.pace, part),
    async send(message, signal) {
      if (!valid()) return OVER;
      const outcome = await adapter.send(message, signal);
      sent();
      return outcome;
    },
  };
}

/** Reads what is kept, and keeps what is written in memory: the account's state belongs to whoever receives. */
export function borrowed(state: DurableState): DurableState {
  const written = new Map<string, unknown>();
  return {
    get: async (key) => (written.has(key) ? structuredClone(written.get(key)) : await state.get(key)),
    set: async (key, value) => void written.set(key, structuredClone(value ?? null)),
    delete: async (key) => void written.set(key, undefined),
  };
}
