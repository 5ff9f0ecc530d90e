import type { Item } from '../model/item.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Statement, Withdrawal } from '../model/report.ts';
import type { FirstLook, Publishers, ServiceHosts } from './reading.ts';
import type { DurableState, Forgettable, Http, Tools } from './runtime.ts';

/** What a source may assume of a poll: one at a time per source, and `state` is what its last `commit` wrote. */
export interface PollContext {
  now: number;
  /** True until a poll of this source has succeeded once. */
  firstPoll: boolean;
  signal: AbortSignal;
}

export interface PollResult {
  /** Newest first or oldest first, as the source gave them; duplicates allowed: the pipeline knows what was seen. */
  items: Item[];
  measurements: Measurement[];
  /**
   * What it states in terms instead of in a text, in any order, at most `MAX_STATEMENTS`; absent = nothing. What was stated before (by id and revision) is
   * passed over, and so, unless it was pushed, is what is older than two weeks (at a first poll: than `firstPollWindow`).
   */
  statements?: Statement[];
  /** What it takes back of what it stated, at most `MAX_WITHDRAWALS`; absent = nothing. Saying it again is nothing. */
  withdrawals?: Withdrawal[];
  /** Nothing new by the server's own word (304). */
  unchanged: boolean;
  /** false: nobody was asked, so that nothing is known of whether it can be read. */
  asked?: boolean;
  /** The server asked not to come back before (Cache-Control, ttl, Retry-After), ms since the epoch. */
  notBefore: number | null;
  /** What this reading told of its life; absent = nothing new. */
  pulse?: Pulse;
  /** What the poll cost on the line, as far as is known. */
  bytes?: number;
  /** It has more to ask than one poll has time for: the next poll is at once, whatever the schedule says. */
  again?: boolean;
  /**
   * Called once, after the items are stored: writes what may make a later poll skip them (HTTP validators, cursors). A kill in
   * between polls again and finds everything seen. Losing what it wrote costs one full fetch, nothing else.
   */
  commit?: () => Promise<void>;
}

/** Whose press a feed of the catalogue by country (`config/feeds/`) is. */
export interface Press {
  /** ISO 3166-1. */
  country: string;
  /** Two outlets of one owner are one voice. */
  owner: string;
  lang: string | null;
}

/** What a feed's last full reading told of its life. */
export interface Pulse {
  /** The newest date among its items that is not to come; null = none has one. */
  newestAt: number | null;
  /** How far apart its items are, by the median, ms; null = too few are dated. */
  everyMs: number | null;
  /** Most of its items link to sites of this owner, who is not its outlet's; absent = to its own, or nobody looked. */
  foreign?: string;
}

/**
 * Something polled on a schedule that yields items, statements or measurements. `poll` throws `TocsinError` when it could not read the source;
 * the poller backs off and warns once. `facts.retryAfterMs` (the server's wish) is
 * honoured over restarts, `facts.backOffMs` (it makes no sense to come) until the next start. It never alerts by itself and never writes to the store.
 */
export interface Source {
  readonly id: string;
  readonly kind: string;
  /** For `status` and logs: never holds a secret. */
  readonly label: string;
  /** The schedule: cron with 5 or 6 fields. */
  readonly cron: string;
  /** Requests at one time are bounded by this; null where the source talks to nobody. */
  readonly host: string | null;
  /** It is read while chats follow its country. Absent = always. */
  readonly press?: Press;
  poll(context: PollContext): Promise<PollResult>;
  /**
   * An incident about these services in that country (null: not named) has opened or risen. A source that can look for itself does so at its next
   * poll. Never throws, never waits; may be called often.
   */
  nudge?(services: readonly string[], country: string | null): void;
  /**
   * Ids of services that it holds as blocked or restricted in that country, whether or not it ever told so: what a register had in it when it was first read.
   * May be called at any time; rejects as its state does.
   */
  held?(country: string): Promise<readonly string[]>;
  /** True while its polls succeed but can see nothing, because its own vantage point is offline. May be asked at any time. */
  isBlind?(): boolean;
  /** Asked after each poll. */
  aside?(): Aside | null;
}

/** What is to be said of a source beside when it was read; times in ms since the epoch. */
export type Aside =
  /** Its dates can be read in two ways, and nothing has told yet which is meant. */
  | { is: 'ambiguous' }
  /** It was not read in between, for longer than it reaches back. */
  | { is: 'gap'; from: number; to: number }
  /** It was asked as often as it may be until then. */
  | { is: 'spent'; until: number };

/** What chats follow, and what is watched over besides: ids, the most wanted first; bounded. */
export interface Followed {
  countries: string[];
  services: string[];
}

/** Whom the terms of a source want to be named, with a link. */
export interface Credit {
  name: string;
  url: string;
}

/** What news is looked for, and by what it is found. */
interface Finding {
  /** Countries whose news chats want now. Rejects as the store does. */
  wanted(): Promise<ReadonlySet<string>>;
  /** Of these, those of which few owners are heard at present. Rejects as the store does. */
  thin(): Promise<ReadonlySet<string>>;
  /** A first look at headlines for these countries. */
  firstLook(countries: ReadonlySet<string>): Promise<FirstLook>;
  publishers: Pick<Publishers, 'of'>;
}

/** What the app hands to a source; `state` and `cache` are its own. */
export interface SourceDeps extends Tools {
  http: Http;
  state: DurableState;
  cache: Forgettable;
  /** Which domains stand for which service of the catalogue; read when first asked for. */
  serviceHosts(): Promise<ServiceHosts>;
  /** Names this database among other Tocsins (`core/federation`); absent = it has no name. Rejects as the store does. */
  instance?(): Promise<string>;
  /** For a source that asks only for what is asked for; absent = nobody follows anything. Rejects as the store does. */
  followed?(): Promise<Followed>;
  /** For a source that finds news among all that is written; absent = it finds none. */
  finding?: Finding;
}

/** What the poller remembers of one source. JSON values only; times in ms since the epoch, UTC. */
export interface SourceState {
  /** Start of the last poll, whatever came of it. */
  lastPollAt: number | null;
  /** Start of the last poll that was read, stored and committed. */
  lastOkAt: number | null;
  /** A poll has succeeded once: from then on what is new is news. */
  firstPollDone: boolean;
  /** Polls that failed in a row; 0 = the last one succeeded. */
  failures: number;
  failingSince: number | null;
  /** Code and sentence (no secrets, at most 300 characters) of the last failure; null when it succeeded. */
  lastCode: string | null;
  lastMessage: string | null;
  /** The server asked not to come back before. */
  notBefore: number | null;
  /** When the poller means to come again; for people, the poller works it out anew at start. */
  nextDueAt: number | null;
  /** Of its last full reading; absent = none yet, or it tells none. */
  pulse?: Pulse;
  /** What a poll costs on the line, the last ones above all. */
  bytes?: number;
  /** Of its last poll; absent or null = there is nothing else to be said. */
  aside?: Aside | null;
}

export interface NamedSourceState {
  id: string;
  state: SourceState;
}

/**
 * Where the poller keeps its states. Losing the newest writes costs an early poll, nothing else, so an implementation may be lax
 * about durability. `getMany` leaves out ids it does not know; ids of sources that are no longer configured stay until removed by hand.
 * Both reject when the store fails: the poller logs it once, goes on from memory and tries again with the next batch.
 */
export interface SourceStates {
  getMany(ids: readonly string[]): Promise<Map<string, SourceState>>;
  /** One transaction; the last one wins where an id stands twice. At most 1,000 a call. */
  setMany(states: readonly NamedSourceState[]): Promise<void>;
}
