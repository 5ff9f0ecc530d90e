import { type RawBuilder, sql } from 'kysely';
import { ANY, type Silence, type Subscription } from '../../core/model/chat.ts';
import type { SilenceTable, SubscriptionTable } from '../../core/ports/store.ts';
import { wholeOf } from './chat-rows.ts';
import { type Which, changed, count, remove, select } from './rows.ts';
import type { Session } from './session.ts';
import { among, int, kept, orEmpty, tableOf, text } from './values.ts';

export function subscriptionTable(session: Session): SubscriptionTable {
  const { dialect } = session;
  const listMany: SubscriptionTable['listMany'] = async (chatIds) => {
    const rows = await select(session, 'subscriptions', { chat_id: chatIds }, sql`order by chat_id, country, service`);
    return Map.groupBy(rows.map(subscriptions.read), (row) => row.chatId);
  };

  /** What it follows no more is remembered: what it was told of that stays true. */
  const end = (chatId: number, which: RawBuilder<unknown>): Promise<number> =>
    session.atomically(async ({ db }) => {
      await sql`
        insert into unfollowed (chat_id, country, service, until_no)
        select chat_id, country, service, (select coalesce(max(no), 0) from alert_incidents)
        from subscriptions where chat_id = ${chatId} ${which}
        on conflict (chat_id, country, service) do update set until_no = excluded.until_no
      `.execute(db);
      return changed(await sql`delete from subscriptions where chat_id = ${chatId} ${which}`.execute(db));
    });

  /** The different values of a column, from one to the next along the index: a million rows of one value are one step. */
  const steps = async (column: 'country' | 'service', which: RawBuilder<unknown>): Promise<string[]> => {
    const value = sql.ref(column);
    const { rows } = await sql<{ v: string }>`
      with recursive step(v) as (
        select (select min(${value}) from subscriptions where true ${which})
        union all select (select min(${value}) from subscriptions where ${value} > step.v ${which}) from step where step.v is not null
      ) select v from step where v is not null
    `.execute(session.db);
    return rows.map(({ v }) => v);
  };

  return {
    listMany,

    async list(chatId) {
      return (await listMany([chatId])).get(chatId) ?? [];
    },

    async add(chatId, matchers, now) {
      if (matchers.length === 0) return 0;
      const result = await sql`
        insert into subscriptions (chat_id, country, service, level, created_at, account_id, after_no)
        select c.id, m.country, m.service, c.level, ${int(now)}, c.account_id, (select coalesce(max(no), 0) from alert_incidents)
        from ${tableOf(dialect, { country: 'text', service: 'text' }, matchers)} as m cross join chats as c
        where c.id = ${chatId} and c.state = 'active'
        on conflict (chat_id, country, service) do nothing
      `.execute(session.db);
      return changed(result);
    },

    async remove(chatId, matchers) {
      if (matchers.length === 0) return 0;
      const given = tableOf(dialect, { country: 'text', service: 'text' }, matchers);
      return await end(chatId, sql`and (country, service) in (select m.country, m.service from ${given} as m)`);
    },

    removeAll: (chatId) => end(chatId, sql``),

    async once(chatIds, alertIds) {
      if (chatIds.length === 0 || alertIds.length === 0) return new Map();
      const { rows } = await sql<{ chat_id: number; incident_id: string }>`
        select u.chat_id, j.incident_id from unfollowed as u cross join alerts as a join alert_incidents as j on j.alert_no = a.no
        join incidents as i on i.id = j.incident_id
        where ${among(dialect, 'u.chat_id', 'int', chatIds)} and ${among(dialect, 'a.id', 'text', alertIds)} and u.until_no >= j.no
        and (u.country = '*' or u.country = i.country) and (u.service = '*' or u.service = i.service)
      `.execute(session.db);
      const once = new Map<number, Set<string>>();
      for (const { chat_id, incident_id } of rows) once.set(chat_id, (once.get(chat_id) ?? new Set()).add(incident_id));
      return once;
    },

    count: () => count(session, 'subscriptions', {}),

    async places() {
      const [countries, services] = await Promise.all([
        steps('country', sql``),
        steps('service', sql`and country = '*'`),
      ]);
      return { countries: countries.filter((one) => one !== ANY), services };
    },

    // From pair to pair along the index: a million rows of one pair are one step.
    async followed(limit) {
      const found: { country: string; service: string }[] = [];
      let last = { country: '', service: '' };
      while (found.length < limit) {
        const { rows } = await sql<typeof last>`
          select country, service from subscriptions where (country, service) > (${last.country}, ${last.service})
          order by country, service limit 1
        `.execute(session.db);
        const [next] = rows;
        if (!next) break;
        found.push(next);
        last = next;
      }
      return found;
    },
  };
}

export function silenceTable(session: Session): SilenceTable {
  const listMany: SilenceTable['listMany'] = async (chatIds, now) => {
    const which = { chat_id: chatIds, until: sql`> ${now}` };
    const rows = await select(session, 'silences', which, sql`order by chat_id, until`);
    return Map.groupBy(rows.map(silences.read), (silence) => silence.chatId);
  };

  /** Of the whole chat; how many were the row's own. */
  const end = async (chatId: number, which: Which<'silences'>): Promise<number> => {
    const of = { ...which, chat_id: sql`in ${wholeOf(chatId)}` };
    const { rows } = await remove(session, 'silences', of, sql`returning chat_id`);
    return rows.filter((row) => row.chat_id === chatId).length;
  };

  return {
    listMany,

    async list(chatId, now) {
      return (await listMany([chatId], now)).get(chatId) ?? [];
    },

    async add(silence) {
      const { country, service, incident_id } = target(silence);
      await sql`
        insert into silences (chat_id, country, service, incident_id, until)
        select w.id, ${text(country)}, ${text(service)}, ${text(incident_id)}, ${int(silence.until)}
        from ${wholeOf(silence.chatId)} as w where true
        on conflict (chat_id, country, service, incident_id) do update set until = excluded.until where excluded.until > silences.until
      `.execute(session.db);
    },

    remove: (chatId, which) => end(chatId, target(which)),
    removeAll: (chatId) => end(chatId, {}),
  };
}

const subscriptions = kept<'subscriptions', Subscription>('subscriptions', {
  level: null,
  account_id: null,
  after_no: null,
});
const silences = kept<'silences', Silence>('silences', { country: orEmpty, service: orEmpty, incident_id: orEmpty });

const target = ({ country, service, incidentId }: Pick<Silence, 'country' | 'service' | 'incidentId'>) => ({
  country: country ?? '',
  service: service ?? '',
  incident_id: incidentId ?? '',
});
