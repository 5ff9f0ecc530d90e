import type { Block } from '../model/message.ts';
import type { Store } from '../ports/store.ts';
import { labelOf } from '../render/pair.ts';
import type { CommandContext } from './command.ts';
import { note } from './document.ts';

/** The other chat of this chat's pair, as it is called; null = it stands alone. */
export async function pairOf(
  { chat, words }: CommandContext,
  store: Pick<Store, 'links' | 'chats'>,
): Promise<{ other: string; isMain: boolean } | null> {
  const link = chat.id === null ? null : await store.links.of(chat.id);
  if (!link) return null;
  const isMain = link.mainId === chat.id;
  const other = await store.chats.get(isMain ? link.spareId : link.mainId);
  return other ? { other: labelOf(other, words), isMain } : null;
}

export async function pairLines(context: CommandContext, store: Pick<Store, 'links' | 'chats'>): Promise<Block[]> {
  const pair = await pairOf(context, store);
  if (!pair) return [];
  const { other, isMain } = pair;
  const { words } = context;
  return [note(isMain ? `${words.say('settings.pair')}: ${other}` : words.say('link.spare', { other }))];
}
