import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { SCHEMA_VERSION } from './migrate.ts';
import type { Session } from './session.ts';
import { TABLES, type TableShape } from './tables.ts';

/**
 * The form of an export, one JSON value a line:
 *
 *     {"tocsin":"export","format":1,"schema":1,"at":"2026-02-01T00:00:00.000Z"}
 *     {"table":"chats","columns":["id","level",…]}
 *     [1,1,…]                                          one row, in the order of the columns
 *     {"end":"chats","rows":1,"checksum":"…"}          after each table
 *     {"end":"export","tables":18,"rows":1}            the last line: without it the file was cut off
 *
 * A table's checksum is the SHA-256 of its row lines in the order of its key, a line feed after each. Both dialects keep numbers and
 * texts alike and sort alike, so equal content has equal checksums.
 */
export const FORMAT = 1;
const PAGE = 2_000;

type Row = Record<string, unknown>;

export interface TableDigest {
  table: string;
  rows: number;
  checksum: string;
}

export async function* dump(session: Session, now: number): AsyncGenerator<string> {
  yield JSON.stringify({ tocsin: 'export', format: FORMAT, schema: SCHEMA_VERSION, at: new Date(now).toISOString() });
  let total = 0;
  for (const table of TABLES) {
    yield JSON.stringify({ table: table.name, columns: Object.keys(table.columns) });
    const sum = new RowSum();
    for await (const line of lines(session, table)) {
      sum.add(line);
      yield line;
    }
    total += sum.rows;
    yield JSON.stringify({ end: table.name, rows: sum.rows, checksum: sum.checksum() });
  }
  yield JSON.stringify({ end: 'export', tables: TABLES.length, rows: total });
}

export async function digest(session: Session): Promise<TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of TABLES) {
    const sum = new RowSum();
    for await (const line of lines(session, table)) sum.add(line);
    digests.push({ table: table.name, rows: sum.rows, checksum: sum.checksum() });
  }
  return digests;
}

export class RowSum {
  rows = 0;
  readonly #hash = createHash('sha256');
  #pending: string[] = [];

  add(line: string): void {
    this.rows++;
    this.#pending.push(line, '\n');
    // One call of the hash for many lines: a call costs more than a line.
    if (this.#pending.length >= 512) this.#flush();
  }

  checksum(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#pending.join(''));
    this.#pending = [];
  }
}

/** All rows in the order of the key, a page at a time, each page found by the last row's key. */
async function* lines(session: Session, table: TableShape): AsyncGenerator<string> {
  const columns = Object.keys(table.columns);
  const key = sql.join(table.key.map((column) => sql.ref(column)));
  let last: unknown[] | null = null;
  for (;;) {
    const after: RawBuilder<unknown> = last === null ? sql`` : sql`where (${key}) > (${sql.join(last)})`;
    const { rows }: { rows: Row[] } = await sql<Row>`
      select ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.table(table.name)} ${after} order by ${key} limit ${PAGE}
    `.execute(session.db);
    for (const row of rows) yield JSON.stringify(columns.map((column) => row[column]));
    const end: Row | undefined = rows.at(-1);
    if (rows.length < PAGE || end === undefined) return;
    last = table.key.map((column) => end[column]);
  }
}
