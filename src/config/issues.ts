import type { BaseIssue, GenericSchema } from 'valibot';
import type { Problems } from './problems.ts';
import { ENVIRONMENT, shown, suggestion } from './problems.ts';

type Issue = BaseIssue<unknown>;
type Loose = Record<string, unknown>;

export interface IssueContext {
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

function bound(issue: Issue): [string, string] {
  const requirement = String((issue as { requirement?: unknown }).requirement ?? '');
  switch (issue.type) {
    case 'min_value':
      return [
        `must be ${requirement} or more`,
        requirement === '0' ? 'a negative value means nothing here' : 'raise it',
      ];
    case 'max_value':
      return [`must be ${requirement} or less`, 'lower it'];
    case 'integer':
    case 'safe_integer':
      return ['must be a whole number', 'leave the fraction out'];
    case 'min_length':
    case 'non_empty':
      return ['must not be empty', 'write something, or leave the key out'];
    case 'max_length':
      return [`is too long; at most ${requirement}`, 'shorten it'];
    case 'url':
      return ['must be a web address', 'begin it with https:// or http://'];
    default:
      return [`does not fit (${issue.type.replaceAll('_', ' ')} ${requirement})`.replace(' )', ')'), 'correct it'];
  }
}

const WORDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'a block of keys',
  null: 'null',
};

/** Valibot's `("a" | "b")` as `"a" or "b"`. */
function words(expected: string): string {
  const parts = expected
    .replace(/^\((.*)\)$/, '$1')
    .split(' | ')
    .map((part) => WORDS[part] ?? part);
  if (parts.length === 1) return parts[0]!;
  return `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`;
}

function choiceHint(issue: Issue): string {
  if (typeof issue.input === 'string' && issue.expected === 'number') return 'write the number without quotes';
  if (typeof issue.input === 'string' && issue.expected === 'boolean') return 'write true or false, without quotes';
  if (typeof issue.input === 'number' && issue.expected === 'string') return 'put it in quotes';
  if (typeof issue.input === 'string' && issue.expected === 'Array')
    return `write it as a list: [${JSON.stringify(issue.input)}]`;
  const choices = [...(issue.expected ?? '').matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
  return typeof issue.input === 'string' && choices.length > 1
    ? suggestion(issue.input, choices).replace(/^known here:.*/, 'take one of them')
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
