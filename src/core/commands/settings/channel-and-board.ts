import type { MessageDocument } from '../../model/message.ts';
import type { IncomingCommand } from '../../ports/chat-adapter.ts';
import type { BoardTable } from '../../ports/store.ts';
import type { Translator } from '../../ports/translate.ts';
import { foreign, oneLine } from '../../render/plain.ts';
import { answer, button, head, line, wholeChat } from '../answer.ts';
import { keyOf } from '../asking/vocabulary.ts';
import type { Command } from '../command.ts';
import type { Home } from '../context.ts';

/** A command that was given in a private chat and is about a channel. */
export interface ThroughChannel {
  /** As if it had been given in the channel, by one of its administrators. */
  event: IncomingCommand;
  home: Home;
  /** The answer, for the private chat: it names the channel, and its buttons are about the channel, too. */
  wrap(document: MessageDocument, words: Translator): MessageDocument;
}

/** What a channel is set up with when only its name is given. */
const OVERVIEW = 'subscriptions';

/** "channel @news subscribe ru": channels are set up where their readers do not read along. Says what cannot be done otherwise. */
export const channelCommand = (): Command => ({
  name: 'channel',
  examples: ['channel @name subscribe ru', 'channel @name'],
  who: 'anyone',
  async run({ words, args, hint }) {
    const usage = line(...hint('channel.usage', 'channel @name subscribe ru'));
    if (args === '') return [answer(words, [usage])];
    const name = oneLine(args.split(' ')[0]!, 40);
    return [answer(words, [line(words.say('channel.none', { name })), usage])];
  },
});

/** Null: it names no channel that its sender administers, or the platform has none. */
export async function throughChannel(
  event: IncomingCommand,
  args: string,
  home: Home | null,
): Promise<ThroughChannel | null> {
  const [ref, ...rest] = args.split(' ');
  if (!home?.channel || !ref || event.chatKind !== 'private') return null;
  const found = await home.channel(ref, event.sender.id);
  if (!found) return null;
  const inner = `channel ${found.name} `;
  return {
    event: {
      ...event,
      address: { ...event.address, chat: found.chat, thread: null },
      chatKind: found.kind,
      sender: { ...event.sender, isAdmin: () => Promise.resolve(true) },
      text: rest.join(' ') || OVERVIEW,
      button: event.button && { messageRef: event.button.messageRef },
    },
    home: { ...home, talk: { ...home.talk, prefix: `${home.talk.prefix}${inner}` } },
    wrap: (document, words) => ({
      ...document,
      blocks: [head(words.say('channel.head', { title: oneLine(found.title, 80) })), ...document.blocks],
      buttons: document.buttons.map((row) =>
        row.map((one) => ('command' in one.press ? { ...one, press: { command: inner + one.press.command } } : one)),
      ),
    }),
  };
}

/** One pinned message that always shows what is cut off now: only where its admins want it. */
export const boardCommand = (can: { boards: Pick<BoardTable, 'of' | 'add' | 'remove'> }): Command => ({
  name: 'board',
  examples: ['board', 'board on', 'board off'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, hint, chat, known } = context;
    const word = keyOf(context.args);
    const has = chat.id !== null && (await can.boards.of(chat.id)) !== null;
    const say = (text: ReturnType<typeof words.rich>, next: 'on' | 'off') =>
      answer(
        words,
        [line(...text), ...wholeChat(context)],
        [[button(words.say(next === 'on' ? 'button.boardOn' : 'button.boardOff'), `board ${next}`)]],
      );
    if (known.on.has(word)) {
      const { id } = await context.row();
      // Typed again: a new message, at the bottom, and pinned if we may by now.
      if (has) await can.boards.remove(id);
      await can.boards.add(id);
      return [say([words.say('board.made')], 'off')];
    }
    if (known.off.has(word) && has) {
      await can.boards.remove(chat.id!);
      return [say([words.say('board.ended')], 'on')];
    }
    const next = has ? 'off' : 'on';
    const text = hint(has ? 'board.on' : 'board.off', `board ${next}`);
    const given = say(text, next);
    if (word === '') return [given];
    const unknown = line(words.say('settings.unknown', { word: foreign(context.args, 40) }));
    return [{ ...given, blocks: [unknown, ...given.blocks] }];
  },
});
