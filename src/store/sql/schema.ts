import type { Generated } from 'kysely';

/**
 * The tables, the same in both dialects: every column is a text or an integer. Times are milliseconds since the epoch, booleans 0 or 1,
 * JSON is text. Words that stand in millions of rows are numbers (`values.ts`). What is null in the port and part of a unique key
 * is '' here. `no` is the small number of a row whose `id` is a text.
 */
export interface Schema {
  meta: { key: string; value: string };
  /** Of `core/ports/state.ts`: part of no export. Bucket and key are JSON, the value is Base64. */
  kept_rows: { namespace: string; bucket: string; key: string; value: string };
  seen: { source_id: string; key: string; at: number };
  incidents: IncidentRow;
  transitions: TransitionRow;
  reports: ReportRow;
  alerts: AlertRow;
  /** `no` counts the additions to all alerts in the order of writing; none is given twice. */
  alert_incidents: { no: Generated<number>; alert_no: number; incident_id: string; pos: number; added_at: number };
  broadcasts: BroadcastRow;
  chats: ChatRow;
  /** Level and account repeat the chat's, so that one index answers all that a fan-out asks. A chat that ended has none. */
  subscriptions: {
    chat_id: number;
    country: string;
    service: string;
    level: number;
    created_at: number;
    account_id: string;
    /** The last `no` of `alert_incidents` when it was made: these were listed in the answer to `subscribe`. */
    after_no: Generated<number>;
  };
  silences: { chat_id: number; country: string; service: string; incident_id: string; until: number };
  payloads: { id: Generated<number>; hash: string; body: string; used_at: number };
  deliveries: DeliveryRow;
  answers: AnswerRow;
  /**
   * How many deliveries of a broadcast are neither done nor given up, by account; no row = none. It finds the few broadcasts in which a
   * chat can have something queued, and counts the queue, without an index over every delivery. `since`: when the first was filled in.
   */
  backlog: { broadcast_no: number; account_id: string; pending: number; since: number };
  /**
   * Notification log: this chat has (`ref`), or is about to get (null), the message of this alert. `why`: it is of what another chat follows
   * (`core/model/link.ts`); null = of what it follows itself.
   */
  messages: {
    alert_no: number;
    chat_id: number;
    ref: string | null;
    summary: Generated<number>;
    why: Generated<string | null>;
  };
  /** Deliveries that wait for the end of their chat's quiet hours. `told_by`: `no` of the broadcast of the summary that tells of it; null = none yet. */
  held: { chat_id: number; delivery_id: number; alert_no: number; at: number; told_by: number | null };
  measurements: MeasurementRow;
  /** Raw measurements past their keeping time, counted by day. '' stands for null. */
  measurement_days: {
    day: number;
    kind: string;
    vantage_id: string;
    probe_cc: string;
    probe_asn: string;
    target: string;
    component: string;
    verdict: string;
    count: number;
  };
  states: { namespace: string; key: string; value: string };
  source_states: { id: string; state: string };
  cache: { namespace: string; key: string; value: string; expires: number | null };
  links: LinkRow;
  /** `post` is JSON (`core/ports/store.ts`). `leases`, `processes` and `commits` are PostgreSQL's alone, and not exported. */
  posts: { id: Generated<number>; lane: string; post: string; at: number };
  /** What an alert without incidents says, as JSON (`core/model/link.ts`). */
  notices: { alert_no: number; notice: string };
  /** `alert_no`: of its message, null = none yet. `shown`: what that shows, as a hash. */
  boards: { chat_id: number; alert_no: number | null; shown: string; changed_at: number; pinned: number };
}

/** `doubled` (to both chats while `because`; `BOTH` of `core/model/link.ts`) and `monthly_test` are wishes; `because`: in which country the first chat's platform is cut off. */
export interface LinkRow {
  chat_id: number;
  spare_id: number;
  created_at: number;
  doubled: number;
  because: string | null;
  monthly_test: number;
  tested_at: number | null;
}

export interface IncidentRow {
  id: string;
  country: string | null;
  service: string | null;
  family: string;
  action: string;
  state: string;
  confidence: string;
  lift_confidence: string | null;
  method: string | null;
  regions: string;
  opened_at: number;
  corroborated_at: number | null;
  confirmed_at: number | null;
  closed_at: number | null;
  last_report_at: number;
  linked_id: string | null;
  withdrawn_because: string | null;
  open: number;
  version: number;
  /** Latest of opened, closed and last reported on. */
  changed_at: number;
}

export interface TransitionRow {
  incident_id: string;
  seq: number;
  at: number;
  change: string;
  action: string;
  state: string;
  confidence: string;
  method: string | null;
  report_id: string | null;
}

export interface ReportRow {
  incident_id: string;
  id: string;
  source_id: string;
  item_id: string | null;
  at: number;
  country: string | null;
  service: string | null;
  action: string;
  method: string | null;
  region: string | null;
  secondary: number;
  kind: string;
  voice: string;
  /** Null: of no news, or older than the column. */
  publisher: string | null;
  /** In thousandths; null: no reading, or older than the column. */
  reading: number | null;
  title: string;
  url: string | null;
  publisher_name: string;
  lang: string;
  summary: string;
  measured: string | null;
  fingerprint: string;
}

export interface AlertRow {
  no: Generated<number>;
  id: string;
  country: string | null;
  level: number;
  created_at: number;
  told_at: number;
  widen_replied_at: number | null;
}

export interface BroadcastRow {
  no: Generated<number>;
  id: string;
  alert_no: number;
  kind: string;
  loud: number;
  reason: string;
  incident_ids: string;
  lane: number;
  created_at: number;
  due_at: number;
  phase: string;
  cursor: number;
  state: string;
}

export interface ChatRow {
  id: Generated<number>;
  account_id: string;
  platform: string;
  chat: string;
  thread: string;
  kind: string;
  lang: string;
  time_zone: string;
  level: number;
  state: string;
  created_at: number;
  /** When it became `gone`. */
  ended_at: number | null;
  /** Always 0: before version 11 a chat that waited for the answer to a change was marked (`outbox/answers.ts`). */
  owed: Generated<number>;
  /** JSON of what differs from `DEFAULT_SETTINGS`; '' = nothing. */
  settings: Generated<string>;
  /** When something is to be done for it next (a summary, a digest); null = nothing. */
  wake_at: number | null;
}

/**
 * A command whose answer waits (`STATE.queued`), or that was answered (`STATE.sent`): then only `ref` is left of it, and `at` is when it was.
 * `command`: JSON (`OwedAnswer`).
 */
export interface AnswerRow {
  id: string;
  account_id: string;
  chat: string;
  thread: string;
  chat_kind: string;
  kind: string;
  ref: string | null;
  at: number;
  state: number;
  command: string | null;
}

/** `id` is made of broadcast, first chat and op (`values.ts`), so that it is unique by these and needs no index of its own. */
export interface DeliveryRow {
  id: number;
  broadcast_no: number;
  alert_no: number;
  chat_id: number;
  account_id: string;
  op: number;
  lane: number;
  state: number;
  attempts: number;
  next_at: number;
  created_at: number;
  begun_at: number | null;
  done_at: number | null;
  payload_id: number | null;
  reason: string | null;
}

export interface MeasurementRow {
  id: string;
  source_id: string;
  kind: string;
  at: number;
  probe_cc: string;
  probe_asn: string;
  vantage_id: string;
  target: string | null;
  component: string | null;
  verdict: string;
  detail: string | null;
  notes: string;
  raw: string;
}
