import { type RawBuilder, sql } from 'kysely';
import { ANY } from '../../../core/model/chat.ts';
import { OP } from '../codes.ts';
import { among, rowsOf } from '../lists.ts';
import type { Session } from '../session.ts';
import { countedIn } from './backlog.ts';
import {
  DELIVERY_COLUMNS,
  deliveryValues,
  type FillJob,
  type JobMatcher,
  matcherRows,
  type Reach,
  type Step,
  silenced,
  withinReach,
} from './fill-job.ts';

/** One pair that a subscription may hold, and the incidents that such a subscription follows. */
interface Combo {
  country: string;
  service: string;
  matchers: JobMatcher[];
}

/**
 * One step over the chats that follow one of the incidents at this level. A chat gets a send when an incident that it follows was not
 * sent to it yet, by whatever alert, and is not silenced. Each pair of country and service is one walk of an index in the order of the
 * chats: what does not match is never touched.
 */
export async function fillOthers(job: FillJob): Promise<Step> {
  const combos = combosOf(job.matchers);
  const reach = await nextReach(job, combos);
  if (!reach) return { written: 0, reach: null };
  const notifiedBy = await alertsThatNotified(job, reach);
  const ids = sql<boolean>`${withinReach('id', job.broadcastNo, reach)} and op = ${sql.lit(OP.send)}`;
  const written = await countedIn(job.session, job.broadcastNo, ids, job.now, async () => {
    let rows = 0;
    for (const combo of combos) rows += await insert(job, reach, combo, notifiedBy);
    return rows;
  });
  if (written > 0) {
    await sql`
      insert into messages (alert_no, chat_id) select alert_no, chat_id from deliveries where ${ids} order by id
      on conflict (alert_no, chat_id) do nothing
    `.execute(job.session.db);
  }
  return { written, reach };
}

function combosOf(matchers: readonly JobMatcher[]): Combo[] {
  const combos = new Map<string, Combo>();
  for (const matcher of matchers) {
    const countries = matcher.country === null ? [ANY] : [matcher.country, ANY];
    const services = matcher.service === null ? [ANY] : [matcher.service, ANY];
    for (const country of countries) {
      for (const service of services) {
        const key = `${country}\n${service}`;
        const combo = combos.get(key) ?? { country, service, matchers: [] };
        combo.matchers.push(matcher);
        combos.set(key, combo);
      }
    }
  }
  return [...combos.values()];
}

/** Where the next `chunk` chats end; null when there are none. */
async function nextReach(job: FillJob, combos: readonly Combo[]): Promise<Reach | null> {
  if (combos.length === 0) return null;
  const { db } = job.session;
  const walk = ({ country, service }: Combo) => sql`
    from subscriptions where country = ${country} and service = ${service} and level = ${job.level} and chat_id > ${job.cursor}`;
  // Mostly only one or two pairs have anybody left. One: its own walk tells the end, without sorting.
  const ends = combos.map(
    (combo, i) => sql`
      select ${sql.lit(i)} as i, (select chat_id ${walk(combo)} order by chat_id limit 1) as low,
        (select chat_id ${walk(combo)} order by chat_id limit 1 offset ${job.chunk - 1}) as high,
        (select max(chat_id) ${walk(combo)}) as last`,
  );
  const found = await sql<{ i: number; low: number | null; high: number | null; last: number | null }>`
    select * from (${sql.join(ends, sql` union all `)}) as ends where low is not null
  `.execute(db);
  const [first, ...more] = found.rows;
  if (!first) return null;
  if (more.length === 0) return { low: job.cursor, high: (first.high ?? first.last)! };
  const walks = found.rows.map(
    ({ i }) =>
      sql`select chat_id from (select chat_id ${walk(combos[i]!)} order by chat_id limit ${job.chunk}) as walk`,
  );
  const { rows } = await sql<{ high: number }>`
    select max(chat_id) as high from (${sql.join(walks, sql` union `)} order by chat_id limit ${job.chunk}) as step
  `.execute(db);
  return { low: job.cursor, high: rows[0]!.high };
}

/**
 * By incident: the alerts that carry it and have a message within the reach, this one included. Mostly none, and then no chat is asked.
 */
async function alertsThatNotified(
  { session, matchers, alertNo, links }: FillJob,
  { low, high }: Reach,
): Promise<Map<string, number[]>> {
  const ids = matchers.map((matcher) => matcher.incidentId);
  const { rows } = await sql<{ incident_id: string; alert_no: number }>`
    select a.incident_id, a.alert_no from alert_incidents as a where ${among(session.dialect, 'a.incident_id', 'text', ids)}
    and exists (select 1 from messages as x where x.alert_no = a.alert_no and x.chat_id > ${low} and x.chat_id <= ${high})
    union
    select r.incident_id, held.alert_no from (
      select alert_no from messages where alert_no = ${alertNo} and chat_id > ${low} and chat_id <= ${high} limit 1
    ) as held cross join ${rowsOf(
      session.dialect,
      { incident_id: 'text' },
      ids.map((id) => [id]),
    )} as r
    ${links ? elsewhere(session, ids) : sql``}
    order by 2
  `.execute(session.db);
  const notifiedBy = new Map<string, number[]>();
  for (const row of rows) notifiedBy.set(row.incident_id, [...(notifiedBy.get(row.incident_id) ?? []), row.alert_no]);
  return notifiedBy;
}

/** Alerts that second chats of pairs have for their first ones, wherever those stand in the walk. */
const elsewhere = ({ dialect }: Session, ids: string[]): RawBuilder<unknown> => sql`
    union
    select a.incident_id, a.alert_no from alert_incidents as a where ${among(dialect, 'a.incident_id', 'text', ids)}
    and exists (select 1 from links as l join messages as x on x.chat_id = l.spare_id and x.alert_no = a.alert_no where x.why is not null)`;

async function insert(
  job: FillJob,
  { low, high }: Reach,
  combo: Combo,
  notifiedBy: Map<string, number[]>,
): Promise<number> {
  // Incidents that the same alerts notified of are asked about together.
  const groups = Map.groupBy(combo.matchers, (matcher) => (notifiedBy.get(matcher.incidentId) ?? []).join());
  const wanted = [...groups.values()].map((matchers) =>
    wants(job, matchers, notifiedBy.get(matchers[0]!.incidentId) ?? []),
  );
  const result = await sql`
    insert into deliveries ${DELIVERY_COLUMNS}
    select ${deliveryValues(job, OP.send, sql`s.chat_id`, sql`s.account_id`)}
    from subscriptions as s
    where s.country = ${combo.country} and s.service = ${combo.service} and s.level = ${job.level}
    and s.chat_id > ${low} and s.chat_id <= ${high} and (${sql.join(wanted, sql` or `)})
    order by s.chat_id
    on conflict (id) do nothing
  `.execute(job.session.db);
  return Number(result.numAffectedRows ?? 0);
}

/** What the second chat of a pair was told instead of the first goes on there. */
const notElsewhere = (alertNos: readonly number[]): RawBuilder<unknown> => sql`
        and not exists (
          select 1 from chats as w join chats as f on f.account_id = w.account_id and f.chat = w.chat
          join links as l on l.chat_id = f.id join messages as x on x.chat_id = l.spare_id and x.why is not null
          where w.id = s.chat_id and x.alert_no in (${sql.join(alertNos)})
        )`;

/** Is there one of these incidents that subscription `s` follows since before it was added, not notified of and not silenced? */
function wants(
  { session, silences, links, now }: FillJob,
  matchers: JobMatcher[],
  alertNos: number[],
): RawBuilder<boolean> {
  const latest = Math.max(...matchers.map((matcher) => matcher.before));
  const notNotified =
    alertNos.length === 0
      ? sql``
      : sql`and not exists (
          select 1 from messages as x where x.chat_id = s.chat_id and x.alert_no in (${sql.join(alertNos)})
        ) ${links ? notElsewhere(alertNos) : sql``}`;
  const heard = silences
    ? sql`and (
        not exists (select 1 from silences as z where z.chat_id = s.chat_id and z.until > ${now})
        or exists (
          select 1 from ${matcherRows(session.dialect, matchers)} as m
          where s.after_no < m.before and not ${silenced(sql`s.chat_id`, now)}
        )
      )`
    : sql``;
  return sql<boolean>`(s.after_no < ${latest} ${notNotified} ${heard})`;
}
