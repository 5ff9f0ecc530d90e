/** What the router takes each sentence of `said/` for, without the words of any answer: `node bench/intents/patterns.ts [--all]` (README.md beside this file). */
import { readdirSync, readFileSync } from 'node:fs';
import type { Asked } from '../../src/core/commands/asking/interpret.ts';
import { asking, hosts } from '../../test/unit/commands/ask/bench.ts';

/** The label of `said/` that an answer stands for. */
function labelOf(asked: Asked): string {
  if (asked.kind === 'intent') return asked.name;
  if (asked.kind !== 'command') return asked.kind === 'none' ? 'none' : 'status';
  const command = `${asked.name} ${asked.args}`;
  const [, label] = COMMANDS.find(([pattern]) => pattern.test(command)) ?? ['', asked.name];
  return label;
}
const COMMANDS: readonly [RegExp, string][] = [
  [/^history/u, 'since'],
  [/^mute/u, 'quiet'],
  [/^settings quiet/u, 'night'],
  [/^settings (?:digest|sound)/u, 'fewer'],
  [/^subscribe only .*internet/u, 'shutdowns'],
  [/^subscribe only/u, 'only'],
  [/^subscribe/u, 'follow'],
  [/^unsubscribe (?!all)\S/u, 'unfollow'],
  [/^unsubscribe/u, 'stop'],
  [/^help/u, 'hello'],
  [/^ping/u, 'here'],
];

const said = new URL('said/', import.meta.url);
const table: Record<string, { sentences: number; right: string }> = {};
for (const file of readdirSync(said).sort()) {
  const rows = readFileSync(new URL(file, said), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [label: string, text: string]);
  const taken = rows.map(([label, text]) => ({ label, text, got: labelOf(asking(text, hosts)) }));
  const right = taken.filter(({ label, got }) => label === got).length;
  table[file.replace('.txt', '')] = { sentences: rows.length, right: (right / rows.length).toFixed(3) };
  if (process.argv.includes('--all'))
    for (const { label, got, text } of taken)
      console.log([file, label === got ? ' ' : '×', label, got, text].join('\t'));
}
console.table(table);
