/**
 * What the router takes each sentence of `said/` for, without the words of any answer: `node bench/intents/patterns.ts [--all]`; `--said FILE`: only
 * those in the file, and beside it what they are taken for where the encoder says of them what stands there (README.md beside this file).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { bundledRegions } from '../../src/config/catalogue.ts';
import type { Asked } from '../../src/core/commands/asking/interpret.ts';
import { createTargetIndex } from '../../src/core/commands/asking/targets.ts';
import { createReading, type Given } from '../../src/core/commands/read-command.ts';
import type { Ranked } from '../../src/core/ports/encoder.ts';
import { quietLog } from '../../src/core/ports/runtime.ts';
import { bundledCatalogue } from '../../test/fakes/bundled.ts';
import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { known, words } from '../../test/fakes/known.ts';
import { asking, hosts } from '../../test/unit/commands/ask/bench.ts';

/** The label of `said/` that an answer stands for. */
function labelOf(asked: Asked): string {
  if (asked.kind === 'intent') return asked.name;
  if (asked.kind === 'offer') return `offer ${asked.offers.map(({ name }) => name).join(' ')}`;
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

const targets = createTargetIndex(bundledCatalogue(), words);
const heard = process.argv[process.argv.indexOf('--said') + 1]!;
if (process.argv.includes('--said')) await withEncoder(heard);
else patternsAlone();

/** With the encoder's word of each sentence, as `bench/intents/learn.py --fold N --said FILE` wrote it. */
async function withEncoder(file: string): Promise<void> {
  const rows = readFileSync(file, 'utf8').trim().split('\n');
  const table: Record<string, Record<string, number>> = {};
  for (const row of rows) {
    const [lang, label, text, ranked] = JSON.parse(row) as [string, string, string, Ranked];
    const catalogue = bundledCatalogue();
    const reading = createReading({
      log: quietLog,
      catalogue,
      gazetteer: bundledRegions(),
      account: () => null,
      clock: new FakeClock(0),
      wants: async () => ranked,
      targets,
      known,
      picks: { get: async () => undefined, set: async () => true, delete: async () => true },
      commands: [],
    });
    const asked = asking(text, hosts);
    const given = { event: { button: null, chatKind: 'private' }, text, asked, command: null } as unknown as Given;
    const got = labelOf((await reading.hearing(given)).asked ?? { kind: 'none' });
    const before = labelOf(asked);
    const offers = got.startsWith('offer') ? got.split(' ').slice(1) : [];
    const how =
      got === label ? 'right' : offers.includes(label) ? 'offered' : offers.length > 0 ? 'offered wrongly' : 'wrong';
    for (const own of [lang, 'all']) {
      const counts = (table[own] ??= {
        sentences: 0,
        patterns: 0,
        right: 0,
        offered: 0,
        'offered wrongly': 0,
        wrong: 0,
      });
      counts.sentences!++;
      if (before === label) counts.patterns!++;
      counts[how]!++;
    }
    if (process.argv.includes('--all')) console.log([lang, how, label, before, got, text].join('\t'));
  }
  console.table(table);
}

function patternsAlone(): void {
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
}
