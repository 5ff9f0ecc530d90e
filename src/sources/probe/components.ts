import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { parseAddress } from '../../core/judge/address.ts';
import { mergeComponents, type TargetVerdict } from '../../core/judge/verdict.ts';
import type { HostTarget } from './endpoint.ts';

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

/** A service as its components; see `config/service-components.yaml`. */
export interface ServicePlan {
  id: string;
  components: ComponentPlan[];
}

/**
 * `rule`: of a pool (`any`) one working member is enough, else every member must work. `required`: without it the service does not work; false =
 * reported, but decides nothing. `throughput`: speed is measured here.
 */
type ComponentPlan = Omit<v.InferOutput<typeof component>, 'ca' | 'members'> & {
  members: { key: string; host: HostTarget }[];
};

/** The bundled catalogue of services as components, by service id. */
export async function loadServicePlans(): Promise<Map<string, ServicePlan>> {
  const data = v.parse(schema, parse(await readFile(new URL('service-components.yaml', HOME), 'utf8')));
  const plans = new Map<string, ServicePlan>();
  for (const [id, { components }] of Object.entries(data))
    plans.set(id, { id, components: await Promise.all(components.map(planOf)) });
  return plans;
}

async function planOf({ ca: file, members, ...plan }: v.InferOutput<typeof component>): Promise<ComponentPlan> {
  const ca = file ? await readFile(new URL(file, HOME), 'utf8') : null;
  const hosts = members.flatMap(({ host: name, ports, check }) => {
    const addresses = parseAddress(name) ? [name] : [];
    const tcpOnly = check === 'tcp';
    return ports.map((port) => ({
      key: `${name}:${port}`,
      host: { name, port, addresses, ca, page: check === 'https' && port === 443, tcpOnly },
    }));
  });
  return { ...plan, members: hosts };
}

export const mergeService = (plan: ServicePlan, verdictOf: (key: string) => TargetVerdict | null) =>
  mergeComponents(
    plan.components.map((one) => ({
      ...one,
      members: one.members.map(({ key }) => verdictOf(key)).filter((verdict) => verdict !== null),
    })),
  );
