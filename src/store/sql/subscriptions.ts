import { type RawBuilder, sql } from 'kysely';
import { ANY, type Silence } from '../../core/model/chat.ts';
import type { SilenceTable, SubscriptionTable } from '../../core/ports/store.ts';
import { wholeOf } from './chat-rows.ts';
import type { Session } from './session.ts';
import { among, int, tableOf, text } from './values.ts';

export function subscriptionTable(session: Session): SubscriptionTable {
  const { dialect } = session;
  const listMany: SubscriptionTable['listMany'] = async (chatIds) => {
    if (chatIds.length === 0) return new Map();
    const rows = await session.db
      .selectFrom('subscriptions')
      .select(['chat_id as chatId', 'country', 'service', 'created_at as createdAt'])
      .where(among(dialect, 'chat_id', 'int', chatIds))
      .orderBy('chat_id')
      .orderBy('country')
      .orderBy('service')
      .execute();
    return Map.groupBy(rows, (row) => row.chatId);
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
      const result = await sql`delete from subscriptions where chat_id = ${chatId} ${which}`.execute(db);
      return Number(result.numAffectedRows ?? 0);
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
      return Number(result.numAffectedRows ?? 0);
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

    async count() {
      const row = await session.db
        .selectFrom('subscriptions')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return row.count;
    },

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
        const next = await session.db
          .selectFrom('subscriptions')
          .select(['country', 'service'])
          .where(sql<boolean>`(country, service) > (${last.country}, ${last.service})`)
          .orderBy('country')
          .orderBy('service')
          .limit(1)
          .executeTakeFirst();
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
    if (chatIds.length === 0) return new Map();
    const rows = await session.db
      .selectFrom('silences')
      .selectAll()
      .where(among(session.dialect, 'chat_id', 'int', chatIds))
      .where('until', '>', now)
      .orderBy('chat_id')
      .orderBy('until')
      .execute();
    const silences = rows.map((row): Silence => ({
      chatId: row.chat_id,
      country: row.country || null,
      service: row.service || null,
      incidentId: row.incident_id || null,
      until: row.until,
    }));
    return Map.groupBy(silences, (silence) => silence.chatId);
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

    async remove(chatId, which) {
      const { country, service, incident_id } = target(which);
      const ended = await session.db
        .deleteFrom('silences')
        .where('chat_id', 'in', wholeOf(chatId))
        .where('country', '=', country)
        .where('service', '=', service)
        .where('incident_id', '=', incident_id)
        .returning('chat_id')
        .execute();
      return ended.filter((row) => row.chat_id === chatId).length;
    },

    async removeAll(chatId) {
      const ended = await session.db
        .deleteFrom('silences')
        .where('chat_id', 'in', wholeOf(chatId))
        .returning('chat_id')
        .execute();
      return ended.filter((row) => row.chat_id === chatId).length;
    },
  };
}

const target = (silence: Pick<Silence, 'country' | 'service' | 'incidentId'>) => ({
  country: silence.country ?? '',
  service: silence.service ?? '',
  incident_id: silence.incidentId ?? '',
});
