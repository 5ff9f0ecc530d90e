import { NATIONAL, PAGE_KNOWN } from '../../../core/judge/measured-report.ts';
import { AGENT_SOURCE, type Measurement } from '../../../core/model/measurement.ts';
import type { AgentConfig } from '../../../core/ports/agents.ts';
import type { Fingerprints } from '../fingerprints.ts';
import type { ServicePlan } from '../service.ts';
import { knownPage } from './pages.ts';

/** What is known of an agent's vantage points, learnt where the configuration does not say. JSON-able. */
export interface Names {
  vantage: string | null;
  asn: string | null;
  /** Resolvers of its country that it asks. */
  resolvers: string[];
}

/** What may come in, at all. */
export interface Known {
  /** Lower case; null = whatever it is. */
  targets: ReadonlySet<string> | null;
  plans: ReadonlyMap<string, ServicePlan>;
  prints: Pick<Fingerprints, 'blockPages' | 'benign'>;
}

export type Admission = { take: Measurement } | { refuse: string };

const DAY = 86_400_000;
const FUTURE = 5 * 60_000;
const MAX_RESOLVERS = 8;
/** A vantage file without a network of its own says this. */
const UNSTATED = 'AS0';

/**
 * One measurement of an agent: taken, under the name and network that the configuration gives to its token and with what the centre itself
 * finds in its pages, or refused with a reason. `names` is written to where a name is new and may be learnt.
 */
export function admit(
  measurement: Measurement,
  agent: AgentConfig,
  names: Names,
  { known, now }: { known: Known; now: number },
): Admission {
  if (measurement.at < now - 7 * DAY) return { refuse: 'it is older than a week' };
  const foreign = foreignName(measurement, agent, names) ?? foreignTarget(measurement, agent, known);
  if (foreign !== null) return { refuse: foreign };
  const tail = /\/.*/.exec(measurement.vantageId)?.[0] ?? '';
  return {
    take: {
      ...judgedAgain(measurement, known.prints),
      id: `${agent.id}-${measurement.id}`,
      sourceId: `${AGENT_SOURCE}${agent.id}`,
      at: measurement.at > now + FUTURE ? now : measurement.at,
      probeCc: agent.country,
      probeAsn: agent.asn,
      vantageId: `${agent.id}${tail}`,
    },
  };
}

/** Its vantage points are known by name: one token is one place, whatever it calls itself. */
function foreignName({ vantageId, probeAsn }: Measurement, agent: AgentConfig, names: Names): string | null {
  const [base = '', ...rest] = vantageId.split('/');
  const tail = rest.join('/');
  if (agent.vantages ? !agent.vantages.includes(base) : names.vantage !== null && names.vantage !== base)
    return `vantage ${quoted(base)} is none of this token's`;
  if (probeAsn !== agent.asn && probeAsn !== UNSTATED && names.asn !== null && names.asn !== probeAsn)
    return `network ${quoted(probeAsn)} is none of this token's`;
  if (tail !== '' && !names.resolvers.includes(tail)) {
    if (!tail.startsWith(`${NATIONAL}/`) || names.resolvers.length >= MAX_RESOLVERS)
      return `vantage ${quoted(vantageId)} is none of this token's`;
    names.resolvers.push(tail);
  }
  names.vantage = base;
  if (probeAsn !== agent.asn && probeAsn !== UNSTATED) names.asn = probeAsn;
  return null;
}

function foreignTarget(
  { target, component }: Measurement,
  agent: AgentConfig,
  { targets, plans }: Known,
): string | null {
  if (target === null) return null;
  const isKnown = targets === null || targets.has(target.toLowerCase()) || (agent.targets ?? []).includes(target);
  if (!isKnown) return `target ${quoted(target)} is not known here`;
  const isPart =
    component === null || component === NATIONAL || plans.get(target)?.components.some(({ id }) => id === component);
  return isPart ? null : `component ${quoted(component)} of ${quoted(target)} is not known here`;
}

/** A block page counts by what the agent saw, looked through again here, and never by its word. */
function judgedAgain(measurement: Measurement, prints: Known['prints']): Measurement {
  const notes = measurement.notes.filter((note) => note !== PAGE_KNOWN);
  if (measurement.verdict !== 'http_blockpage') return { ...measurement, notes };
  const id = knownPage(measurement.raw, prints);
  return id === null ? { ...measurement, notes } : { ...measurement, detail: id, notes: [...notes, PAGE_KNOWN] };
}

/** Somebody else's word in our answer and log: short, and of plain signs. */
const quoted = (text: string): string => `"${text.slice(0, 60).replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/gu, '?')}"`;

/** Ids and hosts that blocks of the configuration name as targets: `targets` of a source, of its vantage file, or of a vantage file itself. */
function configuredTargets(blocks: readonly unknown[]): string[] {
  return blocks.flatMap((block) => {
    const { targets, vantage } = (block ?? {}) as { targets?: unknown; vantage?: unknown };
    const own = Array.isArray(targets) ? targets : [];
    const named = own.flatMap((one: unknown) => {
      if (typeof one === 'string') return [one];
      const { id, name } = (one ?? {}) as { id?: unknown; name?: unknown };
      return [id, name].filter((word) => typeof word === 'string');
    });
    return vantage ? [...named, ...configuredTargets([vantage])] : named;
  });
}

/** All targets that agents may speak of: services, what they are made of, and what the configuration names. */
export function knownTargets(
  services: readonly string[],
  configured: readonly unknown[],
  plans: ReadonlyMap<string, ServicePlan>,
): Set<string> {
  const hosts = [...plans.values()].flatMap(({ components }) =>
    components.flatMap(({ members }) => members.map(({ host }) => host.name)),
  );
  const all = [...services, ...plans.keys(), ...hosts, ...configuredTargets(configured)];
  return new Set(all.map((one) => one.toLowerCase()));
}
