import { createHash } from 'node:crypto';
import type { Policy } from '../model/alert.ts';
import type { BaselineEntry, Catalogue } from '../model/catalogue.ts';
import { type Chat, type ChatAddress, DEFAULT_SETTINGS } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Asker, Later, ReplyKind } from '../outbox/reply-queue.ts';
import type { ChatAdapter, IncomingCommand, Pictures, Question, Sender } from '../ports/chat-adapter.ts';
import type { Likely, Wants } from '../ports/encoder.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ReaderReports } from '../ports/readers.ts';
import type { Gazetteer, ServiceHosts } from '../ports/reading.ts';
import type { Forgettable, Tools } from '../ports/runtime.ts';
import type { Credit } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import type { Translator, Translators } from '../ports/translate.ts';
import type { WorldDeps } from '../state/world.ts';
import { vocabularyOf } from './asking/vocabulary.ts';
import type { CommandContext } from './command.ts';
import type { BotHealth, PressHealth } from './look/health.ts';

/** Japanese and Korean are written with these; signs of Han are not Chinese beside them. */
const NOT_CHINESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** Language for a chat that has none yet: what the platform tells of the person, else the script that they write in. */
export function languageOf(
  senderLang: string | null,
  text: string,
  { languages, has }: Translators,
  fallback: string,
): string {
  const wanted = senderLang?.toLowerCase().split(/[-_]/u)[0] ?? '';
  if (has(wanted)) return wanted;
  const near = languages.find((one) => one.near?.includes(wanted));
  if (near) return near.code;
  for (const [script, written] of Map.groupBy(languages, (one) => one.script)) {
    if (script === undefined || !new RegExp(`\\p{Script=${script}}`, 'u').test(text)) continue;
    if (script === 'Han' && NOT_CHINESE.test(text)) return fallback;
    const own = written.find(({ letters }) => letters && new RegExp(`[${letters}]`, 'iu').test(text));
    return (own ?? written.find(({ letters }) => !letters))?.code ?? fallback;
  }
  return fallback;
}

/** How a command is to be answered; `changed` is set when it has changed something about the chat. */
export interface Manner {
  brief: boolean;
  changed: boolean;
  /** Only whoever asked reads it: in their own language, where it is known. */
  aside: boolean;
  /** One message, whatever it is about: no pictures. */
  textOnly?: true;
}

/** A command that nobody types here and now; without a sender it is nobody's. */
export function unsent(
  { address, chatKind, text }: Pick<IncomingCommand, 'address' | 'chatKind' | 'text'>,
  sender: Partial<Sender> = {},
): IncomingCommand {
  const nobody = { id: '', name: '', lang: null, isAdmin: () => Promise.resolve(false) };
  return { kind: 'command', address, chatKind, text, sender: { ...nobody, ...sender }, button: null, messageRef: null };
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
  const attachments = home?.talk.attachments === true && !manner.aside && !manner.textOnly;
  const wordsOf = (code: string): Translator =>
    translators.of(code, event.chatKind === 'private' ? 'chat' : home?.talk.place);
  const words = wordsOf(lang);
  const typed = (command: string): string => `${home?.talk.prefix ?? ''}${command}`;
  let kept: Promise<Chat> | null = null;
  const keepOnce = () => (kept ??= keep());
  /** A chat that comes back keeps what it chose. */
  async function keep(): Promise<Chat> {
    if (stored?.state === 'active') return stored;
    const platform = home?.platform ?? event.sender.id.split(':')[0]!;
    const made = await store.chats.ensure(chat, { platform, kind: event.chatKind, lang, now });
    if (stored || made.level === policy.level) return made;
    await store.chats.update(made.id, { level: policy.level });
    return { ...made, level: policy.level };
  }

  return {
    chat: {
      id: stored?.id ?? null,
      kind: event.chatKind,
      lang,
      timeZone: stored?.timeZone ?? 'UTC',
      ...(stored && { since: stored.createdAt }),
      level: stored?.level ?? policy.level,
      settings,
    },
    words,
    wordsOf,
    known: vocabularyOf(translators.typed),
    args,
    now,
    hasButtons: home?.talk.buttons ?? false,
    places: event.chatKind === 'private' ? (home?.talk.locations ?? null) : null,
    hasChannels: home?.channel !== undefined && event.chatKind === 'private',
    senderId: event.sender.id,
    personHere: personAt(event),
    typed,
    hint: (key, command, more) => words.rich(key, { ...more, command: { code: typed(command) } }),
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
    pictures: attachments && settings.pictures && (deps.pictures?.possible() ?? false),
    files: attachments,
    changed: () => {
      manner.changed = true;
    },
  };
}

/** What the router is made of, and what it gives: shapes only (`router.ts` fills them). */

/** What a command may know of the account that it came through. */
export type Home = Pick<ChatAdapter, 'platform' | 'service' | 'talk' | 'pace' | 'channel'>;

/** An account of the bot, for people who look for it elsewhere. */
export interface AccountName {
  id: string;
  platform: string;
  commandPrefix: string;
  /** As people write to it; null = not known yet. */
  name: string | null;
  /** Where people find it. */
  link?: string | null;
}

/** A command as the router reads it. */
export interface ReadCommand {
  /** Null: not a command. */
  name: string | null;
  args: string;
  /** It would change something about the chat. */
  changes: boolean;
}

/** A token bucket a key; at most `maxKeys` of them: the least recently seen are forgotten, which only ever helps them. */
export interface BudgetLimits {
  /** Commands that may come at once. */
  burst: number;
  /** One more every so many milliseconds. */
  everyMs: number;
  maxKeys: number;
}

/** What one person may ask and change, and what may be asked and changed in one chat. */
export type RouterBudgets = Record<'person' | 'chat', BudgetLimits>;

export interface RouterDeps extends Tools, Pick<WorldDeps, 'heldIn' | 'watched'> {
  store: Pick<
    Store,
    'incidents' | 'reports' | 'subscriptions' | 'silences' | 'chats' | 'links' | 'notices' | 'boards'
  > &
    Partial<Pick<Store, 'measurements' | 'readers'>>;
  /** Takes down what readers say; absent = nobody does. */
  readerReports?: ReaderReports;
  catalogue: Catalogue;
  /** Long-standing blocks by the public record. */
  baseline: readonly BaselineEntry[];
  translators: Translators;
  policy: Policy;
  /** Senders who may give operators' commands, as `platform:id`. */
  operators: readonly string[];
  health(): Promise<BotHealth>;
  /** How well the countries are heard whose press is read; null = none is read by this configuration; absent = nothing is known of it. */
  press?(): Promise<PressHealth | null>;
  /** What a sentence wants, by its letters. */
  likely: Likely;
  /** The same by the encoder, of whatever words; null or absent = told by letters alone. */
  wants?: Wants['wants'] | null;
  /** The operator's own lines by language: who runs it, how they are reached, who helps. Absent = none. */
  about?: Readonly<Record<string, string>>;
  /** Where people find this bot's pages; absent or null = it has none. */
  site?: string | null;
  /** Address of the page that measures from a reader's line, where it measures this service; absent = there is no such page. */
  testPage?(country: string, service: string, lang: string): string | null;
  /** Whose indexes of news are looked through; absent = nobody's. */
  credits?: readonly Credit[];
  retract(id: string, because: string): Promise<boolean>;
  stopAgent(id: string, stopped: boolean): Promise<boolean>;
  release?(id: string): Promise<number | null>;
  /** Link codes and drafts: what may be forgotten. */
  cache(namespace: string): Forgettable;
  /** Every account of this bot, for people who look for it on another platform. */
  accounts(): Promise<AccountName[]>;
  /** There is something to be filled into the outbox. */
  wake(): void;
  /** Regions that people name; absent = those of a short list. */
  gazetteer?: Pick<Gazetteer, 'everywhere' | 'disputed'>;
  /** Which service a host name belongs to; absent = by the catalogue's names alone. */
  serviceHosts?(): Promise<ServiceHosts>;
  /** How an account takes commands; null = unknown, plain words then. */
  account(id: string): Home | null;
  /** Absent: answers are text alone. */
  pictures?: Pick<Pictures, 'possible' | 'soon'>;
  /** Language of chats about which nothing is known; English when absent. */
  defaultLang?: string;
  budgets?: RouterBudgets;
  metrics?: Pick<Metrics, 'command'>;
}

export interface RouterAnswer {
  /** Empty: a question that was not worked on yet; `later` does it when its turn comes. */
  documents: MessageDocument[];
  /** The first document takes the place of the message whose button was pressed. */
  replaces: boolean;
  kind: ReplyKind;
  asker: Asker;
  /** The chat was forgotten. */
  forgotten: boolean;
  /** To be shown to whoever pressed the button, and to nobody else. */
  aside: boolean;
  /** Says what is true by then, for this command and others of its chat. */
  later: Later;
}

export interface Router {
  /**
   * Carries a command out. `crowded`: many people write, so questions are put off, and a change is not worked into a long answer.
   * Null = say nothing: past a budget, which was said, or another bot's command. Never throws.
   */
  handle(event: IncomingCommand, crowded?: boolean): Promise<RouterAnswer | null>;
  /** A command as it would be carried out; what was forwarded changes nothing. Pure. */
  read(typed: Pick<IncomingCommand, 'text' | 'signed' | 'forwarded'>): ReadCommand;
  /** As `AdapterHandlers.asked`: the state, as `status` tells it. */
  inline(question: Question): Promise<MessageDocument | null>;
  /** How this chat is spoken to. */
  words(event: IncomingCommand): Promise<Pick<CommandContext, 'words' | 'typed' | 'now'>>;
  /** How a chat that changed something is notified of its state, as if this had been asked. */
  later(event: IncomingCommand): Later;
}
