/** A database that goes away under the running program. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describePostgres } from '../contract/store/postgres.ts';
import { Program } from './program.ts';

const BASE = { accounts: [{ id: 'console', platform: 'console' }], sources: [], web: { listen: '127.0.0.1:0' } };
const ready = async (program: Program): Promise<[number, string]> => {
  const at = /web=(127\.0\.0\.1:\d+)/.exec(program.stderr)![1];
  const answer = await fetch(`http://${at}/readyz`);
  return [answer.status, await answer.text()];
};

describe.concurrent('SQLite', () => {
  test('the file is deleted: said at the next heartbeat in the log, in /status and in /readyz; the program goes on', async () => {
    const program = await Program.create({ ...BASE, database: 'tocsin.db' });
    await program.start();
    expect((await ready(program))[0]).toBe(200);
    const file = join(program.folder, 'tocsin.db');
    for (const name of [file, `${file}-wal`, `${file}-shm`]) rmSync(name, { force: true });
    await program.until(() => /ERROR.*was deleted/.test(program.stderr), 40_000, 'an error that says so');
    const [status, text] = await ready(program);
    expect([status, text]).toEqual([
      503,
      expect.stringContaining('the database is not the one that was opened: deleted'),
    ]);
    const from = program.stdout.length;
    program.type('ping');
    await program.until(() => /deleted or replaced/.test(program.stdout.slice(from)), 5_000, '/status says so');
    expect(existsSync(file)).toBe(false);
    expect(program.stderr.match(/was deleted/g)).toHaveLength(1);
    expect(await program.stop()).toBe(0);
    await program.remove();
  }, 60_000);

  test('a second bot by another name of the file: ends at once with the remedy', async () => {
    const program = await Program.create({ ...BASE, database: 'tocsin.db' });
    await program.start();
    const second = await Program.create({
      ...BASE,
      database: join(program.folder, '..', program.folder.split('/').at(-1)!, 'tocsin.db'),
    });
    await expect(second.start()).rejects.toThrow(/Another Tocsin is running/);
    await program.stop();
    await Promise.all([program.remove(), second.remove()]);
  }, 60_000);
});

describePostgres('PostgreSQL', ({ fresh }) => {
  test('a second process: it waits, says for what, and is ready to take over; when the first ends in order it does everything', async () => {
    const { database, drop } = await fresh();
    const [first, second] = await Promise.all([
      Program.create({ ...BASE, database }),
      Program.create({ ...BASE, database }),
    ]);
    await first.start();
    await second.start();
    expect(second.stderr).toMatch(/Ready.*holds=nothing waitsFor="ingest fanout receive\/console send\/console"/);
    expect(await ready(second)).toEqual([200, expect.stringContaining('"ready":true')]);
    const { stdout } = spawnSync(process.execPath, ['src/main.ts', 'status', '--config', second.configFile], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(
      /^Process .*: holds fanout \(since .*ingest .*receive\/console .*send\/console .*; waits for nothing\.$/m,
    );
    expect(stdout).toMatch(/^Process .*: holds nothing; waits for ingest, fanout, receive\/console, send\/console\.$/m);
    expect(await first.stop()).toBe(0);
    await second.until(() => /Roles.*holds="[^"]*ingest.*waitsFor=nothing/.test(second.stderr), 5_000, 'it does all');
    expect(await second.stop()).toBe(0);
    await Promise.all([first.remove(), second.remove()]);
    await drop();
  }, 60_000);
});
