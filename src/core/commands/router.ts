import { codeOf, isTold } from '../errors.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Policy } from '../model/policy.ts';
import type { Asker, Later, Merged, ReplyKind } from '../outbox/answer-plan.ts';
import type { ChatAdapter, IncomingCommand } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { CommandOutcome, Metrics } from '../ports/metrics.ts';
import type { Store } from '../ports/store.ts';
import type { Translators } from '../ports/translate.ts';
import { createCommands } from './all.ts';
import type { Verdict } from './budget.ts';
import { BUDGETS, createBudgets, type RouterBudgets } from './budgets.ts';
import type { Command, CommandContext } from './command.ts';
import { createContext, type Manner } from './context.ts';
import { answer, code, line } from './document.ts';
import type { BotHealth } from './health.ts';
import { mergedAnswer } from './merged-answer.ts';
import { createTargetIndex, keyOf } from './targets.ts';
import { nearCommands, unknownAnswer } from './unknown.ts';

export interface RouterDeps {
  store: Pick<Store, 'incidents' | 'reports' | 'subscriptions' | 'silences' | 'chats'>;
  clock: Clock;
  ids: Ids;
  log: Log;
  catalogue: Catalogue;
  translators: Translators;
  policy: Policy;
  /** Senders who may give operators' commands, as `platform:id`. */
  operators: readonly string[];
  health(): Promise<BotHealth>;
  retract(id: string, because: string): Promise<boolean>;
  stopAgent(id: string, stopped: boolean): Promise<boolean>;
  /** How an account takes commands; null = unknown, plain words then. */
  account(id: string): Pick<ChatAdapter, 'platform' | 'commandPrefix' | 'hasButtons' | 'pace'> | null;
  /** Language of chats about which nothing is known; English when absent. */
  defaultLang?: string;
  budgets?: RouterBudgets;
  metrics?: Pick<Metrics, 'command'>;
}

export interface RouterAnswer {
  /** Empty: a question that was not worked on yet; `later` does it when its turn comes. */
  documents: MessageDocument[];
  /** The first document takes the place of the message whose button was pressed. */
  replaces: boolean;
  kind: ReplyKind;
  asker: Asker;
  /** Says what is true by then, for this command and others of its chat. */
  later: Later;
}

export interface Router {
  /**
   * Carries a command out. `crowded`: many people write, so questions are put off, and a change is not worked into a long answer.
   * Null = say nothing: past a budget, which was said, or another bot's command. Never throws.
   */
  handle(event: IncomingCommand, crowded?: boolean): Promise<RouterAnswer | null>;
  /** Names and descriptions for the platforms' menus. */
  menus(): { lang: string; commands: { name: string; description: string }[] }[];
}

/** Adapters bound the text; this holds whatever they do. */
const MAX_TEXT = 1_000;
const MAX_WORD = 60;

/** A command as it was read: what it is, and how it is to be answered. */
interface Read {
  event: IncomingCommand;
  home: ReturnType<RouterDeps['account']>;
  text: string;
  command: Command | null;
  args: string;
  near: Command[];
}

export function createRouter(deps: RouterDeps): Router {
  const { clock, log, translators } = deps;
  const targets = createTargetIndex(deps.catalogue);
  const operators = new Set(deps.operators);
  const isOperator = (context: CommandContext): boolean => operators.has(context.senderId);
  const commands = createCommands({ ...deps, targets, isOperator });
  const byWord = new Map<string, Command>();
  for (const command of commands) {
    for (const word of [command.name, ...command.aliases]) byWord.set(keyOf(word) || word, command);
  }
  const budgets = createBudgets(deps.budgets ?? BUDGETS);

  function read(event: IncomingCommand): Read {
    const text = event.text.slice(0, MAX_TEXT).replace(/\s+/gu, ' ').trim().replace(/^\//u, '');
    const { command, word, args } = find(text, byWord);
    const home = deps.account(event.address.accountId);
    return { event, home, text, command, args, near: command ? [] : nearCommands(word, byWord) };
  }

  /** Operators need no budget. An unpaced account of a platform (a server of one's own) does. Null: its sender may not give it. */
  async function admit({ event, command, args }: Read): Promise<Verdict & { permitted: boolean }> {
    if (operators.has(event.sender.id))
      return { kind: 'allowed', heavy: false, permitted: await mayGive(command, event) };
    const now = clock.monotonic();
    const who = { accountId: event.address.accountId, chat: event.address.chat, senderId: event.sender.id };
    const changes = !isQuestion(command, args);
    const person = budgets.person(who, changes, now);
    if (person.kind !== 'allowed') return { ...person, permitted: false };
    const permitted = await mayGive(command, event);
    const chat = budgets.chat(who, changes && permitted, now);
    if (chat.kind !== 'allowed') return { ...chat, permitted };
    // A busy group is a crowd; a flood is somebody's.
    return { kind: 'allowed', heavy: person.heavy || (event.chatKind === 'private' && chat.heavy), permitted };
  }

  async function mayGive(command: Command | null, event: IncomingCommand): Promise<boolean> {
    if (command?.who === 'operators') return operators.has(event.sender.id);
    return command?.who !== 'admins' || (await event.sender.isAdmin());
  }

  function refusal(command: Command, { words, typed }: CommandContext): MessageDocument {
    if (command.who === 'operators') return answer(words, [line(words.say('error.operators'))]);
    return answer(words, [line(...words.rich('error.admins', { command: code(typed('status')) }))]);
  }

  const contextOf = ({ event, args, home }: Read, manner: Manner): Promise<CommandContext> =>
    createContext(event, args, manner, home, deps);

  /** Runs what may be run; a failure is an answer as well. */
  async function run({ command, text, near }: Read, context: CommandContext): Promise<MessageDocument[]> {
    const { words } = context;
    if (!command) return [unknownAnswer(text, near, context, targets)];
    try {
      return await command.run(context);
    } catch (error) {
      deps.metrics?.command(command.name, 'failed');
      complain('Unable to run a command', error, { command: command.name });
      return [answer(words, [line(words.say('error.failed'))])];
    }
  }

  /** What a merged answer says, from what is true now. */
  async function later(command: Read, merged: Merged): Promise<MessageDocument> {
    const context = await contextOf(command, { brief: false, changed: false });
    const asked = merged.asked ? await run(command, context) : [];
    return await mergedAnswer(merged, asked, context, { ...deps.store, translators });
  }

  async function respond(event: IncomingCommand, crowded: boolean): Promise<RouterAnswer | null> {
    const command = read(event);
    if (isForeign(command)) return null;
    const counted = (outcome: CommandOutcome) => deps.metrics?.command(command.command?.name ?? null, outcome);
    const verdict = await admit(command);
    if (verdict.kind === 'silent') {
      counted('silent');
      return null;
    }
    const heavy = verdict.kind === 'answer' || verdict.heavy;
    const asker: Asker = operators.has(event.sender.id) ? 'operator' : heavy ? 'flooder' : 'person';
    const brief = crowded && asker !== 'operator';
    const give = (kind: ReplyKind, documents: MessageDocument[], replaces = false): RouterAnswer => ({
      documents,
      replaces,
      kind,
      asker,
      later: (merged) => later(command, merged),
    });
    const question = isQuestion(command.command, command.args);
    if (verdict.kind === 'allowed' && verdict.permitted && question && brief) {
      counted('answered');
      return give('question', [], command.command?.replaces === true && event.button !== null);
    }
    const manner: Manner = { brief, changed: false };
    const context = await contextOf(command, manner);
    const { words } = context;
    if (verdict.kind === 'answer') {
      counted('slow');
      return give('dropped', [answer(words, [line(words.say('error.slow'))])]);
    }
    if (command.command && !verdict.permitted) {
      counted('refused');
      return give('text', [refusal(command.command, context)]);
    }
    const documents = await run(command, context);
    counted(command.command ? 'answered' : 'unknown');
    const kind = manner.changed ? 'change' : question ? 'question' : 'text';
    return give(kind, documents, command.command?.replaces === true && event.button !== null);
  }

  function complain(what: string, error: unknown, fields: Record<string, string> = {}): void {
    if (isTold(error)) return;
    const message = error instanceof Error ? error.message : String(error);
    log.error(what, { ...fields, code: codeOf(error), error: message });
  }

  return {
    async handle(event, crowded = false) {
      try {
        return await respond(event, crowded);
      } catch (error) {
        // Not even the chat's language could be read: say it in the default one.
        deps.metrics?.command(null, 'failed');
        complain('Unable to read a chat', error);
        const words = translators.of(deps.defaultLang ?? 'en');
        const failed = answer(words, [line(words.say('error.failed'))]);
        return { documents: [failed], replaces: false, kind: 'text', asker: 'person', later: async () => failed };
      }
    },
    menus: () =>
      translators.languages.map(({ code: lang }) => ({
        lang,
        commands: commands
          .filter((command) => command.who !== 'operators')
          .map(({ name }) => ({ name, description: translators.of(lang).say(`command.${name}`) })),
      })),
  };
}

/** Looks and changes nothing: may be put off, and done when its answer's turn comes. A deep link ("start ru") subscribes. */
const isQuestion = (command: Command | null, args: string): boolean =>
  command === null || (command.who === 'anyone' && (command.name !== 'start' || args === ''));

/** In a group with plain "/" commands other bots are spoken to as well. */
const isForeign = ({ command, near, event, home, text }: Read): boolean =>
  !command && near.length === 0 && event.chatKind !== 'private' && home?.commandPrefix === '/' && text !== '';

/** The longest beginning of the text that is a command's word: "о боте" before "о". An empty text asks for help. */
function find(
  text: string,
  byWord: ReadonlyMap<string, Command>,
): { command: Command | null; word: string; args: string } {
  if (text === '') return { command: byWord.get('help') ?? null, word: '', args: '' };
  const parts = text.split(' ');
  for (const length of [2, 1]) {
    if (parts.length < length) continue;
    // "/status@tocsin_bot": whoever it names, it reached us.
    const typed = parts.slice(0, length).join(' ').slice(0, MAX_WORD).replace(/@\w+$/u, '');
    const key = keyOf(typed) || typed;
    const command = byWord.get(key);
    // Signs fall away in a key: "subscribe 🇷🇺" is one word and its argument.
    if (command && (length === 1 || key.includes(' ')))
      return { command, word: typed, args: parts.slice(length).join(' ') };
  }
  return { command: null, word: keyOf(parts[0]!.slice(0, MAX_WORD)), args: '' };
}
