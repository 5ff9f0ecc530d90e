/** Which of overlapping phrases is looked at first. */
import type { Tag } from './lexicon.ts';
import type { Match } from './trie.ts';

const KIND_ORDER = { service: 0, agency: 1, place: 2, cue: 3, home: 3 } as const;
/** Powers of two above every token's index, every slack, and the matches of a field that are looked at. */
const SPAN = 4_096;
const MOST_SLACK = 1_024;
const MAX_MATCHES = 131_072;

/** Longest first, the exact before the stem, then as they stand in the text. A number of 53 bits holds all that and the index, and is sorted natively. */
export function inOrder(matches: readonly Match<Tag>[]): Match<Tag>[] {
  const keys = new Float64Array(Math.min(matches.length, MAX_MATCHES));
  for (let n = 0; n < keys.length; n++) {
    const { from, to, slack, value } = matches[n]!;
    const first = (SPAN - 1 - (to - from)) * MOST_SLACK + Math.min(slack, MOST_SLACK - 1);
    keys[n] = ((first * SPAN + from) * 4 + KIND_ORDER[value.kind]) * MAX_MATCHES + n;
  }
  keys.sort();
  const out: Match<Tag>[] = [];
  for (let n = 0; n < keys.length; n++) out.push(matches[keys[n]! - Math.floor(keys[n]! / MAX_MATCHES) * MAX_MATCHES]!);
  return out;
}
