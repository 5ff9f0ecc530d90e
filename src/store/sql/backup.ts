import { createHash } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RawBuilder, sql } from 'kysely';
import { type Loose, json } from '../../core/answers.ts';
import { afterwards, TocsinError } from '../../core/errors.ts';
import type { TableDigest } from '../../core/ports/store.ts';
import { SCHEMA_VERSION } from './migrate.ts';
import { tables } from './schema.ts';
import type { Session } from './session.ts';
import { rowsOf } from './values.ts';

interface TableShape {
  name: string;
  columns: Record<string, 'int' | 'text'>;
  key: string[];
  serial: string | undefined;
}

/** Every table but `meta` and `kept_rows`. */
export const TABLES: readonly TableShape[] = Object.entries(tables).map(([name, shape]) => ({ name, ...shape }));

/** Keys of encrypted rooms, which are written and read only where they are asked for. */
const KEYS: TableShape = {
  name: 'kept_rows',
  columns: { namespace: 'text', bucket: 'text', key: 'text', value: 'text' },
  key: ['namespace', 'bucket', 'key'],
  serial: undefined,
};
const ALL = [...TABLES, KEYS];

/**
 * The form of an export, one JSON value a line:
 *
 *     {"tocsin":"export","format":1,"schema":1,"at":"2026-02-01T00:00:00.000Z"}
 *     {"table":"chats","columns":["id","level",…]}
 *     [1,1,…]                                          one row, in the order of the columns
 *     {"end":"chats","rows":1,"checksum":"…"}          after each table
 *     {"end":"export","tables":18,"rows":1}            the last line: without it the file was cut off
 *
 * Keys of encrypted rooms are a table more (`kept_rows`) where they were asked for.
 *
 * A table's checksum is the SHA-256 of its row lines in the order of its key, a line feed after each. Both dialects keep numbers and
 * texts alike and sort alike, so equal content has equal checksums.
 */
const FORMAT = 1;
const PAGE = 2_000;

type Row = Record<string, unknown>;

export async function* dump(session: Session, now: number, withKeys = false): AsyncGenerator<string> {
  const written = withKeys ? ALL : TABLES;
  yield JSON.stringify({ tocsin: 'export', format: FORMAT, schema: SCHEMA_VERSION, at: new Date(now).toISOString() });
  let total = 0;
  for (const table of written) {
    yield JSON.stringify({ table: table.name, columns: Object.keys(table.columns) });
    const { rows, checksum } = yield* lines(session, table);
    total += rows;
    yield JSON.stringify({ end: table.name, rows, checksum });
  }
  yield JSON.stringify({ end: 'export', tables: written.length, rows: total });
}

export async function digest(session: Session): Promise<TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of TABLES) {
    const read = lines(session, table);
    let step = await read.next();
    while (!step.done) step = await read.next();
    digests.push(step.value);
  }
  return digests;
}

export class RowSum {
  rows = 0;
  readonly #hash = createHash('sha256');

  add(line: string): void {
    this.rows++;
    this.#hash.update(`${line}\n`);
  }

  checksum(): string {
    return this.#hash.digest('hex');
  }
}

/** All rows in the order of the key, a page at a time, each page found by the last row's key; at last what they come to. */
async function* lines(session: Session, { name, columns, key: keys }: TableShape): AsyncGenerator<string, TableDigest> {
  const names = Object.keys(columns);
  const key = sql.join(keys.map((column) => sql.ref(column)));
  const sum = new RowSum();
  let last: unknown[] | null = null;
  for (;;) {
    const after: RawBuilder<unknown> = last === null ? sql`` : sql`where (${key}) > (${sql.join(last)})`;
    const { rows }: { rows: Row[] } = await sql<Row>`
      select ${sql.join(names.map((column) => sql.ref(column)))} from ${sql.table(name)} ${after} order by ${key} limit ${PAGE}
    `.execute(session.db);
    for (const row of rows) {
      const line = JSON.stringify(names.map((column) => row[column]));
      sum.add(line);
      yield line;
    }
    const end: Row | undefined = rows.at(-1);
    if (rows.length < PAGE || end === undefined) return { table: name, rows: sum.rows, checksum: sum.checksum() };
    last = keys.map((column) => end[column]);
  }
}

const BATCH = 1_000;

const invalid = (message: string, line: number) =>
  new TocsinError('import_invalid', `Line ${line}: ${message}`, { line });

interface OpenTable {
  shape: TableShape;
  columns: string[];
  sum: RowSum;
  batch: (string | number | null)[][];
}

/** Reads an export into an empty database: all of it in one transaction, or nothing. Throws as `readExport` does. */
export async function restore(session: Session, lines: AsyncIterable<string>): Promise<TableDigest[]> {
  return session.atomically(async (inner) => {
    await assertEmpty(inner);
    const digests = await readExport(lines, (open) => flush(inner, open));
    await fixSerials(inner);
    return digests;
  }, 'once');
}

/**
 * Reads an export, and hands its rows out a batch at a time. Counts and checksums are compared with those of the file. Throws `import_invalid` with
 * the number of the line that is wrong.
 */
export async function readExport(
  lines: AsyncIterable<string>,
  take: (open: OpenTable) => Promise<void>,
): Promise<TableDigest[]> {
  const digests: TableDigest[] = [];
  let open: OpenTable | null = null;
  let ended = false;
  let number = 0;
  const hand = async (from: OpenTable): Promise<void> => {
    if (from.batch.length > 0) await take(from);
    from.batch = [];
  };
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    if (ended) throw invalid('there is more after the end of the export.', number);
    const value = parsed(line, number);
    if (number === 1) {
      assertHeader(value);
      continue;
    }
    if (Array.isArray(value)) {
      if (!open) throw invalid('a row outside of a table.', number);
      addRow(open, value, line, number);
      if (open.batch.length >= BATCH) await hand(open);
      continue;
    }
    const { table, end } = value;
    if (typeof table === 'string' && !open) open = opened(value, digests, number);
    else if (open && end === open.shape.name) {
      await hand(open);
      digests.push(closed(open, value, number));
      open = null;
    } else if (!open && end === 'export') {
      const rows = digests.reduce((sum, digest) => sum + digest.rows, 0);
      if (value.tables !== digests.length || value.rows !== rows) throw invalid('a table is missing.', number);
      ended = true;
    } else throw invalid('not a line of an export.', number);
  }
  const early = 'The export ends too early: its last line is missing. Nothing was imported.';
  if (!ended) throw new TocsinError('import_invalid', early);
  return digests;
}

async function assertEmpty({ db }: Session): Promise<void> {
  for (const { name } of ALL) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db);
    const said = `The database is not empty (${name} has rows): import into a new one.`;
    if (rows.length > 0) throw new TocsinError('import_invalid', said, { table: name });
  }
}

function parsed(line: string, number: number): Loose | unknown[] {
  const value = json(line);
  if (typeof value === 'object' && value !== null) return value as Loose | unknown[];
  throw invalid(number === 1 ? 'this is no export of Tocsin.' : 'not a line of an export.', number);
}

function assertHeader(value: object): void {
  const { tocsin, format, schema } = value as Loose;
  if (tocsin !== 'export' || typeof format !== 'number' || typeof schema !== 'number')
    throw invalid('this is no export of Tocsin.', 1);
  if (format > FORMAT || schema > SCHEMA_VERSION)
    throw new TocsinError(
      'import_invalid',
      `The export was written by a newer Tocsin (format ${format}, schema ${schema}; this one knows ${FORMAT} and ${SCHEMA_VERSION}): import it with that one or a newer one.`,
      { format, schema },
    );
}

function opened({ table, columns }: Loose, before: TableDigest[], number: number): OpenTable {
  const shape = ALL.find(({ name }) => name === table);
  if (!shape || before.some((one) => one.table === table))
    throw invalid('an unknown table, or one that came before.', number);
  const isKnown = (column: unknown): boolean => Object.hasOwn(shape.columns, column as string);
  if (!Array.isArray(columns) || columns.length === 0 || !columns.every(isKnown))
    throw invalid(`unknown columns of ${shape.name}.`, number);
  return { shape, columns, sum: new RowSum(), batch: [] };
}

function addRow(open: OpenTable, row: unknown[], line: string, number: number): void {
  const { shape, columns } = open;
  const isInt = (at: number): boolean => shape.columns[columns[at]!] === 'int';
  const fits = (cell: unknown, at: number): boolean =>
    cell === null || (isInt(at) ? Number.isSafeInteger(cell) : typeof cell === 'string');
  if (row.length !== columns.length || !row.every(fits)) throw invalid(`not a row of ${shape.name}.`, number);
  open.batch.push(row as (string | number | null)[]);
  open.sum.add(line);
}

async function flush({ dialect, db }: Session, { shape, columns, batch }: OpenTable): Promise<void> {
  const kinds = Object.fromEntries(columns.map((column) => [column, shape.columns[column]!]));
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`
    insert into ${sql.table(shape.name)} (${names}) select ${names} from ${rowsOf(dialect, kinds, batch)} as r
  `.execute(db);
}

function closed({ shape, sum }: OpenTable, end: Loose, number: number): TableDigest {
  const digest = { table: shape.name, rows: sum.rows, checksum: sum.checksum() };
  const wrong = 'rows that do not match the count or checksum of the export; it was changed or damaged.';
  if (end.rows !== digest.rows || end.checksum !== digest.checksum)
    throw invalid(`${shape.name} has ${digest.rows} ${wrong}`, number);
  return digest;
}

/** Rows came with their numbers; the next ones go on after them. SQLite keeps that by itself. */
async function fixSerials({ dialect, db }: Session): Promise<void> {
  if (dialect !== 'postgres') return;
  for (const { name, serial } of TABLES) {
    if (serial === undefined) continue;
    await sql`
      select setval(pg_get_serial_sequence(${name}, ${serial}), max(${sql.ref(serial)})) from ${sql.table(name)} having max(${sql.ref(serial)}) is not null
    `.execute(db);
  }
}

/** Lines that are written at a time; bytes that are read. */
const CHUNK = 500;
const READ = 262_144;

/**
 * The lines again, from a file of this user alone that has no name any more once it is filled. `source` is read to its end at the speed of
 * the disk, then `done` is called, before the first line is handed out: however slow the reader is, nobody waits for it.
 * `folders`: where the file may lie, the first that can be written to.
 */
export async function* spooled(
  source: AsyncIterable<string>,
  folders: readonly string[],
  done: () => Promise<void>,
): AsyncGenerator<string> {
  const { handle, close } = await anonymous(folders);
  await using _ = afterwards(() => close());
  try {
    for await (const chunk of chunksOf(source))
      await handle.appendFile(chunk).catch((error: unknown) => {
        throw noRoom(error);
      });
  } finally {
    await done();
  }
  yield* linesOf(handle);
}

async function anonymous(folders: readonly string[]): Promise<{ handle: FileHandle; close(): Promise<void> }> {
  let failure: unknown = null;
  for (const folder of [...folders, tmpdir()]) {
    try {
      const own = await mkdtemp(join(folder, '.tocsin-export-'));
      const handle = await open(join(own, 'lines'), 'wx+', 0o600);
      // Without a name a killed export leaves nothing behind; a system that keeps the name has it removed at the end.
      await rm(own, { recursive: true, force: true }).catch(() => undefined);
      const close = async () => {
        await handle.close();
        await rm(own, { recursive: true, force: true }).catch(() => undefined);
      };
      return { handle, close };
    } catch (error) {
      failure = error;
    }
  }
  throw noRoom(failure);
}

async function* chunksOf(source: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  let lines = 0;
  for await (const line of source) {
    chunk += `${line}\n`;
    if (++lines % CHUNK > 0) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** By line feeds alone: within a line of JSON may stand what others take for the end of one. */
async function* linesOf(handle: FileHandle): AsyncGenerator<string> {
  let rest = '';
  const how = { start: 0, encoding: 'utf8', highWaterMark: READ, autoClose: false } as const;
  for await (const chunk of handle.createReadStream(how)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}

const noRoom = (error: unknown): TocsinError => {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return new TocsinError(
    'store_failed',
    `The export finds no place for its lines (${code ?? 'unexpected error'}): it needs about as much free space beside the database, or in TMPDIR, as the database takes.`,
    { reason: code ?? null },
    error,
  );
};
