import { codeOf } from '../errors.ts';
import type { BaselineEntry } from '../model/baseline.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { Incident } from '../model/incident.ts';
import type { Known } from '../model/known.ts';
import { advisesOn, type Policy } from '../model/policy.ts';
import type { Log } from '../ports/log.ts';
import { type ObservedCut, openServices, STATUS_POLICY, unblockedServices } from './derive.ts';

export interface KnowledgeDeps {
  policy: Policy;
  log: Log;
  /** Absent: no service is known to be of any kind. */
  catalogue?: Catalogue | undefined;
  /** Long-standing blocks by the public record; absent = none. */
  baseline?: readonly BaselineEntry[] | undefined;
  /** What observatories see cut in that country, whether or not it was told. */
  cutIn(country: string, now: number): Promise<readonly ObservedCut[]>;
  /** Services that sources hold as blocked there, whether or not they told of them; absent = none does. */
  heldIn?: ((country: string) => Promise<readonly string[]>) | undefined;
}

/** What alerts may say of a country: what works there, what is not known to be blocked, whether advice is wanted. */
export function createKnowledge({ policy, log, catalogue, baseline = [], cutIn, heldIn }: KnowledgeDeps) {
  const services = catalogue?.services ?? [];
  const categories = new Map(services.map(({ id, category }) => [id, category]));
  const messengers = services.filter(({ category }) => category === 'messenger').map(({ id }) => id);

  /** Null = it cannot be found out now. */
  async function cutThere(country: string, now: number): Promise<readonly ObservedCut[] | null> {
    try {
      const [seen, held] = await Promise.all([cutIn(country, now), heldIn?.(country) ?? []]);
      const listed = held.map(
        (service): ObservedCut => ({ country, service, action: 'block', since: null, until: now }),
      );
      return [...seen, ...listed];
    } catch (error) {
      // An alert waits for nothing that it can do without.
      log.warn('Unable to look up what is cut in a country; alerts name no service that works there', {
        country,
        code: codeOf(error),
      });
      return null;
    }
  }

  return async (incidents: readonly Incident[], country: string | null, now: number): Promise<Known> => {
    const observed = country === null ? null : await cutThere(country, now);
    const facts = { now, policy: STATUS_POLICY, baseline, observed: observed ?? [] };
    const isCut = new Set(facts.observed.map(({ service }) => service));
    return {
      works:
        country === null || observed === null
          ? []
          : openServices(incidents, country, facts).filter((one) => !isCut.has(one)),
      unblocked:
        country === null || observed === null
          ? []
          : unblockedServices(messengers, incidents, country, facts).filter((one) => !isCut.has(one)),
      categoryOf: (service) => categories.get(service) ?? null,
      advises: (one) => advisesOn(policy, one),
    };
  };
}
