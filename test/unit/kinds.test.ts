import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { APART, longFiles, waiting, working } from '../kinds.ts';

const ROOT = join(import.meta.dirname, '../..');

test('what several files import: neither a hook nor another limit in passing: the first file of a worker would have the one, all its files the other', () => {
  const shared = globSync('test/**/*.ts', { cwd: ROOT }).filter((file) => !file.endsWith('.test.ts'));
  expect(shared.length).toBeGreaterThan(100);
  const atImport =
    /^(before|after)(All|Each)\(|^(describe|test|it)(\.\w+)?\(|^Object\.assign\([A-Z]|^[A-Z]\w+(\.\w+)+ = /m;
  expect(shared.filter((file) => atImport.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
});

test('files that replace modules: found, each with a worker of its own', () => {
  expect(APART).toEqual(expect.arrayContaining(['test/unit/probe/schedule.test.ts', 'test/unit/probe/quic.test.ts']));
  expect(APART).not.toContain('test/unit/kinds.test.ts');
});

test('long files: each waits beside another or works by itself; what measures or loads the machine is by itself', () => {
  const [beside, alone] = [waiting(longFiles()), working(longFiles())];
  expect([...beside, ...alone].sort()).toEqual(longFiles());
  expect(beside).toHaveLength(18);
  const heavy = ['load', 'surge', 'torture', 'lab', 'hostile'].map((name) => `test/e2e/${name}.test.ts`);
  expect(alone).toEqual(expect.arrayContaining(heavy));
});
