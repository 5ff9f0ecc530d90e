import { once } from 'node:events';
import fs from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import TROUBLES from '../../config/trouble-texts.json' with { type: 'json' };
import { atEnd, orNull, TocsinError } from '../core/errors.ts';
import { isBusy, storeFailed } from './sql/session.ts';

/** "TOCS": stands in the header of each data file that we made (`pragma application_id`). */
export const APPLICATION_ID = 0x54_4f_43_53;
const MAGIC = 'SQLite format 3\0';
const HEADER = 100;
const ID_AT = 68;
const MAX_LINKS = 40;
/** A journal that is looked into before its database is known to be ours, bytes: what a first start that was killed leaves behind. */
const MAX_JOURNAL = 64_000_000;

/**
 * Which file a path means, and whether it may be used: one that is not there, or one of ours. Changes nothing, not even the mode or a
 * journal beside it. Throws `store_failed` with what stands there and what to do. `file`: the file itself: absolute, every link on the way followed, also of
 * one that is not there yet.
 */
export function findDataFile(path: string) {
  const found = follow(resolve(path), path);
  if (found.exists) assertOurs(found.file, path);
  return found;
}

function follow(start: string, path: string) {
  let at = start;
  for (let links = 0; links <= MAX_LINKS; links++) {
    try {
      const stat = fs.lstatSync(at, { throwIfNoEntry: false });
      if (!stat) return { file: join(realFolder(dirname(at)), basename(at)), exists: false };
      if (!stat.isSymbolicLink()) return { file: fs.realpathSync(at), exists: true };
      at = resolve(dirname(at), fs.readlinkSync(at));
    } catch (error) {
      throw refused(path, `cannot be looked at (${codeOf(error)})`, 'name another place, or give this user the right');
    }
  }
  throw refused(path, 'is a link that leads in a circle', 'name the file itself');
}

/** The real path of a folder, as far as it is there. */
function realFolder(folder: string): string {
  const missing: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (fs.statSync(at, { throwIfNoEntry: false })) return join(fs.realpathSync(at), ...missing.reverse());
    if (dirname(at) === at) return folder;
    missing.push(basename(at));
  }
}

function assertOurs(file: string, path: string): void {
  const ownFile = 'name a file of its own for Tocsin';
  const stat = fs.statSync(file);
  if (stat.isDirectory()) throw refused(path, 'is a folder', 'name a file in it');
  if (!stat.isFile()) throw refused(path, 'is no ordinary file', ownFile);
  if (stat.size === 0)
    throw refused(path, 'is an empty file that Tocsin did not make', `delete it if nobody needs it, or ${ownFile}`);
  const header = headerOf(file, path);
  if (header.subarray(0, MAGIC.length).toString('latin1') !== MAGIC)
    throw refused(path, 'is no database: the file is something else', ownFile);
  const id = header.length >= HEADER ? header.readUInt32BE(ID_AT) : 0;
  if (id === APPLICATION_ID) return;
  if (id !== 0 || !looksOurs(file, path)) throw refused(path, 'is the database of another program', ownFile);
}

function headerOf(file: string, path: string): Buffer {
  let fd: number;
  try {
    fd = fs.openSync(file, 'r');
  } catch (error) {
    throw refused(path, `may not be read (${codeOf(error)})`, 'give the user that runs Tocsin the right to it');
  }
  using _ = atEnd(() => fs.closeSync(fd));
  if (!fs.fstatSync(fd).isFile()) throw refused(path, 'is no ordinary file', 'name a file of its own for Tocsin');
  const bytes = Buffer.alloc(HEADER);
  return bytes.subarray(0, fs.readSync(fd, bytes, 0, HEADER, 0));
}

/** A file from before the header said whose it is: known by its tables. */
function looksOurs(file: string, path: string): boolean {
  const tables = tablesOf(file, path);
  if (tables.length > 0) return areOurs(tables);
  // A first start that was killed: everything may still be in the journal, which is looked at in a copy.
  const journal = `${file}-wal`;
  const size = fs.statSync(journal, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0 || size > MAX_JOURNAL) return false;
  using folder = fs.mkdtempDisposableSync(join(tmpdir(), 'tocsin-look-'));
  const copy = join(folder.path, 'x');
  try {
    fs.copyFileSync(file, copy);
    fs.copyFileSync(journal, `${copy}-wal`);
    using db = new DatabaseSync(copy);
    return areOurs(namesIn(db));
  } catch {
    return false;
  }
}

const areOurs = (tables: readonly string[]): boolean =>
  tables.includes('meta') &&
  (tables.length === 1 || ['seen', 'incidents', 'deliveries'].every((name) => tables.includes(name)));

/** `immutable`: SQLite then makes no journal and no lock beside the file, and does not look for them. */
function tablesOf(file: string, path: string): string[] {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  try {
    using db = new DatabaseSync(url, { readOnly: true });
    return namesIn(db);
  } catch (error) {
    const { reason } = storeFailed(error).facts;
    throw refused(path, `cannot be read (${reason})`, 'restore a backup, or name a file of its own for Tocsin');
  }
}

const namesIn = (db: DatabaseSync): string[] =>
  db
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' limit 200")
    .all()
    .map((row) => String(row.name));

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unexpected error';

const refused = (path: string, what: string, remedy: string): TocsinError =>
  new TocsinError('store_failed', `The database ${path} ${what}: ${remedy}. Nothing was changed.`, {
    reason: 'not a database of ours',
  });

/** Longer than whoever asks whether a bot runs (`isHeld`) has the lock for, ms. */
const LOOK_MS = 200;

/**
 * The writer's lock: an exclusive transaction on a file beside the data. The system drops it when the process ends in whatever way, readers of
 * the data file do not meet it, and containers that share the folder do. `file`: the real path; `path`: as people named it.
 */
export function lockBeside(file: string, path: string): DatabaseSync {
  const name = `${file}.lock`;
  const stat = fs.lstatSync(name, { throwIfNoEntry: false });
  const taken = `${name} stands where Tocsin locks its database, and is something else: move it away, or name another database. Nothing was changed.`;
  if (stat && (!stat.isFile() || stat.size > 0))
    throw new TocsinError('store_failed', taken, { reason: 'not a lock of ours' });
  fs.closeSync(fs.openSync(name, 'a', 0o600));
  const lock = new DatabaseSync(name, { timeout: LOOK_MS });
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    throw isBusy(error) ? locked(path) : error;
  }
}

/**
 * Does a process hold it, by this name or another? Null = that is not to be seen: there is no lock beside it that might be looked at. Whoever
 * starts at that moment waits for the look (`LOOK_MS`).
 */
export async function isHeld(file: string): Promise<boolean | null> {
  if (await answersAt(file)) return true;
  const name = `${file}.lock`;
  if (!fs.existsSync(name)) return null;
  try {
    using lock = new DatabaseSync(name, { readOnly: true, timeout: 0 });
    namesIn(lock);
    return false;
  } catch (error) {
    return isBusy(error) ? true : null;
  }
}

/** The socket of `holdInode`; also false from within another container. */
async function answersAt(file: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const socket = connect(inodeSocket(fs.statSync(file, { bigint: true })));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const inodeSocket = ({ dev, ino }: { dev: bigint; ino: bigint }): { path: string } => ({
  path: `\0tocsin/${dev}/${ino}`,
});

export type Held = Awaited<ReturnType<typeof holdInode>>;

/**
 * Holds the file itself, whatever name it goes by (a hard link, a bind mount of the file alone): on Linux by a socket without a place in the
 * file system that is named after the inode, and that the system drops with the process. Elsewhere a file with two names is refused.
 */
export async function holdInode(file: string, path: string) {
  const stat = fs.statSync(file, { bigint: true });
  const { nlink } = stat;
  if (process.platform !== 'linux') {
    const names = `The database ${path} has ${nlink} names (hard links), and a bot might run on another: copy it, and name the copy.`;
    if (nlink > 1n) throw new TocsinError('store_failed', names, { reason: 'more than one name' });
    return { release: () => {} };
  }
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      // Where there are no such sockets the lock beside the file has to do.
      if (error.code === 'EADDRINUSE') reject(locked(path));
      else resolve();
    });
    server.listen(inodeSocket(stat), resolve);
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

const MAX_DEPTH = 64;
const WHY: Partial<Record<string, string>> = TROUBLES.folder;

/**
 * Makes a folder and those above it that are missing, for this user alone. One by one: Node's own recursive `mkdir` never returns where the
 * system says "no such file" of a folder whose parent is there, as under /proc. Throws `store_failed` with what, where and the remedy.
 */
export function makeFolder(path: string, depth = 0): void {
  if (depth > MAX_DEPTH) throw cannotMake(path, 'it lies too deep', null);
  const isThere = (): boolean => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    if (stat && !stat.isDirectory()) throw cannotMake(path, 'a file stands in the way', null);
    return stat !== undefined;
  };
  try {
    if (isThere()) return;
    makeFolder(dirname(path), depth + 1);
    fs.mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (error instanceof TocsinError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    // Somebody else was quicker.
    if (code === 'EEXIST' && orNull(isThere)) return;
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

/**
 * Notices that a database's file (or the journal, which holds what was written last) went from its place while it is open: the system
 * goes on writing into a file that nobody can reach any more. Ask as often as you like; null = all is well.
 */
export function watchFile(file: string): () => 'deleted' | 'replaced' | null {
  const opened = identityOf(file);
  let journal = identityOf(`${file}-wal`);
  return () => {
    const now = identityOf(file);
    if (now === null) return 'deleted';
    if (opened !== now) return 'replaced';
    const journalNow = identityOf(`${file}-wal`);
    if (journal !== null && journal !== journalNow) return journalNow === null ? 'deleted' : 'replaced';
    // Made with the first write, and there as long as the database is open.
    journal = journalNow;
    return null;
  };
}

/** Which file it is, whatever it is called. Null also where a folder above it is gone, or may not be entered any more. */
function identityOf(path: string): string | null {
  const stat = orNull(() => fs.statSync(path, { bigint: true }));
  return stat && `${stat.dev}/${stat.ino}`;
}
