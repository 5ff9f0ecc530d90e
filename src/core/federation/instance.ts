import type { Ids } from '../ports/ids.ts';
import type { DurableState } from '../ports/state.ts';

/** Names this database among other Tocsins: drawn at the first call, the same ever after. Rejects as the store does. */
export async function instanceOf(state: DurableState, ids: Pick<Ids, 'tail'>): Promise<string> {
  const known = await state.get('id');
  if (typeof known === 'string' && isInstance(known)) return known;
  const drawn = ids.tail(16);
  await state.set('id', drawn);
  return drawn;
}

export const isInstance = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z0-9]{8,32}$/.test(value);
