/** Processes of real units under real supervisors, on one database, one platform and one clock that all are handed in. */
import { onTestFinished } from 'vitest';
import { adapterKinds } from '../../../src/adapters/index.ts';
import type { AdapterKind } from '../../../src/adapters/kind.ts';
import { beginAccount } from '../../../src/app/account.ts';
import { builtInExtractor } from '../../../src/app/built-in-extractor.ts';
import { createCore } from '../../../src/app/compose.ts';
import { beginFanout } from '../../../src/app/fanout.ts';
import { healthOf } from '../../../src/app/health.ts';
import { beginIngest } from '../../../src/app/ingest.ts';
import { createRelay } from '../../../src/app/intakes.ts';
import { openIdleAdapters } from '../../../src/app/open-accounts.ts';
import type { ProcessParts } from '../../../src/app/process.ts';
import { bundledRegions } from '../../../src/config/catalogue.ts';
import { bundledPublishers } from '../../../src/config/catalogue.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { ALL_ROLES, accountOf, createSupervisor } from '../../../src/core/lease.ts';
import type { Statement } from '../../../src/core/model/report.ts';
import {
  type AccountCheck,
  type AdapterDeps,
  type AdapterHandlers,
  type ChatAdapter,
  PLAIN_TALK,
  type SendOutcome,
} from '../../../src/core/ports/chat-adapter.ts';
import type { Role } from '../../../src/core/ports/leases.ts';
import { noMetrics } from '../../../src/core/ports/metrics.ts';
import { createTranslators } from '../../../src/i18n/index.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { quietLog, recordingLog } from '../../fakes/fake-log.ts';
import { likely } from '../../fakes/known.ts';
import { FakeLeaseBoard } from '../../fakes/lease-board.ts';
import { asText } from '../render/support.ts';

/** An account of the platform, in one process's configuration. */
interface FakeAccount {
  id: string;
  platform: 'fake';
  process: string;
}

/** What people of the platform see, and what processes do there. */
export class FakePlatform {
  /** `process > chat: first words`, in the order in which it took them. */
  readonly sent: string[] = [];
  /** Processes that receive, by account. */
  readonly receiving = new Map<string, AdapterHandlers>();
  readonly history: string[] = [];
  /** What a process's `start` throws. */
  refuses: ((process: string, account: string) => Error | null) | null = null;
  /** Its accounts are held by one process each, or by none. */
  oneHolder = false;
  /** What an adapter calls when something of it has broken, by process and account. */
  readonly breaks = new Map<string, () => void>();
  /** Sends take so long, ms. */
  sendMs = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  readonly kind: AdapterKind<FakeAccount> = {
    platform: 'fake',
    schema: null as never,
    secrets: [],
    fromEnv: () => null,
    load: async () => ({ createAdapter: (account, deps) => this.#adapter(account, deps) }),
  };

  #adapter({ id, process }: FakeAccount, deps: AdapterDeps): ChatAdapter {
    const key = `${process} ${id}`;
    if (deps.broken) this.breaks.set(key, deps.broken);
    return {
      ...(this.oneHolder ? { oneHolder: true as const } : {}),
      accountId: id,
      platform: 'fake',
      talk: { ...PLAIN_TALK, prefix: '/' },
      pace: { perSecond: 10, perChatMs: 0, perGroupMinute: 0, window: 2 },
      start: async (handlers) => {
        const refusal = this.refuses?.(process, id);
        if (refusal) throw refusal;
        await deps.identity?.confirm({ id: `bot ${id}`, name: id });
        this.history.push(`${key} starts`);
        this.receiving.set(key, handlers);
      },
      stop: async () => {
        if (this.receiving.delete(key)) this.history.push(`${key} stops`);
      },
      login: {
        hasIdentity: true,
        check: async (): Promise<AccountCheck> => ({
          ok: true,
          problem: null,
          identity: { id: `bot ${id}`, name: id },
        }),
      },
      health: () => ({ ok: true, problem: null }),
      send: async (message): Promise<SendOutcome> => {
        if (this.sendMs > 0) await this.#clock.sleep(this.sendMs);
        this.sent.push(`${process} > ${message.address.chat}: ${asText(message.document).slice(0, 60)}`);
        return { kind: 'delivered', messageRef: String(this.sent.length) };
      },
    };
  }

  /** Somebody writes; the platform gives it to whoever receives, and says to whom. */
  async say(account: string, chat: string, text: string, ref = `${chat} ${text}`): Promise<string[]> {
    const takers = [...this.receiving].filter(([key]) => key.endsWith(` ${account}`));
    for (const [, handlers] of takers)
      await handlers.incoming({
        kind: 'command',
        address: { accountId: account, chat, thread: null },
        chatKind: 'private',
        sender: { id: `fake:${chat}`, name: 'Ann', lang: 'en', isAdmin: async () => true },
        text,
        button: null,
        messageRef: null,
        ref,
      });
    return takers.map(([key]) => key.split(' ')[0]!);
  }

  heard(words: string): string[] {
    return this.sent.filter((line) => line.includes(words));
  }
}

export async function world(accounts: readonly string[] = ['a1']) {
  const clock = new FakeClock();
  const ids = createIds(clock);
  const platform = new FakePlatform(clock);
  // oxlint-disable-next-line typescript/no-explicit-any -- as the register has it
  const register = adapterKinds as AdapterKind<any>[];
  register.push(platform.kind);
  const loaded = await loadConfig({ file: null, env: {}, cwd: import.meta.dirname });
  const tables = await openStore(':memory:', { clock, log: quietLog, ids });
  const board = new FakeLeaseBoard(clock);
  const ends: (() => void)[] = [];
  onTestFinished(async () => {
    for (const end of ends) end();
    register.splice(register.indexOf(platform.kind), 1);
    await tables.close();
  });

  async function join(name: string, roles: readonly Role[] = ALL_ROLES) {
    const process = board.process(tables, name);
    const { store } = process;
    const recorded = recordingLog();
    const { log } = recorded;
    const config = {
      ...loaded,
      accounts: accounts.map((id) => ({ id, platform: 'fake', process: name })),
      sources: [],
      policy: { ...loaded.policy, groupWait: 0 },
    } as ProcessParts['config'];
    const client = { http: null, resolves: null } as unknown as ProcessParts['client'];
    const pictures = { png: async () => null, soon: () => undefined, possible: () => false };
    const here: ProcessParts['here'] = { ingest: null, accounts: new Map() };
    const idleAdapters = await openIdleAdapters({ config, client, store, clock, ids, log, pictures });
    const gazetteer = bundledRegions();
    const publishers = bundledPublishers();
    const watched = {
      store,
      clock,
      log,
      here,
      idleAdapters,
      intake: null,
      supervisor: () => supervisor,
      housekeeping: { fault: () => null },
      described: async () => ({ sources: [], off: [], leftOut: () => null }) as never,
    };
    const translators = createTranslators(config.catalogue, gazetteer);
    const core = createCore({
      policy: config.policy,
      catalogue: config.catalogue,
      baseline: [],
      clock,
      ids,
      log,
      gazetteer,
      publishers,
      translators,
      idleAdapterOf: (id) => idleAdapters.find(({ accountId }) => accountId === id),
    });
    const parts: ProcessParts = {
      config,
      core,
      clock,
      ids,
      log,
      store,
      client,
      pictures,
      gazetteer,
      publishers,
      idleAdapters,
      here,
      metrics: noMetrics,
      translators,
      extractor: async () => builtInExtractor({ ...config, encoder: false }, quietLog),
      likely,
      wants: null,
      credits: [],
      serviceHosts: async () => new Map() as never,
      intake: null,
      ingestRelay: createRelay({ store, bus: store.bus, clock, ids, here: () => here.ingest?.pipeline ?? null }),
      press: async () => null,
      health: () => healthOf(watched),
      watched: async () => [],
      heldIn: async () => [],
      supervisor: () => supervisor,
    };
    const supervisor = createSupervisor({
      leases: store.leases,
      bus: store.bus,
      clock,
      log,
      roles,
      accounts,
      whole: new Set(platform.oneHolder ? accounts : []),
      begin: (unit, terms) =>
        unit === 'ingest'
          ? beginIngest(parts, terms[0]!)
          : unit === 'fanout'
            ? beginFanout(parts, terms[0]!)
            : beginAccount(parts, accountOf(terms[0]!.name)!, terms),
    });
    const ending = new AbortController();
    ends.push(() => ending.abort());
    await through(supervisor.start());
    void supervisor.loop(ending.signal);
    return { ...process, parts, supervisor, log: recorded, here };
  }

  /** Time passes, in steps that let what is read meanwhile arrive. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) await clock.pass(Math.min(50, left));
  }
  /** What waits for time as well as for files: both go on until it is done. */
  async function through<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const done = work.finally(() => {
      over = true;
    });
    done.catch(() => undefined);
    for (let i = 0; !over && i < 4_000; i++) await clock.pass(5);
    return await done;
  }
  const blocked = (service: string): Statement => ({
    id: `posted ${service}`,
    revision: null,
    at: clock.now(),
    country: 'RU',
    service,
    action: 'block',
    method: null,
    region: null,
    title: `Regulator blocks ${service}`,
    url: null,
    summary: '',
    kind: 'authority',
    publisher: 'regulator',
    publisherName: 'The regulator',
    lang: 'en',
  });
  return { clock, platform, tables, board, join, pass, through, blocked };
}
