import { logFailure } from '../errors.ts';
import type { Block, MessageDocument } from '../model/message.ts';
import type { Asker, Merged, ReplyKind } from '../outbox/reply-queue.ts';
import type { IncomingCommand, Question, Sender } from '../ports/chat-adapter.ts';
import type { CommandOutcome } from '../ports/metrics.ts';
import { createBuckets, createRecent, keepNewest } from '../recent.ts';
import { createCommands } from './all.ts';
import { answer, button, followedHere, head, line, note, openBlocks } from './answer.ts';
import { type TargetIndex, createTargetIndex } from './asking/targets.ts';
import type { Can } from './capabilities.ts';
import { BESIDE, type Command, type CommandContext, type Permission } from './command.ts';
import {
  type BudgetLimits,
  type Manner,
  type Router,
  type RouterAnswer,
  type RouterBudgets,
  type RouterDeps,
  createContext,
  unsent,
} from './context.ts';
import { namedList } from './follow/subscribe.ts';
import { inOrder, mutedLines, settingsLine } from './follow/subscriptions.ts';
import { sightBlocks } from './look/health.ts';
import { type Given, createReading, isForeign, unknownAnswer } from './read-command.ts';
import { createSentences } from './sentences.ts';
import { type ThroughChannel, throughChannel } from './settings/channel-and-board.ts';

/** From what came in to what is answered: read, admitted, decided, run. */
export function createRouter(deps: RouterDeps): Router {
  const { log, translators } = deps;
  const targets = createTargetIndex(deps.catalogue, translators.typed);
  const can = createCommands(deps, targets);
  const { commands, command: byName, picks, known } = can;
  const reading = createReading({ ...deps, known, commands: commands(), targets, picks });
  const admit = createAdmission(deps);
  const { contextOf, run, aside: askedAside, later } = createRun(deps, can);

  async function respond(event: IncomingCommand, crowded: boolean): Promise<RouterAnswer | null> {
    await reading.prepare(event.text);
    const given = await reading.answering(await reading.sought(reading.of(event)));
    if (isForeign(given) || (await reading.wasToldOfText(given))) return null;
    const admission = await admit(event, given.command, given.args);
    if (given.command?.name !== 'channel' || admission.verdict !== 'allowed')
      return await answerTo(given, crowded, admission);
    const through = await throughChannel(event, given.args, given.home);
    return through ? await answerThrough(given, through) : await answerTo(given, false, admission);
  }

  /** Always in full: what is merged in a private chat is about that chat. */
  async function answerThrough(given: Given, through: ThroughChannel): Promise<RouterAnswer | null> {
    const inner = reading.of(through.event, through);
    const made = await answerTo(inner, false, await admit(inner.event, inner.command, inner.args));
    if (!made) return null;
    const wrapped = (document: MessageDocument) => through.wrap(document, translators.of(document.lang));
    const documents = made.documents.map(wrapped);
    return { ...made, kind: 'text', documents, later: (merged) => later(given, merged) };
  }

  async function answerTo(given: Given, crowded: boolean, admission: Admission): Promise<RouterAnswer | null> {
    const { event, command, args } = given;
    const { asker, aside } = admission;
    const replaces = command?.replaces === true && event.button !== null && !args.endsWith(BESIDE);
    const give = (kind: ReplyKind, documents: MessageDocument[], replacing = false): RouterAnswer => ({
      documents,
      replaces: replacing,
      kind,
      asker,
      forgotten: kind === 'change' && command?.name === 'forget',
      aside,
      later: (merged) => later(given, merged),
    });
    const counted = (outcome: CommandOutcome) => deps.metrics?.command(command?.name ?? null, outcome);
    const question = isQuestion(command, args);
    const plan = planAnswer({ isCommand: command !== null, question, crowded }, admission);
    const manner: Manner = { brief: plan.do === 'run' && plan.brief, changed: false, aside };
    switch (plan.do) {
      case 'nothing':
        counted('silent');
        return null;
      case 'put-off':
        return give('question', [], replaces);
      case 'answer-aside':
        return give('question', await askedAside(given));
      case 'say-slow': {
        const { words } = await contextOf(given, manner);
        counted('slow');
        return give('dropped', [answer(words, [line(words.say('error.slow'))])]);
      }
      case 'refuse': {
        const context = await contextOf(given, manner);
        counted('refused');
        return give('text', [await refusal(whoMay(command!, args), event.sender, context, aside)]);
      }
      case 'run': {
        const heard = plan.brief ? given : await reading.hearing(given);
        const documents = await run(heard, await contextOf(heard, manner));
        await reading.asks(heard, documents);
        // A text and its picture, or its files, stay together: both come afresh. A keyboard comes and goes with a message of its own.
        if (documents.some(({ picture }) => picture)) deps.pictures?.soon();
        const alone = documents.every(({ picture, file, keyboard }) => !picture && !file && !keyboard);
        const made = give(manner.changed ? 'change' : question ? 'question' : 'text', documents, replaces && alone);
        // A word that many give at once is answered by a popup, which takes no alert's turn.
        const isSmall = crowded && command?.counts?.(args) === true && documents[0]?.buttons.length === 0;
        return isSmall && event.button?.whisper ? { ...made, aside: true } : made;
      }
    }
  }

  return {
    async handle(event, crowded = false) {
      try {
        return await respond(event, crowded);
      } catch (error) {
        deps.metrics?.command(null, 'failed');
        logFailure(log, 'Unable to read a chat', error);
        return failedAnswer(event, deps);
      }
    },
    read(typed) {
      const { command, args } = reading.text(typed);
      const changes = command !== null && command.who !== 'operators' && args !== '' && !isQuestion(command, args);
      return { name: command?.name ?? null, args, changes };
    },
    inline: createInline({ ...deps, admit, targets, status: byName('status') }),
    words: (event) => contextOf(reading.of(event), { brief: false, changed: false, aside: false }),
    later: (event) => (merged) => later(reading.of(event), merged),
  };
}

/** Not even the chat's language could be read: it is said in the default one. */
function failedAnswer({ button }: IncomingCommand, { translators, defaultLang }: RouterDeps): RouterAnswer {
  const words = translators.of(defaultLang ?? 'en');
  const failed = answer(words, [line(words.say('error.failed'))]);
  return {
    documents: [failed],
    replaces: false,
    kind: 'text',
    asker: 'person',
    forgotten: false,
    aside: button?.whisper !== undefined,
    later: async () => failed,
  };
}

const MAX_OPEN = 5;

/** What the chat follows and how, and what of it is open: the catch-up of whoever has just subscribed. */
async function stateOf(context: CommandContext, can: Can): Promise<MessageDocument> {
  const { words, chat, hint, now } = context;
  if (chat.id === null) return answer(words, [line(words.say('forget.nothing'))]);
  const here = await followedHere(context, can.subscriptions);
  const followed = inOrder(here.thread.length > 0 ? here.thread : here.chat);
  const muted = mutedLines(await can.silences.list(chat.id, now), context);
  const settings = settingsLine(context, can.translators);
  if (followed.length === 0) {
    const nothing = line(...hint('unsubscribe.all', 'subscribe'));
    return answer(words, [nothing, ...muted, settings]);
  }
  const open = await can.world.present(followed, chat.level, now);
  const blocks: Block[] = [
    head(words.say(here.thread.length > 0 ? 'thread.done' : 'subscribe.done')),
    namedList(followed, context),
    ...muted,
    ...(open.length === 0 ? sightBlocks(await can.health(), words) : []),
    ...openBlocks(open, MAX_OPEN, context),
    settings,
  ];
  return answer(words, blocks, [
    [button(words.say('button.status'), 'status'), button(words.say('button.mine'), 'subscriptions')],
  ]);
}

/** So long one answer serves all who press the same button aside, or ask the same in the same language, ms. */
const KEPT_MS = 5_000;
const MAX_KEPT = 500;

/** What a command says. Whether it may be given was decided before. */
function createRun(deps: RouterDeps, can: Can) {
  const sentences = createSentences(can);
  const asides = createRecent<MessageDocument[]>(KEPT_MS, MAX_KEPT);

  const contextOf = ({ event, args, home, through }: Given, manner: Manner): Promise<CommandContext> => {
    // An administrator in their private chat is spoken to in their own language, whatever the channel's is.
    manner.aside ||= through !== null;
    return createContext(event, args, manner, home, deps);
  };

  /** Runs it; a failure is an answer as well. */
  async function run({ command, text, near, asked }: Given, context: CommandContext): Promise<MessageDocument[]> {
    const { words } = context;
    try {
      const documents =
        asked && (asked.kind !== 'command' || asked.open || asked.strange !== null || asked.other)
          ? await sentences.answer(asked, context)
          : [...((await command?.run(context)) ?? [unknownAnswer(text, near(), context)])];
      deps.metrics?.command(command?.name ?? null, command ? 'answered' : 'unknown');
      return documents;
    } catch (error) {
      deps.metrics?.command(command?.name ?? null, 'failed');
      logFailure(deps.log, 'Unable to run a command', error, { command: command?.name ?? '' });
      return [answer(words, [line(words.say('error.failed'))])];
    }
  }

  return {
    contextOf,
    run,
    /** For readers of a channel, who press the same button within moments of an alert, by the thousand. */
    aside(given: Given): Promise<MessageDocument[]> {
      const { address, sender } = given.event;
      const key = JSON.stringify([address, sender.lang, given.text]);
      return asides(key, deps.clock.monotonic(), async () => {
        const context = await contextOf(given, { brief: false, changed: false, aside: true });
        return await run(given, context);
      });
    },
    /**
     * One short answer for several commands of a chat: what is true of the chat now where something was changed, else the newest question; what was
     * not understood; and one line about what got no answer or was not carried out.
     */
    async later(given: Given, merged: Merged): Promise<MessageDocument> {
      const context = await contextOf(given, { brief: false, changed: false, aside: false, textOnly: true });
      const { words } = context;
      const asked = merged.asked ? await run(given, context) : [];
      const state = merged.changed ? [await stateOf(context, can)] : [];
      const parts = [...state, ...asked, ...(merged.text ? [merged.text] : [])];
      const blocks = parts.flatMap((part) => part.blocks);
      if (merged.dropped) blocks.push(line(words.say('error.slow')));
      if (merged.unanswered > 0) blocks.push(note(words.say('error.unanswered')));
      return answer(words, blocks, parts[0]?.buttons ?? []);
    },
  };
}

interface InlineDeps extends Omit<RouterDeps, 'budgets'> {
  admit(event: IncomingCommand, command: Command | null, args: string): Promise<Admission>;
  targets: Pick<TargetIndex, 'parse'>;
  status: Command;
}

/** Longer questions are no question of ours. */
const MAX_TEXT = 200;

/** Questions that are typed in other people's chats, letter by letter: what is not understood yet is not answered. */
function createInline(deps: InlineDeps): (question: Question) => Promise<MessageDocument | null> {
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
    // No chat has this id, so nothing is known of it and nothing is kept. One for each person: nobody uses up what others may ask.
    const address = { accountId, chat: `inline ${sender.id}`, thread: null };
    const event = unsent({ address, chatKind: 'private', text: wanted }, sender);
    try {
      if (targets.parse(wanted).problems.length > 0) return null;
      if ((await admit(event, status, wanted)).verdict !== 'allowed') return null;
      return await kept(JSON.stringify([accountId, sender.lang, wanted]), clock.monotonic(), () => answer(event));
    } catch (error) {
      logFailure(log, 'Unable to answer an inline query', error);
      return null;
    }
  };
}

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
const isQuestion = (command: Command | null, args: string): boolean =>
  command === null ||
  (whoMay(command, args) === 'anyone' && (command.name !== 'start' || args === '') && !command.counts?.(args));

/** Who may give it with these arguments. */
const whoMay = (command: Command, args: string): Permission =>
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

function createAdmission(deps: Pick<RouterDeps, 'operators' | 'clock' | 'budgets'>) {
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
    const isWord = command?.counts?.(args) === true;
    const budgets = isWord || isQuestion(command, args) ? asks : changes;
    // Nobody: what a platform tells has no such budget.
    const person = sender.id === '' ? 'allowed' : budgets.person.spend(`${accountId} ${sender.id}`, now);
    if (isOver(person)) return { verdict: person, permitted: false, asker: 'flooder', aside };
    const permitted = await mayGive(command, args, event);
    // A popup costs the chat nothing: thousands may read a channel. Changes by others would use up what is for those who may.
    const chat = aside ? person : (permitted ? budgets : asks).chat.spend(`${accountId} ${chatId}`, now);
    if (isOver(chat)) return { verdict: chat, permitted: false, asker: 'flooder', aside };
    // A busy group is a crowd; a flood is somebody's. A word counts at once: whoever asks something, and alerts, go before its answer.
    const heavy = isWord || person === 'heavy' || (chatKind === 'private' && chat === 'heavy');
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
async function refusal(
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
