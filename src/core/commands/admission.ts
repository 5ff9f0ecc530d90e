import type { MessageDocument } from '../model/message.ts';
import type { Asker } from '../outbox/reply-queue.ts';
import type { IncomingCommand, Sender } from '../ports/chat-adapter.ts';
import { createBuckets, keepNewest } from '../recent.ts';
import { answer, line } from './answer.ts';
import type { Command, CommandContext, Permission } from './command.ts';
import type { BudgetLimits, RouterBudgets, RouterDeps } from './context.ts';

/**
 * - heavy: allowed, and this key's budget ran out within the last half minute
 * - dropped: not carried out, and nobody said so within the last half minute: say it, once
 * - silent: the same, and it was said
 */
export type Spent = 'allowed' | 'heavy' | 'dropped' | 'silent';

/** What is said of commands that are not carried out names this time; it is not said again within it. */
const QUIET_MS = 30_000;

export function createBudget({ burst, everyMs, maxKeys }: BudgetLimits) {
  const buckets = createBuckets({ burst, perSecond: 1_000 / everyMs, most: maxKeys });
  /** When it was last said that commands are not carried out. */
  const saidAt = new Map<string, number>();
  return {
    size: buckets.size,
    /** `now` by a clock that only goes forward. */
    spend(key: string, now: number): Spent {
      const said = now - (saidAt.get(key) ?? Number.NEGATIVE_INFINITY) < QUIET_MS;
      if (buckets.take(key, 1, now) === 0) return said ? 'heavy' : 'allowed';
      if (said) return 'silent';
      keepNewest(saidAt, key, now, maxKeys);
      return 'dropped';
    },
  };
}

/** Questions and changes each have their own: whoever asked too much can still unsubscribe, and a group's members cannot use up what its admins may change. */
const BUDGETS: RouterBudgets = {
  person: { burst: 15, everyMs: 2_000, maxKeys: 20_000 },
  chat: { burst: 40, everyMs: 1_000, maxKeys: 20_000 },
};

/** May a command be carried out, and who is answered how? */
export interface Admission {
  /** `dropped`, `silent`: past a budget. */
  verdict: Exclude<Spent, 'heavy'>;
  /** Its sender may give it; false where that was not even asked. */
  permitted: boolean;
  asker: Asker;
  /** Only whoever pressed the button is answered: others read along, and it is none of their business. */
  aside: boolean;
}

/** Looks and changes nothing: may be put off, and done when its answer's turn comes. A deep link ("start ru") subscribes. */
export const isQuestion = (command: Command | null, args: string): boolean =>
  command === null ||
  (whoMay(command, args) === 'anyone' && (command.name !== 'start' || args === '') && !command.counts?.(args));

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

export function createAdmission(deps: Pick<RouterDeps, 'operators' | 'clock' | 'budgets'>) {
  const { clock } = deps;
  const operators = new Set(deps.operators);
  const { person: ofPerson, chat: ofChat } = deps.budgets ?? BUDGETS;
  const asks = { person: createBudget(ofPerson), chat: createBudget(ofChat) };
  const changes = { person: createBudget(ofPerson), chat: createBudget(ofChat) };

  async function mayGive(command: Command | null, args: string, { sender }: IncomingCommand): Promise<boolean> {
    const who = command === null ? 'anyone' : whoMay(command, args);
    if (who === 'operators') return operators.has(sender.id);
    return who === 'anyone' || (await sender.isAdmin());
  }

  /** Operators need no budget. An unpaced account of a platform (a server of one's own) does. */
  return async function admit(event: IncomingCommand, command: Command | null, args: string): Promise<Admission> {
    const { sender, chatKind } = event;
    const { accountId, chat: chatId } = event.address;
    const aside = await isAside(event, command);
    if (operators.has(sender.id))
      return { verdict: 'allowed', permitted: await mayGive(command, args, event), asker: 'operator', aside };
    const now = clock.monotonic();
    // What members say of themselves must not use up what its admins may change.
    const isAsking = isQuestion(command, args) || command?.counts?.(args) === true;
    const budgets = isAsking ? asks : changes;
    // Nobody: what a platform tells has no such budget.
    const person = sender.id === '' ? 'allowed' : budgets.person.spend(`${accountId} ${sender.id}`, now);
    if (isOver(person)) return { verdict: person, permitted: false, asker: 'flooder', aside };
    const permitted = await mayGive(command, args, event);
    // A popup costs the chat nothing: thousands may read a channel. Changes by others would use up what is for those who may.
    const chat = aside ? person : (permitted ? budgets : asks).chat.spend(`${accountId} ${chatId}`, now);
    if (isOver(chat)) return { verdict: chat, permitted: false, asker: 'flooder', aside };
    // A busy group is a crowd; a flood is somebody's.
    const heavy = person === 'heavy' || (chatKind === 'private' && chat === 'heavy');
    return { verdict: 'allowed', permitted, asker: heavy ? 'flooder' : 'person', aside };
  };
}

const isOver = (spent: Spent): spent is 'dropped' | 'silent' => spent === 'dropped' || spent === 'silent';

/** What the router does with a command that was read, and why. */
type AnswerPlan =
  | { do: 'nothing'; why: 'over-budget-and-said' }
  | { do: 'say-slow'; why: 'over-budget' }
  /** What it may do, and who may give it. */
  | { do: 'refuse'; why: 'not-permitted' }
  /** Looked up when its turn comes. */
  | { do: 'put-off'; why: 'crowd' }
  /** One answer for all who press the same button. */
  | { do: 'answer-aside'; why: 'others-read-along' }
  | { do: 'run'; brief: boolean; why: 'permitted' };

/** Decides it. Pure. `isCommand` false: a sentence, or nothing that is understood; `question`: it changes nothing. */
export function planAnswer(
  { isCommand, question, crowded }: { isCommand: boolean; question: boolean; crowded: boolean },
  { verdict, permitted, asker, aside }: Admission,
): AnswerPlan {
  if (verdict === 'silent') return { do: 'nothing', why: 'over-budget-and-said' };
  if (verdict === 'dropped') return { do: 'say-slow', why: 'over-budget' };
  if (isCommand && !permitted) return { do: 'refuse', why: 'not-permitted' };
  // Who runs the bot waits for nobody; a popup costs the chat nothing.
  const brief = crowded && asker !== 'operator' && !aside;
  if (permitted && question && brief) return { do: 'put-off', why: 'crowd' };
  if (permitted && question && aside) return { do: 'answer-aside', why: 'others-read-along' };
  return { do: 'run', brief, why: 'permitted' };
}

/** What somebody is answered who may not give a command: what it takes, what they have, and what everyone may do. `aside`: only they read it. */
export async function refusal(
  who: Permission,
  sender: Sender,
  { words, hint, chat }: Pick<CommandContext, 'words' | 'hint' | 'chat'>,
  aside: boolean,
): Promise<MessageDocument> {
  if (who === 'operators')
    return answer(words, [line(words.say('error.operators')), line(...hint('error.help', 'help'))]);
  if (aside || chat.kind === 'channel') return answer(words, [line(words.say('error.readers'))]);
  if (sender.unnamed) return answer(words, [line(words.say('error.adminsAs'))]);
  const power = chat.kind === 'private' ? undefined : await sender.power?.();
  if (!power) return answer(words, [line(...hint('error.admins', 'status'))]);
  const { needs, has } = power;
  const text =
    has === null ? hint('error.adminsNeeds', 'status', { needs }) : hint('error.adminsLevel', 'status', { needs, has });
  return answer(words, [line(...text)]);
}
