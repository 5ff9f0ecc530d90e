import type { Inline, MessageDocument } from '../../src/core/model/message.ts';
import type { PhraseKey, Translator, Translators } from '../../src/core/ports/translate.ts';

/** Translators that note which phrases were said. */
export function listeningTo(translators: Translators): { words: Translators; heard: Set<PhraseKey> } {
  const heard = new Set<PhraseKey>();
  const words: Translators = {
    ...translators,
    of(lang, place) {
      const real = translators.of(lang, place);
      const say = ((key: PhraseKey, ...args: never[]) => {
        heard.add(key);
        return (real.say as (key: PhraseKey, ...args: never[]) => string)(key, ...args);
      }) as Translator['say'];
      const rich = ((key: PhraseKey, args: never) => {
        heard.add(key);
        return real.rich(key, args);
      }) as Translator['rich'];
      return { ...real, say, rich };
    },
  };
  return { words, heard };
}

const proseIn = (inline: readonly Inline[]): string =>
  inline
    .map((one) => {
      if (typeof one === 'string') return one;
      if ('bold' in one) return proseIn(one.bold);
      if ('italic' in one) return proseIn(one.italic);
      return 'code' in one ? '' : one.text;
    })
    .join('');

/** The sentences of a document, a line each, without commands and ids; labels of buttons are lines, too. */
export function proseOf({ blocks, buttons }: MessageDocument): string[] {
  const lines = blocks.flatMap((block) => {
    if (block.type === 'list') return block.items.map(proseIn);
    if (block.type === 'table') return [...(block.head ?? []), ...block.rows.flat()];
    return block.type === 'pre' ? [] : [proseIn(block.inline)];
  });
  return [...lines, ...buttons.flat().map(({ label }) => label)].filter((one) => one.trim() !== '');
}
