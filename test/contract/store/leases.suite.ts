import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SharedStore, LeaseTerm } from '../../../src/core/ports/leases.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { incident, NOW } from './samples.ts';

const lost = { code: 'lease_lost', facts: { lease: 'ingest' } };

/** Every kind of write, each of which a term that is over refuses. */
const writes: Record<string, (store: Store) => Promise<unknown>> = {
  'a single write': (store) => store.incidents.insert(incident({ id: 'late' })),
  'a transaction': (store) => store.transaction((tables) => tables.incidents.insert(incident({ id: 'late' }))),
  'a state': (store) => store.state('x').set('a', 1),
  'the state of sources': (store) => store.sourceStates.setMany([{ id: 'feed', state: {} as never }]),
  rows: (store) => store.rows('x').write([{ bucket: 'a', key: 'late', value: new Uint8Array([1]) }]),
  'a post': (store) => store.posts.put('lane', 'late', NOW),
};

/** What holds wherever a store is, for one process. */
export function leasesSuite(open: () => SharedStore): void {
  const take = async (): Promise<LeaseTerm> => {
    const [term] = await open().leases.take(['ingest']);
    return term!;
  };

  test('a free lease: taken at once, valid, on the board; a second time it is left out', async () => {
    const { leases } = open();
    const taken = await leases.take(['ingest', 'send/a']);
    expect(taken.map(({ name }) => name)).toEqual(['ingest', 'send/a']);
    expect(taken.every((term) => term.valid() && !term.signal.aborted && term.epoch > 0)).toBe(true);
    expect((await leases.take(['fanout', 'ingest'])).map(({ name }) => name)).toEqual(['fanout']);
    const board = await leases.list();
    expect(board.leases.map(({ name }) => name).sort()).toEqual(['fanout', 'ingest', 'send/a']);
    expect(board.leases.every(({ processId, endsIn }) => processId === leases.processId && endsIn > 0)).toBe(true);
    for (const term of taken) await term.release();
  });

  test('released: over at once, free again, and the next tenure has a higher epoch', async () => {
    const first = await take();
    await first.release();
    await first.release();
    expect([first.valid(), first.signal.aborted]).toEqual([false, true]);
    expect((await open().leases.list()).leases).toEqual([]);
    const second = await take();
    expect(second.epoch).toBeGreaterThan(first.epoch);
    expect(second.valid()).toBe(true);
  });

  test('under a tenure: its store writes and reads as the store does', async () => {
    const { store } = await take();
    await store.transaction((tables) => tables.incidents.insert(incident()));
    await store.seen.add('feed', ['k'], NOW);
    await store.cache('c').set('a', 1, null);
    expect(await open().incidents.get('RU-whatsapp-3f9k')).toEqual(incident());
    expect(await store.seen.known('feed', ['k'])).toEqual(new Set(['k']));
    expect(await open().cache('c').get('a')).toBe(1);
  });

  test.each(Object.keys(writes))(
    'after a tenure, %s: refused as lease_lost, nothing stays; reads go on',
    async (name) => {
      const term = await take();
      await term.release();
      await expect(writes[name]!(term.store)).rejects.toMatchObject(lost);
      expect(await term.store.incidents.list({ limit: 5 })).toEqual([]);
      expect(await term.store.posts.oldest(5)).toEqual([]);
      expect(await term.store.state('x').get('a')).toBeUndefined();
      expect(await term.store.cache('x').set('a', 1, null)).toBe(false);
    },
  );

  test('a tenure that ends while its transaction works: nothing of that stays', async () => {
    const term = await take();
    const half = term.store.transaction(async (tables) => {
      await tables.incidents.insert(incident());
      void term.release();
    });
    await expect(half).rejects.toMatchObject(lost);
    expect(await open().incidents.list({ limit: 5 })).toEqual([]);
  });

  test('who joins is on the board, with what it does and waits for', async () => {
    const { leases } = open();
    await leases.join({ roles: ['ingest', 'web'], waitsFor: ['ingest'] });
    await leases.join({ roles: ['ingest', 'web'], waitsFor: [] });
    const { processes } = await leases.list();
    expect(processes).toEqual([
      {
        id: leases.processId,
        label: expect.stringMatching(/:\d+$/),
        roles: ['ingest', 'web'],
        waitsFor: [],
        startedAt: expect.any(Number),
        seenAt: expect.any(Number),
      },
    ]);
  });

  test('told in this process: heard once for each who hears it, until the signal aborts', () => {
    const { bus } = open();
    const end = new AbortController();
    const [heard, other] = [vi.fn(), vi.fn()];
    bus.hear('outbox', heard, end.signal);
    bus.hear('outbox', heard, end.signal);
    bus.hear('posts', other, end.signal);
    bus.tell('outbox');
    expect(heard).toHaveBeenCalledTimes(2);
    end.abort();
    bus.hear('outbox', heard, end.signal);
    bus.tell('outbox');
    expect([heard.mock.calls.length, other.mock.calls.length]).toEqual([2, 0]);
  });

  describe('posts', () => {
    test('come back in the order of writing, as they were, until they are done', async () => {
      const { posts } = open();
      await posts.put('agent/a', { text: 'б\u0000"', list: [1, null] }, NOW);
      await posts.put('agent/b', null, NOW - 1);
      await posts.put('agent/a', 'third', NOW + 1);
      const all = await posts.oldest(10);
      expect(all.map(({ lane, at }) => [lane, at])).toEqual([
        ['agent/a', NOW],
        ['agent/b', NOW - 1],
        ['agent/a', NOW + 1],
      ]);
      expect(all[0]!.post).toEqual({ text: 'б\u0000"', list: [1, null] });
      expect(await posts.oldest(1)).toEqual(all.slice(0, 1));
      await posts.done([all[0]!.id, all[2]!.id, 4_711]);
      expect(await posts.oldest(10)).toEqual([all[1]]);
    });

    test('done in a transaction that fails: still there', async () => {
      const store = open();
      await store.posts.put('a', 1, NOW);
      const [post] = await store.posts.oldest(1);
      const failed = store.transaction(async ({ posts }) => {
        await posts.done([post!.id]);
        throw new Error('no');
      });
      await expect(failed).rejects.toThrow('no');
      expect(await store.posts.oldest(5)).toEqual([post]);
    });

    test('larger than a mebibyte: refused with its size', async () => {
      const put = open().posts.put('a', 'x'.repeat(1_048_576), NOW);
      await expect(put).rejects.toMatchObject({ code: 'internal', facts: { bytes: 1_048_578 } });
    });

    test('nobody takes them: two hundred of a lane wait, more are refused, and other lanes are not full', async () => {
      const { posts } = open();
      for (let n = 0; n < 200; n++) await posts.put('a', n, NOW);
      await expect(posts.put('a', 'more', NOW)).rejects.toMatchObject({ code: 'store_failed' });
      await posts.put('b', 1, NOW);
      await posts.done([(await posts.oldest(1))[0]!.id]);
      await posts.put('a', 'room', NOW);
    });

    test('a month old: pruned', async () => {
      const store = open();
      await store.posts.put('a', 1, NOW - 31 * 86_400_000);
      await store.posts.put('a', 2, NOW - 29 * 86_400_000);
      await store.prune(NOW);
      expect((await store.posts.oldest(5)).map(({ post }) => post)).toEqual([2]);
    });
  });
}

export interface SharedWorld {
  /** Two processes on one database. */
  a: SharedStore;
  b: SharedStore;
  /** The first renews nothing for longer than a lease lives. */
  silence(): Promise<void>;
  close(): Promise<void>;
}

/** What several processes on one database agree on. */
export function sharedLeasesSuite(make: () => Promise<SharedWorld>): void {
  let world: SharedWorld;
  beforeEach(async () => {
    world = await make();
  });
  afterEach(() => world.close());
  const names = (terms: LeaseTerm[]) => terms.map(({ name }) => name);

  test('two want the same at once: each goes to one of them', async () => {
    const { a, b } = world;
    const wanted = ['ingest', 'fanout', 'send/x', 'send/y'] as const;
    const [mine, yours] = await Promise.all([a.leases.take(wanted), b.leases.take(wanted)]);
    expect([...names(mine), ...names(yours)].sort()).toEqual([...wanted].sort());
    expect((await b.leases.list()).leases.length).toBe(4);
    expect(a.leases.processId).not.toBe(b.leases.processId);
  });

  test('released: the other hears of it and takes it, with a higher epoch', async () => {
    const { a, b } = world;
    const [first] = await a.leases.take(['ingest']);
    expect(await b.leases.take(['ingest'])).toEqual([]);
    const heard = vi.fn();
    b.bus.hear('leases', heard, new AbortController().signal);
    await first!.release();
    await vi.waitFor(() => expect(heard).toHaveBeenCalled(), 5_000);
    const [second] = await b.leases.take(['ingest']);
    expect(second!.epoch).toBeGreaterThan(first!.epoch);
  });

  test('not renewed in time: the other takes it, and the first can write nothing under it any more', async () => {
    const { a, b } = world;
    const [stale] = await a.leases.take(['ingest']);
    await world.silence();
    const [fresh] = await b.leases.take(['ingest']);
    expect(fresh!.epoch).toBe(stale!.epoch + 1);
    await fresh!.store.incidents.insert(incident({ id: 'fresh' }));
    for (const write of Object.values(writes)) await expect(write(stale!.store)).rejects.toMatchObject(lost);
    expect((await a.incidents.list({ limit: 5 })).map(({ id }) => id)).toEqual(['fresh']);
    expect(await a.posts.oldest(5)).toEqual([]);
    await vi.waitFor(() => expect([stale!.signal.aborted, stale!.valid()]).toEqual([true, false]), 10_000);
    expect(fresh!.valid()).toBe(true);
  });

  test('told: heard by the other process, too', async () => {
    const { a, b } = world;
    const heard = vi.fn();
    b.bus.hear('posts', heard, new AbortController().signal);
    a.bus.tell('posts');
    await vi.waitFor(() => expect(heard).toHaveBeenCalled(), 5_000);
  });

  test('both are on the board; who ends in order is not', async () => {
    const { a, b } = world;
    await a.leases.join({ roles: ['ingest'], waitsFor: [] });
    await b.leases.join({ roles: ['bot', 'web'], waitsFor: ['receive/x'] });
    await a.leases.take(['ingest']);
    const { processes } = await b.leases.list();
    expect(processes.map(({ roles, waitsFor }) => `${roles} waits for ${waitsFor}`).sort()).toEqual([
      'bot,web waits for receive/x',
      'ingest waits for ',
    ]);
    await a.close();
    const after = await b.leases.list();
    expect([after.processes.length, after.leases.length]).toEqual([1, 0]);
  });
}
