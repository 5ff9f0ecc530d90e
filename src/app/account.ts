import { readFileSync } from 'node:fs';
import type { Config } from '../config/schema.ts';
import { createIdentityGuard } from '../core/account-identity.ts';
import { menusIn } from '../core/commands/all.ts';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import type { Can } from '../core/commands/capabilities.ts';
import type { Router } from '../core/commands/context.ts';
import { createIntake, createOwedAnswers } from '../core/commands/intake.ts';
import { createRouter } from '../core/commands/router.ts';
import { logFailure, TocsinError } from '../core/errors.ts';
import { ANY } from '../core/model/chat.ts';
import { createOutage, type Sender } from '../core/outbox/sender.ts';
import { type ChatAdapter, isTarget } from '../core/ports/chat-adapter.ts';
import type { LeaseTerm } from '../core/ports/leases.ts';
import { createReaders } from '../core/readers.ts';
import type { HereHosts } from '../web/site/deps.ts';
import { accountNames, reopenConfiguredChat } from './fanout.ts';
import { tellHealth } from './health.ts';
import { borrowed, idleAdapterOf, openAccount, underLease } from './open-accounts.ts';
import type { AccountUnit, ProcessParts } from './process.ts';

/** What runs while this process receives, sends, or both, for an account. Made anew for each term: what it knows it reads from the database. */

/** A platform that does not say who the account is, is asked again after this, ms. */
const ASK_AGAIN = 5_000;
const ASK_WITHIN = 10_000;

/** What an account's unit is made of. */
type AccountParts = ReturnType<typeof accountOf>;

export async function beginAccount(parts: ProcessParts, id: string, terms: readonly LeaseTerm[]): Promise<AccountUnit> {
  const ending = new AbortController();
  const account = accountOf(parts, id, terms, ending.signal, () => sender.wake());
  if (idleAdapterOf(parts, id)?.oneHolder && !(account.receive && account.send))
    throw new TocsinError('lease_lost', `Half of the account "${id}" is held elsewhere, and it is nothing by halves`);
  const { receive, send, ownStore, guard } = account;
  const listens = receive !== null && !account.oneTarget;
  const router = listens ? routerOf(account, receive) : null;
  const configured = parts.config.accounts.find((one) => one.id === id)!;
  const bare = await openAccount({
    ...account,
    account: configured,
    store: ownStore,
    identity: guard,
    reopen: () => reopenConfiguredChat(configured, { ...parts, store: ownStore }),
    holds: account.valid,
    rows: ownStore.rows(`account/${id}`),
    broken: () => void parts.supervisor().again(id),
    commandMenu: () => (router ? menusIn(parts.translators) : []),
  });
  const part = send && (receive || account.oneTarget) ? 'whole' : send ? 'alerts' : 'answers';
  const adapter = underLease(bare, part, account.valid);
  const sender: Sender = account.core.sender(send?.store ?? ownStore, {
    adapter,
    outage: account.outage,
    cleared: () => guard.cleared(adapter),
    alerts: send !== null,
    onAnswered: (answers) => listening?.over(answers),
  });
  const loops: Promise<unknown>[] = [sender.loop(ending.signal)];
  parts.store.bus.hear('outbox', sender.wake, ending.signal);
  const listening = router ? await listen(account, router, sender) : null;
  const unit: AccountUnit = {
    holds: terms.map(({ name }) => name),
    adapter,
    sender,
    health: () => guard.healthOf(adapter, sender.problem()),
    async stop() {
      if (parts.here.accounts.get(id) === unit) parts.here.accounts.delete(id);
      // Receiving first, so that what was asked is answered.
      await adapter.stop();
      ending.abort();
      await Promise.allSettled(loops);
      await listening?.save();
    },
  };
  parts.here.accounts.set(id, unit);
  loops.push(tellHealth(parts, unit, ending.signal));
  if (listening) loops.push(listening.loop(ending.signal));
  try {
    if (listening) await guard.start(adapter, listening.handlers);
    else if (account.oneTarget && send) await guard.start(adapter, { incoming: async () => undefined });
    else loops.push(askWho(account, adapter));
  } catch (error) {
    await unit.stop();
    throw error;
  }
  return unit;
}

function accountOf(
  parts: ProcessParts,
  id: string,
  terms: readonly LeaseTerm[],
  signal: AbortSignal,
  onCleared: () => void,
) {
  const receive = terms.find(({ name }) => name.startsWith('receive/')) ?? null;
  const send = terms.find(({ name }) => name.startsWith('send/')) ?? null;
  const oneTarget = isTarget(idleAdapterOf(parts, id));
  // What is kept of an account is its receiver's; of one that receives nothing, its sender's.
  const keeper = oneTarget ? send : receive;
  const ownStore = (keeper ?? terms[0]!).store;
  const own = ownStore.state(`account/${id}`);
  const state = keeper ? own : borrowed(own);
  const configured = parts.config.accounts.find((one) => one.id === id)?.identity ?? null;
  return {
    ...parts,
    id,
    receive,
    send,
    /** Only sends, and to one place: a webhook. */
    oneTarget,
    ownStore,
    state,
    guard: createIdentityGuard({ accountId: id, configured, state, log: parts.log, onCleared }),
    outage: createOutage(),
    valid: () => terms.every((one) => one.valid()),
    /** Another process had the account before. */
    tookOver: terms.some(({ epoch }) => epoch > 1),
    signal,
  };
}

/** Takes down what readers say, in chats and on the page. */
export const readersOf = ({ config, ...own }: ReadersParts) =>
  createReaders({
    ...own,
    isCountry: (code) => COUNTRIES.includes(code),
    isService: (id) => config.catalogue.services.some((one) => one.id === id),
  });
type ReadersParts = Pick<Parameters<typeof createReaders>[0], 'store' | 'clock' | 'ids'> & {
  config: Pick<ProcessParts['config'], 'catalogue'>;
};

/** What the page that measures may open; null: the configuration does not want it. */
export const hereHosts = ({ web }: { web: { measure?: boolean } | null }): HereHosts | null =>
  web?.measure ? JSON.parse(readFileSync(new URL('../../config/here.json', import.meta.url), 'utf8')) : null;

export function testPageOf(config: Pick<Config, 'web'>): Can['testPage'] {
  const [at, hosts] = [config.web?.publicUrl, hereHosts(config)];
  if (!at || hosts === null) return undefined;
  return (country, service, lang) => {
    const asked = new URLSearchParams({ service, lang });
    if (country !== ANY) asked.set('country', country.toLowerCase());
    return Object.hasOwn(hosts.services, service) ? `${at}/here?${asked}` : null;
  };
}

/** Each account that receives has a router of its own: what it remembers of people goes with the lease. */
function routerOf(account: AccountParts, receive: LeaseTerm): Router {
  const { config, idleAdapters, intake, ingestRelay } = account;
  const { store } = receive;
  return createRouter({
    ...account,
    store,
    catalogue: config.catalogue,
    baseline: config.baseline,
    policy: config.policy,
    about: config.about,
    site: config.web?.pages ? config.web.publicUrl : null,
    operators: [...config.operators, ...idleAdapters.flatMap(({ onlyChat }) => onlyChat?.operator ?? [])],
    retract: ingestRelay.retract,
    release: ingestRelay.release,
    stopAgent: async (id, stopped) => (await intake?.stop(id, stopped)) ?? false,
    readerReports: readersOf({ ...account, store }),
    testPage: testPageOf(config),
    cache: store.cache,
    accounts: () => accountNames(store, idleAdapters),
    wake: () => account.store.bus.tell('broadcasts'),
    account: (id) => account.here.accounts.get(id)?.adapter ?? idleAdapterOf(account, id) ?? null,
  });
}

/** Answers of before first; then people are listened to. */
async function listen(account: AccountParts, router: Router, sender: Sender) {
  const { ownStore: store, log, id } = account;
  const owed = createOwedAnswers({
    ...account,
    accountId: id,
    store,
    router,
    shared: account.store.leases.shareable,
    reply: sender.reply,
    incoming: (event) => incoming(event),
  });
  const incoming = createIntake({
    store,
    router: () => router,
    log,
    sender: (asked) => (asked === id ? sender : null),
    owed,
  });
  await owed.restore();
  return {
    over: owed.over,
    save: owed.save,
    loop: owed.loop,
    handlers: {
      // What came while this process was asleep is its successor's: nobody confirms it here.
      incoming: async (event: Parameters<typeof incoming>[0]) => {
        if (account.valid()) await incoming(event);
      },
      asked: async (question: Parameters<Router['inline']>[0]) =>
        account.valid() ? await router.inline(question) : null,
    },
  };
}

/** Whoever only sends asks its platform once who the account is: nothing is sent with the token of another bot. */
async function askWho({ id, guard, clock, log, signal }: AccountParts, adapter: ChatAdapter): Promise<void> {
  while (adapter.login?.hasIdentity && !signal.aborted) {
    const found = await adapter.login.check(AbortSignal.any([signal, AbortSignal.timeout(ASK_WITHIN)]));
    if (signal.aborted) return;
    try {
      if (found.identity) return await guard.confirm(found.identity);
    } catch (error) {
      // It was said; another token needs another start.
      return logFailure(log.child({ account: id }), 'The account sends nothing', error);
    }
    await clock.sleep(ASK_AGAIN, signal).catch(() => undefined);
  }
}
