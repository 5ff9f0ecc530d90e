import { sql } from 'kysely';
import { TocsinError } from '../../core/errors.ts';
import { FORMAT, RowSum, type TableDigest } from './dump.ts';
import { rowsOf } from './lists.ts';
import { SCHEMA_VERSION } from './migrate.ts';
import type { Session } from './session.ts';
import { TABLES, type TableShape } from './tables.ts';

const BATCH = 1_000;
/** How often progress is reported, lines. */
const TELL = 10_000;

const invalid = (message: string, line: number) =>
  new TocsinError('import_invalid', `Line ${line}: ${message}`, { line });

interface OpenTable {
  shape: TableShape;
  columns: string[];
  sum: RowSum;
  batch: (string | number | null)[][];
}

/**
 * Reads an export (`dump.ts`) into an empty database: all of it in one transaction, or nothing. Counts and checksums are compared with
 * those of the file. Throws `import_invalid` with the number of the line that is wrong.
 */
export async function restore(
  session: Session,
  lines: AsyncIterable<string>,
  progress: (lines: number) => void = () => {},
): Promise<TableDigest[]> {
  return session.atomically(async (inner) => {
    await assertEmpty(inner);
    const digests: TableDigest[] = [];
    let open: OpenTable | null = null;
    let ended = false;
    let number = 0;
    for await (const line of lines) {
      number++;
      if (number % TELL === 0) progress(number);
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
        if (open.batch.length >= BATCH) await flush(inner, open);
        continue;
      }
      const { table, end } = value as { table?: unknown; end?: unknown };
      if (typeof table === 'string' && !open) {
        open = opened(value as { table: string; columns?: unknown }, digests, number);
      } else if (open && end === open.shape.name) {
        await flush(inner, open);
        digests.push(closed(open, value as { rows?: unknown; checksum?: unknown }, number));
        open = null;
      } else if (!open && end === 'export') {
        assertWhole(value as { tables?: unknown; rows?: unknown }, digests, number);
        ended = true;
      } else throw invalid('not a line of an export.', number);
    }
    if (!ended)
      throw new TocsinError(
        'import_invalid',
        'The export ends too early: its last line is missing. Nothing was imported.',
      );
    progress(number);
    await fixSerials(inner);
    return digests;
  }, 'once');
}

async function assertEmpty({ db }: Session): Promise<void> {
  for (const { name } of TABLES) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db);
    if (rows.length > 0)
      throw new TocsinError('import_invalid', `The database is not empty (${name} has rows): import into a new one.`, {
        table: name,
      });
  }
}

function parsed(line: string, number: number): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Reported below.
  }
  throw invalid(number === 1 ? 'this is no export of Tocsin.' : 'not a line of an export.', number);
}

function assertHeader(value: object): void {
  const { tocsin, format, schema } = value as { tocsin?: unknown; format?: unknown; schema?: unknown };
  if (tocsin !== 'export' || typeof format !== 'number' || typeof schema !== 'number')
    throw invalid('this is no export of Tocsin.', 1);
  if (format > FORMAT || schema > SCHEMA_VERSION)
    throw new TocsinError(
      'import_invalid',
      `The export was written by a newer Tocsin (format ${format}, schema ${schema}; this one knows ${FORMAT} and ${SCHEMA_VERSION}): import it with that one or a newer one.`,
      { format, schema },
    );
}

function opened(value: { table: string; columns?: unknown }, before: TableDigest[], number: number): OpenTable {
  const shape = TABLES.find(({ name }) => name === value.table);
  if (!shape || before.some(({ table }) => table === value.table))
    throw invalid('an unknown table, or one that came before.', number);
  const columns = value.columns;
  if (
    !Array.isArray(columns) ||
    columns.length === 0 ||
    !columns.every((column) => Object.hasOwn(shape.columns, column))
  )
    throw invalid(`unknown columns of ${shape.name}.`, number);
  return { shape, columns, sum: new RowSum(), batch: [] };
}

function addRow(open: OpenTable, row: unknown[], line: string, number: number): void {
  const { shape, columns } = open;
  const fits =
    row.length === columns.length &&
    row.every((cell, i) => {
      if (cell === null) return true;
      return shape.columns[columns[i]!] === 'int' ? Number.isSafeInteger(cell) : typeof cell === 'string';
    });
  if (!fits) throw invalid(`not a row of ${shape.name}.`, number);
  open.batch.push(row as (string | number | null)[]);
  open.sum.add(line);
}

async function flush({ dialect, db }: Session, open: OpenTable): Promise<void> {
  if (open.batch.length === 0) return;
  const { shape, columns, batch } = open;
  const kinds = Object.fromEntries(columns.map((column) => [column, shape.columns[column]!]));
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(shape.name)} (${names}) select ${names} from ${rowsOf(dialect, kinds, batch)} as r`.execute(
    db,
  );
  open.batch = [];
}

function closed({ shape, sum }: OpenTable, end: { rows?: unknown; checksum?: unknown }, number: number): TableDigest {
  const digest = { table: shape.name, rows: sum.rows, checksum: sum.checksum() };
  if (end.rows !== digest.rows || end.checksum !== digest.checksum)
    throw invalid(
      `${shape.name} has ${digest.rows} rows that do not match the count or checksum of the export; it was changed or damaged.`,
      number,
    );
  return digest;
}

function assertWhole(end: { tables?: unknown; rows?: unknown }, digests: TableDigest[], number: number): void {
  const rows = digests.reduce((sum, digest) => sum + digest.rows, 0);
  if (end.tables !== digests.length || end.rows !== rows) throw invalid('a table is missing.', number);
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
