/** What no process does is said. */
import { expect, test } from 'vitest';
import { createUnservedWatch } from '../../../src/core/lease.ts';
import type { LeaseBoard, LeaseName } from '../../../src/core/ports/leases.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

function world() {
  const clock = new FakeClock();
  const { log, lines, said } = recordingLog();
  const watch = createUnservedWatch({ clock, log }, ['tg']);
  const board = (held: LeaseName[], waitsFor: LeaseName[] = [], endsIn = 5_000): LeaseBoard => ({
    leases: held.map((name) => ({ name, processId: 'a', epoch: 1, since: 0, endsIn })),
    processes: [{ id: 'a', label: 'a:1', roles: [], waitsFor, startedAt: 0, seenAt: 0 }],
  });
  async function pass(ms: number, seen: LeaseBoard): Promise<void> {
    for (let left = ms; left >= 0; left -= 1_000) {
      watch(seen);
      await clock.pass(1_000);
    }
  }
  return { pass, board, said, lines };
}
const ALL: LeaseName[] = ['ingest', 'fanout', 'receive/tg', 'send/tg'];

test('all is held, or waited for by a process that lives: nothing is said', async () => {
  const w = world();
  await w.pass(120_000, w.board(ALL));
  await w.pass(120_000, w.board(['ingest'], ['fanout', 'receive/tg', 'send/tg']));
  expect(w.said()).toEqual([]);
});

test('nobody ingests and nobody sends: said once after half a minute, with the roles that are missing, and again when that has changed', async () => {
  const w = world();
  await w.pass(28_000, w.board(['receive/tg']));
  expect(w.said()).toEqual([]);
  await w.pass(600_000, w.board(['receive/tg']));
  expect(w.said()).toEqual(['warn No process does this, and none waits for it: start one with these roles']);
  expect(w.lines[0]).toMatchObject({ fields: { leases: 'ingest fanout send/tg', roles: 'ingest,deliver' } });
  await w.pass(0, w.board(ALL));
  expect(w.said().at(-1)).toBe('info Everything is done by some process again');
});

test('what has expired is held by nobody', async () => {
  const w = world();
  await w.pass(60_000, w.board(ALL, [], 0));
  expect(w.said()).toHaveLength(1);
});
