import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { APART, alone, beside, longFiles, SLOWEST } from '../kinds.ts';
import { inOrder } from '../order.ts';

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

test('long files: each runs beside others or by itself; what measures or loads the machine is by itself', () => {
  const [others, single] = [beside(longFiles()), alone(longFiles())];
  expect([...others, ...single].sort()).toEqual(longFiles());
  expect(others.length).toBeGreaterThan(20);
  const heavy = ['load', 'surge', 'torture', 'hostile'].map((name) => `test/e2e/${name}.test.ts`);
  expect(single).toEqual(expect.arrayContaining(heavy));
});

test('the order of files: the slowest first, each of which is there; the others by the seed', () => {
  expect(beside(longFiles())).toEqual(expect.arrayContaining(SLOWEST));
  const others = Array.from({ length: 20 }, (_, i) => `test/${i}.test.ts`);
  const orderOf = (seed: number) => inOrder([...others, SLOWEST[1]!, SLOWEST[0]!], (file) => file, seed);
  expect(orderOf(1).slice(0, 2)).toEqual(SLOWEST.slice(0, 2));
  expect(orderOf(1).slice(2).sort()).toEqual([...others].sort());
  expect(orderOf(1)).toEqual(orderOf(1));
  expect(orderOf(1)).not.toEqual(orderOf(2));
});
