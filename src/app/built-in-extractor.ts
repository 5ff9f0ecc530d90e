import { loadLexicon } from '../config/lexicon.ts';
import type { Config } from '../config/schema.ts';
import { createExtractor, type SyncExtractor } from '../core/extract/extractor.ts';
import { type Lexicon, writingOf } from '../core/extract/text/lexicon.ts';
import { createFirstLook } from '../core/first-look.ts';
import { onceForEach } from '../core/recent.ts';

export { createExtractor, createFirstLook, writingOf };

/** Of the operator's phrases, once: whoever reads with it keeps most of it. */
export const lexiconOf = onceForEach((phrases: Config['phrases']): Lexicon => loadLexicon(undefined, { phrases }));

/** The built-in extractor of the operator's catalogue and phrases, at once: for commands that read texts and nothing else. */
export const builtInExtractor = ({ phrases, catalogue }: Pick<Config, 'phrases' | 'catalogue'>): SyncExtractor =>
  createExtractor(lexiconOf(phrases), catalogue);
