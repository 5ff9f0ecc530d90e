/** Nothing grows without a bound: each table of either database, and each file that is written, has its line in docs/decisions/store.md, and a test that is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { tables } from '../../../src/store/sql/schema.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const page = read('docs/decisions/store.md').split('## What bounds each table and file')[1]!;
/** The cells of each row, by the head of its table. */
const rowsOf = (head: string): string[][] =>
  page
    .split('\n\n')
    .filter((block) => block.startsWith(`| ${head} `))
    .flatMap((block) => block.trim().split('\n').slice(2))
    .map((line) => line.slice(2, -2).split(' | '));
const codes = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
const filesBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`);

/** As the migrations leave them, in both databases. */
function tablesOfMigrations(): string[] {
  const names = new Set(['meta']);
  for (const file of filesBelow('src/store/sql/migrations')
    .filter((name) => name.endsWith('.sql'))
    .toSorted())
    for (const [, made, gone, from, to] of read(file).matchAll(
      /create table (\w+)|drop table (\w+)|alter table (\w+) rename to (\w+)/g,
    )) {
      if (made) names.add(made);
      if (gone ?? from) names.delete((gone ?? from)!);
      if (to) names.add(to);
    }
  return [...names].toSorted();
}

test('each table of the migrations has a line, and each line a table', () => {
  const lines = rowsOf('table').flatMap(([name]) => codes(name!));
  expect(lines.toSorted()).toEqual(tablesOfMigrations());
  expect(lines).toEqual(expect.arrayContaining(Object.keys(tables)));
});

const WRITES =
  /\b(?:writeFile(?:Sync)?|appendFile(?:Sync)?|createWriteStream|writeWhole|copyFileSync|openSync\([^)]*'(?:w|a)x?'|open\([^)]*'(?:w|a)x?')/;

test('each module that writes files has a line, and each line a module that does', () => {
  const writers = filesBelow('src').filter((name) => /\.m?[jt]s$/.test(name) && WRITES.test(read(name)));
  expect(
    rowsOf('file')
      .flatMap(([, by]) => codes(by!))
      .toSorted(),
  ).toEqual(writers.toSorted());
});

test('each bound names a test that is there', () => {
  const rows = [...rowsOf('table'), ...rowsOf('`states` of'), ...rowsOf('file')];
  const missing = rows.filter((cells) => {
    const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(cells.at(-1)!) ?? [];
    return !existsSync(join(ROOT, file)) || title === '' || !read(file).includes(title);
  });
  expect(missing).toEqual([]);
  expect(rows.length).toBeGreaterThan(40);
});
