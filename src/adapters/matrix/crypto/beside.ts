import TEXTS from '../../../../config/terminal-texts.json' with { type: 'json' };
import { codeOf, messageOf, TocsinError } from '../../../core/errors.ts';
import type { Clock, DurableState, Ids, Log } from '../../../core/ports/runtime.ts';
import { keepAtIt, wakeable } from '../../../core/wakeable.ts';
import { type Json, json } from '../untrusted.ts';
import type { Link } from './cross-signing.ts';
import type { Meeting, Outcome, Party, Witness } from './verification.ts';

/**
 * A terminal beside the running bot: whoever sits there is the witness of a verification that the bot does, since the keys are the bot's alone. The two talk by two rows of the account's
 * state, wherever either runs: what the terminal wants and answers, and what the bot asks. Emoji and yes or no go through there, no secret does.
 */
const WANTED = 'verify/terminal';
const SHOWN = 'verify/bot';
const LOOK_MS = 2_000;
const TURN_MS = 400;
/** One that does not move for so long is not there any more. */
const GONE_MS = 20_000;

type Ends = { outcome: Outcome | null } | { problem: string };
interface Shown {
  id: string;
  /** Moves while the bot is there. */
  beat: number;
  asks: { n: number; who: Party; emoji: readonly number[] | null } | null;
  ends: Ends | null;
}

type Seat = { state: DurableState; clock: Clock; signal: AbortSignal };

/** Tells whether the other one, whose row moves while it is there, has gone. */
function watchOf(clock: Clock): (beat: unknown) => boolean {
  let [last, at]: [unknown, number] = [undefined, clock.monotonic()];
  return (beat) => {
    if (beat !== last) [last, at] = [beat, clock.monotonic()];
    return clock.monotonic() - at > GONE_MS;
  };
}

/** At the terminal: sees one verification through. `whom` as in a `Meeting`. Throws what the bot could not do. */
export async function witnessBeside(
  { state, clock, signal, ids }: Seat & { ids: Pick<Ids, 'next'> },
  whom: string | null,
  witness: Witness,
): Promise<Outcome | null> {
  const id = ids.next();
  const isGone = watchOf(clock);
  let answer: { n: number; yes: boolean | null } | null = null;
  let asked = { n: 0, over: new AbortController() };
  try {
    for (let beat = 1; ; beat++) {
      await state.set(WANTED, { id, beat, whom, answer });
      const shown = json(await state.get(SHOWN)) as unknown as Shown;
      const ours = shown.id === id;
      if (ours && shown.ends) {
        if ('problem' in shown.ends) throw new TocsinError('client', shown.ends.problem);
        return shown.ends.outcome;
      }
      if (isGone(ours && shown.beat)) throw new TocsinError('client', TEXTS.keys.botSilent);
      const asks = ours ? shown.asks : null;
      if (asks?.n !== asked.n) asked.over.abort(new Error('it does not matter any more'));
      if (asks && asks.n !== asked.n) {
        const { n, who, emoji } = asks;
        asked = { n, over: new AbortController() };
        const both = AbortSignal.any([signal, asked.over.signal]);
        const said = emoji ? witness.compare(emoji, who, both) : witness.accepts(who, both);
        const answered = (yes: boolean | null): void => {
          answer = { n, yes };
        };
        said.then(answered, () => answered(null));
      }
      await clock.sleep(TURN_MS, signal);
    }
  } finally {
    asked.over.abort(new Error('over'));
    await state.set(WANTED, null);
  }
}

/** At the bot, for as long as the signal lets it: does what a terminal wants. Never throws. */
export function serveTerminals(
  { state, clock, signal, ids, log }: Seat & { ids: Pick<Ids, 'next'>; log: Log },
  open: (work: (link: Link) => Promise<Outcome | null>) => Promise<Outcome | null>,
): Promise<void> {
  let done: unknown;
  let last: Json = {};
  return keepAtIt(
    async () => {
      const before = last;
      last = json(await state.get(WANTED));
      const { id, whom, beat } = last;
      // What does not move was left by somebody who is gone.
      if (typeof id !== 'string' || id === done || id !== before.id || beat === before.beat) return;
      log.info('Somebody at a terminal verifies the bot');
      done = id;
      await serve(id, typeof whom === 'string' ? whom : null);
    },
    LOOK_MS,
    { clock, log, begins: 'Unable to look whether a terminal wants to verify the bot', ends: null, level: 'warn' },
    signal,
  );

  async function serve(id: string, whom: string | null): Promise<void> {
    // Not in memory until somebody comes.
    const { meet } = await import('./verification.ts');
    const over = new AbortController();
    const moved = wakeable(clock);
    let shown: Shown = { id, beat: 0, asks: null, ends: null };
    let count = 0;
    let wanted: Json = {};
    const until = AbortSignal.any([signal, over.signal]);
    const show = (more: Partial<Shown>): Promise<void> =>
      state.set(SHOWN, (shown = { ...shown, ...more, beat: shown.beat + 1 }));
    const consult = async (who: Party, emoji: readonly number[] | null, given: AbortSignal): Promise<boolean> => {
      const n = ++count;
      await show({ asks: { n, who, emoji } });
      given.addEventListener('abort', () => void (shown.asks?.n === n && (shown = { ...shown, asks: null })));
      for (;;) {
        moved.begin();
        const { n: of, yes } = json(wanted.answer);
        given.throwIfAborted();
        if (of === n && yes === null) throw new Error('they left');
        if (of === n) return yes === true;
        await moved.pause(TURN_MS, AbortSignal.any([until, given]));
        until.throwIfAborted();
      }
    };
    const meeting: Meeting = {
      whom,
      since: 'now',
      witness: {
        accepts: (who, given) => consult(who, null, given),
        compare: (emoji, who, given) => consult(who, emoji, given),
      },
      clock,
      txnId: ids.next(),
      signal: until,
    };
    const isGone = watchOf(clock);
    const listening = (async () => {
      while (!until.aborted) {
        wanted = json(await state.get(WANTED));
        if (wanted.id !== id || isGone(wanted.beat)) return over.abort(new Error('nobody sits at the terminal'));
        moved.wake();
        await show({});
        await clock.sleep(TURN_MS, until).catch(() => undefined);
      }
    })();
    const ends = await open((link) => meet(link, meeting)).then(
      (outcome): Ends => ({ outcome }),
      (error: unknown): Ends => ({
        problem: codeOf(error) === 'internal' ? 'it failed: the log has it' : messageOf(error),
      }),
    );
    over.abort(new Error('over'));
    await listening.catch(() => undefined);
    await show({ asks: null, ends });
  }
}
