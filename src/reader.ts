/** How news are read here: the built-in reader of the operator's catalogue and phrases, or the operator's own model with that one behind it. */
import { loadLexicon } from './config/lexicon.ts';
import type { Config } from './config/schema.ts';
import { createExtractor, type SyncExtractor } from './core/extract/extractor.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Extractor } from './core/ports/extractor.ts';
import type { Log } from './core/ports/log.ts';
import { createHttp } from './platform/http.ts';

export const builtInReader = ({ phrases, catalogue }: Pick<Config, 'phrases' | 'catalogue'>): SyncExtractor =>
  createExtractor(loadLexicon(undefined, { phrases }), catalogue);

/** The built-in one is made when the first text comes: the words of dozens of languages need not hold up the start. */
export async function createReader(
  config: Config,
  deps: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<Extractor> {
  const { clock, log, signal } = deps;
  let made: SyncExtractor | null = null;
  const builtIn: Extractor = {
    extract(text, options) {
      made ??= builtInReader(config);
      return made.extract(text, options);
    },
  };
  if (!config.model) return builtIn;
  const { createModelExtractor } = await import('./platform/model-extractor.ts');
  // The operator's own endpoint may stand at a private address; nobody else chooses it.
  const own = createHttp({ allowPrivateAddresses: true, perHost: 1 });
  signal.addEventListener('abort', () => void own.close());
  return createModelExtractor(config.model, { http: own.http, clock, log, catalogue: config.catalogue, builtIn });
}
