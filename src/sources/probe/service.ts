import { type ComponentVerdict, mergeComponents } from '../../core/judge/components.ts';
import type { TargetVerdict } from '../../core/judge/verdict.ts';
import type { HostTarget } from './target.ts';

/** A service as its components; see `config/service-components.yaml`. */
export interface ServicePlan {
  id: string;
  components: ComponentPlan[];
}

export interface ComponentPlan {
  id: string;
  /** `any`: a pool, one working member is enough. `all`: every member must work. */
  rule: 'any' | 'all';
  /** Without it the service does not work; false = reported, but decides nothing. */
  required: boolean;
  /** Measure speed here. */
  throughput: boolean;
  members: { key: string; host: HostTarget }[];
}

export function mergeService(
  plan: ServicePlan,
  verdictOf: (key: string) => TargetVerdict | null,
): { verdict: TargetVerdict; component: string | null } {
  const components: ComponentVerdict[] = plan.components.map((c) => ({
    id: c.id,
    rule: c.rule,
    required: c.required,
    members: c.members.map((m) => verdictOf(m.key)).filter((v) => v !== null),
  }));
  return mergeComponents(components);
}
