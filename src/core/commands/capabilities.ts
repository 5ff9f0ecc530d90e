import type { Forgettable } from '../ports/runtime.ts';
import type { Credit } from '../ports/source.ts';
import type { CommandName } from '../ports/translate.ts';
import type { World } from '../state/fold.ts';
import type { createKnowledge } from '../state/world.ts';
import type { TargetIndex } from './asking/targets.ts';
import type { Vocabulary } from './asking/vocabulary.ts';
import type { Command, CommandContext } from './command.ts';
import type { RouterDeps } from './context.ts';

/** What commands are handed: shapes only (`all.ts` fills them). */

/** All that commands are handed; each says by `Pick` what of it it needs. */
export interface Can extends Omit<RouterDeps['store'], 'measurements'>, Omit<RouterDeps, 'account' | 'credits'> {
  known: Vocabulary;
  targets: TargetIndex;
  credits: readonly Credit[];
  /** How it stands with what anybody asks about. */
  world: World;
  knowledgeOf: ReturnType<typeof createKnowledge>;
  categoryOf(service: string): string | null;
  /** Pickers that people have open, codes that join two chats, drafts of announcements, and whom a keyboard was shown that asks for their place. */
  picks: Forgettable;
  codes: Forgettable;
  drafts: Forgettable;
  placeAsked: Forgettable;
  /** Of an account: its platform's id in the catalogue of services; null = it is none of those. */
  serviceOf(accountId: string): string | null;
  isOperator(context: CommandContext): boolean;
  /** All of them, in the order of menus. */
  commands(): readonly Command[];
  command(name: CommandName): Command;
}
