/** Which clock a place goes by, by the nearest town whose zone is known. Near a border it may be the neighbour's: it is a first guess, to be mended by a tap. Pure. */

/** Towns of each zone: latitude and longitude, degrees. */
export type ZonePlaces = Readonly<Record<string, readonly (readonly [number, number])[]>>;

/** Farther than this from every town, km: at sea, or no place on earth. */
const FAR = 1_500;
const EARTH = 6_371;
const RADIAN = Math.PI / 180;

/** Zones by how near they are, the nearest first; empty where there is none near. */
export function zonesAt(latitude: number, longitude: number, places: ZonePlaces, most = 4): string[] {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return [];
  const found: { zone: string; km: number }[] = [];
  for (const [zone, towns] of Object.entries(places)) {
    const km = Math.min(...towns.map(([lat, lon]) => distance(latitude, longitude, lat, lon)));
    if (km <= FAR) found.push({ zone, km });
  }
  return found
    .sort((a, b) => a.km - b.km)
    .slice(0, most)
    .map(({ zone }) => zone);
}

/** Over the sphere, km. */
function distance(lat: number, lon: number, otherLat: number, otherLon: number): number {
  const [dLat, dLon] = [(otherLat - lat) * RADIAN, (otherLon - lon) * RADIAN];
  const half = Math.sin(dLat / 2) ** 2 + Math.cos(lat * RADIAN) * Math.cos(otherLat * RADIAN) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(half)));
}
