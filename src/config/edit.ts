import { existsSync, mkdirSync } from 'node:fs';
import { type FileHandle, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Document, isCollection, isMap, isScalar, isSeq, type Node, parseDocument, stringify, visit } from 'yaml';
import { TocsinError, orNull } from '../core/errors.ts';

/** Changes to a configuration that a person wrote: their comments, order and layout stay; only what a change is about is written anew. */

type Step = string | number;
export type Data = Record<string, unknown>;
/** `comment`: lines above a key that is new at the top, without "#". */
export type Edit =
  /** The value of a key, whatever stands there now; undefined takes the key away. */
  | { do: 'set'; path: readonly Step[]; value: unknown; comment?: string }
  /** At the end of a list, which is made where it is missing. */
  | { do: 'append'; path: readonly Step[]; values: readonly unknown[]; comment?: string }
  | { do: 'remove'; path: readonly Step[] };

/** `json`: it is JSON, whose layout is made anew. `compact`: each small thing on one line, as the example configuration has it. */
interface Form {
  json?: boolean;
  compact?: boolean;
}

/** Nothing is folded: what was written on one line stays on one. */
const LAYOUT = { lineWidth: 0, indent: 2 } as const;
const NOT_EDITABLE = 'mend it, or make the change by hand';

/**
 * The text with the edits made, one after another. The result holds what was meant, or this throws `config_invalid`: a text that is no sound YAML, or one
 * whose anchors and aliases would change more than was asked for.
 */
export function editConfig(text: string, edits: readonly Edit[], { json = false, compact = false }: Form = {}): string {
  if (json) return `${JSON.stringify(edits.reduce(applied, dataOf(text, { json })), null, 2)}\n`;
  return edits.reduce((before, edit) => editYaml(before, edit, compact), text);
}

/** What it says; nothing of a file that is not there yet. */
export const dataOf = (text: string, { json = false }: Form): Data =>
  ((json ? JSON.parse(text || '{}') : parsed(text)?.toJS()) ?? {}) as Data;

function editYaml(text: string, edit: Edit, compact: boolean): string {
  const lines = text.replaceAll('\r\n', '\n');
  const document = parsed(lines);
  if (document === null) throw new TocsinError('config_invalid', `The file is no sound YAML: ${NOT_EDITABLE}.`);
  const before = (document.toJS() ?? {}) as Data;
  const meant = applied(before, edit);
  if (isDeepStrictEqual(before, meant)) return text;
  // By hand, as a person would, so that not a blank elsewhere changes; else by the library, which lays the file out anew.
  for (const change of [splice, laidOutAnew]) {
    const made = orNull(() => change(lines, document, edit, compact));
    if (made !== null && isDeepStrictEqual(parsed(made)?.toJS() ?? {}, meant))
      return text.includes('\r\n') ? made.replaceAll('\n', '\r\n') : made;
  }
  throw new TocsinError('config_invalid', `The file cannot be changed without changing more of it: ${NOT_EDITABLE}.`);
}

function parsed(text: string): Document | null {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  const sound = document.errors.length === 0 && (document.contents === null || isMap(document.contents));
  return sound || (isScalar(document.contents) && document.contents.value === null) ? document : null;
}

/** The data after an edit; the input is left as it is. */
export function applied(data: Data, edit: Edit): Data {
  const copy = structuredClone(data);
  let at: Record<Step, unknown> = copy as Record<Step, unknown>;
  const last = edit.path.at(-1)!;
  for (const step of edit.path.slice(0, -1)) at = (at[step] ??= {}) as Record<Step, unknown>;
  if (edit.do === 'append') at[last] = [...(Array.isArray(at[last]) ? at[last] : []), ...edit.values];
  else if (edit.do === 'set' && edit.value !== undefined) at[last] = edit.value;
  else if (Array.isArray(at)) at.splice(last as number, 1);
  else delete at[last];
  return copy;
}

function laidOutAnew(_text: string, document: Document, edit: Edit): string {
  if (edit.do === 'append' && isSeq(document.getIn(edit.path, true)))
    for (const value of edit.values) document.addIn(edit.path, document.createNode(value));
  else if (edit.do === 'append') document.setIn(edit.path, document.createNode(edit.values));
  else if (edit.do === 'set' && edit.value !== undefined) document.setIn(edit.path, document.createNode(edit.value));
  else document.deleteIn(edit.path);
  return document.toString(LAYOUT);
}

/** What comes out may be wrong in odd cases: whoever calls compares it with what was meant. Null = no line can be put in or taken out there. */
function splice(text: string, document: Document, edit: Edit, compact: boolean): string | null {
  const there = document.getIn(edit.path, true) as Node | undefined;
  if (edit.do === 'remove' || (edit.do === 'set' && edit.value === undefined)) {
    const list = document.getIn(edit.path.slice(0, -1), true);
    if (!there?.range || !isSeq(list) || list.flow || list.items.length < 2) return null;
    return text.slice(0, lineStart(text, there.range[0])) + text.slice(lineEnd(text, endOf(there)));
  }
  const value = edit.do === 'set' ? edit.value : edit.values;
  if (!there?.range) return withKey(text, document, { ...edit, value }, compact);
  if (edit.do === 'set' || !isSeq(there) || there.items.length === 0) return replaced(text, there, value, compact);
  if (there.flow) return withInside(text, there, edit.values.map(inFlow).join(', '), ', ');
  const items = stringify(
    edit.values.map((one) => nodeOf(one, compact)),
    LAYOUT,
  );
  return withLines(text, lineEnd(text, endOf(there)), indented(items, columnOf(text, there.range[0])));
}

/** A new key: at the end of its block, or of its braces; at the top with its comment, or below the lines that explain it. */
function withKey(
  text: string,
  document: Document,
  { path, value, comment }: { path: readonly Step[]; value: unknown; comment?: string },
  compact: boolean,
): string | null {
  const key = String(path.at(-1));
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const lines = stringify({ [key]: nodeOf(value, compact) }, LAYOUT);
  if (isMap(parent) && parent.flow)
    return withInside(text, parent, ` ${key}: ${inFlow(value)} `, parent.items.length > 0 ? ',' : '');
  if (path.length > 1)
    return isMap(parent) && parent.range
      ? withLines(text, lineEnd(text, endOf(parent)), indented(lines, columnOf(text, parent.range[0])))
      : null;
  if (comment === undefined) return withLines(text, placeOfKey(text, key), lines);
  const head = text.trimEnd();
  return `${head}${head === '' ? '' : '\n\n'}${comment.replace(/^/gm, '# ')}\n${lines}`;
}

/** Before the bracket that ends it. */
function withInside(text: string, { range }: Node, more: string, comma: string): string {
  const end = range![1] - 1;
  return `${text.slice(0, end).trimEnd()}${comma}${more}${text.slice(end)}`;
}

function replaced(text: string, there: Node, value: unknown, compact: boolean): string {
  const [before, after] = [text.slice(0, there.range![0]), text.slice(endOf(there))];
  const isFull = isCollection(there) && there.items.length > 0;
  const node = nodeOf(value, compact);
  if (isCollection(node) && isFull && there.flow) node.flow = true;
  const written = stringify(node, LAYOUT);
  if (isCollection(node) && !node.flow && node.items.length > 0) {
    if (isFull) return before + indented(written, columnOf(text, there.range![0])).trim() + after;
    return `${before.trimEnd()}\n${indented(written, 2).trimEnd()}${after}`;
  }
  // After "key:" of a key without a value, or of one whose value stood below it.
  const head = /\S$/.test(before) ? `${before} ` : before.replace(/:[^\S\n]*\n\s*$/, ': ');
  return head + written.trimEnd() + (text.slice(0, endOf(there)).endsWith('\n') ? '\n' : '') + after;
}

function nodeOf(value: unknown, compact: boolean): Node {
  const node = new Document(value).contents as Node;
  if (!compact || !isCollection(node)) return node;
  const inner = isSeq(node) ? node.items.filter(isCollection) : [];
  // Lists of blocks stand an item a line; anything else on one.
  for (const one of inner.length > 0 ? inner : [node]) one.flow = true;
  return node;
}

/** Where what it says ends: comments behind it count to whatever comes next. */
function endOf(node: Node): number {
  if (!isCollection(node) || node.flow) return node.range![1];
  let end = node.range![0];
  visit(node, {
    Node(_, inner) {
      if (isCollection(inner) && !inner.flow) return undefined;
      end = Math.max(end, inner.range?.[1] ?? 0);
      return visit.SKIP;
    },
  });
  return end;
}

/** After the end of the line on which that place lies; a block of text ends with its own. */
function lineEnd(text: string, at: number): number {
  if (text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const columnOf = (text: string, at: number): number => at - lineStart(text, at);

/** A new key at the top stands below the lines that explain it, where it is explained: `# sources:` and what follows; else at the end. */
function placeOfKey(text: string, key: string): number {
  const explained = new RegExp(`^# ?${RegExp.escape(key)}:.*\\n(?:#.*\\n)*`, 'm').exec(text);
  return explained ? explained.index + explained[0].length : text.length;
}

function withLines(text: string, at: number, lines: string): string {
  const before = text.slice(0, at);
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${lines}${text.slice(at)}`;
}

/** Each line but empty ones moved to the right. */
const indented = (lines: string, column: number): string => lines.replace(/^(?=[^\n])/gm, ' '.repeat(column));

/** On one line. */
const inFlow = (value: unknown): string => stringify(value, { ...LAYOUT, collectionStyle: 'flow' }).trimEnd();

/**
 * Makes a folder and those above it that are missing; the topmost that was made, undefined = it was there. One by one: Node's own recursive `mkdir` never
 * returns where the system says "no such file" of a folder whose parent is there, as under /proc. Throws what the system says.
 */
export function makeFolders(folder: string, mode: number = 0o777): string | undefined {
  if (existsSync(folder)) return undefined;
  const above = dirname(folder);
  const first = above === folder ? undefined : makeFolders(above, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Somebody else was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return first ?? folder;
}

/** A configuration file on the disk, for the commands that change it. */

/** What stands in it now; '' where there is no such file yet. */
export async function configText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw cannot('read', file, error);
  }
}

/**
 * Writes it whole or not at all: beside its place first, then in one step. Who may read it stays as it was; a new one may be read by all. Throws
 * `usage` where another wrote to it since `before` was read: nobody's change is lost.
 */
export async function saveConfig(file: string, before: string, text: string): Promise<void> {
  // What a link leads to is written, not the link.
  const place = await realpath(file).catch(() => file);
  if ((await configText(place)) !== before)
    throw new TocsinError('usage', `${file} has just been changed by somebody else: nothing was written. Try again.`);
  try {
    makeFolders(dirname(place));
    const kept = await stat(place).then(
      (one) => one.mode & 0o777,
      () => 0o644,
    );
    await writeWhole(place, kept, (handle) => handle.writeFile(text)).catch(async (error: NodeJS.ErrnoException) => {
      // A file that is mounted by itself, as into a container, cannot be replaced, only written.
      if (error.code !== 'EBUSY') throw error;
      await writeFile(place, text);
    });
  } catch (error) {
    throw cannot('written', file, error);
  }
}

/** Whoever reads the file sees the old one or the new one, whole: it is written beside its place, and on the disk before it gets there. */
export async function writeWhole<T>(file: string, mode: number, write: (handle: FileHandle) => Promise<T>): Promise<T> {
  const beside = `${file}.${process.pid}.partial`;
  try {
    await rm(beside, { force: true });
    let made: T;
    {
      await using handle = await open(beside, 'wx', mode);
      await handle.chmod(mode);
      made = await write(handle);
      await handle.sync();
    }
    await rename(beside, file);
    return made;
  } finally {
    await rm(beside, { force: true }).catch(() => {});
  }
}

/** What is thrown where the system refuses a file that somebody named; what we said already stays. */
export function cannot(what: 'read' | 'written', file: string, error: unknown): TocsinError {
  if (error instanceof TocsinError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unexpected error';
  return new TocsinError('usage', `${file} cannot be ${what} (${code}).`, { file }, error);
}
