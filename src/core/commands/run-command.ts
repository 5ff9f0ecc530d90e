import { logFailure } from '../errors.ts';
import type { Block, MessageDocument } from '../model/message.ts';
import type { Merged } from '../outbox/reply-queue.ts';
import type { IncomingCommand, Question } from '../ports/chat-adapter.ts';
import { createRecent } from '../recent.ts';
import type { Admission } from './admission.ts';
import { answer, button, followedHere, head, line, note, openBlocks } from './answer.ts';
import type { TargetIndex } from './asking/targets.ts';
import type { Can } from './capabilities.ts';
import type { Command, CommandContext } from './command.ts';
import { type Manner, type RouterDeps, createContext, unsent } from './context.ts';
import { namedList } from './follow/subscribe.ts';
import { inOrder, mutedLines, settingsLine } from './follow/subscriptions.ts';
import { type Given, unknownAnswer } from './read-command.ts';
import { createSentences } from './sentences.ts';

type MergedAnswerCapabilities = Pick<Can, 'world' | 'subscriptions' | 'silences' | 'translators'>;

const MAX_OPEN = 5;

/**
 * One short answer for several commands of a chat: what is true of the chat now where something was changed, else the newest question
 * (`asked`: its documents); what was not understood; and one line about what got no answer or was not carried out.
 */
async function mergedAnswer(
  merged: Merged,
  asked: readonly MessageDocument[],
  context: CommandContext,
  can: MergedAnswerCapabilities,
): Promise<MessageDocument> {
  const { words } = context;
  const state = merged.changed ? await stateOf(context, can) : null;
  const parts = [...(state ? [state] : []), ...asked, ...(merged.text ? [merged.text] : [])];
  const blocks = parts.flatMap((part) => part.blocks);
  if (merged.dropped) blocks.push(line(words.say('error.slow')));
  if (merged.unanswered > 0) blocks.push(note(words.say('error.unanswered')));
  return answer(words, blocks, parts[0]?.buttons ?? []);
}

/** What the chat follows and how, and what of it is open: the catch-up of whoever has just subscribed. */
async function stateOf(context: CommandContext, can: MergedAnswerCapabilities): Promise<MessageDocument> {
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

/** So long one answer aside serves all who press the same button, ms. */
const ASIDE_MS = 5_000;
const MAX_ASIDES = 500;

/** What a command says. Whether it may be given was decided before. */
export function createRun(deps: RouterDeps, can: Pick<Can, 'world' | 'command'>) {
  const { world } = can;
  const { store, translators } = deps;
  const sentences = createSentences({ ...deps, ...deps.store, ...can });
  const asides = createRecent<MessageDocument[]>(ASIDE_MS, MAX_ASIDES);

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
    /** What a merged answer says, from what is true now. */
    async later(given: Given, merged: Merged): Promise<MessageDocument> {
      const context = await contextOf(given, { brief: false, changed: false, aside: false, textOnly: true });
      const asked = merged.asked ? await run(given, context) : [];
      return await mergedAnswer(merged, asked, context, { ...store, translators, world });
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
