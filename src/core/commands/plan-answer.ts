import type { Admission } from './admission.ts';

/** What the router does with a command that was read, and why. */
export type AnswerPlan =
  | { do: 'nothing'; why: 'over-budget-and-said' }
  | { do: 'say-slow'; why: 'over-budget' }
  /** What it may do, and who may give it. */
  | { do: 'refuse'; why: 'not-permitted' }
  /** Looked up when its turn comes. */
  | { do: 'put-off'; why: 'crowd' }
  /** One answer for all who press the same button. */
  | { do: 'answer-aside'; why: 'others-read-along' }
  | { do: 'run'; brief: boolean; why: 'permitted' };

/** Decides it. Pure. `isCommand` false: a sentence, or nothing that is understood; `question`: it changes nothing. */
export function planAnswer(
  { isCommand, question, crowded }: { isCommand: boolean; question: boolean; crowded: boolean },
  { verdict, permitted, asker, aside }: Admission,
): AnswerPlan {
  if (verdict === 'silent') return { do: 'nothing', why: 'over-budget-and-said' };
  if (verdict === 'dropped') return { do: 'say-slow', why: 'over-budget' };
  if (isCommand && !permitted) return { do: 'refuse', why: 'not-permitted' };
  // Who runs the bot waits for nobody; a popup costs the chat nothing.
  const brief = crowded && asker !== 'operator' && !aside;
  if (permitted && question && brief) return { do: 'put-off', why: 'crowd' };
  if (permitted && question && aside) return { do: 'answer-aside', why: 'others-read-along' };
  return { do: 'run', brief, why: 'permitted' };
}
