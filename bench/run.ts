/**
 * Every figure beside its bare limit: `npm run bench [-- --only fanout,pacing] [--quick] [--write FILE]`. One line a figure while it runs, a
 * table at the end. README.md tells what each one is. About twenty minutes; `--quick` about five, with fewer rounds.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Figure } from './shared.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean' }, write: { type: 'string' } },
});

/** A script of this folder, its arguments, and those of a quick run. */
const PARTS: [name: string, args: string[], quick: string[]][] = [
  ['fanout', [], ['10000', '3']],
  ['pacing', [], ['400', '30']],
  ['enqueue', [], ['100000']],
  ['reports', [], ['20000', '300']],
  ['polls', [], ['2']],
  ['latency', [], ['30']],
  ['first-message', [], ['30', '1,1000']],
  ['flood', [], ['15']],
  ['surge', [], ['300', '1']],
  ['surge', ['10000', '60'], ['600', '4']],
  ['pictures', [], ['10']],
  ['pages', [], ['10000', '10', '6']],
  ['hostile-web', [], ['1000', '3']],
  ['scale', [], []],
  ['size', [], ['20000']],
];

const node = process.execPath;
const wanted = values.only?.split(',');
const load = () =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
const figures: (Figure & { part: string; load: string })[] = [];

for (const [part, args, quick] of PARTS) {
  if (wanted && !wanted.includes(part)) continue;
  const before = load();
  const script = fileURLToPath(new URL(`${part}.ts`, import.meta.url));
  const child = spawn(node, [script, ...(values.quick ? quick : args)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  const found = part === 'polls' ? fromPolls(lines) : lines.filter((line) => line.startsWith('{')).map(read);
  if (found.length === 0) found.push({ name: part, value: 'failed', ok: false });
  for (const figure of found) {
    figures.push({ ...figure, part, load: before });
    console.log(`${figure.ok === false ? 'MISSED' : 'ok    '} ${figure.name}: ${figure.value}${shown(figure)}`);
  }
}

const table = markdown();
console.log(`\n${table}`);
if (values.write) writeFileSync(values.write, table);
process.exitCode = figures.every((figure) => figure.ok !== false) ? 0 : 1;

function read(line: string): Figure {
  return JSON.parse(line) as Figure;
}

function shown({ bare, ratio, notes }: Figure): string {
  return `${bare ? ` against ${bare}` : ''}${ratio === undefined ? '' : ` = ${ratio.toFixed(2)} ×`}${notes ? ` (${notes})` : ''}`;
}

/** `poller.ts` speaks in sentences. */
function fromPolls(lines: string[]): Figure[] {
  const numberIn = (start: string): [number, string] | null => {
    const found = lines.find((line) => line.startsWith(start))?.match(/([\d.]+) \S+\s+\((.*)\)/);
    return found ? [Number(found[1]), found[2]!] : null;
  };
  const [bare, whole] = [numberIn('bare undici'), numberIn('the whole path')];
  if (!bare || !whole) return [];
  return [
    {
      name: 'unchanged feed polls (304), whole path with the store, 1,000 feeds on 250 hosts, polls/s',
      value: `${whole[0]} (${whole[1]})`,
      bare: `${bare[0]} (${bare[1]})`,
      ratio: whole[0] / bare[0],
      floor: '≥ 3,000/s',
      ok: whole[0] >= 3_000,
      notes: 'the server is on the same two processors',
    },
  ];
}

function markdown(): string {
  const date = new Date().toISOString().slice(0, 10);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  const rows = figures.map(
    ({ name, value, bare, ratio, floor, ok, notes, load }) =>
      `| ${[name, value, bare ?? '', ratio === undefined ? '' : `${ratio.toFixed(2)} ×`, floor ?? '', ok === false ? '**missed**' : 'kept', notes ?? '', load].join(' | ')} |`,
  );
  return [
    `Measured ${date}, Node ${process.versions.node}, ${cpus().length} × ${model}, ${memory} GiB.`,
    '"Median [least – most]" where there are several rounds; the load is the machine\'s average over 1, 5 and 15 minutes when the part began.',
    '',
    '| figure | Tocsin | bare limit, same run | ratio | floor | | notes | load |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
