/**
 * How much of what happened is heard, and how soon: the recorded week and our own episodes, each item published by its own outlet, read from the
 * bundled feeds alone, with the press of the country, and with what a search finds.
 *
 *   node bench/coverage/run.ts [--write]      --write: the second part of docs/coverage.md
 *
 * A search gives titles alone, 6.3 hours late (the median of fourteen articles that somebody recorded, design notes of the source), of every outlet that is
 * nobody's collection: more than it does, since GDELT misses most articles of some outlets.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidentLine } from '../../src/cli/incidents.ts';
import {
  createVirtualClock,
  type RecordedItem,
  type ReplayedAlert,
  readRecordings,
  replay,
  timeOfRecord,
} from '../../src/cli/replay.ts';
import { loadCatalogue, loadLexicon } from '../../src/config/lexicon.ts';
import { createExtractor } from '../../src/core/extract/extractor.ts';
import { createFirstLook } from '../../src/core/first-look.ts';
import { DEFAULT_POLICY } from '../../src/core/model/alert.ts';
import { quietLog } from '../../src/core/ports/runtime.ts';
import { createTranslators } from '../../src/i18n/index.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { type IncidentLine, type Truth } from '../episode-score.ts';
import { head, line, outletAt, ownersPage, publishers, readersOf, standInsFor, world } from './outlets.ts';

const ROOT = join(import.meta.dirname, '../..');
const SHARED = join(process.env.TOCSIN_SHARED ?? join(ROOT, '..', 'shared'), 'data/replay');
const OWN = join(ROOT, 'test/fixtures/episodes');
const LAG = 6.3 * 3_600_000;
const HOUR = 3_600_000;

const services = loadCatalogue();
const lexicon = loadLexicon();
const extractor = createExtractor(lexicon, services);

const SETTINGS = ['bundled feeds', 'with the press', 'with search'] as const;
type Setting = (typeof SETTINGS)[number];

/** What a setting reads of an episode, under the names of the real outlets. */
async function readIn(setting: Setting, items: readonly RecordedItem[], country: string): Promise<RecordedItem[]> {
  const standIns = standInsFor(items, country);
  const { bundled, press: home } = readersOf(country);
  const look = await createFirstLook({ lexicon, catalogue: services }, new Set([country]), async () => {});
  const read = items.flatMap(({ id, voice, item }): RecordedItem[] => {
    const at = outletAt(item.url);
    const publisher = at ?? standIns.get(item.publisher) ?? item.publisher;
    const url = at === null ? `https://${hostOf(publisher)}/${id}` : item.url;
    const as = (over: object): RecordedItem => ({
      id,
      voice: standIns.get(voice) ?? voice,
      item: { ...item, publisher, url, ...over },
    });
    if (bundled.has(publisher) || (setting !== 'bundled feeds' && home.has(publisher))) return [as({})];
    if (setting !== 'with search') return [];
    const found = look.mayTell(item.title);
    const outlet = publishers.named(publisher);
    if (found === null || outlet?.kind === 'aggregator' || (!found.isNamed && outlet?.country !== country)) return [];
    const seenAt = item.publishedAt + LAG;
    return [as({ summary: '', found: true, publishedAt: seenAt })];
  });
  return read.sort((a, b) => a.item.publishedAt - b.item.publishedAt);
}

/** An id without a domain of its own is nobody's. */
const hostOf = (publisher: string): string => (publisher.includes('.') ? publisher : `${publisher}.invalid`);

interface Heard {
  key: string;
  /** Hours from the first text about it to its alert; null = no alert. */
  after: number | null;
}

async function heardIn(truth: Truth, items: RecordedItem[], all: readonly RecordedItem[]): Promise<Heard[]> {
  const began = new Map(all.map(({ id, item }) => [id, item.publishedAt]));
  const clock = createVirtualClock(items.length > 0 ? timeOfRecord(items[0]!) : 0);
  const ids = createIds(clock);
  const store = await openStore(':memory:', { clock, log: quietLog, ids });
  const alerts: ReplayedAlert[] = [];
  if (items.length > 0)
    await replay(items, {
      store,
      clock,
      ids,
      log: quietLog,
      extractor,
      publishers,
      policy: DEFAULT_POLICY,
      translators: createTranslators(services),
      level: 'corroborated',
      lang: 'en',
      onAlert: (alert) => void alerts.push(alert),
      progress: () => undefined,
    });
  const lines = (await Promise.all(
    (await store.incidents.list({ limit: 10_000 })).map((one) => incidentLine(store, one)),
  )) as unknown as IncidentLine[];
  await store.close();
  return truth.incidents.map((one) => {
    const names = one.services ?? [one.service];
    const own = new Set(
      lines
        .filter((line) => line.country === one.country && names.includes(line.service) && line.items.some((id) => one.items.includes(id)))
        .map(({ id }) => id),
    );
    const first = alerts.find((alert) => alert.incidents.some((id) => own.has(id)));
    const opens = Math.min(...one.items.flatMap((id) => began.get(id) ?? []));
    return { key: one.key, after: first ? (first.at - opens) / HOUR : null };
  });
}

const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length === 0 ? null : sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};
const told = (heard: readonly Heard[]): number[] => heard.flatMap(({ after }) => after ?? []);
const cell = (heard: readonly Heard[]): string => {
  const hours = median(told(heard));
  return `${told(heard).length} of ${heard.length}${hours === null ? '' : `, ${hours.toFixed(1)} h`}`;
};

const files = [OWN, SHARED].flatMap((folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.truth.json'))
        .map((name) => join(folder, name))
    : [],
);
const all = new Map<Setting, Heard[]>(SETTINGS.map((one) => [one, []]));
const rows: string[][] = [];
for (const file of files) {
  const truth = JSON.parse(readFileSync(file, 'utf8')) as Truth;
  const items = (await readRecordings([file.replace('.truth.json', '.items.jsonl')])).filter((one) => 'item' in one);
  const country = truth.episode.slice(0, 2).toUpperCase();
  const cells: string[] = [];
  for (const setting of SETTINGS) {
    const heard = await heardIn(truth, await readIn(setting, items, country), items);
    all.get(setting)!.push(...heard);
    cells.push(cell(heard));
  }
  rows.push([file.startsWith(SHARED) ? `${truth.episode} (recorded)` : truth.episode, ...cells]);
  process.stdout.write(`${rows.at(-1)!.join(' · ')}\n`);
}
rows.push(['**all**', ...SETTINGS.map((one) => `**${cell(all.get(one)!)}**`)]);
process.stdout.write(`${rows.at(-1)!.join(' · ')}\n`);

if (process.argv.includes('--write')) {
  if (!existsSync(SHARED)) throw new Error(`${SHARED} is missing: without the recorded week the page would lack it`);
  const page = join(ROOT, 'docs/coverage.md');
  const seed = readFileSync(page, 'utf8').split('\n# How the press is heard')[0]!.trimEnd();
  writeFileSync(
    page,
    `${seed}

# How the press is heard

Written by \`node bench/coverage/run.ts --write\`; not by hand.

What is told at the default level, and the median time from the first text about it to the alert, in the week of February 2026 that was recorded and in
our own episodes (\`test/fixtures/episodes\`): from the ${world.length} bundled feeds; with the press of the country (\`config/feeds/\`), which is read while a chat
follows it; and with what a search finds. In the recorded week each item is of the outlet at whose address it stands. The outlets of our own episodes
are invented: each stands for a real one of the country and language, in the order in which they speak (\`bench/coverage/outlets.ts\`), and what was reported by
more outlets than are read is lost there as it would be. A search gives titles alone, 6.3 hours late, of every outlet; GDELT misses most articles of
some, so the last column is the most that it can add.

${[...head(['episode', ...SETTINGS]), ...rows.map(line)].join('\n')}

${ownersPage()}`,
  );
}
