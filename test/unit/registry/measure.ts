/** Reads a register as the running bot does, in a process of its own, and prints what that costs: `node measure.ts URL…`; a line of JSON each time "go" comes in. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { loadServiceHosts } from '../../../src/config/catalogue.ts';
import { loadCatalogue } from '../../../src/config/lexicon.ts';
import type { Log } from '../../../src/core/ports/runtime.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createHttp } from '../../../src/platform/http.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { registrySchema } from '../../../src/sources/registry/config.ts';
import { createSource } from '../../../src/sources/registry/index.ts';

const urls = process.argv.slice(2);
const kept = new Map<string, string>();
const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
const hosts = loadServiceHosts(loadCatalogue());
const source = createSource(
  v.parse(registrySchema, { id: 'z-i', kind: 'registry', format: 'z-i', country: 'RU', urls }),
  {
    clock: systemClock,
    ids: createIds(systemClock),
    log,
    http: createHttp({ allowPrivateAddresses: true }).http,
    state: {
      get: async (key) => (kept.has(key) ? JSON.parse(kept.get(key)!) : undefined),
      set: async (key, value) => void kept.set(key, JSON.stringify(value)),
      delete: async (key) => void kept.delete(key),
    },
    cache: { get: async () => undefined, set: async () => true, delete: async () => true },
    serviceHosts: () => hosts,
  },
);

let peak = 0;
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 20).unref();

for await (const _line of createInterface(process.stdin)) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  peak = process.memoryUsage.rss();
  const before = peak;
  delay.enable();
  const began = performance.now();
  const result = await source.poll({ now: Date.now(), firstPoll: false, signal: new AbortController().signal });
  await result.commit?.();
  delay.disable();
  const facts = {
    statements: (result.statements ?? []).map(({ action, service }) => `${action} ${service}`),
    beforeMb: before / 1e6,
    peakMb: peak / 1e6,
    longestMs: delay.max / 1e6,
    ms: performance.now() - began,
    keptBytes: [...kept.values()].join('').length,
    kept: [...kept.values()].join('').match(/site-/)?.length ?? 0,
  };
  process.stdout.write(`${JSON.stringify(facts)}\n`);
}
