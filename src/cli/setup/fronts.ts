import type { ReadStream } from 'node:tty';
import * as prompts from '@clack/prompts';
import { renderUnicodeCompact } from 'uqr';
import type { Choice, Question, Several } from '../../core/ports/setup.ts';
import { agreed, canceled, type Front, faultOf, printable, wrapped } from './session.ts';

/** Questions line by line: for a terminal that cannot move its cursor (TERM=dumb), for screen readers (--plain). */

const MAX_LINE = 10_000;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

export function plainFront(input: ReadStream, output: NodeJS.WriteStream): Front {
  const lines = lineReader(input);
  const write = (text: string): void => void output.write(`${wrapped(text, output.columns || 80)}\n`);
  function list(choices: readonly Choice[], ticked: readonly string[]): void {
    for (const [i, { value, label, hint }] of choices.entries())
      write(`  ${i + 1}. ${label}${hint ? ` (${hint})` : ''}${ticked.includes(value) ? ' [chosen]' : ''}`);
  }

  async function line(prompt: string, signal: AbortSignal, hidden = false): Promise<string> {
    // Before the question shows, nothing of its answer may show either.
    const typed = lines.next(signal, hidden);
    output.write(`${prompt} `);
    const text = await typed;
    if (hidden) output.write('\n');
    return text.trim();
  }

  return {
    async ask(question, signal) {
      for (output.write('\n'); ;) {
        write(question.says);
        if (question.kind === 'one') list(question.choices, [question.initial ?? '']);
        const answer = meant(question, await line(hintOf(question), signal, question.kind === 'secret'));
        const fault = faultOf(question, answer);
        if (fault === null) return answer;
        write(`! ${fault}`);
      }
    },
    async several({ says, choices, initial }, signal) {
      for (output.write('\n'); ;) {
        write(says);
        list(choices, initial);
        const text = await line('Numbers, separated by commas; Enter = as chosen; none = nothing:', signal);
        if (text === '') return [...initial];
        if (text.toLowerCase() === 'none') return [];
        const picked = text.split(/[\s,]+/).map((one) => byNumber(choices, one));
        if (picked.every((one) => one !== null)) return [...new Set(picked)];
        write(`! Write numbers from 1 to ${choices.length}.`);
      }
    },
    say: write,
    link: (url) => void output.write(`  ${url}\n`),
    wrong: (problem) => write(`! ${problem}`),
    close: lines.close,
  };
}

const hintOf = (question: Question): string => {
  if (question.kind === 'secret') return '(not shown):';
  if (question.kind === 'yes-no') return question.initial ? '[yes]:' : '[no]:';
  if (question.kind === 'one') return 'A number:';
  const { initial, example } = question;
  if (initial) return `(Enter: ${initial}):`;
  const nothing = faultOf(question, '') === null ? ['Enter: nothing'] : [];
  const words = [...(example ? [`such as ${example}`] : []), ...nothing];
  return words.length > 0 ? `(${words.join('; ')}):` : ':';
};

const byNumber = (choices: readonly Choice[], text: string): string | null =>
  (choices[Number(text) - 1] ?? choices.find(({ value }) => value === text))?.value ?? null;

/** Enter alone means what was proposed. */
function meant(question: Question, typed: string): string {
  if (typed === '') return agreed(question) ?? '';
  if (question.kind === 'one') return byNumber(question.choices, typed) ?? typed;
  if (question.kind !== 'yes-no') return typed;
  return /^y/i.test(typed) ? 'yes' : /^n/i.test(typed) ? 'no' : typed;
}

/** What is typed ahead waits for its question. Hidden: the terminal echoes nothing meanwhile. */
function lineReader(input: ReadStream) {
  let buffer = '';
  let ended = false;
  let wake = (): void => {};
  const onData = (text: string): void => {
    buffer = (buffer + text).slice(-MAX_LINE);
    wake();
  };
  const onEnd = (): void => {
    ended = true;
    wake();
  };
  input.setEncoding('utf8').on('data', onData).on('end', onEnd).on('error', onEnd);

  function take(): string | null {
    const end = /[\r\n\u0003\u0004]/.exec(buffer);
    if (!end) return null;
    const text = buffer.slice(0, end.index);
    buffer = buffer.slice(end.index + (buffer.startsWith('\r\n', end.index) ? 2 : 1));
    if (end[0] === CTRL_C || end[0] === CTRL_D) throw canceled();
    return rubbedOut(text);
  }

  return {
    async next(signal: AbortSignal, hidden: boolean): Promise<string> {
      if (hidden && input.isTTY) input.setRawMode(true);
      const onAbort = (): void => wake();
      signal.addEventListener('abort', onAbort);
      try {
        for (;;) {
          signal.throwIfAborted();
          const line = take();
          if (line !== null) return line;
          if (ended) throw canceled();
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        if (hidden && input.isTTY) input.setRawMode(false);
      }
    },
    close: () => void input.off('data', onData).off('end', onEnd).off('error', onEnd).pause(),
  };
}

/** Backspaces, as a terminal that does not mind lines itself sends them. */
function rubbedOut(text: string): string {
  const kept: string[] = [];
  for (const letter of text) {
    if (letter === '\u007f' || letter === '\b') kept.pop();
    else kept.push(letter);
  }
  return kept.join('');
}

/** Questions with arrows and ticks, by @clack/prompts, on stderr: stdout holds answers alone. */

/** White on black whatever the colours of the terminal are: many scanners take no inverted code. */
const INK = '\u001b[97;40m';
const PLAIN = '\u001b[0m';

export function richFront(output: NodeJS.WriteStream, { colour }: { colour: boolean }): Front {
  const common = { output, withGuide: false } as const;
  const write = (text: string): void => void output.write(`${text}\n`);

  return {
    async ask(question, signal) {
      // A blank line before each; what Enter takes stands in the question, an example alone in the field.
      const taking = question.kind === 'text' && question.initial ? ` (Enter: ${question.initial})` : '';
      const message = printable(`${question.says}${taking}`);
      write('');
      const validate = (typed: string | undefined): string | undefined =>
        faultOf(question, readingOf(question, typed)) ?? undefined;
      const shared = { ...common, message, signal };
      switch (question.kind) {
        case 'text': {
          const placeholder = question.initial || (question.example && `such as ${question.example}`);
          return readingOf(question, taken(await prompts.text({ ...shared, placeholder, validate }), signal));
        }
        case 'secret':
          return taken(await prompts.password({ ...shared, validate, clearOnError: true }), signal).trim();
        case 'one': {
          const { choices, initial: initialValue } = question;
          return taken(await prompts.select({ ...shared, options: [...choices], initialValue }), signal);
        }
        case 'yes-no':
          return taken(await prompts.confirm({ ...shared, initialValue: question.initial }), signal) ? 'yes' : 'no';
      }
    },
    async several({ says, choices, initial }: Several, signal) {
      const options = [...choices];
      write('');
      const message = `${says} (space ticks, Enter goes on)`;
      const initialValues = [...initial];
      const shared = { ...common, message, signal, options, initialValues, showInstructions: false };
      return taken(await prompts.multiselect({ ...shared, required: false }), signal);
    },
    say: (text) => write(wrapped(text, columnsOf(output))),
    link(url) {
      write(`  ${url}`);
      const lines = renderUnicodeCompact(url, { border: 2, ecc: 'L' }).split('\n');
      if ((lines[0]?.length ?? 0) > columnsOf(output)) return;
      write(lines.map((line) => (colour ? `${INK}${line}${PLAIN}` : line)).join('\n'));
    },
    wrong: (problem) => write(wrapped(`! ${problem}`, columnsOf(output))),
    close() {},
  };
}

const columnsOf = ({ columns }: NodeJS.WriteStream): number => columns || 80;

/** Enter alone means what was proposed. */
const readingOf = (question: Question, typed: string | undefined): string =>
  (typed ?? '').trim() || (question.kind === 'text' ? (question.initial ?? '') : '');

function taken<T>(answer: T, signal: AbortSignal): Exclude<T, symbol> {
  if (!prompts.isCancel(answer)) return answer as Exclude<T, symbol>;
  throw signal.aborted ? signal.reason : canceled();
}
