import type { Field, Span } from '../field.ts';
import { CLASSES, type CueClass } from './classes.ts';

/**
 * Rules are rows of ordered tables. A row says what it is called, which words it needs in its sentence, when it holds, what follows, and gives an
 * example: a test reads the example and fails where the rule does not fire on it.
 */

/** In the order in which a text passes them. */
export type Stage =
  | 'scene'
  | 'everyday'
  | 'role'
  | 'noise'
  | 'object'
  | 'act'
  | 'mood'
  | 'time'
  | 'extent'
  | 'tense'
  | 'news'
  | 'state';

export interface Rule<In, Effect> {
  readonly id: string;
  /** Classes of which the sentence must hold one, or the rule is not asked. None = it is always asked. */
  readonly needs: readonly CueClass[];
  readonly when: (at: In) => boolean;
  readonly effect: Effect;
  /** A text on which the rule fires: `xx| title || lead`, with its language where that is stated. */
  readonly example: string;
}

interface Table<In, Effect> {
  readonly stage: Stage;
  readonly rules: readonly Rule<In, Effect>[];
  /** `needs` of each row as bits of classes; null = none. */
  readonly masks: readonly (Uint32Array | null)[];
}

const BITS = 32;
const INDEX = new Map(Object.keys(CLASSES).map((name, i) => [name as CueClass, i]));
/** Words of 32 bits that hold one bit for each class. */
export const CLASS_WORDS = Math.ceil(INDEX.size / BITS);

/** Marks that a sentence holds a class. */
export function mark(bits: Uint32Array, sentence: number, cls: CueClass): void {
  const i = INDEX.get(cls)!;
  const word = sentence * CLASS_WORDS + Math.floor(i / BITS);
  bits[word] = bits[word]! | (1 << (i % BITS));
}

function maskOf(needs: readonly CueClass[]): Uint32Array | null {
  if (needs.length === 0) return null;
  const mask = new Uint32Array(CLASS_WORDS);
  for (const cls of needs) mark(mask, 0, cls);
  return mask;
}

const holdsOne = ({ holds }: Field, sentence: number, mask: Uint32Array): boolean => {
  for (let w = 0; w < CLASS_WORDS; w++) if ((holds[sentence * CLASS_WORDS + w]! & mask[w]!) !== 0) return true;
  return false;
};

export function table<In, Effect>(stage: Stage, rules: readonly Rule<In, Effect>[]): Table<In, Effect> {
  return { stage, rules, masks: rules.map((r) => maskOf(r.needs)) };
}

const asked = (field: Field, { from }: Span, mask: Uint32Array | null): boolean =>
  mask === null || holdsOne(field, field.sentence[from] ?? 0, mask);

const fire = (field: Field, { from, to }: Span, stage: Stage, id: string): void => {
  field.fired?.push({ rule: `${stage}/${id}`, from, to });
};

/** The first row that holds, or null. `span`: what the rules are asked about. */
export function firstOf<In, Effect>(
  { stage, rules, masks }: Table<In, Effect>,
  at: In,
  field: Field,
  span: Span,
): Rule<In, Effect> | null {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    if (!asked(field, span, masks[i]!) || !rule.when(at)) continue;
    fire(field, span, stage, rule.id);
    return rule;
  }
  return null;
}

/** Every row in order; the effect of each that holds is carried out before the next is asked. */
export function applyAll<In>(
  { stage, rules, masks }: Table<In, (at: In) => void>,
  at: In,
  field: Field,
  span: Span,
): void {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    if (!asked(field, span, masks[i]!) || !rule.when(at)) continue;
    fire(field, span, stage, rule.id);
    rule.effect(at);
  }
}
