/** Changes to a configuration's text that leave all else of it as it is: comments, order, spacing. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, stringify, type YAMLMap } from 'yaml';

export type Step = string | number;
export type Data = Record<string, unknown>;
/** `comment`: lines above a key that is new, without "#". */
export type Edit =
  | { do: 'set'; path: readonly Step[]; value: unknown; comment?: string }
  | { do: 'append'; path: readonly Step[]; value: unknown; comment?: string }
  | { do: 'remove'; path: readonly Step[] };

const FLOW = { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true } as const;
/** On one line, as the example configuration writes such things. */
const inline = (value: unknown): string => stringify(value, FLOW).trimEnd();
const commented = (comment: string | undefined, indent: string): string =>
  comment === undefined
    ? ''
    : comment
        .split('\n')
        .map((line) => `${indent}# ${line}`.trimEnd())
        .join('\n')
        .concat('\n');

/** The data after an edit; the input is left as it is. */
export function applied(data: Data, edit: Edit): Data {
  const copy = structuredClone(data);
  let at: Record<Step, unknown> = copy as Record<Step, unknown>;
  const last = edit.path.at(-1)!;
  for (const step of edit.path.slice(0, -1)) {
    at[step] ??= {};
    at = at[step] as Record<Step, unknown>;
  }
  if (edit.do === 'set') {
    if (edit.value === undefined) delete at[last];
    else at[last] = edit.value;
  } else if (edit.do === 'append') at[last] = [...((at[last] as unknown[] | null | undefined) ?? []), edit.value];
  else if (Array.isArray(at)) at.splice(last as number, 1);
  else delete at[last];
  return copy;
}

/** The text after the edits, in their order. Every edit is read back: where a careful change does not give what was meant, the whole is written anew by the library, which keeps comments. */
export function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce(editedOnce, text);
}

function editedOnce(text: string, edit: Edit): string {
  const document = parseDocument(text);
  const before = (document.toJS() ?? {}) as Data;
  const meant = applied(before, edit);
  if (isDeepStrictEqual(before, meant)) return text;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const careful = splice(text.replaceAll('\r\n', '\n'), edit);
  if (careful !== null && isDeepStrictEqual(read(careful), meant)) return careful.replaceAll('\n', eol);
  // What stands there is written in a way that lines cannot be put into (braces over several lines, an anchor).
  if (document.contents === null) return inline(meant).concat('\n');
  if (edit.do === 'remove' || (edit.do === 'set' && edit.value === undefined)) document.deleteIn(edit.path);
  else document.setIn(edit.path, document.createNode(valueAt(meant, edit.path)));
  return document.toString({ lineWidth: 0 });
}

function read(text: string): unknown {
  const document = parseDocument(text);
  return document.errors.length > 0 ? null : (document.toJS() ?? {});
}

const valueAt = (data: unknown, path: readonly Step[]): unknown =>
  path.reduce<unknown>((at, step) => (at as Record<Step, unknown> | null)?.[step], data);

/** Null = that is no place where a line can be put in or taken out. */
function splice(text: string, edit: Edit): string | null {
  const document = parseDocument(text);
  const parentPath = edit.path.slice(0, -1);
  const parent = parentPath.length === 0 ? document.contents : (document.getIn(parentPath, true) as Node | undefined);
  const last = edit.path.at(-1)!;
  if (edit.do === 'remove') return typeof last === 'number' ? withoutItem(text, parent, last) : null;
  if (parent === null && parentPath.length === 0)
    return atEnd(text, `${commented(edit.comment, '')}${lineOf(String(last), listed(edit))}`);
  if (!isMap(parent)) return null;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
  if (edit.do === 'append' && isSeq(pair?.value)) return withItem(text, pair.value, edit.value);
  if (pair) return edit.do === 'set' && edit.value === undefined ? null : replaced(text, pair, edit);
  if (edit.do === 'set' && edit.value === undefined) return text;
  return withKey(
    text,
    parent,
    { key: String(last), value: listed(edit), comment: edit.comment },
    parentPath.length === 0,
  );
}

const listed = (edit: Exclude<Edit, { do: 'remove' }>): unknown => (edit.do === 'append' ? [edit.value] : edit.value);

/** Lists of blocks stand an item a line; anything else on one. */
function lineOf(key: string, value: unknown, indent = ''): string {
  const isLong = Array.isArray(value) && value.some((one) => one !== null && typeof one === 'object');
  if (!isLong) return `${indent}${key}: ${inline(value)}\n`;
  return `${indent}${key}:\n${value.map((one) => `${indent}  - ${inline(one)}\n`).join('')}`;
}

function replaced(text: string, pair: Pair, edit: Exclude<Edit, { do: 'remove' }>): string | null {
  const [key, value] = [pair.key as Node, pair.value as Node | null];
  if (!key.range || !value?.range) return null;
  const end = value.range[1];
  const tail = text.slice(0, end).endsWith('\n') ? '\n' : '';
  const between = text.slice(key.range[1], value.range[0]);
  const start = /^\s*:\s*$/.test(between) ? key.range[1] : value.range[0];
  const lead = start === key.range[1] ? ': ' : '';
  return `${text.slice(0, start)}${lead}${inline(listed(edit))}${tail}${text.slice(end)}`;
}

function withKey(
  text: string,
  map: YAMLMap,
  { key, value, comment }: { key: string; value: unknown; comment: string | undefined },
  top: boolean,
): string | null {
  if (map.flow) {
    const end = (map.range?.[1] ?? 0) - 1;
    if (text[end] !== '}') return null;
    const head = text.slice(0, end).trimEnd();
    return `${head}${map.items.length > 0 ? ',' : ''} ${key}: ${inline(value)} ${text.slice(end)}`;
  }
  if (top) return atEnd(text, `${commented(comment, '')}${lineOf(key, value)}`);
  const [first, last] = [map.items[0], map.items.at(-1)];
  const start = (first?.key as Node | undefined)?.range?.[0];
  if (start === undefined || !last) return null;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  return insertedAfter(text, endOf(last), `${commented(comment, indent)}${lineOf(key, value, indent)}`);
}

function withItem(
  text: string,
  seq: { flow?: boolean; items: unknown[]; range?: readonly number[] | null },
  value: unknown,
): string | null {
  if (seq.flow) {
    const end = (seq.range?.[1] ?? 0) - 1;
    if (text[end] !== ']') return null;
    return `${text.slice(0, end).trimEnd()}${seq.items.length > 0 ? ', ' : ''}${inline(value)}${text.slice(end)}`;
  }
  const last = seq.items.at(-1) as Node | undefined;
  const dash = last?.range ? dashBefore(text, last.range[0]) : null;
  if (!last?.range || dash === null) return null;
  const indent = text.slice(text.lastIndexOf('\n', dash - 1) + 1, dash);
  return insertedAfter(text, last.range[1], `${indent}- ${inline(value)}\n`);
}

function withoutItem(text: string, seq: unknown, index: number): string | null {
  if (!isSeq(seq) || seq.flow || seq.items.length < 2) return null;
  const item = seq.items[index] as Node | undefined;
  const dash = item?.range ? dashBefore(text, item.range[0]) : null;
  if (!item?.range || dash === null) return null;
  const start = text.lastIndexOf('\n', dash - 1) + 1;
  return text.slice(0, start) + text.slice(lineEnd(text, item.range[1]));
}

/** Where the "-" of an item stands that begins at `at`; null = it is not alone before it on its line. */
function dashBefore(text: string, at: number): number | null {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const lead = /^\s*- +$/.exec(text.slice(line, at));
  return lead ? line + lead[0].indexOf('-') : null;
}

const endOf = ({ key, value }: Pair): number =>
  (value as Node | null)?.range?.[1] ?? ((key as Node).range?.[1] ?? 0) + 1;

/** Behind the line that ends at or after `at`, with its comment. */
function lineEnd(text: string, at: number): number {
  if (text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function insertedAfter(text: string, at: number, lines: string): string {
  const end = lineEnd(text, at);
  const head = text.slice(0, end);
  return `${head}${head === '' || head.endsWith('\n') ? '' : '\n'}${lines}${text.slice(end)}`;
}

function atEnd(text: string, lines: string): string {
  const head = text.trimEnd();
  return head === '' ? lines : `${head}\n\n${lines}`;
}
