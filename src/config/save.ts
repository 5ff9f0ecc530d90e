/** A configuration file on the disk, for the commands that change it. */
import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TocsinError } from '../core/errors.ts';
import { makeFolders } from './folder.ts';

/** What stands in it now; '' where there is no such file yet. */
export async function configText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw cannot('read', file, error);
  }
}

/**
 * Writes it whole or not at all: beside its place first, then in one step. Who may read it stays as it was; a new one gets `mode`. Throws
 * `usage` where another wrote to it since `before` was read: nobody's change is lost.
 */
export async function saveConfig(
  file: string,
  before: string,
  text: string,
  { mode = 0o644 }: { mode?: number } = {},
): Promise<void> {
  // What a link leads to is written, not the link.
  const place = await realpath(file).catch(() => file);
  if ((await configText(place)) !== before)
    throw new TocsinError('usage', `${file} has just been changed by somebody else: nothing was written. Try again.`);
  const beside = `${place}.${process.pid}.partial`;
  try {
    makeFolders(dirname(place));
    const kept = await stat(place).then(
      (one) => one.mode & 0o777,
      () => mode,
    );
    const handle = await open(beside, 'wx', kept);
    try {
      await handle.chmod(kept);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, place).catch(async (error: NodeJS.ErrnoException) => {
      // A file that is mounted by itself, as into a container, cannot be replaced, only written.
      if (error.code !== 'EBUSY') throw error;
      await writeFile(place, text);
    });
  } catch (error) {
    throw cannot('written', file, error);
  } finally {
    await rm(beside, { force: true }).catch(() => {});
  }
}

function cannot(what: 'read' | 'written', file: string, error: unknown): TocsinError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unexpected error';
  return new TocsinError('usage', `${file} cannot be ${what} (${code}).`, { file }, error);
}
