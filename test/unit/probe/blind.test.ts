/** Does a scheduled probe say when it sees nothing? */
import { expect, test } from 'vitest';
import { probeEntry } from '../../contract/source-probe.ts';
import { openWorld } from '../../contract/source-world.ts';
import { hastyVantage } from './hasty-vantage.ts';

hastyVantage();

test('a vantage point that is offline: its poll succeeds, and it sees nothing', async () => {
  const world = await openWorld(probeEntry);
  expect(world.source.isBlind?.()).toBe(false);
  const { measurements } = await world.poll();
  expect(measurements.map(({ verdict }) => verdict)).toContain('vantage_offline');
  expect(world.source.isBlind?.()).toBe(true);
});
