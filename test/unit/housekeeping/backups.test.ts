/** Operators are reminded each month in which no backup was made: in the log, and where they and the bot are alone. */
import { expect, onTestFinished, test } from 'vitest';
import { remindOfBackups } from '../../../src/app/housekeeping.ts';
import { BACKUP } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps, follower } from '../../contract/store/samples.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const DAY = 86_400_000;
const BEGAN = Date.UTC(2026, 0, 1);

async function world() {
  const clock = new FakeClock(BEGAN);
  const { log, said } = recordingLog();
  const store = await openStore(':memory:', { ...deps, clock });
  const { id } = await follower(store, 'operator');
  const stop = new AbortController();
  const loop = remindOfBackups({ store, clock, log, operators: async () => [id] }, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await clock.pass(0);
    await loop;
    await store.close();
  });
  const days = async (count: number): Promise<void> => {
    // An hour at a time, as the loop looks.
    for (let hour = 0; hour < count * 24; hour++) await clock.pass(3_600_000);
  };
  const queued = async () => (await store.outbox.depth()).reduce((sum, { queued: n }) => sum + n, 0);
  return { clock, store, said, days, queued };
}

test('no backup at all: a month after the first start, then each month; a notice to the operator each time', async () => {
  const { days, said, queued } = await world();
  await days(29);
  expect([said(), await queued()]).toEqual([[], 0]);
  await days(2);
  expect([said(), await queued()]).toEqual([['warn No backup was made for a month: tocsin backup FILE'], 1]);
  await days(28);
  expect(said()).toHaveLength(1);
  await days(3);
  expect([said().length, await queued()]).toEqual([2, 2]);
});

test('a backup: a month of quiet from then on', async () => {
  const { clock, store, days, said } = await world();
  await days(20);
  await store.state('app').set(BACKUP, { at: clock.now() });
  await days(29);
  expect(said()).toEqual([]);
  await days(2);
  expect(said()).toHaveLength(1);
  await store.state('app').set(BACKUP, { at: clock.now() - 3 * DAY });
  await days(26);
  expect(said()).toHaveLength(1);
});
