/** Finding a homeserver and logging in there, before there is a token. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  candidates,
  discover,
  logIn,
  loginTokenIn,
  logOut,
  openSsoCallback,
  ownerOf,
  setup,
  waysOf,
} from '../../../src/adapters/matrix/setup.ts';
import type { Asker, Question } from '../../../src/core/ports/setup.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createIds } from '../../../src/platform/ids.ts';

const deps = { proxy: null, now: () => 0, signal: new AbortController().signal };
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

type Reply = { status?: number; body: unknown };
/** Answers by method and path; what it was asked, with its body, in order. */
async function server(replies: Record<string, Reply | ((body: Record<string, unknown>) => Reply)>) {
  const asked: { path: string; body: Record<string, unknown>; token: string | undefined }[] = [];
  const http = createServer(async (request, response) => {
    const body = JSON.parse((await bodyOf(request)) || '{}');
    const path = `${request.method} ${request.url}`;
    asked.push({ path, body, token: request.headers.authorization });
    const found = replies[path] ?? { status: 404, body: { errcode: 'M_UNRECOGNIZED' } };
    const reply = typeof found === 'function' ? found(body) : found;
    response
      .writeHead(reply.status ?? 200)
      .end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  ends.push(() => void http.close().closeAllConnections());
  return { base: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, asked };
}
async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const VERSIONS = { 'GET /_matrix/client/versions': { body: { versions: ['v1.11'] } } };
const LOGIN = 'POST /_matrix/client/v3/login';
const FLOWS = (...types: string[]) => ({
  'GET /_matrix/client/v3/login': { body: { flows: types.map((type) => ({ type })) } },
});
const WELCOME = { body: { user_id: '@bot:x', access_token: 'syt_abcdefgh' } };

const TYPED: [typed: string, base: string | null][] = [
  ['example.org', 'https://example.org'],
  ['@tocsin:example.org', 'https://example.org'],
  ['@tocsin:example.org:8448', 'https://example.org:8448'],
  ['https://matrix.example.org/', 'https://matrix.example.org'],
  ['http://127.0.0.1:8008', 'http://127.0.0.1:8008'],
  ['https://ann:secret@example.org', null],
  ['ftp://example.org', null],
  ['two words', null],
  ['', null],
];
test.each(TYPED)('candidates of "%s": %s', (typed, base) => expect(candidates(typed)?.base ?? null).toBe(base));

describe('discover', () => {
  test('an address that is a homeserver is taken, whatever its host names', async () => {
    const { base } = await server({
      ...VERSIONS,
      'GET /.well-known/matrix/client': { body: { 'm.homeserver': { base_url: 'http://127.0.0.1:9' } } },
    });
    expect(await discover(base, deps)).toBe(base);
  });

  test('an address that is none, and names one: that one', async () => {
    const real = await server(VERSIONS);
    const { base } = await server({
      'GET /.well-known/matrix/client': { body: { 'm.homeserver': { base_url: `${real.base}/` } } },
    });
    expect(await discover(base, deps)).toBe(real.base);
  });

  test('no homeserver, nobody there, no name: each says what to do', async () => {
    const { base } = await server({ 'GET /_matrix/client/versions': { body: '<html>hello</html>' } });
    await expect(discover(base, deps)).rejects.toThrow('is no Matrix homeserver');
    await expect(discover('http://127.0.0.1:9', deps)).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)/);
    await expect(discover('two words', deps)).rejects.toThrow('write it as example.org');
  });
});

describe('logging in', () => {
  test('ways that Tocsin knows, in order; a server without any: none', async () => {
    const { base } = await server(FLOWS('m.login.sso', 'm.login.password', 'm.login.token'));
    expect(await waysOf(base, deps)).toEqual(['password', 'sso']);
    expect(await waysOf((await server({})).base, deps)).toEqual([]);
  });

  test('by password, as a session of its own with a name', async () => {
    const { base, asked } = await server({ [LOGIN]: WELCOME });
    expect(await logIn(base, { user: 'bot', password: 'pw' }, deps)).toEqual({
      userId: '@bot:x',
      accessToken: 'syt_abcdefgh',
    });
    expect(asked[0]!.body).toEqual({
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user: 'bot' },
      password: 'pw',
      initial_device_display_name: 'Tocsin',
    });
  });

  test.each([
    { errcode: 'M_FORBIDDEN', status: 403, said: /not right/ },
    { errcode: 'M_LIMIT_EXCEEDED', status: 429, said: /pause of 30 s/ },
    { errcode: 'M_USER_DEACTIVATED', status: 403, said: /deactivated/ },
    { errcode: 'M_UNKNOWN', status: 500, said: /refuses \(500 M_UNKNOWN: so it is\)/ },
  ])('refused with $errcode: a line with what to do', async ({ errcode, status, said }) => {
    const body = { errcode, error: 'so\u001bit is', retry_after_ms: 30_000 };
    const { base } = await server({ [LOGIN]: { status, body } });
    await expect(logIn(base, { user: 'bot', password: 'pw' }, deps)).rejects.toThrow(said);
  });

  test('whose token it is; one that is signed out; the end of a session', async () => {
    const { base, asked } = await server({
      'GET /_matrix/client/v3/account/whoami': { body: { user_id: '@bot:x' } },
      'POST /_matrix/client/v3/logout': { body: {} },
    });
    expect(await ownerOf(base, 'syt', deps)).toBe('@bot:x');
    await logOut(base, 'syt', deps);
    expect(asked.at(-1)).toMatchObject({ path: 'POST /_matrix/client/v3/logout', token: 'Bearer syt' });
    const out = await server({
      'GET /_matrix/client/v3/account/whoami': { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } },
    });
    await expect(ownerOf(out.base, 'syt', deps)).rejects.toThrow('does not know this access token');
  });
});

describe('SSO', () => {
  test('the browser comes back to an address that cannot be guessed; others get nothing', async () => {
    const door = await openSsoCallback('https://matrix.example.org');
    ends.push(door.close);
    const back = new URL(door.link).searchParams.get('redirectUrl')!;
    expect(new URL(back).hostname).toBe('127.0.0.1');
    expect((await fetch(`${new URL(back).origin}/?loginToken=evil-evil-evil`)).status).toBe(404);
    expect((await fetch(`${back}?loginToken=x`)).status).toBe(404);
    expect((await fetch(`${back}?loginToken=abcdefgh1234`)).status).toBe(200);
    expect(await door.token).toBe('abcdefgh1234');
  });

  test('pasted: the token, or the address that the browser ended at', () => {
    expect(loginTokenIn('http://127.0.0.1:5/x?loginToken=abcdefgh')).toBe('abcdefgh');
    expect(loginTokenIn(' abcdefgh ')).toBe('abcdefgh');
    expect(loginTokenIn('nothing here')).toBeNull();
  });

  /** Answers questions by their option; a question without an answer stays open until its signal ends it. */
  function person(answers: Record<string, string>, onLink: (url: string) => void): Asker {
    return {
      ask: (question: Question, signal?: AbortSignal) =>
        answers[question.flag] !== undefined
          ? Promise.resolve(answers[question.flag]!)
          : new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
      several: async () => [],
      given: () => false,
      attended: true,
      say: () => {},
      link: onLink,
      wrong(problem: string) {
        throw new Error(problem);
      },
    };
  }

  test('in the browser: the question in the terminal ends by itself, and a login that is not kept is given back', async () => {
    const { base, asked } = await server({
      ...VERSIONS,
      ...FLOWS('m.login.sso'),
      [LOGIN]: WELCOME,
      'POST /_matrix/client/v3/logout': { body: {} },
    });
    const browser = (link: string) =>
      void fetch(`${new URL(link).searchParams.get('redirectUrl')}?loginToken=from-the-browser`);
    const made = await setup.ask(
      person({ 'matrix-homeserver': base, 'matrix-login': 'sso', 'matrix-e2ee': 'no' }, browser),
      {
        clock: systemClock,
        ids: createIds(systemClock),
        env: {},
        ...deps,
      },
    );
    expect(asked.find(({ path }) => path === LOGIN)!.body).toMatchObject({
      type: 'm.login.token',
      token: 'from-the-browser',
    });
    expect(made).toMatchObject({
      id: 'mx',
      keys: { homeserver: base },
      secrets: { accessToken: 'syt_abcdefgh' },
      identity: { id: '@bot:x' },
    });
    await made.undo!();
    expect(asked.at(-1)!.path).toBe('POST /_matrix/client/v3/logout');
  });

  const DEVICE = { 'GET /_matrix/client/v3/account/whoami': { body: { user_id: '@bot:x', device_id: 'DEV' } } };
  const KEYS = 'POST /_matrix/client/v3/keys/query';
  const withKeys = { device_keys: { '@bot:x': { DEV: { keys: { 'ed25519:DEV': 'abc' } } } } };
  const ENCRYPTED: [what: string, answer: 'yes' | 'no', keys: object, e2ee: true | undefined, said: RegExp | null][] = [
    ['wanted', 'yes', {}, true, null],
    ['wanted, and the session has the keys of another app', 'yes', withKeys, true, /encryption keys of another app/],
    ['not wanted', 'no', {}, undefined, null],
  ];
  test.each(ENCRYPTED)('encrypted rooms %s: in the account, or not', async (_, answer, keys, e2ee, expected) => {
    const { base, asked } = await server({ ...VERSIONS, ...FLOWS(), ...DEVICE, [KEYS]: { body: keys } });
    const said: string[] = [];
    const answers = {
      'matrix-homeserver': base,
      'matrix-login': 'token',
      'matrix-access-token-file': 'syt',
      'matrix-e2ee': answer,
    };
    const asker = { ...person(answers, () => {}), say: (text: string) => void said.push(text) };
    const made = await setup.ask(asker, { clock: systemClock, ids: createIds(systemClock), env: {}, ...deps });
    expect([made.keys.e2ee, typeof made.complete]).toEqual([e2ee, e2ee ? 'function' : 'undefined']);
    expect(asked.some(({ path }) => path === KEYS)).toBe(answer === 'yes');
    const warning = said.find((text) => /another app/.test(text)) ?? null;
    if (expected === null) expect(warning).toBe(null);
    else expect(warning).toMatch(expected);
  });
});
