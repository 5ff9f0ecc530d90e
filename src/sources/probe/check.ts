import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { VantageCheckDeps } from '../kind.ts';
import type { Vantage } from './config.ts';
import { loadFingerprints } from './fingerprints.ts';
import { createSession } from './session.ts';
import { observeVantage } from './vantage-check.ts';

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
    const { vantageCheck } = await observeVantage(session, signal);
    if (vantageCheck.offline) return { ok: false, detail: `vantage_offline:${vantageCheck.offline}` };
    return { ok: true, detail: `the line is fit to measure; ${own.targets.length} targets` };
  } finally {
    session.close();
  }
}
