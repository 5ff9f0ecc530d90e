#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newEnough, run } from './launch.mjs';

/** Compiled code is kept in a folder of the user's own: one that others can write to could be given code that is not ours. */
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tocsin', `node-${process.version}`);

/**
 * For glibc, elsewhere without effect: one heap instead of one a thread (helpers of V8 and libuv leave theirs half empty), and the sizes that
 * it begins with kept, in bytes; by itself it raises them after the first large piece, and then keeps what it was given back.
 */
const ALLOCATOR = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };

/** A file of its own, because this one is read before there is a cache. */
const RUN = fileURLToPath(new URL('run.ts', import.meta.url));
/** The last: for `app/housekeeping.ts`. */
const FLAGS = ['--min-semi-space-size=4', '--max-semi-space-size=4', '--v8-pool-size=1', '--expose-gc'];

if (newEnough()) await start();
// `node src/main.ts` with the Node of the system: those from 22.18 on get as far as this line.
else run([fileURLToPath(import.meta.url), ...process.argv.slice(2)]);

async function start(): Promise<void> {
  // The long-running bot starts over in the same process with the cache named from outside, filled before (then Node need not even load
  // the TypeScript stripper: 17 MB of resident memory), a small nursery of the heap (14 MB), and memory that goes back to the system once it is
  // freed (5 MB), and when the start is over (16 MB); docs/decisions/memory-and-start.md has the figures. Every other command only gets the
  // faster start.
  const { directory } = enableCompileCache(cache);
  if (
    process.argv[2] === 'start' &&
    !process.env.NODE_COMPILE_CACHE &&
    process.execve &&
    process.platform !== 'win32'
  ) {
    const { warmCache } = await import('./app/warm.ts');
    if (directory) await warmCache(directory);
    try {
      process.execve(
        process.execPath,
        [process.execPath, ...FLAGS, ...process.execArgv, RUN, ...process.argv.slice(2)],
        {
          ...ALLOCATOR,
          ...process.env,
          NODE_COMPILE_CACHE: cache,
        },
      );
    } catch {
      // Not here: go on as we are.
    }
  }
  const { run: runHere } = await import('./run.ts');
  await runHere();
}
