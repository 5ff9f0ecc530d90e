/** The record of when the bot looked: written while any source can be read, by a clock of its own, and never in the way. */
import { describe, expect, test } from 'vitest';
import { createWatching } from '../../src/app/housekeeping.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { recordingLog } from '../fakes/fake-log.ts';
import { NOW } from './render/support.ts';

const MINUTE = 60_000;

function world() {
  const clock = new FakeClock(NOW);
  const { log, lines } = recordingLog();
  const kept = new Map<string, unknown>();
  const stop = new AbortController();
  const facts = { lastOkAt: NOW as number | null, broken: false };
  const state = {
    get: async (key: string) => {
      if (facts.broken) throw new Error('disk');
      return kept.get(key);
    },
    set: async (key: string, value: unknown) => void kept.set(key, JSON.parse(JSON.stringify(value))),
    delete: async (key: string) => void kept.delete(key),
  };
  const watching = createWatching({
    store: { state: () => state } as unknown as Pick<Store, 'state'>,
    clock,
    log,
    sources: () => [{ lastOkAt: null }, { lastOkAt: facts.lastOkAt }],
  });
  return { clock, facts, kept, lines, stop, watching };
}

describe('the record', () => {
  test('a source is read now and then: one spell, up to the last look', async () => {
    const { clock, facts, stop, watching } = world();
    const loop = watching.loop(stop.signal);
    for (let i = 0; i < 12; i++) {
      await clock.pass(5 * MINUTE);
      facts.lastOkAt = clock.now();
    }
    expect(await watching.periods()).toEqual([[NOW, NOW + 60 * MINUTE]]);
    stop.abort();
    await loop;
  });

  test('nothing can be read for longer than an hour: the spell ends, and another one begins afterwards', async () => {
    const { clock, facts, stop, watching } = world();
    const loop = watching.loop(stop.signal);
    await clock.pass(3 * 60 * MINUTE);
    const [first, ...more] = await watching.periods();
    expect(more).toEqual([]);
    expect(first![1]).toBeLessThanOrEqual(NOW + 65 * MINUTE);
    facts.lastOkAt = clock.now();
    await clock.pass(5 * MINUTE);
    expect(await watching.periods()).toHaveLength(2);
    stop.abort();
    await loop;
  });

  test('nothing was ever read: nothing is written', async () => {
    const { clock, facts, kept, stop, watching } = world();
    facts.lastOkAt = null;
    const loop = watching.loop(stop.signal);
    await clock.pass(60 * MINUTE);
    expect(kept.size).toBe(0);
    stop.abort();
    await loop;
  });

  test('the store fails for a while: said once, and it goes on', async () => {
    const { clock, facts, lines, stop, watching } = world();
    facts.broken = true;
    const loop = watching.loop(stop.signal);
    await clock.pass(30 * MINUTE);
    expect(lines).toHaveLength(1);
    facts.broken = false;
    facts.lastOkAt = clock.now();
    await clock.pass(5 * MINUTE);
    expect(await watching.periods()).toHaveLength(1);
    stop.abort();
    await loop;
  });
});

test('what another version wrote is read as far as it can be', async () => {
  const { kept, watching } = world();
  kept.set('spells', [[1, 2], 'x']);
  expect(await watching.periods()).toEqual([[1, 2]]);
});
