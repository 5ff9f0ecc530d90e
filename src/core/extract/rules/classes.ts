import LISTED from '../../../../config/rules/classes.json' with { type: 'json' };
import type { Action, Method } from '../../model/incident.ts';

/**
 * Every class of cues that the lexicon may hold (`config/rules/classes.json`): where its phrases stand, what they mean to the rules, and an example.
 * The one list of them: it yields the type `CueClass` (a misspelt class does not compile), the table in `config/lexicon/README.md` (a test keeps it),
 * and the check of language files and of operators' own phrases. A new class is a line there, phrases in a language file, and a rule that asks for it.
 */
interface ClassInfo {
  /** act, object, mood, state, time, who, role, place, text, method, joint. */
  group: string;
  /** Where a phrase of the class stands. */
  where: string;
  meaning: string;
  example: string;
  /** Classes of one such name compete for a stretch of text: the longest reading wins. All others are heard side by side. */
  rivals?: string;
  /** What an act of the class says by itself. */
  says?: Action;
  /** How access is cut; of several the first. */
  method?: Method;
}

export type CueClass = keyof typeof LISTED.classes;

export const CLASSES = LISTED.classes as Readonly<Record<CueClass, ClassInfo>>;

export const isCueClass = (name: string): name is CueClass => Object.hasOwn(CLASSES, name);

/** Class names parted by blanks, as the files of `config/rules/` list them. */
export function classesOf(list: string): CueClass[] {
  const names = list.split(' ').filter((name) => name !== '');
  const unknown = names.find((name) => !isCueClass(name));
  if (unknown !== undefined) throw new Error(`config/rules: no class "${unknown}"`);
  return names as CueClass[];
}

/** Classes that several rules ask for together. */
export const classSet = (name: keyof typeof LISTED.sets): ReadonlySet<CueClass> =>
  new Set(classesOf(LISTED.sets[name]));
