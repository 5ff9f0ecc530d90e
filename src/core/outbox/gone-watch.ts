import { PAUSED } from '../account/identity.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Settlement } from '../ports/outbox.ts';
import type { DurableState } from '../ports/state.ts';
import { afterVerdict, carefulFrom, decideGone, type GoneState, noteAnswer, trusting, tryIn } from './plan-gone.ts';

export interface GoneWatchDeps {
  accountId: string;
  /** The account's; a pause holds across a restart. */
  state: DurableState;
  clock: Clock;
  log: Log;
}

/** Ends chats that are gone, unless so many say so that the account itself must be wrong (`plan-gone.ts`). */
export interface GoneWatch {
  /** Whether the account was paused when the program ended. To be called before the first send. */
  restore(): Promise<void>;
  delivered(): void;
  /** A chat says that it is gone: what becomes of its delivery meanwhile. */
  gone(deliveryId: number, detail: string): Settlement;
  /**
   * What is known by now: deliveries whose chats end with them, and in how many ms to ask again, null = when something lands. `idle`:
   * nothing is due or under way.
   */
  decide(idle: boolean): { ended: Settlement[]; again: number | null };
  /** Paused: in how many ms a single try may begin; null = not paused. */
  tryIn(): number | null;
  /** One sentence for the status of the account; null = all is well. */
  problem(): string | null;
}

/** A chat that is kept is asked again after this, ms; adapters remember for less long that a chat was gone. */
const ASK_AGAIN = 15 * 60_000;
const REMEDY =
  "check that the account's token is that of the bot its chats know, and put that back; deliveries are kept, and sending goes on by itself when single tries arrive";

export function createGoneWatch({ accountId, state: durable, clock, log }: GoneWatchDeps): GoneWatch {
  let state: GoneState = trusting;
  let saved: Promise<unknown> = Promise.resolve();

  function save(paused: boolean): void {
    saved = saved
      .then(() => (paused ? durable.set(PAUSED, { at: clock.now() }) : durable.delete(PAUSED)))
      .catch(() => undefined);
  }

  function note(suspect: Parameters<typeof noteAnswer>[1]): void {
    const wasPaused = state.careful !== null;
    state = noteAnswer(state, suspect, clock.monotonic());
    if (!wasPaused || state.careful !== null) return;
    save(false);
    log.info('Chats are reached again: the account goes on', { account: accountId });
  }

  return {
    async restore() {
      if ((await durable.get(PAUSED)) == null) return;
      state = carefulFrom(clock.monotonic());
      log.warn('This account is still paused: most of its chats answered that they are gone', {
        account: accountId,
        remedy: REMEDY,
      });
    },
    delivered: () => note(null),
    gone(id, detail) {
      note({ deliveryId: id, detail, since: clock.monotonic() });
      return { id, outcome: 'retry', nextAt: clock.now() + ASK_AGAIN };
    },
    decide(idle) {
      const now = clock.monotonic();
      const verdict = decideGone(state, idle, now);
      state = afterVerdict(state, verdict, now);
      if (verdict.verdict === 'wait') return { ended: [], again: verdict.ms };
      if (verdict.verdict === 'pause') {
        save(true);
        const { gone, of } = verdict;
        log.warn('Most chats of this account answer that they are gone: none is ended, and the account is paused', {
          account: accountId,
          gone,
          of,
          remedy: REMEDY,
        });
      }
      if (verdict.verdict !== 'end') return { ended: [], again: null };
      log.info('Chats are gone; their subscriptions end', {
        account: accountId,
        count: verdict.suspects.length,
        detail: verdict.suspects[0]!.detail,
      });
      const ended = verdict.suspects.map(
        ({ deliveryId, detail }): Settlement => ({ id: deliveryId, outcome: 'gone', reason: detail }),
      );
      return { ended, again: null };
    },
    tryIn: () => tryIn(state, clock.monotonic()),
    problem: () =>
      state.careful === null ? null : 'most chats answer that they are gone: paused but for single tries',
  };
}
