/** What `tocsin setup` asks of a Matrix account: where it is, and a login. */
import { messageOf } from '../../core/errors.ts';
import type { AccountSetup, Asker, Choice, CompleteDeps, MadeAccount, SetupDeps } from '../../core/ports/setup.ts';
import { connectCalls } from './crypto/calls.ts';
import { asPort, openLink, whoAmI } from './crypto/open-link.ts';
import { secure } from './crypto/secure.ts';
import { publishedKey } from './crypto/start.ts';
import {
  type Credentials,
  discover,
  type LoggedIn,
  type LoginDeps,
  logIn,
  logOut,
  ownerOf,
  type Way,
  waysOf,
} from './login.ts';
import { loginTokenIn, openSsoDoor } from './sso.ts';
import { keepStanding } from './standing-kept.ts';
import { isUserId } from './sync-answer.ts';

type How = Way | 'token';

async function askServer(asker: Asker, deps: LoginDeps): Promise<{ base: string; ways: Way[] }> {
  for (;;) {
    const typed = await asker.ask({
      kind: 'text',
      flag: 'matrix-homeserver',
      says: "The bot's homeserver",
      example: 'example.org',
      check: (text) => (text.trim() === '' ? 'Write its name or address, such as example.org.' : null),
    });
    try {
      const base = await discover(typed, deps);
      const ways = await waysOf(base, deps);
      asker.say(`The homeserver is ${base}.`);
      return { base, ways };
    } catch (error) {
      asker.wrong(`${messageOf(error)}. Nothing is lost: give another name, or the same when it works.`);
    }
  }
}

const LABELS: Record<How, Omit<Choice, 'value'>> = {
  password: { label: 'By password', hint: 'used once and not kept' },
  sso: { label: 'In the browser (SSO)', hint: 'by a link' },
  token: { label: 'By an access token', hint: 'that you have already' },
};

async function askHow(asker: Asker, ways: readonly Way[]): Promise<How> {
  if (asker.given('matrix-access-token-file')) return 'token';
  if (asker.given('matrix-password-file')) return 'password';
  if (asker.given('matrix-login-token-file')) return 'sso';
  const known: How[] = [...ways, 'token'];
  const how = await asker.ask({
    kind: 'one',
    flag: 'matrix-login',
    says: 'How do you log the bot in?',
    choices: known.map((value) => ({ value, ...LABELS[value] })),
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
    check: (text) =>
      /^\S{1,255}$/.test(text.trim()) ? null : 'Write its name, such as tocsin or @tocsin:example.org.',
  });
  const password = await asker.ask({ kind: 'secret', flag: 'matrix-password-file', says: 'Its password (not kept)' });
  return { user: user.trim(), password };
}

async function bySso(asker: Asker, base: string, signal: AbortSignal): Promise<Credentials> {
  const pasted = {
    kind: 'secret',
    flag: 'matrix-login-token-file',
    says: 'Waiting for the browser; or paste the address it ended at',
    check: (text: string) => (loginTokenIn(text) ? null : 'There is no loginToken in it; copy the whole address.'),
  } as const;
  if (asker.given('matrix-login-token-file')) return { loginToken: loginTokenIn(await asker.ask(pasted)) ?? '' };
  const door = await openSsoDoor(base);
  const came = new AbortController();
  try {
    asker.say(
      'Open this link in a browser and log in AS THE BOT, not as yourself (a private window helps). If the browser is on another machine, the last page does not load: paste its address here.',
    );
    asker.link(door.link);
    const typed = asker.ask(pasted, AbortSignal.any([came.signal, signal])).then((text) => loginTokenIn(text) ?? '');
    const loginToken = await Promise.race([door.token, typed]);
    came.abort(new Error('the browser came'));
    await typed.catch(() => undefined);
    return { loginToken };
  } finally {
    door.close();
  }
}

async function byToken(asker: Asker, base: string, deps: LoginDeps): Promise<LoggedIn> {
  const check = (text: string): string | null =>
    /^[\x21-\x7e]{1,4096}$/.test(text) ? null : 'An access token is one word, such as syt_…';
  const flag = 'matrix-access-token-file';
  const accessToken = await asker.ask({ kind: 'secret', flag, says: 'The access token', check });
  return { userId: await ownerOf(base, accessToken, deps), accessToken };
}

/** Until the homeserver has given or known a token. */
async function ask(asker: Asker, deps: SetupDeps): Promise<MadeAccount> {
  const login: LoginDeps = { proxy: deps.proxy, now: () => deps.clock.now(), signal: deps.signal };
  if (!asker.given('matrix-homeserver'))
    asker.say(
      "Matrix: the bot needs an account of its own, not yours. Make one in any app or on your homeserver's website. Then log in here once.",
    );
  const { base, ways } = await askServer(asker, login);
  for (;;) {
    const how = await askHow(asker, ways);
    let password: string | null = null;
    try {
      let logged: LoggedIn;
      if (how === 'token') logged = await byToken(asker, base, login);
      else {
        const credentials = how === 'password' ? await byPassword(asker) : await bySso(asker, base, deps.signal);
        if ('password' in credentials) password = credentials.password;
        logged = await logIn(base, credentials, login);
      }
      asker.say(`Logged in as ${logged.userId}.`);
      const e2ee = await askEncryption(asker, base, logged, login);
      return madeOf(base, { ...logged, e2ee }, { how, password }, login);
    } catch (error) {
      // The end of the setup is no wrong answer.
      if (
        deps.signal.aborted ||
        (error as { code?: unknown }).code === 'canceled' ||
        (error as { code?: unknown }).code === 'usage'
      )
        throw error;
      asker.wrong(messageOf(error));
    }
  }
}

/** Are encrypted rooms served? Not by a session that has another app's keys. */
async function askEncryption(
  asker: Asker,
  base: string,
  { accessToken }: LoggedIn,
  login: LoginDeps,
): Promise<boolean> {
  const says = 'Serve encrypted rooms?';
  asker.say(
    'Element makes direct chats encrypted by default: without this the bot cannot answer there. Its keys are then kept in the database, one process has them, and after a restore it logs in anew.',
  );
  const wish = await asker.ask({ kind: 'yes-no', flag: 'matrix-e2ee', says, initial: asker.attended });
  if (wish === 'no') return false;
  const calls = connectCalls({ homeserver: base, accessToken, ...login });
  try {
    if ((await publishedKey(asPort(calls), await whoAmI(calls), {})) === null) return true;
    asker.say(
      'This session has encryption keys of another app, or of an earlier Tocsin. If the bot does not have them in its database, log in by password or in the browser instead, for a session of its own.',
    );
    return true;
  } finally {
    await calls.close();
  }
}

function madeOf(
  base: string,
  { userId, accessToken, e2ee }: LoggedIn & { e2ee: boolean },
  { how, password }: { how: How; password: string | null },
  login: LoginDeps,
): MadeAccount {
  return {
    id: 'mx',
    platform: 'matrix',
    keys: { homeserver: base, e2ee: e2ee || undefined },
    secrets: { accessToken },
    identity: { id: userId, name: userId, link: `https://matrix.to/#/${userId}` },
    ...(how === 'token' ? {} : { undo: () => logOut(base, accessToken, login) }),
    ...(e2ee ? { complete: (asker, deps) => encrypt(asker, deps, { base, accessToken, password }) } : {}),
  };
}

/** The password is at hand for as long as the setup runs: some homeservers want it for the identity. */
async function encrypt(
  asker: Asker,
  deps: CompleteDeps,
  { base: homeserver, accessToken, password }: { base: string; accessToken: string; password: string | null },
): Promise<void> {
  const { link, calls, close } = await openLink({ ...deps, homeserver, accessToken });
  const { random, keep, state } = deps;
  try {
    const standing = await secure(link, calls, {
      asker,
      password,
      reset: false,
      renew: false,
      random,
      keep,
      prefix: 'matrix-',
    });
    await keepStanding(state, link, standing);
    if (!standing.signed) asker.say('Before you start it: tocsin matrix verify, with that app at hand.');
  } finally {
    await close();
  }
}

async function meet(_made: MadeAccount, asker: Asker): Promise<string | null> {
  const typed = await asker.ask({
    kind: 'text',
    flag: 'matrix-operator',
    says: 'Your own Matrix name, for the test alert (empty: leave it out)',
    example: '@you:example.org',
    initial: '',
    check: (text) => (text.trim() === '' || isUserId(text.trim()) ? null : 'Write it as @you:example.org.'),
  });
  if (typed.trim() === '') return null;
  asker.say('The bot opens a direct chat with you: accept its invitation, and the test alert is there.');
  return typed.trim();
}

export const setup: AccountSetup = { ask, meet };
