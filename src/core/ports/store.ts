import type { Family } from '../model/action.ts';
import type { Alert, Broadcast, Delivery } from '../model/alert.ts';
import type { Chat, ChatAddress, ChatKind, Silence, Subscription } from '../model/chat.ts';
import type { Incident, Level, Transition } from '../model/incident.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Report } from '../model/report.ts';
import type { SourceStates } from './source-state.ts';
import type { DurableState, Forgettable } from './state.ts';

/**
 * Everything durable. One contract suite (`test/contract/store/`) runs against every implementation.
 *
 * All methods throw `TocsinError('store_failed' …)` when the store cannot do what was asked; none of them ever reports success for
 * something that a crash could undo. Inside `transaction` use only the tables it hands out, and await nothing but those: the embedded
 * store has a single connection, and everybody else waits. A transaction that throws leaves nothing behind.
 */
export interface Store extends Tables {
  transaction<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
  /** Keyv over the same database. */
  cache(namespace: string): Forgettable;
  sourceStates: SourceStates;
  /**
   * Every row of one moment as JSON lines; `import` refuses a database that is not empty. See `store/sql/dump.ts`. However slowly it is read,
   * nobody waits and no journal grows: the moment is copied to a file of its own first.
   */
  dump(): AsyncIterable<string>;
  restore(
    lines: AsyncIterable<string>,
    progress?: (lines: number) => void,
  ): Promise<{ table: string; rows: number; checksum: string }[]>;
  /** Counts and checksums by table, equal on both dialects for equal content. */
  digest(): Promise<{ table: string; rows: number; checksum: string }[]>;
  /** Deletes what is past its keeping time, a bounded number of rows a call; true = more to do. */
  prune(now: number): Promise<boolean>;
  /**
   * Is this still the database that was opened, and held by this process alone? Asked at each heartbeat; null = yes. Never throws: a database
   * that merely fails says so where it is used.
   */
  verify(): Promise<StoreFault | null>;
  close(): Promise<void>;
}

/** What is written now is lost at the end (`deleted`, `replaced`), or another process may write here as well (`lock-lost`). */
export interface StoreFault {
  reason: 'deleted' | 'replaced' | 'lock-lost';
  /** A sentence for the log, with the remedy. */
  message: string;
}

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
  /** Durable facts, under a namespace of whoever keeps them. */
  state(namespace: string): DurableState;
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

export interface IncidentFilter {
  country?: string | null;
  service?: string | null;
  family?: Family;
  open?: boolean;
  /** Changed (opened, closed, or reported on) at or after. */
  since?: number;
  limit: number;
}

export interface IncidentTable {
  get(id: string): Promise<Incident | null>;
  getMany(ids: string[]): Promise<Incident[]>;
  /** The open incident with this key; null parts match null only. */
  openByKey(country: string | null, service: string | null, family: Family): Promise<Incident | null>;
  /** Newest closed one with this key that closed or was last reported on at or after `since`. */
  lastClosed(country: string | null, service: string | null, family: Family, since: number): Promise<Incident | null>;
  /** Newest evidence first. */
  list(filter: IncidentFilter): Promise<Incident[]>;
  insert(incident: Incident): Promise<void>;
  /** By id; the caller raised `version`. */
  update(incident: Incident): Promise<void>;
  addTransition(transition: Omit<Transition, 'seq'>): Promise<void>;
  transitions(incidentId: string): Promise<Transition[]>;
}

export interface ReportTable {
  insert(incidentId: string, report: Report, fingerprint: number[]): Promise<void>;
  /** Newest first. */
  byIncident(incidentId: string, limit: number): Promise<(Report & { fingerprint: number[] })[]>;
  /** Ids of the incidents that this item reports on; not of those that it tells as background. */
  incidentsOfItem(itemId: string): Promise<string[]>;
  countByIncident(ids: string[]): Promise<Map<string, number>>;
}

export interface AlertTable {
  get(id: string): Promise<Alert | null>;
  getMany(ids: string[]): Promise<Alert[]>;
  /** All alerts, of any level, that carry this incident. */
  byIncident(incidentId: string): Promise<Alert[]>;
  insert(alert: Alert): Promise<void>;
  addIncident(alertId: string, incidentId: string, addedAt: number): Promise<void>;
  update(alert: Pick<Alert, 'id' | 'toldAt' | 'widenRepliedAt'>): Promise<void>;
}

export interface BroadcastTable {
  get(id: string): Promise<Broadcast | null>;
  insert(broadcast: Broadcast): Promise<void>;
  /** By id: incidentIds, kind, loud, reason, lane, dueAt, phase, cursor, state. */
  update(broadcast: Broadcast): Promise<void>;
  /** The `new` of this country and level that still waits for its group, or null. */
  waitingNew(country: string | null, level: Level): Promise<Broadcast | null>;
  /** Broadcasts of an alert, newest first, at most 50. */
  byAlert(alertId: string): Promise<Broadcast[]>;
  /** Waiting or filling, due at or before now; lanes first, then oldest. */
  due(now: number, limit: number): Promise<Broadcast[]>;
  nextDueAt(): Promise<number | null>;
}

/** Rows of chats and of their threads. A thread has the row of its chat beside it and repeats its settings and silences: these belong to the whole chat. */
export interface ChatTable {
  get(id: number): Promise<Chat | null>;
  find(address: ChatAddress): Promise<Chat | null>;
  /** The chat of this address; made when absent, and active again when it was gone. */
  ensure(address: ChatAddress, init: { platform: string; kind: ChatKind; lang: string; now: number }): Promise<Chat>;
  /** Of the whole chat, by the id of any of its rows. A change of level is carried into the subscriptions. */
  update(id: number, change: Partial<Pick<Chat, 'lang' | 'timeZone' | 'level' | 'kind'>>): Promise<void>;
  /** Ends the whole chat, threads and all: subscriptions, silences, queued deliveries (state `gone`). */
  end(id: number): Promise<void>;
  /** The chat goes on at `to`; where `to` has a row already, the two are joined and its id returned. Message references are dropped. Threads stay behind: what they followed, the chat at `to` follows. */
  move(from: ChatAddress, to: ChatAddress): Promise<number | null>;
  /** Deletes the whole chat, its threads, and every row about them. */
  forget(id: number): Promise<void>;
  /** Active chats of an account. */
  addresses(accountId: string): Promise<ChatAddress[]>;
  counts(): Promise<{ active: number; gone: number }>;
}

export interface SubscriptionTable {
  list(chatId: number): Promise<Subscription[]>;
  listMany(chatIds: number[]): Promise<Map<number, Subscription[]>>;
  /** Already there = stays as it is. Returns how many are new. */
  add(chatId: number, matchers: { country: string; service: string }[], now: number): Promise<number>;
  remove(chatId: number, matchers: { country: string; service: string }[]): Promise<number>;
  removeAll(chatId: number): Promise<number>;
  count(): Promise<number>;
}

/** A silence is the whole chat's: added, listed and removed by the id of any of its rows. */
export interface SilenceTable {
  list(chatId: number, now: number): Promise<Silence[]>;
  listMany(chatIds: number[], now: number): Promise<Map<number, Silence[]>>;
  /** Same chat and same target: the later `until` stays. */
  add(silence: Silence): Promise<void>;
  /** Null target parts as in the silence; returns how many ended. */
  remove(chatId: number, target: Pick<Silence, 'country' | 'service' | 'incidentId'>): Promise<number>;
  removeAll(chatId: number): Promise<number>;
}

/** Recipients of a broadcast: who follows one of these, and did when it was added. */
export interface FillMatcher {
  incidentId: string;
  country: string | null;
  service: string | null;
  /** Only chats that followed before the incident joined this alert, by the order of writing: others were told by the answer to `subscribe`. */
  onlyEarlier: boolean;
}

export interface FillPlan {
  level: Level;
  matchers: FillMatcher[];
  /** Older broadcasts of the alert whose untried replies this one makes needless. */
  supersedes: string[];
  /** Do `others` get it after the `holders`? */
  othersToo: boolean;
  now: number;
  chunk: number;
}

export interface FillResult {
  /** Deliveries written. */
  written: number;
  /** The broadcast as it stands now: phase, cursor, state. */
  broadcast: Broadcast;
}

/** A delivery ready to be tried, with what an attempt needs. */
export interface Claim extends Delivery {
  chat: Chat;
  /** The chat's message of this alert, once sent; null before. */
  messageRef: string | null;
  /** Is an earlier delivery of this alert to this chat still queued or sending? */
  waitsForEarlier: boolean;
}

export type Settlement =
  | { id: number; outcome: 'sent'; messageRef: string }
  | { id: number; outcome: 'retry'; nextAt: number }
  | { id: number; outcome: 'failed' | 'superseded'; reason: string }
  /** Ends the chat too (`ChatTable.end`). */
  | { id: number; outcome: 'gone'; reason: string };

/**
 * The durable queue. One process sends for an account at a time; `peek` therefore takes no lease, and `begin` marks what is about to
 * be tried. Whatever is `sending` when a process starts was in flight at a crash.
 */
export interface Outbox {
  /**
   * Fills in at most `chunk` recipients of a broadcast, after its cursor, in one transaction with the cursor's advance:
   * `holders` get `edit` (unless an untried send or edit of the alert is queued for them: it will show the newest version) and, when
   * loud, `reply` (unless an untried send is queued); untried older replies in `supersedes` become `superseded`.
   * `others` (level as given, active, a matching subscription, no unfinished or sent message of any alert with one of these incidents)
   * get `send`. Unlike all else, a step may be undone by a loss of power until something is written after it: the cursor goes back with it,
   * and nothing that it has filled in was begun. Chats that silenced every one of their matching incidents get nothing. Unique by (broadcast, chat, op).
   */
  fill(broadcast: Broadcast, plan: FillPlan): Promise<FillResult>;
  /** Queued and due, lanes first, then oldest; never two of one chat at a time, nor one of a chat in `busyChats`. */
  peek(accountId: string, limit: number, now: number, busyChats: number[]): Promise<Claim[]>;
  /**
   * One transaction: settles what ended, then marks what begins as `sending` with its payload. Returns the ids that did begin: one that
   * was superseded since it was peeked at does not.
   */
  advance(settled: Settlement[], begun: { id: number; payload: string }[], now: number): Promise<number[]>;
  /** After a start: `sending` rows become due again with their payload; `before` = those begun earlier become `failed` (their outcome is unknown and can no longer be found out). */
  recover(accountId: string, before: number | null): Promise<{ requeued: number; unknown: number }>;
  /** The clock was set back, or was wrong when this was written: what is queued for later than now is due now. Returns how many were. */
  rewind(accountId: string, now: number): Promise<number>;
  /** When the next queued row is due, ms since the epoch; null = nothing queued. */
  nextDueAt(accountId: string): Promise<number | null>;
  /** What was sent since, for pacing across a restart: chat and time, at most 5,000, newest first. */
  recentSends(accountId: string, since: number): Promise<{ chatId: number; at: number }[]>;
  depth(): Promise<{ accountId: string; queued: number; sending: number; oldestCreatedAt: number | null }[]>;
}

export interface MeasurementTable {
  /** Raw observation with its verdict; false when this id was there (a repeat by an agent). */
  add(measurement: Measurement): Promise<boolean>;
  /** Newest first. */
  recent(filter: { target?: string; vantageId?: string; since: number; limit: number }): Promise<Measurement[]>;
}
