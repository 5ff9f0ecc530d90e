/**
 * A process beside others: whenever it holds `ingest` it writes one transaction after the other, each of which adds one to a sum and one key, and
 * tells what became of each: `wrote KEY`, `lost KEY`, `failed KEY REASON`; before that `commits KEY`, when nothing but the commit is left. Two statements,
 * so that it can be stopped in between.
 */

import { TocsinError } from '../../src/core/errors.ts';
import type { LeaseTerm } from '../../src/core/ports/leases.ts';
import { openStore } from '../../src/store/open.ts';
import { deps, NOW } from '../contract/store/samples.ts';

const [, , database, name] = process.argv;
const store = await openStore(database!, deps, { shared: true });
const say = (text: string) => process.stdout.write(`${text}\n`);
const pause = (ms: number) => deps.clock.sleep(ms);
let count = 0;

async function write(term: LeaseTerm): Promise<void> {
  const key = `${name}-${++count}`;
  try {
    await term.store.transaction(async (tables) => {
      const sum = Number((await tables.state('sum').get('n')) ?? 0);
      await pause(5);
      await tables.state('sum').set('n', sum + 1);
      await tables.seen.add('w', [key], NOW);
      say(`commits ${key}`);
    });
    say(`wrote ${key}`);
  } catch (error) {
    if (!(error instanceof TocsinError)) throw error;
    say(error.code === 'lease_lost' ? `lost ${key}` : `failed ${key} ${String(error.facts.reason)}`);
    await pause(50);
  }
}

say('ready');
for (;;) {
  const [term] = await store.leases.take(['ingest']).catch(() => []);
  if (term === undefined) {
    await pause(200);
    continue;
  }
  say(`took ${term.epoch}`);
  while (term.valid()) await write(term);
  say('over');
}
