/** Writes one transaction after the other and tells each number when it is committed, until it is killed. */
import { openStore } from '../../../src/store/open.ts';
import { alert, broadcast, deps, NOW } from './samples.ts';

const [, , file, from] = process.argv;
const store = await openStore(file!, deps);
for (let i = Number(from); ; i++) {
  await store.transaction(async (tables) => {
    await tables.seen.add('kill', [`k${i}`], NOW);
    await tables.alerts.insert(alert({ id: `alert-${i}` }));
    await tables.broadcasts.insert(broadcast({ id: `broadcast-${i}`, alertId: `alert-${i}` }));
  });
  process.stdout.write(`${i}\n`);
}
