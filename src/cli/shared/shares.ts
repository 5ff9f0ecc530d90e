import { iso } from '../../core/model/incident-line.ts';
import type { LeaseBoard } from '../../core/ports/leases.ts';

interface Share {
  process: string;
  roles: readonly string[];
  startedAt: string | null;
  holds: { lease: string; since: string | null }[];
  waitsFor: readonly string[];
}

/** Which processes live on the database, and who holds what since when; `nobody`: held by a process that is not seen any more. */
export function sharesOf({ processes, leases }: LeaseBoard): { processes: Share[]; nobody: string[] } {
  const live = new Set(processes.map(({ id }) => id));
  const holds = (id: string) =>
    leases
      .filter((one) => one.processId === id && !one.expired)
      .map(({ name, since }) => ({ lease: name, since: iso(since) }));
  return {
    processes: processes.map(({ id, label, roles, startedAt, waitsFor }) => ({
      process: label,
      roles,
      startedAt: iso(startedAt),
      holds: holds(id),
      waitsFor,
    })),
    nobody: leases.filter((one) => one.expired || !live.has(one.processId)).map(({ name }) => name),
  };
}

/** For people: a line a process. Nothing where one process has the database to itself. */
export const shareLines = ({ processes, nobody }: ReturnType<typeof sharesOf>): string[] => [
  ...processes.map(
    ({ process, startedAt, holds, waitsFor }) =>
      `Process ${process} since ${startedAt}: holds ${holds.map(({ lease, since }) => `${lease} (since ${since})`).join(', ') || 'nothing'}; waits for ${waitsFor.join(', ') || 'nothing'}.`,
  ),
  ...(nobody.length > 0 ? [`Nobody holds ${nobody.join(', ')} at this moment.`] : []),
];
