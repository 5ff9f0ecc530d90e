import { ANY } from '../model/chat.ts';
import type { Link } from '../model/link.ts';
import type { Store } from '../ports/store.ts';

/** Countries that the first chat of a pair, in itself or in a thread, follows by name. */
export async function followedByName(
  { spareId }: Pick<Link, 'spareId'>,
  store: Pick<Store, 'links' | 'subscriptions'>,
): Promise<Set<string>> {
  const rows = (await store.links.mains([spareId])).get(spareId) ?? [];
  const followed = await store.subscriptions.listMany(rows);
  return new Set([...followed.values()].flatMap((list) => list.map((one) => one.country)).filter((one) => one !== ANY));
}
