import { readFile } from 'node:fs/promises';
import TEXTS from '../../../config/terminal-texts.json' with { type: 'json' };
import { afterwards, TocsinError } from '../../core/errors.ts';
import type { LogFields } from '../../core/ports/runtime.ts';
import type { AccountSetup, Asker, IntroduceDeps, MadeAccount, SetupDeps } from '../../core/ports/setup.ts';
import { filled } from '../../i18n/packs.ts';
import { createBot } from './bot.ts';
import { type ApiClient, apiClient, inParts, resultOf } from './client.ts';
import { identityOf, metBy, trouble } from './connection.ts';
import { setProfile } from './profile.ts';

const SAYS = TEXTS.telegram;

/** What people see of the bot, set before its first start: menus and descriptions, as the running bot sets them, and a picture where it has none. */

const PICTURE = new URL('../../../config/bot-picture.jpg', import.meta.url);
const DEADLINE_MS = 30_000;

/** Resolves with what did not work, a line each. */
export async function setWholeProfile(client: ApiClient, token: string, deps: IntroduceDeps): Promise<string[]> {
  const { clock, state, menus, signal } = deps;
  const met = metBy(await client.call('getMe', '{}', { deadlineMs: DEADLINE_MS, signal }), 0);
  if (met.type !== 'me') return ['Telegram cannot be reached now; the first start sets commands and descriptions'];
  const bot = createBot({ token, me: met.me, client, route: async () => {} });
  const problems: string[] = [];
  const log = { info: (text: string, facts?: LogFields) => void problems.push(String(facts?.detail ?? text)) };
  await setProfile(bot, { clock, state, commandMenu: () => menus, log }, signal);
  const picture = await setPicture(client, met.me.id, signal);
  if (picture !== null) problems.push(picture);
  return problems;
}

/** Null = it has one now. One of the operator's own stays. */
async function setPicture(client: ApiClient, id: number, signal: AbortSignal): Promise<string | null> {
  const limits = { deadlineMs: DEADLINE_MS, signal };
  const had = await client.call('getUserProfilePhotos', JSON.stringify({ user_id: id, limit: 1 }), limits);
  const photos = resultOf(had) as { total_count?: number } | undefined;
  if ((photos?.total_count ?? 0) > 0) return null;
  const fields = { photo: { type: 'static', photo: 'attach://picture' } };
  const file = { part: 'picture', name: 'tocsin.jpg', type: 'image/jpeg', bytes: await readFile(PICTURE) };
  const { body, contentType } = inParts(fields, file);
  const set = await client.call('setMyProfilePhoto', body, { ...limits, contentType });
  if (set.kind === 'answer' && set.body.ok) return null;
  return `setMyProfilePhoto: ${set.kind === 'answer' ? set.body.description : set.detail}`;
}

/** Waits for the operator to press Start, before any bot runs with the token. */

/** How long somebody has to find their phone. */
const PATIENCE_MS = 10 * 60_000;
const POLL_SECONDS = 20;
/** Telegram slows down whoever asks for the same updates again and again. */
const APART_MS = 1_500;
const BATCH = 100;
/** A deep link holds 64 characters. */
const MAX_FOLLOWED = 8;

export interface StartParts {
  client: Pick<ApiClient, 'call'>;
  /** The bot's user name. */
  name: string;
  asker: Asker;
  deps: Pick<SetupDeps, 'clock' | 'ids' | 'signal'> & { follow: readonly string[] };
}

/**
 * Shows a link with a code that only this terminal knows, so that nobody else becomes the operator by pressing Start at this moment. Updates are looked at
 * and not confirmed: the bot gets all of them at its start, this one too, and follows then what the link names. Null: it was not pressed, or cannot be seen.
 */
export async function awaitStart({ client, name, asker, deps }: StartParts): Promise<string | null> {
  const { clock, ids, signal, follow } = deps;
  const code = ids.tail(12);
  const payload = [...follow.slice(0, MAX_FOLLOWED).map((one) => one.toLowerCase()), `setup-${code}`].join('_');
  asker.say(SAYS.pressStart);
  asker.link(`https://t.me/${name}?start=${payload}`);
  const until = clock.monotonic() + PATIENCE_MS;
  while (!signal.aborted && clock.monotonic() < until) {
    const body = JSON.stringify({ limit: BATCH, timeout: POLL_SECONDS });
    const limits = { deadlineMs: (POLL_SECONDS + 10) * 1_000, maxBytes: 32 << 20, signal };
    const answer = await client.call('getUpdates', body, limits);
    if (signal.aborted) return null;
    if (answer.kind !== 'answer' || !answer.body.ok) {
      const { kind, problem, waitMs } = trouble(answer, 1, 0);
      if (kind !== 'line') {
        asker.say(SAYS.busy[kind]);
        return null;
      }
      asker.say(filled(SAYS.tryingAgain, { problem }));
      await clock.sleep(waitMs, signal).catch(() => {});
      continue;
    }
    const updates = Array.isArray(answer.body.result) ? answer.body.result : [];
    const found = updates.map((update) => starter(update, payload)).find((id) => id !== null);
    if (found) return found;
    if (updates.length >= BATCH) {
      asker.say(SAYS.manyWait);
      return null;
    }
    await clock.sleep(APART_MS, signal).catch(() => {});
  }
  if (!signal.aborted) asker.say(SAYS.notPressed);
  return null;
}

/** The number of the person whose `/start` in a private chat has our payload; null = it is something else. */
export function starter(update: unknown, payload: string): string | null {
  const { message } = (update ?? {}) as {
    message?: { text?: unknown; chat?: { id?: unknown; type?: unknown }; from?: { id?: unknown } };
  };
  if (message?.chat?.type !== 'private' || message.text !== `/start ${payload}`) return null;
  const { id } = message.chat;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 && message.from?.id === id ? String(id) : null;
}

/** What `tocsin setup` asks of a Telegram bot, sets on it, and how it finds its operator. */

const BOTFATHER = 'https://t.me/BotFather';
const CLOUD = 'https://api.telegram.org';
const ASK_MS = 15_000;
const TOKEN = /^\d{1,20}:[A-Za-z0-9_-]{20,200}$/;
const ROOT = /^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/;

/** Works with the token that the account would have. Its sockets are closed at the end. */
async function withClient<T>(
  { token, root, proxy }: { token: string; root: string; proxy: string | null },
  work: (client: ApiClient) => Promise<T>,
): Promise<T> {
  const client = apiClient({ token, apiRoot: root }, proxy, 2);
  await using _ = afterwards(() => client.close());
  return await work(client);
}

const clientOf = (made: MadeAccount, deps: SetupDeps) => ({
  token: made.secrets.token!,
  root: (made.keys.apiRoot as string | undefined) ?? CLOUD,
  proxy: deps.proxy,
});

/** Who the bot of this token is, or why that is not known. */
async function look(token: string, root: string, { proxy, signal }: SetupDeps) {
  const answer = await withClient({ token, root, proxy }, (client) =>
    client.call('getMe', '{}', { deadlineMs: ASK_MS, signal }),
  );
  const met = metBy(answer, 0);
  if (met.type === 'me') return met.me;
  const unreachable = met.type !== 'refused';
  const { problem } = trouble(answer, 1, 0);
  return { problem: unreachable ? filled(SAYS.unreachable, { problem, root }) : SAYS.unknownToken, unreachable };
}

async function askRoot(asker: Asker, env: SetupDeps['env']): Promise<string> {
  const fromEnv = env.TELEGRAM_API_ROOT?.trim();
  if (!asker.given('telegram-api-root')) {
    if (!fromEnv) return CLOUD;
    if (ROOT.test(fromEnv)) return fromEnv;
    throw new TocsinError('usage', 'TELEGRAM_API_ROOT is no http or https address: correct it, or unset it');
  }
  for (;;) {
    const says = 'Address of the Bot API';
    const root = await asker.ask({ kind: 'text', flag: 'telegram-api-root', says, initial: CLOUD });
    if (ROOT.test(root)) return root;
    asker.wrong(`${root.slice(0, 100)} is no http or https address.`);
  }
}

/** Until there is a token that its server knows. */
async function ask(asker: Asker, deps: SetupDeps): Promise<MadeAccount> {
  const root = await askRoot(asker, deps.env);
  if (!asker.given('telegram-token-file')) {
    asker.say(SAYS.makeOne);
    asker.link(BOTFATHER);
  }
  for (;;) {
    const token = await asker.ask({
      kind: 'secret',
      flag: 'telegram-token-file',
      says: 'The token from BotFather',
      check: (text) => (TOKEN.test(text) ? null : SAYS.tokenLooks),
    });
    const found = await look(token, root, deps);
    if ('problem' in found) {
      asker.wrong(found.problem, found.unreachable);
      continue;
    }
    asker.say(`This is @${found.username} (${found.first_name}).`);
    const keys = root === CLOUD ? {} : { apiRoot: root };
    return { id: 'tg', platform: 'telegram', keys, secrets: { token }, identity: identityOf(found) };
  }
}

async function meet(made: MadeAccount, asker: Asker, deps: SetupDeps & { follow: readonly string[] }) {
  if (asker.given('telegram-operator')) {
    const check = (text: string): string | null => (/^\d{1,16}$/.test(text) ? null : SAYS.noNumber);
    return await asker.ask({ kind: 'text', flag: 'telegram-operator', says: 'Your own number', check });
  }
  const name = made.identity?.name.replace(/^@/, '') ?? '';
  return await withClient(clientOf(made, deps), (client) => awaitStart({ client, name, asker, deps }));
}

export const setup: AccountSetup = {
  ask,
  introduce: (made: MadeAccount, deps: IntroduceDeps) =>
    withClient(clientOf(made, deps), (client) => setWholeProfile(client, made.secrets.token!, deps)),
  meet,
};
