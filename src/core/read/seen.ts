import type { Item } from '../model/item.ts';

/** 106 bits as text: two runs of cyrb53 (public domain, bryc) with different seeds. Not for secrets; only to recognise. */
function digest(text: string): string {
  const run = (seed: number): string => {
    let a = 0xdeadbeef ^ seed;
    let b = 0x41c6ce57 ^ seed;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      a = Math.imul(a ^ c, 2654435761);
      b = Math.imul(b ^ c, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
  };
  return run(1) + run(2);
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

export interface SeenKeys {
  /** Any of these known = the item was seen. */
  match: string[];
  /** All of these are remembered. */
  add: string[];
}

/**
 * How an item is recognised when its feed gives it again: by address, by guid, by content, whichever the feed did not change. A guid or
 * an address that several different items of one fetch share says nothing and is left out for that fetch.
 */
export function seenKeys(items: Item[]): SeenKeys[] {
  const content = items.map((item) => `c${digest(`${plain(item.title)}\n${plain(item.summary).slice(0, 400)}`)}`);
  const sharers = (of: (item: Item) => string | null): Set<string> => {
    const first = new Map<string, string>();
    const shared = new Set<string>();
    items.forEach((item, i) => {
      const value = of(item);
      if (value === null) return;
      const other = first.get(value);
      if (other === undefined) first.set(value, content[i]!);
      else if (other !== content[i]) shared.add(value);
    });
    return shared;
  };
  const sharedGuids = sharers((item) => item.guid);
  const sharedUrls = sharers((item) => item.url);
  return items.map((item, i) => {
    const keys = [content[i]!];
    if (item.guid !== null && !sharedGuids.has(item.guid)) keys.push(`g${digest(item.guid)}`);
    if (item.url !== null && !sharedUrls.has(item.url)) keys.push(`u${digest(item.url)}`);
    return { match: keys, add: keys };
  });
}
