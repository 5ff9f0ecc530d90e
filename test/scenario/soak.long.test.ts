import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { onSqlite } from '../../bench/soak/on-sqlite.ts';
import { soak } from '../../bench/soak/play.ts';
import { seedOf, shortProof } from '../rooms.ts';

/** `npm run soak` in short; a year is played by hand. */
test('days with restarts, floods and clocks that jump: each alert once, each lift once', async () => {
  const { end, ...place } = await onSqlite(tmpdir());
  const seed = seedOf();
  const played = await soak({ ...place, days: shortProof() ? 6 : 20, chats: 200, seed });
  await end();
  expect(played.book.wrongs, `seed ${seed}`).toEqual([]);
  expect(played.book.alerts).toBeGreaterThan(shortProof() ? 20 : 100);
  expect(played.book.lifts).toBeGreaterThan(shortProof() ? 20 : 100);
}, 300_000);
