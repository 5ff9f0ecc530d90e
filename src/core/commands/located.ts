/** What stands for a place that was shared with us: the command that an adapter makes of it at once. The place itself goes no further. */
import { type ZonePlaces, zonesAt } from '../nearest-zone.ts';

/** Before the zones of the nearest towns; none = a place at sea. */
export const LOCATED = 'located';

export const commandAt = (latitude: number, longitude: number, places: ZonePlaces): string =>
  ['timezone', LOCATED, ...zonesAt(latitude, longitude, places)].join(' ');
