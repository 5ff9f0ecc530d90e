import { type RawBuilder, sql } from 'kysely';
import type { FillMatcher } from '../../../core/ports/outbox.ts';
import { BROADCAST_SPAN, CHAT_SPAN } from '../codes.ts';
import { int, rowsOf } from '../lists.ts';
import type { DialectName, Session } from '../session.ts';

export interface JobMatcher extends Omit<FillMatcher, 'onlyEarlier'> {
  /** Only subscriptions with a smaller `after_no`. */
  before: number;
}

/** When the incidents joined the alert, by the order of writing; where that does not matter, after everything. */
export async function jobMatchers(
  { db }: Session,
  alertNo: number,
  matchers: readonly FillMatcher[],
): Promise<JobMatcher[]> {
  const joined = matchers.some((one) => one.onlyEarlier)
    ? await db.selectFrom('alert_incidents').select(['incident_id', 'no']).where('alert_no', '=', alertNo).execute()
    : [];
  const nos = new Map(joined.map((one) => [one.incident_id, one.no]));
  return matchers.map(({ onlyEarlier, ...matcher }) => ({
    ...matcher,
    before: (onlyEarlier ? nos.get(matcher.incidentId) : undefined) ?? Number.MAX_SAFE_INTEGER,
  }));
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

export async function anySilence({ db }: Session, now: number): Promise<boolean> {
  const row = await db.selectFrom('silences').select('chat_id').where('until', '>', now).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** The matchers as a table `m (incident, country, service, before)`; null parts compare as unknown and so match only `*`. */
export const matcherRows = (dialect: DialectName, matchers: readonly JobMatcher[]): RawBuilder<never> =>
  rowsOf(
    dialect,
    { incident: 'text', country: 'text', service: 'text', before: 'int' },
    matchers.map((m) => [m.incidentId, m.country, m.service, m.before]),
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
  job: FillJob,
  op: number,
  chat: RawBuilder<unknown>,
  account: RawBuilder<unknown>,
  nextAt: RawBuilder<unknown> = int(job.now),
): RawBuilder<unknown> => sql`
  ${int(job.broadcastNo * BROADCAST_SPAN + op)} + ${chat} * ${sql.lit(CHAT_SPAN)}, ${int(job.broadcastNo)}, ${int(job.alertNo)}, ${chat},
  ${account}, ${sql.lit(op)}, ${int(job.priority)}, 0, 0, ${nextAt}, ${int(job.now)}`;

/** Delivery ids of a broadcast within a reach, as `id between … and …`. */
export const withinReach = (column: string, broadcastNo: number, { low, high }: Reach): RawBuilder<boolean> => {
  const base = broadcastNo * BROADCAST_SPAN;
  return sql<boolean>`${sql.ref(column)} between ${base + (low + 1) * CHAT_SPAN} and ${base + (high + 1) * CHAT_SPAN - 1}`;
};
