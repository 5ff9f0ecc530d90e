/** The page of all keys (`docs/configuration.md`), made from the schemas and the comments above their keys. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { adapterKinds } from '../../src/adapters/index.ts';
import { fileSchema } from '../../src/config/schema.ts';
import { sourceKinds } from '../../src/sources/index.ts';

export const PAGE = resolve(import.meta.dirname, '../../docs/configuration.md');
const SRC = resolve(import.meta.dirname, '../../src');

/** A valibot schema or action, as far as it is read here. */
interface Node {
  kind: string;
  type: string;
  pipe?: Node[];
  wrapped?: Node;
  default?: unknown;
  entries?: Record<string, Node>;
  item?: Node;
  value?: Node;
  options?: unknown[];
  literal?: unknown;
  requirement?: unknown;
  message?: unknown;
}

interface Key {
  path: string;
  type: string;
  /** Bounds and forms, in the words of the fault that is told. */
  rules: string[];
  /** '' = it must be there; null = it may be missing, and nothing stands for it. */
  otherwise: string | null;
  says: string;
}

const isWrapper = (node: Node): boolean => ['optional', 'nullable', 'nullish', 'exact_optional'].includes(node.type);

/** The schema itself, and what is asked of its values. */
function bare(node: Node): { base: Node; actions: Node[] } {
  if (node.pipe) {
    const [first, ...rest] = node.pipe;
    const { base, actions } = bare({ ...first!, pipe: undefined } as unknown as Node);
    const inner = first!.pipe ? bare(first!).actions : [];
    return { base, actions: [...actions, ...inner, ...rest] };
  }
  if (isWrapper(node)) return bare(node.wrapped!);
  return { base: node, actions: [] };
}

const isNullable = (node: Node): boolean =>
  node.type === 'nullable' || node.type === 'nullish' || (isWrapper(node) && !node.pipe && isNullable(node.wrapped!));

function isDuration(node: Node): boolean {
  return node.type === 'union' && String(node.message ?? '').includes('duration');
}

function typeOf(node: Node): string {
  const { base } = bare(node);
  const orNull = isNullable(node) ? ' or null' : '';
  if (isDuration(base)) return 'duration';
  switch (base.type) {
    case 'string':
      return `text${orNull}`;
    case 'number':
      return `${bare(node).actions.some((one) => one.type === 'integer') ? 'whole number' : 'number'}${orNull}`;
    case 'boolean':
      return 'true or false';
    case 'literal':
      return `\`${String(base.literal)}\``;
    case 'picklist':
      return (base.options ?? []).map((one) => `\`${String(one)}\``).join(', ');
    case 'array':
    case 'tuple':
      return `list${base.item && bare(base.item).base.type !== 'unknown' ? ` of ${typeOf(base.item)}` : ''}`;
    case 'record':
      return `block: a name each, with ${base.value ? typeOf(base.value) : 'a value'}`;
    case 'union':
    case 'variant':
      return [...new Set((base.options as Node[]).map(typeOf))].join(' or ');
    case 'object':
    case 'strict_object':
    case 'loose_object':
      return `block${orNull}`;
    default:
      return 'value';
  }
}

function rulesOf(node: Node): string[] {
  const { base, actions } = bare(node);
  const of = (type: string): unknown => actions.find((one) => one.type === type)?.requirement;
  const rules: string[] = [];
  const [min, max] = [of('min_value'), of('max_value')];
  if (min !== undefined && max !== undefined) rules.push(`${min} to ${max}`);
  else if (min !== undefined) rules.push(`${min} or more`);
  else if (max !== undefined) rules.push(`${max} at most`);
  const longest = of('max_length');
  if (longest !== undefined) rules.push(base.type === 'array' ? `${longest} at most` : `${longest} characters at most`);
  if (isDuration(base)) return rules;
  for (const one of actions)
    if (['regex', 'check'].includes(one.type) && typeof one.message === 'string')
      rules.push(one.message.replace(/^is no[^;]*; /, ''));
  if (base.type === 'array' && base.item) rules.push(...rulesOf(base.item));
  return [...new Set(rules)];
}

function duration(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'm'],
    [1_000, 's'],
  ];
  const [size, letter] = units.find(([size]) => ms % size === 0) ?? units[3]!;
  return `${ms / size}${letter}`;
}

/** What stands for a key that is missing, by its own default, else by what the block makes of nothing. */
function otherwiseOf(node: Node, made: unknown): string | null {
  const outer = node.pipe?.[0] ?? node;
  if (!['optional', 'nullish', 'exact_optional'].includes(outer.type)) return '';
  const own = typeof outer.default === 'function' ? undefined : outer.default;
  const value = own ?? made;
  if (value === undefined || (typeof value === 'object' && value !== null)) return null;
  if (isDuration(bare(node).base) && typeof value === 'number') return `\`${duration(value)}\``;
  return `\`${String(value)}\``;
}

/** `parent.key` → the comment above it; the parent is the block that the key stands in, the constant, or the interface. */
function commentsOf(file: string): Map<string, string> {
  const found = new Map<string, string>();
  const lines = readFileSync(file, 'utf8').split('\n');
  const stack: { indent: number; name: string }[] = [];
  let comment = '';
  let inside = false;
  for (const line of lines) {
    const text = line.trim();
    if (text.startsWith('/**')) [comment, inside] = ['', true];
    if (inside) {
      comment += ` ${text.replace(/^\/\*\*|\*\/$|^\*(?!\/)/g, '').trim()}`;
      inside = !text.endsWith('*/');
      continue;
    }
    const named = /^(\s*)(?:export )?(?:const |interface )?['"]?(\w+)['"]?(?:\??:| =| \{$)/.exec(line);
    if (named) {
      const indent = named[1]!.length;
      while (stack.length > 0 && stack.at(-1)!.indent >= indent) stack.pop();
      if (comment !== '') found.set(`${stack.at(-1)?.name ?? ''}.${named[2]}`, comment.replace(/\s+/g, ' ').trim());
      stack.push({ indent, name: named[2]! });
    }
    if (text !== '') comment = '';
  }
  return found;
}

function keysOf(
  schema: Node,
  comments: readonly Map<string, string>[],
  at: { parents: string[]; path: string },
): Key[] {
  const { base } = bare(schema);
  const made = v.safeParse(schema as unknown as v.GenericSchema, {});
  const values = (made.success ? made.output : {}) as Record<string, unknown>;
  return Object.entries(base.entries ?? {}).flatMap(([key, node]) => {
    const path = at.path === '' ? key : `${at.path}.${key}`;
    const inner = bare(node).base;
    const block = inner.type === 'array' && inner.item ? bare(inner.item).base : inner;
    const suffix = inner.type === 'array' ? '[]' : '';
    const says = at.parents.flatMap((parent) => comments.flatMap((one) => one.get(`${parent}.${key}`) ?? []))[0];
    const own: Key = {
      path,
      type: typeOf(node),
      rules: rulesOf(node),
      otherwise: otherwiseOf(node, values?.[key]),
      says: says ?? shared.get(`.${key}`) ?? '',
    };
    // The wrapped one: what a block makes of nothing is known to it alone.
    const whole = inner.type === 'array' ? inner.item! : node;
    const parents = [key, `${key}Schema`, ...(key === 'services' ? ['serviceSchema'] : [])];
    const below = block.entries ? keysOf(whole, comments, { parents, path: `${path}${suffix}` }) : [];
    return [own, ...below];
  });
}

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/([<>])/g, '\\$1');

function table(keys: readonly Key[], secrets: readonly string[] = []): string {
  const rows = keys.map(({ path, type, rules, otherwise, says }) => {
    const last = path.split('.').at(-1)!;
    const secret = secrets.includes(path) || secrets.includes(last) ? ['a secret: `env:NAME` or `file:PATH`'] : [];
    const asked = [type, ...secret, ...rules].join('; ');
    return `| \`${path}\` | ${cell(asked)} | ${otherwise === '' ? 'must be there' : (otherwise ?? '–')} | ${cell(says)} |`;
  });
  return ['| key | what it may be | default | |', '|---|---|---|---|', ...rows].join('\n');
}

/** Keys that several kinds have alike. */
const shared = commentsOf(join(SRC, 'sources/fields.ts'));
const configOf = (...path: string[]): Map<string, string>[] => {
  return [commentsOf(join(SRC, ...path, 'config.ts'))];
};
const asNode = (schema: unknown): Node => schema as Node;

export function configurationPage(): string {
  const own = [commentsOf(join(SRC, 'config/schema.ts'))];
  const parts = [
    '# Configuration: every key',
    '',
    'Made from the schema by `npm run docs:configuration`; a test holds it to that. A file with all of it to copy, and with longer words, is',
    '[tocsin.example.yaml](../config/tocsin.example.yaml). `npx tocsin check` tells every fault of yours at once, with its place and a remedy;',
    'an unknown key is one.',
    '',
    'Files are YAML or JSON. `[]` stands for each entry of a list: `extract.services[].id`. A duration is a number with its unit: `10s`, `5m`,',
    '`6h`, `45d`. A secret is written as `env:NAME` (a variable) or `file:PATH` (a file that holds it alone). Keys that have a default, or "–"',
    'for none, may be left out.',
    '',
    '## The file',
    '',
    table(keysOf(asNode(fileSchema), own, { parents: ['fileSchema'], path: '' }), ['extract.model.key']),
  ];
  parts.push(
    '',
    '## accounts',
    '',
    'By their `platform`. An `id` stays the same for good: the chats in the database belong to it.',
  );
  for (const { platform, schema, secrets } of adapterKinds) {
    const comments = configOf('adapters', platform);
    const parents = ['schema', `${platform}Schema`, `${platform[0]!.toUpperCase()}${platform.slice(1)}Account`];
    parts.push('', `### ${platform}`, '', table(keysOf(asNode(schema), comments, { parents, path: '' }), secrets));
  }
  parts.push(
    '',
    '## sources',
    '',
    'By their `kind`. What was read is remembered under the `id`. [Sources](sources.md) tells what each sees.',
  );
  for (const { kind, schema, secrets } of sourceKinds.filter((one) => !one.vantage)) {
    const comments = configOf('sources', kind);
    parts.push(
      '',
      `### ${kind}`,
      '',
      table(keysOf(asNode(schema), comments, { parents: ['schema', `${kind}Schema`], path: '' }), secrets),
    );
  }
  for (const kind of sourceKinds) {
    const comments = configOf('sources', kind.kind);
    if (kind.agents)
      parts.push(
        '',
        '## agents',
        '',
        'Machines elsewhere that measure for this bot ([agents](agents.md)).',
        '',
        table(
          keysOf(asNode(kind.agents.schema), comments, { parents: ['agentSchema', 'schema'], path: '' }),
          kind.agents.secrets,
        ),
      );
    if (kind.vantage)
      parts.push(
        '',
        '## A vantage file',
        '',
        'What `vantage` names ([vantage](vantage.md)).',
        '',
        table(keysOf(asNode(kind.vantage.schema), comments, { parents: ['vantageSchema', 'schema'], path: '' })),
      );
  }
  return `${parts.join('\n')}\n`;
}
