import type { MessageDocument } from '../model/message.ts';
import type { Sender } from '../ports/chat-adapter.ts';
import type { CommandContext, Permission } from './command.ts';
import { answer, code, line } from './document.ts';

/** What somebody is answered who may not give a command: what it takes, what they have, and what everyone may do. `aside`: only they read it. */
export async function refusal(
  who: Permission,
  sender: Sender,
  { words, typed, chat }: Pick<CommandContext, 'words' | 'typed' | 'chat'>,
  aside: boolean,
): Promise<MessageDocument> {
  if (who === 'operators')
    return answer(words, [
      line(words.say('error.operators')),
      line(...words.rich('error.help', { command: code(typed('help')) })),
    ]);
  if (aside || chat.kind === 'channel') return answer(words, [line(words.say('error.readers'))]);
  if (sender.unnamed) return answer(words, [line(words.say('error.adminsAs'))]);
  const command = code(typed('status'));
  const power = chat.kind === 'private' ? undefined : await sender.power?.();
  if (!power) return answer(words, [line(...words.rich('error.admins', { command }))]);
  const { needs, has } = power;
  const text =
    has === null
      ? words.rich('error.adminsNeeds', { needs, command })
      : words.rich('error.adminsLevel', { needs, has, command });
  return answer(words, [line(...text)]);
}
