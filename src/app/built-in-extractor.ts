import { loadLexicon } from '../config/lexicon.ts';
import type { Config } from '../config/schema.ts';
import { createExtractor, type SyncExtractor } from '../core/extract/extractor.ts';
import { type Lexicon, writingOf } from '../core/extract/text/lexicon.ts';
import { createFirstLook } from '../core/first-look.ts';
import type { Encoder } from '../core/ports/encoder.ts';
import type { Extractor } from '../core/ports/reading.ts';
import type { Log } from '../core/ports/runtime.ts';
import { onceForEach } from '../core/recent.ts';
import { createEncoderHost } from '../encoder/host.ts';

export { createFirstLook, writingOf };

/** Of the operator's phrases, once: whoever reads with it keeps most of it. */
export const lexiconOf = onceForEach((phrases: Config['phrases']): Lexicon => loadLexicon(phrases));

/** The same extractor, which hears the encoder where it may be asked and answers. */
export const withEncoder = ({ read }: SyncExtractor, encoder: Encoder | null): Extractor => ({
  async extract(text, options) {
    const { asked, finish } = read(text, options);
    return finish(asked === null || encoder === null ? null : await encoder.encode(asked));
  },
});

/** The built-in extractor of the operator's catalogue and phrases, at once; without `shared` with an encoder of its own. */
export function builtInExtractor(
  { phrases, catalogue, encoder: on }: Pick<Config, 'phrases' | 'catalogue' | 'encoder'>,
  log: Log,
  languagesHeld?: number,
  shared?: Encoder | null,
): Extractor & { stop(): Promise<void> } {
  const own = on && shared === undefined ? createEncoderHost(log) : null;
  return {
    ...withEncoder(createExtractor(lexiconOf(phrases), catalogue, languagesHeld), shared ?? own),
    stop: async () => own?.stop(),
  };
}
