/** Commands beside a bot that was begun elsewhere and with variables of its own, as under systemd: they look where it lives. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { scratchFolder } from '../fakes/scratch.ts';
import { Program } from './program.ts';

const COMMAND = join(import.meta.dirname, '../../src/tocsin.mjs');
const HOOK = {
  id: 'hook',
  platform: 'webhook',
  url: 'http://127.0.0.1:9/',
  secret: 'env:HOOK_SECRET',
  preset: 'standard',
  follow: ['all'],
};

test('status, webhooks, backup: from another folder, without the variables of the bot', async () => {
  const own = scratchFolder('tocsin-lives-');
  const program = await Program.create(
    { accounts: [{ id: 'console', platform: 'console' }, HOOK], sources: [] },
    { TOCSIN_DATABASE: 'elsewhere/kept.db', HOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  );
  onTestFinished(() => program.remove());
  const run = (args: string[], env: Record<string, string> = {}) =>
    spawnSync(process.execPath, [COMMAND, ...args, '--config', program.configFile], {
      cwd: own,
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', HOME: own, ...env },
    });
  await program.start();

  expect(run(['status']).stdout).toMatch(/^Running; /);
  expect(run(['webhooks']).stdout).toMatch(/^hook +standard at 127\.0\.0\.1:9/);
  const file = join(own, 'x.jsonl');
  expect(run(['backup', file])).toMatchObject({ status: 0, stderr: '' });
  expect(existsSync(file)).toBe(true);

  // Whoever names a database means that one; another configuration is another bot's.
  const named = run(['status'], {
    TOCSIN_DATABASE: join(own, 'none.db'),
    HOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  });
  expect([named.status, named.stderr]).toEqual([1, expect.stringContaining('There is no database at')]);
  const other = join(own, 'other.yaml');
  writeFileSync(other, 'sources: []\n');
  const stranger = spawnSync(process.execPath, [COMMAND, 'status', '--config', other], { cwd: own, encoding: 'utf8' });
  expect(stranger.stderr).toContain('There is no database at');

  expect(await program.stop()).toBe(0);
  expect(run(['status']).status).not.toBe(0);
}, 120_000);
