import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { TocsinError } from '../core/errors.ts';

const MAX_DEPTH = 64;

/**
 * Makes a folder and those above it that are missing, for this user alone. One by one: Node's own recursive `mkdir` never returns where the
 * system says "no such file" of a folder whose parent is there, as under /proc. Throws `store_failed` with what, where and the remedy.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = path; !isFolder(at); at = dirname(at)) {
    missing.push(at);
    if (missing.length > MAX_DEPTH) throw cannotMake(path, 'it lies too deep', null);
  }
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Somebody else was quicker.
      if (code === 'EEXIST' && isFolder(folder)) continue;
      throw cannotMake(folder, WHY[code ?? ''] ?? `the system says ${code ?? 'nothing'}`, error);
    }
  }
}

const WHY: Record<string, string> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'the file system does not allow it',
  EEXIST: 'a file or a broken link has that name',
  ENOTDIR: 'a file stands in the way',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
};

function isFolder(path: string): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && !stat.isDirectory()) throw cannotMake(path, 'a file stands in the way', null);
    return stat !== undefined;
  } catch (error) {
    if (error instanceof TocsinError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw cannotMake(path, WHY[code ?? ''] ?? `the system says ${code ?? 'nothing'}`, error);
  }
}

const cannotMake = (path: string, why: string, cause: unknown): TocsinError =>
  new TocsinError(
    'store_failed',
    `The folder ${path} cannot be made: ${why}; name another place, or make the folder for the user that runs Tocsin.`,
    { reason: 'no such folder', detail: (cause as NodeJS.ErrnoException | null)?.code ?? null },
    cause ?? undefined,
  );
