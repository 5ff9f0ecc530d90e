import type { Block, MessageDocument } from '../model/message.ts';
import type { Merged } from '../outbox/answer-plan.ts';
import type { IncidentTable, SilenceTable, SubscriptionTable } from '../ports/store.ts';
import type { Translators } from '../ports/translate.ts';
import type { CommandContext } from './command.ts';
import { incidentList } from './describe.ts';
import { answer, button, code, head, line, note } from './document.ts';
import { openNow } from './open-now.ts';
import { namedList } from './subscribe.ts';
import { inOrder, mutedLines, settingsLine } from './subscriptions.ts';
import { followedHere } from './threads.ts';

export interface MergedAnswerCapabilities {
  incidents: Pick<IncidentTable, 'list'>;
  subscriptions: Pick<SubscriptionTable, 'list'>;
  silences: Pick<SilenceTable, 'list'>;
  translators: Translators;
}

const MAX_OPEN = 5;

/**
 * One short answer for several commands of a chat: what is true of the chat now where something was changed, else the newest question
 * (`asked`: its documents); what was not understood; and one line about what got no answer or was not carried out.
 */
export async function mergedAnswer(
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
  const { words, chat, typed, now } = context;
  if (chat.id === null) return answer(words, [line(words.say('merged.forgotten'))]);
  const here = await followedHere(context, can.subscriptions);
  const followed = inOrder(here.thread.length > 0 ? here.thread : here.chat);
  const muted = mutedLines(await can.silences.list(chat.id, now), context);
  const settings = settingsLine(context, can.translators);
  if (followed.length === 0) {
    const nothing = line(...words.rich('merged.nothing', { command: code(typed('subscribe')) }));
    return answer(words, [nothing, ...muted, settings]);
  }
  const open = await openNow(can.incidents, followed, chat.level);
  const blocks: Block[] = [
    head(words.say(here.thread.length > 0 ? 'thread.done' : 'subscribe.done')),
    namedList(followed, context),
    ...muted,
    ...(open.length > 0
      ? [line(words.say('subscribe.open')), ...incidentList(open, MAX_OPEN, context)]
      : [line(words.say('subscribe.none'))]),
    settings,
  ];
  return answer(words, blocks, [
    [button(words.say('button.status'), 'status'), button(words.say('button.mine'), 'subscriptions')],
  ]);
}
