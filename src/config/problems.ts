import { TocsinError } from '../core/errors.ts';

/** One thing that is wrong in the configuration, said so that a person can mend it. */
export interface Problem {
  /** As people know the file: relative to where they are, or "environment". */
  file: string;
  /** Where in it: "accounts[0].token", "12:3" (line and column), or "" for the whole file. */
  path: string;
  /** What is wrong, without a closing stop. Never a secret. */
  wrong: string;
  /** What to do about it. */
  remedy: string;
}

/** Stands for a file where a variable of the environment is at fault. */
export const ENVIRONMENT = 'environment';

/** Most problems that are printed; the rest is counted. */
const MAX_PRINTED = 50;

/** Collects everything that is wrong before it is reported: one run names all faults. */
export class Problems {
  readonly list: Problem[] = [];

  add(file: string, path: string, wrong: string, remedy: string): void {
    this.list.push({ file, path, wrong, remedy });
  }

  /** Throws `config_invalid` with every problem on a line of its own, if there are any. */
  raise(): void {
    if (this.list.length === 0) return;
    const lines = this.list.slice(0, MAX_PRINTED).map(formatProblem);
    if (this.list.length > MAX_PRINTED) lines.push(`… and ${this.list.length - MAX_PRINTED} more`);
    throw new TocsinError('config_invalid', lines.join('\n'), { problems: this.list.length });
  }
}

/** `file: path: what is wrong; remedy`. */
function formatProblem(problem: Problem): string {
  const where = problem.path ? `${problem.file}: ${problem.path}` : problem.file;
  const remedy = problem.remedy ? `; ${problem.remedy}` : '';
  return oneLine(`${where}: ${problem.wrong}${remedy}`);
}

// A config may come from a stranger's archive: it must not turn the terminal around or forge a line.
// biome-ignore lint/complexity/useRegexLiterals: the escapes are easier to read than the characters
const UNPRINTABLE = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]+', 'g');
const oneLine = (text: string) => text.replace(UNPRINTABLE, ' ');

/** In whatever looks like an address, also one that cannot be read as such; up to the last `@`, for a password may hold one. */
const PASSWORD = /(\/\/[^\s/?#@:]*:)\S+@/g;

/** A value as it is quoted in a message; long ones are cut. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object') return 'a block of keys';
  const text = (JSON.stringify(value) ?? String(value)).replace(PASSWORD, '$1***@');
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

/** The known word that a typing error comes nearest to, or null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const lower = word.toLowerCase().replace(/[-_\s]/g, '');
  // A word cut short is a likely one: "alias" for "aliases".
  let best: string | null =
    lower.length > 3 ? (known.find((one) => one.toLowerCase().startsWith(lower)) ?? null) : null;
  if (best) return best;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(lower, candidate.toLowerCase(), least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Edits and swaps of neighbours between two words; anything from `limit` on is `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 64) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let cell = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cell = Math.min(cell, before[j - 2]! + 1);
      row.push(cell);
    }
    before = last;
    last = row;
  }
  return Math.min(last[b.length]!, limit);
}

/** `did you mean "rate"?`, or the list of what is known. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near ? `did you mean "${near}"?` : `known here: ${[...known].sort().join(', ')}`;
}
