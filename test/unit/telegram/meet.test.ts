import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/adapters/telegram/client.ts';
import { type Met, metBy, planMeeting } from '../../../src/adapters/telegram/connection.ts';
import { planHook } from '../../../src/adapters/telegram/hook.ts';

const me = { id: 42, is_bot: true, first_name: 'T', username: 't_bot' };
const answer = (status: number, body: object): Answer => ({ kind: 'answer', status, body: { ok: false, ...body } });
const ok = (result: unknown): Answer => answer(200, { ok: true, result });
const failure: Answer = { kind: 'failure', reason: 'timeout', reached: true, detail: 'no answer within 3 ms' };

describe('who we are', () => {
  test.each<[name: string, answer: Answer, type: Met['type']]>([
    ['a bot with a name', ok(me), 'me'],
    ['without a name: nobody could address us', ok({ id: 42 }), 'trouble'],
    ['an id that is none', ok({ ...me, id: '42' }), 'trouble'],
    ['nothing', ok(null), 'trouble'],
    ['a refused token', answer(401, { error_code: 401 }), 'refused'],
    ['a token that is none', answer(404, { error_code: 404 }), 'refused'],
    ['too many requests', answer(429, { error_code: 429 }), 'trouble'],
    ['no connection', failure, 'trouble'],
  ])('%s: %s', (_, given, type) => expect(metBy(given, 0).type).toBe(type));
});

describe('what follows', () => {
  const trouble = (waitMs: number): Met => ({ type: 'trouble', trouble: { kind: 'line', problem: 'p', waitMs } });
  test.each<[name: string, met: Met, failures: number, expected: object | null]>([
    ['refused: an operator, once a minute', { type: 'refused' }, 9, { ms: 60_000, report: { kind: 'token' } }],
    ['trouble: 2, 4, 8 s', trouble(1000), 2, { ms: 4000, report: { kind: 'line' } }],
    ['trouble for long: no more than 30 s', trouble(1000), 500, { ms: 30_000 }],
    ['another bot: nothing is received', { type: 'failed', code: 'identity_changed' }, 1, null],
    ['the store fails: later', { type: 'failed', code: 'internal' }, 1, { ms: 60_000 }],
  ])('%s', (_, met, failures, expected) => {
    const action = met.type === 'me' ? undefined : planMeeting(met, failures);
    if (expected === null) expect(action).toBeNull();
    else expect(action).toMatchObject(expected);
  });

  test('whatever fails, however often: waits between one second and one minute, never in a loop', () => {
    const met = fc.oneof(
      fc.constant<Met>({ type: 'refused' }),
      fc
        .record({ status: fc.integer({ min: 200, max: 599 }), random: fc.double({ min: 0, max: 1, noNaN: true }) })
        .map(({ status, random }) =>
          metBy(answer(status, { error_code: status, parameters: { retry_after: status } }), random),
        ),
      fc.constant(metBy(failure, 0.5)),
    );
    fc.assert(
      fc.property(met, fc.integer({ min: 1, max: 1e6 }), (one, failures) => {
        const action = one.type === 'me' ? null : planMeeting(one, failures);
        expect(action && action.ms >= 1000 && action.ms <= 60_000).toBe(true);
      }),
    );
  });
});

test('a webhook: done, refused with the reason, or again later', () => {
  expect(planHook(ok(true), 1, 0)).toBeNull();
  expect(planHook(answer(400, { error_code: 400, description: 'bad webhook: HTTPS' }), 1, 0)).toMatchObject({
    kind: 'webhook',
    problem: 'Telegram refuses the webhook: bad webhook: HTTPS',
  });
  expect(planHook(failure, 3, 0)).toMatchObject({ kind: 'line', waitMs: 4000 });
});
