import { type RawBuilder, sql } from 'kysely';
import type { DeliveryOp, DeliveryState, Priority } from '../../core/model/alert.ts';
import { LEVELS, type Level } from '../../core/model/incident.ts';
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
