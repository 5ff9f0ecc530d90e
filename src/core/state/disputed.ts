import type { DisputedPlace, Gazetteer } from '../ports/reading.ts';

/** Places whose networks are not under the control of the state in which they lie (`config/disputed-places.json`). Pure. */

/** A gazetteer that knows them, too. */
export function withDisputed(
  names: Omit<Gazetteer, 'place' | 'disputed'>,
  places: readonly DisputedPlace[],
): Gazetteer {
  const byRegion = new Map(places.flatMap((one) => one.regions.map((region) => [region, one] as const)));
  return {
    ...names,
    disputed: (region) => byRegion.get(region) ?? null,
    place(country, text) {
      const region = names.find(country, text);
      if (region !== null) return { country, region };
      // "Russia: internet off in Crimea": it is where it is, whosever networks these are.
      for (const [id, { applies, law }] of byRegion) {
        const home = id.slice(0, 2);
        const isMeant = home !== country && (applies === country || law === country);
        if (isMeant && names.find(home, text) === id) return { country: home, region: id };
      }
      return null;
    },
  };
}

/** Countries of which people hear when they ask for this region: its own first, then whose law, and whose blocks hold there. */
export function countriesAt(region: string, place: DisputedPlace | null): string[] {
  const others = place === null ? [] : [place.law, place.applies ?? []].flat();
  return [...new Set([region.slice(0, 2), ...others])];
}

/** Which sentence says so. `apart`: nobody's blocks but its own. `claimed`: it lies in the country whose blocks hold there, and another claims it. */
export function sayingOf(region: string, { applies, law }: DisputedPlace): 'occupied' | 'claimed' | 'apart' {
  if (applies === null) return 'apart';
  return applies === region.slice(0, 2) && law !== 'EH' ? 'claimed' : 'occupied';
}
