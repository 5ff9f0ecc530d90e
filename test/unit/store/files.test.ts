/** Folders that are made and lines that wait on disk. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder } from '../../../src/store/data-file.ts';
import { spooled } from '../../../src/store/sql/backup.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const writtenFile = (at: string): string => {
  writeFileSync(at, '');
  return at;
};

describe('a folder', () => {
  test('made with those above it, for this user alone; made twice is nothing', () => {
    const path = join(folder, 'a/b/c');
    makeFolder(path);
    makeFolder(path);
    expect([path, join(folder, 'a')].map((one) => statSync(one).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  test.each<[string, () => string, RegExp]>([
    ['in the place of a file', () => writtenFile(join(folder, 'f')), /a file stands in the way/],
    ['too deep', () => join(folder, ...Array<string>(80).fill('d')), /it lies too deep/],
  ])('%s: an error with what, why and the remedy', (_name, path, why) => {
    const where = path();
    expect(() => makeFolder(where)).toThrow(
      expect.objectContaining({
        code: 'store_failed',
        message: expect.stringMatching(/^The folder .* cannot be made: .*; name another place, or make the folder/),
      }),
    );
    expect(() => makeFolder(where)).toThrow(why);
  });
});

describe('lines that wait', () => {
  async function* from(lines: readonly string[], failAt = -1) {
    for (const [n, line] of lines.entries()) {
      if (n === failAt) throw new Error('the source broke');
      yield line;
    }
  }
  const all = async (source: AsyncIterable<string>) => {
    const got: string[] = [];
    for await (const line of source) got.push(line);
    return got;
  };

  test('the same lines again, whatever stands in them and however many they are; nothing is left behind', async () => {
    const odd = ['', 'a\u2028b', 'c\rd', '{"x":"я🔕"}', 'y'.repeat(300_000), '…'.repeat(100_000)];
    const lines = [...odd, ...Array.from({ length: 2_000 }, (_, n) => `line ${n}`)];
    let done = 0;
    expect(await all(spooled(from(lines), [folder], async () => void done++))).toEqual(lines);
    expect([done, readdirSync(folder)]).toEqual([1, []]);
  });

  test('none: none', async () => {
    expect(await all(spooled(from([]), [folder], async () => undefined))).toEqual([]);
  });

  test('the source is read to its end, and let go, before the first line is handed out', async () => {
    const steps: string[] = [];
    const source = (async function* () {
      yield 'a';
      yield 'b';
      steps.push('read');
    })();
    for await (const line of spooled(source, [folder], async () => void steps.push('done'))) steps.push(line);
    expect(steps).toEqual(['read', 'done', 'a', 'b']);
  });

  test('a source that breaks: its error, it is let go all the same, and nothing is left behind', async () => {
    let done = 0;
    await expect(all(spooled(from(['a', 'b'], 1), [folder], async () => void done++))).rejects.toThrow(
      'the source broke',
    );
    expect([done, readdirSync(folder)]).toEqual([1, []]);
  });

  test('a reader that stops in the middle: nothing is left behind', async () => {
    for await (const line of spooled(from(['a', 'b']), [folder], async () => undefined)) if (line === 'a') break;
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a folder that cannot be written to: the next one is taken', async () => {
    const nowhere = join(folder, 'not-there');
    expect(await all(spooled(from(['a']), [nowhere, folder], async () => undefined))).toEqual(['a']);
    expect(existsSync(nowhere)).toBe(false);
    chmodSync(folder, 0o700);
  });
});
