/** What a database says, in our words; and the numbers that stand for words in it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TocsinError } from '../../../src/core/errors.ts';
import { LEVELS } from '../../../src/core/model/incident.ts';
import { isBusy, storeFailed } from '../../../src/store/sql/session.ts';
import * as codes from '../../../src/store/sql/values.ts';
import { plain } from '../../../src/store/sql/values.ts';
import { anyCharacter } from '../../fakes/any-text.ts';

describe('failures', () => {
  const sqlite = (errcode: number) => Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode });
  const postgres = (code: string, message = 'x') => Object.assign(new Error(message), { code });
  test.each<[string, unknown, string]>([
    ['disk full', sqlite(13), 'disk full'],
    ['locked, with its extended code', sqlite(5 | (2 << 8)), 'locked by another program'],
    ['a damaged file', sqlite(11), 'the file is damaged'],
    ['read-only', sqlite(8 | (3 << 8)), 'read-only'],
    ['not a database', sqlite(26), 'the file is not a database'],
    ['a code that nobody knows', sqlite(99), 'unexpected error'],
    ['PostgreSQL, connection lost', postgres('08006'), 'connection lost'],
    ['PostgreSQL, refused', postgres('28P01'), 'login refused'],
    ['PostgreSQL, no such database', postgres('3D000'), 'no such database'],
    ['PostgreSQL, stopping', postgres('57P01'), 'server is stopping or starting'],
    ['PostgreSQL, out of room', postgres('53100'), 'server out of resources'],
    ['PostgreSQL, a rule', postgres('23505'), 'a rule of the schema was broken'],
    ['the socket', postgres('ECONNREFUSED'), 'connection lost'],
    ['no such host', postgres('EAI_AGAIN'), 'connection lost'],
    ['words of the driver', new Error('Connection terminated unexpectedly'), 'connection lost'],
    ['no connection in time', new Error('timeout exceeded when trying to connect'), 'all connections are in use'],
    ['anything', new Error('x'), 'unexpected error'],
  ])('%s: %s', (_name, error, reason) => {
    const made = storeFailed(error);
    expect([made.code, made.facts.reason, made.message]).toEqual([
      'store_failed',
      reason,
      `The database could not do what was asked: ${reason}.`,
    ]);
    expect(made.cause).toBe(error);
  });

  test('one of ours stays; values of rows get into neither the message nor the facts', () => {
    const ours = new TocsinError('store_locked', 'x');
    expect(storeFailed(ours)).toBe(ours);
    const made = storeFailed(postgres('23505', 'Key (chat)=(-1001234) already exists.'));
    expect(made.message + JSON.stringify(made.facts)).not.toContain('1234');
  });

  test('busy: by the primary code, and nothing else is', () => {
    expect([5, 6, 5 | (1 << 8), 6 | (1 << 8), 13, 0].map((errcode) => isBusy(sqlite(errcode)))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(isBusy(postgres('40001'))).toBe(false);
  });
});

describe('numbers for words', () => {
  test('there and back', () => {
    for (const level of LEVELS) expect(codes.levelOf(codes.levelNo(level))).toBe(level);
    for (const priority of codes.PRIORITIES) expect(codes.priorityOf(codes.priorityNo(priority))).toBe(priority);
    for (const [op, no] of Object.entries(codes.OP)) expect(codes.opOf(no)).toBe(op);
    for (const [state, no] of Object.entries(codes.STATE))
      expect([codes.stateOf(no), codes.isPending({ state: no })]).toEqual([state, no < 2]);
  });

  test('as they stand in databases: never another', () => {
    expect([LEVELS.map(codes.levelNo), codes.PRIORITIES, codes.OPS]).toEqual([
      [0, 1, 2],
      ['reply', 'critical', 'alert', 'digest'],
      ['send', 'edit', 'reply'],
    ]);
  });

  test('the id of a delivery: its own for each broadcast, chat and piece, in the order of the walk, and names its chat', () => {
    const ids = fc.tuple(
      fc.integer({ min: 1, max: codes.MAX_BROADCAST }),
      fc.integer({ min: 1, max: codes.MAX_CHAT }),
      fc.nat(2),
    );
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const [x, y] = [codes.deliveryId(...a), codes.deliveryId(...b)];
        expect(Number.isSafeInteger(x)).toBe(true);
        expect(codes.chatOfDelivery(x)).toBe(a[1]);
        const order = a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
        expect(Math.sign(x - y)).toBe(Math.sign(order));
      }),
      { numRuns: 1_000 },
    );
  });
});

test('any text: as both dialects keep it, and unchanged where they can', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.constantFrom('', '\0', '\ud800', '\udc00x'), (text, odd) => {
      const kept = plain(text + odd);
      expect([kept.isWellFormed(), kept.includes('\0'), plain(kept)]).toEqual([true, false, kept]);
      if (odd === '' && text.isWellFormed() && !text.includes('\0')) expect(kept).toBe(text);
    }),
  );
});
