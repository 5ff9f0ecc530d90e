import { describe, expect, test } from 'vitest';
import { TocsinError, wasLogged } from '../../../src/core/errors.ts';
import type { SharedStore } from '../../../src/core/ports/leases.ts';
import type { Log, LogFields } from '../../../src/core/ports/runtime.ts';
import { watchStore } from '../../../src/store/watch.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const full = () => new TocsinError('store_failed', 'The database could not …', { reason: 'disk full' });

function world() {
  const clock = new FakeClock(0);
  const lines: string[] = [];
  const note =
    (level: string) =>
    (message: string, fields?: LogFields): void =>
      void lines.push(`${level} ${message} ${fields?.reason ?? ''}`.trim());
  const log: Log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
    child: () => log,
  };
  let failure: TocsinError | null = null;
  const work = async () => {
    if (failure) throw failure;
    return 1;
  };
  const inner = {
    transaction: work,
    chats: { get: work, update: work },
    state: () => ({ get: work, set: work, delete: work }),
    cache: () => ({}),
    leases: { processId: 'p', take: async () => [{ name: 'ingest', store: inner }], list: work, join: work },
    dump: () => 'dump',
    restore: work,
    digest: work,
    prune: work,
    close: async () => undefined,
  } as unknown as SharedStore;
  const { store, failing } = watchStore(inner, { clock, log });
  const fail = (error: TocsinError | null): void => {
    failure = error;
  };
  return { clock, lines, store, failing, fail };
}
const caught = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('the store tells of its own failures', () => {
  test('many calls fail: one line, and each error is known as logged', async () => {
    const { lines, store, failing, fail } = world();
    fail(full());
    for (const work of [
      () => store.chats.get(1),
      () => store.transaction(async () => 1),
      () => store.state('x').set('a', 1),
    ])
      expect(wasLogged(await caught(work()))).toBe(true);
    expect(lines).toEqual(['error The database fails; nothing is lost, and it is tried again disk full']);
    expect(failing()).toBe(true);
  });

  test('it writes again after some calm: one line; a read, or a lucky write at once, proves nothing', async () => {
    const { clock, lines, store, failing, fail } = world();
    fail(full());
    await caught(store.chats.update(1, {}));
    fail(null);
    await store.chats.update(1, {});
    expect(failing()).toBe(true);
    await clock.pass(6_000);
    await store.chats.get(1);
    expect(failing()).toBe(true);
    await store.state('app').set('heartbeat', 1);
    await store.state('app').set('heartbeat', 1);
    expect(failing()).toBe(false);
    expect(lines.slice(1)).toEqual(['info The database works again']);
  });

  test('what is our own mistake is left to the caller', async () => {
    const { lines, store, failing, fail } = world();
    for (const error of [
      new TocsinError('store_failed', 'twice', { reason: 'a rule of the schema was broken' }),
      new TocsinError('internal', 'no'),
    ]) {
      fail(error);
      expect(wasLogged(await caught(store.chats.update(1, {})))).toBe(false);
    }
    expect([lines, failing()]).toEqual([[], false]);
  });

  test('what is done under a lease fails: told like any other, once for both', async () => {
    const { lines, store, fail } = world();
    const [tenure] = await store.leases.take(['ingest']);
    fail(full());
    for (const work of [() => tenure!.store.chats.get(1), () => store.chats.get(1), () => store.leases.list()])
      expect(wasLogged(await caught(work()))).toBe(true);
    expect(lines).toHaveLength(1);
  });

  test('a lease that is lost: no failure of the database, and whoever held it has told', async () => {
    const { lines, store, failing, fail } = world();
    fail(new TocsinError('lease_lost', 'This process does not hold "ingest" any more: nothing was written.'));
    expect(wasLogged(await caught(store.transaction(async () => 1)))).toBe(true);
    expect([lines, failing()]).toEqual([[], false]);
  });
});
