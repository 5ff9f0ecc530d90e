/** Two real processes on a primary and its synchronous standby: the primary dies in the middle of a broadcast, and the standby is promoted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeIf } from '../fakes/shared.ts';
import { PostgresPair, postgresPrograms } from './postgres-pair.ts';
import { openWorld, WINDOW } from './processes-world.ts';

const programs = postgresPrograms();

describeIf(programs, 'needs the programs of PostgreSQL (initdb)', 'a primary that dies', () => {
  test('in a broadcast: alerts flow again within 15 s of the promotion, nobody misses anything, repeats stay within the window, one warning each', async () => {
    const pair = await PostgresPair.up(programs!);
    const w = await openWorld({ database: pair.database, drop: () => pair.down() });
    const [a, b] = [await w.program(), await w.program()];
    await a.start();
    await b.start();
    await w.ringHalf();
    await pair.killPrimary();
    await sleep(2_000);
    await pair.promote();
    expect(await w.flowsAgain()).toBeLessThan(15_000);
    await w.untilHeard(60_000);
    expect((await w.heard()).doubled).toBeLessThanOrEqual(WINDOW);
    // The next change comes as ever.
    w.bell.ring();
    await w.untilHeard(60_000);
    expect(await w.refused()).toBeLessThanOrEqual(1);
    for (const one of [a, b]) expect(one.stderr.match(/The database fails; nothing is lost/g) ?? []).toHaveLength(1);
  }, 240_000);
});
