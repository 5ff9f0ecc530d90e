import type { CommandName } from './commands.ts';
import type { Plain } from './plain.ts';

/** What each command does, in help and in the platforms' menus: read in every language, so apart from all else. */
export type MenuPhrases = { [C in CommandName as `command.${C}`]: Plain };
