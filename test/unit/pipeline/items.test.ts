import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { Extraction, Item } from '../../../src/core/model/item.ts';
import { createPipeline } from '../../../src/core/pipeline.ts';
import type { Extractor } from '../../../src/core/ports/reading.ts';
import type { Log } from '../../../src/core/ports/runtime.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const HOUR = 3_600_000;
let store: Store;
afterEach(() => store.close());

const block: Extraction = {
  relevant: true,
  events: [{ action: 'block', countries: ['RU'], services: ['whatsapp'] }],
  lang: 'en',
  credit: null,
};

/** A pipeline whose extractor finds a block in every text, unless asked to fail. */
async function world() {
  const clock = new FakeClock();
  const ids = createIds(clock);
  const lines: string[] = [];
  const log: Log = {
    debug() {},
    info() {},
    warn: (message) => void lines.push(message),
    error: (message) => void lines.push(message),
    child: () => log,
  };
  store = await openStore(':memory:', { clock, log, ids });
  const state = { fails: (_title: string): boolean => false, seconds: [] as string[] };
  const extractor: Extractor = {
    extract: async ({ title }, more) => {
      if (state.fails(title)) throw new Error('boom');
      if (await more?.corroborates?.({ country: 'RU', service: 'whatsapp', action: 'block' }))
        state.seconds.push(title);
      return block;
    },
  };
  const pipeline = createPipeline({ store, extractor, policy: DEFAULT_POLICY, clock, ids, log, wake: () => undefined });
  const item = (title: string, over: Partial<Item> = {}): Item => ({
    sourceId: 'a',
    guid: title,
    url: `https://example.org/${encodeURIComponent(title)}`,
    title,
    summary: '',
    lang: 'en',
    publishedAt: clock.now() - HOUR,
    dated: true,
    publisher: 'a',
    publisherName: 'A',
    authority: false,
    ...over,
  });
  const reports = async (): Promise<number> => {
    const [incident] = await store.incidents.list({ limit: 10 });
    return incident ? (await store.reports.byIncident(incident.id, 100)).length : 0;
  };
  return { clock, pipeline, item, reports, lines, state };
}

describe('items of a poll', () => {
  test('one text that the extractor fails at: the others go on, one line, read once the extractor can', async () => {
    const { pipeline, item, reports, lines, state } = await world();
    state.fails = (title) => title === 'bad';
    for (let poll = 0; poll < 3; poll++) await pipeline.items('a', [item('one'), item('bad'), item('two')], false);
    expect(await reports()).toBe(2);
    expect(lines).toEqual(['Unable to make sense of an item; it is passed over']);
    state.fails = () => false;
    await pipeline.items('a', [item('one'), item('bad'), item('two')], false);
    expect(await reports()).toBe(3);
  });

  test('what one outlet reported: the next outlet hears that its word is the second, the first one and the third do not', async () => {
    const { pipeline, item, state } = await world();
    const by = (publisher: string, title: string) =>
      item(title, { sourceId: publisher, publisher, publisherName: publisher });
    await pipeline.items('a', [by('a', 'WhatsApp is blocked in Russia')], false);
    await pipeline.items('a', [by('a', 'A day without the messenger')], false);
    expect(state.seconds).toEqual([]);
    await pipeline.items('b', [by('b', 'Roskomnadzor cuts off an app of Meta')], false);
    await pipeline.items('c', [by('c', 'Russians look for ways around the ban')], false);
    expect(state.seconds).toEqual(['Roskomnadzor cuts off an app of Meta']);
  });

  test('first poll: what is older than the window, or has no date, is only remembered', async () => {
    const { pipeline, item, reports, clock } = await world();
    const items = [
      item('new'),
      item('old', { publishedAt: clock.now() - DEFAULT_POLICY.firstPollWindow - 1 }),
      item('undated', { dated: false }),
    ];
    await pipeline.items('a', items, true);
    expect(await reports()).toBe(1);
    await pipeline.items('a', items, false);
    expect(await reports()).toBe(1);
  });

  test('seen items under new guids, dates or addresses: nothing', async () => {
    const { pipeline, item, reports, clock } = await world();
    await pipeline.items('a', [item('one')], false);
    await pipeline.items('a', [item('one', { guid: 'other', url: null, publishedAt: clock.now() })], false);
    await pipeline.items('a', [item('one, in other words', { guid: 'one' })], false);
    await pipeline.items('a', [item('one, again', { url: 'https://example.org/one' })], false);
    expect(await reports()).toBe(1);
  });

  const seenRows = async (): Promise<number> => (await store.digest()).find(({ table }) => table === 'seen')!.rows;

  test.each([
    ['guids', (poll: number, i: number) => ({ guid: `${poll}-${i}` })],
    ['addresses', (poll: number, i: number) => ({ url: `https://example.org/${i}?t=${poll}`, guid: null })],
    [
      'guids and addresses',
      (poll: number, i: number) => ({ url: `https://example.org/${poll}/${i}`, guid: `${poll}-${i}` }),
    ],
    ['summaries', (poll: number, i: number) => ({ guid: `${i}`, summary: `${poll} minutes ago` })],
  ])('the same twenty items with ever-new %s: told once, and what is remembered does not grow', async (_name, over) => {
    const { pipeline, item, clock } = await world();
    const fetch = (poll: number) => Array.from({ length: 20 }, (_, i) => item(`n${i}`, over(poll, i)));
    await pipeline.items('a', fetch(0), false);
    const reports = (await store.reports.byIncident((await store.incidents.list({ limit: 1 }))[0]!.id, 100)).length;
    await pipeline.items('a', fetch(1), false);
    const rows = await seenRows();
    for (let poll = 2; poll < 100; poll++) {
      await clock.pass(5 * 60_000);
      await pipeline.items('a', fetch(poll), false);
    }
    expect((await store.reports.byIncident((await store.incidents.list({ limit: 1 }))[0]!.id, 100)).length).toBe(
      reports,
    );
    expect(await seenRows()).toBe(rows);
  });

  test('killed between an item and its copy of the same fetch: the item is not lost', async () => {
    const { pipeline, item, reports } = await world();
    const transaction = store.transaction;
    store.transaction = () => Promise.reject(new Error('killed'));
    const fetch = [item('one'), item('one', { guid: 'copy', url: 'https://example.org/copy' })];
    await expect(pipeline.items('a', fetch, false)).rejects.toThrow('killed');
    store.transaction = transaction;
    await pipeline.items('a', fetch, false);
    expect(await reports()).toBe(1);
  });
});
