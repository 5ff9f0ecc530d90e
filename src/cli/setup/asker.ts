/** Answers come from the options of the command line first, then from whoever sits there. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readBounded, readFault } from '../../config/read.ts';
import { messageOf, TocsinError } from '../../core/errors.ts';
import type { Asker, Question, Several } from '../../core/ports/setup.ts';
import { type Front, faultOf, printable } from './front.ts';

export interface AskerParts {
  /** By option; of several values, separated by commas. */
  values: ReadonlyMap<string, string>;
  /** Options whose value is the name of a file with the answer. */
  files: ReadonlySet<string>;
  /** Null = nobody sits there. */
  front: Front | null;
  /** What is proposed is agreed to. */
  yes: boolean;
  cwd: string;
  signal: AbortSignal;
}

const MAX_FILE_BYTES = 65_536;

export function createAsker({ values, files, front, yes, cwd, signal }: AskerParts): Asker {
  const left = new Map(values);
  /** Options that answered since something was wrong last. */
  let used: string[] = [];

  function fromOption(flag: string): string | null {
    const value = left.get(flag);
    if (value === undefined) return null;
    if (!used.includes(flag)) used.push(flag);
    return files.has(flag) ? secretIn(value, flag, cwd) : value.trim();
  }

  function wrong(problem: string, unreachable = false): void {
    if (front === null) throw new TocsinError(unreachable ? 'fetch_connection' : 'usage', problem);
    for (const flag of used) left.delete(flag);
    used = [];
    front.wrong(problem);
  }

  /** The option's answer where it will do. A wrong one is told, and asked for where somebody sits there. */
  function answered(question: Question): string | null {
    let answer: string | null;
    try {
      answer = fromOption(question.flag);
    } catch (error) {
      wrong(messageOf(error));
      return null;
    }
    if (answer === null) return null;
    const fault = faultOf(question, answer);
    if (fault === null) return answer;
    wrong(`--${question.flag}: ${fault}`);
    return null;
  }

  return {
    async ask(question, extra) {
      const answer = answered(question) ?? (yes ? agreed(question) : null);
      if (answer !== null) return answer;
      if (front === null) throw missing(question);
      return await front.ask(question, extra ? AbortSignal.any([extra, signal]) : signal);
    },
    async several(question) {
      const answer = fromOption(question.flag);
      if (answer !== null) {
        const list = answer.split(/[\s,]+/).filter((one) => one !== '' && one !== 'none');
        const strange = list.find((one) => !isKnown(question, one));
        if (strange === undefined) return list;
        const known = question.choices.map(({ value }) => value).join(', ');
        wrong(`--${question.flag}: "${strange.slice(0, 60)}" is unknown; there are: ${known}`);
      } else if (yes) return [...question.initial];
      if (front === null) throw missing(question);
      return await front.several(question, signal);
    },
    given: (flag) => left.has(flag),
    attended: front !== null,
    say: (text) => (front ? front.say(text) : void process.stderr.write(`${printable(text)}\n`)),
    link: (url) => (front ? front.link(url) : void process.stderr.write(`  ${url}\n`)),
    wrong,
  };
}

const isKnown = ({ choices, accepts }: Several, answer: string): boolean =>
  choices.some(({ value }) => value === answer) || accepts?.(answer) === true;

/** Null = nothing is proposed. */
function agreed(question: Question): string | null {
  if (question.kind === 'yes-no') return question.initial ? 'yes' : 'no';
  return question.kind === 'secret' ? null : (question.initial ?? null);
}

const missing = ({ flag, says }: { flag: string; says: string }): TocsinError =>
  new TocsinError('usage', `nobody sits at this terminal to be asked: --${flag} is missing (${says})`);

function secretIn(name: string, flag: string, cwd: string): string {
  const at = `--${flag} ${name === '-' ? '(stdin)' : name.slice(0, 200)}`;
  try {
    const bytes = name === '-' ? readFileSync(0) : readBounded(resolve(cwd, name), MAX_FILE_BYTES);
    if (bytes === null || bytes.length > MAX_FILE_BYTES)
      throw new TocsinError('usage', `${at}: is too large for a secret`);
    const text = new TextDecoder().decode(bytes).trim();
    if (text !== '') return text;
    throw new TocsinError('usage', `${at}: is empty; let it hold the secret alone`);
  } catch (error) {
    if (error instanceof TocsinError) throw error;
    const [wrong, remedy] = readFault(error);
    throw new TocsinError('usage', `${at}: ${wrong}; ${remedy}`);
  }
}
