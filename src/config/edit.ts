import { existsSync, mkdirSync } from 'node:fs';
import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Document, isCollection, isMap, isScalar, isSeq, type Node, parseDocument, stringify, visit } from 'yaml';
import { TocsinError, orNull } from '../core/errors.ts';

/** Changes to a configuration that a person wrote: their comments, order and layout stay; only what a change is about is written anew. */

export type Edit =
  /** The value of a key at the top, whatever stands there now. */
  | { set: string; value: unknown }
  /** At the end of the list of a key at the top, which is made where it is missing. */
  | { append: string; values: readonly unknown[] };

/** Nothing is folded: what was written on one line stays on one. */
const LAYOUT = { lineWidth: 0, indent: 2 } as const;
const NOT_EDITABLE = 'mend it, or make the change by hand';

/**
 * The text with the edits made, one after another. `json`: it is JSON, whose layout is made anew. The result holds what was meant, or this throws
 * `config_invalid`: a text that is no sound YAML, or one whose anchors and aliases would change more than was asked for.
 */
export function editConfig(text: string, edits: readonly Edit[], { json = false } = {}): string {
  if (json) {
    const data = edits.reduce((before: unknown, edit) => changed(before, edit), JSON.parse(text || '{}'));
    return `${JSON.stringify(data, null, 2)}\n`;
  }
  return edits.reduce(editYaml, text);
}

/** The keys at its top; none of a file that is not there yet. */
export function configKeys(text: string, { json = false } = {}): string[] {
  return Object.keys((json ? JSON.parse(text || '{}') : parsed(text)?.toJS()) ?? {});
}

function editYaml(text: string, edit: Edit): string {
  const document = parsed(text);
  if (document === null) throw new TocsinError('config_invalid', `The file is no sound YAML: ${NOT_EDITABLE}.`);
  const before = document.toJS() ?? {};
  const meant = changed(before, edit);
  if (isDeepStrictEqual(before, meant)) return text;
  const holds = (candidate: string | null): candidate is string =>
    candidate !== null && isDeepStrictEqual(parsed(candidate)?.toJS() ?? {}, meant);
  // By hand, as a person would, so that not a blank elsewhere changes; else by the library, which lays the file out anew.
  const spliced = splice(text, document, edit);
  if (holds(spliced)) return spliced;
  const laidOut = orNull(() => laidOutAnew(document, edit));
  if (holds(laidOut)) return laidOut;
  throw new TocsinError('config_invalid', `The file cannot be changed without changing more of it: ${NOT_EDITABLE}.`);
}

function parsed(text: string): Document | null {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  const sound = document.errors.length === 0 && (document.contents === null || isMap(document.contents));
  return sound || (isScalar(document.contents) && document.contents.value === null) ? document : null;
}

// --- what is meant, as data ----------------------------------------------------------------------------------------------------

function changed(data: unknown, edit: Edit): Record<string, unknown> {
  const before = (data ?? {}) as Record<string, unknown>;
  if ('set' in edit) return { ...before, [edit.set]: edit.value };
  const list = before[edit.append];
  return { ...before, [edit.append]: [...(Array.isArray(list) ? list : []), ...edit.values] };
}

function laidOutAnew(document: Document, edit: Edit): string {
  const list = 'append' in edit ? document.getIn([edit.append], true) : null;
  if ('set' in edit) document.setIn([edit.set], document.createNode(edit.value));
  else if (isSeq(list)) for (const value of edit.values) list.add(document.createNode(value));
  else document.setIn([edit.append], document.createNode(edit.values));
  return document.toString(LAYOUT);
}

// --- the change in the text -----------------------------------------------------------------------------------------------------

/** What comes out may be wrong in odd cases: whoever calls compares it with what was meant. */
function splice(text: string, document: Document, edit: Edit): string {
  const [key, value] = 'set' in edit ? [edit.set, edit.value] : [edit.append, edit.values];
  const there = document.getIn([key], true) as Node | undefined;
  if (!there?.range) return withLines(text, placeOfKey(text, key), stringify({ [key]: value }, LAYOUT));
  if ('set' in edit || !isSeq(there) || there.items.length === 0) return replaced(text, there, value);
  if (there.flow) {
    const end = endOf(there) - 1;
    return `${text.slice(0, end)}, ${edit.values.map(inFlow).join(', ')}${text.slice(end)}`;
  }
  const items = indented(stringify(edit.values, LAYOUT), columnOf(text, there.range[0]));
  return withLines(text, lineEnd(text, endOf(there)), items);
}

function replaced(text: string, node: Node, value: unknown): string {
  const [start] = node.range!;
  const end = endOf(node);
  const block = value !== null && typeof value === 'object' && Object.keys(value).length > 0;
  const flow = isCollection(node) && node.flow === true && node.items.length > 0;
  if (!block || flow) {
    const written = block ? inFlow(value) : stringify(value, LAYOUT).trimEnd();
    // After "key:" of a key without a value.
    const gap = start > 0 && /[^\s]/.test(text[start - 1]!) ? ' ' : '';
    return `${text.slice(0, start)}${gap}${written}${text.slice(end)}`;
  }
  if (isCollection(node) && node.items.length > 0) {
    const column = columnOf(text, start);
    return text.slice(0, start) + indented(stringify(value, LAYOUT), column).trim() + text.slice(end);
  }
  const under = indented(stringify(value, LAYOUT), 2).trimEnd();
  return `${text.slice(0, start).trimEnd()}\n${under}${text.slice(end)}`;
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
export function lineEnd(text: string, at: number): number {
  if (text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

const columnOf = (text: string, at: number): number => at - (text.lastIndexOf('\n', at - 1) + 1);

/** A new key at the top stands below the lines that explain it, where it is explained: `# sources:` and what follows; else at the end. */
function placeOfKey(text: string, key: string): number {
  const explained = new RegExp(`^# ?${key.replace(/[^\w]/g, '\\$&')}:.*\\n(?:#.*\\n)*`, 'm').exec(text);
  return explained ? explained.index + explained[0].length : text.length;
}

export function withLines(text: string, at: number, lines: string): string {
  const before = text.slice(0, at);
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${lines}${text.slice(at)}`;
}

/** Each line but empty ones moved to the right. */
const indented = (lines: string, column: number): string => lines.replace(/^(?=[^\n])/gm, ' '.repeat(column));

/** On one line, as the example configuration writes small things. */
export const inFlow = (value: unknown): string =>
  stringify(value, { ...LAYOUT, collectionStyle: 'flow', defaultStringType: 'PLAIN' }).trimEnd();

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
  const beside = `${place}.${process.pid}.partial`;
  try {
    makeFolders(dirname(place));
    const kept = await stat(place).then(
      (one) => one.mode & 0o777,
      () => 0o644,
    );
    {
      await using handle = await open(beside, 'wx', kept);
      await handle.chmod(kept);
      await handle.writeFile(text);
      await handle.sync();
    }
    await rename(beside, place).catch(async (error: NodeJS.ErrnoException) => {
      // A file that is mounted by itself, as into a container, cannot be replaced, only written.
      if (error.code !== 'EBUSY') throw error;
      await writeFile(place, text);
    });
  } catch (error) {
    throw cannot('written', file, error);
  } finally {
    await rm(beside, { force: true }).catch(() => {});
  }
}

function cannot(what: 'read' | 'written', file: string, error: unknown): TocsinError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unexpected error';
  return new TocsinError('usage', `${file} cannot be ${what} (${code}).`, { file }, error);
}
