/** SIGTERM to whatever an operator began the bot with: it ends within five seconds, and whoever asks hears of it at once. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import { scratchFolder } from '../fakes/scratch.ts';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT = 5_000;
/** As an older Node is: the launcher stays, and the bot is its child. */
const OLDER = { NODE_OPTIONS: '--import=data:text/javascript,process.execve=undefined' };
const WAYS: [string, string[]][] = [
  ['npm start', ['npm', 'start', '--']],
  ['npx tocsin start', ['npx', 'tocsin', 'start']],
  ['node src/tocsin.mjs start', [process.execPath, 'src/tocsin.mjs', 'start']],
  ['node src/main.ts start', [process.execPath, 'src/main.ts', 'start']],
];

let folder: string;
let child: ChildProcess | null = null;
/** The bot's own process, which may outlive the one that was begun. */
let bot: number | null = null;
afterEach(() => {
  for (const pid of [child?.pid, bot]) {
    try {
      if (pid) process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone, as it should be.
    }
  }
  child = bot = null;
});

const envOf = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: folder,
  XDG_CACHE_HOME: join(tmpdir(), 'tocsin-test-cache'),
  npm_config_update_notifier: 'false',
  ...more,
});

/** Begun so, and ready; resolves with all that it writes, and when the last of its processes has ended. */
async function begin([command, ...args]: string[], env: NodeJS.ProcessEnv = {}) {
  folder = scratchFolder('ways-');
  writeFileSync(
    join(folder, 'tocsin.json'),
    JSON.stringify({ baseline: null, sources: [], database: join(folder, 'kept.db') }),
  );
  const begun = spawn(command!, [...args, '--config', join(folder, 'tocsin.json')], { cwd: ROOT, env: envOf(env) });
  child = begun;
  let said = '';
  const ready = new Promise<void>((done, failed) => {
    begun.stdout.resume();
    begun.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/ INFO +Ready/.test(said)) done();
    });
    begun.once('exit', () => failed(new Error(`It ended before it was ready: ${said}`)));
  });
  // Its pipes are closed when nobody is left that could write to them.
  const ended = once(begun, 'close');
  await ready;
  bot = beatOf().pid;
  return { begun, ended, said: () => said };
}

function beatOf(): { pid: number } {
  using db = new DatabaseSync(join(folder, 'kept.db'), { readOnly: true });
  const row = db.prepare("select value from states where namespace = 'app' and key = 'heartbeat'").get();
  return JSON.parse(String(row!.value));
}

const ask = (...args: string[]) =>
  spawnSync(process.execPath, ['src/main.ts', ...args, '--config', join(folder, 'tocsin.json')], {
    cwd: ROOT,
    env: envOf(),
    encoding: 'utf8',
  });

/** What those say who ask now. */
const asked = () => [
  ask('status').stdout.split('\n')[0]!.replace(/;.*/, ''),
  JSON.parse(ask('status', '--json').stdout).running,
  ask('check', '--alive').stdout.replace(/:.*\n/, ''),
  ask('check', '--alive').status,
];
const RUNS = ['Running', true, 'alive', 0];
const STOPPED = ['Not running', false, 'not alive', 1];

describe.each(WAYS)('%s', (name, command) => {
  const env = name.startsWith('npm') || name.startsWith('npx') ? [{}, OLDER] : [{}];
  test.each(env)(
    'SIGTERM to it (%o): ended in time, and known at once',
    async (more) => {
      const { begun, ended, said } = await begin(command, more);
      expect(asked()).toEqual(RUNS);
      const began = performance.now();
      begun.kill('SIGTERM');
      await ended;
      expect(performance.now() - began).toBeLessThan(LIMIT);
      expect(said()).toMatch(/INFO +Stopped/);
      expect(asked()).toEqual(STOPPED);
    },
    90_000,
  );
});

test('killed with no time for a word: known at once, too', async () => {
  const { begun, ended } = await begin([process.execPath, 'src/tocsin.mjs', 'start']);
  begun.kill('SIGKILL');
  await ended;
  expect(asked()).toEqual(STOPPED);
}, 60_000);
