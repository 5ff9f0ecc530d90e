import type { Classes, Field } from '../field.ts';
import { isHistory } from './when.ts';

/** What the text as a whole speaks of beside its acts: a failure, a suspicion, a measurement. */
export interface Noise {
  /** A failure of the service or of the line, and nobody who sees a state's hand in it: what only "is down" is no event. */
  outage: boolean;
  /** Someone measures. */
  monitored: boolean;
  /** Someone suspects or measures a measure. */
  suspected: boolean;
}

export function noiseOf(fields: Field[]): Noise {
  const heard = fields.filter((f) => f.name !== 'body');
  const has = (classes: Classes): boolean => heard.some((f) => f.hasWord(classes));
  const monitored = has('monitor');
  const blamed = heard.some((f) => f.hasWord('blame', (c) => !isHistory(f, c.from)));
  return { outage: !blamed && has(['outage', 'tech']), monitored, suspected: monitored || blamed || has('suspect') };
}
