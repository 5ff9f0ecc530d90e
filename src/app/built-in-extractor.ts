import { loadLexicon } from '../config/lexicon.ts';
import type { Config } from '../config/schema.ts';
import { createExtractor, type SyncExtractor } from '../core/extract/extractor.ts';
import { writingOf } from '../core/extract/text/lexicon.ts';

export { createExtractor, loadLexicon, writingOf };

/** The built-in extractor of the operator's catalogue and phrases, at once: for commands that read texts and nothing else. */
export const builtInExtractor = ({ phrases, catalogue }: Pick<Config, 'phrases' | 'catalogue'>): SyncExtractor =>
  createExtractor(loadLexicon(undefined, { phrases }), catalogue);
