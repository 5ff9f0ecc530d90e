import { expect, test } from 'vitest';
import { shareLines, sharesOf } from '../../../src/cli/status.ts';
import type { LeaseBoard } from '../../../src/core/ports/leases.ts';

const AT = Date.UTC(2026, 10, 28, 12);
const process = (id: string, waitsFor: LeaseBoard['processes'][number]['waitsFor'] = []) => ({
  id,
  label: `server:${id}`,
  roles: ['ingest', 'bot'] as const,
  waitsFor,
  startedAt: AT,
  seenAt: AT,
});

test('one process by itself, or none: no line about processes', () => {
  expect(shareLines(sharesOf({ processes: [], leases: [] }))).toEqual([]);
});

test('two processes: who holds what since when, who waits for it, and what nobody holds', () => {
  const board: LeaseBoard = {
    processes: [process('1'), process('2', ['ingest'])],
    leases: [
      { name: 'ingest', processId: '1', epoch: 3, since: AT, endsIn: 5_000 },
      { name: 'receive/tg', processId: '1', epoch: 1, since: AT, endsIn: 0 },
      { name: 'receive/mx', processId: 'gone', epoch: 1, since: AT, endsIn: 5_000 },
    ],
  };
  expect(shareLines(sharesOf(board))).toEqual([
    'Process server:1 since 2026-11-28T12:00:00.000Z: holds ingest (since 2026-11-28T12:00:00.000Z); waits for nothing.',
    'Process server:2 since 2026-11-28T12:00:00.000Z: holds nothing; waits for ingest.',
    'Nobody holds receive/tg, receive/mx at this moment.',
  ]);
  expect(sharesOf(board).processes[1]).toMatchObject({
    process: 'server:2',
    roles: ['ingest', 'bot'],
    holds: [],
    waitsFor: ['ingest'],
  });
});
