import {
  closeSync,
  copyFileSync,
  fstatSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { TocsinError } from '../../core/errors.ts';
import { storeFailed } from './errors.ts';

/** "TOCS": stands in the header of each data file that we made (`pragma application_id`). */
export const APPLICATION_ID = 0x54_4f_43_53;
const MAGIC = 'SQLite format 3\0';
const HEADER = 100;
const ID_AT = 68;
const MAX_LINKS = 40;
/** A journal that is looked into before its database is known to be ours, bytes: what a first start that was killed leaves behind. */
const MAX_JOURNAL = 64_000_000;

export interface DataFile {
  /** The file itself: absolute, every link on the way followed, also of one that is not there yet. */
  file: string;
  exists: boolean;
}

/**
 * Which file a path means, and whether it may be used: one that is not there, or one of ours. Changes nothing, not even the mode or a
 * journal beside it. Throws `store_failed` with what stands there and what to do.
 */
export function findDataFile(path: string): DataFile {
  const found = follow(resolve(path), path);
  if (found.exists) assertOurs(found.file, path);
  return found;
}

function follow(start: string, path: string): DataFile {
  let at = start;
  for (let links = 0; links <= MAX_LINKS; links++) {
    try {
      const stat = lstatSync(at, { throwIfNoEntry: false });
      if (!stat) return { file: join(realFolder(dirname(at)), basename(at)), exists: false };
      if (!stat.isSymbolicLink()) return { file: realpathSync(at), exists: true };
      at = resolve(dirname(at), readlinkSync(at));
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
    if (statSync(at, { throwIfNoEntry: false })) return join(realpathSync(at), ...missing.reverse());
    if (dirname(at) === at) return folder;
    missing.push(basename(at));
  }
}

function assertOurs(file: string, path: string): void {
  const ownFile = 'name a file of its own for Tocsin';
  const stat = statSync(file);
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
    fd = openSync(file, 'r');
  } catch (error) {
    throw refused(path, `may not be read (${codeOf(error)})`, 'give the user that runs Tocsin the right to it');
  }
  try {
    if (!fstatSync(fd).isFile()) throw refused(path, 'is no ordinary file', 'name a file of its own for Tocsin');
    const bytes = Buffer.alloc(HEADER);
    return bytes.subarray(0, readSync(fd, bytes, 0, HEADER, 0));
  } finally {
    closeSync(fd);
  }
}

/** A file from before the header said whose it is: known by its tables. */
function looksOurs(file: string, path: string): boolean {
  const tables = tablesOf(file, path);
  if (tables.length > 0) return areOurs(tables);
  // A first start that was killed: everything may still be in the journal, which is looked at in a copy.
  const journal = `${file}-wal`;
  const size = statSync(journal, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0 || size > MAX_JOURNAL) return false;
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-look-'));
  try {
    copyFileSync(file, join(folder, 'x'));
    copyFileSync(journal, join(folder, 'x-wal'));
    const db = new DatabaseSync(join(folder, 'x'));
    try {
      return areOurs(namesIn(db));
    } finally {
      db.close();
    }
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const areOurs = (tables: readonly string[]): boolean =>
  tables.includes('meta') &&
  (tables.length === 1 || ['seen', 'incidents', 'deliveries'].every((name) => tables.includes(name)));

/** `immutable`: SQLite then makes no journal and no lock beside the file, and does not look for them. */
function tablesOf(file: string, path: string): string[] {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(url, { readOnly: true });
    return namesIn(db);
  } catch (error) {
    const { reason } = storeFailed(error).facts;
    throw refused(path, `cannot be read (${reason})`, 'restore a backup, or name a file of its own for Tocsin');
  } finally {
    db?.close();
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
