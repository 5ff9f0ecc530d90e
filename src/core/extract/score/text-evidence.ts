/** Evidence of the whole text about what happened; it counts together with each action. */
import type { Analysis } from '../analysis.ts';
import { leading, MAX_CUES, MAX_SEEN } from './candidates.ts';
import { addOnce, type Features, keyed, keyOf, mix, startRound, stemKey } from './features.ts';
import { symbolsOf } from './symbols.ts';

const MAX_WORDS = 40;
const ANY = keyOf('any');

export function textEvidence({ fields, found, noise }: Analysis, to: Features): void {
  startRound(to);
  addOnce(to, keyOf('bias'), 1);
  for (const { action } of found.claims) addOnce(to, keyed('claims', action), 0.5);
  if (found.claims.length === 0) addOnce(to, keyOf('claims none'), 0.5);
  if (noise.suspected) addOnce(to, keyOf('suspected'), 0.3);
  for (const field of leading(fields)) {
    const { cues, tokens } = field;
    const where = keyOf(field.name);
    for (let i = 0; i < cues.length && i < MAX_CUES; i++) {
      const cls = keyOf(cues[i]!.cls);
      addOnce(to, mix(where, cls), 0.4);
      addOnce(to, mix(ANY, cls), 0.2);
    }
    const share = 0.3 / Math.sqrt(1 + tokens.length / 8);
    if (field.name === 'title') {
      const symbols = symbolsOf(field, MAX_SEEN);
      for (let n = 1; n < symbols.length; n++) addOnce(to, mix(symbols[n - 1]!, symbols[n]!), 0.25);
    }
    for (let i = 0; i < tokens.length && i < MAX_WORDS; i++) addOnce(to, mix(where, stemKey(tokens[i]!.w)), share);
  }
}
