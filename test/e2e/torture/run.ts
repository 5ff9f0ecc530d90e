/**
 * The whole torture: `npm run torture -- [--seed N] [--kills 200] [--chats 2000] [--rooms 50] [--seconds 20] [--only kills|processes|commands|encrypted|faults|NAME]`.
 * About half an hour. Prints one JSON line a part and ends with 1 when something was lost.
 */
import { parseArgs } from 'node:util';
import { hasNio, NEEDS_NIO } from '../nio.ts';
import { hasSynapse, NEEDS_SYNAPSE } from '../synapse.ts';
import { commands } from './commands.ts';
import { encryptedPair } from './encrypted-pair.ts';
import { encrypted, faultsOf } from './encrypted.ts';
import { FAULTS } from './faults.ts';
import { kills } from './kills.ts';
import { processes } from './processes.ts';

/** Sends that may be on the wire at a kill, paced. */
const WINDOW = 16;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    kills: { type: 'string', default: '200' },
    chats: { type: 'string', default: '2000' },
    rooms: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    only: { type: 'string' },
  },
});
const wanted = (name: string): boolean => values.only === undefined || name.includes(values.only);
const tell = (name: string, facts: object): void => console.log(JSON.stringify({ name, ...facts }));
let bad = 0;
const judge = (name: string, facts: object, ok: boolean): void => {
  tell(name, { ok, ...facts });
  if (!ok) bad++;
};

console.log(`seed ${values.seed}`);
if (wanted('kills')) {
  if (!hasSynapse() && Number(values.rooms) > 0) console.log(`No Matrix: ${NEEDS_SYNAPSE}`);
  const report = await kills({
    seed: Number(values.seed),
    kills: Number(values.kills),
    chats: Number(values.chats),
    rooms: Number(values.rooms),
    say: console.log,
  });
  const { lost, repeats, inFlight, mostInFlight, matrix } = report;
  const kept = lost === 0 && repeats <= inFlight && mostInFlight <= 16;
  judge('kills', report, kept && (matrix === null || (matrix.lost === 0 && matrix.repeats === 0)));
}
if (wanted('processes')) {
  const report = await processes({
    seed: Number(values.seed),
    kills: Math.min(100, Number(values.kills)),
    chats: Number(values.chats),
    rooms: Number(values.rooms),
    say: console.log,
  });
  const { lost, repeats, longestSilence, refusals, matrix } = report;
  const kept = lost === 0 && repeats <= WINDOW * report.kills && longestSilence < 10_000 && refusals <= report.kills;
  judge('processes', report, kept && (matrix === null || (matrix.lost === 0 && matrix.repeats === 0)));
}
for (const [name, ends, most] of [
  ['commands', 'kill', WINDOW],
  ['commands at stops', 'stop', 0],
] as const) {
  if (!wanted(name)) continue;
  const times = Math.min(40, Number(values.kills));
  const report = await commands({ seed: Number(values.seed), people: 200, kills: times, ends, say: console.log });
  const { unanswered, subscriptionsLost, mostRepeats } = report;
  judge(name, report, unanswered === 0 && subscriptionsLost === 0 && mostRepeats <= most);
}
if (wanted('encrypted')) {
  if (!hasSynapse() || !hasNio()) tell('encrypted', { left_out: hasSynapse() ? NEEDS_NIO : NEEDS_SYNAPSE });
  else {
    const kills = Math.min(100, Number(values.kills));
    const report = await encrypted({ seed: Number(values.seed), kills, rooms: 20, say: console.log });
    judge('encrypted', report, faultsOf(report).length === 0);
    const pair = await encryptedPair({
      seed: Number(values.seed),
      kills: Math.ceil(kills / 5),
      rooms: 20,
      say: console.log,
    });
    judge('encrypted, two processes', pair, faultsOf(pair).length === 0);
  }
}
for (const fault of FAULTS) {
  if (!wanted('faults') && !wanted(fault.name)) continue;
  const missing = fault.missing();
  if (missing) {
    tell(fault.name, { left_out: missing });
    continue;
  }
  const report = await fault.run({ chats: 500, seconds: Number(values.seconds), rate: 100 });
  const { lost, repeats, excused, crashed, warnings, busy } = report;
  const ok = lost === 0 && repeats <= excused && !crashed && warnings.length <= 1 && busy < 0.6;
  judge(fault.name, report, ok);
}
process.exitCode = bad > 0 ? 1 : 0;
