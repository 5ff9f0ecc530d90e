import { messageOf } from '../errors.ts';
import type { Item } from '../model/item.ts';
import type { Policy } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import type { Clock } from '../ports/clock.ts';
import type { Extractor } from '../ports/extractor.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { reportsOf } from './reports.ts';
import { createSecondWord } from './second-word.ts';
import { seenKeys } from './seen.ts';
import type { SeenBound } from './seen-bound.ts';
import { planSeen } from './seen-plan.ts';

/** An item that reports something, and the keys by which it is known once its reports are stored. */
export interface ReadItem {
  keys: string[];
  reports: Report[];
}

/** What one poll of a source brings. Nothing of it is stored yet. */
export interface ReadPoll {
  sourceId: string;
  /** When it was read, ms since the epoch. */
  at: number;
  /** Oldest first. */
  relevant: ReadItem[];
  /** Keys of items that report nothing, or are no news: to be remembered, and that is all. */
  silent: string[];
  /** How many keys are new to the store. */
  added: number;
  /** Keys by which the feed's items are known at present. */
  carried: string[];
}

export interface ReadItemsDeps {
  store: Pick<Store, 'seen' | 'incidents' | 'reports'>;
  extractor: Extractor;
  policy: Pick<Policy, 'firstPollWindow'>;
  bound: Pick<SeenBound, 'forgottenUntil'>;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** Items older than this are for the record of what was seen only, ms: a feed that opens its archive is not news. */
const ARCHIVE = 14 * 86_400_000;
/** So many texts that the extractor failed at are remembered, so that each is logged once. */
const UNREADABLE_KEPT = 1_000;
/** After so long, ms, the event loop gets a turn: texts that are dear to read are dearer than twenty of the others. */
const TURN = 8;

/**
 * Reads what is new among a poll's items. May take as long as the extractor does; polls of one source must be read one after the other,
 * each after the one before was stored.
 */
export function createItemReading(
  deps: ReadItemsDeps,
): (sourceId: string, items: Item[], firstPoll: boolean) => Promise<ReadPoll> {
  const { store, extractor, policy, bound, clock, ids, log } = deps;
  const isSecond = createSecondWord(store);
  // Texts that the extractor failed at: logged once each, tried again with each poll, and in nobody's way.
  const unreadable = new Set<string>();

  async function reportsIn(item: Item, itemId: string): Promise<Report[] | null> {
    try {
      const extraction = await extractor.extract(item, { corroborates: (said) => isSecond(item.publisher, said) });
      return extraction.relevant ? reportsOf(item, extraction, { itemId }, ids) : [];
    } catch (error) {
      if (unreadable.size >= UNREADABLE_KEPT) unreadable.clear();
      if (!unreadable.has(itemId))
        log.error('Unable to make sense of an item; it is passed over', {
          source: item.sourceId,
          url: item.url,
          error: messageOf(error),
        });
      unreadable.add(itemId);
      return null;
    }
  }

  async function extractAll(
    sourceId: string,
    fresh: readonly { item: Item; keys: string[] }[],
  ): Promise<Pick<ReadPoll, 'relevant' | 'silent'>> {
    const relevant: ReadItem[] = [];
    const silent: string[] = [];
    let since = clock.monotonic();
    for (const { item, keys } of fresh) {
      if (clock.monotonic() - since > TURN) {
        await clock.sleep(0);
        since = clock.monotonic();
      }
      const reports = await reportsIn(item, `${sourceId}/${keys[0]}`);
      if (reports === null) continue;
      if (reports.length > 0) relevant.push({ keys, reports });
      else silent.push(...keys);
    }
    return { relevant, silent };
  }

  return async (sourceId, items, firstPoll) => {
    const keys = seenKeys(items);
    const carried = keys.flatMap((one) => one.match);
    const known = await store.seen.known(sourceId, carried);
    const at = clock.now();
    const plan = planSeen(items, keys, known, {
      firstPoll,
      oldest: at - (firstPoll ? policy.firstPollWindow : ARCHIVE),
      forgottenUntil: await bound.forgottenUntil(sourceId),
    });
    const isNews = (one: { reason: string }): boolean => one.reason === 'news';
    const fresh = plan.items.filter(isNews).map(({ item, add }) => ({ item, keys: add }));
    fresh.sort((a, b) => a.item.publishedAt - b.item.publishedAt);
    const passed = plan.items.filter((one) => !isNews(one)).flatMap(({ add }) => add);
    const { relevant, silent } = await extractAll(sourceId, fresh);
    const added = plan.items.reduce((sum, { add }) => sum + add.filter((key) => !known.has(key)).length, 0);
    return { sourceId, at, relevant, silent: [...passed, ...silent], added, carried };
  };
}
