import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { inFlow, lineEnd, withLines } from '../../config/edit.ts';
import { PACKAGE_ROOT } from '../../config/secrets.ts';
import { sourceKinds } from '../../sources/index.ts';

/** Changes to a configuration's text that leave all else of it as it is: comments, order, spacing. Pure. */

type Step = string | number;
export type Data = Record<string, unknown>;
/** `comment`: lines above a key that is new, without "#". */
export type Edit =
  | { do: 'set'; path: readonly Step[]; value: unknown; comment?: string }
  | { do: 'append'; path: readonly Step[]; value: unknown; comment?: string }
  | { do: 'remove'; path: readonly Step[] };

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
  if (document.contents === null) return inFlow(meant).concat('\n');
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
  if (!isLong) return `${indent}${key}: ${inFlow(value)}\n`;
  return `${indent}${key}:\n${value.map((one) => `${indent}  - ${inFlow(one)}\n`).join('')}`;
}

function replaced(text: string, pair: Pair, edit: Exclude<Edit, { do: 'remove' }>): string | null {
  const [key, value] = [pair.key as Node, pair.value as Node | null];
  if (!key.range || !value?.range) return null;
  const end = value.range[1];
  const tail = text.slice(0, end).endsWith('\n') ? '\n' : '';
  const between = text.slice(key.range[1], value.range[0]);
  const start = /^\s*:\s*$/.test(between) ? key.range[1] : value.range[0];
  const lead = start === key.range[1] ? ': ' : '';
  return `${text.slice(0, start)}${lead}${inFlow(listed(edit))}${tail}${text.slice(end)}`;
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
    return `${head}${map.items.length > 0 ? ',' : ''} ${key}: ${inFlow(value)} ${text.slice(end)}`;
  }
  if (top) return atEnd(text, `${commented(comment, '')}${lineOf(key, value)}`);
  const [first, last] = [map.items[0], map.items.at(-1)];
  const start = (first?.key as Node | undefined)?.range?.[0];
  if (start === undefined || !last) return null;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  return withLines(text, lineEnd(text, endOf(last)), `${commented(comment, indent)}${lineOf(key, value, indent)}`);
}

function withItem(text: string, seq: YAMLSeq, value: unknown): string | null {
  if (seq.flow) {
    const end = (seq.range?.[1] ?? 0) - 1;
    if (text[end] !== ']') return null;
    return `${text.slice(0, end).trimEnd()}${seq.items.length > 0 ? ', ' : ''}${inFlow(value)}${text.slice(end)}`;
  }
  const last = seq.items.at(-1) as Node | undefined;
  const dash = last?.range ? dashBefore(text, last.range[0]) : null;
  if (!last?.range || dash === null) return null;
  const indent = text.slice(text.lastIndexOf('\n', dash - 1) + 1, dash);
  return withLines(text, lineEnd(text, last.range[1]), `${indent}- ${inFlow(value)}\n`);
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

function atEnd(text: string, lines: string): string {
  const head = text.trimEnd();
  return head === '' ? lines : `${head}\n\n${lines}`;
}

/** Answers → changes to a configuration. Pure; the effects are in `draft.ts`. */

export interface PlacedAccount {
  id: string;
  platform: string;
  /** As `MadeAccount.keys`: undefined takes a key away. */
  keys: Record<string, string | boolean | readonly string[] | undefined>;
  /** By key: `file:PATH`. */
  references: Record<string, string>;
}

/** What was answered; an absent one leaves its part of the configuration as it is. */
export interface Answers {
  accounts: readonly PlacedAccount[];
  /** ISO 3166-1; none = what chats follow. */
  countries?: readonly string[];
  /** ISO 639-1; chats begin with the first. */
  languages?: readonly string[];
  /** Ids of bundled sources. */
  sources?: readonly string[];
  /** The vantage file as the configuration names it; null = none. */
  vantage?: string | null;
  /** `platform:id`, added to those that are there. */
  operators: readonly string[];
}

interface Around {
  bundled: readonly BundledSource[];
  /** `asBundled` of this configuration's folder. */
  asBundled(written: string): string | null;
}

/** In the order in which they are to be made. */
export function planEdits(before: Data, answers: Answers, around: Around): Edit[] {
  const steps: ((data: Data) => Edit[])[] = [
    (data) => accountEdits(data, answers),
    (data) => languageEdits(data, answers),
    (data) => sourceEdits(data, answers, around),
    (data) => vantageEdits(data, answers),
    (data) => operatorEdits(data, answers),
  ];
  let data = before;
  const all: Edit[] = [];
  for (const step of steps) {
    const edits = step(data);
    data = edits.reduce(applied, data);
    all.push(...edits);
  }
  return all;
}

const blocksOf = (data: Data, key: string): Data[] => {
  const list = data[key];
  return Array.isArray(list) ? list.map((one) => (one !== null && typeof one === 'object' ? (one as Data) : {})) : [];
};

function accountEdits(data: Data, { accounts }: Answers): Edit[] {
  const known = blocksOf(data, 'accounts');
  return accounts.flatMap(({ id, platform, keys, references }): Edit[] => {
    const at = known.findIndex((one) => (one.id ?? id) === id && one.platform === platform);
    if (at < 0) {
      const rest = Object.fromEntries(
        Object.entries({ ...references, ...keys }).filter(([, one]) => one !== undefined),
      );
      const comment =
        'The chats that Tocsin is in. The id of an account stays the same for good: its chats belong to it.';
      return [{ do: 'append', path: ['accounts'], value: { id, platform, ...rest }, comment }];
    }
    return Object.entries({ ...keys, ...references })
      .filter(([key, value]) => known[at]![key] !== value)
      .map(([key, value]) => ({ do: 'set', path: ['accounts', at, key], value }));
  });
}

/** The first language is what chats begin with, in every account. */
function languageEdits(data: Data, { languages }: Answers): Edit[] {
  const lang = languages?.[0];
  if (lang === undefined) return [];
  return blocksOf(data, 'accounts').flatMap((account, i): Edit[] =>
    account.platform === undefined || account.lang === lang
      ? []
      : [{ do: 'set', path: ['accounts', i, 'lang'], value: lang }],
  );
}

/** Ids of the bundled sources that a configuration reads. */
export function chosenSources(data: Data, { bundled, asBundled }: Around): string[] {
  if (data.sources == null && data.include == null) return bundled.map(({ id }) => id);
  const included = includesOf(data).map(asBundled);
  const named = new Set(blocksOf(data, 'sources').map(({ id }) => id));
  return bundled.filter(({ id, file }) => included.includes(file) || named.has(id)).map(({ id }) => id);
}

/** Countries that its observatories are told, each once. */
export function chosenCountries(data: Data, { bundled }: Pick<Around, 'bundled'>): string[] {
  const asking = new Set(bundled.filter(({ asksFor }) => asksFor).map(({ id }) => id));
  const lists = blocksOf(data, 'sources').filter(({ id }) => asking.has(id as string));
  return [...new Set(lists.flatMap(({ countries }) => (Array.isArray(countries) ? countries.map(String) : [])))];
}

const includesOf = (data: Data): string[] =>
  Array.isArray(data.include) ? data.include.filter((one): one is string => typeof one === 'string') : [];

/**
 * A bundled file of which all is wanted as it is gets included; else what is wanted of it is written out, each source under its own id, so that what was read
 * before is remembered. Sources of the operator's own are not touched.
 */
function sourceEdits(data: Data, answers: Answers, around: Around): Edit[] {
  if (answers.sources === undefined && answers.countries === undefined) return [];
  const { bundled, asBundled } = around;
  const wanted = new Set(answers.sources ?? chosenSources(data, around));
  const countries = answers.countries ?? chosenCountries(data, around);
  const files = [...new Set(bundled.map(({ file }) => file))];
  const whole = files.filter((file) =>
    bundled.every((one) => one.file !== file || (wanted.has(one.id) && !(one.asksFor && countries.length > 0))),
  );
  const own = blocksOf(data, 'sources').filter(({ id }) => !bundled.some((one) => one.id === id));
  const foreign = includesOf(data).filter((one) => asBundled(one) === null);
  const untold = data.sources == null && data.include == null;
  if (untold && whole.length === files.length) return [];
  const include = [...foreign, ...whole];
  const copied = bundled.filter(({ id, file }) => wanted.has(id) && !whole.includes(file));
  const edits: Edit[] = [];
  const named = includesOf(data).map((one) => asBundled(one) ?? one);
  if (include.length > 0 ? !sameMembers(named, include) : data.include != null)
    edits.push(
      include.length > 0
        ? { do: 'set', path: ['include'], value: include, comment: INCLUDES }
        : { do: 'set', path: ['include'], value: undefined },
    );
  edits.push(...copyEdits(data, copied, countries, bundled));
  // Neither key would mean everything that comes with Tocsin.
  if (include.length === 0 && copied.length === 0 && own.length === 0)
    edits.push({ do: 'set', path: ['sources'], value: [], comment: SOURCES });
  return edits;
}

const INCLUDES = 'What comes with Tocsin: news feeds, public observatories.';
const SOURCES =
  'What Tocsin reads. Those that come with Tocsin keep their ids; `countries`: what observatories are asked for (without it: what chats follow).';

function copyEdits(
  data: Data,
  copied: readonly BundledSource[],
  countries: readonly string[],
  bundled: readonly BundledSource[],
): Edit[] {
  const there = blocksOf(data, 'sources');
  const told = countries.length > 0 ? [...countries] : undefined;
  const kept = copied.filter(({ id, asksFor }) => asksFor && there.some((one) => one.id === id));
  const changed = kept.flatMap(({ id }): Edit[] => {
    const at = there.findIndex((one) => one.id === id);
    return JSON.stringify(there[at]!.countries) === JSON.stringify(told)
      ? []
      : [{ do: 'set', path: ['sources', at, 'countries'], value: told }];
  });
  const gone = there
    .map(({ id }, at) => ({ id, at }))
    .filter(({ id }) => bundled.some((one) => one.id === id) && !copied.some((one) => one.id === id))
    .reverse()
    .map(({ at }): Edit => ({ do: 'remove', path: ['sources', at] }));
  const added = copied
    .filter(({ id }) => !there.some((one) => one.id === id))
    .map(({ block, asksFor }): Edit => {
      const value = asksFor && told ? { ...block, countries: told } : block;
      return { do: 'append', path: ['sources'], value, comment: SOURCES };
    });
  return [...changed, ...gone, ...added];
}

const sameMembers = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

function vantageEdits(data: Data, { vantage }: Answers): Edit[] {
  if (vantage === undefined || (data.vantage ?? null) === vantage) return [];
  const comment =
    'The vantage point that this machine measures from. Where that is watched it can be dangerous: docs/vantage.md.';
  return [{ do: 'set', path: ['vantage'], value: vantage, comment }];
}

function operatorEdits(data: Data, { operators }: Answers): Edit[] {
  const known = Array.isArray(data.operators) ? data.operators.map(String) : [];
  const comment = "Who may use the operators' commands in a chat, and gets test alerts.";
  return [...new Set(operators)]
    .filter((one) => !known.includes(one))
    .map((value): Edit => ({ do: 'append', path: ['operators'], value, comment }));
}

/** A source that comes with Tocsin. */
export interface BundledSource {
  id: string;
  /** As a configuration includes its file. */
  file: string;
  /** As the file has it. */
  block: Data;
  lang: string | null;
  /** What its file says above it; null = nothing of its own. */
  about: string | null;
  /** It may be told for which countries. */
  asksFor: boolean;
}

const FILES = ['feeds.yaml', 'observatories.yaml'];

const bundledName = (file: string): string => `bundled:${file}`;

/** In the order of their files. */
export function bundledSources(): BundledSource[] {
  return FILES.flatMap((file) => {
    const document = parseDocument(readFileSync(join(PACKAGE_ROOT, 'config', file), 'utf8'));
    const list = document.get('sources');
    if (!isSeq(list)) return [];
    return list.items.filter(isMap).map((item, i): BundledSource => {
      const block = item.toJS(document) as Data;
      const { commentBefore } = item as Node & { commentBefore?: string | null };
      return {
        id: String(block.id),
        file: bundledName(file),
        block,
        lang: typeof block.lang === 'string' ? block.lang : null,
        // What stands above the first one is the list's.
        about: (commentBefore ?? (i === 0 ? list.commentBefore : null))?.trim() ?? null,
        asksFor: sourceKinds.some(({ kind, follows }) => kind === block.kind && follows === true),
      };
    });
  });
}

/** The name by which a bundled file is included, whatever way it is written; null = it is another file. */
export function asBundled(written: string, folder: string): string | null {
  const known = FILES.find(
    (file) => written === bundledName(file) || resolve(folder, written) === resolve(PACKAGE_ROOT, 'config', file),
  );
  return known === undefined ? null : bundledName(known);
}
