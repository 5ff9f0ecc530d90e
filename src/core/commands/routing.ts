/** What the router is made of, and what it gives: shapes only (`router.ts` fills them). */
import type { BaselineEntry } from '../model/baseline.ts';
import type { Catalogue } from '../model/catalogue.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Policy } from '../model/policy.ts';
import type { Asker, Later, ReplyKind } from '../outbox/answer-plan.ts';
import type { Spell } from '../picture/watched.ts';
import type { ChatAdapter, IncomingCommand, MenuEntry, Question } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Gazetteer } from '../ports/gazetteer.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Pictures } from '../ports/pictures.ts';
import type { ServiceHosts } from '../ports/service-hosts.ts';
import type { Forgettable } from '../ports/state.ts';
import type { Store } from '../ports/store.ts';
import type { Translators } from '../ports/translate.ts';
import type { RouterBudgets } from './budgets.ts';
import type { CommandContext } from './command.ts';
import type { BotHealth } from './health.ts';
import type { AccountName } from './link.ts';

/** What a command may know of the account that it came through. */
export type Home = Pick<
  ChatAdapter,
  | 'platform'
  | 'service'
  | 'commandPrefix'
  | 'hasButtons'
  | 'places'
  | 'pace'
  | 'channel'
  | 'place'
  | 'pictures'
  | 'files'
>;

/** A command as the router reads it. */
export interface ReadCommand {
  /** Null: not a command. */
  name: string | null;
  args: string;
  /** It would change something about the chat. */
  changes: boolean;
}

export interface RouterDeps {
  store: Pick<
    Store,
    'incidents' | 'reports' | 'subscriptions' | 'silences' | 'chats' | 'links' | 'notices' | 'boards'
  > &
    Partial<Pick<Store, 'measurements'>>;
  clock: Clock;
  ids: Ids;
  log: Log;
  catalogue: Catalogue;
  /** Long-standing blocks by the public record; absent = none. */
  baseline?: readonly BaselineEntry[];
  translators: Translators;
  policy: Policy;
  /** Senders who may give operators' commands, as `platform:id`. */
  operators: readonly string[];
  health(): Promise<BotHealth>;
  retract(id: string, because: string): Promise<boolean>;
  stopAgent(id: string, stopped: boolean): Promise<boolean>;
  release?(id: string): Promise<number | null>;
  /** Link codes and drafts: what may be forgotten. Absent: all of it is, at once. */
  cache?(namespace: string): Forgettable;
  /** Every account of this bot, for people who look for it on another platform; absent = this one alone. */
  accounts?(): Promise<AccountName[]>;
  /** There is something to be filled into the outbox. */
  wake?(): void;
  /** Regions that people name; absent = those of a short list. */
  gazetteer?: Pick<Gazetteer, 'everywhere'>;
  /** Which service a host name belongs to; absent = by the catalogue's names alone. */
  serviceHosts?(): Promise<ServiceHosts>;
  /** How an account takes commands; null = unknown, plain words then. */
  account(id: string): Home | null;
  /** Absent: answers are text alone. */
  pictures?: Pick<Pictures, 'possible' | 'soon'>;
  /** When this bot looked at all; absent = that is not known. */
  watched?(): Promise<readonly Spell[]>;
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
  read(text: string, forwarded?: true): ReadCommand;
  /** As `AdapterHandlers.asked`: the state, as `status` tells it. */
  inline(question: Question): Promise<MessageDocument | null>;
  /** How this chat is spoken to. */
  words(event: IncomingCommand): Promise<Pick<CommandContext, 'words' | 'typed' | 'now'>>;
  /** How a chat that changed something is notified of its state, as if this had been asked. */
  later(event: IncomingCommand): Later;
  /** Names and descriptions for the platforms' menus. */
  menus(): { lang: string; commands: MenuEntry[] }[];
}
