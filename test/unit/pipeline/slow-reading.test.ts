import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { Extraction, Item } from '../../../src/core/model/item.ts';
import type { Measurement } from '../../../src/core/model/measurement.ts';
import { createPipeline } from '../../../src/core/pipeline.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog as log } from '../../fakes/fake-log.ts';

const MINUTE = 60_000;
let store: Store;
afterEach(() => store.close());

const block: Extraction = {
  relevant: true,
  events: [{ action: 'block', countries: ['RU'], services: ['signal'] }],
  lang: 'en',
  credit: null,
};

/** A pipeline whose extractor hangs at the texts that are named until they are let go. */
async function world() {
  const clock = new FakeClock();
  const ids = createIds(clock);
  store = await openStore(':memory:', { clock, log, ids });
  const hanging = new Map<string, PromiseWithResolvers<void>>();
  const read: string[] = [];
  /** At the extractor. */
  const waiting: string[] = [];
  const extractor = {
    async extract({ title }: { title: string }): Promise<Extraction> {
      waiting.push(title);
      await hanging.get(title)?.promise;
      read.push(title);
      return block;
    },
  };
  const pipeline = createPipeline({ store, extractor, policy: DEFAULT_POLICY, clock, ids, log, wake: () => {} });
  const item = (title: string, sourceId = 'a', minutesAgo = 1): Item => ({
    sourceId,
    guid: title,
    url: null,
    title,
    summary: '',
    lang: 'en',
    publishedAt: clock.now() - minutesAgo * MINUTE,
    dated: true,
    publisher: sourceId,
    publisherName: sourceId,
    authority: false,
  });
  const round = (minute: number): Measurement => ({
    id: `m${minute}`,
    sourceId: 'probe',
    kind: 'probe',
    at: clock.now() + minute * MINUTE,
    probeCc: 'RU',
    probeAsn: 'AS64501',
    vantageId: 'own',
    target: 'whatsapp',
    component: null,
    verdict: 'sni_blocked',
    detail: 'rst',
    notes: [],
    raw: null,
  });
  const titles = async (): Promise<string[]> => {
    const [incident] = await store.incidents.list({ service: 'signal', limit: 1 });
    return incident ? (await store.reports.byIncident(incident.id, 100)).map((one) => one.title).toReversed() : [];
  };
  return { clock, pipeline, item, round, hanging, read, waiting, titles };
}

test('an extractor that hangs at an item: a measurement alerts meanwhile', async () => {
  const { pipeline, item, round, hanging } = await world();
  const hang = Promise.withResolvers<void>();
  hanging.set('A', hang);
  const items = pipeline.items('a', [item('A')], false);
  for (let minute = 0; minute < 4; minute++) await pipeline.measurements([round(minute)]);
  const [incident] = await store.incidents.list({ service: 'whatsapp', limit: 1 });
  expect(incident?.confidence).toBe('corroborated');
  expect(await store.broadcasts.nextDueAt()).not.toBeNull();
  hang.resolve();
  await items;
  expect(await store.incidents.list({ service: 'signal', limit: 5 })).toHaveLength(1);
});

test('an extractor that hangs at an item: other sources, a retraction and recorded items go on', async () => {
  const { pipeline, item, hanging, titles } = await world();
  const hang = Promise.withResolvers<void>();
  hanging.set('A', hang);
  const items = pipeline.items('a', [item('A')], false);
  const recorded = pipeline.recorded(item('A', 'c'), 'c', 'c');
  await pipeline.items('b', [item('B', 'b')], false);
  expect(await titles()).toEqual(['B']);
  const [incident] = await store.incidents.list({ limit: 1 });
  expect(await pipeline.retract(incident!.id, 'wrong')).toBe(true);
  hang.resolve();
  await Promise.all([items, recorded]);
});

test('two polls of one source, the first hangs: the second waits, and each item is read once, oldest first', async () => {
  const { pipeline, item, hanging, read, titles } = await world();
  const hang = Promise.withResolvers<void>();
  hanging.set('A', hang);
  const first = pipeline.items('a', [item('B', 'a', 2), item('A', 'a', 3)], false);
  const second = pipeline.items('a', [item('C', 'a', 1), item('B', 'a', 2), item('A', 'a', 3)], false);
  await pipeline.items('b', [item('Z', 'b')], false);
  expect(read).toEqual(['Z']);
  hang.resolve();
  await Promise.all([first, second]);
  expect(read).toEqual(['Z', 'A', 'B', 'C']);
  expect((await titles()).toSorted()).toEqual(['A', 'B', 'C', 'Z']);
});

test('a poll that fails: the next one of the same source is not held up, and reads its items again', async () => {
  const { pipeline, item, titles } = await world();
  const transaction = store.transaction;
  store.transaction = () => Promise.reject(new Error('killed'));
  await expect(pipeline.items('a', [item('A')], false)).rejects.toThrow('killed');
  store.transaction = transaction;
  await pipeline.items('a', [item('A')], false);
  expect(await titles()).toEqual(['A']);
});

test('twenty sources with ten texts each beside one with five: one text of each waits at the reader, and the one is done early', async () => {
  const { pipeline, item, hanging, read, waiting } = await world();
  const liars = Array.from({ length: 20 }, (_, n) => `liar${n}`);
  const texts = (id: string, count: number) =>
    Array.from({ length: count }, (_, n) => {
      hanging.set(`${id} ${n}`, Promise.withResolvers<void>());
      return item(`${id} ${n}`, id);
    });
  const batches = [...liars, 'honest'].map((id) => pipeline.items(id, texts(id, id === 'honest' ? 5 : 10), false));
  let most = 0;
  for (let weighed = 0; weighed < 20 * 10 + 5; weighed++) {
    // As the encoder does: the one that has waited longest.
    while (waiting.length === 0) await setImmediate();
    most = Math.max(most, waiting.length);
    hanging.get(waiting.shift()!)!.resolve();
  }
  await Promise.all(batches);
  expect(most).toBeLessThanOrEqual(21);
  expect(read.indexOf('honest 4')).toBeLessThan(6 * 21);
});
