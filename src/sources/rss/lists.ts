import type { FeedLists } from '../../core/ports/feed-lists.ts';
import { decodeFeed } from './decode.ts';
import { feedsNamedBy } from './lists/discover.ts';
import { readOpml, writeOpml } from './lists/opml.ts';
import { planImport } from './lists/plan.ts';
import { createFeedParser } from './parser-host.ts';

export function createLists(): FeedLists {
  const parser = createFeedParser();
  return {
    readList: readOpml,
    writeList: writeOpml,
    planImport,
    decode: decodeFeed,
    // The parser takes the bytes away.
    look: (bytes, contentType, url) => parser.parse(Uint8Array.from(bytes), contentType, url),
    feedsNamedBy,
    stop: () => parser.stop(),
  };
}
