import type { Generated } from 'kysely';

type Kind = 'int' | 'text';

/** The words of a text, and what stands behind each (`table`). */
type Words<S extends string> = S extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : S extends '' ? never : S;
type Name<W extends string> = W extends `${infer N}?` ? N : W extends `${infer M}!` ? M : W;
type Value<W extends string, T> = W extends `${string}?` ? T | null : W extends `${string}!` ? Generated<T> : T;
type Columns<Ints extends string, Texts extends string> = {
  [W in Words<Ints> as Name<W>]: Value<W, number>;
} & { [W in Words<Texts> as Name<W>]: Value<W, string> };

interface Shape<Row> {
  /** In the order of an export. */
  columns: Record<string, Kind>;
  /** Primary key: the order of the rows in export and digest, the same in both dialects (text in byte order). */
  key: string[];
  /** Column that the database numbers by itself. */
  serial: string | undefined;
  /** For the compiler alone. */
  row?: Row;
}

/** A table by its key, its integers and its texts; `name?` may be null, `name!` is given by the database where nobody gives it. */
function table<Ints extends string, Texts extends string>(
  key: string,
  ints: Ints,
  texts: Texts,
): Shape<Columns<Ints, Texts>> {
  const columns: Record<string, Kind> = {};
  for (const [kind, names] of [
    ['int', ints],
    ['text', texts],
  ] as const)
    for (const name of names.split(' ').filter(Boolean)) columns[name.replace(/[?!]$/, '')] = kind;
  return { columns, key: key.split(' '), serial: ints.split(' ').includes(`${key}!`) ? key : undefined };
}

/**
 * The tables, the same in both dialects, those that others refer to first: every column is a text or an integer. Times are milliseconds since the
 * epoch, booleans 0 or 1, JSON is text. Words that stand in millions of rows are numbers (`values.ts`). What is null in the port and part of a
 * unique key is '' here. `no` is the small number of a row whose `id` is a text. A test holds this list and the migrations together.
 */
export const tables = {
  /**
   * `ended_at`: when it became `gone`. `owed` is always 0: before version 11 a chat that
   * waited for the answer to a change was marked (`outbox/answers.ts`). `settings`: JSON of what differs from
   * `DEFAULT_SETTINGS`, '' = nothing. `wake_at`: when something is to be done for it next (a summary, a digest).
   */
  chats: table(
    'id',
    'id! level created_at ended_at? owed! wake_at?',
    'account_id platform chat thread kind lang time_zone state settings!',
  ),
  /**
   * Level and account repeat the chat's, so that one index answers all that a fan-out asks. A chat that ended has none. `after_no`: the last `no` of
   * `alert_incidents` when it was made: these were listed in the answer to `subscribe`.
   */
  subscriptions: table('chat_id country service', 'chat_id level created_at after_no!', 'country service account_id'),
  /** What a chat followed once, until this `no` of `alert_incidents`: its messages of what joined an alert before that are kept true. */
  unfollowed: table('chat_id country service', 'chat_id until_no', 'country service'),
  silences: table('chat_id country service incident_id', 'chat_id until', 'country service incident_id'),
  /** `changed_at`: latest of opened, closed and last reported on. */
  incidents: table(
    'id',
    'opened_at corroborated_at? confirmed_at? closed_at? last_report_at open version changed_at',
    'id country? service? family action state confidence lift_confidence? method? regions linked_id? withdrawn_because? standing? part?',
  ),
  transitions: table('incident_id seq', 'seq at', 'incident_id change action state confidence method? report_id?'),
  /**
   * `publisher`, `outlet` (JSON), `reading` (in thousandths): null where it is no news, not known, or older than the column. `taken_back`: when its
   * source did so; it counts for nothing any more.
   */
  reports: table(
    'incident_id id',
    'at secondary reading? taken_back?',
    'incident_id id source_id item_id? country? service? action method? region? kind voice publisher? outlet? title url? publisher_name lang summary measured? fingerprint',
  ),
  alerts: table('no', 'no! level created_at told_at widen_replied_at?', 'id country?'),
  /** `no` counts the additions to all alerts in the order of writing; none is given twice. */
  alert_incidents: table('no', 'no! alert_no pos added_at', 'incident_id'),
  broadcasts: table('no', 'no! alert_no loud lane created_at due_at cursor', 'id kind reason incident_ids phase state'),
  payloads: table('id', 'id! used_at', 'hash body'),
  /** `id` is made of broadcast, first chat and op (`values.ts`), so that it is unique by these and needs no index of its own. */
  deliveries: table(
    'id',
    'id broadcast_no alert_no chat_id op lane state attempts next_at created_at begun_at? done_at? payload_id?',
    'account_id reason?',
  ),
  /**
   * How many deliveries of a broadcast are neither done nor given up, by account; no row = none. It finds the few broadcasts in which a
   * chat can have something queued, and counts the queue, without an index over every delivery. `since`: when the first was filled in.
   */
  backlog: table('broadcast_no account_id', 'broadcast_no pending since', 'account_id'),
  /**
   * Notification log: this chat has (`ref`), or is about to get (null), the message of this alert. `why`: it is of what another chat follows
   * (`core/model/link.ts`); null = of what it follows itself.
   */
  messages: table('alert_no chat_id', 'alert_no chat_id summary!', 'ref? why?'),
  /** Deliveries that wait for the end of their chat's quiet hours. `told_by`: `no` of the broadcast of the summary that tells of it; null = none yet. */
  held: table('chat_id delivery_id', 'chat_id delivery_id alert_no at told_by?', ''),
  /**
   * A command whose answer waits (`STATE.queued`), or that was answered (`STATE.sent`): then only `ref` is left of it, and `at` is when it was.
   * `command`: JSON (`OwedAnswer`).
   */
  answers: table('id', 'at state', 'id account_id chat thread chat_kind kind ref? command?'),
  seen: table('source_id key', 'at', 'source_id key'),
  measurements: table(
    'id',
    'at',
    'id source_id kind probe_cc probe_asn vantage_id target? component? verdict detail? notes raw',
  ),
  /** Raw measurements past their keeping time, counted by day. '' stands for null. */
  measurement_days: table(
    'day kind vantage_id probe_cc probe_asn target component verdict',
    'day count',
    'kind vantage_id probe_cc probe_asn target component verdict',
  ),
  states: table('namespace key', '', 'namespace key value'),
  source_states: table('id', '', 'id state'),
  cache: table('namespace key', 'expires?', 'namespace key value'),
  /**
   * `doubled` (to both chats while `because`; `BOTH` of `core/model/link.ts`) and `monthly_test` are wishes; `because`: in which country the first
   * chat's platform is cut off.
   */
  links: table('chat_id', 'chat_id spare_id created_at doubled monthly_test tested_at?', 'because?'),
  /** What an alert without incidents says, as JSON (`core/model/link.ts`). */
  notices: table('alert_no', 'alert_no', 'notice'),
  /** `post` is JSON (`core/ports/store.ts`). */
  posts: table('id', 'id! at', 'lane post'),
  /** `alert_no`: of its message, null = none yet. `shown`: what that shows, as a hash. */
  boards: table('chat_id', 'chat_id alert_no? changed_at pinned', 'shown'),
  /** `slot`: quarters of an hour since the epoch. `operator`: '' = not told, or too few people to name it. */
  reader_counts: table(
    'slot country service operator verdict door',
    'slot people settled',
    'country operator service verdict door',
  ),
};

type Tables = typeof tables;

/** Besides the above, what is part of no export. PostgreSQL alone has `leases`, `processes` and `commits`, too (`postgres/`). */
export type Schema = { [Name in keyof Tables]: NonNullable<Tables[Name]['row']> } & {
  meta: { key: string; value: string };
  /** Of `core/ports/runtime.ts`. Bucket and key are JSON, the value is Base64. */
  kept_rows: { namespace: string; bucket: string; key: string; value: string };
  /** Of `core/ports/readers.ts`: days since the epoch. */
  reader_voices: { digest: string; day: number };
  reader_keys: { day: number; secret: string };
};

export type ChatRow = Schema['chats'];
export type LinkRow = Schema['links'];
export type DeliveryRow = Schema['deliveries'];
