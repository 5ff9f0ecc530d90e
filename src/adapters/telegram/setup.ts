/** What `tocsin setup` asks of a Telegram bot, sets on it, and how it finds its operator. */
import type { UserFromGetMe } from 'grammy/types';
import { TocsinError } from '../../core/errors.ts';
import type { AccountSetup, Asker, IntroduceDeps, MadeAccount, SetupDeps } from '../../core/ports/setup.ts';
import { type ApiClient, apiClient } from './client.ts';
import { identityOf, metBy } from './meet.ts';
import { trouble } from './poll.ts';
import { setWholeProfile } from './set-profile.ts';
import { awaitStart } from './setup-start.ts';

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
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

const clientOf = (made: MadeAccount, deps: SetupDeps) => ({
  token: made.secrets.token!,
  root: (made.keys.apiRoot as string | undefined) ?? CLOUD,
  proxy: deps.proxy,
});

type Looked = { me: UserFromGetMe } | { problem: string; unreachable: boolean };

async function look(token: string, root: string, { proxy, signal }: SetupDeps): Promise<Looked> {
  const answer = await withClient({ token, root, proxy }, (client) =>
    client.call('getMe', '{}', { deadlineMs: ASK_MS, signal }),
  );
  const met = metBy(answer, 0);
  if (met.type === 'me') return { me: met.me };
  if (met.type === 'refused')
    return {
      problem: 'Telegram does not know this token. Copy it anew: BotFather, /mybots, your bot, API Token.',
      unreachable: false,
    };
  return {
    problem: `${trouble(answer, 1, 0).problem}. Is there internet here, is ${root} the right address (--telegram-api-root), is a proxy needed (network.proxy)? Nothing is lost: give the token again when it works.`,
    unreachable: true,
  };
}

async function askRoot(asker: Asker, env: SetupDeps['env']): Promise<string> {
  const fromEnv = env.TELEGRAM_API_ROOT?.trim();
  if (!asker.given('telegram-api-root')) {
    if (!fromEnv) return CLOUD;
    if (ROOT.test(fromEnv)) return fromEnv;
    throw new TocsinError('usage', 'TELEGRAM_API_ROOT is no http or https address: correct it, or unset it');
  }
  for (;;) {
    const root = await asker.ask({
      kind: 'text',
      flag: 'telegram-api-root',
      says: 'Address of the Bot API',
      initial: CLOUD,
    });
    if (ROOT.test(root)) return root;
    asker.wrong(`${root.slice(0, 100)} is no http or https address.`);
  }
}

/** Until there is a token that its server knows. */
async function ask(asker: Asker, deps: SetupDeps): Promise<MadeAccount> {
  const root = await askRoot(asker, deps.env);
  if (!asker.given('telegram-token-file')) {
    asker.say(
      'Telegram: open BotFather on your phone or computer and send it /newbot. It asks for a name ("My Tocsin") and a user name that ends in "bot", and then answers with a token. Who has the token owns the bot: it is kept in a file of its own that only you can read.',
    );
    asker.link(BOTFATHER);
  }
  for (;;) {
    const token = await asker.ask({
      kind: 'secret',
      flag: 'telegram-token-file',
      says: 'The token from BotFather',
      check: (text) => (TOKEN.test(text) ? null : 'A token looks like 1234567:AAE…; copy all of it.'),
    });
    const found = await look(token, root, deps);
    if ('problem' in found) {
      asker.wrong(found.problem, found.unreachable);
      continue;
    }
    asker.say(`This is @${found.me.username} (${found.me.first_name}).`);
    return {
      id: 'tg',
      platform: 'telegram',
      keys: root === CLOUD ? {} : { apiRoot: root },
      secrets: { token },
      identity: identityOf(found.me),
    };
  }
}

async function meet(made: MadeAccount, asker: Asker, deps: SetupDeps & { follow: readonly string[] }) {
  if (asker.given('telegram-operator')) {
    const check = (text: string): string | null =>
      /^\d{1,16}$/.test(text) ? null : 'That is no number of an account: digits alone, such as 12345678.';
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
