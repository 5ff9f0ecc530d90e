import { describe, expect, test } from 'vitest';
import { sourceKinds } from '../../src/sources/index.ts';
import { hastyVantage } from '../unit/probe/hasty-vantage.ts';
import { globalpingEntry } from './source-globalping.ts';
import { iodaEntry } from './source-ioda.ts';
import { ooniEntry } from './source-ooni.ts';
import { probeEntry } from './source-probe.ts';
import { pushEntry } from './source-push.ts';
import { radarEntry } from './source-radar.ts';
import { registryEntry } from './source-registry.ts';
import { rssEntry } from './source-rss.ts';
import { searchEntry } from './source-search.ts';
import type { SourceEntry } from './source-world.ts';
import { sourceContract } from './source.suite.ts';

hastyVantage();

/** A new kind: one line here, and its entry beside this file. */
const entries: readonly SourceEntry[] = [
  rssEntry, //
  probeEntry,
  pushEntry,
  globalpingEntry,
  registryEntry,
  ooniEntry,
  iodaEntry,
  radarEntry,
  searchEntry,
];

test('every kind of the register: has its entry in this suite, once', () => {
  expect(entries.map((entry) => entry.kind.kind).sort()).toEqual(sourceKinds.map((kind) => kind.kind).sort());
  for (const entry of entries) expect(sourceKinds).toContain(entry.kind);
});

test('an entry without documents: says why', () => {
  const reasons = entries.flatMap(({ documents }) => ('none' in documents ? [documents.none] : []));
  expect(reasons.filter((reason) => reason.length < 40)).toEqual([]);
});

for (const entry of entries) describe(entry.kind.kind, () => sourceContract(entry));
