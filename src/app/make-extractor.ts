import { setImmediate } from 'node:timers/promises';
import type { Config } from '../config/schema.ts';
import type { SyncExtractor } from '../core/extract/extractor.ts';
import { PLAIN_WRITING, type Writing } from '../core/extract/text/tokens.ts';
import type { Encoder } from '../core/ports/encoder.ts';
import type { Extractor } from '../core/ports/reading.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import { createHttp } from '../platform/http.ts';

/** How news are read here: the built-in extractor of the operator's catalogue and phrases, or the operator's own model with that one behind it. */

/**
 * The built-in one is loaded and made when the first text comes: the rules, and the words of dozens of languages, need neither hold up the start nor
 * fill the memory of a bot that reads no news.
 */
export async function makeExtractor(
  config: Config,
  deps: { clock: Clock; log: Log; signal: AbortSignal; encoder: Encoder },
): Promise<Extractor> {
  const { clock, log, signal, encoder } = deps;
  let writing: Writing = PLAIN_WRITING;
  let made: SyncExtractor | null = null;
  let making: Promise<SyncExtractor> | null = null;
  /** In pieces, with a turn of the event loop for others in between: whole it holds the loop for a tenth of a second. */
  async function make(): Promise<SyncExtractor> {
    const { createExtractor, loadLexicon, writingOf } = await import('./built-in-extractor.ts');
    const lexicon = loadLexicon(undefined, { phrases: config.phrases });
    writing = writingOf(lexicon.languages);
    await setImmediate();
    made = createExtractor(lexicon, config.catalogue);
    await setImmediate();
    return made;
  }
  const builtIn: Extractor = {
    async extract(text, options) {
      making ??= make();
      const { heard } = await import('./built-in-extractor.ts');
      return heard((made ?? (await making)).read(text, options), config.encoder ? encoder : null);
    },
  };
  if (!config.model) return builtIn;
  const { createModelExtractor } = await import('../platform/model-extractor.ts');
  // The operator's own endpoint may stand at a private address; nobody else chooses it.
  const own = createHttp({ allowPrivateAddresses: true, perHost: 1 });
  signal.addEventListener('abort', () => void own.close());
  return createModelExtractor(config.model, {
    http: own.http,
    clock,
    log,
    catalogue: config.catalogue,
    builtIn,
    writing: () => writing,
  });
}
