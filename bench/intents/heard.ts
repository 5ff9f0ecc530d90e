/**
 * What the bot makes of sentences of `said/` that neither letters nor encoder had learnt: `node bench/intents/heard.ts --letters FILE [--encoder FILE] [--all]`, the
 * files as `letters.ts` and `learn.py` wrote them (`--said`; README.md beside this file). Without the encoder's: as it is where that is not there.
 */
import { readFileSync } from 'node:fs';
import { together } from '../../src/core/commands/asking/intents.ts';
import type { Asked } from '../../src/core/commands/asking/interpret.ts';
import type { Ranked } from '../../src/core/ports/encoder.ts';
import { asking, hosts } from '../../test/unit/commands/ask/bench.ts';

/** The label of `said/` that an answer stands for. */
function labelOf(asked: Asked): string {
  if (asked.kind === 'intent') return asked.name;
  if (asked.kind !== 'command') return asked.kind === 'which' ? 'status' : asked.kind;
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
/** Kinds whose answers hold what the other's asks for: how it stands, the same buttons, small talk. */
const ALIKE = [
  'status since back me explain rumour unreachable whitelist follow overview unblock',
  'woken night quiet fewer shutdowns sorry stop',
  'ok thanks hello here which',
  'only unfollow',
  'vpn legal',
  'group add',
].map((kinds) => new Set(kinds.split(' ')));

type Said = readonly [lang: string, label: string, text: string, ranked: Ranked];
const option = (name: string): Said[] | null => {
  const at = process.argv.indexOf(name);
  if (at < 0) return null;
  const lines = readFileSync(process.argv[at + 1]!, 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Said);
};
const encoder = option('--encoder');
const table: Record<string, Record<string, number>> = {};
for (const [i, [lang, label, text, letters]] of option('--letters')!.entries()) {
  const heard = encoder?.[i];
  if (heard && heard[2] !== text) throw new Error('The files are of different folds');
  const asked = asking(text, hosts, false, heard ? together(letters, heard[3]) : letters);
  const got = labelOf(asked);
  const also = asked.kind === 'intent' ? asked.also : undefined;
  const offers = asked.kind === 'offer' ? asked.offers : 'other' in asked ? (asked.other ?? []) : [];
  const isOffered = also === label || offers.some(({ name }) => name === label);
  const isAlike = ALIKE.some((kinds) => kinds.has(got) && kinds.has(label));
  const how = got === label ? 'right' : isOffered ? 'offered' : isAlike ? 'alike' : got === 'offer' ? 'asked' : 'wrong';
  for (const own of [lang, 'all']) {
    const counts = (table[own] ??= { sentences: 0, right: 0, offered: 0, alike: 0, asked: 0, wrong: 0 });
    counts.sentences!++;
    counts[how]!++;
  }
  if (process.argv.includes('--all'))
    console.log([lang, how, label, got, offers.map(({ name }) => name).join(','), text].join('\t'));
}
console.table(table);
