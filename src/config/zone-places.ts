import { readFileSync } from 'node:fs';
import type { ZonePlaces } from '../core/nearest-zone.ts';

/** Towns of each time zone. Read when somebody shares a place, which is seldom, and not kept. */
export function bundledZonePlaces(): ZonePlaces {
  const text = readFileSync(new URL('../../config/zone-places.json', import.meta.url), 'utf8');
  const { about, ...places } = JSON.parse(text) as ZonePlaces & { about: unknown };
  void about;
  return places;
}
