// The one file that is no TypeScript: what a worker starts with is never in the compile cache, and the type stripper that a .ts file
// would load costs 18 MB for as long as the process lives. With the cache on, what follows needs no stripper.
import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

if (workerData.compileCache) enableCompileCache(workerData.compileCache);
const { serve } = await import('./read-feed.ts');
serve(parentPort);
