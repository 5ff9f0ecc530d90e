import { expect, test } from 'vitest';
import type { ObservatoryView } from '../../../src/core/model/measurement.ts';
import { measurementOf } from '../../../src/sources/ioda/index.ts';

const NOW = Date.UTC(2026, 10, 28, 12);
const told = (signals: string[]) => {
  const view = { place: 'country/IR', name: 'Iran', says: 'cut' as const, since: NOW - 3_600_000, signals };
  const measurement = measurementOf('ioda', 'IR', view, NOW);
  return { ...(measurement.raw as ObservatoryView), detail: measurement.detail };
};

test.each([
  ['words that strangers know', ['bgp', 'ping-slash24'], ['BGP', 'ping']],
  ['two series of one way of looking: once', ['gtr', 'gtr-norm', 'bgp'], ['Google', 'BGP']],
  ['a new one: as it is', ['merit-nt'], ['merit-nt']],
  ['none', [], []],
])('signals, %s', (_name, signals, expected) => {
  expect(told(signals).signals).toEqual(expected);
  // For whoever checks it: as IODA calls them.
  expect(told(signals).detail).toBe(signals.join('+'));
});

test('routes that vanished: that is how', () => {
  expect(told(['bgp', 'gtr']).method).toBe('bgp');
  expect(told(['ping-slash24', 'gtr']).method).toBeNull();
});
