/** The program as it is typed: its version, and how a start that cannot be ends. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const tocsin = (args: string[], env: Record<string, string> = {}) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, 'src/main.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
  });
  return { stdout, stderr, status };
};

describe('tocsin', () => {
  test.each(['--version', '-v', 'version'])('%s: name, version, Node and system in one line', (flag) => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const { stdout, status } = tocsin([flag]);
    expect([stdout, status]).toEqual([
      `tocsin ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}\n`,
      0,
    ]);
  });

  test('a start that cannot be: one line, that names what and where and the remedy', () => {
    const { stderr, stdout, status } = tocsin(['start'], { TOCSIN_DATABASE: join(root, 'package.json') });
    expect([stderr.trim().split('\n').length, status, stdout]).toEqual([1, 1, '']);
    expect(stderr).toMatch(/^tocsin: The database .*package\.json is no database.*name a file of its own/);
  });

  test('a wrong start without TOCSIN_LOG=debug: one line, no stack; with it: the stack as well', () => {
    const args = ['start', '--config', 'nowhere.yaml'];
    expect(tocsin(args).stderr).toBe('tocsin: nowhere.yaml: there is no such file; create it, or correct its name\n');
    expect(tocsin(args, { TOCSIN_LOG: 'debug' }).stderr).toMatch(/ {4}at .*load\.ts/);
  });
});
