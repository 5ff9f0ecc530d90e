import { TocsinError } from '../../core/errors.ts';
import { ALL_ROLES } from '../../core/lease/plan.ts';
import type { Role } from '../../core/ports/leases.ts';

/** `--role ingest,bot`: what this process does; absent: everything. Throws `usage`, naming what is wrong and what there is. */
export function rolesOf(given: string | undefined): readonly Role[] {
  if (given === undefined) return ALL_ROLES;
  const named = given.split(',').map((one) => one.trim());
  const unknown = named.filter((one) => !(ALL_ROLES as readonly string[]).includes(one));
  if (unknown.length > 0)
    throw new TocsinError(
      'usage',
      `--role ${given}: ${unknown[0] === '' ? 'a role is missing' : `there is no role "${unknown[0]!.slice(0, 40)}"`}. Name one or more of ${ALL_ROLES.join(', ')}, with commas between; without --role a process does all of it.`,
    );
  return ALL_ROLES.filter((role) => named.includes(role));
}
