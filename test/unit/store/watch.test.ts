import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TocsinError, wasLogged } from '../../../src/core/errors.ts';
import type { Clock, Log, LogFields } from '../../../src/core/ports/runtime.ts';
import { watchStore } from '../../../src/store/alone.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps, incident } from '../../contract/store/samples.ts';
import { tempDir } from '../../contract/store/sqlite-parts.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

function collected(): Log & { lines: string[] } {
  const lines: string[] = [];
  const note =
    (level: string) =>
    (message: string, fields?: LogFields): void =>
      void lines.push(`${level} ${message} ${fields?.reason ?? ''}`.trim());
  const log = {
    lines,
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
    child: () => log,
  };
  return log;
}

async function world() {
  const clock = new FakeClock(0);
  const { lines, ...log } = collected();
  const watch = watchStore({ clock, log });
  const file = join(tempDir(), 'tocsin.db');
  // SQLite waits a real tenth of a second at each try: a few tries will do.
  const hasty: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => clock.sleep(ms * 40, signal),
  };
  const store = await openStore(file, { ...deps, clock: hasty, watch });
  onTestFinished(() => store.close());
  watch.begin();
  /** Another program holds the file: each write waits for it in vain. */
  const other = new DatabaseSync(file);
  onTestFinished(() => other.close());
  const fail = (): void => other.exec('begin immediate');
  const mend = (): void => other.exec('rollback');
  return { clock, lines, store, failing: watch.failing, fail, mend };
}
/** Lets the time of a waiting store pass. */
const pass = async (clock: FakeClock, work: Promise<unknown>): Promise<unknown> => {
  const error = caught(work);
  for (let i = 0; i < 200 && !(await settled(error)); i++) await clock.pass(2_500);
  return await error;
};
const settled = (work: Promise<unknown>) => Promise.race([work.then(() => true), setImmediate(false)]);
const caught = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('the store tells of its own failures', () => {
  test('many calls fail: one line, and each error is known as logged', async () => {
    const { clock, lines, store, failing, fail } = await world();
    fail();
    for (const work of [
      () => store.chats.rewind(1),
      () => store.transaction(async () => 1),
      () => store.state('x').set('a', 1),
    ])
      expect(wasLogged(await pass(clock, work()))).toBe(true);
    expect(lines).toEqual([
      'error The database fails; nothing is lost, and it is tried again locked by another program',
    ]);
    expect(failing()).toBe(true);
  });

  test('it writes again after some calm: one line; a read, or a lucky write at once, proves nothing', async () => {
    const { clock, lines, store, failing, fail, mend } = await world();
    fail();
    await pass(clock, store.chats.rewind(1));
    mend();
    await store.state('app').set('heartbeat', 0);
    expect(failing()).toBe(true);
    await clock.pass(6_000);
    await store.chats.get(1);
    await store.transaction((tables) => tables.chats.get(1));
    expect(failing()).toBe(true);
    await store.state('app').set('heartbeat', 1);
    await store.transaction((tables) => tables.state('app').set('heartbeat', 2));
    expect(failing()).toBe(false);
    expect(lines.slice(1)).toEqual(['info The database works again']);
  });

  test('what is our own mistake is left to the caller', async () => {
    const { lines, store, failing } = await world();
    await store.incidents.insert(incident());
    expect(wasLogged(await caught(store.incidents.insert(incident())))).toBe(false);
    const inside = store.transaction(async () => store.chats.get(1));
    expect(wasLogged(await caught(inside))).toBe(false);
    expect([lines, failing()]).toEqual([[], false]);
  });

  test('what is done under a lease fails: told like any other, once for both', async () => {
    const { clock, lines, store, fail } = await world();
    const [term] = await store.leases.take(['ingest']);
    fail();
    for (const work of [() => term!.store.chats.rewind(1), () => store.chats.rewind(1)])
      expect(wasLogged(await pass(clock, work()))).toBe(true);
    expect(lines).toHaveLength(1);
  });

  test('a lease that is lost: no failure of the database, and whoever held it has told', async () => {
    const { lines, store, failing } = await world();
    const [term] = await store.leases.take(['ingest']);
    await term!.release();
    expect(wasLogged(await caught(term!.store.transaction(async () => 1)))).toBe(true);
    expect([lines, failing()]).toEqual([[], false]);
  });

  test('until the start is over whoever starts tells', async () => {
    const { lines, ...log } = collected();
    const watch = watchStore({ clock: new FakeClock(0), log });
    const error = new TocsinError('store_failed', 'The database could not …', { reason: 'disk full' });
    watch.failed(error);
    expect([lines, watch.failing(), wasLogged(error)]).toEqual([[], false, false]);
  });
});
