import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { deps, incident } from './samples.ts';
import { tempDir } from './sqlite-parts.ts';

const failure = (work: Promise<unknown>): Promise<{ code?: string; message: string }> =>
  work.then(
    () => ({ message: 'no failure' }),
    (error: Error) => error,
  );
/** A way to something that stands there, made; its path. */
const linked = (to: string, at: string, make: (to: string, at: string) => void = symlinkSync): string => {
  make(to, at);
  return at;
};
const writtenFile = (at: string): string => {
  writeFileSync(at, 'x');
  return at;
};
/** All that can be seen of a folder: names, modes, sizes, times, contents. */
const picture = (folder: string) =>
  readdirSync(folder)
    .toSorted()
    .map((name) => {
      const stat = lstatSync(join(folder, name));
      const content = stat.isFile() && (stat.mode & 0o400) !== 0 ? readFileSync(join(folder, name), 'hex') : null;
      return [name, stat.mode, stat.size, stat.mtimeMs, stat.ino, content];
    });

describe('two bots on one file', () => {
  const ways: [string, (file: string, dir: string) => string][] = [
    ['a symbolic link', (file, dir) => linked(file, join(dir, 'link.db'))],
    [
      'a link to a link',
      (file, dir) => {
        symlinkSync(basename(file), join(dirname(file), 'one.db'));
        symlinkSync(join(dirname(file), 'one.db'), join(dir, 'two.db'));
        return join(dir, 'two.db');
      },
    ],
    ['a hard link', (file, dir) => linked(file, join(dir, 'hard.db'), linkSync)],
    ['a hard link beside it', (file) => linked(file, `${file}.other`, linkSync)],
    ['a linked folder', (file, dir) => join(linked(dirname(file), join(dir, 'folder')), basename(file))],
    ['a relative path', (file) => relative(process.cwd(), file)],
    ['a path with detours', (file) => join(dirname(file), '.', '..', basename(dirname(file)), basename(file))],
  ];
  test.each(ways)('%s: the second is refused, whichever name was first', async (_name, make) => {
    const dir = tempDir();
    mkdirSync(join(dir, 'data'));
    mkdirSync(join(dir, 'elsewhere'));
    const file = join(dir, 'data', 'tocsin.db');
    const first = await openStore(file, deps);
    const other = make(file, join(dir, 'elsewhere'));
    expect(await failure(openStore(other, deps))).toMatchObject({ code: 'store_locked' });
    await first.incidents.insert(incident());
    await first.close();
    const turned = await openStore(other, deps);
    expect(await turned.incidents.list({ limit: 5 })).toHaveLength(1);
    expect(await failure(openStore(file, deps))).toMatchObject({ code: 'store_locked' });
    await turned.close();
    await (await openStore(file, deps)).close();
  });

  test('a link to a file that is not there yet: the file is made where it leads, and held there', async () => {
    const dir = tempDir();
    symlinkSync(join(dir, 'real.db'), join(dir, 'link.db'));
    const first = await openStore(join(dir, 'link.db'), deps);
    expect(lstatSync(join(dir, 'link.db')).isSymbolicLink()).toBe(true);
    expect(await failure(openStore(join(dir, 'real.db'), deps))).toMatchObject({ code: 'store_locked' });
    await first.close();
  });

  test('two first starts at once: one is refused, and the other has a whole database', async () => {
    const file = join(tempDir(), 'new', 'tocsin.db');
    const both = await Promise.allSettled([openStore(file, deps), openStore(file, deps)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    for (const one of both) if (one.status === 'fulfilled') await one.value.close();
  });
});

describe('a file that is not ours', () => {
  const cases: [string, (file: string) => void, string][] = [
    [
      'another SQLite database',
      (file) => {
        const db = new DatabaseSync(file);
        db.exec('create table bookmarks (a)');
        db.close();
      },
      'the database of another program',
    ],
    [
      'another SQLite database with a write-ahead journal',
      (file) => {
        const db = new DatabaseSync(file);
        db.exec('pragma journal_mode = wal; create table meta (key, value); create table bookmarks (a)');
        db.close();
      },
      'the database of another program',
    ],
    [
      'an empty SQLite database',
      (file) => {
        const db = new DatabaseSync(file);
        db.exec('pragma user_version = 3');
        db.close();
      },
      'the database of another program',
    ],
    [
      'a database with a name of its own',
      (file) => {
        const db = new DatabaseSync(file);
        db.exec('pragma application_id = 77; create table meta (key, value)');
        db.close();
      },
      'the database of another program',
    ],
    ['a text', (file) => writeFileSync(file, 'dear diary\n'.repeat(50)), 'no database'],
    ['one byte', (file) => writeFileSync(file, 'x'), 'no database'],
    ['the beginning of a database', (file) => writeFileSync(file, 'SQLite format 3\0'), 'cannot be read'],
    ['an empty file', (file) => writeFileSync(file, ''), 'an empty file that Tocsin did not make'],
    ['a folder', (file) => mkdirSync(file), 'a folder'],
  ];
  test.each(cases)('%s: refused by name, and nothing about it is changed', async (_name, make, told) => {
    const dir = tempDir();
    const file = join(dir, 'tocsin.db');
    make(file);
    chmodSync(file, 0o755);
    const before = picture(dir);
    for (const readOnly of [false, true]) {
      const { code, message } = await failure(openStore(file, deps, { readOnly }));
      expect([code, message]).toEqual(['store_failed', expect.stringContaining(told)]);
      expect(message).toContain(file);
    }
    expect(picture(dir)).toEqual(before);
  });

  test('a pipe: refused at once, and never read', async () => {
    const file = join(tempDir(), 'tocsin.db');
    await new Promise((resolve) => spawn('mkfifo', [file]).on('exit', resolve));
    expect(await failure(openStore(file, deps))).toMatchObject({
      code: 'store_failed',
      message: expect.stringContaining('no ordinary file'),
    });
  });

  test('something else where the lock would be: refused, and left as it is', async () => {
    const file = join(tempDir(), 'tocsin.db');
    writeFileSync(`${file}.lock`, 'pid 77\n');
    expect(await failure(openStore(file, deps))).toMatchObject({
      code: 'store_failed',
      message: expect.stringContaining('.lock'),
    });
    expect([existsSync(file), readFileSync(`${file}.lock`, 'utf8')]).toEqual([false, 'pid 77\n']);
  });

  test('one of ours from before its header said so, also with everything still in the journal: opened', async () => {
    const file = join(tempDir(), 'tocsin.db');
    const old = new DatabaseSync(file);
    old.exec('pragma journal_mode = wal; create table meta (key text primary key, value text not null)');
    const crashed = join(tempDir(), 'tocsin.db');
    writeFileSync(crashed, readFileSync(file));
    writeFileSync(`${crashed}-wal`, readFileSync(`${file}-wal`));
    old.close();
    for (const path of [file, crashed]) {
      const store = await openStore(path, deps);
      await store.incidents.insert(incident());
      await store.close();
      expect(readFileSync(path).readUInt32BE(68)).toBe(0x544f4353);
    }
  });

  test('a start that was killed while it made the file: the next one goes on', async () => {
    const file = join(tempDir(), 'tocsin.db');
    writeFileSync(join(dirname(file), '.tocsin.db.new'), 'half');
    await (await openStore(file, deps)).close();
    expect(readdirSync(dirname(file)).toSorted()).toEqual(['tocsin.db', 'tocsin.db.lock']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('a path that cannot be made: an error at once, with what, where and the remedy', () => {
  const cases: [string, (dir: string) => string, RegExp][] = [
    ['under /proc', () => '/proc/tocsin/data/tocsin.db', /folder \/proc\/tocsin cannot be made/],
    [
      'deep under /proc',
      () => '/proc/self/a/b/c/tocsin.db',
      /folder \/proc\/self\/a cannot be made|folder \/proc\/\d+\/a cannot be made/,
    ],
    ['under /sys', () => '/sys/tocsin/tocsin.db', /folder \/sys\/tocsin cannot be made/],
    ['below a file', (dir) => join(writtenFile(join(dir, 'f')), 'a', 'tocsin.db'), /a file stands in the way|ENOTDIR/],
    [
      'below a broken link',
      (dir) => join(linked(join(dir, 'no', 'where'), join(dir, 'l')), 'tocsin.db'),
      /a file or a broken link has that name/,
    ],
    ['with a name that is too long', (dir) => join(dir, 'x'.repeat(300), 'tocsin.db'), /too long|ENAMETOOLONG/],
    ['in a circle of links', (dir) => linked(linked(join(dir, 'a'), join(dir, 'b')), join(dir, 'a')), /circle/],
  ];
  test.skipIf(process.platform !== 'linux').each(cases)(
    '%s',
    async (_name, path, told) => {
      const { code, message } = await failure(openStore(path(tempDir()), deps));
      expect([code, message]).toEqual(['store_failed', expect.stringMatching(told)]);
      expect(message).toMatch(/name another place|name the file itself/);
    },
    5_000,
  );
});

describe('the file under the running bot', () => {
  test.each([
    ['deleted', (file: string) => rmSync(file), 'deleted'],
    ['moved away', (file: string) => renameSync(file, `${file}.old`), 'deleted'],
    ['its folder moved away', (file: string) => renameSync(dirname(file), `${dirname(file)}-old`), 'deleted'],
    [
      'replaced by another',
      (file: string) => {
        rmSync(file);
        writeFileSync(file, 'backup');
      },
      'replaced',
    ],
    ['its journal deleted', (file: string) => rmSync(`${file}-wal`), 'deleted'],
  ] as const)('%s: known at the next look', async (_name, change, reason) => {
    const file = join(tempDir(), 'data', 'tocsin.db');
    const store = await openStore(file, deps);
    await store.incidents.insert(incident());
    expect(await store.verify()).toBeNull();
    expect(await store.verify()).toBeNull();
    change(file);
    expect(await store.verify()).toMatchObject({ reason, message: expect.stringContaining(file) });
    await store.close().catch(() => undefined);
  });
});
