import type { Config } from '../../config/schema.ts';
import type { Feed, FeedLists } from '../../core/ports/feed-lists.ts';
import { sourceKinds } from '../../sources/index.ts';

/** The kind of source whose lists other readers share, and those of the configuration that are of it. */
export async function feedsOf(config: Pick<Config, 'sources'>): Promise<{ lists: FeedLists; feeds: Feed[] }> {
  const kind = sourceKinds.find((one) => one.lists !== undefined)!;
  const feeds = config.sources.filter((one): one is Feed => one.kind === kind.kind);
  const { createLists } = await kind.lists!.load();
  return { lists: createLists(), feeds };
}
