/** The maker's process: how it is begun, held and ended. */
import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export function startMaker(script: URL): ChildProcess {
  const cache = compileCacheFolder();
  return fork(fileURLToPath(script), {
    execArgv: ['--max-old-space-size=96', '--max-semi-space-size=4'],
    // Nothing of ours that is secret, and nothing that would change how it runs.
    env: cache ? { NODE_COMPILE_CACHE: cache } : {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** Only what is under way keeps this process from ending. */
export function holdMaker(maker: ChildProcess | null, on: boolean): void {
  if (on) {
    maker?.ref();
    maker?.channel?.ref();
  } else {
    maker?.unref();
    maker?.channel?.unref();
  }
}

/** At once, and nobody hears of it. */
export function endMaker(maker: ChildProcess): void {
  maker.removeAllListeners();
  // One that is being ended may still report its end.
  maker.on('error', () => {});
  maker.kill('SIGKILL');
}

/** Node adds a folder for its version and flags; whoever we start is given the one above, and adds the same. */
function compileCacheFolder(): string | undefined {
  const own = getCompileCacheDir();
  return own && dirname(own);
}
