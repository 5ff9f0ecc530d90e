/** What the README shows and promises is what there is. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/index.ts';
import { sayIn } from '../../../src/i18n/packs.ts';
import { capturedOutput } from '../../fakes/captured-output.ts';

const root = resolve(import.meta.dirname, '../../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const tocsin = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'src/main.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });

describe('README', () => {
  test('the sample alert is the first that the demo rings, word for word but for its id', () => {
    const sample = /```\n([\s\S]*?)\n```/.exec(readme)?.[1] ?? '';
    const { stdout, status } = tocsin('replay', 'docs/demo.jsonl');
    expect(status).toBe(0);
    const lines = sample.split('\n').slice(0, -1);
    expect(lines.length).toBeGreaterThan(3);
    expect(stdout).toContain(lines.join('\n'));
  });

  test('the demo: a new alert, an escalation, a lift; nothing about copies, opinions and cakes', () => {
    const { stdout } = tocsin('replay', 'docs/demo.jsonl', '--json');
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; kind?: string; service?: string; state?: string });
    const kinds = rows.filter((row) => row.type === 'alert').map((row) => row.kind);
    expect([kinds[0], kinds.at(-1), new Set(kinds)]).toEqual(['new', 'lifted', new Set(['new', 'update', 'lifted'])]);
    expect(rows.filter((row) => row.type === 'incident').map(({ service, state }) => [service, state])).toEqual([
      ['signal', 'lifted'],
    ]);
  });

  test('`tocsin demo` into a pipe: the same week at once, in any language; stderr holds nothing', () => {
    const ids = (text: string) => text.replaceAll(/TR-signal-\w{4}/g, 'TR-signal-');
    const { stdout, status } = tocsin('demo');
    const said = `${sayIn('en', 'demo.note')}\n\n${ids(tocsin('replay', 'docs/demo.jsonl').stdout)}`;
    expect([status, ids(stdout)]).toEqual([0, said]);
    expect(tocsin('demo', '--lang', 'ru').stdout).toContain('Signal замедлен');
  });

  test('read in a minute: 80 lines at most, its pictures 300 kB together', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(80);
    const pictures = [...readme.matchAll(/docs\/pictures\/[\w-]+\.png/g)].map(
      ([path]) => statSync(join(root, path)).size,
    );
    expect(pictures.length).toBeGreaterThan(2);
    expect(pictures.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  });

  test('every link into the repo leads somewhere', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  test('every command of its table is there', async () => {
    const manual = readFileSync(join(root, 'docs/manual.md'), 'utf8');
    const table = manual.slice(manual.indexOf('## Commands'), manual.indexOf('Exit codes'));
    const names = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap((row) =>
      [...row[1]!.matchAll(/`([\w-]+)/g)].map((match) => match[1]!),
    );
    expect(names.length).toBeGreaterThan(8);
    capturedOutput();
    for (const name of names) expect(await main([name, '--help']), name).toBe(0);
  });
});
