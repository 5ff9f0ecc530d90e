/** The labelled texts that the reader's weights are made from: our own sentences, and the sets of `../shared/data` where they are. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Event {
  action: string;
  countries: string[];
  services: string[];
}

export interface Item {
  id: string;
  /** `ours`: written by us, the rules were made on them. `invented`: written by us in the manner of real news, no rule was made on them. `dev`: real, the rules were tuned on them. `fresh`: real, and not tuned on. `episode`: real, known to be news or not. */
  kind: 'ours' | 'invented' | 'dev' | 'fresh' | 'far' | 'episode';
  lang: string | null;
  title: string;
  summary: string;
  /** Country/service/action, `-` where none is named. */
  want: string[];
}

const root = resolve(import.meta.dirname, '../..');
const shared = process.env.TOCSIN_SHARED || resolve(root, '../shared');
/** Where the labelled sets are, if they are. */
export const dataFolder: string = join(shared, 'data');

export const triplesOf = (events: Event[]): string[] => [
  ...new Set(
    events.flatMap(({ action, countries, services }) =>
      (countries.length > 0 ? countries : ['-']).flatMap((c) =>
        (services.length > 0 ? services : ['-']).map((s) => `${c}/${s}/${action}`),
      ),
    ),
  ),
];

/** `title || lead => CC/service/action …` or `=> NO`; `@xx` states the language of those behind it. What begins with `~` no test holds. */
export function sentences(file: string, kind: Item['kind'] = 'ours'): Item[] {
  let lang: string | null = null;
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((raw, n): Item[] => {
      const line = raw.replace(/^~ /u, '');
      if (line.startsWith('@')) lang = line.slice(1);
      if (line.startsWith('#') || !line.includes('=>')) return [];
      if (!line.includes(' => ')) throw new Error(`${file}, line ${n + 1}: a space before and behind "=>".`);
      const [text = '', want = ''] = line.split(' => ');
      const [head = '', summary = ''] = text.split('||').map((part) => part.trim());
      // Lists of many languages state it line by line: `sw|title`.
      const own = /^([a-z]{2})\|/u.exec(head);
      const title = own === null ? head : head.slice(own[0].length);
      const wanted = want.trim() === 'NO' ? [] : want.trim().split(/\s+/u);
      return [{ id: `${file.slice(root.length)}:${n}`, kind, lang: own?.[1] ?? lang, title, summary, want: wanted }];
    });
}

function labelled(file: string, kind: Item['kind']): Item[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ debatable }) => kind !== 'far' || debatable !== true)
    .map(({ id, lang, title, summary, relevant, events }) => ({
      id,
      kind,
      lang,
      title,
      summary: summary ?? '',
      want: relevant ? triplesOf(events) : [],
    }));
}

export interface Inputs {
  items: Item[];
  /** Files that were read, and the hash of each. */
  files: Record<string, string>;
}

export function loadItems(): Inputs {
  const files: Record<string, string> = {};
  const items: Item[] = [];
  const take = (name: string, path: string, read: (file: string) => Item[]): void => {
    if (!existsSync(path)) return;
    files[name] = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
    items.push(...read(path));
  };
  const folder = join(root, 'test/unit/extract');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.txt')) take(name, join(folder, name), sentences);
  const texts = join(import.meta.dirname, 'texts');
  for (const name of readdirSync(texts).sort()) take(name, join(texts, name), (f) => sentences(f, 'invented'));
  take('items.jsonl', join(root, 'test/fixtures/reading/items.jsonl'), (f) => labelled(f, 'ours'));
  take('news-dev.jsonl', join(shared, 'data/news-dev.jsonl'), (f) => labelled(f, 'dev'));
  take('news-dev-2.jsonl', join(shared, 'data/news-dev-2.jsonl'), (f) => labelled(f, 'fresh'));
  take('news-dev-3.jsonl', join(shared, 'data/news-dev-3.jsonl'), (f) => labelled(f, 'far'));
  takeEpisodes(files, items);
  return { items, files };
}

/** Items of recorded episodes: what they report stands in the truth file, by incident. Of the others only those that must stay silent are known. */
function takeEpisodes(files: Record<string, string>, items: Item[]): void {
  const folder = join(shared, 'data/replay');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.items.jsonl')) continue;
    const raw = readFileSync(join(folder, name));
    const truth = readFileSync(join(folder, name.replace('.items.jsonl', '.truth.json')), 'utf8');
    files[name] = createHash('sha256').update(raw).update(truth).digest('hex').slice(0, 16);
    const { incidents, mustStaySilent } = JSON.parse(truth) as {
      incidents: { key: string; items: string[] }[];
      mustStaySilent: string[];
    };
    for (const line of raw.toString('utf8').trim().split('\n')) {
      const { id, lang, title, summary } = JSON.parse(line);
      const want = incidents.filter((i) => i.items.includes(id)).map((i) => i.key);
      if (want.length > 0 || mustStaySilent.includes(id))
        items.push({ id, kind: 'episode', lang: lang ?? null, title, summary: summary ?? '', want });
    }
  }
}
