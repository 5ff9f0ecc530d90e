/** Under systemd, or in a container that runs by itself, nobody sits at a terminal; and the service is another user than root. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { deps } from '../../contract/store/samples.ts';
import { scratchFolder } from '../../fakes/scratch.ts';

const COMMAND = join(import.meta.dirname, '../../../src/tocsin.mjs');
const NOBODY = 65_534;
const HOOK = 'accounts: [{ id: hook, platform: webhook, url: "http://127.0.0.1:9/", preset: slack, follow: [all] }]\n';

function run(args: string[], folder: string, who: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {}) {
  return spawnSync(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: [openSync('/dev/null', 'r'), 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: folder, TOCSIN_DATABASE: ':memory:' },
    timeout: 40_000,
    ...who,
  });
}

test('start without an account and without a terminal: code 2 and what to do, for nobody would hear it', () => {
  const folder = scratchFolder('nobody-');
  writeFileSync(join(folder, 'tocsin.yaml'), 'sources: []\n');
  const { status, stderr } = run(['start', '--config', 'tocsin.yaml'], folder);
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^tocsin: Nobody would hear this bot: .*TELEGRAM_TOKEN/)]);
}, 60_000);

test('a second start on one database: refused, and it names the process that runs', async () => {
  const folder = scratchFolder('second-');
  writeFileSync(join(folder, 'tocsin.yaml'), `database: kept.db\n${HOOK}sources: []\n`);
  const store = await openStore(join(folder, 'kept.db'), deps);
  await store.state('app').set('heartbeat', { at: Date.now(), pid: 4711 });
  const { status, stderr } = run(['start', '--config', 'tocsin.yaml'], folder, { env: { PATH: process.env.PATH } });
  await store.close();
  expect([status, stderr]).toEqual([1, expect.stringMatching(/Another Tocsin is running on .* It is process 4711\./)]);
}, 60_000);

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)(
  "a secret of root's alone: refused by its name; one of the service's user: read",
  () => {
    const folder = scratchFolder('service-');
    const own = { uid: NOBODY, gid: NOBODY };
    mkdirSync(join(folder, 'secrets'), { mode: 0o700 });
    const secret = join(folder, 'secrets/url');
    writeFileSync(secret, 'http://127.0.0.1:9/', { mode: 0o600 });
    const file = join(folder, 'tocsin.yaml');
    writeFileSync(file, `${HOOK.replace('"http://127.0.0.1:9/"', 'file:secrets/url')}sources: []\n`, { mode: 0o600 });
    chmodSync(folder, 0o750);
    for (const path of [folder, join(folder, 'secrets'), file]) chownSync(path, NOBODY, NOBODY);

    const refused = run(['check', '--offline', '--config', file], folder, own);
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/secrets\/url.*EACCES|may not be read|cannot be read/),
    ]);
    chownSync(secret, NOBODY, NOBODY);
    expect(run(['check', '--offline', '--config', file], folder, own)).toMatchObject({ stderr: '' });
  },
  90_000,
);
