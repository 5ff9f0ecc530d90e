import { readFile } from 'node:fs/promises';
import { displayName } from '../../config/read.ts';
import type { VantageConfig } from '../../config/vantage.ts';
import { loadFingerprints } from '../../sources/probe/fingerprints.ts';
import { checkGate } from '../../sources/probe/gate.ts';
import { createSession } from '../../sources/probe/session.ts';
import { type CheckDeps, failure, type Row, within } from './table.ts';

const DEADLINE_MS = 60_000;

/** Is the own line fit to judge anything? The gate that opens every round, once; no target is touched. */
export async function checkVantage({ file, data }: VantageConfig, deps: CheckDeps): Promise<Row[]> {
  const name = displayName(file, process.cwd());
  try {
    const roots = data.ca ? [await readFile(data.ca, 'utf8')] : [];
    const { clock, ids } = deps;
    const session = createSession(data, { clock, ids, fingerprints: await loadFingerprints(), roots });
    try {
      const { gate } = await within(DEADLINE_MS, (signal) => checkGate(session, signal), deps);
      const targets = `${data.targets.length} targets`;
      const detail = gate.offline ? `vantage_offline:${gate.offline}` : `the line is fit to measure; ${targets}`;
      return [{ part: 'vantage', name, ok: gate.offline === null, detail }];
    } finally {
      session.close();
    }
  } catch (error) {
    return [failure('vantage', name, error)];
  }
}
