import type { MessageDocument } from '../model/message.ts';
import type { Ids } from '../ports/ids.ts';
import type { Forgettable } from '../ports/state.ts';
import type { Store } from '../ports/store.ts';
import { announcement, MAX_ANNOUNCEMENT } from '../render/pair.ts';
import type { Command, CommandContext } from './command.ts';
import { answer, button, code, line, note } from './document.ts';

export interface AnnounceCapabilities {
  store: Pick<Store, 'notices' | 'chats'>;
  /** Drafts wait here until they are confirmed. */
  drafts: Forgettable;
  ids: Ids;
  /** There is something to fill in. */
  wake(): void;
}

const DRAFT_MS = 15 * 60_000;

interface Draft {
  text: string;
  senderId: string;
}

/** An operator's words to every chat. The draft is shown first; only whoever wrote it sends it, once. */
export const announceCommand = (can: AnnounceCapabilities): Command => ({
  name: 'announce',
  aliases: ['объявить', 'объявление'],
  examples: ['announce The bot moves to a new server tonight'],
  who: 'operators',
  replaces: true,
  async run(context) {
    const { words, typed, args } = context;
    const sent = /^(yes|no)\s+([0-9a-z]{16})$/iu.exec(args.trim());
    if (sent) return [await decide(sent[2]!, sent[1]!.toLowerCase() === 'yes', context, can)];
    if (args.trim() === '') {
      const command = code(typed('announce The bot moves to a new server tonight'));
      return [answer(words, [line(...words.rich('announce.usage', { command }))])];
    }
    if (args.length > MAX_ANNOUNCEMENT)
      return [answer(words, [line(words.say('announce.long', { most: String(MAX_ANNOUNCEMENT) }))])];
    return [await ask(args.trim(), context, can)];
  },
});

async function ask(text: string, context: CommandContext, can: AnnounceCapabilities): Promise<MessageDocument> {
  const { words, typed, senderId } = context;
  const id = can.ids.next();
  const draft: Draft = { text, senderId };
  await can.drafts.set(id, draft, DRAFT_MS);
  const { active } = await can.store.chats.counts();
  return answer(
    words,
    [
      line(words.say('announce.ask', { chats: words.say('stats.chats', { n: active }) })),
      ...announcement(text, words).blocks,
      ...(context.hasButtons
        ? []
        : [note(...words.rich('announce.confirm', { command: code(typed(`announce yes ${id}`)) }))]),
    ],
    [[button(words.say('button.yesSend'), `announce yes ${id}`), button(words.say('button.no'), `announce no ${id}`)]],
  );
}

/** The draft's id is the announcement's: sent twice, it is one. */
async function decide(
  id: string,
  yes: boolean,
  context: CommandContext,
  can: AnnounceCapabilities,
): Promise<MessageDocument> {
  const { words, senderId, now } = context;
  const draft = (await can.drafts.get(id)) as Partial<Draft> | undefined;
  const mine = typeof draft?.text === 'string' && draft.senderId === senderId;
  if (!mine) return answer(words, [line(words.say('announce.gone'))]);
  const fresh = yes && (await can.store.notices.toAll(id, { kind: 'announce', text: draft.text! }, now));
  await can.drafts.delete(id);
  if (!yes) return answer(words, [line(words.say('error.nothing'))]);
  if (!fresh) return answer(words, [line(words.say('announce.gone'))]);
  can.wake();
  const { active } = await can.store.chats.counts();
  return answer(words, [line(words.say('announce.sent', { chats: words.say('stats.chats', { n: active }) }))]);
}
