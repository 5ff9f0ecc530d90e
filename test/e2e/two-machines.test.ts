/** docs/deploy/two-machines.md walked through with two real clusters: there and back again, and nothing that was confirmed is lost or doubled. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { deps, NOW } from '../contract/store/samples.ts';
import { describeIf } from '../fakes/shared.ts';
import { PostgresPair, postgresPrograms } from './postgres-pair.ts';

const programs = postgresPrograms();
const COMMITS = 20;
const RELOAD = 'select pg_reload_conf()';

describeIf(programs, 'needs the programs of PostgreSQL (initdb)', 'two machines', () => {
  test('primary killed, standby promoted, the old primary back as standby, and once more the other way: every confirmed commit is there once', async () => {
    const pair = await PostgresPair.up(programs!);
    onTestFinished(() => pair.down());
    const both = () => [pair.primary, pair.standby];
    const alone = async (at: { port: number }) => {
      await pair.ask(at, "alter system set synchronous_standby_names = ''");
      await pair.ask(at, RELOAD);
    };
    const together = async () => {
      for (const one of both()) {
        await pair.ask(one, 'alter system reset synchronous_standby_names');
        await pair.ask(one, RELOAD);
      }
      await expect
        .poll(async () => (await pair.ask(pair.primary, 'select sync_state from pg_stat_replication')).rows, {
          timeout: 30_000,
        })
        .toEqual([{ sync_state: 'quorum' }]);
    };
    // As docs/deploy/postgresql.conf has it, on both.
    for (const { data } of both())
      appendFileSync(join(data, 'postgresql.conf'), "synchronous_standby_names = 'ANY 1 (*)'\n");
    await together();

    // The address is the same throughout: both name the first machine first.
    const { database } = pair;
    const confirmed: string[] = [];
    const write = async () => {
      const store = await openStore(database, deps);
      for (let i = 0; i < COMMITS; i++) {
        const key = `k${confirmed.length}`;
        await store.seen.add('two', [key], NOW);
        confirmed.push(key);
      }
      await store.close();
    };
    const kept = async () => {
      const { rows } = await pair.ask(pair.primary, "select key from seen where source_id = 'two'");
      return rows.map(({ key }: { key: string }) => key).toSorted();
    };
    const failOver = async (slot: string) => {
      await write();
      await pair.killPrimary();
      await pair.promote();
      await alone(pair.standby);
      await write();
      await pair.backAsStandby(slot);
      await together();
      expect(await kept()).toEqual(confirmed.toSorted());
    };

    await failOver('a');
    // What `-R` writes, as the page says it.
    const { data } = pair.standby;
    const own = readFileSync(join(data, 'postgresql.auto.conf'), 'utf8');
    expect(existsSync(join(data, 'standby.signal'))).toBe(true);
    expect(own).toMatch(/primary_conninfo = '.*password=typed/);
    expect(own).toContain("primary_slot_name = 'a'");

    await failOver('b');
    await write();
    expect(await kept()).toEqual(confirmed.toSorted());
    expect(confirmed).toHaveLength(5 * COMMITS);
  }, 240_000);
});
