import RULES from '../../../../config/rules/rules.json' with { type: 'json' };
import type { Field, Span } from '../field.ts';
import { type CueClass, classesOf } from './classes.ts';

/**
 * Rules are rows of ordered tables, and the tables stand in `config/rules/rules.json`: what a row is called, which words it needs in its sentence,
 * what follows from it, and an example, on which a test sees it fire. Here and beside the words that it asks about stands when it holds: a function of
 * the same name.
 */

type TableName = keyof typeof RULES;

/** A row as it is stored. */
interface StoredRow {
  /** Classes of which the sentence must hold one, or the rule is not asked. None = it is always asked. */
  needs?: string;
  /** By name. */
  effect: string;
  /** A text on which the rule fires: `xx| title || lead`, with its language where that is stated. */
  example: string;
}

/** When each row of a table holds. */
export type Conditions<Name extends TableName, In> = Readonly<
  Record<keyof (typeof RULES)[Name]['rows'], (at: In) => boolean>
>;

interface Rule<In, Effect> {
  readonly id: string;
  /** Classes of which the sentence must hold one; none = it is always asked. */
  readonly needs: readonly CueClass[];
  readonly when: (at: In) => boolean;
  readonly effect: Effect;
  readonly example: string;
}

interface Table<In, Effect> {
  /** In explanations a row is called `stage/id`. */
  readonly stage: string;
  readonly rules: readonly Rule<In, Effect>[];
}

/** A table with its conditions. `effects`: what the names of effects stand for, where they are not what they are called; a name that is not there is an error. */
export function table<Name extends TableName, In, Effect = string>(
  name: Name,
  conditions: Conditions<Name, In>,
  effects?: Readonly<Record<string, Effect>>,
): Table<In, Effect> {
  const { stage, rows } = RULES[name];
  const rules = Object.entries<StoredRow>(rows).map(([id, { needs = '', effect, example }]): Rule<In, Effect> => {
    const when = conditions[id as keyof typeof conditions];
    if (when === undefined || (effects !== undefined && !Object.hasOwn(effects, effect)))
      throw new Error(`config/rules: ${name}/${id}, ${effect}`);
    return {
      id,
      needs: classesOf(needs),
      when,
      effect: effects === undefined ? (effect as Effect) : effects[effect]!,
      example,
    };
  });
  return { stage, rules };
}

/** The first row that holds, or null. `span`: what the rules are asked about. */
export const firstOf = <In, Effect>(
  table: Table<In, Effect>,
  at: In,
  field: Field,
  span: Span,
): Rule<In, Effect> | null => table.rules.find((rule) => holds(table, rule, at, field, span)) ?? null;

/** Every row in order; what follows from one that holds is carried out before the next is asked. */
export function applyAll<In, Effect>(
  table: Table<In, Effect>,
  at: In,
  field: Field,
  span: Span,
  carryOut: (rule: Rule<In, Effect>) => void,
): void {
  for (const rule of table.rules) if (holds(table, rule, at, field, span)) carryOut(rule);
}

function holds<In>(
  { stage }: Table<In, unknown>,
  { id, needs, when }: Rule<In, unknown>,
  at: In,
  field: Field,
  { from, to }: Span,
): boolean {
  if ((needs.length > 0 && !field.sentenceHas(from, needs)) || !when(at)) return false;
  field.fired?.push({ rule: `${stage}/${id}`, from, to });
  return true;
}
