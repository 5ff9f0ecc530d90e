import { sql } from 'kysely';
import { QUARTER, type ReaderDoor, type ReaderTable, type ReaderVerdict } from '../../core/ports/readers.ts';
import { changed, insert, select } from './rows.ts';
import { commitLater, type Session } from './session.ts';

const DAY = 86_400_000;

/** Digests and counts are written side by side, and share no column. */
export const readerTable = (session: Session): ReaderTable => ({
  async secret(day, fresh) {
    const { db } = session;
    await commitLater(session);
    const known = await db.selectFrom('reader_keys').select('secret').where('day', '=', day).executeTakeFirst();
    if (known) return known.secret;
    for (const table of ['reader_voices', 'reader_keys'] as const)
      await db.deleteFrom(table).where('day', '<', day).execute();
    await db.insertInto('reader_keys').values({ day, secret: fresh }).execute();
    return fresh;
  },

  async add(voices) {
    let added = 0;
    for (const { digest, at, settled, ...said } of voices) {
      const day = Math.floor(at / DAY);
      const spoke = sql`insert into reader_voices (digest, day) values (${digest}, ${day}) on conflict (digest) do nothing`;
      if (changed(await spoke.execute(session.db)) === 0) continue;
      added++;
      const row = { ...said, slot: at / QUARTER, people: 1, settled: settled ? 1 : 0 };
      await insert(session, 'reader_counts', row, ADDED);
    }
    return added;
  },

  async counts({ country, service, since, until = Infinity, known, limit }) {
    const [from, to] = [Math.floor(since / QUARTER), Math.min(Math.ceil(until / QUARTER), 2 ** 31 - 1)];
    const slot = sql`between ${from} and ${to - 1}`;
    const which = { country, service, slot, ...(known && { settled: sql`> 0` }) };
    const rows = await select(session, 'reader_counts', which, sql`order by slot desc limit ${limit}`);
    return rows
      .map(({ slot, verdict, door, ...said }) => ({
        ...said,
        at: slot * QUARTER,
        verdict: verdict as ReaderVerdict,
        door: door as ReaderDoor,
      }))
      .reverse();
  },
});

/** To what was counted before. */
export const ADDED = sql`
  on conflict (slot, country, service, operator, verdict, door) do update
  set people = reader_counts.people + excluded.people, settled = reader_counts.settled + excluded.settled`;
