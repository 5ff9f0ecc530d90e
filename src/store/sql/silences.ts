import type { Silence } from '../../core/model/chat.ts';
import type { SilenceTable } from '../../core/ports/store.ts';
import { among } from './lists.ts';
import type { Session } from './session.ts';

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
    const silences = rows.map(
      (row): Silence => ({
        chatId: row.chat_id,
        country: row.country || null,
        service: row.service || null,
        incidentId: row.incident_id || null,
        until: row.until,
      }),
    );
    return Map.groupBy(silences, (silence) => silence.chatId);
  };

  return {
    listMany,

    async list(chatId, now) {
      return (await listMany([chatId], now)).get(chatId) ?? [];
    },

    async add(silence) {
      await session.db
        .insertInto('silences')
        .values({ chat_id: silence.chatId, ...target(silence), until: silence.until })
        .onConflict((on) =>
          on
            .columns(['chat_id', 'country', 'service', 'incident_id'])
            .doUpdateSet((eb) => ({ until: eb.ref('excluded.until') }))
            .whereRef('excluded.until', '>', 'silences.until'),
        )
        .execute();
    },

    async remove(chatId, which) {
      const { country, service, incident_id } = target(which);
      const result = await session.db
        .deleteFrom('silences')
        .where('chat_id', '=', chatId)
        .where('country', '=', country)
        .where('service', '=', service)
        .where('incident_id', '=', incident_id)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    async removeAll(chatId) {
      const result = await session.db.deleteFrom('silences').where('chat_id', '=', chatId).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

const target = (silence: Pick<Silence, 'country' | 'service' | 'incidentId'>) => ({
  country: silence.country ?? '',
  service: silence.service ?? '',
  incident_id: silence.incidentId ?? '',
});
