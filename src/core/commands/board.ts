import type { BoardTable } from '../ports/boards.ts';
import { foreign } from '../render/foreign.ts';
import type { Command } from './command.ts';
import { answer, button, code, line } from './document.ts';
import { OFF, ON } from './setting-names.ts';
import { keyOf } from './target-names.ts';
import { wholeChat } from './threads.ts';

/** One pinned message that always shows what is cut off now: only where its admins want it. */
export const boardCommand = (can: { boards: Pick<BoardTable, 'of' | 'add' | 'remove'> }): Command => ({
  name: 'board',
  aliases: ['pin', 'табло', 'доска'],
  examples: ['board', 'board on', 'board off'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, typed, chat } = context;
    const word = keyOf(context.args);
    const has = chat.id !== null && (await can.boards.of(chat.id)) !== null;
    const say = (text: ReturnType<typeof words.rich>, next: 'on' | 'off') =>
      answer(
        words,
        [line(...text), ...wholeChat(context)],
        [[button(words.say(next === 'on' ? 'button.boardOn' : 'button.boardOff'), `board ${next}`)]],
      );
    if (ON.has(word)) {
      const { id } = await context.row();
      // Typed again: a new message, at the bottom, and pinned if we may by now.
      if (has) await can.boards.remove(id);
      await can.boards.add(id);
      return [say([words.say('board.made')], 'off')];
    }
    if (OFF.has(word) && has) {
      await can.boards.remove(chat.id!);
      return [say([words.say('board.ended')], 'on')];
    }
    const next = has ? 'off' : 'on';
    const text = words.rich(has ? 'board.on' : 'board.off', { command: code(typed(`board ${next}`)) });
    const given = say(text, next);
    if (word === '') return [given];
    const unknown = line(words.say('settings.unknown', { word: foreign(context.args, 40) }));
    return [{ ...given, blocks: [unknown, ...given.blocks] }];
  },
});
