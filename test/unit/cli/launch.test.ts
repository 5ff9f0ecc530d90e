/** The launcher, with shell scripts in the place of the packaged Node. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultOf, isWaitedFor, newEnough, packagedNode } from '../../../src/launch.mjs';

const repository = resolve(import.meta.dirname, '../../..');
const PACKAGE = `node-${process.platform}-${process.arch}`;
/** As an older Node is: it cannot replace itself. */
const OLDER = ['--import', 'data:text/javascript,process.execve=undefined'];
/** As if this Node were too old. */
const TOO_OLD = [
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})',
];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-launch-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A clone with the launcher alone and a packaged Node that is this script; null = none installed. */
function clone(name: string, script: string | null): { root: string; launch: string; node: string } {
  const root = join(folder, name);
  for (const file of ['launch.mjs', 'begin.mjs', 'tocsin.mjs'])
    cpSync(join(repository, 'src', file), join(root, 'src', file));
  const node = join(root, 'node_modules', PACKAGE, 'bin/node');
  if (script !== null) {
    mkdirSync(dirname(node), { recursive: true });
    writeFileSync(node, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return { root, launch: join(root, 'src/launch.mjs'), node };
}

const run = (flags: string[], ...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [...flags, ...args], { encoding: 'utf8' });

const ANSWERS = 'if [ "$1" = --version ]; then echo v26.0.0; exit 0; fi';

describe.skipIf(process.platform !== 'linux')('the launcher', () => {
  test.each([
    ['26.0.0', true],
    ['27.1.2', true],
    ['24.21.0', false],
    ['20.20.2', false],
  ])('Node %s: new enough is %s', (version, expected) => expect(newEnough(version)).toBe(expected));

  test('installed beside Tocsin, or above it as a dependency of something else: found', () => {
    const { root, node } = clone('above', ANSWERS);
    const inner = join(root, 'node_modules/tocsin');
    mkdirSync(inner, { recursive: true });
    expect([packagedNode(root), packagedNode(inner)]).toEqual([node, node]);
  });

  test('not installed, or a system that has no package: null', () => {
    const { root } = clone('without', null);
    expect([packagedNode(root), packagedNode(root, 'sunos-x64')]).toEqual([null, null]);
  });

  test.each([
    ['can replace itself', []],
    ['cannot replace itself', OLDER],
  ])('a Node that %s: arguments reach the other, and its exit code comes back', (_name, flags) => {
    const { launch } = clone('passes', `${ANSWERS}\nprintf '<%s>' "$@"\nexit 7`);
    const { stdout, status } = run(flags, launch, 'some file.ts', '--x', 'a b');
    expect([stdout, status]).toEqual(['<some file.ts><--x><a b>', 7]);
  });

  test('the command tocsin: main.ts and the arguments, whatever the folder', () => {
    const { root } = clone('command', `${ANSWERS}\nprintf '<%s>' "$@"`);
    const done = spawnSync(process.execPath, [join(root, 'src/tocsin.mjs'), 'status', 'ru'], {
      cwd: '/',
      encoding: 'utf8',
    });
    expect(done.stdout).toBe(`<${join(root, 'src/main.ts')}><status><ru>`);
  });

  test('the bot, where its cache is filled from what lies here: straight to run.ts, with the settings of memory', () => {
    const { root } = clone('bot', `${ANSWERS}\nprintf '<%s>' "$@" "$MALLOC_ARENA_MAX" "$NODE_COMPILE_CACHE"`);
    writeFileSync(join(root, 'package.json'), '{}');
    const cache = join(root, 'tocsin/node-v26.0.0');
    mkdirSync(cache, { recursive: true });
    const start = (env: Record<string, string> = {}): string =>
      spawnSync(process.execPath, [join(root, 'src/tocsin.mjs'), 'start', '--config', 'x'], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, XDG_CACHE_HOME: root, ...env },
      }).stdout;
    const slow = `<${join(root, 'src/main.ts')}><start><--config><x><>`;
    expect(start()).toBe(`${slow}<>`);
    run(
      [],
      '-e',
      `import(${JSON.stringify(join(root, 'src/begin.mjs'))}).then((it) => it.stampFilled(${JSON.stringify(cache)}))`,
    );
    expect(start()).toMatch(
      /^(?:<--[\w-]+(?:=4|=1)?>){4}<[^>]+\/src\/run\.ts><start><--config><x><1><[^>]+v26\.0\.0>$/,
    );
    expect(start({ NODE_COMPILE_CACHE: '/other' })).toBe(`${slow}</other>`);
    writeFileSync(join(root, 'src/later.ts'), '');
    expect(start()).toBe(`${slow}<>`);
  });

  test('SIGTERM to a launcher that stays as the parent: passed on, and it ends as the other does', async () => {
    const wait = `${ANSWERS}\ntrap 'echo stopping; exit 3' TERM\necho ready\nwhile :; do sleep 0.02; done`;
    const child = spawn(process.execPath, [...OLDER, clone('signals', wait).launch, 'x'], { stdio: 'pipe' });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
      if (out === 'ready\n') child.kill('SIGTERM');
    });
    const code = await new Promise((done) => child.once('close', done));
    expect([out, code]).toEqual(['ready\nstopping\n', 3]);
  });

  test('begun by npm in a shell, and the shell is ended, which hands on nothing: a launcher that stayed as the parent ends the other', async () => {
    const wait = `${ANSWERS}\ntrap 'echo stopping; exit 3' TERM\necho ready\nwhile :; do sleep 0.02; done`;
    const env = { ...process.env, npm_lifecycle_script: 'tocsin start' };
    const args = [process.execPath, ...OLDER, clone('left', wait).launch, 'x'];
    const shell = spawn('/bin/sh', ['-c', '"$0" "$@"; exit', ...args], { stdio: 'pipe', env });
    let out = '';
    shell.stdout.on('data', (chunk) => {
      out += chunk;
      if (out === 'ready\n') shell.kill('SIGTERM');
    });
    await new Promise((done) => shell.once('close', done));
    expect(out).toBe('ready\nstopping\n');
  });

  test.each([
    ['node src/tocsin.mjs start', true],
    ['tocsin start --config x.yaml', true],
    ['TOCSIN_CONFIG=x node_modules/.bin/tocsin start >> log 2>&1', true],
    ['node --max-old-space-size=90 src/main.ts start', true],
    ["'tocsin'", true],
    ['tocsin start &', false],
    ['tocsin &', false],
    ['nohup tocsin start > log 2>&1 &', false],
    ['sh begin.sh', false],
    ['node test/run.mjs', false],
    ['', false],
  ])('a script of npm, "%s": its shell waits for the bot: %s', (script, expected) => {
    expect(isWaitedFor(script)).toBe(expected);
  });

  test('no packaged Node and this one too old: one line with the remedy, exit 1', () => {
    const { launch, root } = clone('none', null);
    const { stderr, status } = run(TOO_OLD, launch, 'x');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tocsin: it runs on Node 26[^\n]+This is Node 20\.20\.2[^\n]+\n$/);
    expect(stderr).toContain(`Run \`npm ci\` in ${root}`);
  });

  test('no packaged Node, but this one is new enough: it runs the file itself', () => {
    const { launch } = clone('own', null);
    const { stdout } = run([], launch, '-p', 'process.version');
    expect(stdout.trim()).toBe(process.version);
  });

  test('a library of the packaged Node is missing: one line that names it and how to install it', () => {
    const says = 'node: error while loading shared libraries: libatomic.so.1: cannot open shared object file';
    const { launch } = clone('library', `echo '${says}' >&2; exit 127`);
    const { stderr, status } = run(TOO_OLD, launch, 'x');
    expect([stderr.split('\n').length, status]).toEqual([2, 1]);
    expect(stderr).toMatch(/libatomic\.so\.1 is missing.*apt-get install libatomic1/);
  });

  test('a packaged Node for another system: one line', () => {
    const { node, launch } = clone('foreign', ANSWERS);
    writeFileSync(node, 'no program');
    expect(faultOf(node)).toMatch(/does not run on this system \(.+\): .*Alpine/);
    expect(run(TOO_OLD, launch, 'x').stderr.split('\n')).toHaveLength(2);
  });
});

test('every script of package.json that runs Node goes through the launcher', () => {
  const { scripts, bin } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const plain = Object.values<string>(scripts).filter((line) => /^node \S+\.ts|^vitest/.test(line));
  expect([plain, bin]).toEqual([[], { tocsin: 'src/tocsin.mjs' }]);
});
