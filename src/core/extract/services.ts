import type { Catalogue } from '../model/catalogue.ts';
import type { Tag } from './lexicon.ts';
import { fold } from './normalise.ts';
import { Trie } from './trie.ts';

/** Names of one or two letters, all in Latin script, are matched as they are written. */
export function compileServices(catalogue: Catalogue): Trie<Tag> {
  const trie = new Trie<Tag>();
  for (const { id, name, aliases, category, everyday } of catalogue.services) {
    const common = new Set(everyday ?? []);
    for (const alias of new Set([name, ...aliases])) {
      const bare = alias
        .replace(/[«»„“”"()|]/gu, ' ')
        .replace(/[*~=]/gu, '')
        .trim();
      if (bare === '') continue;
      const tag: Tag = { kind: 'service', id, category, everyday: common.has(alias) };
      const tail = fold(bare)
        .split(/[^\p{L}\p{M}\p{N}]+/u)
        .at(-1)!;
      const inflects = !common.has(alias) && tail.length >= leastTail(tail);
      const cased = common.has(alias) || (bare.length <= 3 && /^[A-Z]/u.test(bare));
      const words = bare.split(/\s+/u);
      // As it stands, too: else the exact name of an agency of that name would win.
      if (inflects && !cased) trie.add(bare, tag);
      trie.add(
        words
          .map((w, i) =>
            cased ? `=${w}` : words.length > 1 || inflects ? declined(w, i === words.length - 1 && inflects) : w,
          )
          .join(' '),
        tag,
      );
    }
  }
  return trie;
}

/** Letters from which on a name may take an ending; a syllable of Korean is one letter. */
const leastTail = (tail: string): number =>
  /[\uac00-\ud7a3]$/u.test(tail) ? 2 : /[\u0400-\u04ff]$/u.test(tail) ? 5 : /[a-z]$/iu.test(tail) ? 6 : 4;

/** A word of a name with room for its endings: "Новая газета" is also "Новой газеты". */
function declined(word: string, last: boolean): string {
  if (/^[\u0400-\u04ff]{4,}$/u.test(word)) return `${word.replace(/(?:[аяыиоеую][йея]|[аяьойыи])$/u, '')}~`;
  return last ? `${word}~` : word;
}
