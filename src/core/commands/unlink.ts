import type { Link } from '../model/link.ts';
import type { MessageDocument } from '../model/message.ts';
import type { ChatLabel } from '../model/notice.ts';
import type { Ids } from '../ports/ids.ts';
import type { Store } from '../ports/store.ts';
import { labelOf } from '../render/pair.ts';
import type { Command, CommandContext } from './command.ts';
import { answer, code, line } from './document.ts';
import { wholeChat } from './threads.ts';

interface PartCapabilities {
  store: Pick<Store, 'links' | 'notices' | 'chats'>;
  ids: Ids;
}

export const unlinkCommand = (can: PartCapabilities): Command => ({
  name: 'unlink',
  aliases: ['unpair', 'разъединить', 'отвязать'],
  examples: ['unlink'],
  who: 'admins',
  replaces: true,
  run: async (context) => [await part(context, can)],
});

/** How the other chat of a pair is called; null = it has just been forgotten. */
export async function otherOf(
  link: Link,
  chatId: number,
  { store }: Pick<PartCapabilities, 'store'>,
): Promise<ChatLabel | null> {
  const other = await store.chats.get(link.mainId === chatId ? link.spareId : link.mainId);
  return other ? { platform: other.platform, kind: other.kind } : null;
}

export const notPaired = ({ words, typed }: CommandContext): MessageDocument =>
  answer(words, [line(...words.rich('unlink.none', { command: code(typed('link')) }))]);

/** The other chat of the pair is told. */
export async function part(context: CommandContext, can: PartCapabilities): Promise<MessageDocument> {
  const { words, chat, now } = context;
  const link = chat.id === null ? null : await can.store.links.of(chat.id);
  if (!link) return notPaired(context);
  const label = await partPair(link, chat.id!, now, can);
  const other = label ? labelOf(label, words) : '–';
  return answer(words, [line(words.say('unlink.done', { other })), ...wholeChat(context)]);
}

/** Takes a pair apart for one of the two, and tells the other. Returns how the other is called. */
export async function partPair(
  link: Link,
  chatId: number,
  now: number,
  { store, ids }: PartCapabilities,
): Promise<ChatLabel | null> {
  const own = await store.chats.get(chatId);
  const label = await otherOf(link, chatId, { store });
  await store.links.part(chatId);
  if (!own || !label) return label;
  const otherId = link.mainId === chatId ? link.spareId : link.mainId;
  const other = { platform: own.platform, kind: own.kind };
  await store.notices.tell(ids.next(), { kind: 'link-parted', other }, [otherId], { priority: 'reply', now });
  return label;
}
