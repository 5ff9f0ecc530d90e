import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Before the first start after an installation: the files that a small bot may read, now or with some later command, go into Node's compile
 * cache, stripped of their types. Whoever runs with that cache never loads the stripper (17 MB of resident memory, kept to the end). What is left
 * out (PostgreSQL, the listener) gets there by being used, for the second start.
 */
async function readParts(): Promise<void> {
  const [{ adapterKinds }, { sourceKinds }] = await Promise.all([
    import('../adapters/index.ts'),
    import('../sources/index.ts'),
  ]);
  const parts: (() => Promise<unknown>)[] = [
    () => import('../run.ts'),
    () => import('../cli/index.ts'),
    () => import('../cli/start.ts'),
    () => import('./built-in-extractor.ts'),
    () => import('../core/commands/look/timeline-document.ts'),
    ...[...adapterKinds, ...sourceKinds].map((kind) => () => kind.load()),
  ];
  // One that cannot be read here is left to the start, which says why.
  for (const part of parts) await part().catch(() => null);
}

/** The stamp beside the cache: of which files it was filled. */
const STAMP = 'filled-from';

/**
 * Fills the cache, which must be enabled, unless it was filled from these very files: then nothing of the program is read here. Never
 * throws: without a cache all goes on, with more memory.
 */
export async function warmCache(cache: string): Promise<void> {
  try {
    const stamp = join(cache, STAMP);
    const now = fingerprint(join(import.meta.dirname, '..'));
    if (read(stamp) === now) return;
    await readParts();
    flushCompileCache();
    writeFileSync(stamp, now);
  } catch {
    // Nothing to be written to, for instance: filled anew at each start.
  }
}

/** Paths, sizes and times of all files below `folder`, as one short text. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const { size, mtimeMs } = statSync(join(folder, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
