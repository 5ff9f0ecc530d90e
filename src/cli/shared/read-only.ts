import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { SharedStore } from '../../core/ports/leases.ts';
import type { Log } from '../../core/ports/log.ts';
import { systemClock } from '../../platform/clock.ts';
import { createIds } from '../../platform/ids.ts';
import { createLog, createSecrets } from '../../platform/log.ts';
import { type OpenOptions, openStore } from '../../store/open.ts';

/** What the commands that only look share: config, and the store opened for reading beside a running bot; `beside`: to leave it a word. */
export async function openForReading(
  file: string | undefined,
  options: Pick<OpenOptions, 'beside'> = {},
): Promise<{ config: Config; store: SharedStore; clock: Clock; log: Log }> {
  const config = await loadConfig({ file: file ?? null, env: process.env, cwd: process.cwd() });
  const clock = systemClock;
  const log = createLog({ clock, level: config.logLevel, secrets: createSecrets(config.redactions) });
  const store = await openStore(config.database, { clock, log, ids: createIds(clock) }, { readOnly: true, ...options });
  return { config, store, clock, log };
}
