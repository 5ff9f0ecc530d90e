import { closeSync, lstatSync, openSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { TocsinError } from '../../core/errors.ts';
import { isBusy } from './errors.ts';

/**
 * The writer's lock: an exclusive transaction on a file beside the data. The system drops it when the process ends in whatever way, readers of
 * the data file do not meet it, and containers that share the folder do. `file`: the real path; `path`: as people named it.
 */
export function lockBeside(file: string, path: string): DatabaseSync {
  const name = `${file}.lock`;
  const stat = lstatSync(name, { throwIfNoEntry: false });
  if (stat && (!stat.isFile() || stat.size > 0))
    throw new TocsinError(
      'store_failed',
      `${name} stands where Tocsin locks its database, and is something else: move it away, or name another database. Nothing was changed.`,
      { reason: 'not a lock of ours' },
    );
  closeSync(openSync(name, 'a', 0o600));
  const lock = new DatabaseSync(name, { timeout: 0 });
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    throw isBusy(error) ? locked(path) : error;
  }
}

export interface Held {
  release(): void;
}

/**
 * Holds the file itself, whatever name it goes by (a hard link, a bind mount of the file alone): on Linux by a socket without a place in the
 * file system that is named after the inode, and that the system drops with the process. Elsewhere a file with two names is refused.
 */
export async function holdInode(file: string, path: string): Promise<Held> {
  const { dev, ino, nlink } = statSync(file, { bigint: true });
  if (process.platform !== 'linux') {
    if (nlink > 1n)
      throw new TocsinError(
        'store_failed',
        `The database ${path} has ${nlink} names (hard links), and a bot might run on another: copy it, and name the copy.`,
        { reason: 'more than one name' },
      );
    return { release: () => {} };
  }
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      // Where there are no such sockets the lock beside the file has to do.
      if (error.code === 'EADDRINUSE') reject(locked(path));
      else resolve();
    });
    server.listen({ path: `\0tocsin/${dev}/${ino}` }, resolve);
  });
  server.on('error', () => {});
  server.unref();
  return { release: () => void server.close() };
}

const locked = (path: string): TocsinError =>
  new TocsinError(
    'store_locked',
    `Another Tocsin is running on ${path}, maybe by another name of it: stop it first, or give this one a database of its own (several processes on one database need PostgreSQL).`,
  );
