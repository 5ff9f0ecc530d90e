import { closeSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import TROUBLES from '../../config/trouble-texts.json' with { type: 'json' };
import { atEnd, orNull } from '../core/errors.ts';
import { PERCENT_REMEDY, percentFault } from '../core/model/connection-address.ts';
import type { Problem, Problems } from './problems.ts';

/** Far above any real config, far below what would hurt. */
const MAX_FILE_BYTES = 2_000_000;
/** An alias may stand for much; a file of a few hundred bytes must not become gigabytes. */
const MAX_ALIASES = 100;
const MAX_DEPTH = 32;
const READ: Partial<Record<string, string[]>> = TROUBLES.read;
const [NO_FILE] = TROUBLES.read.ENOENT;

/** The file as people know it: relative to where they are when it is below, else as it is. */
export function displayName(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short && !short.startsWith('..') && !short.startsWith(sep) ? short.split(sep).join('/') : file;
}

/** What there is above a place: the nearest folder, or what stands in the way of one. */
export function above(file: string): string {
  const place = dirname(file);
  return place === dirname(place) || lstatSync(place, { throwIfNoEntry: false }) ? place : above(place);
}

/**
 * Reads one YAML or JSON file (by its ending). Faults go to `problems` with line and column; `undefined` then. An empty file is an
 * empty config.
 */
export async function readData(file: string, name: string, problems: Problems): Promise<unknown> {
  const text = await readText(file, name, problems);
  if (text === undefined) return undefined;
  const data =
    fromBundled(file, text) ??
    (file.toLowerCase().endsWith('.json') ? parseJson(text, name, problems) : await parseYaml(text, name, problems));
  if (data === undefined) return undefined;
  if (deeper(data, MAX_DEPTH)) {
    problems.add(name, '', `is nested deeper than ${MAX_DEPTH} levels`, 'write it flat');
    return undefined;
  }
  checkPercents(data, '', (path, wrong) => problems.add(name, path, wrong, PERCENT_REMEDY));
  return data ?? {};
}

/** Bundled, large, and read at each start: YAML that is JSON too, apart from lines of comment. */
const CONFIG = join(import.meta.dirname, '../../config');
const QUICK = ['services.yaml', 'baseline.yaml', 'publishers.yaml'].map((name) => join(CONFIG, name));
const isQuick = (file: string): boolean => QUICK.includes(file) || file.startsWith(join(CONFIG, 'feeds', sep));

/** Reads these in a fiftieth of the time that YAML takes. Null where one is no JSON any more, or where it is another file. */
function fromBundled(file: string, text: string): unknown {
  return isQuick(file) ? orNull(() => JSON.parse(text.replace(/^\s*#.*$/gm, ''))) : null;
}

/** Names every address in it, however deep, that holds a malformed escape. */
export function checkPercents(data: unknown, path: string, onFault: (path: string, wrong: string) => void): void {
  if (typeof data === 'string') {
    const wrong = percentFault(data.trim());
    if (wrong !== null) onFault(path, wrong);
  } else if (data !== null && typeof data === 'object') {
    for (const [key, value] of Object.entries(data)) {
      const below = Array.isArray(data) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      checkPercents(value, below, onFault);
    }
  }
}

async function readText(file: string, name: string, problems: Problems) {
  try {
    const { size } = await stat(file);
    const fault = (wrong: string, remedy: string) => void problems.add(name, '', wrong, remedy);
    if (size > MAX_FILE_BYTES)
      return fault(`is ${size} bytes, more than ${MAX_FILE_BYTES}`, 'split it and name the parts under "include"');
    const bytes = readBounded(file, MAX_FILE_BYTES);
    if (bytes === null) return fault(`holds more than ${MAX_FILE_BYTES} bytes`, 'name a file that is a config');
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const [wrong, remedy] = readFault(error);
    problems.add(name, '', wrong, remedy);
    return undefined;
  }
}

/** A file that is not there is the fault of whoever names it: the complaint of `readData` moves to that place. */
export function replaceMissing(problems: Problems, name: string, at: Omit<Problem, 'wrong'>): void {
  const i = problems.list.findLastIndex((one) => one.file === name && one.wrong === NO_FILE);
  if (i >= 0) problems.list[i] = { ...at, wrong: `there is no file ${name}` };
}

/** The whole file, or null where it holds more: what a device or a pipe tells of its size is nothing. */
export function readBounded(file: string, maxBytes: number): Uint8Array | null {
  const handle = openSync(file, 'r');
  using _ = atEnd(() => closeSync(handle));
  let bytes = Buffer.allocUnsafe(Math.min(fstatSync(handle).size, maxBytes) + 1);
  let length = 0;
  for (;;) {
    const got = readSync(handle, bytes, length, bytes.length - length, null);
    if (got === 0) return bytes.subarray(0, length);
    length += got;
    if (length > maxBytes) return null;
    if (length === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(Math.min(length, maxBytes) + 1)]);
  }
}

/** What is wrong with a file that cannot be read, and what to do. */
export function readFault(error: unknown): [wrong: string, remedy: string] {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown reason';
  const [wrong = `cannot be read (${code})`, remedy = 'look at the file and its disk'] = READ[code] ?? [];
  return [wrong, remedy];
}

/** The parser of YAML is read where there is some. */
async function parseYaml(text: string, name: string, problems: Problems): Promise<unknown> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const faults = [...document.errors, ...document.warnings];
  for (const fault of faults.slice(0, 10)) {
    const { line, col } = lines.linePos(fault.pos[0]);
    problems.add(name, `${line}:${col}`, yamlFault(fault.code, fault.message), 'mend the YAML at this line and column');
  }
  if (faults.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch (error) {
    const wrong = error instanceof ReferenceError ? 'uses aliases to grow beyond measure' : 'cannot be read as YAML';
    problems.add(name, '', wrong, 'write the values out instead of using anchors and aliases');
    return undefined;
  }
}

function yamlFault(code: string, message: string): string {
  const first = (message.split('\n')[0] ?? '').replace(/[:.]$/, '');
  if (code === 'DUPLICATE_KEY') return 'the same key stands here twice';
  if (code === 'TAB_AS_INDENT') return 'a tab stands where YAML wants spaces';
  return `is no valid YAML: ${first}`;
}

function parseJson(text: string, name: string, problems: Problems): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const at = /line (\d+) column (\d+)/.exec(message);
    const end = text.split('\n');
    const where = at ? `${at[1]}:${at[2]}` : `${end.length}:${(end.at(-1) ?? '').length + 1}`;
    const wrong = `is no valid JSON: ${message.split(/ in JSON| \(line/)[0]}`;
    problems.add(name, where, wrong, 'mend the JSON at this line and column');
    return undefined;
  }
}

function deeper(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => deeper(inner, levels - 1));
}
