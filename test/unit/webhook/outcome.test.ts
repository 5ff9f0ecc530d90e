/** What a target's answer means. */
import { expect, test } from 'vitest';
import { LONGEST_PATIENCE, verdictOf, verdictOfError } from '../../../src/adapters/webhook/outcome.ts';
import { TocsinError } from '../../../src/core/errors.ts';

const of = (status: number, headers: Record<string, string> = {}) => verdictOf({ status, headers }, 'hooks.example', 0);

test.each([
  [200, { is: 'taken' }],
  [202, { is: 'taken' }],
  [299, { is: 'taken' }],
  [410, { is: 'over' }],
  [304, { is: 'failed', reason: 'client' }],
  [
    400,
    {
      is: 'failed',
      reason: 'client',
      detail: 'hooks.example answered 400: it does not understand what is sent: check the preset',
    },
  ],
  [401, { is: 'failed', reason: 'auth' }],
  [404, { is: 'failed', reason: 'client' }],
  [408, { is: 'failed', reason: 'timeout' }],
  [418, { is: 'failed', detail: 'hooks.example answered 418' }],
  [429, { is: 'failed', reason: 'rate_limited', afterMs: null }],
  [500, { is: 'failed', reason: 'server' }],
])('%s: %j', (status, expected) => expect(of(status)).toMatchObject(expected));

test.each([
  ['30', 30_000],
  [' 30 ', 30_000],
  [new Date(90_000).toUTCString(), 90_000],
  ['999999999', LONGEST_PATIENCE],
  ['0', null],
  ['soon', null],
])('Retry-After %j: %s ms', (after, afterMs) => expect(of(503, { 'retry-after': after })).toMatchObject({ afterMs }));

test.each([
  ['fetch_redirect', 'client', /sends us elsewhere.*url/],
  ['fetch_blocked_address', 'client', /private/],
  ['fetch_timeout', 'timeout', /late/],
  ['fetch_dns', 'server', /name/],
] as const)('%s: %s, in words', (code, reason, detail) => {
  const words = { fetch_redirect: 'x', fetch_blocked_address: 'private', fetch_timeout: 'late', fetch_dns: 'name' };
  const verdict = verdictOfError(new TocsinError(code, words[code]), 'hooks.example', new AbortController().signal);
  expect(verdict).toMatchObject({ is: 'failed', reason, detail: expect.stringMatching(detail), afterMs: null });
});

test('cut off by the stop: no failure of the target', () => {
  expect(verdictOfError(new TocsinError('canceled', 'x'), 'hooks.example', AbortSignal.abort())).toEqual({
    is: 'canceled',
  });
});
