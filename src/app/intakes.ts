import type { Config } from '../config/schema.ts';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import { TocsinError, codeOf, messageOf } from '../core/errors.ts';
import type { Measurement } from '../core/model/measurement.ts';
import type { Statement } from '../core/model/report.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { AgentIntake, ReportIntake } from '../core/ports/intakes.ts';
import type { Bus } from '../core/ports/leases.ts';
import type { Gazetteer } from '../core/ports/reading.ts';
import type { Clock, Tools } from '../core/ports/runtime.ts';
import type { Store } from '../core/ports/store.ts';
import { keepAtIt, wakeable } from '../core/wakeable.ts';
import { sourceKinds } from '../sources/index.ts';
import type { Web } from '../web/index.ts';
import type { Route, WebAnswer, WebRequest, WebServer } from '../web/server.ts';
import { SILENTLY } from './housekeeping.ts';

/** Where agents post to. */
const PATH = '/agents';
/** They wait half a minute for an answer. */
const ANSWER_MS = 30_000;

/** Posts reach `take`; while the program stops they are answered to try again. */
function mountPosts(
  mount: WebServer['mount'],
  path: string,
  bounds: Pick<Route, 'maxBytes' | 'timeoutMs' | 'concurrency'>,
  stopping: AbortSignal,
  take: (authorization: string | null, body: WebRequest['body']) => Promise<WebAnswer>,
): void {
  mount(path, {
    methods: ['POST'],
    ...bounds,
    async handle({ headers, body }) {
      if (stopping.aborted) return { status: 503, headers: { 'retry-after': '5' } };
      return { type: 'application/json; charset=utf-8', ...(await take(headers.authorization ?? null, body)) };
    },
  });
}

export function mountAgents(mount: WebServer['mount'], intake: AgentIntake, stopping: AbortSignal): void {
  // Each agent has places of its own (the intake turns away more): a slow one holds up nobody else.
  const concurrency = 16 + 4 * intake.list().length;
  const bounds = { maxBytes: intake.maxBytes, timeoutMs: ANSWER_MS, concurrency };
  mountPosts(mount, PATH, bounds, stopping, (authorization, body) =>
    intake.handle({ method: 'POST', authorization, body }),
  );
}

/** Where newsrooms, monitors and authorities post to (docs/push.md). */
const REPORTS_PATH = '/reports';

export function mountReports(mount: WebServer['mount'], intake: ReportIntake, stopping: AbortSignal): void {
  const bounds = { maxBytes: intake.maxBytes, concurrency: intake.atOnce, timeoutMs: ANSWER_MS };
  mountPosts(mount, REPORTS_PATH, bounds, stopping, async (authorization, asked) => {
    const { status, body, retryAfter } = await intake.handle({ authorization, body: asked });
    const headers: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
    if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
    return { status, body, headers };
  });
}

/** What others bring to the web listener: measurements of agents, and reports of newsrooms, monitors and authorities. */

export interface IntakeDeps extends Pick<Tools, 'clock' | 'log'> {
  config: Config;
  store: Store;
  ingestRelay: IngestRelay;
  /** Null: nothing listens. */
  web: Web | null;
  /** Aborts when the program stops. */
  stopping: AbortSignal;
}

/** Where machines elsewhere hand in what they measured; the config sees to it that there is a listener then. */
export async function openAgentIntake(deps: IntakeDeps): Promise<AgentIntake | null> {
  const { config, store, clock, log, ingestRelay, web, stopping } = deps;
  const kind = sourceKinds.find((one) => one.agents);
  if (config.agents.length === 0 || !kind?.agents) return null;
  const { createAgentIntake } = await kind.agents.load();
  const made = await createAgentIntake({
    agents: config.agents,
    clock,
    log,
    state: store.state('agents'),
    services: config.catalogue.services.map(({ id }) => id),
    configured: [config.vantage?.data, ...config.sources],
    deliver: ingestRelay.measurements,
  });
  if (web) mountAgents(web.mount, made, stopping);
  return made;
}

/** Where sources post what they state. */
export async function openReports(deps: IntakeDeps & { gazetteer: Gazetteer }): Promise<void> {
  const { config, clock, log, gazetteer, ingestRelay, web, stopping } = deps;
  const kind = sourceKinds.find((one) => one.posts);
  const sources = config.sources.filter((one) => one.kind === kind?.kind);
  if (sources.length === 0 || !kind?.posts || !web) return;
  const { createReportIntake } = await kind.posts.load();
  const made = createReportIntake({
    sources,
    services: config.catalogue.services.map(({ id }) => id),
    countries: COUNTRIES,
    gazetteer,
    clock,
    log,
    deliver: ingestRelay.statements,
  });
  mountReports(web.mount, made, stopping);
}

/**
 * What comes in at any process and only the one that ingests may carry out: agents' measurements, posted reports, an operator's word. Here it is done at
 * once where this process ingests; else it is written down for whoever does (`PostTable`), which takes it in order.
 */

export type IngestRelay = Pick<Pipeline, 'retract' | 'release'> & {
  measurements(agentId: string, measurements: Measurement[]): Promise<void>;
  /** How many were new. Where nobody has taken them yet: all of them, as far as is known. */
  statements(sourceId: string, statements: Statement[]): Promise<number>;
};

type Doing =
  | { kind: 'measurements'; measurements: Measurement[] }
  | { kind: 'statements'; sourceId: string; statements: Statement[] }
  | { kind: 'retract'; id: string; because: string }
  | { kind: 'release'; sourceId: string };
/** A row of `posts`. `key`: under which its result is told to whoever waits for it. */
type Post = Doing & { key: string };

/** Between the parts of a post, ms: alerts that are under way go on meanwhile. */
const PAUSE = 25;

async function carryOut(pipeline: Pipeline, doing: Doing, clock: Clock): Promise<unknown> {
  if (doing.kind === 'measurements') return await pipeline.measurements(doing.measurements);
  if (doing.kind === 'statements')
    return await pipeline.statements(doing.sourceId, doing.statements, {
      firstPoll: false,
      pushed: true,
      pause: () => clock.sleep(PAUSE),
    });
  if (doing.kind === 'retract') return await pipeline.retract(doing.id, doing.because);
  if (doing.kind === 'release') return await pipeline.release(doing.sourceId);
  throw new TocsinError('internal', 'A post of a kind that this version does not know');
}

interface RelayDeps extends Pick<Tools, 'clock' | 'ids'> {
  /** Any process's: writing a post needs no lease. */
  store: Store;
  bus: Bus;
  /** Where this process ingests now. */
  here(): Pipeline | null;
}

/** How long somebody who asked waits for a result, ms; it is carried out after that, too. */
const RESULT_WITHIN = 6_000;
const RESULT_EVERY = 150;
const RESULT_KEPT = 60_000;
/** Bytes of a post, with room for what stands around it. */
const MAX_POST = 900_000;
/** A notice may be lost, ms. */
const LOOK_EVERY = 5_000;
const AT_ONCE = 20;
const CACHE = 'relay';

export function createRelay({ store, bus, clock, ids, here }: RelayDeps): IngestRelay {
  async function put(lane: string, post: Post): Promise<void> {
    await store.posts.put(lane, post, clock.now());
    bus.tell('posts');
  }

  /** Here, or by whoever ingests. Undefined: nobody has carried it out in time. */
  async function done(lane: string, doing: Doing): Promise<unknown> {
    const pipeline = here();
    if (pipeline) return await carryOut(pipeline, doing, clock);
    const post = { ...doing, key: ids.next() } as Post;
    await put(lane, post);
    const results = store.cache(CACHE);
    for (const until = clock.monotonic() + RESULT_WITHIN; clock.monotonic() < until;) {
      await clock.sleep(RESULT_EVERY);
      const found = (await results.get(post.key)) as { result: unknown } | undefined;
      if (found !== undefined) return found.result;
    }
    return undefined;
  }

  return {
    async measurements(agentId, measurements) {
      const pipeline = here();
      if (pipeline) return await pipeline.measurements(measurements);
      for (const some of bySize(measurements))
        await put(`agent/${agentId}`, { kind: 'measurements', measurements: some, key: ids.next() });
    },
    async statements(sourceId, statements) {
      let fresh = 0;
      for (const some of here() ? [statements] : bySize(statements)) {
        const result = await done(`source/${sourceId}`, { kind: 'statements', sourceId, statements: some });
        fresh += typeof result === 'number' ? result : some.length;
      }
      return fresh;
    },
    async retract(id, because) {
      if (here() === null && (await store.incidents.get(id)) === null) return false;
      return (await done('operators', { kind: 'retract', id, because })) !== false;
    },
    async release(sourceId) {
      const result = await done('operators', { kind: 'release', sourceId });
      if (result === undefined) throw new TocsinError('timeout', 'No process that ingests has taken it yet');
      return typeof result === 'number' ? result : null;
    },
  };
}

/** In the order of the list; one that is too large by itself goes alone. */
function bySize<T>(list: readonly T[]): T[][] {
  const portions: T[][] = [];
  let room = 0;
  for (const one of list) {
    const bytes = Buffer.byteLength(JSON.stringify(one));
    if (portions.length === 0 || bytes > room) {
      portions.push([]);
      room = MAX_POST;
    }
    portions.at(-1)!.push(one);
    room -= bytes;
  }
  return portions;
}

/** `store`: of whoever ingests, under its lease. */
type PostsDeps = Pick<IntakeDeps, 'store' | 'clock' | 'log'> & Pick<RelayDeps, 'bus'> & { pipeline: Pipeline };

/**
 * Carries out what others wrote down, oldest first, until aborted. Each may be carried out again after a kill: measurements and statements are known by
 * their ids, and what was taken back or let go once stays so.
 */
export async function takePosts({ store, pipeline, bus, clock, log }: PostsDeps, signal: AbortSignal): Promise<void> {
  const pause = wakeable(clock);
  bus.hear('posts', pause.wake, signal);

  /** Where there may be more, at once again. */
  async function takeSome(): Promise<number> {
    const posts = await store.posts.oldest(AT_ONCE);
    for (const { id, lane, post } of posts) {
      if (signal.aborted) break;
      const { key } = post as Post;
      try {
        const result = (await carryOut(pipeline, post as Post, clock)) ?? null;
        await store.cache(CACHE).set(key, { result }, RESULT_KEPT);
      } catch (error) {
        if (['store_failed', 'lease_lost'].includes(codeOf(error))) throw error;
        const dropped = { lane, reason: messageOf(error) };
        log.error('What another process handed on cannot be carried out; it is dropped', dropped);
      }
      await store.posts.done([id]);
    }
    return posts.length === AT_ONCE ? 0 : LOOK_EVERY;
  }

  const begins = 'Unable to take what other processes handed on';
  await keepAtIt(takeSome, LOOK_EVERY, { clock, log, pause, begins, ...SILENTLY }, signal);
}
