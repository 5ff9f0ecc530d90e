import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import TEXTS from '../../../config/terminal-texts.json' with { type: 'json' };
import TROUBLES from '../../../config/trouble-texts.json' with { type: 'json' };
import { afterwards, atEnd, type Code, messageOf, TocsinError } from '../../core/errors.ts';
import type { AccountSetup, Asker, CompleteDeps, MadeAccount, SetupDeps } from '../../core/ports/setup.ts';
import { filled } from '../../i18n/packs.ts';
import { keepStanding } from './cipher.ts';
import { publishedDevice } from './crypto/published.ts';
import { openLink, secure, sessionOf } from './crypto/secure.ts';
import { connectPort, type MatrixPort, type Reach } from './port.ts';
import { factsOf } from './request.ts';
import { isUserId, json } from './untrusted.ts';

const SAYS = TEXTS.matrix;

/** What a homeserver is asked before there is a token: where it is, how people log in there, and the login itself. */

/** Of the session, as its owner sees it in other apps. */
const DEVICE_NAME = 'Tocsin';

/** Ways to log in that Tocsin knows. */
export type Way = 'password' | 'sso';
export type Credentials = { user: string; password: string } | { loginToken: string };
type LoggedIn = Awaited<ReturnType<typeof logIn>>;

/** Throws `server` where nobody answers. */
async function at<T>(
  base: string,
  token: string | null,
  deps: Reach,
  ask: (port: MatrixPort) => Promise<T>,
): Promise<T> {
  const port = await connectPort(base, token, deps);
  await using _ = afterwards(() => port.close());
  try {
    return await ask(port);
  } catch (error) {
    if (factsOf(error).status > 0) throw error;
    const { code, name } = json((error as Error).cause);
    throw wrong(filled(SAYS.unreachable, { server: new URL(base).origin, code: String(code ?? name) }), 'server');
  }
}

const WITHIN = { timeoutMs: 15_000 };

/** `example.org`, `@bot:example.org` or an address, as typed → addresses to try, the likeliest first. Null: it is none of these. */
export function candidates(typed: string): { server: string | null; base: string } | null {
  const text = typed.trim().replace(/\/+$/, '');
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  if (url) {
    if (url.username || url.password || url.search || url.hash) return null;
    return { server: null, base: url.href.replace(/\/+$/, '') };
  }
  const server = /^@[^:\s]+:(\S+)$/.exec(text)?.[1] ?? text;
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(server) || !URL.canParse(`https://${server}`)) return null;
  return { server, base: `https://${server}` };
}

/** The address of the homeserver that people call by this name; follows `.well-known`. Throws what is wrong and what to do. */
export async function discover(typed: string, deps: Reach): Promise<string> {
  const start = candidates(typed);
  if (start === null) throw wrong(filled(SAYS.noServer, { typed: typed.slice(0, 80) }));
  const named = await at(start.base, null, deps, (port) => port.wellKnown(WITHIN));
  // An address that is typed is meant; what its host says else comes second.
  const order = start.server === null ? [start.base, named] : [named, start.base];
  let failure: unknown = null;
  for (const base of order) {
    if (base === null) continue;
    try {
      await at(base, null, deps, (port) => port.versions(WITHIN));
      return base;
    } catch (error) {
      const { status } = factsOf(error);
      if (status === 0) failure ??= error;
      else failure = wrong(filled(SAYS.noHomeserver, { base, status: `${status}` }));
    }
  }
  throw failure;
}

/** How people log in there. */
export async function waysOf(base: string, deps: Reach): Promise<Way[]> {
  const types = await at(base, null, deps, (port) => port.loginTypes(WITHIN)).catch((error: unknown) => {
    if (factsOf(error).status === 0) throw error;
    return [] as unknown[];
  });
  return [
    ...(types.includes('m.login.password') ? (['password'] as const) : []),
    ...(types.includes('m.login.sso') || types.includes('m.login.cas') ? (['sso'] as const) : []),
  ];
}

/** Logs in once, as a session of its own. Throws `auth` where the credentials are refused. */
export async function logIn(base: string, credentials: Credentials, deps: Reach) {
  const how =
    'loginToken' in credentials
      ? { type: 'm.login.token', token: credentials.loginToken }
      : {
          type: 'm.login.password',
          identifier: { type: 'm.id.user', user: credentials.user },
          password: credentials.password,
        };
  const body = { ...how, initial_device_display_name: DEVICE_NAME };
  return await at(base, null, deps, (port) => port.login(body, WITHIN)).catch(refuse(base));
}

/** Ends the session of a token that is not kept. Never throws. */
export async function logOut(base: string, token: string, deps: Reach): Promise<void> {
  const lasting = { ...deps, signal: AbortSignal.timeout(5_000) };
  await at(base, token, lasting, (port) => port.logout()).catch(() => undefined);
}

/** Whose token it is. Throws `auth` where it is refused. */
export const ownerOf = async (base: string, token: string, deps: Reach): Promise<string> =>
  (await at(base, token, deps, (port) => port.whoami(WITHIN)).catch(refuse(base))).userId;

const REFUSALS: Partial<Record<string, string>> = TROUBLES.matrix;

/** What a refused login means to whoever sits there. */
const refuse = (base: string) => (error: unknown) => {
  const { status, errcode, retryAfterMs } = factsOf(error);
  if (status === 0) throw error;
  const { error: text } = json(error instanceof Error && error.cause);
  const said = typeof text === 'string' ? `: ${oneLine(text)}` : '';
  if (status === 429) {
    const seconds = Math.ceil((retryAfterMs ?? 60_000) / 1_000);
    throw wrong(filled(SAYS.pause, { base, seconds: `${seconds}` }), 'rate_limited');
  }
  if (errcode !== null && Object.hasOwn(REFUSALS, errcode)) throw wrong(REFUSALS[errcode]!, 'auth');
  throw wrong(`${base} refuses (${status} ${errcode ?? 'no answer of Matrix'}${said})`, 'auth');
};

const wrong = (text: string, code: Code = 'client'): TocsinError => new TocsinError(code, text);
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g;
const oneLine = (text: string): string => text.replace(UNPRINTABLE, ' ').slice(0, 200);

/**
 * The way back from a login in the browser: an address on this machine alone, open until the browser has come by. A page of the homeserver's sends the
 * browser to a path that nobody can guess; other paths and methods get nothing.
 */
export async function openSsoCallback(base: string) {
  const path = `/${randomBytes(16).toString('hex')}`;
  const { promise: token, resolve } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    const found = url?.pathname === path && request.method === 'GET' ? url.searchParams.get('loginToken') : null;
    response.setHeader('content-type', 'text/plain; charset=utf-8').setHeader('connection', 'close');
    if (!isLoginToken(found)) {
      response.writeHead(404).end('Nothing here.\n');
      return;
    }
    response.end('Logged in. You can close this window and go back to the terminal.\n');
    resolve(found);
  });
  server.maxHeadersCount = 100;
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const back = `http://127.0.0.1:${port}${path}`;
  return {
    /** What to open in the browser. */
    link: `${base}/_matrix/client/v3/login/sso/redirect?redirectUrl=${encodeURIComponent(back)}`,
    /** Resolves with the token that the browser brought. */
    token,
    close: () => void server.close().closeAllConnections(),
  };
}

/** What somebody pasted: the token, or the address that their browser ended at. Null = neither. */
export function loginTokenIn(pasted: string): string | null {
  const text = pasted.trim();
  const found = URL.parse(text)?.searchParams.get('loginToken') ?? text;
  return isLoginToken(found) ? found : null;
}

const isLoginToken = (text: string | null | undefined): text is string =>
  typeof text === 'string' && /^[\x21-\x7e]{8,2048}$/.test(text);

/** What `tocsin setup` asks of a Matrix account: where it is, and a login. */

type How = Way | 'token';

async function askServer(asker: Asker, deps: Reach): Promise<{ base: string; ways: Way[] }> {
  for (;;) {
    const typed = await asker.ask({
      kind: 'text',
      flag: 'matrix-homeserver',
      says: "The bot's homeserver",
      example: 'example.org',
      check: (text) => (text.trim() === '' ? SAYS.writeServer : null),
    });
    try {
      const base = await discover(typed, deps);
      const ways = await waysOf(base, deps);
      asker.say(filled(SAYS.homeserverIs, { base }));
      return { base, ways };
    } catch (error) {
      asker.wrong(filled(SAYS.anotherName, { problem: messageOf(error) }));
    }
  }
}

async function askHow(asker: Asker, ways: readonly Way[]): Promise<How> {
  if (asker.given('matrix-access-token-file')) return 'token';
  if (asker.given('matrix-password-file')) return 'password';
  if (asker.given('matrix-login-token-file')) return 'sso';
  const known: How[] = [...ways, 'token'];
  const how = await asker.ask({
    kind: 'one',
    flag: 'matrix-login',
    says: 'How do you log the bot in?',
    choices: known.map((value) => ({ value, ...SAYS.ways[value] })),
    initial: known[0]!,
  });
  return how as How;
}

async function byPassword(asker: Asker): Promise<Credentials> {
  const user = await asker.ask({
    kind: 'text',
    flag: 'matrix-user',
    says: "The bot's user name",
    example: 'tocsin',
    check: (text) => (/^\S{1,255}$/.test(text.trim()) ? null : SAYS.writeUser),
  });
  const password = await asker.ask({ kind: 'secret', flag: 'matrix-password-file', says: 'Its password (not kept)' });
  return { user: user.trim(), password };
}

async function bySso(asker: Asker, base: string, signal: AbortSignal): Promise<Credentials> {
  const pasted = {
    kind: 'secret',
    flag: 'matrix-login-token-file',
    says: 'Waiting for the browser; or paste the address it ended at',
    check: (text: string) => (loginTokenIn(text) ? null : SAYS.noLoginToken),
  } as const;
  if (asker.given('matrix-login-token-file')) return { loginToken: loginTokenIn(await asker.ask(pasted)) ?? '' };
  const callback = await openSsoCallback(base);
  const came = new AbortController();
  using _ = atEnd(() => callback.close());
  asker.say(SAYS.openLink);
  asker.link(callback.link);
  const typed = asker.ask(pasted, AbortSignal.any([came.signal, signal])).then((text) => loginTokenIn(text) ?? '');
  const loginToken = await Promise.race([callback.token, typed]);
  came.abort(new Error('the browser came'));
  await typed.catch(() => undefined);
  return { loginToken };
}

async function byToken(asker: Asker, base: string, deps: Reach): Promise<LoggedIn> {
  const check = (text: string): string | null => (/^[\x21-\x7e]{1,4096}$/.test(text) ? null : SAYS.noAccessToken);
  const flag = 'matrix-access-token-file';
  const accessToken = await asker.ask({ kind: 'secret', flag, says: 'The access token', check });
  return { userId: await ownerOf(base, accessToken, deps), accessToken };
}

/** Until the homeserver has given or known a token. */
async function ask(asker: Asker, deps: SetupDeps): Promise<MadeAccount> {
  const login: Reach = { proxy: deps.proxy, now: () => deps.clock.now(), signal: deps.signal };
  if (!asker.given('matrix-homeserver')) asker.say(SAYS.ownAccount);
  const { base, ways } = await askServer(asker, login);
  for (;;) {
    const how = await askHow(asker, ways);
    try {
      const credentials =
        how === 'password' ? await byPassword(asker) : how === 'sso' ? await bySso(asker, base, deps.signal) : null;
      const logged = credentials ? await logIn(base, credentials, login) : await byToken(asker, base, login);
      const { userId, accessToken } = logged;
      asker.say(`Logged in as ${userId}.`);
      const account = { homeserver: base, accessToken };
      const e2ee = await askEncryption(asker, account, login);
      const password = credentials && 'password' in credentials ? credentials.password : null;
      return {
        id: 'mx',
        platform: 'matrix',
        keys: { homeserver: base, e2ee: e2ee || undefined },
        secrets: { accessToken },
        identity: { id: userId, name: userId, link: `https://matrix.to/#/${userId}` },
        ...(credentials && { undo: () => logOut(base, accessToken, login) }),
        ...(e2ee && { complete: (whom, within) => encrypt(whom, { ...within, ...account }, password) }),
      };
    } catch (error) {
      const { code } = error as { code?: unknown };
      // The end of the setup is no wrong answer.
      if (deps.signal.aborted || code === 'canceled' || code === 'usage') throw error;
      asker.wrong(messageOf(error));
    }
  }
}

/** Are encrypted rooms served? Not by a session that has another app's keys. */
async function askEncryption(
  asker: Asker,
  account: { homeserver: string; accessToken: string },
  login: Reach,
): Promise<boolean> {
  const says = 'Serve encrypted rooms?';
  asker.say(SAYS.whyEncryption);
  const wish = await asker.ask({ kind: 'yes-no', flag: 'matrix-e2ee', says, initial: asker.attended });
  if (wish === 'no') return false;
  const port = await connectPort(account.homeserver, account.accessToken, login);
  await using _ = afterwards(() => port.close());
  if (await publishedDevice(port, await sessionOf(port, account.homeserver), {})) asker.say(SAYS.otherKeys);
  return true;
}

/** The password is at hand for as long as the setup runs: some homeservers want it for the identity. */
async function encrypt(asker: Asker, deps: Parameters<typeof openLink>[0] & CompleteDeps, password: string | null) {
  const { link, close } = await openLink(deps);
  await using _ = afterwards(close);
  const now = await secure(link, { ...deps, asker, password, reset: false, renew: false, prefix: 'matrix-' });
  await keepStanding(deps.state, link, now);
  if (!now.signed) asker.say(SAYS.verifyFirst);
}

async function meet(_made: MadeAccount, asker: Asker): Promise<string | null> {
  const typed = await asker.ask({
    kind: 'text',
    flag: 'matrix-operator',
    says: 'Your own Matrix name, for the test alert (empty: leave it out)',
    example: '@you:example.org',
    initial: '',
    check: (text) => (text.trim() === '' || isUserId(text.trim()) ? null : SAYS.writeName),
  });
  if (typed.trim() === '') return null;
  asker.say(SAYS.accept);
  return typed.trim();
}

export const setup: AccountSetup = { ask, meet };
