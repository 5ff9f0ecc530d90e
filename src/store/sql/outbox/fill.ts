import { type RawBuilder, sql } from 'kysely';
import { TocsinError } from '../../../core/errors.ts';
import type { Broadcast } from '../../../core/model/alert.ts';
import { ANY } from '../../../core/model/chat.ts';
import type { FillResult, Outbox } from '../../../core/ports/outbox.ts';
import { broadcastTable } from '../alerts.ts';
import { changed, first, select, update } from '../rows.ts';
import { type Session, commitLater } from '../session.ts';
import { BROADCAST_SPAN, CHAT_SPAN, MAX_BROADCAST, OP, STATE, among, int, levelNo, rowsOf } from '../values.ts';
import {
  DELIVERY_COLUMNS,
  type FillJob,
  type JobMatcher,
  type Reach,
  type Step,
  WHENEVER,
  addDeliveries,
  anySilence,
  deliveryValues,
  isStandIn,
  jobMatchers,
  matcherRows,
  ringFirst,
  silenced,
  withinReach,
} from './fill-job.ts';
import { countedIn, leaveBacklog } from './peek.ts';
import { anyLink, copyToSpares } from './spares.ts';

/** One step over all active chats, their threads left out: an operator's announcement. */
async function fillAll(job: FillJob): Promise<Step> {
  const { session, cursor, chunk } = job;
  const chats = sql`select id as chat_id from chats where id > ${cursor} order by id limit ${chunk}`;
  const reach = await reachOf(job, chats);
  if (!reach) return { written: 0, reach: null };
  const rows = sql`select ${deliveryValues(job, OP.send, sql`c.id`, sql`c.account_id`)}
    from chats as c where c.id > ${cursor} and c.id <= ${reach.high} and c.state = 'active' and c.thread = '' order by c.id`;
  return await sendWithin(job, reach, () => addDeliveries(session, rows));
}

/** After the cursor, up to the last of these chats; null = there are none. */
async function reachOf({ session, cursor }: FillJob, chats: RawBuilder<unknown>): Promise<Reach | null> {
  const { rows } = await sql<{ high: number | null }>`select max(chat_id) as high from (${chats}) as step`.execute(
    session.db,
  );
  const high = rows[0]?.high ?? null;
  return high === null ? null : { low: cursor, high };
}

/** `work` fills in sends; their chats are about to have the alert's message. */
async function sendWithin({ session, broadcastNo, now }: FillJob, reach: Reach, work: () => Promise<number>) {
  const ids = sql<boolean>`${withinReach('id', broadcastNo, reach)} and op = ${sql.lit(OP.send)}`;
  const written = await countedIn(session, broadcastNo, ids, now, work);
  if (written > 0)
    await sql`
      insert into messages (alert_no, chat_id) select alert_no, chat_id from deliveries where ${ids} order by id
      on conflict (alert_no, chat_id) do nothing
    `.execute(session.db);
  return { written, reach };
}

/** So many times fewer holders than new recipients are looked at in a step. */
const STRIDE = 4;

/**
 * One step over the chats that have, or are about to get, the alert's message. Those who follow one of the changed incidents, at whatever level now, or
 * did so when it joined the alert, get an edit; those who follow it and have not silenced it a reply, too, when it is loud. No edit adds what is silenced.
 */
async function fillHolders(job: FillJob): Promise<Step> {
  const { alertNo, cursor, chunk } = job;
  // A holder costs more than a new recipient: two rows, and look-ups in what is queued.
  const limit = Math.ceil(chunk / STRIDE);
  const reach = await reachOf(
    job,
    sql`select chat_id from messages where alert_no = ${alertNo} and chat_id > ${cursor} order by chat_id limit ${limit}`,
  );
  if (!reach) return { written: 0, reach: null };
  const pending = await pendingOfAlert(job);
  const ids = sql<boolean>`${withinReach('id', job.broadcastNo, reach)} and op <> ${sql.lit(OP.send)}`;
  const written = await countedIn(job.session, job.broadcastNo, ids, job.now, async () => {
    const edits = await insert(job, reach, OP.edit, pending);
    return edits + (job.loud ? await insert(job, reach, OP.reply, pending) : 0);
  });
  const rung = await ringFirst(job, reach);
  if (job.supersedes.length > 0) await supersede(job, reach);
  return { written: written + rung, reach };
}

/** Other broadcasts of this alert that are not delivered to all yet: mostly none. */
async function pendingOfAlert({ session, alertNo, broadcastNo }: FillJob): Promise<number[]> {
  const { rows } = await sql<{ broadcast_no: number }>`
    select distinct k.broadcast_no from backlog as k join broadcasts as b on b.no = k.broadcast_no
    where b.alert_no = ${alertNo} and k.broadcast_no <> ${broadcastNo}
  `.execute(session.db);
  return rows.map((row) => row.broadcast_no);
}

async function insert(job: FillJob, { low, high }: Reach, op: number, pending: number[]): Promise<number> {
  const { dialect, db } = job.session;
  // What is queued untried will be rendered with the newest version: a send makes both needless, an edit the next edit.
  const covers = op === OP.edit ? [OP.send, OP.edit] : [OP.send];
  const uncovered = pending.flatMap((no) =>
    covers.map(
      (by) =>
        sql`and not exists (select 1 from deliveries as q where ${idIs(no, by)} and q.state = ${sql.lit(STATE.queued)} and q.attempts = 0)`,
    ),
  );
  // Where the second chat of a pair stands in for the first, that one's phone rings.
  const rings = op === OP.reply && job.links ? sql`and not ${isStandIn}` : sql``;
  const unheard = op === OP.edit ? sql`m.before = ${WHENEVER} or` : sql``;
  const silence = job.silences ? sql`and (${unheard} not ${silenced(sql`h.chat_id`, job.now)})` : sql``;
  const once = sql`or exists (
      select 1 from unfollowed as u cross join m where ${followedBy(job, 'u')} and u.until_no >= m.joined
      and (u.country = '*' or u.country = m.country) and (u.service = '*' or u.service = m.service)
    )`;
  const result = await sql`
    with m as materialized (select * from ${matcherRows(dialect, job.matchers)} as r)
    insert into deliveries ${DELIVERY_COLUMNS}
    select ${deliveryValues(job, op, sql`c.id`, sql`c.account_id`, nextAt(job, pending))}
    from messages as h join chats as c on c.id = h.chat_id
    where h.alert_no = ${job.alertNo} and h.chat_id > ${low} and h.chat_id <= ${high} and c.state = 'active'
    ${sql.join(uncovered, sql` `)} ${rings}
    and (exists (
      select 1 from subscriptions as s cross join m
      where ${followedBy(job, 's')} and (s.country = '*' or s.country = m.country) and (s.service = '*' or s.service = m.service)
      and s.after_no < m.before ${silence}
    ) ${op === OP.edit ? once : sql``})
    order by c.id
    on conflict (id) do nothing
  `.execute(db);
  return changed(result);
}

/** Is this row of what is, or was, followed the holder's own, or, where it has the message for another chat, that one's? */
const followedBy = ({ links }: FillJob, row: 's' | 'u'): RawBuilder<boolean> => {
  const chat = sql.ref(`${row}.chat_id`);
  return links
    ? sql<boolean>`(${chat} = h.chat_id or (h.why is not null and ${chat} in (
        select w.id from links as l join chats as f on f.id = l.chat_id
        join chats as w on w.account_id = f.account_id and w.chat = f.chat where l.spare_id = h.chat_id
      )))`
    : sql<boolean>`${chat} = h.chat_id`;
};

/** Delivery `q` is the one of that broadcast and op for chat `h`. */
const idIs = (broadcastNo: number, op: number) =>
  sql`q.id = ${int(broadcastNo * BROADCAST_SPAN + op)} + h.chat_id * ${sql.lit(CHAT_SPAN)}`;

/** Behind an earlier piece that waits for another try, the new one waits as long: nobody meets it before. */
function nextAt(job: FillJob, pending: number[]): RawBuilder<unknown> {
  if (pending.length === 0) return int(job.now);
  const waits = pending.flatMap((no) =>
    Object.values(OP).map(
      (op) =>
        sql`coalesce((select q.next_at from deliveries as q where ${idIs(no, op)} and q.state = ${sql.lit(STATE.queued)}), 0)`,
    ),
  );
  const latest = sql.raw(job.session.dialect === 'sqlite' ? 'max' : 'greatest');
  return sql`${latest}(${int(job.now)}, ${sql.join(waits)})`;
}

/** Where the change is loud, only for those who got its reply: others would hear nothing at all. */
async function supersede(job: FillJob, reach: Reach): Promise<void> {
  for (const { no } of await select(job.session, 'broadcasts', { id: job.supersedes })) {
    if (no === job.broadcastNo) continue;
    const newer = sql`and exists (
      select 1 from deliveries as n where n.id = deliveries.id + ${int((job.broadcastNo - no) * BROADCAST_SPAN)}
    )`;
    const { rows: left } = await sql<{ broadcast_no: number; account_id: string }>`
      update deliveries set state = ${STATE.superseded}, done_at = ${job.now}, reason = 'superseded'
      where ${withinReach('id', no, reach)} and op = ${OP.reply} and state = ${STATE.queued} and attempts = 0
      ${job.loud ? newer : sql``} returning broadcast_no, account_id
    `.execute(job.session.db);
    await leaveBacklog(job.session, left);
  }
}

/**
 * One step over the chats that follow one of the incidents at this level. A chat gets a send when an incident that it follows was not
 * sent to it yet, by whatever alert, and is not silenced. Each pair of country and service is one walk of an index in the order of the
 * chats: what does not match is never touched.
 */
async function fillOthers(job: FillJob): Promise<Step> {
  const combos = combosOf(job.matchers);
  const reach = await nextOther(job, combos);
  if (!reach) return { written: 0, reach: null };
  const notifiedBy = await alertsThatNotified(job, reach);
  return await sendWithin(job, reach, async () => {
    let rows = 0;
    for (const combo of combos) rows += await insertOther(job, reach, combo, notifiedBy);
    return rows;
  });
}

type Combo = ReturnType<typeof combosOf>[number];

/** The pairs that a subscription may hold, each with the incidents that such a subscription follows. */
function combosOf(matchers: readonly JobMatcher[]) {
  const orAny = (one: string | null) => (one === null ? [ANY] : [one, ANY]);
  const all = matchers.flatMap((matcher) =>
    orAny(matcher.country).flatMap((country) =>
      orAny(matcher.service).map((service) => ({ country, service, matcher })),
    ),
  );
  return [...Map.groupBy(all, ({ country, service }) => `${country}\n${service}`).values()].map((same) => {
    const { country, service } = same[0]!;
    return { country, service, matchers: same.map(({ matcher }) => matcher) };
  });
}

/** Where the next `chunk` chats end; null when there are none. */
async function nextOther(job: FillJob, combos: readonly Combo[]): Promise<Reach | null> {
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
  return await reachOf(job, sql`${sql.join(walks, sql` union `)} order by chat_id limit ${job.chunk}`);
}

/**
 * By incident: the alerts that carry it and have a message within the reach, this one included. Mostly none, and then no chat is asked.
 */
async function alertsThatNotified({ session, matchers, alertNo, links }: FillJob, { low, high }: Reach) {
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

async function insertOther(job: FillJob, { low, high }: Reach, combo: Combo, notifiedBy: Map<string, number[]>) {
  // Incidents that the same alerts notified of, and that the same one speaks for, are asked about together.
  const groups = Map.groupBy(
    combo.matchers,
    ({ incidentId, spokenFor }) => `${notifiedBy.get(incidentId) ?? ''} ${spokenFor?.incidentId ?? ''}`,
  );
  const wanted = [...groups.values()].map((matchers) =>
    wants(job, matchers, notifiedBy.get(matchers[0]!.incidentId) ?? []),
  );
  return await addDeliveries(
    job.session,
    sql`select ${deliveryValues(job, OP.send, sql`s.chat_id`, sql`s.account_id`)} from subscriptions as s
    where s.country = ${combo.country} and s.service = ${combo.service} and s.level = ${job.level}
    and s.chat_id > ${low} and s.chat_id <= ${high} and (${sql.join(wanted, sql` or `)}) order by s.chat_id`,
  );
}

/** What the second chat of a pair was told instead of the first goes on there. */
const isElsewhere = (alertNos: readonly number[]): RawBuilder<unknown> => sql`
        exists (
          select 1 from chats as w join chats as f on f.account_id = w.account_id and f.chat = w.chat
          join links as l on l.chat_id = f.id join messages as x on x.chat_id = l.spare_id and x.why is not null
          where w.id = s.chat_id and x.alert_no in (${sql.join(alertNos)})
        )`;

/** Does the chat of subscription `s` know of what speaks for these: has it, or its second chat, the message, or was it told when it subscribed? */
const knowsOf = ({ country, service, alerts, told }: NonNullable<JobMatcher['spokenFor']>, links: boolean) => sql`
        exists (
          select 1 from subscriptions as g where g.chat_id = s.chat_id and (g.country = '*' or g.country = ${country})
          and (g.service = '*' or g.service = ${service}) and (
            g.after_no >= ${told}
            or exists (select 1 from messages as x where x.chat_id = s.chat_id and x.alert_no in (${sql.join(alerts)}))
            ${links ? sql`or ${isElsewhere(alerts)}` : sql``}
          )
        )`;

/** Is there one of these incidents that subscription `s` follows since before it was added, not notified of and not silenced? */
function wants({ session, silences, links, now }: FillJob, matchers: JobMatcher[], alertNos: number[]) {
  const latest = Math.max(...matchers.map((matcher) => matcher.before));
  const notNotified =
    alertNos.length === 0
      ? sql``
      : sql`and not exists (
          select 1 from messages as x where x.chat_id = s.chat_id and x.alert_no in (${sql.join(alertNos)})
        ) ${links ? sql`and not ${isElsewhere(alertNos)}` : sql``}`;
  const [{ spokenFor }] = matchers as [JobMatcher];
  const uncovered = spokenFor ? sql`and not ${knowsOf(spokenFor, links)}` : sql``;
  const heard = silences
    ? sql`and (
        not exists (select 1 from silences as z where z.chat_id = s.chat_id and z.until > ${now})
        or exists (
          select 1 from ${matcherRows(session.dialect, matchers)} as m
          where s.after_no < m.before and not ${silenced(sql`s.chat_id`, now)}
        )
      )`
    : sql``;
  return sql<boolean>`(s.after_no < ${latest} ${notNotified} ${uncovered} ${heard})`;
}

export const fill =
  (session: Session): Outbox['fill'] =>
  (broadcast, plan) =>
    session.atomically(async (inner): Promise<FillResult> => {
      if (!session.inside) await commitLater(inner);
      const row = await first(inner, 'broadcasts', { id: broadcast.id });
      if (!row)
        throw new TocsinError('store_failed', 'This broadcast is not in the database.', { broadcast: broadcast.id });
      if (row.no > MAX_BROADCAST)
        throw new TocsinError('store_failed', 'The database has no numbers for broadcasts left.');
      const table = broadcastTable(inner);
      if (row.state === 'done') return { written: 0, broadcast: (await table.get(broadcast.id))! };

      const job: FillJob = {
        session: inner,
        broadcastNo: row.no,
        alertNo: row.alert_no,
        priority: row.lane,
        loud: row.loud === 1,
        level: levelNo(plan.level),
        matchers: await jobMatchers(inner, row.alert_no, levelNo(plan.level), plan.matchers),
        supersedes: plan.supersedes,
        now: plan.now,
        chunk: Math.max(1, Math.trunc(plan.chunk)),
        cursor: row.cursor,
        silences: await anySilence(inner, plan.now),
        links: await anyLink(inner),
      };
      const holders = row.phase === 'holders';
      const step = row.kind === 'announce' ? fillAll : holders ? fillHolders : fillOthers;
      const { written: own, reach } = await step(job);
      const written = own + (reach === null || row.kind === 'announce' ? 0 : await copyToSpares(job, reach));
      const next: Pick<Broadcast, 'phase' | 'cursor' | 'state'> =
        reach !== null
          ? { phase: holders ? 'holders' : 'others', cursor: reach.high, state: 'filling' }
          : holders && plan.othersToo
            ? { phase: 'others', cursor: 0, state: 'filling' }
            : { phase: holders ? 'holders' : 'others', cursor: row.cursor, state: 'done' };
      await update(inner, 'broadcasts', next, { no: row.no });
      return { written, broadcast: (await table.get(broadcast.id))! };
    });
