import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ReadStream } from 'node:tty';
import { readBounded, readFault } from '../../config/read.ts';
import { atEnd, messageOf, TocsinError } from '../../core/errors.ts';
import type { Asker, Question, Several } from '../../core/ports/setup.ts';
import { onEnding } from '../runtime.ts';
import type { Options } from './questions.ts';

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

const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** What servers call themselves and answer must not move the cursor or turn the terminal around. Lines stay. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, ' ');

/** At spaces, to so many columns; a word that is longer stands on a line of its own. */
export function wrapped(text: string, columns: number): string {
  const width = Math.max(20, Math.min(columns, 80));
  const fits = new RegExp(`[^ ].{0,${width - 1}}(?= |$)|[^ ]+`, 'g');
  return printable(text)
    .split('\n')
    .map((line) => line.match(fits)?.join('\n') ?? '')
    .join('\n');
}

/** Answers come from the options of the command line first, then from whoever sits there. */

const MAX_FILE_BYTES = 65_536;

/** `front` null = nobody sits there. */
function createAsker({ values, files, yes }: Options, front: Front | null, signal: AbortSignal): Asker {
  const left = new Map(values);
  /** Options that answered since something was wrong last. */
  let used: string[] = [];

  function fromOption(flag: string): string | null {
    const value = left.get(flag);
    if (value === undefined) return null;
    if (!used.includes(flag)) used.push(flag);
    return files.has(flag) ? secretIn(value, flag) : value.trim();
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

/** What is proposed; null = nothing. */
export function agreed(question: Question): string | null {
  if (question.kind === 'yes-no') return question.initial ? 'yes' : 'no';
  return question.kind === 'secret' ? null : (question.initial ?? null);
}

const missing = ({ flag, says }: { flag: string; says: string }): TocsinError =>
  new TocsinError('usage', `nobody sits at this terminal to be asked: --${flag} is missing (${says})`);

function secretIn(name: string, flag: string): string {
  const at = `--${flag} ${name === '-' ? '(stdin)' : name.slice(0, 200)}`;
  try {
    const bytes = name === '-' ? readFileSync(0) : readBounded(resolve(name), MAX_FILE_BYTES);
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

/** Whoever sits at the terminal during a setup: how they are asked, and what Ctrl-C means at the moment. */

/** Below this a question with arrows is no help; 0 is a terminal that does not tell. */
const LEAST_COLUMNS = 20;

export type Session = Awaited<ReturnType<typeof openSession>>;

export async function openSession(options: Options, env: Record<string, string | undefined>) {
  const ending = new AbortController();
  let leaving: AbortController | null = null;
  const ignore = onEnding(() => (leaving ?? ending).abort(canceled()));
  const front = await openFront(options, env);
  return {
    asker: createAsker(options, front, ending.signal),
    /** Somebody sits there. */
    interactive: front !== null,
    /** Aborts when the setup is ended. */
    signal: ending.signal,
    /** While this is under way Ctrl-C leaves it out, and goes on with what is given instead. */
    async leavable<T>(work: (signal: AbortSignal) => Promise<T>, instead: T): Promise<T> {
      const own = new AbortController();
      leaving = own;
      using _ = atEnd(() => (leaving = null));
      const left = new Promise<T>((resolve) => own.signal.addEventListener('abort', () => resolve(instead)));
      return await Promise.race([work(own.signal), left]).catch((error: unknown) => {
        if (!isCanceled(error)) throw error;
        return instead;
      });
    },
    close() {
      ignore();
      front?.close();
    },
  };
}

async function openFront({ plain }: Options, env: Record<string, string | undefined>): Promise<Front | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return null;
  const able = env.TERM !== 'dumb' && (stderr.columns ?? 0) >= LEAST_COLUMNS;
  if (plain || !able) return (await import('./fronts.ts')).plainFront(stdin as ReadStream, stderr);
  return (await import('./fronts.ts')).richFront(stderr, { colour: !env.NO_COLOR });
}

export const isCanceled = (error: unknown): boolean => error instanceof TocsinError && error.code === 'canceled';
