import * as v from 'valibot';
import { expect, test } from 'vitest';
import { GAP_MS, createEtiquette } from '../../../src/core/poll/etiquette.ts';
import type { Http } from '../../../src/core/ports/runtime.ts';
import type { PollResult, SourceDeps } from '../../../src/core/ports/source.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { iodaKind } from '../../../src/sources/ioda/config.ts';
import type { SourceKind } from '../../../src/sources/kind.ts';
import { ooniKind } from '../../../src/sources/ooni/config.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog as silent } from '../../fakes/fake-log.ts';

const COUNTRIES = Array.from(
  { length: 60 },
  (_, i) => `${String.fromCharCode(65 + (i % 26))}${String.fromCharCode(65 + Math.floor(i / 26))}`,
);
const SERVICES =
  'whatsapp telegram signal messenger tor psiphon facebook instagram x tiktok linkedin reddit snapchat pinterest vk youtube twitch vimeo netflix spotify roblox steam wikipedia medium github google discord viber zoom bbc dw meduza rferl voa aljazeera rt nytimes hrw paypal binance'.split(
    ' ',
  );
const EMPTY = new TextEncoder().encode(
  JSON.stringify({ v: 0, result: [], results: [], incidents: [], data: [], error: null }),
);

/** Polls on until a round is over, as the poller does; counts what reaches the host. */
// oxlint-disable-next-line typescript/no-explicit-any -- each kind has its own config type
async function round(kind: SourceKind<any>) {
  const clock = new FakeClock();
  const sent: { at: number; url: string }[] = [];
  const raw: Http = async ({ url }) => {
    sent.push({ at: clock.monotonic(), url });
    await clock.sleep(300);
    return { status: 200, url, headers: {}, body: EMPTY };
  };
  const kept = { get: async () => undefined, set: async () => true as never, delete: async () => false as never };
  const deps: SourceDeps = {
    clock,
    ids: createIds(clock),
    log: silent,
    http: createEtiquette({ clock, state: kept, log: silent })(raw),
    state: kept,
    cache: kept,
    serviceHosts: async () => ({ services: [], domainsOf: () => [], find: () => null }),
    followed: async () => ({ countries: COUNTRIES, services: SERVICES }),
  };
  const config = v.parse(kind.schema, { id: kind.kind, kind: kind.kind });
  const source = (await kind.load()).createSource(config, deps);
  const polls: number[] = [];
  for (let again = true; again;) {
    const began = clock.monotonic();
    let result: PollResult | null = null;
    const poll = source.poll({ now: clock.now(), firstPoll: false, signal: new AbortController().signal });
    void poll.then((one) => {
      result = one;
    });
    while (result === null) await clock.pass(1_000);
    polls.push(clock.monotonic() - began);
    again = (result as PollResult).again === true;
  }
  return { sent, polls };
}

test('OONI, 60 countries and 40 services: each pair once a round, one request at a time, no poll longer than the poller lets it be', async () => {
  const { sent, polls } = await round(ooniKind);
  expect(SERVICES).toHaveLength(40);
  const pairs = sent.filter(({ url }) => url.includes('/aggregation'));
  expect(pairs).toHaveLength(60 * 40);
  expect(new Set(pairs.map(({ url }) => url)).size).toBe(60 * 40);
  for (const [i, { at }] of sent.slice(1).entries()) expect(at - sent[i]!.at).toBeGreaterThanOrEqual(GAP_MS);
  expect(Math.max(...polls)).toBeLessThan(110_000);
});

test('IODA, 60 countries: the same', async () => {
  const { sent, polls } = await round(iodaKind);
  for (const [i, { at }] of sent.slice(1).entries()) expect(at - sent[i]!.at).toBeGreaterThanOrEqual(GAP_MS);
  expect(Math.max(...polls)).toBeLessThan(110_000);
  expect(sent.length).toBeLessThan(60);
});
