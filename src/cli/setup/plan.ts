import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMap, isSeq, type Node, parseDocument } from 'yaml';
import { applied, type Data, type Edit } from '../../config/edit.ts';
import { PACKAGE_ROOT } from '../../config/secrets.ts';
import { BUNDLED_SOURCES } from '../../config/sources.ts';
import type { MadeAccount } from '../../core/ports/setup.ts';
import { sourceKinds } from '../../sources/index.ts';

/** Answers → changes to a configuration. Pure; the effects are in `draft.ts`. */

/** `references`: by key, `file:PATH`. */
type PlacedAccount = Pick<MadeAccount, 'id' | 'platform' | 'keys'> & { references: Record<string, string> };

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
  /** Keys of `web` that change; an undefined one is taken away. */
  page?: Data;
  /** `platform:id`, added to those that are there. */
  operators: readonly string[];
}

/** `folder`: the configuration's. */
interface Around {
  bundled: readonly BundledSource[];
  folder: string;
}

/** In the order in which they are to be made. */
export function planEdits(before: Data, answers: Answers, around: Around): Edit[] {
  let data = before;
  const all: Edit[] = [];
  for (const step of [accountEdits, languageEdits, sourceEdits, vantageEdits, pageEdits, operatorEdits]) {
    const edits = step(data, answers, around);
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
      const written = Object.entries({ ...references, ...keys }).filter(([, one]) => one !== undefined);
      const values = [{ id, platform, ...Object.fromEntries(written) }];
      return [{ do: 'append', path: ['accounts'], values, comment: ACCOUNTS }];
    }
    return Object.entries({ ...keys, ...references })
      .filter(([key, value]) => known[at]![key] !== value)
      .map(([key, value]) => ({ do: 'set', path: ['accounts', at, key], value }));
  });
}

const ACCOUNTS = 'The chats that Tocsin is in. The id of an account stays the same for good: its chats belong to it.';

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
export function chosenSources(data: Data, { bundled, folder }: Around): string[] {
  if (data.sources == null && data.include == null) return bundled.map(({ id }) => id);
  const included = includesOf(data).map((one) => asBundled(one, folder));
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
  const { bundled, folder } = around;
  const wanted = new Set(answers.sources ?? chosenSources(data, around));
  const countries = answers.countries ?? chosenCountries(data, around);
  const files = [...new Set(bundled.map(({ file }) => file))];
  const whole = files.filter((file) =>
    bundled.every((one) => one.file !== file || (wanted.has(one.id) && !(one.asksFor && countries.length > 0))),
  );
  const own = blocksOf(data, 'sources').filter(({ id }) => !bundled.some((one) => one.id === id));
  const foreign = includesOf(data).filter((one) => asBundled(one, folder) === null);
  const untold = data.sources == null && data.include == null;
  if (untold && whole.length === files.length) return [];
  const include = [...foreign, ...whole];
  const copied = bundled.filter(({ id, file }) => wanted.has(id) && !whole.includes(file));
  const edits: Edit[] = [];
  const named = includesOf(data).map((one) => asBundled(one, folder) ?? one);
  if (include.length > 0 ? !sameMembers(named, include) : data.include != null)
    edits.push({ do: 'set', path: ['include'], value: include.length > 0 ? include : undefined, comment: INCLUDES });
  edits.push(...copyEdits(data, copied, countries, bundled));
  // Feeds that are written out are sources of one's own: the press of what chats follow would not be read beside them.
  if (data.feeds == null && copied.some(({ file }) => file === BUNDLED_SOURCES[0]))
    edits.push({ do: 'set', path: ['feeds'], value: { follow: true }, comment: FEEDS });
  // Neither key would mean everything that comes with Tocsin.
  if (include.length === 0 && copied.length === 0 && own.length === 0)
    edits.push({ do: 'set', path: ['sources'], value: [], comment: SOURCES });
  return edits;
}

const INCLUDES = 'What comes with Tocsin: news feeds, public observatories.';
const FEEDS = 'The press of a country is read while a chat follows it; `countries`: always.';
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
      return { do: 'append', path: ['sources'], values: [value], comment: SOURCES };
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

function pageEdits(data: Data, { page = {} }: Answers): Edit[] {
  const there = data.web as Data | null | undefined;
  const changed = Object.entries(page).filter(([key, value]) => JSON.stringify(there?.[key]) !== JSON.stringify(value));
  if (there != null || changed.length === 0)
    return changed.map(([key, value]) => ({ do: 'set', path: ['web', key], value }));
  const comment = 'The status page: docs/pages.md. `private`: health and metrics, for no proxy to pass on.';
  return [{ do: 'set', path: ['web'], value: Object.fromEntries(changed), comment }];
}

function operatorEdits(data: Data, { operators }: Answers): Edit[] {
  const known = Array.isArray(data.operators) ? data.operators.map(String) : [];
  const comment = "Who may use the operators' commands in a chat, and gets test alerts.";
  return [...new Set(operators)]
    .filter((one) => !known.includes(one))
    .map((one): Edit => ({ do: 'append', path: ['operators'], values: [one], comment }));
}

/** A source that comes with Tocsin. */
export type BundledSource = ReturnType<typeof bundledSources>[number];

const FILES = ['feeds.yaml', 'observatories.yaml'];

const bundledName = (file: string): string => `bundled:${file}`;

/** In the order of their files. */
export function bundledSources() {
  return FILES.flatMap((file) => {
    const document = parseDocument(readFileSync(join(PACKAGE_ROOT, 'config', file), 'utf8'));
    const list = document.get('sources');
    if (!isSeq(list)) return [];
    return list.items.filter(isMap).map((item, i) => {
      const block = item.toJS(document) as Data;
      const { commentBefore } = item as Node & { commentBefore?: string | null };
      return {
        id: String(block.id),
        /** As a configuration includes its file. */
        file: bundledName(file),
        /** As the file has it. */
        block,
        lang: typeof block.lang === 'string' ? block.lang : null,
        /** What its file says above it; null = nothing of its own. What stands above the first one is the list's. */
        about: (commentBefore ?? (i === 0 ? list.commentBefore : null))?.trim() ?? null,
        /** It may be told for which countries. */
        asksFor: sourceKinds.some(({ kind, follows }) => kind === block.kind && follows === true),
      };
    });
  });
}

/** The name by which a bundled file is included, whatever way it is written; null = it is another file. */
function asBundled(written: string, folder: string): string | null {
  const known = FILES.find(
    (file) => written === bundledName(file) || resolve(folder, written) === resolve(PACKAGE_ROOT, 'config', file),
  );
  return known === undefined ? null : bundledName(known);
}
