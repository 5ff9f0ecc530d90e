import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { DeliveryOp, DeliveryState, Priority } from '../../core/model/alert.ts';
import { LEVELS, type Level } from '../../core/model/incident.ts';
import { type Schema, tables } from './schema.ts';
import type { DialectName } from './session.ts';

type Kind = 'int' | 'text';

/** Is the column one of these values? One parameter however long the list is, so that statements stay few. */
export function among(dialect: DialectName, column: string, kind: Kind, values: readonly (string | number)[]) {
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

/** The same of objects that have the columns' names as keys. */
export const tableOf = <Column extends string>(
  dialect: DialectName,
  columns: Record<Column, Kind>,
  rows: readonly Readonly<Record<NoInfer<Column>, string | number | null>>[],
): RawBuilder<never> =>
  rowsOf(
    dialect,
    columns,
    rows.map((row) => (Object.keys(columns) as Column[]).map((name) => row[name])),
  );

/** Text as both dialects can keep it: PostgreSQL refuses NUL, and a lone surrogate is no UTF-8. */
export const plain = (text: string): string => {
  const clean = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return clean.isWellFormed() ? clean : clean.toWellFormed();
};

const tidy = <T>(value: T): T => (typeof value === 'string' ? (plain(value) as T) : value);

/** A number or text whose type PostgreSQL cannot tell from its place. */
export const int = (value: number): RawBuilder<number> => sql<number>`cast(${value} as bigint)`;
export const text = (value: string | null): RawBuilder<string> => sql<string>`cast(${value} as text)`;

/** Numbers for the words of hot tables. They stand in databases: append, never reorder. */
export const PRIORITIES: readonly Priority[] = ['reply', 'critical', 'alert', 'digest'];
export const OPS: readonly DeliveryOp[] = ['send', 'edit', 'reply'];
const DELIVERY_STATES: readonly DeliveryState[] = ['queued', 'sending', 'sent', 'failed', 'gone', 'superseded', 'held'];

export const levelNo = (level: Level): number => LEVELS.indexOf(level);
export const levelOf = (no: number): Level => LEVELS[no]!;
export const priorityNo = (priority: Priority): number => PRIORITIES.indexOf(priority);
export const priorityOf = (no: number): Priority => PRIORITIES[no]!;
export const opOf = (no: number): DeliveryOp => OPS[no]!;
export const stateOf = (no: number): DeliveryState => DELIVERY_STATES[no]!;

export const OP = { send: 0, edit: 1, reply: 2 } as const;
export const STATE = { queued: 0, sending: 1, sent: 2, failed: 3, gone: 4, superseded: 5, held: 6 } as const;
export const isPending = ({ state }: { state: number }): boolean => state < STATE.sent;

/**
 * A delivery's id is `broadcast << 29 | chat << 2 | op`: unique by these three without a second index, in the order of
 * the walk, and within 2^53. Room for 16 million broadcasts and 134 million chats.
 */
export const CHAT_SPAN = 4;
export const BROADCAST_SPAN = 2 ** 29;
export const MAX_CHAT = BROADCAST_SPAN / CHAT_SPAN - 1;
export const MAX_BROADCAST = 2 ** 24 - 1;

export const deliveryId = (broadcastNo: number, chatId: number, op: number): number =>
  broadcastNo * BROADCAST_SPAN + chatId * CHAT_SPAN + op;

export const chatOfDelivery = (id: number): number => Math.floor((id % BROADCAST_SPAN) / CHAT_SPAN);

/** How a value stands in its column, where it does not stand there as it is. `as`: the field, where it has another name than the column. */
interface Form {
  as?: string;
  /** The field may be absent: null in the column. */
  isOptional?: true;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the column and the field hold
  read(value: any): unknown;
  // oxlint-disable-next-line typescript/no-explicit-any -- the same
  write(value: any): unknown;
}

const plainly: Form = { read: (value) => value, write: (value) => value };
export const named = (as: string, form: Form = plainly): Form => ({ ...form, as });
export const flag: Form = { read: (value) => value === 1, write: (value) => (value ? 1 : 0) };
export const level: Form = { read: levelOf, write: levelNo };
export const json: Form = {
  read: (value) => (value === null ? null : JSON.parse(value)),
  write: (value) => (value === null ? null : JSON.stringify(value)),
};
/** Part of a unique key: '' in the column. */
export const orEmpty: Form = { read: (value) => value || null, write: (value) => value ?? '' };
export const optional = ({ read, write, ...form }: Form = plainly): Form => ({
  ...form,
  isOptional: true,
  read: (value) => (value === null ? undefined : read(value)),
  write: (value) => (value === undefined || value === null ? null : write(value)),
});

type TableName = keyof typeof tables;

/**
 * The rows of a table and the objects that they keep, either way: the column `opened_at` is the field `openedAt`. `forms`: by column; null = it is no
 * field of the object. `prefix`: of the columns' names in the rows that are read.
 */
export function kept<Name extends TableName, Model extends object>(
  name: Name,
  forms: { [Column in keyof Schema[Name]]?: Form | null },
  prefix = '',
) {
  const columns = Object.keys(tables[name].columns).flatMap((column) => {
    const form = forms[column as keyof Schema[Name]];
    if (form === null) return [];
    const { as = camel(column), ...how } = form ?? plainly;
    return [{ column, from: `${prefix}${column}`, field: as, ...how }];
  });
  return {
    columns: columns.map(({ column }) => column),
    read(row: object): Model {
      const object: Record<string, unknown> = {};
      for (const { from, field, read } of columns) {
        const value = read((row as Record<string, unknown>)[from]);
        if (value !== undefined) object[field] = value;
      }
      return object as Model;
    },
    /** Of a part of the object that part of the row, and null where an optional field is absent. `more`: columns that are no fields. */
    write<More extends object = object>(object: Partial<Model>, more?: More) {
      const row: Record<string, unknown> = {};
      for (const { column, field, write, isOptional } of columns) {
        const value = (object as Record<string, unknown>)[field];
        if (value !== undefined || isOptional) row[column] = write(value);
      }
      return { ...row, ...more } as unknown as Selectable<Schema[Name]> & More;
    },
  };
}

const camel = (column: string): string => column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
