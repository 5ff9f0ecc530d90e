/** One publisher that passes for many. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRecordings } from '../../../src/cli/replay.ts';
import { outletsTogether } from '../../../src/core/correlate/ladder.ts';
import { liarsTown } from './feeds.ts';

const WIRE =
  'The regulator told providers to cut access to the messenger during the night after several requests had gone unanswered, the agency wrote';

describe('one publisher with the names of many', () => {
  test('items credited to two agencies and to nobody: one outlet, the default level hears nothing', async () => {
    const { says, heard, newest, only } = await liarsTown();
    await says('tabloid', 'block RU whatsapp', { credit: 'reuters' });
    await says('tabloid', 'block RU whatsapp', { credit: 'ap' });
    await says('tabloid', 'block RU whatsapp');
    expect(await only()).toBe('block reported active');
    expect(heard('corroborated')).toEqual([]);
    expect(newest('early')).toContain('Reported, not confirmed yet: 1 outlet');
  });

  test('its lift credited to two agencies: easing, not lifted', async () => {
    const { says, heard, only } = await liarsTown();
    await says('a', 'block RU whatsapp');
    await says('b', 'block RU whatsapp');
    await says('tabloid', 'unblock RU whatsapp', { credit: 'reuters' });
    await says('tabloid', 'unblock RU whatsapp', { credit: 'ap' });
    expect(await only()).toBe('block corroborated easing');
    expect(heard('corroborated').filter((line) => line.includes('🟢'))).toEqual([]);
  });

  test('several publishers that credit one agency: one outlet', async () => {
    const { says, only } = await liarsTown();
    for (const publisher of ['a', 'b', 'c']) await says(publisher, 'block RU whatsapp', { credit: 'reuters' });
    expect(await only()).toBe('block reported active');
  });

  test('two feeds of one publisher: one outlet', async () => {
    const { poll, only } = await liarsTown();
    await poll('bbc-world', [{ publisher: 'bbc', says: 'block RU whatsapp' }]);
    await poll('bbc-russian', [{ publisher: 'bbc', says: 'block RU whatsapp', credit: 'tass' }]);
    expect(await only()).toBe('block reported active');
  });

  test('another publisher in its own words: two outlets', async () => {
    const { says, only } = await liarsTown();
    await says('tabloid', 'block RU whatsapp', { credit: 'reuters' });
    await says('paper', 'block RU whatsapp');
    expect(await only()).toBe('block corroborated active');
  });
});

test('whatever is credited or copied: never more outlets than publishers, never more than one where all credit one agency', async () => {
  const entry = fc.record({
    publisher: fc.constantFrom('a', 'b', 'c'),
    credit: fc.constantFrom(undefined, 'reuters', 'ap', 'a', 'b'),
    text: fc.constantFrom(undefined, WIRE),
    authority: fc.constant(false),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 8 }), async (entries) => {
      const { town, poll } = await liarsTown();
      for (const { credit, text, ...one } of entries)
        await poll(one.publisher, [
          { ...one, says: 'block RU whatsapp', ...(credit ? { credit } : {}), ...(text ? { text } : {}) },
        ]);
      const [incident] = await town.incidents();
      const reports = await town.store.reports.byIncident(incident!.id, 100);
      const outlets = outletsTogether(reports);
      await town.store.close();
      expect(reports).toHaveLength(entries.length);
      expect(outlets).toBeLessThanOrEqual(new Set(entries.map((one) => one.publisher)).size);
      expect(outlets).toBe(new Set(reports.map((one) => one.voice)).size);
      if (new Set(entries.map((one) => one.credit)).size === 1 && entries[0]!.credit !== undefined)
        expect(outlets).toBe(1);
      expect(incident!.confidence).toBe(outlets > 1 ? 'corroborated' : 'reported');
    }),
    { numRuns: 60 },
  );
});

test('a recording of one outlet that repeats others: its publisher is the outlet, whom it repeats is the credit', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-liars-'));
  const file = join(folder, 'items.jsonl');
  const line = (id: string, over: object) =>
    JSON.stringify({ id, publishedAt: '2026-02-06T10:00Z', title: id, source: 'Tabloid', ...over });
  await writeFile(
    file,
    [line('1', { derived_from: 'rbc' }), line('2', { derived_from: 'ft' }), line('3', {})].join('\n'),
  );
  const records = await readRecordings([file]);
  await rm(folder, { recursive: true });
  expect(records.map((one) => ('item' in one ? [one.item.publisher, one.voice] : null))).toEqual([
    ['Tabloid', 'rbc'],
    ['Tabloid', 'ft'],
    ['Tabloid', 'Tabloid'],
  ]);
});
