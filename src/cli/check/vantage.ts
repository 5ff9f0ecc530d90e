import { dirname } from 'node:path';
import { displayName } from '../../config/read.ts';
import type { VantageConfig } from '../../config/schema.ts';
import { sourceKinds } from '../../sources/index.ts';
import { type CheckDeps, failure, type Row, within } from './table.ts';

const DEADLINE_MS = 60_000;

/** Tries the operator's own vantage point by the kind of source that measures from it. */
export async function checkVantage({ file, data }: VantageConfig, deps: CheckDeps): Promise<Row[]> {
  const name = displayName(file, process.cwd());
  try {
    const kind = await sourceKinds.find((one) => one.vantage)!.vantage!.load();
    const { clock, ids } = deps;
    const check = (signal: AbortSignal) => kind.checkVantage(data, dirname(file), { clock, ids, signal });
    return [{ part: 'vantage', name, ...(await within(DEADLINE_MS, check, deps)) }];
  } catch (error) {
    return [failure('vantage', name, error)];
  }
}
