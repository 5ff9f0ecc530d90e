import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder } from '../../../src/sources/probe/agent-spool.ts';

test('folders that are missing are made for this user alone; twice is nothing', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-folder-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  await makeFolder(join(dir, 'a', 'b'));
  await makeFolder(join(dir, 'a', 'b'));
  expect(statSync(join(dir, 'a', 'b')).mode & 0o777).toBe(0o700);
});

test.skipIf(process.platform !== 'linux')('a folder under /proc: an error at once that names it', async () => {
  await expect(makeFolder('/proc/tocsin/agent')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('The folder /proc/tocsin cannot be made'),
  });
});
