import type { AccountConfig, Config } from '../config/schema.ts';
import { afterwards, messageOf, TocsinError } from '../core/errors.ts';
import type { Chat, ChatAddress } from '../core/model/chat.ts';
import type { MessageDocument } from '../core/model/message.ts';
import type { ChatAdapter, SendOutcome } from '../core/ports/chat-adapter.ts';
import type { Clock } from '../core/ports/runtime.ts';
import type { Translators } from '../core/ports/translate.ts';
import { renderTestAlert } from '../core/render/alert.ts';
import { within } from '../core/wakeable.ts';
import { createTranslators } from '../i18n/index.ts';
import { passingAdapter } from './check.ts';
import { reading } from './open-database.ts';
import { configOf, isThere, optionsOf, type Runtime, runtimeOf } from './runtime.ts';
import { printable } from './setup/session.ts';

/** Where one test alert goes. `person`: the chat has to be found first. */
export interface Recipient {
  accountId: string;
  to: { chat: string } | { person: string };
}

interface Wish {
  account: string | null;
  chat: string | null;
}

/** An account as far as it matters here; `onlyChat` as `ChatAdapter` has it. */
export type Known = Pick<AccountConfig, 'id' | 'platform'> & { onlyChat: string | null };

/**
 * Who gets a test alert: the chat that is named; else of each account (or of the one that is named) its only chat, or its operators (`platform:id`). `nobody`:
 * ids of accounts for which neither is known. Throws `usage` with what is wrong with the flags, and the remedy.
 */
export function planRecipients(accounts: readonly Known[], { account, chat }: Wish, operators: readonly string[]) {
  const listed = accounts.map(({ id }) => id).join(', ');
  if (account !== null && !accounts.some(({ id }) => id === account))
    throw new TocsinError('usage', `--account ${account.slice(0, 40)}: no account has that id; there are: ${listed}`);
  const chosen = accounts.filter(({ id }) => account === null || id === account);
  const recipients: Recipient[] = [];
  const nobody: string[] = [];
  if (chat !== null) {
    const able = chosen.filter(({ onlyChat }) => onlyChat === null);
    const one = able.length === 1 ? able[0] : account === null ? undefined : chosen[0];
    if (!one) throw new TocsinError('usage', `--chat needs --account, one of: ${listed}`);
    recipients.push({ accountId: one.id, to: { chat } });
    return { recipients, nobody };
  }
  for (const { id, platform, onlyChat } of chosen) {
    const people = operators
      .filter((one) => one.startsWith(`${platform}:`))
      .map((one) => one.slice(platform.length + 1));
    if (onlyChat !== null) recipients.push({ accountId: id, to: { chat: onlyChat } });
    else if (people.length === 0) nobody.push(id);
    else recipients.push(...[...new Set(people)].map((person) => ({ accountId: id, to: { person } })));
  }
  return { recipients, nobody };
}

/** A platform that asks for more patience than this is not waited for, ms. */
const MAX_WAIT_MS = 60_000;
const PAUSE_MS = 2_000;
const TRIES = 3;

/**
 * Sends one message to one chat, and again where the platform says that it may be tried again: three times at most, the pauses that it asks for kept. The same
 * `key` each time, so that a platform that knows keys shows it once. Null = delivered; else why not.
 */
export async function sendOnce(
  adapter: ChatAdapter,
  message: { address: ChatAddress; document: MessageDocument; key: string },
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<string | null> {
  let { address } = message;
  for (let tries = 1; ; tries++) {
    const outcome = await adapter.send({ op: 'send', ...message, address, replyTo: null }, signal);
    if (outcome.kind === 'delivered') return null;
    if (outcome.kind === 'moved') address = outcome.to;
    const pause = outcome.kind === 'retry' ? (outcome.afterMs ?? PAUSE_MS) : 0;
    const again = outcome.kind === 'moved' || outcome.kind === 'retry';
    if (!again || tries === TRIES || pause > MAX_WAIT_MS || signal.aborted) return whyOf(outcome);
    await clock.sleep(pause, signal).catch(() => {});
  }
}

/** For a person. */
export function whyOf(outcome: Exclude<SendOutcome, { kind: 'delivered' }>): string {
  if (outcome.kind === 'moved') return 'the chat goes on under another number, again and again';
  const what = { gone: 'the chat cannot be reached', rejected: 'the message was refused', retry: 'not delivered' };
  return `${what[outcome.kind]}: ${outcome.detail}`;
}

/** Between two messages of one account, ms: a running bot sends with the same account, and its pace is not ours to use up. */
const APART_MS = 1_000;
const DEADLINE_MS = 90_000;

interface TestAlertWish extends Wish {
  lang: string | null;
  /** Nobody to send to is no failure. */
  lenient?: true;
}

/** 0 every one was delivered; 1 one was not, or there is nobody to send to; 2 wrong usage or configuration. */
export async function run(args: string[]): Promise<number> {
  const { values } = optionsOf(args, ['config', 'account', 'chat', 'lang']);
  const config = await configOf(values.config);
  const { account = null, chat = null, lang = null } = values;
  return await testAlert(config, { account, chat, lang });
}

/** Tells on stdout what became of each. */
export async function testAlert(config: Config, wish: TestAlertWish): Promise<number> {
  const { secrets, ...runtime } = runtimeOf(config, 'error');
  const deps = { config, ...runtime };
  const translators = createTranslators(config.catalogue);
  if (wish.lang !== null && !translators.has(wish.lang)) {
    const known = translators.languages.map(({ code }) => code).join(', ');
    throw new TocsinError('usage', `--lang ${wish.lang.slice(0, 20)}: no such language; there are: ${known}`);
  }
  const adapters = new Map<string, ChatAdapter>();
  await using _ = afterwards(() =>
    Promise.all([...adapters.values()].map((adapter) => adapter.stop().catch(() => undefined))),
  );
  for (const account of config.accounts) adapters.set(account.id, await passingAdapter(account, deps));
  const known = config.accounts.map(({ id, platform }) => ({
    id,
    platform,
    onlyChat: adapters.get(id)!.onlyChat?.chat ?? null,
  }));
  const { recipients, nobody } = planRecipients(known, wish, config.operators);
  for (const id of nobody)
    tell(`${id}: nobody to send to: name a chat (--account ${id} --chat ID), or yourself under "operators"`);
  const sent: (string | null)[] = [];
  for (const [i, { accountId, to }] of recipients.entries()) {
    const adapter = adapters.get(accountId)!;
    const where = `${accountId} (${adapter.platform}) ${'chat' in to ? to.chat : to.person}`.slice(0, 120);
    const isNext = i > 0 && recipients[i - 1]!.accountId === accountId;
    const sending = within(
      DEADLINE_MS,
      async (signal) => {
        if (isNext && adapter.pace.perSecond > 0) await deps.clock.sleep(APART_MS, signal);
        const chat = 'chat' in to ? to.chat : await adapter.privately?.(to.person, signal);
        if (chat == null) return 'no chat can be found or opened for this person';
        return await sendTo(
          { accountId, chat, thread: null },
          adapter,
          { ...deps, translators, lang: wish.lang },
          signal,
        );
      },
      deps,
    );
    const why = await sending.catch(messageOf);
    sent.push(why);
    tell(secrets.redact(`${where}: ${why ?? 'delivered'}`));
  }
  return (sent.length > 0 || wish.lenient) && sent.every((why) => why === null) ? 0 : 1;
}

interface Sending extends Runtime {
  config: Config;
  translators: Translators;
  lang: string | null;
}

async function sendTo(address: ChatAddress, adapter: ChatAdapter, deps: Sending, signal: AbortSignal) {
  const { clock, ids, translators } = deps;
  const known = await chatOf(address, deps);
  const account = deps.config.accounts.find(({ id }) => id === address.accountId) as { lang?: string } | undefined;
  const lang = deps.lang ?? known?.lang ?? account?.lang ?? 'en';
  const words = translators.of(lang, known?.kind === 'private' ? 'chat' : adapter.talk.place);
  const document = renderTestAlert({ timeZone: known?.timeZone ?? 'UTC', now: clock.now() }, words);
  return await sendOnce(adapter, { address, document, key: `tocsin.test.${ids.next()}` }, { clock, signal });
}

/** The chat as the bot knows it, for its language; null = it does not, or there is no database yet. */
async function chatOf(address: ChatAddress, deps: Sending): Promise<Chat | null> {
  const { database } = deps.config;
  if (!isThere(database)) return null;
  try {
    return await reading(database, deps, (store) => store.chats.find(address));
  } catch {
    // Older, newer, out of reach: the language is all that is asked for, and `check` tells what is wrong.
    return null;
  }
}

const tell = (line: string): void => void process.stdout.write(`${printable(line)}\n`);
