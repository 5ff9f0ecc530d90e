import { createHash } from 'node:crypto';
import type { Chat, ChatAddress } from '../model/chat.ts';
import { DEFAULT_SETTINGS } from '../model/settings.ts';
import type { IncomingCommand } from '../ports/chat-adapter.ts';
import type { Translator } from '../ports/translate.ts';
import type { CommandContext } from './command.ts';
import { languageOf } from './language-of.ts';
import type { Home, RouterDeps } from './routing.ts';

/** How a command is to be answered; `changed` is set when it has changed something about the chat. */
export interface Manner {
  brief: boolean;
  changed: boolean;
  /** Only whoever asked reads it: in their own language, where it is known. */
  aside: boolean;
  /** One message, whatever it is about: no pictures. */
  textOnly?: true;
}

/** A digest: nobody's id is written down for having tapped. */
export const personAt = ({ address, sender }: IncomingCommand): string =>
  createHash('sha256')
    .update(JSON.stringify([address.accountId, address.chat, address.thread, sender.id]))
    .digest('base64url');

/** What a command may know of where and by whom it was given. A chat that only asks leaves no trace. */
export async function createContext(
  event: IncomingCommand,
  args: string,
  manner: Manner,
  home: Home | null,
  deps: Pick<RouterDeps, 'store' | 'clock' | 'translators' | 'policy' | 'defaultLang' | 'pictures'>,
): Promise<CommandContext> {
  const { store, clock, translators, policy } = deps;
  const chat: ChatAddress = { ...event.address, thread: null };
  const stored = await store.chats.find(chat);
  const inThread = event.address.thread !== null;
  const thread = inThread ? await store.chats.find(event.address) : null;
  const own = languageOf(event.sender.lang, event.text, translators, stored?.lang ?? deps.defaultLang ?? 'en');
  const lang = manner.aside ? own : (stored?.lang ?? own);
  const now = clock.now();
  const settings = stored?.settings ?? DEFAULT_SETTINGS;
  const rich = !manner.aside && !manner.textOnly;
  const wordsOf = (code: string): Translator =>
    translators.of(code, event.chatKind === 'private' ? 'chat' : home?.place);
  const keepOnce = keeper(
    stored,
    async () => {
      const platform = home?.platform ?? event.sender.id.split(':')[0]!;
      return await store.chats.ensure(chat, { platform, kind: event.chatKind, lang, now });
    },
    deps,
  );

  return {
    chat: {
      id: stored?.id ?? null,
      kind: event.chatKind,
      lang,
      timeZone: stored?.timeZone ?? 'UTC',
      level: stored?.level ?? policy.level,
      settings,
    },
    words: wordsOf(lang),
    wordsOf,
    args,
    now,
    hasButtons: home?.hasButtons ?? false,
    places: event.chatKind === 'private' ? (home?.places ?? null) : null,
    hasChannels: home?.channel !== undefined && event.chatKind === 'private',
    senderId: event.sender.id,
    personHere: personAt(event),
    typed: (command) => `${home?.commandPrefix ?? ''}${command}`,
    mayChange: () => event.sender.isAdmin(),
    row: keepOnce,
    thread: inThread ? { id: thread?.id ?? null } : null,
    async here() {
      const made = await keepOnce();
      if (!inThread) return made;
      const { platform, kind } = made;
      return store.chats.ensure(event.address, { platform, kind, lang: made.lang, now });
    },
    typedAt: event.sentAt ?? now,
    brief: manner.brief,
    pictures: home?.pictures === true && settings.pictures && rich && (deps.pictures?.possible() ?? false),
    files: home?.files === true && rich,
    changed: () => {
      manner.changed = true;
    },
  };
}

/** The chat's row, made at the first call. A chat that comes back keeps what it chose. */
function keeper(
  stored: Chat | null,
  ensure: () => Promise<Chat>,
  { store, policy }: Pick<RouterDeps, 'store' | 'policy'>,
): () => Promise<Chat> {
  let row: Promise<Chat> | null = null;
  async function keep(): Promise<Chat> {
    if (stored?.state === 'active') return stored;
    const made = await ensure();
    if (stored || made.level === policy.level) return made;
    await store.chats.update(made.id, { level: policy.level });
    return { ...made, level: policy.level };
  }
  return () => {
    row ??= keep();
    return row;
  };
}
