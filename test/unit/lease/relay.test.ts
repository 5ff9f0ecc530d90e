/** What comes in at a process that does not ingest, and is carried out by the one that does. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRelay, takePosts } from '../../../src/app/intakes.ts';
import { TocsinError } from '../../../src/core/errors.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import type { Statement } from '../../../src/core/model/report.ts';
import type { Pipeline } from '../../../src/core/pipeline.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';
import { FakeLeaseBoard } from '../../fakes/lease-board.ts';

async function world() {
  const clock = new FakeClock();
  const ids = createIds(clock);
  const { log, said } = recordingLog();
  const tables = await openStore(':memory:', { clock, log, ids });
  const board = new FakeLeaseBoard(clock);
  const [front, back] = [board.process(tables).store, board.process(tables).store];
  const done: string[] = [];
  const fails = { with: null as Error | null };
  const pipeline = {
    async measurements(list: Measurement[]) {
      if (fails.with) throw fails.with;
      done.push(`measured ${list.map(({ id }) => id).join(' ')}`);
    },
    async statements(sourceId: string, list: Statement[], how: unknown) {
      done.push(`${sourceId} states ${list.length} ${JSON.stringify(how)}`);
      return 1;
    },
    async retract(id: string, because: string) {
      done.push(`retracts ${id} ${because}`);
      return true;
    },
    async release(sourceId: string) {
      done.push(`releases ${sourceId}`);
      return sourceId === 'held' ? 7 : null;
    },
  } as unknown as Pipeline;
  const local = { pipeline: null as Pipeline | null };
  const door = createRelay({ store: front, bus: front.bus, clock, ids, here: () => local.pipeline });
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const ingest = () => void takePosts({ store: back, pipeline, bus: back.bus, clock, log }, ending.signal);
  const measured = (id: string, detail = ''): Measurement => ({ id, detail }) as unknown as Measurement;
  return { clock, door, local, pipeline, ingest, done, fails, said, store: front, measured };
}

test('where this process ingests: at once, and nothing is written down', async () => {
  const w = await world();
  w.local.pipeline = w.pipeline;
  await w.door.measurements('tallinn', [w.measured('m1')]);
  expect(await w.door.statements('news', [{} as Statement])).toBe(1);
  expect(await w.door.release('held')).toBe(7);
  expect(w.done).toEqual(['measured m1', 'news states 1 {"firstPoll":false,"pushed":true}', 'releases held']);
  expect(await w.store.posts.oldest(10)).toEqual([]);
});

describe('where another does', () => {
  test('measurements are durable when the agent is answered, and taken in order, each once', async () => {
    const w = await world();
    await w.door.measurements('tallinn', [w.measured('m1'), w.measured('m2')]);
    await w.door.measurements('tallinn', [w.measured('m3')]);
    expect(await w.store.posts.oldest(10)).toHaveLength(2);
    w.ingest();
    await w.clock.pass(100);
    expect(w.done).toEqual(['measured m1 m2', 'measured m3']);
    expect(await w.store.posts.oldest(10)).toEqual([]);
    // And at once from now on, by the bus.
    await w.door.measurements('tallinn', [w.measured('m4')]);
    await w.clock.pass(0);
    expect(w.done.at(-1)).toBe('measured m4');
  });

  test('more than a post holds: several, in order, none larger than a megabyte', async () => {
    const w = await world();
    const list = Array.from({ length: 30 }, (_, i) => w.measured(`m${i}`, 'x'.repeat(100_000)));
    await w.door.measurements('tallinn', list);
    expect((await w.store.posts.oldest(10)).length).toBe(4);
    w.ingest();
    await w.clock.pass(100);
    expect(w.done.flatMap((line) => line.split(' ').slice(1))).toEqual(list.map(({ id }) => id));
  });

  test('statements, and an operator’s word: the answer is what came of it there', async () => {
    const w = await world();
    w.ingest();
    const stated = w.door.statements('news', [{} as Statement, {} as Statement]);
    const released = w.door.release('held');
    const unknown = w.door.release('other');
    await w.clock.pass(1_000);
    expect([await stated, await released, await unknown]).toEqual([1, 7, null]);
    expect(await w.door.retract('XX-nothing-0000', 'no such incident')).toBe(false);
  });

  test('nobody ingests: after some seconds all count as taken, and they are carried out later', async () => {
    const w = await world();
    const stated = w.door.statements('news', [{} as Statement, {} as Statement]);
    const released = w.door.release('held').catch((error: TocsinError) => error.code);
    await w.clock.pass(7_000);
    expect([await stated, await released]).toEqual([2, 'timeout']);
    w.ingest();
    await w.clock.pass(100);
    expect(w.done).toHaveLength(2);
  });

  test('the database fails: kept and tried again; what cannot be carried out at all is dropped, and said', async () => {
    const w = await world();
    w.fails.with = new TocsinError('store_failed', 'gone for a moment');
    await w.door.measurements('tallinn', [w.measured('m1')]);
    w.ingest();
    await w.clock.pass(12_000);
    expect(w.done).toEqual([]);
    w.fails.with = null;
    await w.clock.pass(6_000);
    expect(w.done).toEqual(['measured m1']);
    w.fails.with = new Error('a mistake of ours');
    await w.door.measurements('tallinn', [w.measured('m2')]);
    await w.clock.pass(100);
    expect(w.said()).toContain('error What another process handed on cannot be carried out; it is dropped');
    expect(await w.store.posts.oldest(10)).toEqual([]);
  });
});
