import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { VantageCheckDeps } from '../kind.ts';
import type { Vantage } from './config.ts';
import { loadFingerprints } from './fingerprints.ts';
import { checkGate } from './gate.ts';
import { createSession } from './session.ts';

/** Is the own line fit to judge anything? The check that opens every round, once; no target is touched. */
export async function checkVantage(
  vantage: unknown,
  folder: string,
  { clock, ids, signal }: VantageCheckDeps,
): Promise<{ ok: boolean; detail: string }> {
  const own = vantage as Vantage;
  const roots = own.ca ? [await readFile(resolve(folder, own.ca), 'utf8')] : [];
  const session = createSession(own, { clock, ids, fingerprints: await loadFingerprints(), roots });
  try {
    const { gate } = await checkGate(session, signal);
    if (gate.offline) return { ok: false, detail: `vantage_offline:${gate.offline}` };
    return { ok: true, detail: `the line is fit to measure; ${own.targets.length} targets` };
  } finally {
    session.close();
  }
}
