import { sql } from 'kysely';
import { TocsinError } from '../../core/errors.ts';
import type { PostTable } from '../../core/ports/posts.ts';
import { among } from './lists.ts';
import type { Session } from './session.ts';

/** A post, bytes of JSON. */
const MAX_POST = 1_048_576;

export const postTable = (session: Session): PostTable => ({
  async put(lane, post, at) {
    const text = JSON.stringify(post) ?? 'null';
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_POST)
      throw new TocsinError('internal', `A post of ${bytes} bytes: at most ${MAX_POST} are passed on.`, { bytes });
    await session.db.insertInto('posts').values({ lane, post: text, at }).execute();
  },

  async oldest(limit) {
    const rows = await session.db.selectFrom('posts').selectAll().orderBy('id').limit(limit).execute();
    return rows.map(({ id, lane, post, at }) => ({ id, lane, post: JSON.parse(post) as unknown, at }));
  },

  async done(ids) {
    if (ids.length === 0) return;
    await sql`delete from posts where ${among(session.dialect, 'id', 'int', ids)}`.execute(session.db);
  },
});
