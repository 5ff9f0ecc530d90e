import type { BotCommandScope } from 'grammy/types';
import type { AdapterDeps } from '../../core/ports/chat-adapter.ts';
import { head, oneLine } from './text.ts';

export type Menus = ReturnType<AdapterDeps['commandMenu']>;
type Command = Menus[number]['commands'][number];

/** One list of commands as Telegram takes it. */
export interface CommandList {
  commands: { command: string; description: string }[];
  /** ISO 639-1; null: for every language that has no list of its own. */
  lang: string | null;
  /** Null: wherever no narrower list stands, which are private chats. */
  scope: BotCommandScope | null;
}

/** Members of a group are not offered what only its administrators may, nor anybody there what makes sense in a private chat alone. */
const SCOPES: { scope: BotCommandScope | null; holds(command: Command): boolean }[] = [
  { scope: null, holds: () => true },
  { scope: { type: 'all_group_chats' }, holds: ({ inGroups }) => inGroups === undefined || inGroups === 'everyone' },
  { scope: { type: 'all_chat_administrators' }, holds: ({ inGroups }) => inGroups !== 'nobody' },
];

/** The lists of every scope and language; English, where there is such a catalogue, stands for all other languages. */
export function commandLists(menus: Menus): CommandList[] {
  const known = menus.filter(({ lang }) => /^[a-z]{2}$/.test(lang));
  const fallback = known.find(({ lang }) => lang === 'en') ?? known[0];
  if (fallback === undefined) return [];
  const all = [{ lang: null, commands: fallback.commands }, ...known];
  return SCOPES.flatMap(({ scope, holds }) =>
    all.map(({ lang, commands }) => ({ lang, scope, commands: listed(commands.filter(holds)) })),
  ).filter(({ commands }) => commands.length > 0);
}

const listed = (commands: readonly Command[]): CommandList['commands'] =>
  commands
    .map(({ name, description }) => ({ command: name, description: head(oneLine(description), 256) }))
    .filter(({ command, description }) => /^[a-z0-9_]{1,32}$/.test(command) && description !== '')
    .slice(0, 100);
