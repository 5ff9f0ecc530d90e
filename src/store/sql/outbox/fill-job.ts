import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { FillMatcher } from '../../../core/ports/outbox.ts';
import { changed, first, select } from '../rows.ts';
import type { DeliveryRow } from '../schema.ts';
import type { DialectName, Session } from '../session.ts';
import { BROADCAST_SPAN, CHAT_SPAN, OP, int, rowsOf } from '../values.ts';
import { enterBacklog, expectMessage } from './peek.ts';

export interface JobMatcher extends Omit<FillMatcher, 'onlyEarlier' | 'spokenFor'> {
  /** Only subscriptions with a smaller `after_no`. */
  before: number;
  /** Its `no` among the additions to alerts. */
  joined: number;
  /** What speaks for it, where that was told; `alerts` carry it, `told`: since which `no` of `alert_incidents` the answer to `subscribe` told of it. */
  spokenFor: (NonNullable<FillMatcher['spokenFor']> & { alerts: number[]; told: number }) | null;
}

/** Where it does not matter when an incident joined the alert: after everything. */
export const WHENEVER = Number.MAX_SAFE_INTEGER;

/** When the incidents joined the alert, by the order of writing. */
export async function jobMatchers(
  session: Session,
  alertNo: number,
  level: number,
  matchers: readonly FillMatcher[],
): Promise<JobMatcher[]> {
  const joined = await select(session, 'alert_incidents', { alert_no: alertNo });
  const nos = new Map(joined.map((one) => [one.incident_id, one.no]));
  const larger = [...new Set(matchers.flatMap(({ spokenFor }) => spokenFor?.incidentId ?? []))];
  const told = await select(session, 'alert_incidents', { incident_id: larger });
  const alerts = await select(session, 'alerts', { no: told.map((one) => one.alert_no) });
  const levels = new Map(alerts.map((one) => [one.no, one.level]));
  const speakerOf = ({ spokenFor }: FillMatcher): JobMatcher['spokenFor'] => {
    if (!spokenFor) return null;
    const own = told.filter((one) => one.incident_id === spokenFor.incidentId);
    if (own.length === 0) return null;
    const atLevel = own.filter((one) => levels.get(one.alert_no) === level).map(({ no }) => no);
    return {
      ...spokenFor,
      alerts: own.map((one) => one.alert_no),
      told: Math.min(...atLevel, WHENEVER),
    };
  };
  return matchers.map((matcher) => {
    const { incidentId, country, service, onlyEarlier } = matcher;
    const no = nos.get(incidentId) ?? WHENEVER;
    const before = onlyEarlier ? no : WHENEVER;
    return { incidentId, country, service, before, joined: no, spokenFor: speakerOf(matcher) };
  });
}

/** One step of a broadcast's walk, as `fill.ts` hands it to the phase. */
export interface FillJob {
  session: Session;
  broadcastNo: number;
  alertNo: number;
  priority: number;
  loud: boolean;
  level: number;
  matchers: JobMatcher[];
  /** Ids of older broadcasts whose untried replies this one makes needless. */
  supersedes: string[];
  now: number;
  chunk: number;
  cursor: number;
  /** Is any silence in force? Without one nobody is asked. */
  silences: boolean;
  /** Is there any pair of chats? The same. */
  links: boolean;
}

/** Chats after `low`, up to and with `high`. */
export interface Reach {
  low: number;
  high: number;
}

/** `reach` null: the walk was at its end. */
export interface Step {
  written: number;
  reach: Reach | null;
}

export const anySilence = async (session: Session, now: number): Promise<boolean> =>
  (await first(session, 'silences', { until: sql`> ${now}` }, sql`limit 1`)) !== undefined;

/** The matchers as a table `m (incident, country, service, before, joined)`; null parts compare as unknown and so match only `*`. */
export const matcherRows = (dialect: DialectName, matchers: readonly JobMatcher[]): RawBuilder<never> =>
  rowsOf(
    dialect,
    { incident: 'text', country: 'text', service: 'text', before: 'int', joined: 'int' },
    matchers.map((m) => [m.incidentId, m.country, m.service, m.before, m.joined]),
  );

/** Has chat `chat` silenced incident `m`? */
export const silenced = (chat: RawBuilder<unknown>, now: number): RawBuilder<boolean> => sql<boolean>`
  exists (
    select 1 from silences as z where z.chat_id = ${chat} and z.until > ${now}
    and (z.country = '' or z.country = m.country) and (z.service = '' or z.service = m.service)
    and (z.incident_id = '' or z.incident_id = m.incident)
  )`;

/** `insert into deliveries` and what it selects of a row `from` that has a chat's id and account. */
export const DELIVERY_COLUMNS = sql`(
  id, broadcast_no, alert_no, chat_id, account_id, op, lane, state, attempts, next_at, created_at
)`;

export const deliveryValues = (
  job: Omit<Filling, 'session'>,
  op: number,
  chat: RawBuilder<unknown>,
  account: RawBuilder<unknown>,
  nextAt: RawBuilder<unknown> = int(job.now),
): RawBuilder<unknown> => sql`
  ${int(job.broadcastNo * BROADCAST_SPAN + op)} + ${chat} * ${sql.lit(CHAT_SPAN)}, ${int(job.broadcastNo)}, ${int(job.alertNo)}, ${chat},
  ${account}, ${sql.lit(op)}, ${int(job.priority)}, 0, 0, ${nextAt}, ${int(job.now)}`;

/** Fills in what these rows say, but for what is there; how many it were. */
export const addDeliveries = async ({ db }: Session, rows: RawBuilder<unknown>): Promise<number> =>
  changed(await sql`insert into deliveries ${DELIVERY_COLUMNS} ${rows} on conflict (id) do nothing`.execute(db));

/** A broadcast whose pieces are filled in. */
export type Filling = Pick<FillJob, 'session' | 'broadcastNo' | 'alertNo' | 'priority' | 'now'>;

/**
 * Fills in a piece for each of these few chats (`which`: of `chats as c`), but for what is there; those that get a send are about to have the alert's
 * message. Resolves with how many it were. `given`: a table beside, as `with … as (…)`.
 */
export async function addPieces(job: Filling, op: number, which: RawBuilder<unknown>, given = sql``): Promise<number> {
  const { session, alertNo, now } = job;
  const { rows } = await sql<{ chat_id: number; broadcast_no: number; account_id: string }>`
    insert into deliveries ${DELIVERY_COLUMNS} ${given} select ${deliveryValues(job, op, sql`c.id`, sql`c.account_id`)}
    from chats as c where ${which} order by c.id on conflict (id) do nothing returning chat_id, broadcast_no, account_id
  `.execute(session.db);
  for (const row of rows) {
    await enterBacklog(session, row, now);
    if (op === OP.send) await expectMessage(session, alertNo, row.chat_id);
  }
  return rows.length;
}

/** Delivery ids of a broadcast within a reach, as `id between … and …`. */
export const withinReach = (column: string, broadcastNo: number, { low, high }: Reach): RawBuilder<boolean> => {
  const base = broadcastNo * BROADCAST_SPAN;
  return sql<boolean>`${sql.ref(column)} between ${base + (low + 1) * CHAT_SPAN} and ${base + (high + 1) * CHAT_SPAN - 1}`;
};

/**
 * The second chat of a pair has a message because the first could not be reached. What rings later rings in the first again, as a fresh message,
 * and the second's message is edited; where the first cannot be reached then, either, the second's phone rings after all.
 */

/** Has chat `h` its message only for the first chat of its pair, which is there to be told of what rings? A table `m` of matchers is at hand. */
export const isStandIn = sql<boolean>`(
  h.why like 'failing %' and exists (
    select 1 from links as l join chats as f on f.id = l.chat_id and f.state = 'active' where l.spare_id = h.chat_id
  ) and not exists (
    select 1 from subscriptions as o cross join m
    where o.chat_id = h.chat_id and (o.country = '*' or o.country = m.country) and (o.service = '*' or o.service = m.service)
  ))`;

/** First chats whose second ones within the reach have the alert in their place, and who have no message of it. Returns how many were queued. */
export async function ringFirst(job: FillJob, { low, high }: Reach): Promise<number> {
  if (!job.loud || !job.links) return 0;
  const silence = job.silences ? sql`and not ${silenced(sql`c.id`, job.now)}` : sql``;
  const given = sql`with m as materialized (select * from ${matcherRows(job.session.dialect, job.matchers)} as r)`;
  const which = sql`c.state = 'active' and c.id in (
      select w.id from messages as h join links as l on l.spare_id = h.chat_id join chats as f on f.id = l.chat_id
      join chats as w on w.account_id = f.account_id and w.chat = f.chat
      where h.alert_no = ${job.alertNo} and h.chat_id > ${low} and h.chat_id <= ${high} and ${isStandIn}
    )
    and not exists (select 1 from messages as x where x.alert_no = ${job.alertNo} and x.chat_id = c.id)
    and exists (
      select 1 from subscriptions as s cross join m
      where s.chat_id = c.id and (s.country = '*' or s.country = m.country) and (s.service = '*' or s.service = m.service)
      and s.after_no < m.before ${silence}
    )`;
  return await addPieces(job, OP.send, which, given);
}

/** The phone of the second chat rings instead of the first one's: a reply to the message that it has. False: it rang, or there is nothing to reply to. */
export async function ringSecond(
  session: Session,
  { chat_id, alert_no, broadcast_no, lane }: Selectable<DeliveryRow>,
  now: number,
): Promise<boolean> {
  const piece = (op: number): RawBuilder<unknown> =>
    sql`${int(broadcast_no * BROADCAST_SPAN + op)} + s.id * ${sql.lit(CHAT_SPAN)}`;
  const { rows } = await sql<{ id: number }>`
    select s.id from chats as w join chats as f on f.account_id = w.account_id and f.chat = w.chat
    join links as l on l.chat_id = f.id join chats as s on s.id = l.spare_id and s.state = 'active'
    join messages as x on x.alert_no = ${alert_no} and x.chat_id = s.id join broadcasts as b on b.no = ${broadcast_no} and b.loud = 1
    where w.id = ${chat_id} and not exists (
      select 1 from deliveries as d where d.id = ${piece(OP.send)} or d.id = ${piece(OP.reply)}
    )
  `.execute(session.db);
  const [spare] = rows;
  const job = { session, broadcastNo: broadcast_no, alertNo: alert_no, priority: lane, now };
  return spare !== undefined && (await addPieces(job, OP.reply, sql`c.id = ${spare.id}`)) > 0;
}
