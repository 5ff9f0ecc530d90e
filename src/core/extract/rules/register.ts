import { OBJECT } from '../about.ts';
import { DROPPED } from '../settle.ts';
import { ACT, EXTENT, TENSE } from './act.ts';
import { MOOD } from './mood.ts';
import { SPARED, TITLE } from './noise.ts';
import { EVERYDAY, ROLE, SOURCE } from './role.ts';
import { DEMONYM, NAMED, SCENE } from './scene.ts';
import { NEWS } from './unusable.ts';
import { TIME } from './when.ts';

/** Every table of rules, in the order in which a text passes them: for the tests that hold each row to its example, and for measuring what a row does. */

export const TABLES: readonly {
  readonly stage: string;
  readonly rules: readonly { readonly id: string; readonly example: string }[];
}[] = [
  SCENE,
  DEMONYM,
  NAMED,
  ROLE,
  SOURCE,
  EVERYDAY,
  SPARED,
  TITLE,
  ACT,
  OBJECT,
  MOOD,
  TIME,
  EXTENT,
  TENSE,
  NEWS,
  DROPPED,
];
