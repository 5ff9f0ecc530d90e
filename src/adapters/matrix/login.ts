/** What a homeserver is asked before there is a token: where it is, how people log in there, and the login itself. */
import { type Code, TocsinError } from '../../core/errors.ts';
import { type Answer, type PlainCall, plainCall } from './plain-call.ts';
import { connections } from './request.ts';
import { json } from './sync-answer.ts';

/** Of the session, as its owner sees it in other apps. */
const DEVICE_NAME = 'Tocsin';

export interface LoginDeps {
  proxy: string | null;
  now(): number;
  signal: AbortSignal;
}

/** Ways to log in that Tocsin knows. */
export type Way = 'password' | 'sso';
export type Credentials = { user: string; password: string } | { loginToken: string };
export interface LoggedIn {
  userId: string;
  accessToken: string;
}

async function call(url: string, what: PlainCall, { proxy, now, signal }: LoginDeps): Promise<Answer> {
  const dispatcher = connections(proxy);
  try {
    return await plainCall(url, what, { dispatcher, now, signal });
  } finally {
    await dispatcher.destroy();
  }
}

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
export async function discover(typed: string, deps: LoginDeps): Promise<string> {
  const start = candidates(typed);
  if (start === null)
    throw wrong(
      `${typed.slice(0, 80)} is no name or address of a server: write it as example.org or https://matrix.example.org`,
    );
  const named = await wellKnown(start.base, deps);
  // An address that is typed is meant; what its host says else comes second.
  const order = start.server === null ? [start.base, named] : [named, start.base];
  let failure: unknown = null;
  for (const base of order) {
    if (base === null) continue;
    try {
      const { status, body } = await call(`${base}/_matrix/client/versions`, { method: 'GET' }, deps);
      if (status === 200 && Array.isArray(body.versions)) return base;
      failure = wrong(`${base} is no Matrix homeserver (it answers ${status}): ask whoever runs it for its address`);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

async function wellKnown(base: string, deps: LoginDeps): Promise<string | null> {
  try {
    const { body } = await call(new URL('/.well-known/matrix/client', base).href, { method: 'GET' }, deps);
    const named = json(body['m.homeserver']).base_url;
    const url = typeof named === 'string' && named.length < 300 ? URL.parse(named) : null;
    return url && /^https?:$/.test(url.protocol) && !url.username ? url.href.replace(/\/+$/, '') : null;
  } catch {
    return null;
  }
}

/** How people log in there. */
export async function waysOf(base: string, deps: LoginDeps): Promise<Way[]> {
  const { body } = await call(`${base}/_matrix/client/v3/login`, { method: 'GET' }, deps);
  const types = (Array.isArray(body.flows) ? body.flows : []).map((flow) => json(flow).type);
  return [
    ...(types.includes('m.login.password') ? (['password'] as const) : []),
    ...(types.includes('m.login.sso') || types.includes('m.login.cas') ? (['sso'] as const) : []),
  ];
}

/** Logs in once, as a session of its own. Throws `auth` where the credentials are refused. */
export async function logIn(base: string, credentials: Credentials, deps: LoginDeps): Promise<LoggedIn> {
  const how =
    'loginToken' in credentials
      ? { type: 'm.login.token', token: credentials.loginToken }
      : {
          type: 'm.login.password',
          identifier: { type: 'm.id.user', user: credentials.user },
          password: credentials.password,
        };
  const body = { ...how, initial_device_display_name: DEVICE_NAME };
  const answer = await call(`${base}/_matrix/client/v3/login`, { method: 'POST', body }, deps);
  const { user_id: userId, access_token: accessToken } = answer.body;
  if (
    answer.status === 200 &&
    typeof userId === 'string' &&
    typeof accessToken === 'string' &&
    accessToken.length < 4_096
  )
    return { userId, accessToken };
  throw refusal(answer, base);
}

/** Ends the session of a token that is not kept. Never throws. */
export async function logOut(base: string, token: string, deps: LoginDeps): Promise<void> {
  const lasting = { ...deps, signal: AbortSignal.timeout(5_000) };
  await call(`${base}/_matrix/client/v3/logout`, { method: 'POST', body: {}, token }, lasting).catch(() => undefined);
}

/** Whose token it is. Throws `auth` where it is refused. */
export async function ownerOf(base: string, token: string, deps: LoginDeps): Promise<string> {
  const answer = await call(`${base}/_matrix/client/v3/account/whoami`, { method: 'GET', token }, deps);
  if (answer.status === 200 && typeof answer.body.user_id === 'string') return answer.body.user_id;
  throw refusal(answer, base);
}

function refusal({ status, body, isJson }: Answer, base: string): TocsinError {
  const errcode = typeof body.errcode === 'string' ? body.errcode.slice(0, 60) : null;
  const said = isJson && typeof body.error === 'string' ? `: ${oneLine(body.error)}` : '';
  if (status === 429) {
    const ms = typeof body.retry_after_ms === 'number' ? Math.min(body.retry_after_ms, 3_600_000) : 60_000;
    return wrong(
      `${base} wants a pause of ${Math.ceil(ms / 1_000)} s before the next login: try again then`,
      'rate_limited',
    );
  }
  if (errcode === 'M_FORBIDDEN')
    return wrong('User name or password is not right, or the link was used already. Try again.', 'auth');
  if (errcode === 'M_UNKNOWN_TOKEN' || errcode === 'M_MISSING_TOKEN')
    return wrong(
      'The homeserver does not know this access token: it ends when its session is signed out. Log in anew.',
      'auth',
    );
  if (errcode === 'M_USER_DEACTIVATED') return wrong('This account has been deactivated: make another one.', 'auth');
  return wrong(`${base} refuses (${status} ${errcode ?? 'no answer of Matrix'}${said})`, 'auth');
}

const wrong = (text: string, code: Code = 'client'): TocsinError => new TocsinError(code, text);
// biome-ignore lint/complexity/useRegexLiterals: the escapes are easier to read than the characters
const UNPRINTABLE = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]+', 'g');
const oneLine = (text: string): string => text.replace(UNPRINTABLE, ' ').slice(0, 200);
