import type { ChangeKind, Confidence, Incident, Level } from '../model/incident.ts';
import { reaches } from '../model/incident.ts';

/** What chats of one level hear of a change; `why` is the named reason for logs and tests. */
export type Decision =
  | { tell: 'new'; why: 'reached-level' | 'restored' }
  | { tell: 'lifted'; why: 'lifted' }
  | { tell: 'update'; loud: boolean; why: ChangeKind }
  | { tell: 'correction'; why: 'withdrawn' }
  | { tell: 'nothing'; why: 'below-level' | 'evidence-only' };

const EDITS: readonly ChangeKind[] = [
  'lifted',
  'named',
  'confidence-up',
  'method-revealed',
  'widened',
  'partly-lifted',
  'lift-confidence-up',
  'easing',
];

export const liftReaches = (incident: Incident | null, level: Level): boolean =>
  incident !== null && incident.liftConfidence !== null && reaches(incident.liftConfidence, level);

/** As sure as it ever was: a worse action may be less sure than the milder one whose place it took, and who knows of that hears of this. */
const surest = (incident: Incident): Confidence => (incident.confirmedAt === null ? incident.confidence : 'confirmed');

/** Pure: decides from an incident before and after, and the named changes between, what chats of a level hear. */
export function decide(before: Incident | null, after: Incident, kinds: ChangeKind[], level: Level): Decision {
  if (kinds.length === 0) return { tell: 'nothing', why: 'evidence-only' };
  const told = before !== null && before.state !== 'withdrawn' && reaches(surest(before), level);
  if (kinds.includes('withdrawn'))
    return told || liftReaches(before, level)
      ? { tell: 'correction', why: 'withdrawn' }
      : { tell: 'nothing', why: 'below-level' };

  if (liftReaches(after, level) && !liftReaches(before, level)) {
    return told ? { tell: 'lifted', why: 'lifted' } : { tell: 'new', why: 'restored' };
  }
  const isSure = reaches(after.confidence, level);
  if (!told && !isSure) return { tell: 'nothing', why: 'below-level' };
  if (!told)
    return after.state === 'lifted' ? { tell: 'nothing', why: 'evidence-only' } : { tell: 'new', why: 'reached-level' };
  // A worse action that is not sure enough for this level is shown, and rings once it is.
  if (kinds.includes('escalated') || (isSure && !reaches(before.confidence, level)))
    return { tell: 'update', loud: isSure, why: 'escalated' };
  // Those who were told that it is over must hear that it is not.
  if (kinds.includes('resumed')) return { tell: 'update', loud: liftReaches(before, level), why: 'resumed' };
  const edit = EDITS.find((kind) => kinds.includes(kind));
  return edit ? { tell: 'update', loud: false, why: edit } : { tell: 'nothing', why: 'evidence-only' };
}
