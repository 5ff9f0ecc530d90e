import HOUSES_OF_SERVICES from '../../../config/houses.json' with { type: 'json' };
import { warnOfFailure } from '../failures.ts';
import { advisesOn, type Policy } from '../model/alert.ts';
import type { Catalogue, Known } from '../model/catalogue.ts';
import { ANY } from '../model/chat.ts';
import { NETWORK } from '../model/incident.ts';
import type { Log } from '../ports/runtime.ts';
import { isCut } from './fold.ts';
import type { State, World } from './model.ts';

/** Of one house: where one of them is cut off, the others are on the same servers or next in line. */
const HOUSES: readonly (readonly string[])[] = HOUSES_OF_SERVICES.houses;
const kinOf = (service: string): readonly string[] => HOUSES.find((house) => house.includes(service)) ?? [service];

export interface KnowledgeDeps {
  policy: Policy;
  log: Log;
  /** Absent: no service is known to be of any kind. */
  catalogue?: Catalogue | undefined;
  world: Pick<World, 'of' | 'measuredOpen'>;
}

/** What alerts may say of a country: what was measured open there lately, and whether advice is wanted. */
export function createKnowledge({ policy, log, catalogue, world }: KnowledgeDeps) {
  const services = catalogue?.services ?? [];
  const categories = new Map(services.map(({ id, category }) => [id, category]));
  const isHit = (one: State): boolean => isCut(one) || one.threat !== null || (one.was !== null && one.was !== 'open');

  /** Measured open, and neither it nor any of its house is cut off, threatened, or was when somebody last told of it. */
  async function openIn(country: string, now: number): Promise<ReadonlyMap<string, number>> {
    try {
      const measured = await world.measuredOpen(country, now);
      if (measured.size === 0) return measured;
      const { states } = await world.of({ matchers: [{ country, service: ANY }] }, now);
      const hit = new Set(states.filter(isHit).map(({ service }) => service));
      const isFree = (service: string): boolean => kinOf(service).every((one) => !hit.has(one));
      return new Map([...measured].filter(([service]) => service !== NETWORK && isFree(service)));
    } catch (error) {
      // An alert waits for nothing that it can do without.
      const line = 'Unable to look up what was measured in a country; alerts name no service that works there';
      warnOfFailure(log, line, error, { country });
      return new Map();
    }
  }

  return async (country: string | null, now: number): Promise<Known> => {
    const measured = country === null ? new Map<string, number>() : await openIn(country, now);
    return {
      works: [...measured.keys()],
      measurements: (service) => measured.get(service) ?? 0,
      categoryOf: (service) => categories.get(service) ?? null,
      advises: (one) => advisesOn(policy, one),
    };
  };
}
