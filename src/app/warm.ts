import { flushCompileCache } from 'node:module';
import { stampFilled } from '../begin.mjs';

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
    () => import('../config/press.ts'),
    () => import('../pictures/host.ts'),
    () => import('../sources/rss/read-feed.ts'),
    () => import('../sources/rss/site.ts'),
    () => import('../core/commands/look/timeline-document.ts'),
    ...[...adapterKinds, ...sourceKinds].map((kind) => () => kind.load()),
  ];
  // One that cannot be read here is left to the start, which says why.
  for (const part of parts) await part().catch(() => null);
}

/** Fills the cache, which must be enabled. Never throws: without a cache all goes on, with more memory. */
export async function fillCache(cache: string): Promise<void> {
  try {
    await readParts();
    flushCompileCache();
    stampFilled(cache);
  } catch {
    // Nothing to be written to, for instance: filled anew at each start.
  }
}
