/**
 * Same story, same incident? Replays the labelled items (`news-dev.jsonl`, by date) and the recorded weeks through the real pipeline, and
 * compares with `clusters-dev`, `must-not-merge-dev` and the truth files. `node bench/stories.ts [--verbose]`; needs the shared data.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const DATA = join(process.env.TOCSIN_SHARED ?? join(ROOT, '..', 'shared'), 'data');
const verbose = process.argv.includes('--verbose');

interface IncidentLine {
  id: string;
  country: string | null;
  service: string | null;
  action: string;
  confidence: string;
  items: string[];
}
interface AlertLine {
  kind: string;
  at: string;
  incidents: string[];
}

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
function datedItems(): string {
  const items = lines<{ id: string; date: string | null; source: string }>(join(DATA, 'news-dev.jsonl'));
  const dates = new Map<string, string>();
  for (const one of lines<{ items: string[]; event: { date: string } }>(join(DATA, 'clusters-dev.jsonl')))
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

function pairs(): void {
  const { incidents } = replay(datedItems());
  const of = new Map<string, Set<string>>();
  for (const incident of incidents)
    for (const item of incident.items) of.set(item, (of.get(item) ?? new Set()).add(incident.id));
  const together = (a: string, b: string): boolean => [...(of.get(a) ?? [])].some((id) => of.get(b)?.has(id));
  let good = 0;
  let all = 0;
  for (const cluster of lines<{ cluster: string; items: string[] }>(join(DATA, 'clusters-dev.jsonl'))) {
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
  const misses = lines<{ a: string; b: string; why: string }>(join(DATA, 'must-not-merge-dev.jsonl'));
  const merged = misses.filter((pair) => together(pair.a, pair.b));
  if (verbose) for (const pair of merged) console.log(`merged: ${pair.a} ${pair.b}: ${pair.why}`);
  console.log(
    `pairs of one event together: ${percent(good, all)}; near misses merged: ${percent(merged.length, misses.length)}`,
  );
}

interface Truth {
  episode: string;
  incidents: {
    key: string;
    country: string;
    service: string;
    services?: string[];
    action: string;
    items: string[];
    corroboratedAt: string | null;
  }[];
  mustStaySilent: string[];
  eitherWay: string[];
  expectedAlerts: { new: number; update_max: number };
}

function episodes(): void {
  const folder = join(DATA, 'replay');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.truth.json'))) {
    const truth = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Truth;
    const { incidents, alerts, ms } = replay(join(folder, name.replace('.truth.json', '.items.jsonl')));
    const has = (country: string, service: string, action: string): boolean =>
      incidents.some((one) => one.country === country && one.service === service && one.action === action);
    const right = truth.incidents.filter((one) => {
      const services = one.services ?? [one.service];
      return services.filter((service) => has(one.country, service, one.action)).length > services.length / 2;
    });
    const told = new Set(alerts.flatMap((alert) => alert.incidents));
    const known = (one: IncidentLine): boolean =>
      truth.incidents.some((t) => t.country === one.country && (t.services ?? [t.service]).includes(one.service ?? ''));
    const falsely = incidents.filter((one) => told.has(one.id) && !known(one));
    const silent = new Set(truth.mustStaySilent);
    const noise = incidents.filter((one) => one.items.every((item) => silent.has(item)));
    if (verbose) {
      for (const one of truth.incidents) if (!right.includes(one)) console.log(`missed: ${one.key}`);
      for (const one of falsely) console.log(`told falsely: ${one.id} ${one.action} ${one.items}`);
      for (const one of noise) console.log(`from noise: ${one.id} ${one.action} ${one.items}`);
    }
    const fresh = alerts.filter((alert) => alert.kind === 'new').length;
    console.log(
      `${truth.episode}: ${right.length} of ${truth.incidents.length} right; told falsely ${falsely.length}; from noise ${noise.length} (told ${noise.filter((one) => told.has(one.id)).length}); ` +
        `new alerts ${fresh} (perfect ${truth.expectedAlerts.new}), updates ${alerts.length - fresh} (at most ${truth.expectedAlerts.update_max}); ${Math.round(ms)} ms`,
    );
  }
}

if (!existsSync(DATA)) {
  console.error('The shared data is not here; set TOCSIN_SHARED to its folder.');
  process.exit(1);
}
pairs();
episodes();
