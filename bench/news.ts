/**
 * npm run bench:news [-- --held | --all] [FILE]: how well the extractor reads the labelled dev set of `../shared/data`, or the items of FILE
 * (our own are `test/fixtures/reading/items.jsonl`).
 *
 * Rules and lexicons were made by looking at these items, and the weights of the score were learnt from them: the figures tell whether something
 * broke, not how unseen texts fare. For that see `bench/reader/train.ts`, which prints cross-fitted figures. `--held` prints a third of the set.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadCatalogue, loadLexicon } from '../src/config/lexicon.ts';
import { createExtractor } from '../src/core/extract/extractor.ts';
import { type Figure, type Labelled, score } from './news-score.ts';

const FOLDS = 5;
const hash = (id: string): number => Number.parseInt(createHash('sha256').update(id).digest('hex').slice(0, 8), 16);

const args = process.argv.slice(2);
const held = args.includes('--held');
const all = args.includes('--all');
const root = process.env.TOCSIN_SHARED || resolve(import.meta.dirname, '../../shared');
const file = args.find((a) => !a.startsWith('--')) ?? join(root, 'data/news-dev.jsonl');
if (!existsSync(file)) {
  process.stderr.write('bench:news needs ../shared/data/news-dev.jsonl, or a file of the same form as argument\n');
  process.exit(2);
}
const items = (
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l)) as Labelled[]
).filter(({ id }) => all || (hash(id) % 3 === 0) === held);

const started = performance.now();
const extractor = createExtractor(loadLexicon(), loadCatalogue());
const built = performance.now() - started;

const { fields, misses } = score(extractor, items);
const folds = Array.from(
  { length: FOLDS },
  (_, k) =>
    score(
      extractor,
      items.filter(({ id }) => Math.floor(hash(id) / 3) % FOLDS === k),
    ).fields,
);
const n = (value: number): string => value.toFixed(3);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const row = (name: string, { precision, recall, f1, tp, fp, fn }: Figure): string => {
  const spread = folds.map((f) => f[name]?.f1).filter((v) => v !== undefined);
  return `| ${name} | ${n(precision)} | ${n(recall)} | ${n(f1)} | ${n(Math.min(...spread))} – ${n(Math.max(...spread))} | ${tp} | ${fp} | ${fn} |`;
};

print(
  `# News, ${all ? 'all of the file' : held ? 'the third set aside' : 'two thirds of the dev set'}: ${items.length} items, ${new Date().toISOString().slice(0, 10)}\n`,
);
print(`| field | precision | recall | F1 | F1 over ${FOLDS} parts | right | false | missed |`);
print('|---|---|---|---|---|---|---|---|');
for (const [name, value] of Object.entries(fields).sort(([a], [b]) => a.localeCompare(b))) print(row(name, value));

const texts = items.map(({ title, summary, lang }) => ({ title, summary, lang }));
for (const text of texts) extractor.extract(text);
const start = process.cpuUsage();
for (let k = 0; k < 10; k++) for (const text of texts) extractor.extract(text);
const { user, system } = process.cpuUsage(start);
const rate = (texts.length * 10) / ((user + system) / 1e6);
print(`\n${Math.round(rate)} items/s of CPU, built in ${built.toFixed(0)} ms\n`);
print('Differences (wanted → got):');
for (const { id, lang, want, got } of misses)
  print(`- ${id} ${lang}: ${want.join(' ') || 'no news'} → ${got.join(' ') || 'no news'}`);
