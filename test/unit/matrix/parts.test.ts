import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { matrixKind } from '../../../src/adapters/matrix/config.ts';
import { verdictOf } from '../../../src/adapters/matrix/deliver.ts';
import { openMemory } from '../../../src/adapters/matrix/memory.ts';
import { type RequestContext, retryAfter, toFailure } from '../../../src/adapters/matrix/request.ts';
import { testDeps } from '../../contract/adapter-deps.ts';
import { never } from '../../contract/chat-adapter.suite.ts';

describe('config', () => {
  const good = { id: 'mx', platform: 'matrix', homeserver: 'https://matrix.example.org/', accessToken: 'syt_x' };
  const problems = (more: object): string[] =>
    (v.safeParse(matrixKind.schema, { ...good, ...more }).issues ?? []).map(({ message }) => message);

  test('the address without its last slash; nothing else is needed', () => {
    expect(v.parse(matrixKind.schema, good)).toEqual({ ...good, homeserver: 'https://matrix.example.org' });
  });

  test.each<[object, string]>([
    [{ homeserver: 'matrix.example.org' }, 'must be the URL of your homeserver'],
    [{ homeserver: 'ftp://x' }, 'must be the URL of your homeserver'],
    [{ homeserver: 'https://user:pw@x' }, 'must be the URL of your homeserver'],
    [{ homeserver: undefined }, 'must be the URL of your homeserver'],
    [{ accessToken: '' }, 'docs/matrix.md'],
    [{ accessToken: 'two words' }, 'docs/matrix.md'],
    [{ accessToken: undefined }, 'docs/matrix.md'],
    [{ inviteFrom: ['ann'] }, 'must be like "@ann:example.org"'],
    [{ inviteFrom: ['*.example.org'] }, 'must be like'],
    [{ inviteFrom: '*' }, 'must be a list'],
    [{ rate: -1 }, 'messages a second'],
    [{ lang: 'English' }, 'language code'],
    [{ nonsense: 1 }, 'nonsense'],
  ])('%j: %s', (more, message) => {
    expect(problems(more).join(' ')).toContain(message);
  });

  test('environment: both, none, or one (the schema then names the other)', () => {
    expect(matrixKind.fromEnv({})).toBeNull();
    expect(matrixKind.fromEnv({ MATRIX_HOMESERVER: ' ', MATRIX_ACCESS_TOKEN: '' })).toBeNull();
    const both = matrixKind.fromEnv({ MATRIX_HOMESERVER: 'https://x', MATRIX_ACCESS_TOKEN: 't' });
    expect(v.parse(matrixKind.schema, both)).toMatchObject({ id: 'mx', homeserver: 'https://x', accessToken: 't' });
    expect(v.safeParse(matrixKind.schema, matrixKind.fromEnv({ MATRIX_ACCESS_TOKEN: 't' })).success).toBe(false);
  });
});

describe('failures and verdicts', () => {
  const ctx = (status: number, retryAfterMs: number | null = null): RequestContext =>
    ({ status, retryAfterMs, signal: undefined, maxBytes: 1, now: () => 0 }) as unknown as RequestContext;
  const matrix = (statusCode: number, errcode: string, more: object = {}) =>
    Object.assign(new Error('x'), { statusCode, errcode, error: 'why', ...more });

  test.each<[string, unknown, RequestContext, object]>([
    [
      '429 by the body',
      matrix(429, 'M_LIMIT_EXCEEDED', { retryAfterMs: 1_500 }),
      ctx(429),
      { kind: 'retry', scope: 'account', reason: 'rate_limited', afterMs: 1_500 },
    ],
    [
      '429 by the header, which is the newer way',
      matrix(429, 'M_LIMIT_EXCEEDED', { retryAfterMs: 1_500 }),
      ctx(429, 2_000),
      { afterMs: 2_000 },
    ],
    ['429 without a time', matrix(429, 'M_LIMIT_EXCEEDED'), ctx(429), { kind: 'retry', afterMs: 5_000 }],
    [
      '429 for a year: an hour',
      matrix(429, 'M_LIMIT_EXCEEDED', { retryAfterMs: 3e10 }),
      ctx(429),
      { afterMs: 3_600_000 },
    ],
    ['429 with nonsense', matrix(429, 'M_LIMIT_EXCEEDED', { retryAfterMs: 'soon' }), ctx(429), { afterMs: 5_000 }],
    ['403 of the room', matrix(403, 'M_FORBIDDEN'), ctx(403), { kind: 'refused' }],
    ['404 of the room', matrix(404, 'M_NOT_FOUND'), ctx(404), { kind: 'refused' }],
    [
      '404 of a server without this endpoint (a proxy that leads astray)',
      matrix(404, 'M_UNRECOGNIZED'),
      ctx(404),
      { kind: 'retry', scope: 'account' },
    ],
    ['403 of a proxy', { statusCode: 403, body: '<html>' }, ctx(403), { kind: 'retry', scope: 'account' }],
    [
      '403: the account is suspended',
      matrix(403, 'M_USER_SUSPENDED'),
      ctx(403),
      { kind: 'retry', scope: 'account', reason: 'auth' },
    ],
    [
      '403: the server is full',
      matrix(403, 'M_RESOURCE_LIMIT_EXCEEDED'),
      ctx(403),
      { kind: 'retry', reason: 'server' },
    ],
    [
      '401',
      matrix(401, 'M_UNKNOWN_TOKEN'),
      ctx(401),
      { kind: 'retry', scope: 'account', reason: 'auth', afterMs: 60_000 },
    ],
    ['401 of a proxy', { statusCode: 401, body: '' }, ctx(401), { kind: 'retry', reason: 'server' }],
    ['400', matrix(400, 'M_BAD_JSON'), ctx(400), { kind: 'rejected', reason: 'client' }],
    ['413', matrix(413, 'M_TOO_LARGE'), ctx(413), { kind: 'rejected' }],
    ['413 of a proxy', { statusCode: 413, body: '' }, ctx(413), { kind: 'rejected' }],
    ['500', matrix(500, 'M_UNKNOWN'), ctx(500), { kind: 'retry', scope: 'chat', reason: 'server' }],
    ['502', { statusCode: 502, body: '' }, ctx(502), { kind: 'retry', scope: 'account', reason: 'server' }],
    [
      'a state event with an errcode in it',
      matrix(200, 'M_UNKNOWN_TOKEN'),
      ctx(200),
      { kind: 'retry', reason: 'server' },
    ],
    [
      'no connection',
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      ctx(0),
      { kind: 'retry', scope: 'account', reason: 'server' },
    ],
    [
      'no answer in time',
      new DOMException('x', 'TimeoutError'),
      ctx(0),
      { kind: 'retry', scope: 'chat', reason: 'timeout' },
    ],
    ['a bug', new TypeError('x'), ctx(0), { kind: 'retry' }],
    ['not even an error', undefined, ctx(0), { kind: 'retry' }],
  ])('%s', (_name, thrown, context, verdict) => {
    expect(verdictOf(toFailure(thrown, context, 'send'), never)).toMatchObject(verdict);
  });

  test('texts of people and whole answers do not get into the error', () => {
    const failure = toFailure(
      { statusCode: 502, body: 'a secret', headers: { authorization: 'Bearer syt_x' } },
      ctx(502),
      'send',
    );
    expect(JSON.stringify(failure) + String(failure.cause)).not.toMatch(/secret|syt_x/);
  });

  test.each<[string | undefined, number | null]>([
    ['3', 3_000],
    ['0.5', 500],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 8_000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('Retry-After %j: %j ms', (header, ms) => {
    expect(retryAfter(header, () => 2_000)).toBe(ms);
  });
});

test('memory: what was kept is read again; handled events are bounded; odd values in the store are left out', async () => {
  const deps = testDeps();
  const memory = await openMemory(deps.state, deps.log);
  await memory.belongsTo('@bot:x');
  for (let i = 0; i < 500; i++) void memory.handled(`$e${i}`);
  await memory.setRoom('!a', { in: true, direct: true });
  await memory.setRoom('!b', { in: true });
  await memory.dropRoom('!b');
  await memory.setToken('s5');
  const again = await openMemory(deps.state, deps.log);
  expect([again.token(), again.wasHandled('$e499'), again.wasHandled('$e1'), again.rooms()]).toEqual([
    's5',
    true,
    false,
    [['!a', { in: true, direct: true }]],
  ]);
  deps.kept.set('sync', 'nonsense');
  deps.kept.set('rooms', { '!a': 5, nonsense: {} });
  const odd = await openMemory(deps.state, deps.log);
  expect([odd.token(), odd.rooms()]).toEqual([null, [['!a', {}]]]);
});

test('memory: a store that failed is written again by the next flush', async () => {
  const deps = testDeps();
  const { set } = deps.state;
  deps.state.set = () => Promise.reject(new Error('disk full'));
  const memory = await openMemory(deps.state, deps.log);
  await memory.setToken('s1');
  deps.state.set = set;
  await memory.flush();
  expect(deps.kept.get('sync')).toMatchObject({ token: 's1' });
});
