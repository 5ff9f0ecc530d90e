import { keyOf } from '../target-names.ts';
import { NOISE } from './lists.ts';

/** Words that say nothing. */
export const noise: ReadonlySet<string> = new Set(NOISE.split(' ').flatMap((word) => keyOf(word).split(' ')));
