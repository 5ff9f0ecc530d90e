import type { Reply } from '../outbox/answer-plan.ts';
import type { IncomingCommand } from '../ports/chat-adapter.ts';
import type { AskedKind } from './asked-questions.ts';
import { answer, line } from './document.ts';
import type { Router } from './routing.ts';

export interface AskedAgainDeps {
  router: Pick<Router, 'read' | 'words'>;
  /** As if it came just now. */
  incoming(event: IncomingCommand): Promise<void>;
  reply(reply: Reply): Promise<void> | void;
}

/**
 * What an earlier process did not answer any more, minutes later, with nobody there to say who may do what. What only looks is looked at again; so is
 * what somebody alone with us opened (a menu). All else might do something that is not wanted any more: it is said that it was not answered.
 */
export async function askAgain(event: IncomingCommand, kind: AskedKind, deps: AskedAgainDeps): Promise<void> {
  const { router, incoming, reply } = deps;
  const { text, forwarded, chatKind, address, messageRef } = event;
  if (kind === 'question') return await incoming(event);
  if (chatKind === 'private' && router.read(text, forwarded).args === '')
    return await incoming({ ...event, sender: { ...event.sender, isAdmin: () => Promise.resolve(true) } });
  const { words } = await router.words(event);
  const document = answer(words, [line(words.say('error.failed'))]);
  await reply({ address, group: chatKind !== 'private', document, replyTo: messageRef, edit: null });
}
