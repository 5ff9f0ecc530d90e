import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flakyFaults, withPassedAlone } from '../flaky.ts';
import { inOrder } from '../order.ts';
import { proofPage, rowsIn } from '../proof-page.ts';
import { allFiles, apart, filesOf, propertyFiles, provenFiles, room, seedOf, TOPICS, WHOLE_PROGRAM } from '../rooms.ts';

const ROOT = join(import.meta.dirname, '../..');

test('what several files import: neither a hook nor another limit in passing: the first file of a worker would have the one, all its files the other', () => {
  const own = ['test/strict-words.ts', 'test/same-each-time.ts'];
  const shared = globSync('test/**/*.ts', { cwd: ROOT }).filter(
    (file) => !file.endsWith('.test.ts') && !own.includes(file),
  );
  expect(shared.length).toBeGreaterThan(100);
  const atImport =
    /^(before|after)(All|Each)\(|^(describe|test|it)(\.\w+)?\(|^Object\.assign\([A-Z]|^[A-Z]\w+(\.\w+)+ = /m;
  expect(shared.filter((file) => atImport.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
});

test('files that replace modules: found, each with a worker of its own', () => {
  const files = apart(allFiles());
  expect(files).toEqual(expect.arrayContaining(['test/unit/probe/schedule.test.ts', 'test/unit/probe/quic.test.ts']));
  expect(files).not.toContain('test/unit/rooms.test.ts');
});

test('each file is in the gate or of one topic; what the gate has may be of a topic, too, where more of it runs', () => {
  const topicsOf = new Map<string, string[]>();
  for (const [name, topic] of Object.entries(TOPICS)) {
    const { beside, alone } = filesOf(topic);
    for (const file of [...beside, ...alone]) topicsOf.set(file, [...(topicsOf.get(file) ?? []), name]);
  }
  const proven = provenFiles();
  expect(proven.filter((file) => topicsOf.get(file)?.length !== 1)).toEqual([]);
  const both = [...topicsOf.keys()].filter((file) => !proven.includes(file));
  const more = both.filter((file) => /allAskedFor\(|fakes\/pace/.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(both).toEqual(more);
  for (const file of WHOLE_PROGRAM) expect(allFiles()).toContain(file);
});

test('each topic has a short proof, of files that are there', () => {
  for (const [name, { smoke }] of Object.entries(TOPICS)) expect(smoke, name).not.toEqual([]);
  const named = Object.values(TOPICS).flatMap(({ smoke }) => smoke.map(({ file }) => file));
  expect(named.filter((file) => !allFiles().includes(file))).toEqual([]);
});

test('the order of files: the same each time, the slowest first', () => {
  const files = [...Array.from({ length: 20 }, (_, i) => `test/${i}.test.ts`), 'test/contract/source.test.ts'];
  const order = inOrder(files, (file) => file);
  expect(order[0]).toBe('test/contract/source.test.ts');
  expect(inOrder(files.toReversed(), (file) => file)).toEqual(order);
});

test('random input: the same in each test of each run but the search for new cases', () => {
  expect(fc.readConfigureGlobal()?.seed).toBe(seedOf());
  expect(fc.sample(fc.nat(), 5)).toEqual(fc.sample(fc.nat(), 5));
  expect(seedOf({})).toBe(seedOf({}));
  expect(seedOf({ TOCSIN_SEED: '7' })).toBe(7);
  expect(propertyFiles().length).toBeGreaterThan(50);
});

test('which room: none by hand', () => {
  expect(room({})).toBeNull();
  expect(room({ TOCSIN_ROOM: 'prove' })).toBe('prove');
});

test('what passed by itself: written down once, with its day; the eleventh and one of fifteen days are red', () => {
  const one = withPassedAlone([], ['test/a.test.ts', 'test/b.test.ts'], '2026-12-01');
  expect(one).toHaveLength(2);
  expect(withPassedAlone(one, ['test/a.test.ts'], '2026-12-05')).toEqual(one);
  expect(flakyFaults(one, '2026-12-15')).toEqual([]);
  expect(flakyFaults(one, '2026-12-16').join()).toContain('test/a.test.ts');
  const many = Array.from({ length: 11 }, (_, i) => ({ file: `${i}`, cause: '', day: '2026-12-01' }));
  expect(flakyFaults(many.slice(1), '2026-12-02')).toEqual([]);
  expect(flakyFaults(many, '2026-12-02').join()).toContain('11 files');
});

test('the page of what was proven: read as it was written', () => {
  const row = { topic: 'lab', commit: '1234abcd', day: '2026-12-07', load: '0.1 on 2', passed: 3, failed: 0, again: 1 };
  const rows = [{ ...row, seconds: 100 }];
  expect(rowsIn(proofPage(rows))).toEqual(rows);
  expect(rowsIn(readFileSync(join(ROOT, 'docs/proof.md'), 'utf8')).every(({ topic }) => topic in TOPICS)).toBe(true);
});
