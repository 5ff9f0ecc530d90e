import { ANY, type Silence, type Subscription } from '../model/chat.ts';
import type { Block } from '../model/message.ts';
import type { SilenceTable, Store, SubscriptionTable } from '../ports/store.ts';
import type { Translators } from '../ports/translate.ts';
import type { Command, CommandContext } from './command.ts';
import { nameOfLevel, nameOfMatcher, typedMatcher } from './describe.ts';
import { answer, button, code, head, line, note, rows } from './document.ts';
import { nameOfSilence } from './mute.ts';
import { pairLines } from './pair-lines.ts';
import { languageLabel } from './settings-menu.ts';
import { namedList } from './subscribe.ts';
import { type Followed, followedHere } from './threads.ts';

const MAX_BUTTONS = 20;
const MAX_MUTES = 10;

export interface SubscriptionsCapabilities {
  subscriptions: Pick<SubscriptionTable, 'list'>;
  silences: Pick<SilenceTable, 'list'>;
  translators: Translators;
  store: Pick<Store, 'links' | 'chats'>;
}

export const subscriptionsCommand = (can: SubscriptionsCapabilities): Command => ({
  name: 'subscriptions',
  aliases: ['subs', 'list'],
  examples: ['subscriptions'],
  who: 'anyone',
  replaces: true,
  async run(context) {
    const { id } = context.chat;
    const followed = await followedHere(context, can.subscriptions);
    const silences = id === null ? [] : await can.silences.list(id, context.now);
    const pair = await pairLines(context, can.store);
    return [overview(followed, [...mutedLines(silences, context), ...pair], context, can.translators)];
  },
});

/** Countries together, "everywhere" first. */
export const inOrder = (followed: readonly Subscription[]): Subscription[] =>
  [...followed].sort((a, b) => compare(a.country, b.country) || compare(a.service, b.service));
const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

export const mutedLines = (silences: readonly Silence[], { words, chat, now }: CommandContext): Block[] =>
  silences.slice(0, MAX_MUTES).map((silence) => {
    const when = words.dateTime(silence.until, chat.timeZone, now);
    return line(words.say('subscriptions.muted', { what: nameOfSilence(silence, words), when }));
  });

/** "How sure: corroborated · language: English · time zone: UTC". */
export function settingsLine({ words, chat }: CommandContext, translators: Translators): Block {
  const language = translators.languages.find((one) => one.code === chat.lang)?.name ?? chat.lang;
  const level = nameOfLevel(chat.level, words);
  return note(words.say('subscriptions.settings', { level, language, zone: chat.timeZone }));
}

function overview(followed: Followed, more: Block[], context: CommandContext, translators: Translators) {
  const { words, typed } = context;
  const blocks: Block[] = [];
  const [thread, chat] = [inOrder(followed.thread), inOrder(followed.chat)];
  const ordered = [...thread, ...chat];
  if (ordered.length === 0) {
    blocks.push(line(...words.rich('subscriptions.none', { command: code(typed('subscribe')) })));
  }
  if (thread.length > 0) blocks.push(head(words.say('thread.follows')), namedList(thread, context));
  if (chat.length > 0) blocks.push(head(words.say('subscriptions.head')), namedList(chat, context));
  blocks.push(...more, settingsLine(context, translators));
  const first = ordered[0];
  if (first && !context.hasButtons) {
    const command = code(typed(`unsubscribe ${typedMatcher(first)}`));
    blocks.push(note(...words.rich('subscriptions.remove', { command })));
  }
  const removals = ordered.slice(0, MAX_BUTTONS).map((one) => {
    const everything = one.country === ANY && one.service === ANY;
    return button(
      `✖ ${nameOfMatcher(one, words)}`,
      everything ? 'unsubscribe * *' : `unsubscribe ${typedMatcher(one)}`,
    );
  });
  const settings = [button(words.say('button.sure'), 'level'), button(languageLabel(words), 'language')];
  return answer(words, blocks, [...rows(removals, 1), settings]);
}
