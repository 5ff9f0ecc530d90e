import { sql } from 'kysely';
import type { SubscriptionTable } from '../../core/ports/store.ts';
import { among, int, rowsOf } from './lists.ts';
import type { Session } from './session.ts';

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
        from ${rowsOf(dialect, { country: 'text', service: 'text' }, pairs(matchers))} as m cross join chats as c
        where c.id = ${chatId} and c.state = 'active'
        on conflict (chat_id, country, service) do nothing
      `.execute(session.db);
      return Number(result.numAffectedRows ?? 0);
    },

    async remove(chatId, matchers) {
      if (matchers.length === 0) return 0;
      const result = await sql`
        delete from subscriptions where chat_id = ${chatId}
        and (country, service) in (select m.country, m.service from ${rowsOf(dialect, { country: 'text', service: 'text' }, pairs(matchers))} as m)
      `.execute(session.db);
      return Number(result.numAffectedRows ?? 0);
    },

    async removeAll(chatId) {
      const result = await session.db.deleteFrom('subscriptions').where('chat_id', '=', chatId).executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    async count() {
      const row = await session.db
        .selectFrom('subscriptions')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return row.count;
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

const pairs = (matchers: { country: string; service: string }[]) =>
  matchers.map(({ country, service }) => [country, service] as const);
