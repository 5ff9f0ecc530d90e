/** What people type, in the languages that stand in `config/languages/`, and what they want by its letters. */
import { vocabularyOf } from '../../src/core/commands/asking/vocabulary.ts';
import { quietLog } from '../../src/core/ports/runtime.ts';
import { createLetters } from '../../src/encoder/letters.ts';
import { words } from '../../src/i18n/packs.ts';

export { words };
export const known = vocabularyOf(words);
export const likely = createLetters(quietLog);
