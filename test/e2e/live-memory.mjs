/**
 * Loaded before the program (`node --import`): at SIGUSR2 it collects all garbage, and writes what is alive afterwards into the file that TOCSIN_TEST_LIVE names. How
 * much waits for a collection depends on how busy the machine is; what is alive does not.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.TOCSIN_TEST_LIVE ?? '';
const megabytes = (/** @type {number} */ bytes) => Math.round(bytes / 2 ** 20);
/** Found by the program itself, which is begun with it. */
const collect = () => /** @type {any} */ (globalThis).gc({ type: 'major', execution: 'async', flavor: 'last-resort' });

if (isMainThread && file !== '')
  process.on('SIGUSR2', async () => {
    // What waits to be finalized is gone after the second.
    await collect();
    await collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    writeFileSync(`${file}.part`, JSON.stringify({ live: megabytes(heapUsed + external), rss: megabytes(rss) }));
    renameSync(`${file}.part`, file);
  });
