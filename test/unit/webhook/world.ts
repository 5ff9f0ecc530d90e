/** A webhook behind the real core and the real queue: reports go in, requests come out to a receiver that answers as the test says. */
import * as v from 'valibot';
import { createAdapter } from '../../../src/adapters/webhook/adapter.ts';
import { webhookKind } from '../../../src/adapters/webhook/config.ts';
import { composeCore } from '../../../src/app/compose.ts';
import { openConfiguredChats, reopenConfiguredChat } from '../../../src/app/fanout.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { createOutage } from '../../../src/core/outbox/sender.ts';
import type { ChatAdapter } from '../../../src/core/ports/chat-adapter.ts';
import type { Http, HttpRequest } from '../../../src/core/ports/runtime.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { createIds } from '../../../src/platform/ids.ts';
import { openStore } from '../../../src/store/open.ts';
import { testDeps } from '../../contract/adapter-deps.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';
import { report, translators } from '../render/support.ts';

type Core = ReturnType<typeof composeCore>;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** A status with headers; an error of the fetch; or nothing, ever. */
export type Answer = { status: number; headers?: Record<string, string> } | Error | 'hangs';

const catalogue = { services: [{ id: 'whatsapp', name: 'WhatsApp', aliases: [], category: 'messenger' }] };

export class HookWorld {
  readonly clock = new FakeClock();
  readonly requests: (HttpRequest & { at: number })[] = [];
  readonly log = recordingLog();
  answer: (n: number, request: HttpRequest) => Answer = () => ({ status: 200 });
  /** A real client: what it brings is the answer. */
  forward: Http | null = null;
  store!: Store;
  core!: Core;
  adapter!: ChatAdapter;
  readonly #account: Record<string, unknown>;
  #stop = new AbortController();
  #loops: Promise<unknown>[] = [];
  #reports = 0;
  #hanging: (() => void)[] = [];

  private constructor(account: Record<string, unknown>) {
    this.#account = { id: 'hook', platform: 'webhook', url: 'https://hooks.example/in', follow: ['all'], ...account };
  }

  static async create(account: Record<string, unknown> = { secret: SECRET }): Promise<HookWorld> {
    const world = new HookWorld(account);
    const { clock, log } = world;
    world.store = await openStore(':memory:', { clock, log: log.log, ids: createIds(clock) });
    await world.start();
    return world;
  }

  /** A start of the program on what is stored; `over`: what has changed in the configuration. */
  async start(over: Record<string, unknown> = {}): Promise<void> {
    const { clock, store, log } = this;
    const account = v.parse(webhookKind.schema, { ...this.#account, ...over });
    const ids = { ...createIds(clock), random: () => 0 };
    this.#stop = new AbortController();
    const configured = { config: { catalogue, policy: DEFAULT_POLICY } as never, store, clock };
    await openConfiguredChats([account], configured);
    const deps = { clock, ids, log: log.log, state: store.state(`account/${account.id}`) };
    const pageOf = (id: string) => `https://tocsin.example/incident/${id}`;
    const reopen = () => reopenConfiguredChat(account, configured);
    const http = (request: HttpRequest) => this.#receive(request);
    this.adapter = createAdapter(account, testDeps({ ...deps, pageOf, reopen, http }));
    this.core = composeCore({
      ...deps,
      store,
      translators,
      extractor: { extract: () => ({ relevant: false, events: [], lang: 'en', credit: null }) },
      policy: { ...DEFAULT_POLICY, groupWait: 0 },
    });
    const sender = this.core.addAccount({ adapter: this.adapter, outage: createOutage() });
    await this.adapter.start({ incoming: async () => {} });
    this.#loops = [sender.loop(this.#stop.signal), this.core.broadcaster.loop(this.#stop.signal)];
    await clock.pass(0);
  }

  async #receive(request: HttpRequest) {
    this.requests.push({ ...request, at: this.clock.now() });
    if (this.forward) return await this.forward(request);
    const answer = this.answer(this.requests.length, request);
    if (answer === 'hangs')
      return await new Promise<never>((_, reject) => {
        const end = (): void => reject(request.signal?.reason ?? new Error('the connection broke'));
        this.#hanging.push(end);
        request.signal?.addEventListener('abort', end);
      });
    if (answer instanceof Error) throw answer;
    const { status, headers = {} } = answer;
    return { status, headers, url: request.url, body: new Uint8Array(0) };
  }

  /** Two outlets say it, so that it is corroborated. */
  async say(action: Report['action'], over: Partial<Report> = {}, voices = ['bbc', 'dw']): Promise<void> {
    const at = this.clock.now();
    for (const voice of voices) {
      const id = `r${++this.#reports}`;
      const names = { voice, sourceId: voice, publisher: voice, publisherName: voice.toUpperCase() };
      // No two alike: copies of one text are one voice.
      const title = `t${id}-${action}`;
      await this.core.pipeline.reports([report({ ...names, id, itemId: id, at, action, title, ...over })]);
    }
    await this.pass(100);
  }

  /** What is under way gets its turns first: a message of many requests waits for no clock. */
  async pass(ms: number): Promise<void> {
    for (let i = 0; i < 100; i++) await new Promise((turn) => setImmediate(turn));
    await this.clock.pass(ms);
  }

  /** Hours in a moment: the wall clock jumps from one try to the next. */
  async skip(ms: number): Promise<void> {
    const step = 2 * HOUR;
    for (let left = ms; left > 0; left -= step) {
      this.clock.jump(Math.min(left, step) - 360_000);
      await this.pass(360_000);
    }
  }

  /** Bodies that were received, parsed. */
  bodies<T>(): T[] {
    return this.requests.map(({ body }) => JSON.parse(String(body)) as T);
  }

  said(level: 'warn' | 'error'): string[] {
    return this.log.lines.filter((line) => line.level === level).map(({ message }) => message);
  }

  open(): Promise<Incident[]> {
    return this.store.incidents.list({ limit: 100 });
  }

  /** What hangs breaks. */
  release(): void {
    for (const end of this.#hanging.splice(0)) end();
  }

  /** Another process that takes the account over from this one, while the rest goes on: started, and sends nothing. */
  async successor(): Promise<ChatAdapter> {
    const { clock, log, store } = this;
    const account = v.parse(webhookKind.schema, this.#account);
    const adapter = createAdapter(account, testDeps({ clock, log: log.log, state: store.state('account/hook') }));
    await adapter.start({ incoming: async () => {} });
    return adapter;
  }

  /** As a kill: what is under way is never settled. */
  async kill(): Promise<void> {
    this.#stop.abort();
    // The process is gone, and its loops with it.
    void this.adapter.stop();
    await this.pass(10_000);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    void this.adapter.stop();
    await this.pass(10_000);
    await Promise.all(this.#loops);
    await this.store.close();
  }
}
