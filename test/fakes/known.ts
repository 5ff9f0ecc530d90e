/** What people type, in the languages that stand in `config/languages/`. */
import { vocabularyOf } from '../../src/core/commands/asking/vocabulary.ts';
import { words } from '../../src/i18n/packs.ts';

export { words };
export const known = vocabularyOf(words);
