/** The program as it is typed: its version, its help, and what it measures without a vantage file. */
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

  test('--help: names the commands of sources, too', () => {
    expect(tocsin(['--help']).stdout).toMatch(/^ {2}start [\s\S]*^ {2}probe [\s\S]*^ {2}agent /m);
  });

  test.each(['constructor', '__proto__', 'toString'])('%s: no command', (name) => {
    const { stderr, status } = tocsin([name]);
    expect([stderr.startsWith(`tocsin: unknown command "${name}"`), status]).toEqual([true, 2]);
  });

  test('probe without a target and without a vantage file: says what to type', () => {
    const { stderr, status } = tocsin(['probe']);
    expect([stderr, status]).toEqual([
      'tocsin: name what to measure, such as "tocsin probe whatsapp www.bbc.com"\n',
      2,
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
