import type { Config } from '../config/schema.ts';
import { codeOf, messageOf } from '../core/errors.ts';
import type { DurableState, Forgettable } from '../core/ports/state.ts';
import { type Paint, printable } from '../platform/log.ts';
import type { Runtime } from './runtime.ts';

/** One line of `tocsin check`. */
export interface Row {
  part: 'config' | 'database' | 'account' | 'source' | 'vantage' | 'pictures';
  name: string;
  ok: boolean;
  /** What was found, or what is wrong. */
  detail: string;
}

export type CheckDeps = Runtime & { config: Config };

/** Columns as wide as they must be; the last one is left as it is. */
export function tableOf(rows: readonly Row[], paint: Paint = (_tone, text) => text): string {
  const width = (key: 'part' | 'name') => Math.min(40, Math.max(...rows.map((row) => row[key].length)));
  const [part, name] = [width('part'), width('name')];
  const line = (row: Row) =>
    `${row.ok ? paint('good', 'ok  ') : paint('bad', 'FAIL')}  ${row.part.padEnd(part)}  ${row.name.padEnd(name)}  ${oneLine(row.detail)}`.trimEnd();
  return rows.map(line).join('\n');
}

const oneLine = (text: string) => printable(text).slice(0, 300);

export function failure(part: Row['part'], name: string, error: unknown): Row {
  const code = codeOf(error);
  const message = messageOf(error);
  return { part, name, ok: false, detail: code === 'internal' ? message : `${code}: ${message}` };
}

/** State and cache that are forgotten at the end: a check must not change what the running bot knows. */
export function throwaway(): { state: DurableState; cache: Forgettable } {
  const kept = new Map<string, unknown>();
  const get = async (key: string) => kept.get(key);
  return {
    state: {
      get,
      set: async (key, value) => void kept.set(key, value),
      delete: async (key) => void kept.delete(key),
    },
    cache: {
      get: async () => undefined,
      set: async () => false,
      delete: async () => false,
    },
  };
}
