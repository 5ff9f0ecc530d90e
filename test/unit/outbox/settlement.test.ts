/** What an attempt's outcome makes of its delivery. */
import { expect, test } from 'vitest';
import { createSettlement } from '../../../src/core/outbox/flights.ts';
import type { SendOutcome } from '../../../src/core/ports/chat-adapter.ts';
import type { Settlement } from '../../../src/core/ports/outbox.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';
import { DAY, claim, fixedIds } from './samples.ts';

function bench(random = 0, oneTarget = false) {
  const clock = new FakeClock(100 * DAY);
  const { log, lines } = recordingLog();
  const moves: string[] = [];
  const suspects: number[] = [];
  const settle = createSettlement({
    accountId: 'tg',
    clock,
    ids: fixedIds(random),
    log,
    oneTarget,
    move: async (from, to) => void moves.push(`${from.chat} → ${to.chat}`),
    gone(id): Settlement {
      suspects.push(id);
      return { id, outcome: 'retry', nextAt: -1 };
    },
  });
  return { settle, clock, lines, moves, suspects };
}

const NOW = 100 * DAY;
const fresh = (over: Parameters<typeof claim>[0] = {}) => claim({ createdAt: NOW, ...over });
const old = (over: Parameters<typeof claim>[0] = {}) => claim({ createdAt: NOW - 7 * DAY - 1, ...over });
const retry = (over: object = {}): SendOutcome =>
  ({ kind: 'retry', scope: 'chat', reason: 'server', detail: 'HTTP 502', afterMs: null, ...over }) as SendOutcome;

test.each<[string, ReturnType<typeof claim>, SendOutcome, Partial<Settlement>]>([
  [
    'delivered: sent, with its message',
    fresh(),
    { kind: 'delivered', messageRef: '7' },
    { outcome: 'sent', messageRef: '7' },
  ],
  ['first failure: a second', fresh(), retry(), { outcome: 'retry', nextAt: NOW + 1_000 }],
  ['fourth failure: eight', fresh({ attempts: 3 }), retry(), { outcome: 'retry', nextAt: NOW + 8_000 }],
  ['thirtieth failure: five minutes', fresh({ attempts: 29 }), retry(), { outcome: 'retry', nextAt: NOW + 300_000 }],
  ['the platform says how long: at least so', fresh(), retry({ afterMs: 30_000 }), { nextAt: NOW + 30_000 }],
  [
    'the platform asks for less than we would: ours',
    fresh({ attempts: 3 }),
    retry({ afterMs: 10 }),
    { nextAt: NOW + 8_000 },
  ],
  [
    'the whole account waits: no back-off of its own',
    fresh({ attempts: 9 }),
    retry({ scope: 'account' }),
    { nextAt: NOW },
  ],
  ['and for as long as asked', fresh(), retry({ scope: 'account', afterMs: 9_000 }), { nextAt: NOW + 9_000 }],
  [
    'failing for a week: given up, with the last reason',
    old(),
    retry(),
    { outcome: 'failed', reason: 'gave up: HTTP 502' },
  ],
  ['gone: for the watch to decide', fresh(), { kind: 'gone', reason: 'client', detail: 'blocked' }, { nextAt: -1 }],
  [
    'gone for a week, and the account still in doubt: given up',
    old(),
    { kind: 'gone', reason: 'client', detail: 'blocked' },
    { outcome: 'failed', reason: 'gave up: blocked' },
  ],
  [
    'refused: failed, never tried again',
    fresh(),
    { kind: 'rejected', reason: 'client', detail: 'too long' },
    { outcome: 'failed', reason: 'too long' },
  ],
])('%s', async (_name, of, outcome, expected) => {
  expect(await bench().settle(of, outcome)).toMatchObject({ id: of.id, ...expected });
});

test('chance spreads the retries of many, by a fifth at most, and never makes them earlier', async () => {
  const at = async (random: number) => (await bench(random).settle(fresh(), retry())) as { nextAt: number };
  expect([(await at(0)).nextAt, (await at(0.999)).nextAt - NOW <= 1_200]).toEqual([NOW + 1_000, true]);
});

test('a chat that moved: the move is carried out first, and the delivery is due at once', async () => {
  const { settle, moves } = bench();
  const to = { accountId: 'tg', chat: '-1001', thread: null };
  expect(await settle(fresh(), { kind: 'moved', to })).toMatchObject({ outcome: 'retry', nextAt: NOW });
  expect(moves).toEqual(['100 → -1001']);
});

test('a message that the platform refuses a hundred thousand times: one line a broadcast, which names what and why', async () => {
  const { settle, lines } = bench();
  const no: SendOutcome = { kind: 'rejected', reason: 'client', detail: 'too long' };
  for (let id = 0; id < 50; id++) await settle(fresh({ id, broadcastId: id % 2 ? 'b1' : 'b2' }), no);
  expect(lines.map(({ level, fields }) => [level, fields.code, fields.detail, fields.op])).toEqual([
    ['warn', 'client', 'too long', 'send'],
    ['warn', 'client', 'too long', 'send'],
  ]);
});

test('refusals of ever new broadcasts: what is remembered of them is bounded, and each still fails', async () => {
  const { settle, lines } = bench();
  const no: SendOutcome = { kind: 'rejected', reason: 'client', detail: 'x' };
  for (let id = 0; id < 2_500; id++)
    expect(await settle(fresh({ id, broadcastId: `b${id}` }), no)).toMatchObject({ outcome: 'failed' });
  expect(lines).toHaveLength(2_500);
});

test('one target, in order: what failed keeps its place before what came later, whatever the back-off; its word that it is gone is believed', async () => {
  const { settle, suspects } = bench(0, true);
  const queued = fresh({ attempts: 9, nextAt: NOW - 5_000 });
  for (const over of [{ scope: 'account', afterMs: 60_000 }, { scope: 'chat' }])
    expect(await settle(queued, retry(over))).toEqual({ id: queued.id, outcome: 'retry', nextAt: NOW - 5_000 });
  const gone: SendOutcome = { kind: 'gone', reason: 'client', detail: 'answered 410' };
  expect(await settle(queued, gone)).toEqual({ id: queued.id, outcome: 'gone', reason: 'answered 410' });
  expect(suspects).toEqual([]);
});
