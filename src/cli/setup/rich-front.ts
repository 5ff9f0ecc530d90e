/** Questions with arrows and ticks, by @clack/prompts, on stderr: stdout holds answers alone. */
import * as prompts from '@clack/prompts';
import { renderUnicodeCompact } from 'uqr';
import type { Question, Several } from '../../core/ports/setup.ts';
import { canceled, type Front, faultOf, printable, wrapped } from './front.ts';

interface Output {
  columns?: number;
  write(text: string): unknown;
}

/** White on black whatever the colours of the terminal are: many scanners take no inverted code. */
const INK = '\u001b[97;40m';
const PLAIN = '\u001b[0m';

export function richFront(output: NodeJS.WriteStream, { colour }: { colour: boolean }): Front {
  const common = { output, withGuide: false } as const;
  const write = (text: string): void => void output.write(`${text}\n`);

  return {
    async ask(question, signal) {
      const message = printable(question.says);
      const validate = (typed: string | undefined): string | undefined =>
        faultOf(question, readingOf(question, typed)) ?? undefined;
      const shared = { ...common, message, signal };
      switch (question.kind) {
        case 'text': {
          const placeholder = question.initial || question.example;
          return readingOf(
            question,
            taken(await prompts.text({ ...shared, ...(placeholder ? { placeholder } : {}), validate }), signal),
          );
        }
        case 'secret':
          return taken(await prompts.password({ ...shared, validate, clearOnError: true }), signal).trim();
        case 'one': {
          const { choices, initial } = question;
          const options = choices.map(({ value, label, hint }) => ({ value, label, ...(hint ? { hint } : {}) }));
          return taken(
            await prompts.select({ ...shared, options, ...(initial === undefined ? {} : { initialValue: initial }) }),
            signal,
          );
        }
        case 'yes-no':
          return taken(await prompts.confirm({ ...shared, initialValue: question.initial }), signal) ? 'yes' : 'no';
      }
    },
    async several({ says, choices, initial }: Several, signal) {
      const options = choices.map(({ value, label, hint }) => ({ value, label, ...(hint ? { hint } : {}) }));
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

const columnsOf = ({ columns }: Output): number => columns || 80;

/** Enter alone means what was proposed. */
const readingOf = (question: Question, typed: string | undefined): string =>
  (typed ?? '').trim() || (question.kind === 'text' ? (question.initial ?? '') : '');

function taken<T>(answer: T, signal: AbortSignal): Exclude<T, symbol> {
  if (!prompts.isCancel(answer)) return answer as Exclude<T, symbol>;
  throw signal.aborted ? signal.reason : canceled();
}
