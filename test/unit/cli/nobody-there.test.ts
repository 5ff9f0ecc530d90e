/** Under systemd, or in a container that runs by itself, nobody sits at a terminal; and the service is another user than root. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { deps } from '../../contract/store/samples.ts';
import { scratchFolder } from '../../fakes/scratch.ts';
import { leaveOut } from '../../fakes/shared.ts';

const ROOT = join(import.meta.dirname, '../../..');
const COMMAND = join(ROOT, 'src/tocsin.mjs');
const NOBODY = 65_534;
const HOOK = 'accounts: [{ id: hook, platform: webhook, url: "http://127.0.0.1:9/", preset: slack, follow: [all] }]\n';

function run(args: string[], folder: string, env: NodeJS.ProcessEnv = {}, command = [process.execPath, COMMAND]) {
  return spawnSync(command[0]!, [...command.slice(1), ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: [openSync('/dev/null', 'r'), 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: folder, TOCSIN_DATABASE: ':memory:', ...env },
    timeout: 40_000,
  });
}

/** As the user of a service. This checkout may lie where root alone may enter: it is seen in the folder, by a mount that ends with the program. */
function runAsNobody(args: string[], folder: string) {
  const seen = join(folder, 'checkout');
  mkdirSync(seen, { recursive: true });
  const script = 'mount --bind "$1" "$2" && shift 2 && exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"';
  const program = [process.execPath, COMMAND].map((path) => join(seen, relative(ROOT, path)));
  return run(args, folder, {}, ['unshare', '--mount', 'sh', '-c', script, 'sh', ROOT, seen, ...program]);
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
  const { status, stderr } = run(['start', '--config', 'tocsin.yaml'], folder, { TOCSIN_DATABASE: undefined });
  await store.close();
  expect([status, stderr]).toEqual([1, expect.stringMatching(/Another Tocsin is running on .* It is process 4711\./)]);
}, 60_000);

test("a secret of root's alone: refused by its name; one of the service's user: read", (context) => {
  if (process.getuid?.() !== 0) leaveOut(context, 'needs root');
  const folder = scratchFolder('service-');
  mkdirSync(join(folder, 'secrets'), { mode: 0o700 });
  const secret = join(folder, 'secrets/url');
  writeFileSync(secret, 'http://127.0.0.1:9/', { mode: 0o600 });
  const file = join(folder, 'tocsin.yaml');
  writeFileSync(file, `${HOOK.replace('"http://127.0.0.1:9/"', 'file:secrets/url')}sources: []\n`, { mode: 0o600 });
  chmodSync(folder, 0o750);
  for (const path of [folder, join(folder, 'secrets'), file]) chownSync(path, NOBODY, NOBODY);

  const refused = runAsNobody(['check', '--offline', '--config', file], folder);
  expect([refused.status, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/secrets\/url.*EACCES|may not be read|cannot be read/),
  ]);
  chownSync(secret, NOBODY, NOBODY);
  expect(runAsNobody(['check', '--offline', '--config', file], folder)).toMatchObject({ stderr: '' });
}, 90_000);
