/**
 * Same story, same incident? Replays the labelled items (`news-dev.jsonl` and `news-dev-2.jsonl`, by date) and the recorded weeks through the real pipeline,
 * and compares with `clusters-dev`, `must-not-merge-dev` (and `-2`) and the truth files; then our own episodes of `test/fixtures/episodes`.
 * `node bench/stories.ts [--verbose] [--only NAME]`; without the shared data only our own episodes.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AlertLine, type IncidentLine, scoreEpisode, type Truth } from './episode-score.ts';

const ROOT = join(import.meta.dirname, '..');
const DATA = join(process.env.TOCSIN_SHARED ?? join(ROOT, '..', 'shared'), 'data');
const verbose = process.argv.includes('--verbose');
const only = process.argv.includes('--only') ? (process.argv[process.argv.indexOf('--only') + 1] ?? '') : '';

const lines = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);

function replay(file: string): { incidents: IncidentLine[]; alerts: AlertLine[]; ms: number } {
  const began = performance.now();
  const out = execFileSync(process.execPath, [join(ROOT, 'src/main.ts'), 'replay', file, '--json'], {
    cwd: ROOT,
    maxBuffer: 1e9,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const all = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { type: string });
  return {
    incidents: all.filter((one) => one.type === 'incident') as unknown as IncidentLine[],
    alerts: all.filter((one) => one.type === 'alert') as unknown as AlertLine[],
    ms: performance.now() - began,
  };
}

/**
 * Items of the labelled set, each at noon of its day, a minute apart, so that the order of equal days is the file's; an item without a date
 * has its cluster's.
 */
function datedItems(set: string): string {
  const items = lines<{ id: string; date: string | null; source: string }>(join(DATA, `news-${set}.jsonl`));
  const dates = new Map<string, string>();
  for (const one of lines<{ items: string[]; event: { date: string } }>(join(DATA, `clusters-${set}.jsonl`)))
    for (const id of one.items) dates.set(id, one.event.date);
  const dated = items
    .map((item) => ({ ...item, date: item.date ?? dates.get(item.id) ?? null }))
    .filter((item) => item.date !== null)
    .map((item, i) => {
      const day = `${item.date}-01-01`.slice(0, 10).replace(/^(\d{4}-\d{2})-01$/, '$1-01');
      const at =
        Date.parse(
          `${/^\d{4}$/.test(item.date!) ? `${item.date}-01-01` : /^\d{4}-\d{2}$/.test(item.date!) ? `${item.date}-01` : day}T12:00:00Z`,
        ) +
        i * 60_000;
      return { ...item, publishedAt: new Date(at).toISOString(), relevant: undefined, events: undefined };
    });
  const file = join(mkdtempSync(join(tmpdir(), 'stories-')), 'items.jsonl');
  writeFileSync(file, dated.map((item) => JSON.stringify(item)).join('\n'));
  return file;
}

const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(1)} % (${part} of ${whole})`;

function pairs(set: string): void {
  const { incidents } = replay(datedItems(set));
  const of = new Map<string, Set<string>>();
  for (const incident of incidents)
    for (const item of incident.items) of.set(item, (of.get(item) ?? new Set()).add(incident.id));
  const together = (a: string, b: string): boolean => [...(of.get(a) ?? [])].some((id) => of.get(b)?.has(id));
  let good = 0;
  let all = 0;
  for (const cluster of lines<{ cluster: string; items: string[] }>(join(DATA, `clusters-${set}.jsonl`))) {
    for (const [i, a] of cluster.items.entries()) {
      for (const b of cluster.items.slice(i + 1)) {
        all++;
        if (together(a, b)) good++;
        else if (verbose)
          console.log(
            `apart: ${cluster.cluster} ${a} ${b}: ${[...(of.get(a) ?? ['-'])]} | ${[...(of.get(b) ?? ['-'])]}`,
          );
      }
    }
  }
  const misses = lines<{ a: string; b: string; why: string }>(join(DATA, `must-not-merge-${set}.jsonl`));
  const merged = misses.filter((pair) => together(pair.a, pair.b));
  // A lift closes the incident that it lifts: these two are one by design, in two phases.
  const lifts = new Set(
    lines<{ id: string; events: { action: string }[] }>(join(DATA, `news-${set}.jsonl`)).flatMap(({ id, events }) =>
      events.length > 0 && events.every((one) => one.action === 'unblock') ? id : [],
    ),
  );
  const ends = merged.filter((pair) => lifts.has(pair.a) !== lifts.has(pair.b));
  if (verbose) for (const pair of merged) console.log(`merged: ${pair.a} ${pair.b}: ${pair.why}`);
  console.log(
    `${set}: pairs of one event together: ${percent(good, all)}; near misses merged: ${percent(merged.length, misses.length)}, ` +
      `of which a measure and its end: ${ends.length}`,
  );
}

function episodes(folder: string): void {
  const sums = { right: 0, all: 0, falsely: 0, warnings: 0, noise: 0, told: 0, over: 0, files: 0 };
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.truth.json') && file.includes(only))) {
    const truth = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Truth;
    const { incidents, alerts, ms } = replay(join(folder, name.replace('.truth.json', '.items.jsonl')));
    const s = scoreEpisode(truth, incidents, alerts);
    if (verbose) {
      const line = (what: string, one: IncidentLine): void =>
        console.log(`  ${what}: ${one.id} ${one.action} ${one.items}`);
      for (const key of s.missed) console.log(`  missed: ${key}`);
      for (const key of s.wrongEnd) console.log(`  wrong end: ${key}`);
      for (const key of s.untold) console.log(`  never told: ${key}`);
      for (const one of s.falsely) line('told falsely', one);
      for (const one of s.warnings) line('warning told beside a measure', one);
      for (const one of s.noise) line('from noise', one);
    }
    sums.files++;
    sums.right += s.right.length;
    sums.all += truth.incidents.length;
    sums.falsely += s.falsely.length;
    sums.warnings += s.warnings.length;
    sums.noise += s.noise.length;
    sums.told += s.noiseTold.length;
    sums.over += s.fresh - truth.expectedAlerts.new;
    console.log(
      `${truth.episode}: ${s.right.length} of ${truth.incidents.length} right; told falsely ${s.falsely.length}, warnings ${s.warnings.length}; from noise ${s.noise.length} (told ${s.noiseTold.length}); ` +
        `new alerts ${s.fresh} (perfect ${truth.expectedAlerts.new}), updates ${s.updates} (at most ${truth.expectedAlerts.update_max}); ${Math.round(ms)} ms`,
    );
  }
  const mean = (n: number): string => (n / Math.max(1, sums.files)).toFixed(2);
  console.log(
    `${sums.files} episodes: ${percent(sums.right, sums.all)} right; an episode: told falsely ${mean(sums.falsely)}, warnings ${mean(sums.warnings)}, from noise ${mean(sums.noise)} (told ${mean(sums.told)}), new alerts over perfect ${mean(sums.over)}\n`,
  );
}

if (existsSync(DATA)) {
  for (const set of ['dev', 'dev-2'])
    if (only === '' && existsSync(join(DATA, `must-not-merge-${set}.jsonl`))) pairs(set);
  episodes(join(DATA, 'replay'));
}
episodes(join(ROOT, 'test/fixtures/episodes'));
