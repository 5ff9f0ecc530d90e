import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { parseAddress } from '../../core/judge/address.ts';
import { type ComponentVerdict, mergeComponents, type TargetVerdict } from '../../core/judge/verdict.ts';
import type { HostTarget } from './target.ts';

const member = v.strictObject({
  /** Host name, or an address where the service is identified by addresses. */
  host: v.string(),
  ports: v.optional(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))), [443]),
  /** https: handshake and page; tls: handshake; tcp: the connection alone counts. */
  check: v.optional(v.picklist(['https', 'tls', 'tcp']), 'https'),
});
const component = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
  rule: v.optional(v.picklist(['any', 'all']), 'all'),
  required: v.optional(v.boolean(), true),
  throughput: v.optional(v.boolean(), false),
  /** File of pinned roots beside this one. */
  ca: v.optional(v.nullable(v.string()), null),
  members: v.pipe(v.array(member), v.minLength(1), v.maxLength(40)),
});
const schema = v.record(
  v.string(),
  v.strictObject({ components: v.pipe(v.array(component), v.minLength(1), v.maxLength(10)) }),
);

const HOME = new URL('../../../config/', import.meta.url);

/** The bundled catalogue of services as components, by service id. */
export async function loadServicePlans(): Promise<Map<string, ServicePlan>> {
  const data = v.parse(schema, parse(await readFile(new URL('service-components.yaml', HOME), 'utf8')));
  const plans = new Map<string, ServicePlan>();
  for (const [id, service] of Object.entries(data)) {
    const components: ComponentPlan[] = [];
    for (const c of service.components) {
      const ca = c.ca ? await readFile(new URL(c.ca, HOME), 'utf8') : null;
      components.push({
        id: c.id,
        rule: c.rule,
        required: c.required,
        throughput: c.throughput,
        members: c.members.flatMap((m) =>
          m.ports.map((port) => ({
            key: `${m.host}:${port}`,
            host: {
              name: m.host,
              port,
              addresses: parseAddress(m.host) ? [m.host] : [],
              ca,
              page: m.check === 'https' && port === 443,
              tcpOnly: m.check === 'tcp',
            },
          })),
        ),
      });
    }
    plans.set(id, { id, components });
  }
  return plans;
}

/** A service as its components; see `config/service-components.yaml`. */
export interface ServicePlan {
  id: string;
  components: ComponentPlan[];
}

interface ComponentPlan {
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
