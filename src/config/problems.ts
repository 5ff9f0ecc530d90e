import type { BaseIssue, GenericSchema } from 'valibot';
import TROUBLES from '../../config/trouble-texts.json' with { type: 'json' };
import { distance } from '../core/commands/asking/targets.ts';
import { TocsinError } from '../core/errors.ts';
import { oneLine } from '../platform/log.ts';

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

/** `file: path: what is wrong; remedy`, on one line: a config may come from a stranger's archive. */
function formatProblem(problem: Problem): string {
  const where = problem.path ? `${problem.file}: ${problem.path}` : problem.file;
  const remedy = problem.remedy ? `; ${problem.remedy}` : '';
  return oneLine(`${where}: ${problem.wrong}${remedy}`);
}

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

/** Longer ones are no typing errors. */
const MAX_WORD = 64;

/** The known word that a typing error comes nearest to, or null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const lower = word.toLowerCase().replace(/[-_\s]/g, '');
  // A word cut short is a likely one: "alias" for "aliases".
  let best: string | null =
    lower.length > 3 ? (known.find((one) => one.toLowerCase().startsWith(lower)) ?? null) : null;
  if (best) return best;
  if (lower.length > MAX_WORD) return null;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(lower, candidate.toLowerCase(), least - 1);
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}

/** `did you mean "rate"?`; where none is near, `otherwise`, or the list of what is known. */
export function suggestion(word: string, known: readonly string[], otherwise?: string): string {
  const near = nearest(word, known);
  return near ? `did you mean "${near}"?` : (otherwise ?? `known here: ${[...known].sort().join(', ')}`);
}

type Issue = BaseIssue<unknown>;
type Loose = Record<string, unknown>;

interface IssueContext {
  /** Name of the file in messages. */
  name: string;
  /** Where the checked block stands: "accounts[0]", or "" for the whole file. */
  path: string;
  problems: Problems;
  /** Keys whose value is never shown. */
  secrets?: readonly string[];
  /** Keys of the block that were already complained about. */
  silent?: ReadonlySet<string>;
  /** The schema is a guess: keys that it does not know may well be right. */
  guessed?: boolean;
}

/** One complaint a key is enough. */
export const FIRST_FAULT = { abortPipeEarly: true } as const;

/** Turns what valibot found into sentences for people: what is wrong, and what to do. */
export function addIssues(issues: readonly Issue[], schema: GenericSchema, context: IssueContext): void {
  for (const issue of issues) addIssue(issue, schema, context);
}

function addIssue(issue: Issue, schema: GenericSchema, context: IssueContext): void {
  const keys = (issue.path ?? []).map((item) => item.key);
  const inner = keys.join('.');
  if (context.silent?.has(inner)) return;
  const path = joinPath(context.path, keys);
  const secret = context.secrets?.includes(inner) ?? false;
  const { problems, name } = context;
  const last = String(keys.at(-1) ?? '');

  if (issue.type === 'strict_object' && issue.expected === 'never') {
    if (context.guessed) return;
    // Valibot stops at the first one; people want to hear of all.
    const parent = keys.slice(0, -1);
    const known = Object.keys(entriesAt(schema, parent) ?? {});
    const found = Object.keys((issue.path?.at(-1)?.input ?? {}) as Loose).filter((key) => !known.includes(key));
    for (const key of known.length > 0 ? found : [last]) {
      problems.add(name, joinPath(context.path, [...parent, key]), 'unknown key', suggestion(key, known));
    }
    return;
  }
  if (issue.received === 'undefined' && keys.length > 0) {
    const how = secret
      ? `write it as "${last}: env:NAME" or "${last}: file:PATH"`
      : `add "${last}: …" here${choicesOf(entriesAt(schema, keys.slice(0, -1))?.[last])}`;
    const remedy = name === ENVIRONMENT ? 'set its variable, too (README, "Accounts from the environment")' : how;
    problems.add(name, path, 'is missing', remedy);
    return;
  }
  if (issue.kind === 'validation' || !isDefault(issue)) {
    const [wrong, ...remedies] = isDefault(issue) ? bound(issue) : issue.message.split(/; ?/);
    problems.add(name, path, withValue(wrong ?? issue.message, issue.input, secret), remedies.join('; '));
    return;
  }
  const wanted = words(issue.expected ?? 'something else');
  const got = secret ? '' : `, not ${shown(issue.input)}`;
  problems.add(name, path, `should be ${wanted}${got}`, choiceHint(issue));
}

/** "must be …" reads on; the value that was found stands before it where it may be shown. */
function withValue(wrong: string, input: unknown, secret: boolean): string {
  if (secret || input === null || typeof input === 'object') return wrong;
  const value = shown(input);
  return wrong.includes(value)
    ? wrong
    : `${value} ${/^(must|is|has|names|may|should|can|needs|does) ?/.test(wrong) ? wrong : `is not accepted: ${wrong}`}`;
}

/** Valibot's own words begin so; anything else was written by the folder that owns the schema. */
const isDefault = (issue: Issue) => /^Invalid \S+( \S+)?: (Expected|Received)/.test(issue.message);

/** What valibot's own checks find, by their type, and the remedy. {n}: the bound. */
const BOUNDS: Partial<Record<string, string[]>> = TROUBLES.config;

function bound(issue: Issue): [wrong: string, remedy: string] {
  const requirement = String((issue as { requirement?: unknown }).requirement ?? '');
  const fallback = `does not fit (${issue.type.replaceAll('_', ' ')} ${requirement})`.replace(' )', ')');
  const [wrong = fallback, remedy = 'correct it'] = BOUNDS[issue.type] ?? [];
  const nothing = issue.type === 'min_value' && requirement === '0';
  return [wrong.replace('{n}', requirement), nothing ? 'a negative value means nothing here' : remedy];
}

const WORDS: Partial<Record<string, string>> = TROUBLES.kinds;

/** Valibot's `("a" | "b")` as `"a" or "b"`. */
function words(expected: string): string {
  const parts = expected
    .replace(/^\((.*)\)$/, '$1')
    .split(' | ')
    .map((part) => WORDS[part] ?? part);
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(parts);
}

function choiceHint(issue: Issue): string {
  if (typeof issue.input === 'string' && issue.expected === 'number') return 'write the number without quotes';
  if (typeof issue.input === 'string' && issue.expected === 'boolean') return 'write true or false, without quotes';
  if (typeof issue.input === 'number' && issue.expected === 'string') return 'put it in quotes';
  if (typeof issue.input === 'string' && issue.expected === 'Array')
    return `write it as a list: [${JSON.stringify(issue.input)}]`;
  const choices = [...(issue.expected ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
  return typeof issue.input === 'string' && choices.length > 1
    ? suggestion(issue.input, choices, 'take one of them')
    : 'correct it';
}

/** Of a key that is missing: what it may be, where that is one of a few words. */
function choicesOf(schema: unknown): string {
  const { options } = (schema ?? {}) as { options?: unknown };
  const words = Array.isArray(options) ? options.filter((one) => typeof one === 'string') : [];
  return words.length > 0 && words.length <= 10 ? `, one of: ${words.join(', ')}` : '';
}

/** `accounts[0]` + [inviteFrom, 1] = `accounts[0].inviteFrom[1]`. */
function joinPath(path: string, keys: readonly unknown[]): string {
  let joined = path;
  for (const key of keys) joined += typeof key === 'number' ? `[${key}]` : joined ? `.${String(key)}` : String(key);
  return joined;
}

/** The known keys of the object schema that a path leads to; null where the schema does not tell. */
function entriesAt(schema: unknown, keys: readonly unknown[]): Loose | null {
  let at: unknown = schema;
  for (const key of keys) {
    at = unwrap(at);
    if (at === null || typeof at !== 'object') return null;
    const { entries, item, value } = at as Loose;
    if (typeof key === 'number') at = item;
    else at = (entries as Loose | undefined)?.[String(key)] ?? value;
  }
  const { entries } = (unwrap(at) ?? {}) as Loose;
  return entries && typeof entries === 'object' ? (entries as Loose) : null;
}

/** Through optional, nullable and pipe to the schema with entries. */
function unwrap(schema: unknown): unknown {
  let at = schema;
  for (let i = 0; i < 8 && at !== null && typeof at === 'object'; i++) {
    const loose = at as Loose;
    if (loose.entries || loose.item || loose.type === 'record') return at;
    if (loose.wrapped) at = loose.wrapped;
    else if (Array.isArray(loose.pipe)) at = loose.pipe[0] === at ? null : loose.pipe[0];
    else if (Array.isArray(loose.options)) at = loose.options.find((o: unknown) => (o as Loose).entries) ?? null;
    else return at;
  }
  return at;
}
