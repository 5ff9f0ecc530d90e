import type { Clock } from '../ports/clock.ts';
import type { LeaseBoard, LeaseName, Role } from '../ports/leases.ts';
import type { Log } from '../ports/log.ts';
import { ALL_ROLES, wantedBy } from './plan.ts';

/** Processes that start one after the other, or again, are given so long, ms. */
const PATIENCE = 30_000;

const roleOf = (name: LeaseName): Role =>
  name === 'ingest' ? 'ingest' : name.startsWith('receive/') ? 'bot' : 'deliver';

/** Says, once, when something is done by no process and no process that lives would do it; and when all of it is done again. Called with each look. */
export function createUnservedWatch(
  deps: { clock: Clock; log: Log },
  accounts: readonly string[],
): (board: LeaseBoard) => void {
  const { clock, log } = deps;
  const all = wantedBy(ALL_ROLES, accounts, new Set());
  const since = new Map<LeaseName, number>();
  let said = '';
  return ({ leases, processes }) => {
    const now = clock.monotonic();
    const served = new Set([
      ...leases.filter(({ expired }) => !expired).map(({ name }) => name),
      ...processes.flatMap(({ waitsFor }) => waitsFor),
    ]);
    for (const name of all)
      if (served.has(name)) since.delete(name);
      else if (!since.has(name)) since.set(name, now);
    const idle = [...since].filter(([, at]) => now - at >= PATIENCE).map(([name]) => name);
    const names = idle.join(' ');
    if (names === said) return;
    said = names;
    if (idle.length === 0) return log.info('Everything is done by some process again');
    const roles = [...new Set(idle.map(roleOf))].join(',');
    log.warn('No process does this, and none waits for it: start one with these roles', { leases: names, roles });
  };
}
