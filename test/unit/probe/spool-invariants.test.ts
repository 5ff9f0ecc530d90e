import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openSpool } from '../../../src/sources/probe/agent-spool.ts';
import { batchSchema, MAX_MEASUREMENTS } from '../../../src/sources/probe/agent-wire.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const ids = createIds(new FakeClock());
let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'tocsin-spool-'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

const measurement = (id: string): Measurement => ({
  id,
  sourceId: 'probe',
  kind: 'probe',
  at: 1,
  probeCc: 'RU',
  probeAsn: 'AS1',
  vantageId: 'v',
  target: 'x',
  component: null,
  verdict: 'ok',
  detail: null,
  notes: [],
  raw: null,
});

test('whatever is added, acknowledged and restarted in whatever order: batches in their order, none twice, none lost but those that were counted', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant('add' as const) },
    { weight: 3, arbitrary: fc.constant('carry' as const) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
    { weight: 1, arbitrary: fc.constant('acked-before' as const) },
    { weight: 1, arbitrary: fc.constant('acked-ahead' as const) },
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 9 }), async (steps) => {
      const folder = join(base, `${run++}`);
      const limits = { maxBatches: 3, maxBytes: 1_000_000 };
      let spool = await openSpool(folder, ids, limits);
      const { epoch } = spool;
      let added = 0;
      let arrived = 0;
      let seq = 0;
      let dropped = 0;
      for (const what of steps) {
        if (what === 'add') await spool.add([measurement(`m${++added}`)]);
        else if (what === 'restart') spool = await openSpool(folder, ids, limits);
        else if (what === 'acked-before') await spool.acked(seq - 1);
        else if (what === 'acked-ahead') {
          // A centre that lies acknowledges what it cannot have seen: no number is used twice after that.
          const waiting = spool.size();
          if (waiting === 0) await spool.acked(10_000);
        } else {
          const first = await spool.first();
          if (first === null) continue;
          expect(first.seq).toBeGreaterThan(seq);
          expect(first.measurements[0]!.id).toBe(`m${first.seq}`);
          expect(v.safeParse(batchSchema, first).success).toBe(true);
          dropped += first.dropped;
          arrived++;
          seq = first.seq;
          await spool.acked(seq);
        }
        expect(spool.size()).toBeLessThanOrEqual(3);
        expect(spool.epoch).toBe(epoch);
      }
      for (let left = await spool.first(); left !== null; left = await spool.first()) {
        dropped += left.dropped;
        arrived++;
        await spool.acked(left.seq);
      }
      expect(arrived + dropped).toBe(added);
      expect(await readdir(folder)).toEqual(['head.json']);
    }),
    { numRuns: 20 },
  );
});

describe('many at once', () => {
  test('more than a batch holds: several, together the same', async () => {
    const spool = await openSpool(join(base, 'many'), ids);
    await spool.add(Array.from({ length: 2 * MAX_MEASUREMENTS + 1 }, (_, i) => measurement(`m${i}`)));
    const sizes: number[] = [];
    for (let left = await spool.first(); left !== null; left = await spool.first()) {
      sizes.push(left.measurements.length);
      await spool.acked(left.seq);
    }
    expect(sizes).toEqual([MAX_MEASUREMENTS, MAX_MEASUREMENTS, 1]);
  });
  test('nothing: no batch', async () => {
    const spool = await openSpool(join(base, 'none'), ids);
    await spool.add([]);
    expect([await spool.first(), spool.size()]).toEqual([null, 0]);
  });
  test('too many bytes: the oldest go, the newest stays however large it is', async () => {
    const spool = await openSpool(join(base, 'bytes'), ids, { maxBatches: 99, maxBytes: 10 });
    for (const id of ['a', 'b', 'c']) await spool.add([measurement(id)]);
    expect(await spool.first()).toMatchObject({ seq: 3, dropped: 2 });
    await spool.acked(3);
    await spool.add([measurement('d')]);
    expect(await spool.first()).toMatchObject({ seq: 4, dropped: 0 });
  });
});
