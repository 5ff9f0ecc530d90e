import { TocsinError } from '../../core/errors.ts';
import type { Question, Several } from '../../core/ports/setup.ts';

/** A way to put questions to whoever sits there. Each rejects with `canceled` when they end it (Ctrl-C, end of input), or with the signal's reason. */
export interface Front {
  ask(question: Question, signal: AbortSignal): Promise<string>;
  several(question: Several, signal: AbortSignal): Promise<string[]>;
  say(text: string): void;
  link(url: string): void;
  wrong(problem: string): void;
  close(): void;
}

export const canceled = (): TocsinError => new TocsinError('canceled', 'ended by whoever sits there');

/** What is wrong with an answer; null = it will do. */
export function faultOf(question: Question, answer: string): string | null {
  if (question.kind === 'one' && !question.choices.some(({ value }) => value === answer))
    return `Choose one of: ${question.choices.map(({ value }) => value).join(', ')}.`;
  if (question.kind === 'yes-no') return /^(yes|no)$/.test(answer) ? null : 'Answer yes or no.';
  if (question.kind === 'secret' && answer === '') return 'It is needed.';
  if (question.kind === 'one') return null;
  return question.check?.(answer) ?? null;
}

// biome-ignore lint/complexity/useRegexLiterals: the escapes are easier to read than the characters
const UNPRINTABLE = new RegExp(
  '[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]',
  'g',
);

/** What servers call themselves and answer must not move the cursor or turn the terminal around. Lines stay. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, ' ');

/** At spaces, to so many columns; a word that is longer stands on a line of its own. */
export function wrapped(text: string, columns: number): string {
  const width = Math.max(20, Math.min(columns, 80));
  return printable(text)
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  const lines: string[] = [];
  let now = '';
  for (const word of line.split(' ')) {
    if (now !== '' && now.length + 1 + word.length > width) {
      lines.push(now);
      now = word;
    } else now = now === '' ? word : `${now} ${word}`;
  }
  return [...lines, now].join('\n');
}
