import type { Ids } from '../ports/ids.ts';
import type { Store } from '../ports/store.ts';
import type { Command } from './command.ts';
import { splitYes } from './confirm.ts';
import { answer, button, code, line } from './document.ts';
import { wholeChat } from './threads.ts';
import { partPair } from './unlink.ts';

export interface ForgetCapabilities {
  store: Pick<Store, 'chats' | 'links' | 'notices'>;
  ids: Ids;
}

export const forgetCommand = (can: ForgetCapabilities): Command => ({
  name: 'forget',
  aliases: ['delete'],
  examples: ['forget'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, chat, typed } = context;
    if (chat.id === null)
      return [
        answer(words, [
          line(words.say('forget.nothing')),
          line(...words.rich('subscriptions.none', { command: code(typed('subscribe')) })),
        ]),
      ];
    if (!splitYes(context.args).yes) {
      const blocks = [line(words.say('forget.ask')), ...wholeChat(context)];
      if (!context.hasButtons)
        blocks.push(line(...words.rich('forget.confirm', { command: code(typed('forget yes')) })));
      return [
        answer(words, blocks, [
          [button(words.say('button.yesForget'), 'forget yes'), button(words.say('button.no'), 'subscriptions')],
        ]),
      ];
    }
    const link = await can.store.links.of(chat.id);
    if (link) await partPair(link, chat.id, context.now, can);
    await can.store.chats.forget(chat.id);
    context.changed();
    return [answer(words, [line(words.say('forget.done')), ...wholeChat(context)])];
  },
});
