import { logFailure } from '../failures.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Merged, ReplyKind } from '../outbox/answer-plan.ts';
import type { IncomingCommand } from '../ports/chat-adapter.ts';
import type { CommandOutcome } from '../ports/metrics.ts';
import type { ServiceHosts } from '../ports/service-hosts.ts';
import type { Forgettable } from '../ports/state.ts';
import { type Admission, createAdmission, isQuestion, whoMay } from './admission.ts';
import { createCommands } from './all.ts';
import { answerAsked, answerOpen } from './ask/answers.ts';
import { type Asked, createAsking } from './ask/interpret.ts';
import { understand } from './ask/understand.ts';
import { type ThroughChannel, throughChannel } from './channels.ts';
import type { Command, CommandContext } from './command.ts';
import { wordsOf } from './command-words.ts';
import { createContext, type Manner, personAt } from './context.ts';
import { answer, line } from './document.ts';
import { createInline } from './inline.ts';
import { mergedAnswer } from './merged-answer.ts';
import { createPicks, seek } from './picks.ts';
import { createRecent } from './recent.ts';
import { refusal } from './refusal.ts';
import type { Home, Router, RouterAnswer, RouterDeps } from './routing.ts';
import { keyOf } from './target-names.ts';
import { createTargetIndex } from './targets.ts';
import { nearCommands, unknownAnswer } from './unknown.ts';

/** Adapters bound the text; this holds whatever they do. */
const MAX_TEXT = 1_000;
const MAX_WORD = 60;
/** So long one answer aside serves all who press the same button, ms. */
const ASIDE_MS = 5_000;
const MAX_ASIDES = 500;

/** Keeps nothing. */
const FORGETFUL: Forgettable = { get: async () => undefined, set: async () => false, delete: async () => false };

/** A command as it was read: what it is, and how it is to be answered. */
interface Read {
  event: IncomingCommand;
  home: Home | null;
  text: string;
  command: Command | null;
  args: string;
  /** What a plain sentence asked for; null: a command, or nothing that is understood. */
  asked: Asked | null;
  /** Commands that may have been meant; looking for them is dear, so only where it is needed. */
  near(): Command[];
  /** Given in a private chat, about a channel. */
  through: ThroughChannel | null;
}

/** By every word that calls it; a command's own name and aliases go before what languages call another one. */
function commandsByWord(commands: readonly Command[]): Map<string, Command> {
  const byWord = new Map<string, Command>();
  for (const command of commands)
    for (const word of [command.name, ...command.aliases]) byWord.set(keyOf(word) || word, command);
  for (const command of commands)
    for (const word of wordsOf(command.name)) if (!byWord.has(keyOf(word))) byWord.set(keyOf(word), command);
  return byWord;
}

export function createRouter(deps: RouterDeps): Router {
  const { log, translators } = deps;
  const targets = createTargetIndex(deps.catalogue);
  const operators = new Set(deps.operators);
  const isOperator = (context: CommandContext): boolean => operators.has(context.senderId);
  const cache = (namespace: string) => deps.cache?.(namespace) ?? FORGETFUL;
  const picks = createPicks(cache('pick'));
  const commands = createCommands({ ...deps, targets, isOperator, cache, picks });
  const byWord = commandsByWord(commands);
  const admit = createAdmission(deps);
  const asking = createAsking(targets, deps.catalogue, deps.gazetteer ?? null);
  const byName = new Map(commands.map((command) => [command.name as string, command]));
  const can = { asking, targets, command: (name: string) => byName.get(name)! };
  let hosts: ServiceHosts | null = null;
  const asides = createRecent<MessageDocument[]>(ASIDE_MS, MAX_ASIDES);

  function read(event: IncomingCommand, through: ThroughChannel | null = null): Read {
    const text = clean(event.text);
    const found = find(text, byWord, event.forwarded);
    const home = through?.home ?? deps.account(event.address.accountId);
    const shared = event.chatKind !== 'private' && home?.commandPrefix === '/';
    const near = () => (found.command || event.forwarded ? [] : nearCommands(found.word, byWord));
    const exact = event.button !== null || through !== null || event.sender.id === '';
    const typed = { text, ...found, isNear: () => near().length > 0, exact, shared, forwarded: event.forwarded };
    const { command, args, asked } = understand(typed, hosts, can);
    return { event, home, text, command, args, asked, near, through };
  }

  const contextOf = ({ event, args, home, through }: Read, manner: Manner): Promise<CommandContext> => {
    // An administrator in their private chat is spoken to in their own language, whatever the channel's is.
    manner.aside ||= through !== null;
    return createContext(event, args, manner, home, deps);
  };

  /** Runs what may be run; a failure is an answer as well. */
  async function run({ command, text, near, asked }: Read, context: CommandContext): Promise<MessageDocument[]> {
    const { words } = context;
    try {
      const documents = !command
        ? [asked && asked.kind !== 'command' ? answerAsked(asked, context) : unknownAnswer(text, near(), context)]
        : asked?.kind === 'command' && asked.open
          ? await answerOpen(command, context, deps.store.subscriptions)
          : await command.run(context);
      deps.metrics?.command(command?.name ?? null, command ? 'answered' : 'unknown');
      return documents;
    } catch (error) {
      deps.metrics?.command(command?.name ?? null, 'failed');
      logFailure(log, 'Unable to run a command', error, { command: command?.name ?? '' });
      return [answer(words, [line(words.say('error.failed'))])];
    }
  }

  /** The readers of a channel press the same button within moments of an alert, by the thousand. */
  function askedAside(command: Read): Promise<MessageDocument[]> {
    const { address, sender } = command.event;
    const key = JSON.stringify([address, sender.lang, command.text]);
    return asides.get(key, deps.clock.monotonic(), async () => {
      const context = await contextOf(command, { brief: false, changed: false, aside: true });
      return await run(command, context);
    });
  }

  /** What a merged answer says, from what is true now. */
  async function later(command: Read, merged: Merged): Promise<MessageDocument> {
    const context = await contextOf(command, { brief: false, changed: false, aside: false, textOnly: true });
    const asked = merged.asked ? await run(command, context) : [];
    return await mergedAnswer(merged, asked, context, { ...deps.store, translators });
  }

  /** Without the file of domains the names of the catalogue serve. */
  async function knownHosts(): Promise<ServiceHosts | null> {
    try {
      return (await deps.serviceHosts?.()) ?? null;
    } catch (error) {
      logFailure(log, 'Unable to read the domains of services', error);
      return null;
    }
  }

  /** A name that is typed while a picker is open is looked up there; it is no question about the place. */
  async function sought(typed: Read): Promise<Read> {
    const { event, text, home } = typed;
    const plain = typed.command === null || typed.asked !== null;
    if (!plain || event.button || event.forwarded || event.chatKind !== 'private' || !home?.hasButtons) return typed;
    const page = await picks.searching(personAt(event), deps.clock.now());
    if (page === null || seek(text, page, targets) === null) return typed;
    return { ...typed, command: can.command('subscribe'), args: `${page} ?${text}`, asked: null };
  }

  async function respond(event: IncomingCommand, crowded: boolean): Promise<RouterAnswer | null> {
    if (event.text.includes('.')) hosts ??= await knownHosts();
    const command = await sought(read(event));
    if (isForeign(command)) return null;
    const admission = await admit(event, command.command, command.args);
    if (command.command?.name !== 'channel' || admission.verdict !== 'allowed')
      return await answerTo(command, crowded, admission);
    const through = await throughChannel(event, command.args, command.home);
    return through ? await answerThrough(command, through) : await answerTo(command, false, admission);
  }

  /** Always in full: what is merged in a private chat is about that chat. */
  async function answerThrough(command: Read, through: ThroughChannel): Promise<RouterAnswer | null> {
    const inner = read(through.event, through);
    const made = await answerTo(inner, false, await admit(inner.event, inner.command, inner.args));
    if (!made) return null;
    const wrapped = (document: MessageDocument) => through.wrap(document, translators.of(document.lang));
    const documents = made.documents.map(wrapped);
    return { ...made, kind: 'text', documents, later: (merged) => later(command, merged) };
  }

  async function answerTo(command: Read, crowded: boolean, admission: Admission): Promise<RouterAnswer | null> {
    const { event } = command;
    const countOutcome = (outcome: CommandOutcome) => deps.metrics?.command(command.command?.name ?? null, outcome);
    const { verdict, permitted, asker, aside } = admission;
    if (verdict === 'silent') {
      countOutcome('silent');
      return null;
    }
    const replaces = command.command?.replaces === true && event.button !== null;
    const give = (kind: ReplyKind, documents: MessageDocument[], replacing = false): RouterAnswer => ({
      documents,
      replaces: replacing,
      kind,
      asker,
      forgotten: kind === 'change' && command.command?.name === 'forget',
      aside,
      later: (merged) => later(command, merged),
    });
    const brief = crowded && asker !== 'operator' && !aside;
    const question = isQuestion(command.command, command.args);
    if (verdict === 'allowed' && permitted && question && brief) return give('question', [], replaces);
    if (verdict === 'allowed' && permitted && question && aside) return give('question', await askedAside(command));
    const manner: Manner = { brief, changed: false, aside };
    const context = await contextOf(command, manner);
    const { words } = context;
    if (verdict === 'dropped') {
      countOutcome('slow');
      return give('dropped', [answer(words, [line(words.say('error.slow'))])]);
    }
    if (command.command && !permitted) {
      countOutcome('refused');
      return give('text', [await refusal(whoMay(command.command, command.args), event.sender, context, aside)]);
    }
    const documents = await run(command, context);
    // A text and its picture, or its files, stay together: both come afresh. A keyboard comes and goes with a message of its own.
    const alone = documents.every(({ picture, file, keyboard }) => !picture && !file && !keyboard);
    return give(manner.changed ? 'change' : question ? 'question' : 'text', documents, replaces && alone);
  }

  return {
    async handle(event, crowded = false) {
      try {
        return await respond(event, crowded);
      } catch (error) {
        // Not even the chat's language could be read: say it in the default one.
        deps.metrics?.command(null, 'failed');
        logFailure(log, 'Unable to read a chat', error);
        const words = translators.of(deps.defaultLang ?? 'en');
        const failed = answer(words, [line(words.say('error.failed'))]);
        return {
          documents: [failed],
          replaces: false,
          kind: 'text',
          asker: 'person',
          forgotten: false,
          aside: event.button?.whisper !== undefined,
          later: async () => failed,
        };
      }
    },
    read(text, forwarded) {
      const cleaned = clean(text);
      const found = find(cleaned, byWord, forwarded);
      const isNear = () => nearCommands(found.word, byWord).length > 0;
      const { command, args } = understand(
        { text: cleaned, ...found, isNear, exact: false, shared: false, forwarded },
        hosts,
        can,
      );
      const changes = command !== null && command.who !== 'operators' && args !== '' && !isQuestion(command, args);
      return { name: command?.name ?? null, args, changes };
    },
    inline: createInline({ ...deps, admit, targets, status: byName.get('status')! }),
    words: (event) => contextOf(read(event), { brief: false, changed: false, aside: false }),
    later: (event) => (merged) => later(read(event), merged),
    menus: () =>
      translators.languages.map(({ code: lang }) => ({
        lang,
        commands: commands
          .filter((command) => command.who !== 'operators')
          .map(({ name, who }) => ({
            name,
            description: translators.descriptions(lang)[`command.${name}`],
            inGroups: name === 'channel' ? 'nobody' : who === 'anyone' ? 'everyone' : 'admins',
          })),
      })),
  };
}

const clean = (text: string): string => text.slice(0, MAX_TEXT).replace(/\s+/gu, ' ').trim().replace(/^\//u, '');

/** In a group with plain "/" commands other bots are spoken to as well. */
const isForeign = ({ command, near, event, home, text }: Read): boolean =>
  !command && event.chatKind !== 'private' && home?.commandPrefix === '/' && text !== '' && near().length === 0;

/** The longest beginning of the text that is a command's word (what was forwarded is none): "о боте" before "о". An empty text asks for help. */
function find(
  text: string,
  byWord: ReadonlyMap<string, Command>,
  forwarded?: true,
): { command: Command | null; word: string; args: string } {
  if (forwarded) return { command: null, word: '', args: '' };
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
