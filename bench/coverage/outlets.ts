/** Which outlets are read: the bundled feeds, the catalogue by country, and those that a search may find; and who stands for the invented ones of our own episodes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bundledPublishers } from '../../src/config/publishers.ts';
import type { RecordedItem } from '../../src/cli/replay.ts';

const CONFIG = join(import.meta.dirname, '../../config');

export interface Feed {
  publisher: string;
  name: string;
  lang: string;
  country: string;
  owner: string;
  kind: string;
  checked?: string;
}

const rowsOf = <T>(file: string): T =>
  JSON.parse(readFileSync(join(CONFIG, file), 'utf8').replace(/^#.*$/gm, '')) as T;

export const catalogue: readonly Feed[] = readdirSync(join(CONFIG, 'feeds')).flatMap((file) =>
  rowsOf<Feed[]>(`feeds/${file}`),
);
export const world = (
  parse(readFileSync(join(CONFIG, 'feeds.yaml'), 'utf8')) as { sources: Pick<Feed, 'publisher' | 'name' | 'lang'>[] }
).sources;

type Row = [name: string, owner: string, country: string, kind: string, id?: string];
const listed = Object.entries(rowsOf<Record<string, Row>>('publishers.yaml'));
export const publishers = bundledPublishers();

/** Outlets of a country that the list of publishers knows and the catalogue does not read. */
const unread = (country: string): string[] => {
  const read = new Set(catalogue.map(({ publisher }) => publisher));
  return listed.flatMap(([domain, [, , of, kind, id = domain]]) =>
    of === country && kind !== 'aggregator' && !read.has(id) ? id : [],
  );
};

/** What each setting reads of this country's news. */
export function readersOf(country: string) {
  const bundled = new Set(world.map(({ publisher }) => publisher));
  const press = new Set(catalogue.flatMap((one) => (one.country === country ? one.publisher : [])));
  return { bundled, press };
}

/** The outlet at whose address an item of the recorded week stands; null = the item is of an episode of ours. */
export function outletAt(url: string | null): string | null {
  if (url === null || /^urn:|\.example\.org\/|\/\/example\.org\//.test(url)) return null;
  return publishers.of(url)?.id ?? null;
}

/**
 * Outlets of our own episodes are invented: each stands for a real one, in the order in which they first speak. One that writes in a language in which
 * the country's press is read here stands in turn for a bundled feed of that country and for an outlet of the catalogue, then for one that only the list of
 * publishers knows, then for nobody; any other for the next bundled feed in its language, then for nobody.
 */
export function standInsFor(items: readonly RecordedItem[], country: string): ReadonlyMap<string, string> {
  const press = catalogue.filter((one) => one.country === country);
  const home = world.filter((one) => publishers.named(one.publisher)?.country === country);
  const pools = new Map<string, string[]>();
  const spare = unread(country);
  const outlets = new Map<string, string>();
  for (const { item } of items) {
    if (outlets.has(item.publisher) || outletAt(item.url) !== null) continue;
    const isLocal = press.some((one) => one.lang === item.lang);
    const pool = pools.getOrInsertComputed(item.lang ?? '', (lang) => {
      const own = (list: readonly Pick<Feed, 'lang' | 'publisher'>[]) =>
        list.flatMap((one) => (one.lang === lang ? one.publisher : []));
      return [...new Set(isLocal ? inTurn(own(home), own(press)) : own(world))];
    });
    const id = pool.shift() ?? (isLocal ? spare.shift() : undefined);
    if (id !== undefined) outlets.set(item.publisher, id);
  }
  return outlets;
}

const inTurn = (a: readonly string[], b: readonly string[]): string[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [...a.slice(i, i + 1), ...b.slice(i, i + 1)]).flat();

/** Countries in which access was cut between 2016 and 2026, as far as it is generally known. */
const CUT =
  'AF DZ AZ BD BY BJ BR BF BI KH CM CN CO CD CU EC EG ER ET GA GM GE GH GN IN ID IR IQ IL JO KZ KE KG LB LR LY MY ML MZ MM NP NI NE NG PK PS PE PH RU RW SA SN SL SO SS LK SD SY TJ TZ TH TN TR TM UG UA US UZ VE YE ZM ZW'.split(
    ' ',
  );

export const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
export const head = (cells: readonly string[]): string[] => [line(cells), line(cells.map(() => '---'))];

const byCountry = Map.groupBy(catalogue, ({ country }) => country);
const owners = (feeds: readonly Feed[]): number => new Set(feeds.map(({ owner }) => owner)).size;
const nameOf = (country: string): string => new Intl.DisplayNames('en', { type: 'region' }).of(country)!;
const sorted = (names: readonly string[]): string[] => names.toSorted((a, b) => a.localeCompare(b, 'en'));

/** Owners of each of these countries. */
export const ownersIn = (): ReadonlyMap<string, number> =>
  new Map(CUT.map((country) => [country, owners(byCountry.get(country) ?? [])]));

/** The part of docs/coverage.md that the catalogue alone makes. */
export function ownersPage(): string {
  const rows = CUT.map((country) => {
    const feeds = byCountry.get(country) ?? [];
    const own = feeds.filter(({ kind }) => kind !== 'state');
    const seen = feeds.filter(({ checked }) => checked);
    const languages = [...new Set(feeds.map(({ lang }) => lang))].sort().join(' ');
    return line([nameOf(country), ...[feeds, own, seen].map((some) => String(owners(some))), languages]);
  });
  const thin = [...byCountry].flatMap(([country, feeds]) => (owners(feeds) < 3 ? nameOf(country) : []));
  return `Owners by country, for ${CUT.length} countries in which access was cut in the last ten years: all, those that are not the state's, those of whom a feed was seen
to answer in 2026, and the languages. State media of a country are one voice, and of what their own state does they are its word.

${[...head(['country', 'owners', 'not the state’s', 'seen in 2026', 'languages']), ...sorted(rows)].join('\n')}

Fewer than three owners are read in: ${sorted(thin).join(', ')}.
`;
}
