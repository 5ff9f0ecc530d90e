import { describe, expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeLeaseBoard } from '../../fakes/lease-board.ts';
import { sharedLeasesSuite } from './leases.suite.ts';
import { deps } from './samples.ts';

async function world() {
  const clock = new FakeClock();
  const tables = await openStore(':memory:', deps);
  const board = new FakeLeaseBoard(clock);
  const [a, b] = [board.process(tables), board.process(tables)];
  const close = async () => {
    await a.store.close();
    await b.store.close();
    await tables.close();
  };
  return { clock, a, b, close };
}

describe('leases on a board in memory', () => {
  sharedLeasesSuite(async () => {
    const { clock, a, b, close } = await world();
    const silence = async () => {
      a.stop();
      await clock.pass(6_001);
      a.go();
    };
    return { a: a.store, b: b.store, silence, close };
  });

  test('stopped for longer than a lease lives: not valid in the very moment it wakes; cut off: lost before the other may have it', async () => {
    const { clock, a, b, close } = await world();
    const [stopped] = await a.store.leases.take(['ingest']);
    const [cut] = await b.store.leases.take(['send/x']);
    await clock.pass(30_000);
    expect([stopped!.valid(), cut!.valid()]).toEqual([true, true]);
    a.stop();
    b.cut();
    await clock.pass(5_900);
    expect([stopped!.valid(), stopped!.signal.aborted, cut!.signal.aborted]).toEqual([false, false, true]);
    await expect(b.store.leases.take(['send/x'])).rejects.toMatchObject({ code: 'store_failed' });
    await clock.pass(600);
    b.heal();
    expect((await b.store.leases.take(['ingest'])).length).toBe(1);
    a.go();
    expect(stopped!.signal.aborted).toBe(true);
    await close();
  });
});
