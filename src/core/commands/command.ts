import type { Chat, ChatKind, ChatSettings } from '../model/chat.ts';
import type { Level } from '../model/incident.ts';
import type { Inline, MessageDocument } from '../model/message.ts';
import type { CommandName, PhraseKey, RichArguments, Translator } from '../ports/translate.ts';
import type { Vocabulary } from './asking/vocabulary.ts';

/** Who may run it: anyone; those who may change the chat's settings; those named as `operators` in the config. */
export type Permission = 'anyone' | 'admins' | 'operators';

/** What help, menus and permission checks are made from. */
export interface Command {
  name: CommandName;
  /** As typed after the prefix. The first is shown in lists. */
  examples: readonly string[];
  who: Permission;
  /** The answer to a pressed button takes the place of the message that held it: pickers and settings, never alerts. */
  replaces?: true;
  /** Of a command that `anyone` may give: with these arguments it changes the chat, which only admins may. Absent: it never does. */
  changes?(args: string): boolean;
  /** With these arguments it takes down what somebody says, which anyone may say: it is no question, and no change of the chat. */
  counts?(args: string): boolean;
  run(context: CommandContext): Promise<MessageDocument[]>;
}

/** Where and by whom a command was given. */
export interface CommandContext {
  chat: ChatFacts;
  words: Translator;
  /** What people type, in every language. */
  known: Vocabulary;
  /** The same in another language. */
  wordsOf(lang: string): Translator;
  /** What follows the command's name, as typed; bounded. */
  args: string;
  now: number;
  hasButtons: boolean;
  /** How whoever is alone with us can share where they are: by a button that asks for it, or by a message of their own. Null: not here. */
  places: 'button' | 'message' | null;
  /** A private chat, from which channels can be set up. */
  hasChannels: boolean;
  /** Who asks, as `platform:id`: what the config's `operators` names. */
  senderId: string;
  /** Names who asks where: what is kept between two steps of one person in one chat. */
  personHere: string;
  /** How a command is typed here: "/subscribe ru". */
  typed(command: string): string;
  /** A phrase in which `command` stands as it is typed here. */
  hint(key: PhraseKey, command: string, more?: RichArguments): Inline[];
  /** May this person change the chat's settings? For commands that anyone may give, but not with every argument. */
  mayChange(): Promise<boolean>;
  /** The chat's row, made when absent: asked for only by what has something to keep. */
  row(): Promise<Chat>;
  /** The thread (topic) that it was typed in, which may follow things of its own; settings are the whole chat's. Null: not in a thread. */
  thread: { id: number | null } | null;
  /** The row of where it was typed: of the thread, when in one. Made when absent. */
  here(): Promise<Chat>;
  /** When it was typed, ms since the epoch: `now`, or long ago. */
  typedAt: number;
  /** Many people are writing: the answer will be made anew when its turn comes, so do not work on more than the change itself. */
  brief: boolean;
  /** May the answer have a picture, as a message of its own after the text? It never says what the text does not. */
  pictures: boolean;
  /** May the answer have text files, as messages of their own after the text? */
  files: boolean;
  /** Something about the chat was changed: its present state says what the answer says. */
  changed(): void;
}

/** A chat that asks, whether or not it has a row. */
export interface ChatFacts {
  /** Null: nothing is kept about it yet. */
  id: number | null;
  kind: ChatKind;
  lang: string;
  timeZone: string;
  /** When its row was made; absent = it has none. */
  since?: number;
  level: Level;
  settings: ChatSettings;
}

/** Ends what a button says whose answer is a message of its own: what was said before stays. */
export const BESIDE = ' +';
export const withoutBeside = (args: string): string => (args.endsWith(BESIDE) ? args.slice(0, -BESIDE.length) : args);

/** "all yes" → yes, "all": how a typed confirmation ends. */
export const splitYes = (args: string, { yes }: Vocabulary): { yes: boolean; rest: string } =>
  yes.test(args) ? { yes: true, rest: args.replace(yes, '').trim() } : { yes: false, rest: args };
