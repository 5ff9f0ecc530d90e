/** Where the data lies, as the environment or the file says: every mistake that can be seen without opening it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-database-'));
  writeFileSync(join(folder, 'a-file'), '');
  writeFileSync(join(folder, 'sound.yaml'), 'sources: []\n');
  writeFileSync(join(folder, 'faulty.yaml'), 'sources: [{ id: bare }]\n');
  writeFileSync(join(folder, 'broken.yaml'), 'sources: [\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = async (file: string, database: string): Promise<string[]> => {
  try {
    await loadConfig({ file, env: { TOCSIN_DATABASE: database }, cwd: folder });
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

const FAULTS: [name: string, database: string, says: RegExp][] = [
  [
    'another database',
    'mysql://localhost/tocsin',
    /"mysql" is no database that Tocsin knows; name a file, or postgres/,
  ],
  ['another scheme without slashes', 'sqlite:tocsin.db', /"sqlite" is no database that Tocsin knows/],
  ['PostgreSQL with one slash', 'postgres:/localhost/tocsin', /"postgres" is no database.*; write it as postgres:\/\//],
  ['PostgreSQL with a port that is none', 'postgres://h:abc/x', /names a host in a form that is not understood/],
  ['PostgreSQL with more ports than hosts', 'postgres://h/x?host=a,b&port=1,2,3', /names another number of ports/],
  [
    'PostgreSQL with a wish that is none',
    'postgres://a,b/x?target_session_attrs=master',
    /is none of any, read-write,/,
  ],
  ['PostgreSQL without anything', 'postgres://', /names no host and no database/],
  ['a folder', '.', /is a folder; name a file in it/],
  ['a folder by its ending', 'data/', /is a folder; name a file in it/],
  ['below a file', 'a-file/tocsin.db', /a-file is no folder, so a-file\/tocsin\.db cannot lie in it/],
  ['a variable that is not set', 'env:NOPE', /the environment variable NOPE is not set/],
  ['a file with the address that is not there', 'file:nope', /the file nope does not exist/],
];

describe('TOCSIN_DATABASE', () => {
  test.each(FAULTS)('%s (%s): reported with its remedy', async (_name, database, says) => {
    const lines = await linesOf('sound.yaml', database);
    expect(lines).toEqual([expect.stringMatching(/^environment: TOCSIN_DATABASE: /)]);
    expect(lines[0]).toMatch(says);
  });

  test('wrong beside a faulty file: both are reported at once', async () => {
    const lines = await linesOf('faulty.yaml', 'mysql://x');
    expect(lines.map((line) => line.split(': ')[1])).toEqual([
      'sources[0].kind',
      'sources[0].url',
      'sources[0].publisher',
      'TOCSIN_DATABASE',
    ]);
  });

  test('wrong beside a file that is no YAML: both are reported at once', async () => {
    const lines = await linesOf('broken.yaml', 'mysql://x');
    expect(lines.some((line) => line.startsWith('broken.yaml: '))).toBe(true);
    expect(lines.at(-1)).toMatch(/^environment: TOCSIN_DATABASE: /);
  });

  test.each([
    'tocsin.db',
    'new/folder/tocsin.db',
    ':memory:',
    'postgres://u@localhost/tocsin',
    'postgresql:///tocsin?host=/run/postgresql',
    'a name with: a colon.db',
  ])('%s: taken', async (database) => {
    expect(await linesOf('sound.yaml', database)).toEqual([]);
  });
});
