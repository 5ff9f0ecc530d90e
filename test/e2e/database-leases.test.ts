/** Processes that share one PostgreSQL, while they are stopped, cut off and killed, and while its primary dies: what each says that it wrote is there, once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { describePostgres } from '../contract/store/postgres.ts';
import { deps } from '../contract/store/samples.ts';
import { BlackHole } from '../fakes/black-hole.ts';
import { describeIf } from '../fakes/shared.ts';
import { PostgresPair, postgresPrograms } from './postgres-pair.ts';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

class Writer {
  readonly lines: { at: number; text: string }[] = [];
  readonly child: ChildProcess;

  constructor(database: string, name: string) {
    this.child = spawn(process.execPath, [join(import.meta.dirname, 'lease-writer.ts'), database, name], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: this.child.stdout! }).on('line', (text) => this.lines.push({ at: Date.now(), text }));
    onTestFinished(() => this.end());
  }

  /** Keys of which it said so, or how often. */
  said(word: string, since = 0): string[] {
    return this.lines
      .filter(({ at, text }) => at >= since && text.startsWith(`${word} `))
      .map(({ text }) => text.split(' ')[1]!);
  }

  async writes(since: number, more = 3, within = 30_000): Promise<number> {
    await vi.waitFor(() => expect(this.said('wrote', since).length).toBeGreaterThan(more), {
      timeout: within,
      interval: 50,
    });
    return this.lines.find(({ at, text }) => at >= since && text.startsWith('wrote '))!.at - since;
  }

  async ready(): Promise<void> {
    await vi.waitFor(() => expect(this.lines.map(({ text }) => text)).toContain('ready'), 30_000);
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

/** One of which nobody heard before its process was killed may be there, or not. */
async function assertExact(database: string, writers: Writer[]): Promise<number> {
  await Promise.all(writers.map((one) => one.end()));
  const store = await openStore(database, deps, { shared: true });
  const all = writers.flatMap(({ lines }) =>
    lines.flatMap(({ text }) => /^(?:wrote|lost|failed) (\S+)/.exec(text)?.[1] ?? []),
  );
  const last = writers.flatMap((one) => {
    const count = one.lines.filter(({ text }) => /^(wrote|lost|failed) /.test(text)).length;
    const name = one.child.spawnargs.at(-1)!;
    return [`${name}-${count + 1}`];
  });
  const known = await store.seen.known('w', [...all, ...last]);
  const sum = Number(await store.state('sum').get('n'));
  await store.close();
  const wrote = writers.flatMap((one) => one.said('wrote'));
  expect(wrote.filter((key) => !known.has(key))).toEqual([]);
  const refused = writers.flatMap((one) => [...one.said('lost'), ...one.said('failed')]);
  expect(refused.filter((key) => known.has(key))).toEqual([]);
  expect(sum).toBe(known.size);
  return sum;
}

describePostgres('several processes on PostgreSQL', ({ fresh }) => {
  test('the holder is stopped in the middle of its work, and wakes when it was replaced: takeover < 10 s, nothing stale is written', async () => {
    const { database, drop } = await fresh();
    const writers = [new Writer(database, 'a')];
    await writers[0]!.writes(0);
    writers.push(new Writer(database, 'b'));
    await writers[1]!.ready();
    let [holder, other] = writers as [Writer, Writer];
    for (let round = 0; round < 2; round++) {
      holder.child.kill('SIGSTOP');
      const stopped = Date.now();
      expect(await other.writes(stopped)).toBeLessThan(10_000);
      holder.child.kill('SIGCONT');
      const woken = Date.now();
      await pause(2_000);
      expect(holder.said('wrote', woken + 100)).toEqual([]);
      expect(other.said('wrote', woken).length).toBeGreaterThan(10);
      [holder, other] = [other, holder];
    }
    expect(await assertExact(database, writers)).toBeGreaterThan(50);
    await drop();
  }, 120_000);

  test('the holder is cut off for 12 s and hears then all that was held back: takeover < 10 s, sums exact', async () => {
    const { database, drop } = await fresh();
    const url = new URL(database);
    const hole = await BlackHole.before(Number(url.port || 5432));
    onTestFinished(() => hole.close());
    url.port = String(hole.port);
    const cut = new Writer(url.href, 'cut');
    await cut.writes(0);
    const other = new Writer(database, 'other');
    await other.ready();
    hole.cut();
    const began = Date.now();
    expect(await other.writes(began)).toBeLessThan(10_000);
    // Cut off at a commit, it asks what became of that until somebody answers; else it is over by itself.
    const atCommit = () => cut.lines.at(-1)!.text.startsWith('commits ');
    const over = () =>
      expect(
        cut.lines
          .map(({ text, at }) => `${at - began} ${text}`)
          .slice(-4)
          .join('\n'),
      ).toMatch(/ over$/m);
    if (!atCommit()) await vi.waitFor(over, 10_000);
    await pause(Math.max(0, began + 12_000 - Date.now()));
    const inDoubt = atCommit() ? cut.said('commits').at(-1) : null;
    hole.heal();
    const healed = Date.now();
    await pause(2_000);
    await vi.waitFor(over, 10_000);
    expect(cut.said('wrote', healed).filter((key) => key !== inDoubt)).toEqual([]);
    await other.end();
    expect(await cut.writes(healed)).toBeLessThan(12_000);
    await assertExact(database, [cut, other]);
    await drop();
  }, 120_000);

  test('a hundred cuts at random with two writers: each transaction once, or not at all, as it was said', async () => {
    const { database, drop } = await fresh();
    const name = `rand_${process.pid}`;
    const url = new URL(database);
    url.searchParams.set('application_name', name);
    const writers = [new Writer(url.href, 'a'), new Writer(url.href, 'b')];
    await Promise.all(writers.map((one) => one.ready()));
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    let cuts = 0;
    while (cuts < 100) {
      const { rowCount } = await client.query(
        'select pg_terminate_backend(pid) from (select pid from pg_stat_activity where application_name = $1 order by random() limit 1) as one',
        [name],
      );
      cuts += rowCount ?? 0;
      await pause(Math.random() * 60);
    }
    await client.end();
    const after = Date.now();
    await vi.waitFor(() => expect(writers.some((one) => one.said('wrote', after).length > 5)).toBe(true), 20_000);
    expect(await assertExact(database, writers)).toBeGreaterThan(20);
    await drop();
  }, 120_000);
});

const programs = postgresPrograms();

describeIf(programs, 'needs the programs of PostgreSQL (initdb)', 'a primary and a synchronous standby', () => {
  test.each([1, 2])(
    'the primary is killed in the middle of commits, the standby promoted (%i): nothing lost, nothing twice, again < 15 s',
    async () => {
      const pair = await PostgresPair.up(programs!);
      onTestFinished(() => pair.down());
      const writers = [new Writer(pair.database, 'a'), new Writer(pair.database, 'b')];
      await vi.waitFor(() => expect(writers.some((one) => one.said('wrote').length > 20)).toBe(true), 30_000);
      await pause(Math.random() * 200);
      await pair.killPrimary();
      await pause(1_000);
      await pair.promote();
      const promoted = Date.now();
      await Promise.any(writers.map((one) => one.writes(promoted, 5, 20_000)));
      expect(Date.now() - promoted).toBeLessThan(15_000);
      await pause(1_000);
      await assertExact(pair.database, writers);
    },
    120_000,
  );
});
