import { type RawBuilder, sql } from 'kysely';
import type { DialectName } from './session.ts';

type Kind = 'int' | 'text';

/** Is the column one of these values? One parameter however long the list is, so that statements stay few. */
export function among(
  dialect: DialectName,
  column: string,
  kind: Kind,
  values: readonly (string | number)[],
): RawBuilder<boolean> {
  const name = sql.ref(column);
  if (dialect === 'sqlite')
    return sql<boolean>`${name} in (select value from json_each(${JSON.stringify(values.map(tidy))}))`;
  return kind === 'int'
    ? sql<boolean>`${name} = any(${values}::bigint[])`
    : sql<boolean>`${name} = any(${values}::text[])`;
}

/**
 * Rows as a table, for `from`: `rowsOf(dialect, { id: 'int', hash: 'text' }, [[1, 'a'], [2, 'b']])` has the columns `id` and `hash`.
 * Values are numbers, strings or null, in the order of the columns.
 */
export function rowsOf(
  dialect: DialectName,
  columns: Record<string, Kind>,
  rows: readonly (readonly (string | number | null)[])[],
): RawBuilder<never> {
  const names = Object.keys(columns);
  if (dialect === 'sqlite') {
    const parts = names.map((name, i) => sql`value ->> ${sql.lit(i)} as ${sql.ref(name)}`);
    return sql`(select ${sql.join(parts)} from json_each(${JSON.stringify(rows.map((row) => row.map(tidy)))}))`;
  }
  const arrays = names.map((name, i) => {
    const column = rows.map((row) => row[i] ?? null);
    return columns[name] === 'int' ? sql`${column}::bigint[]` : sql`${column}::text[]`;
  });
  return sql`(select * from unnest(${sql.join(arrays)}) as u(${sql.join(names.map((name) => sql.ref(name)))}))`;
}

/** Text as both dialects can keep it: PostgreSQL refuses NUL, and a lone surrogate is no UTF-8. */
export const plain = (text: string): string => {
  const clean = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return clean.isWellFormed() ? clean : clean.toWellFormed();
};

const tidy = <T>(value: T): T => (typeof value === 'string' ? (plain(value) as T) : value);

/** A number or text whose type PostgreSQL cannot tell from its place. */
export const int = (value: number): RawBuilder<number> => sql<number>`cast(${value} as bigint)`;
export const text = (value: string | null): RawBuilder<string> => sql<string>`cast(${value} as text)`;
