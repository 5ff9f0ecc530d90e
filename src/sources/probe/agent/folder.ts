import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TocsinError } from '../../../core/errors.ts';

/**
 * Makes a folder and those above it, for this user alone. One by one: Node's recursive `mkdir` never returns where the system says "no such
 * file" of a folder whose parent is there, as under /proc. Throws `usage` with where and the remedy.
 */
export async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
    // Somebody else was quicker.
    if (error.code === 'EEXIST' && (await stat(path).catch(() => null))?.isDirectory()) return;
    throw new TocsinError(
      'usage',
      `The folder ${path} cannot be made (${error.code ?? 'unexpected error'}): name another with --spool, or make it for the user that runs the agent.`,
      { reason: error.code ?? null },
      error,
    );
  });
}
