/** Would an outlet's word be the second of something that one outlet has reported? */
import { familyOf } from '../model/action.ts';
import type { Said } from '../ports/extractor.ts';
import type { Store } from '../ports/store.ts';

/** Reports of an incident that are looked at: more than this, and others have spoken as well. */
const LOOKED_AT = 20;

/**
 * Asked by whoever reads what `publisher` writes. Not of what several outlets say already, nor of what only this one says: its second word
 * adds nothing.
 */
export function createSecondWord({
  incidents,
  reports,
}: {
  incidents: Pick<Store['incidents'], 'openByKey'>;
  reports: Pick<Store['reports'], 'byIncident'>;
}): (publisher: string, said: Said) => Promise<boolean> {
  return async (publisher, { country, service, action }) => {
    const open = await incidents.openByKey(country, service, familyOf(action));
    if (open === null) return false;
    const waits = action === 'unblock' ? open.liftConfidence === 'reported' : open.confidence === 'reported';
    if (!waits) return false;
    const reported = await reports.byIncident(open.id, LOOKED_AT);
    return reported.some((one) => (one.action === 'unblock') === (action === 'unblock') && one.publisher !== publisher);
  };
}
