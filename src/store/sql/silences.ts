import { sql } from 'kysely';
import type { Silence } from '../../core/model/chat.ts';
import type { SilenceTable } from '../../core/ports/store.ts';
import { among, int, text } from './lists.ts';
import type { Session } from './session.ts';
import { wholeOf } from './threads.ts';

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
