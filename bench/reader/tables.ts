import { EXTENT, TENSE } from '../../src/core/extract/rules/act.ts';
import { MOOD } from '../../src/core/extract/rules/mood.ts';
import { EVERYDAY, ROLE, SOURCE } from '../../src/core/extract/rules/role.ts';
import { DEMONYM, NAMED, SCENE } from '../../src/core/extract/rules/scene.ts';
import { NEWS } from '../../src/core/extract/rules/unusable.ts';
import { TIME } from '../../src/core/extract/rules/when.ts';

/** Every table of rules, in the order in which a text passes them: for the tests that hold each row to its example, and for measuring what a row does. */

export const TABLES: readonly {
  readonly stage: string;
  readonly rules: readonly { readonly id: string; readonly effect: unknown; readonly example: string }[];
}[] = [SCENE, DEMONYM, NAMED, ROLE, SOURCE, EVERYDAY, MOOD, TIME, EXTENT, TENSE, NEWS];
