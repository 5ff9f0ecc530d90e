/**
 * `npm test` and `npm run test:all`, for whatever Node there is: runs vitest under the Node that the project brings along, and ends what hangs.
 * Plain JavaScript, since it starts before that Node is found. Arguments are vitest's own (`node test/run.mjs test/unit/route -t digest`), and
 * `--all`: what takes long as well (test/README.md). TOCSIN_TEST_MINUTES: after so many the run is ended (15, with --all 70).
 */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultOf, newEnough, packagedNode } from '../src/launch.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const all = given.includes('--all') || process.env.TOCSIN_REQUIRE_ALL === '1';
const minutes = Number(process.env.TOCSIN_TEST_MINUTES) || (all ? 70 : 15);

const packaged = packagedNode();
const fault = packaged ? faultOf(packaged) : null;
const node = packaged && !fault ? packaged : newEnough() ? process.execPath : null;
if (!node) {
  process.stderr.write(
    `tests: ${fault ?? 'the Node of this project is not there: run `npm ci`, without --omit=optional'}\n`,
  );
  process.exit(1);
}

const child = spawn(
  node,
  [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...given.filter((word) => word !== '--all')],
  {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    // A group of its own: what hangs is ended with all that it started.
    detached: process.platform !== 'win32',
    env: {
      ...process.env,
      PATH: `${dirname(realpathSync(node))}${delimiter}${process.env.PATH ?? ''}`,
      ...(all ? { TOCSIN_TEST_ALL: '1' } : {}),
    },
  },
);

/** @param {NodeJS.Signals} signal */
function end(signal) {
  try {
    if (process.platform === 'win32' || !child.pid) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}

let late = false;
const watchdog = setTimeout(() => {
  late = true;
  process.stderr.write(`\ntests: not done after ${minutes} minutes; what still ran stands above. Ended.\n`);
  end('SIGTERM');
  setTimeout(() => end('SIGKILL'), 10_000).unref();
}, minutes * 60_000);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => end(signal));

child.on('error', (error) => {
  clearTimeout(watchdog);
  process.stderr.write(`tests: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  clearTimeout(watchdog);
  // Workers that outlived it.
  end('SIGKILL');
  process.exit(late || signal ? 1 : (code ?? 1));
});
