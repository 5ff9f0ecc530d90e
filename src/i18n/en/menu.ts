import type { MenuPhrases } from '../../core/ports/phrases/menu.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const menu: TextsOf<MenuPhrases> = {
  'command.start': 'begin here',
  'command.subscribe': 'follow a country, a service, or both',
  'command.unsubscribe': 'stop following',
  'command.subscriptions': 'what this chat follows',
  'command.status': 'what is cut off now, and is the bot well',
  'command.incident': 'the story and the sources of one incident',
  'command.history': 'what was cut off before, and for how long',
  'command.mute': 'no alerts for a while',
  'command.unmute': 'end a mute',
  'command.settings': 'all settings of this chat, and their values',
  'command.language': 'language of this chat',
  'command.timezone': 'time zone of this chat',
  'command.level': 'how sure it must be before you hear of it',
  'command.help': 'all commands',
  'command.about': 'what this is, what the words and marks mean',
  'command.ping': 'is anybody there?',
  'command.channel': 'set up a channel from a private chat',
  'command.export': 'everything that I keep about this chat',
  'command.forget': 'delete everything about this chat',
  'command.sources': 'sources and their health (operators)',
  'command.retract': 'withdraw an incident (operators)',
};
