import { accessSync, constants, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';
const ENOUGH = 2 ** 30;

/**
 * A new folder for data files: in memory where the system has room there, else beside other temporary files. A store waits for its disk at each
 * commit, and most tests are not about the disk.
 */
export function scratchFolder(prefix: string): string {
  return mkdtempSync(join(roomInMemory() ? IN_MEMORY : tmpdir(), prefix));
}

function roomInMemory(): boolean {
  try {
    accessSync(IN_MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ENOUGH;
  } catch {
    return false;
  }
}
