import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing; the topmost that was made, undefined = it was there. One by one: Node's own recursive `mkdir` never
 * returns where the system says "no such file" of a folder whose parent is there, as under /proc. Throws what the system says.
 */
export function makeFolders(folder: string, mode: number = 0o777): string | undefined {
  if (existsSync(folder)) return undefined;
  const above = dirname(folder);
  const first = above === folder ? undefined : makeFolders(above, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Somebody else was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return first ?? folder;
}
