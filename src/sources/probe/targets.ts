import type { Vantage } from './config.ts';
import type { ProbeTarget } from './round.ts';
import type { ServicePlan } from './service.ts';

const HOST = /^(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

/** Id or host of the vantage file's `targets`, service of the catalogue, or a host name; null for anything else. `id` stays as typed. */
export function findTarget(
  typed: string,
  vantage: Vantage,
  plans: ReadonlyMap<string, ServicePlan>,
): ProbeTarget | null {
  const lower = typed.toLowerCase();
  const site = [...vantage.targets, ...vantage.reference_sites].find((t) => t.id === typed || t.name === lower);
  if (site) return { id: typed, kind: 'host', name: site.name };
  const service = plans.get(lower);
  if (service) return { id: typed, kind: 'service', service };
  return HOST.test(lower) ? { id: typed, kind: 'host', name: lower } : null;
}

/** The name that people type for it: asked at national resolvers. */
export function publicName(target: ProbeTarget): string | null {
  if (target.kind === 'host') return target.name;
  const web = target.service.components.find((c) => c.id === 'web') ?? target.service.components[0];
  const member = web?.members[0]?.host;
  return member && member.addresses.length === 0 ? member.name : null;
}
