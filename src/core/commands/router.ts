import { logFailure } from '../errors.ts';
import type { Block, MessageDocument } from '../model/message.ts';
import type { Merged, ReplyKind } from '../outbox/reply-queue.ts';
import type { IncomingCommand, Question } from '../ports/chat-adapter.ts';
import type { CommandOutcome } from '../ports/metrics.ts';
import { createRecent } from '../recent.ts';
import { type Admission, createAdmission, isQuestion, planAnswer, refusal, whoMay } from './admission.ts';
import { createCommands } from './all.ts';
import { answer, button, followedHere, head, line, note, openBlocks } from './answer.ts';
import { createTargetIndex, type TargetIndex } from './asking/targets.ts';
import type { Can } from './capabilities.ts';
import { BESIDE, type Command, type CommandContext } from './command.ts';
import { createContext, type Manner, type Router, type RouterAnswer, type RouterDeps, unsent } from './context.ts';
import { namedList } from './follow/subscribe.ts';
import { inOrder, mutedLines, settingsLine } from './follow/subscriptions.ts';
import { createReading, type Given, isForeign, unknownAnswer } from './read-command.ts';
import { createSentences } from './sentences.ts';
import { type ThroughChannel, throughChannel } from './settings/channel-and-board.ts';

/** From what came in to what is answered: read, admitted, decided (`admission.ts`), run. */
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
        const documents = await run(given, await contextOf(given, manner));
        await reading.asks(given, documents);
        // A text and its picture, or its files, stay together: both come afresh. A keyboard comes and goes with a message of its own.
        if (documents.some(({ picture }) => picture)) deps.pictures?.soon();
        const alone = documents.every(({ picture, file, keyboard }) => !picture && !file && !keyboard);
        return give(manner.changed ? 'change' : question ? 'question' : 'text', documents, replaces && alone);
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
        asked && (asked.kind !== 'command' || asked.open || asked.strange !== null)
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
