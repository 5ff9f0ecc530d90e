/** "User-interactive authentication": what a homeserver asks for before it lets an account's identity be replaced. */
import { TocsinError } from '../../../core/errors.ts';
import type { Answer } from '../plain-call.ts';
import { json } from '../sync-answer.ts';
import { type Calls, refused } from './calls.ts';

export interface Confirmation {
  userId: string;
  /** The account's password, asked for only where it is needed and never kept; null = there is none. */
  password(): Promise<string | null>;
  /** A link that the account's owner opens, logged in as the account; resolves when they say that it is done. Null = nobody can. */
  approve: ((link: string) => Promise<void>) | null;
}

/** Stages that are confirmed in a browser, in different servers' words. */
const IN_BROWSER = ['m.oauth', 'org.matrix.cross_signing_reset', 'm.login.sso'];
const MAX_TRIES = 4;

/** Makes a call that may have to be confirmed. Throws `auth` naming the remedy where it cannot be. */
export async function confirmed(
  { ask, confirmAt }: Pick<Calls, 'ask' | 'confirmAt'>,
  path: string,
  body: object,
  who: Confirmation,
): Promise<void> {
  let auth: object | null = null;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const answer = await ask('POST', path, auth === null ? body : { ...body, auth }, 30_000);
    if (answer.status === 200) return;
    const session = answer.body.session;
    if (answer.status !== 401 || typeof session !== 'string' || session.length > 1_000)
      throw refused(answer, 'the keys of the identity');
    if (tries > 0 && answer.body.errcode === 'M_FORBIDDEN' && 'password' in (auth ?? {}))
      throw new TocsinError('auth', "the homeserver does not accept the password of the bot's account: try again");
    auth = await answerTo(answer, session, who, confirmAt);
  }
  throw new TocsinError(
    'auth',
    'the homeserver asks again and again for a confirmation: try later, or ask whoever runs it',
  );
}

async function answerTo(
  { body }: Answer,
  session: string,
  { userId, password, approve }: Confirmation,
  confirmAt: Calls['confirmAt'],
): Promise<object> {
  const flows = (Array.isArray(body.flows) ? body.flows : []).map((flow) => json(flow).stages);
  const done = Array.isArray(body.completed) ? body.completed : [];
  /** Of each way what is left; one stage alone is what we can do. */
  const left = flows
    .map((stages) => (Array.isArray(stages) ? stages.filter((one) => !done.includes(one)) : []))
    .filter((stages) => stages.length === 1)
    .map(([stage]) => String(stage));
  if (left.includes('m.login.dummy')) return { type: 'm.login.dummy', session };
  if (left.includes('m.login.password')) {
    const secret = await password();
    if (secret !== null)
      return { type: 'm.login.password', identifier: { type: 'm.id.user', user: userId }, password: secret, session };
  }
  const stage = IN_BROWSER.find((one) => left.includes(one));
  if (stage !== undefined && approve !== null) {
    const url = json(json(body.params)[stage]).url;
    const named = typeof url === 'string' && url.length < 2_000 && /^https?:$/.test(URL.parse(url)?.protocol ?? '');
    await approve(named ? (url as string) : confirmAt(stage, session));
    return stage === 'm.login.sso' ? { session } : { type: stage, session };
  }
  throw new TocsinError(
    'auth',
    left.includes('m.login.password')
      ? "the homeserver wants the password of the bot's account for this: give it by --password-file, or log in as the bot in Element and reset the identity there"
      : stage !== undefined
        ? 'the homeserver wants this confirmed in a browser: run tocsin matrix verify in a terminal, which shows the link'
        : `the homeserver wants a confirmation that Tocsin does not know (${left.join(', ').slice(0, 100) || 'several steps'}): log in as the bot in Element, make the recovery there, and give it here by --recovery-key-file`,
  );
}
