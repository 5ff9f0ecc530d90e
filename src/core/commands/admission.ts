import type { Asker } from '../outbox/answer-plan.ts';
import type { IncomingCommand } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import { BUDGETS, createBudgets, type RouterBudgets } from './budgets.ts';
import type { Command, Permission } from './command.ts';

/** May a command be carried out, and who is answered how? */
export interface Admission {
  /** dropped: past a budget, which must be said now; silent: the same, and it was said. */
  verdict: 'allowed' | 'dropped' | 'silent';
  /** Its sender may give it; false where that was not even asked. */
  permitted: boolean;
  asker: Asker;
  /** Only whoever pressed the button is answered: others read along, and it is none of their business. */
  aside: boolean;
}

/** Looks and changes nothing: may be put off, and done when its answer's turn comes. A deep link ("start ru") subscribes. */
export const isQuestion = (command: Command | null, args: string): boolean =>
  command === null || (whoMay(command, args) === 'anyone' && (command.name !== 'start' || args === ''));

/** Who may give it with these arguments. */
export const whoMay = (command: Command, args: string): Permission =>
  command.who === 'anyone' && command.changes?.(args) ? 'admins' : command.who;

/**
 * A button under a message that many read: a reader who may not change the chat is answered aside, whatever they press, and in a channel
 * its administrators are too, but for what goes on in the message itself. Nothing is posted.
 */
async function isAside(event: IncomingCommand, command: Command | null): Promise<boolean> {
  if (!event.button?.whisper) return false;
  if (event.chatKind === 'channel' && !command?.replaces) return true;
  return !(await event.sender.isAdmin());
}

export function createAdmission(deps: {
  operators: readonly string[];
  clock: Clock;
  budgets?: RouterBudgets | undefined;
}) {
  const { clock } = deps;
  const operators = new Set(deps.operators);
  const budgets = createBudgets(deps.budgets ?? BUDGETS);

  async function mayGive(command: Command | null, args: string, { sender }: IncomingCommand): Promise<boolean> {
    const who = command === null ? 'anyone' : whoMay(command, args);
    if (who === 'operators') return operators.has(sender.id);
    return who === 'anyone' || (await sender.isAdmin());
  }

  /** Operators need no budget. An unpaced account of a platform (a server of one's own) does. */
  return async function admit(event: IncomingCommand, command: Command | null, args: string): Promise<Admission> {
    const { sender, address, chatKind } = event;
    if (operators.has(sender.id)) {
      const [permitted, aside] = [await mayGive(command, args, event), await isAside(event, command)];
      return { verdict: 'allowed', permitted, asker: 'operator', aside };
    }
    const now = clock.monotonic();
    const who = { accountId: address.accountId, chat: address.chat, senderId: sender.id };
    const changes = !isQuestion(command, args);
    const refused = (kind: 'answer' | 'silent', aside: boolean): Admission => {
      return { verdict: kind === 'answer' ? 'dropped' : 'silent', permitted: false, asker: 'flooder', aside };
    };
    const person = budgets.person(who, changes, now);
    if (person.kind !== 'allowed') return refused(person.kind, await isAside(event, command));
    const [permitted, aside] = [await mayGive(command, args, event), await isAside(event, command)];
    // A popup costs the chat nothing: thousands may read a channel.
    const chat = aside ? person : budgets.chat(who, changes && permitted, now);
    if (chat.kind !== 'allowed') return refused(chat.kind, aside);
    // A busy group is a crowd; a flood is somebody's.
    const heavy = person.heavy || (chatKind === 'private' && chat.heavy);
    return { verdict: 'allowed', permitted, asker: heavy ? 'flooder' : 'person', aside };
  };
}
