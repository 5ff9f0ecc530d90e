import { expect, test } from 'vitest';
import { beginGeneration } from '../../../../src/adapters/matrix/crypto/encryption.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { memoryRows } from './support.ts';

const identity = { userId: '@bot:example.org', deviceId: 'DEVICE' };

function world() {
  const rows = memoryRows();
  const clock = new FakeClock();
  const kept = new Map<string, unknown>();
  const port = {
    accountData: async () => (kept.get('data') ?? null) as Record<string, unknown> | null,
    setAccountData: async (_user: string, _type: string, content: object) => {
      if (kept.get('fails')) throw new Error('no route');
      kept.set('data', content);
    },
  };
  const begin = (from = rows, who = identity) => beginGeneration({ port, rows: from, clock, identity: who }, {});
  return { rows, clock, kept, begin };
}

test('each start and each hour: a higher number, in the database before the homeserver', async () => {
  const { rows, clock, kept, begin } = world();
  const { goOn } = await begin();
  expect(kept.get('data')).toEqual({ DEVICE: 1 });
  await goOn({});
  await clock.pass(3_600_000);
  await goOn({});
  await goOn({});
  expect(kept.get('data')).toEqual({ DEVICE: 2 });
  await begin();
  expect(kept.get('data')).toEqual({ DEVICE: 3 });
  kept.set('fails', true);
  await expect(begin()).rejects.toThrow('no route');
  // The database went ahead: that is no old copy.
  kept.set('fails', false);
  await begin();
  expect([kept.get('data'), rows.writes]).toEqual([{ DEVICE: 5 }, 5]);
});

test('a copy of an hour ago: refused, and neither side is written to', async () => {
  const { rows, clock, kept, begin } = world();
  const { goOn } = await begin();
  const copy = rows.copy();
  await clock.pass(3_600_000);
  await goOn({});
  await expect(begin(copy)).rejects.toMatchObject({ code: 'config_invalid', facts: { known: 2, current: 1 } });
  expect([copy.writes, kept.get('data')]).toEqual([0, { DEVICE: 2 }]);
  await begin();
});

test('another device, or account data of another shape: begins at one', async () => {
  const { rows, kept, begin } = world();
  await begin();
  await begin(rows, { ...identity, deviceId: 'OTHER' });
  expect(kept.get('data')).toEqual({ OTHER: 1 });
  kept.set('data', { THIRD: 'many', OTHER: -1.5 });
  await begin(rows, { ...identity, deviceId: 'THIRD' });
  expect(kept.get('data')).toEqual({ THIRD: 1 });
});
