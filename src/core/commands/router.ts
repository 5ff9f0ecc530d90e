import { codeOf, isTold } from '../errors.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Policy } from '../model/policy.ts';
import type { ChatAdapter, IncomingCommand } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { CommandOutcome, Metrics } from '../ports/metrics.ts';
import type { Store } from '../ports/store.ts';
import type { Translators } from '../ports/translate.ts';
import { createCommands } from './all.ts';
import { type BudgetLimits, createBudget, type Verdict } from './budget.ts';
import type { Command, CommandContext } from './command.ts';
import { createContext } from './context.ts';
import { answer, code, line } from './document.ts';
import type { BotHealth } from './health.ts';
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
  budgets?: { person: BudgetLimits; chat: BudgetLimits };
  metrics?: Pick<Metrics, 'command'>;
}

export interface RouterAnswer {
  documents: MessageDocument[];
  /** The first document takes the place of the message whose button was pressed. */
  replaces: boolean;
}

export interface Router {
  /** Null = say nothing: a flood, or another bot's command. Never throws. */
  handle(event: IncomingCommand): Promise<RouterAnswer | null>;
  /** Names and descriptions for the platforms' menus. */
  menus(): { lang: string; commands: { name: string; description: string }[] }[];
}

export const BUDGETS: { person: BudgetLimits; chat: BudgetLimits } = {
  person: { burst: 15, everyMs: 2_000, maxKeys: 20_000 },
  chat: { burst: 40, everyMs: 1_000, maxKeys: 20_000 },
};

/** Adapters bound the text; this holds whatever they do. */
const MAX_TEXT = 1_000;
const MAX_WORD = 60;

export function createRouter(deps: RouterDeps): Router {
  const { clock, log, translators } = deps;
  const targets = createTargetIndex(deps.catalogue);
  const operators = new Set(deps.operators);
  const senders = new WeakMap<CommandContext, string>();
  const isOperator = (context: CommandContext): boolean => operators.has(senders.get(context) ?? '');
  const commands = createCommands({ ...deps, targets, isOperator });
  const byWord = new Map<string, Command>();
  for (const command of commands) {
    for (const word of [command.name, ...command.aliases]) byWord.set(keyOf(word) || word, command);
  }
  const budgets = deps.budgets ?? BUDGETS;
  const people = createBudget(budgets.person);
  const chats = createBudget(budgets.chat);

  /** Operators need no budget, nor does whoever sits at the terminal. An unpaced account of a platform (a server of one's own) does. */
  function spend(event: IncomingCommand): Verdict {
    if (operators.has(event.sender.id)) return { kind: 'allowed' };
    const now = clock.monotonic();
    const { accountId, chat } = event.address;
    const person = people.spend(`${accountId} ${event.sender.id}`, now);
    return person.kind === 'allowed' ? chats.spend(`${accountId} ${chat}`, now) : person;
  }

  async function refusal(
    command: Command,
    event: IncomingCommand,
    context: CommandContext,
  ): Promise<MessageDocument | null> {
    const { words } = context;
    if (command.who === 'operators' && !isOperator(context)) {
      return answer(words, [line(words.say('error.operators'))]);
    }
    if (command.who !== 'admins' || (await event.sender.isAdmin())) return null;
    return answer(words, [line(...words.rich('error.admins', { command: code(context.typed('status')) }))]);
  }

  async function respond(event: IncomingCommand): Promise<RouterAnswer | null> {
    const home = deps.account(event.address.accountId);
    const text = event.text.slice(0, MAX_TEXT).replace(/\s+/gu, ' ').trim().replace(/^\//u, '');
    const { command, word, args } = find(text, byWord);
    const near = command ? [] : nearCommands(word, byWord);
    // In a group with plain "/" commands other bots are spoken to as well.
    const foreign = !command && near.length === 0 && event.chatKind !== 'private' && home?.commandPrefix === '/';
    if (foreign && text !== '') return null;
    const verdict = spend(event);
    const counted = (outcome: CommandOutcome) => deps.metrics?.command(command?.name ?? null, outcome);
    if (verdict.kind === 'silent') {
      counted('silent');
      return null;
    }
    const context = await createContext(event, args, home, deps);
    senders.set(context, event.sender.id);
    const { words } = context;
    if (verdict.kind === 'answer') {
      counted('slow');
      return { documents: [answer(words, [line(words.say('error.slow'))])], replaces: false };
    }
    if (!command) {
      counted('unknown');
      return { documents: [unknownAnswer(text, near, context, targets)], replaces: false };
    }
    const refused = await refusal(command, event, context);
    if (refused) {
      counted('refused');
      return { documents: [refused], replaces: false };
    }
    try {
      const documents = await command.run(context);
      counted('answered');
      return { documents, replaces: command.replaces && event.button !== null };
    } catch (error) {
      counted('failed');
      if (!isTold(error))
        log.error('Unable to run a command', {
          command: command.name,
          code: codeOf(error),
          error: error instanceof Error ? error.message : String(error),
        });
      return { documents: [answer(words, [line(words.say('error.failed'))])], replaces: false };
    }
  }

  return {
    async handle(event) {
      try {
        return await respond(event);
      } catch (error) {
        // Not even the chat's language could be read: say it in the default one.
        deps.metrics?.command(null, 'failed');
        if (!isTold(error))
          log.error('Unable to read a chat', {
            code: codeOf(error),
            error: error instanceof Error ? error.message : String(error),
          });
        const words = translators.of(deps.defaultLang ?? 'en');
        return { documents: [answer(words, [line(words.say('error.failed'))])], replaces: false };
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
