import type { Catalogue } from '../../model/catalogue.ts';
import { NETWORK } from '../../model/incident.ts';
import { COUNTRIES, countrySpellings } from './country-names.ts';
import { keyOf, type Vocabulary } from './vocabulary.ts';

/** A region is named by its id ("RU-DA"), and stands for its country wherever only countries count. */
export type Target = { kind: 'country' | 'service' | 'region'; id: string };

export type RankedTarget = Target & { rank: number };

/** Shared by all names of one target (14,000 names, 1,000 entries), hence never changed. */
export type Entry = Readonly<RankedTarget>;
export interface NameIndex {
  /** Every name, folded (`keyOf`), and what it may stand for. */
  byKey: Map<string, readonly Entry[]>;
  /** Words of the longest. */
  longest: number;
  /** Codes of countries by which far more people mean a service, unless they write them as codes ("TG": Togo). */
  small: ReadonlyMap<string, string>;
}

/** "Côte d'Ivoire" is typed "cote d ivoire" too. */
const keysOf = (name: string): string[] =>
  /['’ʼ]/u.test(name) ? [keyOf(name), keyOf(name.replace(/['’ʼ]/gu, ' '))] : [keyOf(name)];

type Named = { key: string; entry: Entry };

/** The same for every catalogue, and dear to make; kept only as long as memory is not wanted for something else. */
let countries: WeakRef<Named[]> | null = null;

function countryKeys(known: Vocabulary): Named[] {
  const kept = countries?.deref();
  if (kept) return kept;
  const entryOf = new Map<string, Entry>();
  const country = (id: string, rank: number): Entry => {
    const entry = entryOf.get(`${id}${rank}`) ?? { kind: 'country', id, rank };
    entryOf.set(`${id}${rank}`, entry);
    return entry;
  };
  // A code is what people mean by two letters, unless no country has it: "dw", "vk", "rt" are services.
  const made = COUNTRIES.map((code) => ({ key: keyOf(code), entry: country(code, 0) }));
  for (const { name, code, weak } of countrySpellings(known))
    for (const key of keysOf(name)) made.push({ key, entry: country(code, weak ? 3 : 1) });
  countries = new WeakRef(made);
  return made;
}

export function nameIndex(catalogue: Catalogue, known: Vocabulary): NameIndex {
  const short = known.words.under('service.');
  const byKey = new Map<string, readonly Entry[]>();
  const alone = new Map<Entry, readonly Entry[]>();
  let longest = 1;
  const onlyOf = (entry: Entry): readonly Entry[] => {
    const list = alone.get(entry) ?? [entry];
    alone.set(entry, list);
    return list;
  };
  const addKey = (key: string, entry: Entry): void => {
    if (key === '') return;
    byKey.set(key, withEntry(byKey.get(key), entry) ?? onlyOf(entry));
    longest = Math.max(longest, key.split(' ').length);
  };
  const add = (name: string, entry: Entry): void => {
    for (const key of keysOf(name)) addKey(key, entry);
  };
  for (const { id, name, aliases } of catalogue.services) {
    const spelt: Entry = { kind: 'service', id, rank: 1 };
    for (const own of [id, name, name.replace(/\s*\(.*\)\s*$/u, '')]) add(own, spelt);
    const other: Entry = { kind: 'service', id, rank: 2 };
    for (const alias of [...aliases, ...(short.get(id) ?? [])]) add(alias, other);
  }
  const network: Entry = { kind: 'service', id: NETWORK, rank: 2 };
  for (const name of known.words.all('network')) add(name, network);
  for (const { key, entry } of countryKeys(known)) addKey(key, entry);
  for (const [keys, codes] of known.twins)
    for (const key of keys)
      byKey.set(
        key,
        codes.map((id) => ({ kind: 'country', id, rank: 1 })),
      );
  const small = [...short].flatMap(([id, names]) =>
    names.filter((name) => COUNTRIES.includes(name.toUpperCase())).map((name) => [name, id] as const),
  );
  return { byKey, longest, small: new Map(small) };
}

/** What a name stands for, with one meaning more, or with a better rank for one it has; null where it is the first. */
function withEntry(known: readonly Entry[] | undefined, entry: Entry): readonly Entry[] | null {
  if (!known) return null;
  const at = known.findIndex((one) => one.kind === entry.kind && one.id === entry.id);
  if (at < 0) return [...known, entry];
  if (known[at]!.rank <= entry.rank) return known;
  return known.length === 1 ? null : known.with(at, entry);
}
