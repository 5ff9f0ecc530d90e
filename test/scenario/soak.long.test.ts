import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { onSqlite } from '../../bench/soak/on-sqlite.ts';
import { soak } from '../../bench/soak/play.ts';

/** `npm run soak` in short; a year is played by hand. */
test('twenty days with restarts, floods and clocks that jump: each alert once, each lift once', async () => {
  const { end, ...place } = await onSqlite(tmpdir());
  const seed = Math.floor(Math.random() * 1_000_000);
  const played = await soak({ ...place, days: 20, chats: 200, seed });
  await end();
  expect(played.book.wrongs, `seed ${seed}`).toEqual([]);
  expect(played.book.alerts).toBeGreaterThan(100);
  expect(played.book.lifts).toBeGreaterThan(100);
}, 300_000);
