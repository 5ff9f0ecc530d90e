import { logFailure } from '../failures.ts';
import type { MessageDocument } from '../model/message.ts';
import type { IncomingCommand, Question } from '../ports/chat-adapter.ts';
import type { Admission } from './admission.ts';
import type { Command } from './command.ts';
import { createContext } from './context.ts';
import { head } from './document.ts';
import { createRecent } from './recent.ts';
import type { RouterDeps } from './routing.ts';
import type { TargetIndex } from './targets.ts';

export interface InlineDeps extends Omit<RouterDeps, 'budgets'> {
  admit(event: IncomingCommand, command: Command | null, args: string): Promise<Admission>;
  targets: Pick<TargetIndex, 'parse'>;
  status: Command;
}

/** Longer questions are no question of ours. */
const MAX_TEXT = 200;
/** So long one answer serves all who ask the same in the same language, ms. */
const KEPT_MS = 5_000;
const MAX_KEPT = 500;

/** Questions that are typed in other people's chats, letter by letter: what is not understood yet is not answered. */
export function createInline(deps: InlineDeps): (question: Question) => Promise<MessageDocument | null> {
  const { admit, targets, status, clock, log } = deps;
  const kept = createRecent<MessageDocument | null>(KEPT_MS, MAX_KEPT);

  async function answer(event: IncomingCommand): Promise<MessageDocument | null> {
    const manner = { brief: false, changed: false, aside: true, textOnly: true as const };
    const home = deps.account(event.address.accountId);
    const context = await createContext(event, event.text, manner, home, deps);
    const [document] = await status.run(context);
    if (!document) return null;
    // How the bot is goes to those who ask it; buttons belong to chats that we are in.
    const about = JSON.stringify(head(context.words.say('health.head')));
    const end = document.blocks.findIndex((block) => JSON.stringify(block) === about);
    return { ...document, blocks: end > 0 ? document.blocks.slice(0, end) : document.blocks, buttons: [] };
  }

  return async ({ accountId, text, sender }) => {
    const wanted = text.replace(/\s+/gu, ' ').trim();
    if (wanted.length > MAX_TEXT) return null;
    const event: IncomingCommand = {
      kind: 'command',
      // No chat has this id, so nothing is known of it and nothing is kept. One for each person: nobody uses up what others may ask.
      address: { accountId, chat: `inline ${sender.id}`, thread: null },
      chatKind: 'private',
      sender: { ...sender, name: '', isAdmin: () => Promise.resolve(false) },
      text: wanted,
      button: null,
      messageRef: null,
    };
    try {
      if (targets.parse(wanted).problems.length > 0) return null;
      if ((await admit(event, status, wanted)).verdict !== 'allowed') return null;
      return await kept.get(JSON.stringify([accountId, sender.lang, wanted]), clock.monotonic(), () => answer(event));
    } catch (error) {
      logFailure(log, 'Unable to answer an inline query', error);
      return null;
    }
  };
}
