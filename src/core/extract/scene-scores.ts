/** How surely a named place is where access changes, and where a rule about it looks. */
import type { CueClass } from './classes.ts';
import type { Field, Place } from './read.ts';
import { cueAfter, cueBefore } from './read.ts';

export const HEADING = 4;
export const SURE = 3;
export const PLAIN = 2;
export const HINT = 1;
export const WEAK = 0;
export const NOT = -1;
/** A city tells more than an adjective and less than a country. */
export const OF_CITY = HINT + 0.5;

/** A place where it is named. */
export interface Naming {
  field: Field;
  place: Place;
}

export const after = ({ field, place }: Naming, reach: number, cls: CueClass | readonly CueClass[]): boolean =>
  cueAfter(field, place.to, reach, cls) !== null;
export const before = ({ field, place }: Naming, reach: number, cls: CueClass | readonly CueClass[]): boolean =>
  cueBefore(field, place.from, reach, cls) !== null;
