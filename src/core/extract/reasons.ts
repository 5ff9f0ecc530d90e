/** Why acts and facts are turned down, and on what grounds facts stand: ids. What they say in words is made at the command line. */
import type { CueClass } from './classes.ts';
import type { Field, Span } from './read.ts';

export const REASONS = [
  'account',
  'appeal',
  'aside-broadcast',
  'aside-company',
  'asked',
  'background',
  'broadcaster',
  'conditional',
  'denied',
  'disclaimer',
  'disproved',
  'heading',
  'label-alone',
  'leaves',
  'looks-back',
  'negated',
  'never-cut',
  'no-authority',
  'no-country',
  'no-network',
  'only-down',
  'only-slow',
  'only-trouble',
  'other-object',
  'others',
  'outage',
  'outage-over',
  'own-doing',
  'own-doing-titled',
  'owner-orders',
  'owner-threatens',
  'planned',
  'points-back',
  'said-not',
  'service-does',
  'store-itself',
  'title-denies',
  'worldwide',
] as const;
export type Reason = (typeof REASONS)[number];

/** How an act stands in its sentence. */
export type Mood =
  | 'asserted'
  | 'planned'
  | 'threatened'
  | 'negated'
  | 'denied'
  | 'conditional'
  | 'asked'
  | 'appeal'
  | 'ordered';

export const GROUNDS = [
  'age-gate',
  'back',
  'label',
  'lifted',
  'limits-access',
  'limits-whole',
  'one-function',
  'partly',
  'unknown-name',
  'threat',
  'future',
  'horizon',
  'tabled',
] as const;
/** `asserted-block`: said to be so; `held-future`: a lift that has not come, so that what it would lift is in force. */
export type Ground = (typeof GROUNDS)[number] | Mood | `asserted-${CueClass}` | `held-${Mood | 'future'}`;

/** Something that was turned down. */
export interface Rejected extends Span {
  field: Field;
  /** What it was taken for. */
  as: CueClass;
  why: Reason;
  /** Whose own doing it is. */
  by?: string;
}
