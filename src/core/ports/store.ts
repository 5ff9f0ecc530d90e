import type { Alert, Broadcast, Priority } from '../model/alert.ts';
import type { Chat, ChatAddress, ChatKind, Silence, Subscription } from '../model/chat.ts';
import type { Family, Incident, Level, Transition } from '../model/incident.ts';
import type { Link, Notice, Via } from '../model/link.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Report } from '../model/report.ts';
import type { DueChat, Outbox } from './outbox.ts';
import type { ReaderTable } from './readers.ts';
import type { DurableRows, DurableState, Forgettable } from './runtime.ts';
import type { SourceStates } from './source.ts';

/** Where in the state `app` stands when the last backup was made: `{ at }`. */
export const BACKUP = 'backup';

/** What a table holds: how many rows, and the checksum of all. */
export type TableDigest = { table: string; rows: number; checksum: string };

/**
 * Everything durable. One contract suite (`test/contract/store/`) runs against every implementation.
 *
 * All methods throw `TocsinError('store_failed' …)` when the store cannot do what was asked; none of them ever reports success for
 * something that a crash could undo. Inside `transaction` use only the tables it hands out, and await nothing but those: the embedded
 * store has a single connection, and everybody else waits. A transaction that throws leaves nothing behind.
 */
export interface Store extends Tables {
  /**
   * All or nothing, one at a time over the whole store, in the order of the calls; resolves when it is durable, with what `work` gave.
   * What `work` throws passes through. Using the store itself, instead of `tables`, within `work` throws `internal`: it would wait for itself.
   */
  transaction<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
  /** Keyv over the same database. May be called again for the same namespace: both see the same values. */
  cache(namespace: string): Forgettable;
  sourceStates: SourceStates;
  /**
   * Every row of one moment as JSON lines; `import` refuses a database that is not empty. See `store/sql/backup.ts`. However slowly it is read,
   * nobody waits and no journal grows: the moment is copied to a file of its own first. Keys of encrypted rooms only where `withKeys` asks for them.
   */
  dump(withKeys?: boolean): AsyncIterable<string>;
  /**
   * Reads such lines into an empty store: all of them in one transaction, or nothing. Gives what was written, by table; throws `import_invalid` with the
   * line that is wrong, or where the store is not empty.
   */
  restore(lines: AsyncIterable<string>): Promise<TableDigest[]>;
  /** Counts and checksums by table, equal on all implementations for equal content. */
  digest(): Promise<TableDigest[]>;
  /**
   * Deletes what is past its keeping time at `now` (ms since the epoch), a bounded number of rows a call; true = more to do. May be stopped
   * between any two calls, and called again at any time.
   */
  prune(now: number): Promise<boolean>;
  /**
   * Is this still the database that was opened, and held by this process alone? Asked at each heartbeat; null = yes. Never throws: a database
   * that merely fails says so where it is used.
   */
  verify(): Promise<StoreFault | null>;
  /** To be called once, when nothing else is under way; afterwards the store is of no use. Lets the next process in. */
  close(): Promise<void>;
}

/** What is written now is lost at the end (`deleted`, `replaced`), or another process may write here as well (`lock-lost`). */
export interface StoreFault {
  reason: 'deleted' | 'replaced' | 'lock-lost';
  /** A sentence for the log, with the remedy. */
  message: string;
}

/** Lists of ids may be empty and may hold an id twice. Times are ms since the epoch. */
export interface Tables {
  seen: SeenTable;
  incidents: IncidentTable;
  reports: ReportTable;
  alerts: AlertTable;
  broadcasts: BroadcastTable;
  chats: ChatTable;
  subscriptions: SubscriptionTable;
  silences: SilenceTable;
  outbox: Outbox;
  measurements: MeasurementTable;
  links: LinkTable;
  notices: NoticeTable;
  boards: BoardTable;
  posts: PostTable;
  readers: ReaderTable;
  /** Durable facts, under a namespace of whoever keeps them. Within a transaction they are part of it. */
  state(namespace: string): DurableState;
  /** Rows that are part of no export, under a namespace of whoever keeps them. */
  rows(namespace: string): DurableRows;
}

/** What was read before, per source. Keys are short strings (kind letter + hash). */
export interface SeenTable {
  /** Which of these were added before? */
  known(sourceId: string, keys: string[]): Promise<Set<string>>;
  /** Adding twice is nothing; the time is refreshed, so what a feed still carries is not pruned. */
  add(sourceId: string, keys: string[], at: number): Promise<void>;
  /**
   * Where a source has more than `max` keys: forgets the oldest beyond nine tenths of that, at most 1,000 a call and none of `carried`. The time
   * of the newest that was forgotten (ms): whatever was first seen until then may be unknown now; null = nothing was to forget.
   */
  bound(sourceId: string, max: number, carried: string[]): Promise<number | null>;
}

/** Parts that are absent match all; null matches incidents that have none. */
export interface IncidentFilter {
  country?: string | null;
  service?: string | null;
  family?: Family;
  open?: boolean;
  /** Changed (opened, closed, or reported on) at or after. */
  since?: number;
  /** At most so many; whoever needs all asks for more than there can be. */
  limit: number;
}

/** Incidents are never deleted: they are the record. */
export interface IncidentTable {
  get(id: string): Promise<Incident | null>;
  /** In the order of the ids, each once; unknown ones are left out. */
  getMany(ids: string[]): Promise<Incident[]>;
  /** The open incident with this key, of several that of the whole country; null parts match null only. */
  openByKey(country: string | null, service: string | null, family: Family): Promise<Incident | null>;
  /** Newest evidence first. */
  list(filter: IncidentFilter): Promise<Incident[]>;
  /** Throws where the id is taken. */
  insert(incident: Incident): Promise<void>;
  /** By id, every field; the caller raised `version`. An unknown id changes nothing. */
  update(incident: Incident): Promise<void>;
  /** Gets the next number (`seq`, from 1) of its incident. */
  addTransition(transition: Omit<Transition, 'seq'>): Promise<void>;
  /** In the order in which they were added. */
  transitions(incidentId: string): Promise<Transition[]>;
  /** Of several at once, each list as above; an incident without any is left out. */
  transitionsOf(incidentIds: string[]): Promise<Map<string, Transition[]>>;
}

/** Reports stay as long as their incident does, but for what one source says over and over. */
export interface ReportTable {
  /** The same report (by id) may belong to several incidents; twice in one throws. `fingerprint` comes back as it was given. */
  insert(incidentId: string, report: Report, fingerprint: number[]): Promise<void>;
  /**
   * Newest first, without those that were taken back. Where there are more than `limit`: the newest and the first of each voice and action before the
   * older ones, in turn from each source, so that who says much hides nobody.
   */
  byIncident(incidentId: string, limit: number): Promise<(Report & { fingerprint: number[] })[]>;
  /**
   * Deletes what this source said before its newest `keep` reports; the first of each voice and action stay (of very many voices the newest), and
   * those that changed something. Returns how many went.
   */
  compact(incidentId: string, sourceId: string, keep: number): Promise<number>;
  /** What this source said in that voice speaks with another from now on. */
  revoice(incidentId: string, said: Pick<Report, 'sourceId' | 'voice'>, voice: string): Promise<void>;
  /** What this source reported in these items and has not taken back, by incident, in the order of their ids. */
  ofItems(sourceId: string, items: readonly string[]): Promise<Map<string, string[]>>;
  /** Words of this publisher or authority that came through this source since then (ms), and stand; of incidents that changed since, at most 500, newest first. */
  saidBy(sourceId: string, publisher: string, since: number): Promise<{ incidentId: string; report: Report }[]>;
  /** Marks these: they stay on record, and are read no more. */
  takeBack(incidentId: string, reportIds: readonly string[], at: number): Promise<void>;
  /** Ids of the incidents that this item reports on; not of those that it tells as background. */
  incidentsOfItem(itemId: string): Promise<string[]>;
  /** Items of its newest reports, oldest first, each once. */
  itemsOf(incidentId: string, limit: number): Promise<string[]>;
  /** Incidents without reports are left out. */
  countByIncident(ids: string[]): Promise<Map<string, number>>;
}

/** An alert is read and written with its incidents, in the order in which they joined it. */
export interface AlertTable {
  get(id: string): Promise<Alert | null>;
  /** In the order of the ids, each once; unknown ones are left out. */
  getMany(ids: string[]): Promise<Alert[]>;
  /** All alerts, of any level, that carry this incident, oldest first. */
  byIncident(incidentId: string): Promise<Alert[]>;
  insert(alert: Alert): Promise<void>;
  /** Adding one again changes nothing: it keeps its place and its time. */
  addIncident(alertId: string, incidentId: string, addedAt: number): Promise<void>;
  update(alert: Pick<Alert, 'id' | 'notifiedAt' | 'widenRepliedAt'>): Promise<void>;
}

/** An alert's broadcasts in the order of writing, which clocks that are set cannot change. */
export interface BroadcastTable {
  get(id: string): Promise<Broadcast | null>;
  insert(broadcast: Broadcast): Promise<void>;
  /** By id: incidentIds, kind, loud, reason, priority, dueAt, phase, cursor, state. */
  update(broadcast: Broadcast): Promise<void>;
  /** Those `new` of this country and level that still wait for their group, or are withheld, in the order of writing. */
  pendingNew(country: string | null, level: Level, state: 'waiting' | 'withheld'): Promise<Broadcast[]>;
  /** Broadcasts of an alert, newest first, at most 50. */
  byAlert(alertId: string): Promise<Broadcast[]>;
  /** Waiting or filling, due at or before now; by priority, then oldest. */
  due(now: number, limit: number): Promise<Broadcast[]>;
  /** When the next unfinished one is due, ms since the epoch, also where that is past; null = none is unfinished. */
  nextDueAt(): Promise<number | null>;
}

/** A row in words: names of columns for people, times in ms since the epoch under names that end in `_at` (and `until`). */
export type CopiedRow = Record<string, string | number | null>;

interface CopiedTable {
  rows: CopiedRow[];
  /** How many there are, also those past the limit. */
  total: number;
}

/** What is kept about a chat, by table. `messages`: which message tells it of which alert; `deliveries`: what was sent when, newest first. */
export type ChatCopy = Record<
  'chats' | 'subscriptions' | 'unfollowed' | 'silences' | 'links' | 'boards' | 'messages' | 'deliveries',
  CopiedTable
>;

/** Of active chats, threads not counted apart. */
export interface ChatFigures {
  kinds: { platform: string; kind: ChatKind; chats: number }[];
  gone: number;
  pairs: number;
  subscriptions: number;
  /** `country`: as in a subscription, `*` for any. */
  countries: { country: string; chats: number }[];
}

/** Rows of chats and of their threads. A thread has the row of its chat beside it and repeats its settings and silences: these belong to the whole chat. */
export interface ChatTable {
  get(id: number): Promise<Chat | null>;
  find(address: ChatAddress): Promise<Chat | null>;
  /** The chat of this address; made when absent, and active again when it was gone. */
  ensure(address: ChatAddress, init: { platform: string; kind: ChatKind; lang: string; now: number }): Promise<Chat>;
  /** Of the whole chat, by the id of any of its rows. A change of level is carried into the subscriptions. */
  update(id: number, change: Partial<Pick<Chat, 'lang' | 'timeZone' | 'level' | 'kind' | 'settings'>>): Promise<void>;
  /**
   * Ends the whole chat, threads and all: subscriptions, silences, queued deliveries (state `gone`). The second chat of its pair takes over what it
   * followed and what waits for it (`LinkTable`), and is told so; so is a first chat whose second ends. The pair is over.
   */
  end(id: number): Promise<void>;
  /** The chat goes on at `to`; where `to` has a row already, the two are joined and its id returned. Message references are dropped. Threads stay behind: what they followed, the chat at `to` follows. */
  move(from: ChatAddress, to: ChatAddress): Promise<number | null>;
  /** Deletes the whole chat, its threads, and every row about them. */
  forget(id: number): Promise<void>;
  /** Every row that `forget` would delete, at most `limit` of a table; looks and changes nothing. */
  copy(id: number, limit: number): Promise<ChatCopy>;
  /** Active chats of an account. */
  addresses(accountId: string): Promise<ChatAddress[]>;
  /** Active rows (chats and threads) whose time has come, the longest due first. A change of settings or zone makes a row due at once. */
  due(now: number, limit: number): Promise<DueChat[]>;
  /** When the next row is due, ms since the epoch; null = none ever. */
  nextDueAt(): Promise<number | null>;
  /** When these are due next; null = never. A row that has become due otherwise meanwhile (`from` is not its time any more) is left alone. */
  setDue(rows: { id: number; from: number; at: number | null }[]): Promise<void>;
  /** The clock was set back: all that are due some time are due now, and reckoned anew. */
  rewind(now: number): Promise<void>;
  counts(): Promise<{ active: number; gone: number }>;
  /** How many chats and subscriptions there are, in numbers only; countries by how many chats follow them, the most first, at most `limit`. */
  figures(limit: number): Promise<ChatFigures>;
}

/** What a row of a chat (the chat itself, or one of its threads) follows; `ANY` (`*`) is a value like any other here: what it covers, the caller works out. */
export interface SubscriptionTable {
  /** By country, then service. */
  list(chatId: number): Promise<Subscription[]>;
  /** Chats that follow nothing are left out. */
  listMany(chatIds: number[]): Promise<Map<number, Subscription[]>>;
  /** Already there = stays as it is. Returns how many are new; none where the chat is gone. */
  add(chatId: number, matchers: { country: string; service: string }[], now: number): Promise<number>;
  /** Exactly these, not what they cover. Returns how many there were. */
  remove(chatId: number, matchers: { country: string; service: string }[]): Promise<number>;
  removeAll(chatId: number): Promise<number>;
  /** By chat: incidents of these alerts that it followed once, by what it has removed since they joined. */
  once(chatIds: number[], alertIds: string[]): Promise<Map<number, Set<string>>>;
  count(): Promise<number>;
  /** Every pair that any chat follows, once, by country, then service; at most `limit`. Its cost grows with the pairs, not with the chats. */
  followed(limit: number): Promise<{ country: string; service: string }[]>;
  /** Countries that any chat follows by name, and what is followed in every country (`*` among it: everything); one look, whatever the number of chats. */
  places(): Promise<{ countries: string[]; services: string[] }>;
}

/** A silence is the whole chat's: added, listed and removed by the id of any of its rows. */
export interface SilenceTable {
  /** Those that still hold after `now`, the first to end first. */
  list(chatId: number, now: number): Promise<Silence[]>;
  listMany(chatIds: number[], now: number): Promise<Map<number, Silence[]>>;
  /** Same chat and same target: the later `until` stays. */
  add(silence: Silence): Promise<void>;
  /** Null target parts as in the silence; returns how many ended. */
  remove(chatId: number, target: Pick<Silence, 'country' | 'service' | 'incidentId'>): Promise<number>;
  removeAll(chatId: number): Promise<number>;
}

export interface MeasurementFilter {
  target?: string;
  vantageId?: string;
  /** Made in that country (`probe_cc`). */
  country?: string;
  /** Of this kind of source are none. */
  notKind?: string;
  since: number;
  limit: number;
}

export interface MeasurementTable {
  /** Raw observation with its verdict; false when this id was there (a repeat by an agent). */
  add(measurement: Measurement): Promise<boolean>;
  /** Measured at or after `since`; newest first. Raw ones go after their keeping time, so this knows about a month. */
  recent(filter: MeasurementFilter): Promise<Measurement[]>;
}

/** A chat's board: one message that is kept up to date. Ids are those of the chat's own row; a board goes with its chat. */
export interface Board {
  chatId: number;
  /** Of its message's notice; null = none was queued yet. */
  noticeId: string | null;
  /** The message, once it is there; null = not yet, or not any more (the chat moved). */
  messageRef: string | null;
  /** Is a send or an edit of it queued or under way? */
  pending: boolean;
  /** How its last send or edit ended; null = well, or there was none. */
  failed: 'send' | 'edit' | null;
  /** What it shows, as a short text that changes with it. */
  shown: string;
  /** When it was last sent or edited, ms since the epoch; 0 = never. */
  changedAt: number;
  /** Was pinning it tried? */
  pinned: boolean;
}

export interface BoardTable {
  of(chatId: number): Promise<Board | null>;
  /** False: it has one. */
  add(chatId: number): Promise<boolean>;
  /** False: it had none. Its last message stays as it is. */
  remove(chatId: number): Promise<boolean>;
  /** Of active chats, in the order of their ids, after one of them. */
  list(afterChatId: number, limit: number): Promise<Board[]>;
  /** Queues a message of its own (a notice with this id) in place of the one before, in one transaction. */
  send(chatId: number, noticeId: string, shown: string, now: number): Promise<void>;
  /** Queues an edit of its message, as a broadcast with this id. */
  edit(chatId: number, broadcastId: string, shown: string, now: number): Promise<void>;
  pinned(chatId: number): Promise<void>;
}

/** A piece of an alert that a first chat has not got yet, with what decides whether the second gets it instead. */
export interface Stuck {
  /** Of the delivery. */
  id: number;
  op: 'send' | 'reply';
  state: 'queued' | 'sending';
  /** Attempts begun. */
  attempts: number;
  /** When it was filled in, ms since the epoch. */
  createdAt: number;
  accountId: string;
  spareAccountId: string;
  /** Has the second chat a message, sent or on its way, of every incident of this alert? */
  spareHas: boolean;
}

/** What becomes of a stuck piece: `divert` = the second chat gets a message, and the first does not; `drop` = the second has one. */
export interface Diversion {
  id: number;
  do: 'divert' | 'drop';
}

/** Pairs of chats. Ids are those of any row of a chat; a pair is of the chats themselves. Its rows go with either chat when that is forgotten. */
export interface LinkTable {
  /** The pair that this chat is one of; null = it stands alone. */
  of(chatId: number): Promise<Link | null>;
  /** False, and nothing is done: one of them is in a pair already, has ended, or both are on one account. */
  join(mainId: number, spareId: number, now: number): Promise<boolean>;
  /** Takes the pair apart that this chat is one of; what it was, or null. What waits for either stays. */
  part(chatId: number): Promise<Link | null>;
  /** By the first chat's id; an unknown one changes nothing. */
  update(mainId: number, change: Partial<Pick<Link, 'both' | 'because' | 'monthlyTest' | 'testedAt'>>): Promise<void>;
  /** In the order of the first chats' ids, after one of them. */
  list(afterMainId: number, limit: number): Promise<Link[]>;
  /**
   * What first chats have not got: of these accounts all of it, of others what was filled in before `olderThan` (ms since the epoch); the oldest
   * first. Edits are none of it, nor are notices.
   */
  stuck(accountIds: string[], olderThan: number, limit: number): Promise<Stuck[]>;
  /**
   * One transaction. A piece that was settled meanwhile is left. What is under way cannot be called back: it is not tried again. Returns how many
   * messages were queued for second chats.
   */
  divert(what: Diversion[], now: number): Promise<number>;
  /** What the first chat was sent of this alert, or is about to be, the second gets too, unless it knows. Returns how many were queued (0 or 1). */
  copy(mainId: number, alertId: string, via: Via, now: number): Promise<number>;
  /** For messages that came by a pair: the rows (chat and threads) of the first chat, by the second's id. */
  mains(spareIds: number[]): Promise<Map<number, number[]>>;
}

/** Messages that are about no incident. */
export interface NoticeTable {
  /**
   * Queues a notice for chats that are active, with an alert and a broadcast (both `id`) of its own, in one transaction; the same id again
   * changes nothing. Returns how many were queued.
   */
  tell(id: string, notice: Notice, chatIds: number[], options: { priority: Priority; now: number }): Promise<number>;
  /** The same to every active chat: a broadcast that is filled in along its cursor. False: this id was there. */
  toAll(id: string, notice: Notice, now: number): Promise<boolean>;
  /** By the ids of their alerts; what is no notice is left out. */
  getMany(alertIds: string[]): Promise<Map<string, Notice>>;
}

/**
 * What came in at a process that does not ingest (agents' measurements, posted reports, an operator's word), until whoever does has taken it: durable,
 * each once, in the order of writing for a lane.
 */
export interface PostTable {
  /** `lane`: what belongs in one order (an agent, a source). `post` is JSON, at most 1 MiB. Throws `store_failed` where 200 of its lane wait already. */
  put(lane: string, post: unknown, at: number): Promise<void>;
  /** The oldest, at most `limit`. */
  oldest(limit: number): Promise<{ id: number; lane: string; post: unknown; at: number }[]>;
  /** In the transaction that carries it out, so that a kill loses and repeats nothing. */
  done(ids: number[]): Promise<void>;
}
