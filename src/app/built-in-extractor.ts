import { loadLexicon } from '../config/lexicon.ts';
import type { Config } from '../config/schema.ts';
import { createExtractor } from '../core/extract/extractor.ts';
import { writingOf } from '../core/extract/text/lexicon.ts';
import type { Encoder } from '../core/ports/encoder.ts';
import type { Extractor } from '../core/ports/reading.ts';
import type { Log } from '../core/ports/runtime.ts';
import { createEncoderHost } from '../encoder/host.ts';

export { createExtractor, loadLexicon, writingOf };

/** The built-in extractor of the operator's catalogue and phrases, at once, with an encoder of its own: for commands that read texts and nothing else. */
export function builtInExtractor(
  { phrases, catalogue, encoder: on }: Pick<Config, 'phrases' | 'catalogue' | 'encoder'>,
  log: Log,
): Extractor & { stop(): Promise<void> } {
  const { read } = createExtractor(loadLexicon(undefined, { phrases }), catalogue);
  const encoder = on ? createEncoderHost(log) : null;
  return {
    extract: (text, options) => heard(read(text, options), encoder),
    stop: async () => encoder?.stop(),
  };
}

/** A reading with what the encoder says of the text, where it is asked and answers. */
export async function heard(
  { asked, finish }: ReturnType<ReturnType<typeof createExtractor>['read']>,
  encoder: Encoder | null,
): Promise<ReturnType<typeof finish>> {
  return finish(asked === null || encoder === null ? null : await encoder.encode(asked));
}
