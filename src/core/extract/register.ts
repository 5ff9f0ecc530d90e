/** Every table of rules, in the order in which a text passes them: for the tests that hold each row to its example, and for measuring what a row does. */
import { OBJECT } from './about.ts';
import { ACT } from './act-rules.ts';
import { EVERYDAY } from './everyday.ts';
import { EXTENT } from './extent.ts';
import { MOOD } from './mood.ts';
import { TITLE } from './noise.ts';
import { ROLE } from './role-rules.ts';
import type { Stage } from './rules.ts';
import { DEMONYM } from './scene-demonyms.ts';
import { NAMED, SCENE } from './scene-rules.ts';
import { DROPPED } from './settle.ts';
import { SPARED } from './silence.ts';
import { SOURCE } from './source-rules.ts';
import { TENSE } from './tense.ts';
import { NEWS } from './unusable.ts';
import { TIME } from './when.ts';

/** A row as those see it who do not ask it anything. */
export interface Listed {
  readonly id: string;
  readonly example: string;
}

export const TABLES: readonly {
  readonly stage: Stage;
  readonly rules: readonly Listed[];
  readonly masks: readonly unknown[];
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
