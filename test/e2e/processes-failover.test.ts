/** Two real processes that lose their database in the middle of a broadcast to Telegram and to rooms of a real Synapse: the primary dies, or the line to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { describePostgres } from '../contract/store/postgres.ts';
import { BlackHole } from '../fakes/black-hole.ts';
import { describeIf } from '../fakes/shared.ts';
import { PostgresPair, postgresPrograms } from './postgres-pair.ts';
import { openWorld, WINDOW } from './processes-world.ts';
import { hasSynapse, NEEDS_SYNAPSE } from './synapse.ts';
import { type MatrixRooms, matrixRooms } from './torture/matrix-rooms.ts';

const ROOMS = 20;
const programs = postgresPrograms();
let rooms: MatrixRooms;
const ONCE = { lost: 0, repeats: 0 };

describeIf(hasSynapse(), NEEDS_SYNAPSE, 'without their database', () => {
  beforeAll(async () => {
    rooms = await matrixRooms(ROOMS);
  }, 120_000);
  afterAll(() => rooms?.stop());

  describeIf(programs, 'needs the programs of PostgreSQL (initdb)', 'a primary that dies', () => {
    test('in a broadcast: alerts flow again within 15 s of the promotion, nobody misses anything, no room hears anything twice, repeats stay within the window, one warning each', async () => {
      const pair = await PostgresPair.up(programs!);
      const w = await openWorld({ database: pair.database, drop: () => pair.down(), rooms });
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
      await sleep(2_000);
      expect(await rooms.accountFor(w.bell.rung)).toMatchObject(ONCE);
      for (const one of [a, b]) expect(one.stderr.match(/The database fails; nothing is lost/g) ?? []).toHaveLength(1);
    }, 240_000);
  });

  describePostgres('a line that is cut', ({ fresh }) => {
    test('two of three for twenty seconds in a broadcast, and healed: replaced within ten seconds, they send nothing of what was held back, and wait', async () => {
      const w = await openWorld({ ...(await fresh()), rooms, from: 20 });
      const hole = await BlackHole.before(Number(new URL(w.database).port || 5432));
      onTestFinished(() => hole.close());
      const through = new URL(w.database);
      through.port = String(hole.port);
      const cut = [await w.program(through.href), await w.program(through.href)];
      for (const one of cut) await one.start();
      // An account each.
      await cut[1]!.until(() => /Roles.*holds=.*send.* waitsFor/.test(cut[1]!.stderr), 40_000, 'it has its share');
      const other = await w.program();
      await other.start();
      await w.ringHalf();
      hole.cut();
      const since = performance.now();
      const all = /Roles holds="(?=[^"]*ingest)(?=[^"]*send\/tg)(?=[^"]*send\/mx)[^"]*" waitsFor=nothing/;
      await other.until(() => all.test(other.stderr), 10_000, 'it takes over');
      await w.untilHeard(40_000);
      await sleep(Math.max(0, 20_000 - (performance.now() - since)));
      hole.heal();
      await sleep(4_000);
      for (const one of cut) expect(one.stderr).toMatch(/Lost a lease/);
      expect((await w.heard()).doubled).toBeLessThanOrEqual(WINDOW);
      expect(await rooms.accountFor(w.bell.rung)).toMatchObject(ONCE);
      for (const one of cut) expect(await one.stop()).toBe(0);
    }, 180_000);
  });
});
