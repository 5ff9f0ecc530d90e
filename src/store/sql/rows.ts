import { type InsertObject, type QueryResult, type RawBuilder, type Selectable, type UpdateObject, sql } from 'kysely';
import { type Schema, tables } from './schema.ts';
import type { Session } from './session.ts';
import { among } from './values.ts';

/** Rows of one table by the values of their columns. What asks for more than that is written as SQL where it is asked. */

type Name = keyof typeof tables;
type Row<N extends Name> = Selectable<Schema[N]>;

/** Each column's value (null = there is none), several that it may have, or what stands behind its name: `sql`> ${since}``. Undefined: any. */
export type Which<N extends Name> = {
  [Column in keyof Row<N>]?: Row<N>[Column] | readonly NonNullable<Row<N>[Column]>[] | RawBuilder<unknown> | undefined;
};

/** `order by`, `limit`, `returning` …: what the statement ends with. */
type End = RawBuilder<unknown>;

const NOTHING = sql``;
const NONE: QueryResult<never> = { rows: [], numAffectedRows: 0n };

function conditionOf<N extends Name>({ dialect }: Session, name: N, which: Which<N>): RawBuilder<unknown> {
  const parts = Object.entries(which).flatMap(([column, value]) => {
    if (value === undefined) return [];
    if (Array.isArray(value)) return among(dialect, column, tables[name].columns[column]!, value);
    if (value === null) return sql`${sql.ref(column)} is null`;
    return typeof value === 'object' ? sql`${sql.ref(column)} ${value}` : sql`${sql.ref(column)} = ${value}`;
  });
  return parts.length === 0 ? NOTHING : sql`where ${sql.join(parts, sql` and `)}`;
}

/** A column that may have one of no values: no row is like that, and nobody needs to be asked. */
const isNobody = (which: object): boolean => Object.values(which).some((one) => Array.isArray(one) && one.length === 0);

/** A value that is missing by mistake must not mean all rows where something is written or deleted. */
function assertExact(name: Name, which: object): void {
  const missing = Object.entries(which).find(([, value]) => value === undefined);
  if (missing) throw new TypeError(`No value for ${name}.${missing[0]}: nothing is written`);
}

export async function select<N extends Name>(
  session: Session,
  name: N,
  which: Which<N>,
  end: End = NOTHING,
): Promise<Row<N>[]> {
  if (isNobody(which)) return [];
  const where = conditionOf(session, name, which);
  return (await sql<Row<N>>`select * from ${sql.table(name)} ${where} ${end}`.execute(session.db)).rows;
}

/** The first of them; undefined = there is none. */
export const first = async <N extends Name>(...asked: Parameters<typeof select<N>>): Promise<Row<N> | undefined> =>
  (await select(...asked))[0];

export function insert<N extends Name>(
  { db }: Session,
  name: N,
  row: InsertObject<Schema, N>,
  end: End = NOTHING,
): Promise<QueryResult<Row<N>>> {
  const columns = sql.join(Object.keys(row).map((column) => sql.ref(column)));
  return sql<
    Row<N>
  >`insert into ${sql.table(name)} (${columns}) values (${sql.join(Object.values(row))}) ${end}`.execute(db);
}

export async function update<N extends Name>(
  session: Session,
  name: N,
  values: UpdateObject<Schema, N>,
  which: Which<N>,
  end: End = NOTHING,
): Promise<QueryResult<Row<N>>> {
  assertExact(name, which);
  const set = Object.entries(values).flatMap(([column, value]) =>
    value === undefined ? [] : sql`${sql.ref(column)} = ${value}`,
  );
  if (set.length === 0 || isNobody(which)) return NONE;
  const where = conditionOf(session, name, which);
  return await sql<Row<N>>`update ${sql.table(name)} set ${sql.join(set)} ${where} ${end}`.execute(session.db);
}

export async function remove<N extends Name>(
  session: Session,
  name: N,
  which: Which<N>,
  end: End = NOTHING,
): Promise<QueryResult<Row<N>>> {
  assertExact(name, which);
  if (isNobody(which)) return NONE;
  const where = conditionOf(session, name, which);
  return await sql<Row<N>>`delete from ${sql.table(name)} ${where} ${end}`.execute(session.db);
}

export async function count<N extends Name>(session: Session, name: N, which: Which<N>): Promise<number> {
  const where = conditionOf(session, name, which);
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)} ${where}`.execute(session.db);
  return Number(rows[0]!.n);
}

/** How many rows a statement has changed. */
export const changed = ({ numAffectedRows }: { numAffectedRows?: bigint | undefined }): number =>
  Number(numAffectedRows ?? 0);
