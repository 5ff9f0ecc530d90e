import type { Plain } from './plain.ts';

/** Every command that a chat knows; the list that help, menus and catalogues share. */
const COMMAND_NAMES = [
  'start',
  'subscribe',
  'unsubscribe',
  'subscriptions',
  'status',
  'incident',
  'evidence',
  'history',
  'mute',
  'unmute',
  'settings',
  'language',
  'timezone',
  'level',
  'help',
  'about',
  'ping',
  'export',
  'forget',
  'channel',
  'link',
  'unlink',
  'board',
  'sources',
  'retract',
  'announce',
  'stats',
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** Commands: their errors, questions in plain words, what the bot is. */
export interface CommandPhrases {
  'what.everything': Plain;
  'what.country': { country: string };
  'what.service': { service: string };
  'what.pair': { country: string; service: string };

  'error.unknown': { word: string };
  'error.meant': { command: string };
  'error.help': { command: string };
  'error.admins': { command: string };
  /** To a reader of a group or channel who pressed what only its admins may. */
  'error.readers': Plain;
  'error.operators': Plain;
  /** Commands past a budget; the time is `QUIET_MS`. */
  'error.slow': Plain;
  /** One answer stands for several questions. */
  'error.unanswered': Plain;
  'error.failed': Plain;
  'error.word': { word: string };
  'error.nearest': { word: string; options: string };
  'error.ambiguous': { word: string; options: string };
  'error.nothing': Plain;
  'error.targets': { command: string };

  'ask.hello': Plain;
  'ask.try': { example: string };
  'ask.example': Plain;
  'ask.none': Plain;
  'ask.host': { host: string };
  'ask.where': { command: string };

  'help.head': Plain;
  'help.more': { command: string };
  'help.forms': { forms: string };

  'about.what': Plain;
  'about.sure': Plain;
  'about.reported': Plain;
  'about.suspected': Plain;
  'about.corroborated': Plain;
  'about.confirmed': Plain;
  'about.marks': Plain;
  'about.privacy': { command: string };

  'ping.pong': Plain;
  'ping.chat': { zone: string; time: string };
  /** In private chats: how the config names this person. */
  'ping.you': { id: string };
}
