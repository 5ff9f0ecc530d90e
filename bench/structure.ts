/**
 * How large the house is and how many hops it asks of a newcomer: `npm run bench:structure`. Read from the code's own imports, as text; `--run` starts
 * the program twice to see which files a ping and a replay execute (V8's precise coverage).
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const CODE = /\.(ts|mts|mjs)$/;

const filesBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => CODE.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .sort();

/** The text without its comments; strings and templates stay whole. A regular expression that holds two slashes in a row would be cut: none does. */
export function withoutComments(text: string): string {
  let out = '';
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      out += c;
      if (c === '\\') out += text[++i] ?? '';
      else if (c === quote || (c === '\n' && quote !== '`')) quote = '';
    } else if (text.startsWith('//', i)) {
      const end = text.indexOf('\n', i);
      if (end < 0) break;
      i = end - 1;
    } else if (text.startsWith('/*', i)) {
      const end = text.indexOf('*/', i + 2);
      if (end < 0) break;
      i = end + 1;
    } else {
      if (c === "'" || c === '"' || c === '`') quote = c;
      out += c;
    }
  }
  return out;
}

const linesOf = (code: string): number => code.split('\n').filter((line) => line.trim()).length;

const IMPORT =
  /\b(?:import|export)\s+(?:type\s)?([^'";]*?)from\s*'([^']+)'|\bimport\s*\(\s*'([^']+)'\s*\)|\bimport\s+'([^']+)'/g;

interface Arrow {
  from: string;
  to: string;
  names: string[] | null;
  lazy: boolean;
}

function arrowsOf(file: string, code: string): Arrow[] {
  return [...code.matchAll(IMPORT)].flatMap(([, clause, from, dynamic, bare]) => {
    const target = from ?? dynamic ?? bare ?? '';
    if (!target.startsWith('.')) return [];
    const names = clause?.includes('{')
      ? [...clause.matchAll(/(?:type\s+)?([\w$]+)(?:\s+as\s+[\w$]+)?\s*[,}]/g)].map(([, name]) => name!)
      : null;
    return [
      { from: file, to: relative(ROOT, resolve(ROOT, dirname(file), target)), names, lazy: dynamic !== undefined },
    ];
  });
}

function circles(arrows: readonly Arrow[]): number {
  const next = Map.groupBy(
    arrows.filter(({ lazy }) => !lazy),
    ({ from }) => from,
  );
  const reaches = (start: string): boolean => {
    const seen = new Set<string>();
    const waiting = [start];
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      for (const { to } of next.get(one) ?? []) {
        if (to === start) return true;
        if (!seen.has(to)) waiting.push(to);
        seen.add(to);
      }
    }
    return false;
  };
  return [...next.keys()].filter(reaches).length;
}

const megabytes = (folder: string): string =>
  existsSync(join(ROOT, folder))
    ? `${spawnSync('du', ['-sm', '--apparent-size', join(ROOT, folder)], { encoding: 'utf8' }).stdout.split('\t')[0]} MB`
    : 'not installed';

/** Packages of the lock file that are installed without `--include=dev`, those of other platforms left out. */
function runTimePackages(): number {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; link?: boolean }>;
  };
  return Object.entries(lock.packages).filter(
    ([path, { dev, link }]) => path.startsWith('node_modules/') && !dev && !link && existsSync(join(ROOT, path)),
  ).length;
}

/** Files of `src/` of which a function ran. */
function executed(report: string): number {
  const { result } = JSON.parse(report) as {
    result: { url: string; functions: { functionName: string; ranges: { count: number; startOffset: number }[] }[] }[];
  };
  return result.filter(
    ({ url, functions }) =>
      url.includes('/src/') &&
      !url.includes('node_modules') &&
      functions.some(
        ({ functionName, ranges }) => ranges[0]!.count > 0 && (functionName || ranges[0]!.startOffset > 0),
      ),
  ).length;
}

function replayed(): number {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-structure-'));
  try {
    spawnSync(process.execPath, [join(ROOT, 'src/main.ts'), 'replay', join(ROOT, 'docs/demo.jsonl')], {
      env: { ...process.env, NODE_V8_COVERAGE: folder },
    });
    return Math.max(...readdirSync(folder).map((name) => executed(readFileSync(join(folder, name), 'utf8'))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A bot with nothing to poll starts, is asked `ping` in the terminal, and stops. */
async function pinged(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-structure-'));
  writeFileSync(
    join(folder, 'tocsin.yaml'),
    'database: idle.db\nsources: []\naccounts: [{ id: console, platform: console }]\n',
  );
  const bot = spawn(process.execPath, [join(ROOT, 'src/run.ts'), 'start', '--config', join(folder, 'tocsin.yaml')], {
    cwd: folder,
    env: { ...process.env, NODE_V8_COVERAGE: join(folder, 'coverage') },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise((done) => bot.once('exit', done));
  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
  try {
    await pause(6_000);
    bot.stdin.write('ping\n');
    await pause(3_000);
    bot.kill('SIGTERM');
    await ended;
    const reports = readdirSync(join(folder, 'coverage'));
    return Math.max(...reports.map((name) => executed(readFileSync(join(folder, 'coverage', name), 'utf8'))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const code = new Map(
  ['src', 'test', 'bench']
    .flatMap(filesBelow)
    .map((file) => [file, withoutComments(readFileSync(join(ROOT, file), 'utf8'))]),
);
const all = [...code].flatMap(([file, text]) => arrowsOf(file, text));
const own = [...code].filter(([file]) => file.startsWith('src/'));
const inside = all.filter(({ from, to }) => from.startsWith('src/') && to.startsWith('src/'));
const importers = Map.groupBy(inside, ({ to }) => to);
const alone = own.filter(([file]) => new Set(importers.get(file)?.map(({ from }) => from)).size === 1);
const taken = Map.groupBy(all, ({ to }) => to);
const forNobody = own.flatMap(([file, text]) => {
  const uses = taken.get(file) ?? [];
  if (uses.some(({ names }) => names === null)) return [];
  const used = new Set(uses.flatMap(({ names }) => names!));
  return [...text.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type|let) ([\w$]+)/gm)]
    .map(([, name]) => name!)
    .filter((name) => !used.has(name))
    .map((name) => `${file} ${name}`);
});

const rows: [string, string | number][] = [
  ['lines of code in src (no blanks, no comments)', own.reduce((sum, [, text]) => sum + linesOf(text), 0)],
  ['files in src', own.length],
  ['files with exactly one importer', alone.length],
  ['largest file, lines of code', Math.max(...own.map(([, text]) => linesOf(text)))],
  ['files in an import cycle, types included', circles(inside)],
  ['exports for nobody', forNobody.length],
  ['packages at run time', runTimePackages()],
  ['node_modules', megabytes('node_modules')],
];
if (process.argv.includes('--run')) {
  rows.push(['files executed by ping on an idle bot', await pinged()]);
  rows.push(['files executed by replay docs/demo.jsonl', replayed()]);
}
for (const [name, value] of rows) console.log(`${String(value).padStart(8)}  ${name}`);
if (process.argv.includes('--list')) {
  console.log('\nOne importer:');
  for (const [file] of alone)
    console.log(`  ${file}  (${linesOf(code.get(file)!)} lines) ← ${importers.get(file)![0]!.from}`);
  console.log('\nExports for nobody:');
  for (const one of forNobody) console.log(`  ${one}`);
}
const biggest = process.argv.includes('--rooms')
  ? [
      ...Map.groupBy(own, ([file]) =>
        file
          .split('/')
          .slice(0, 3)
          .join('/')
          .replace(/\/[^/]+\.ts$/, ''),
      ),
    ]
      .map(([room, files]) => ({
        room,
        files: files.length,
        lines: files.reduce((sum, [, text]) => sum + linesOf(text), 0),
      }))
      .sort((a, b) => b.lines - a.lines)
  : [];
if (biggest.length > 0) console.table(biggest);
