/**
 * How the long-running bot begins: with compiled code from a cache that was filled before, and with memory settings that only a new process takes
 * (docs/decisions/memory-and-start.md has the figures). Plain JavaScript, because the Node that only looks for another asks here, too.
 */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = dirname(fileURLToPath(import.meta.url));

/**
 * For glibc, elsewhere without effect: one heap instead of one a thread (helpers of V8 and libuv leave theirs half empty), and the sizes that
 * it begins with kept, in bytes; by itself it raises them after the first large piece, and then keeps what it was given back.
 */
const ALLOCATOR = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };

/** For `app/housekeeping.ts`. Code that was compiled without it is not taken by a process that has it: whoever fills the cache sets it, too. */
export const COLLECTOR_FLAG = '--expose-gc';
const SIZES = '--min-semi-space-size=4 --max-semi-space-size=4 --v8-pool-size=1';
const FLAGS = [...SIZES.split(' '), COLLECTOR_FLAG];

/** Compiled code is kept in a folder of the user's own: one that others can write to could be given code that is not ours. */
export const cacheOf = (version = process.version) =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tocsin', `node-${version}`);

/**
 * What a Node of this version is started with for `tocsin ARGS`; the operator's own flags and variables win. Null where it goes on as it is:
 * another command, Windows, or a cache that the operator chose.
 */
export function asBot(args, version = process.version, flags = []) {
  if (args[0] !== 'start' || process.env.NODE_COMPILE_CACHE || process.platform === 'win32') return null;
  const cache = cacheOf(version);
  return {
    cache,
    args: [...FLAGS, ...flags, join(SRC, 'run.ts'), ...args],
    env: { ...ALLOCATOR, ...process.env, NODE_COMPILE_CACHE: cache },
  };
}

/** The stamp beside the cache: of which files it was filled. */
const stampOf = (cache) => join(cache, 'filled-from');

const lineOf = (path) => `${Math.trunc(statSync(path).mtimeMs)} ${path}`;

/**
 * Was the cache filled from what lies here now? The folders' times are compared, which is sixty files to ask for and not five hundred: whatever
 * replaces a file changes its folder's. Who overwrites one in place has only some more memory used, until the next stop.
 */
export function isFilled(cache) {
  try {
    const lines = readFileSync(stampOf(cache), 'utf8').split('\n');
    return lines[0] === lineOf(SRC) && lines.every((line) => line === lineOf(line.slice(line.indexOf(' ') + 1)));
  } catch {
    return false;
  }
}

/** Throws where it cannot be written. */
export function stampFilled(cache) {
  const folders = readdirSync(SRC, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  const paths = [
    SRC,
    join(dirname(SRC), 'package.json'),
    ...folders.map(({ parentPath, name }) => join(parentPath, name)),
  ];
  writeFileSync(stampOf(cache), paths.map(lineOf).join('\n'));
}
