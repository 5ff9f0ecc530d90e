import { hash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import * as v from 'valibot';
import { onTestFinished } from 'vitest';
import { CODES, TocsinError, codeOf } from '../../src/core/errors.ts';
import type { HttpRequest, LogFields } from '../../src/core/ports/runtime.ts';
import type { Followed, PollContext, PollResult, Source, SourceDeps } from '../../src/core/ports/source.ts';
import { createHttp } from '../../src/platform/http.ts';
import { createIds } from '../../src/platform/ids.ts';
import type { SourceKind } from '../../src/sources/kind.ts';
import { bundledFinding, bundledHosts } from '../fakes/bundled.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { serve } from '../unit/http/servers.ts';

/** What a kind that reads documents over HTTP gives its suite; every body is a whole one, as a server sends it with status 200. */
export interface Documents {
  contentType: string;
  /** Where only changes are told: the document that is there before, read and noted when a world opens. */
  baseline?: string;
  /** Results 1 to `upTo`, in any order; each is told apart by `keysOf`. */
  honest(upTo: number): string;
  /** Well-formed documents that are not this kind's, or no longer: name and body. A poll of each must fail. */
  otherShapes: readonly (readonly [name: string, body: string])[];
  /** The honest results 1 to 2 among entries of wrong types, nulls and huge numbers: those two come, or an error. */
  oddEntries: readonly (readonly [name: string, body: string])[];
  /** So many entries, as small as they can be. */
  crowd(count: number): string;
  /** One entry whose texts are of so many characters. */
  longTexts(characters: number): string;
}

/** One kind of source in the suite. */
export interface SourceEntry {
  // oxlint-disable-next-line typescript/no-explicit-any -- each kind has its own config type; the schema checks it
  kind: SourceKind<any>;
  /** As an operator writes it. `base`: address of a server on loopback, without a path. `secret`: to be put wherever this kind may hold one. */
  config(base: string, secret: string): Record<string, unknown>;
  /**
   * Or why this kind reads none: the suite then checks that it asks for none, and leaves those cases out. `ready`: it does ask, in a way of its own, and
   * from now on finds so many results.
   */
  documents: Documents | { none: string; ready?(world: World, n: number): void };
  /** What chats follow; absent = nothing. */
  followed?: Followed;
  /** A poll yields nothing, whatever happens: others bring what it has. The cases that wait for results are left out. */
  passive?: true;
  /** After so long a poll finds something due; 0 = always. */
  everyMs: number;
  /** Results of one poll, and characters of a text in it, at most. */
  most: { results: number; characters: number };
}

export interface World {
  source: Source;
  clock: FakeClock;
  /** What is kept between polls, as JSON: nothing survives by reference. */
  state: Map<string, string>;
  cache: Map<string, string>;
  /** What the source asked of the network, and how many requests came to the server. */
  asked: HttpRequest[];
  arrived(): number;
  /** Everything that was logged, with its fields. */
  lines: string[];
  /** Resolves when the next request arrives. */
  nextRequest(): Promise<void>;
  answer(listener: RequestListener): void;
  poll(more?: Partial<PollContext>): Promise<PollResult>;
  /** A poll during which the clock stands still: what sleeps in it sleeps until it is aborted. */
  start(more?: Partial<PollContext>): Promise<PollResult>;
  /** As after a restart: a new instance over what was kept. */
  restart(): Promise<void>;
}

export const SECRET = 'Sesame-4711';

/** A source made through its public door, on a clock that stands still, with a scripted server and memory of its own. */
export async function openWorld(entry: SourceEntry): Promise<World> {
  let listener: RequestListener = (_request, response) => void response.writeHead(404).end();
  const waiting: (() => void)[] = [];
  const server = await serve((request, response) => {
    for (const wake of waiting.splice(0)) wake();
    return listener(request, response);
  });
  const client = createHttp({ allowPrivateAddresses: true });
  onTestFinished(async () => {
    (world.source as Source & { close?: () => void }).close?.();
    await client.close();
    await server.close();
  });
  const clock = new FakeClock();
  const [state, cache] = [new Map<string, string>(), new Map<string, string>()];
  const lines: string[] = [];
  const asked: HttpRequest[] = [];
  const note = (sentence: string, fields?: LogFields) => void lines.push(`${sentence} ${JSON.stringify(fields ?? {})}`);
  const log: SourceDeps['log'] = { debug: note, info: note, warn: note, error: note, child: () => log };
  let underWay = 0;
  const http: SourceDeps['http'] = async (request) => {
    asked.push(request);
    underWay++;
    try {
      return await client.http(request);
    } finally {
      underWay--;
    }
  };
  const kept = (map: Map<string, string>) => ({
    get: async (key: string): Promise<unknown> => (map.has(key) ? JSON.parse(map.get(key)!) : undefined),
    set: async (key: string, value: unknown) => map.set(key, JSON.stringify(value ?? null)) === map,
    delete: async (key: string) => map.delete(key),
  });
  const own = kept(state);
  const deps: SourceDeps = {
    clock,
    ids: createIds(clock),
    log,
    http,
    state: {
      get: own.get,
      set: async (key, value) => void own.set(key, value),
      delete: async (key) => void own.delete(key),
    },
    cache: kept(cache),
    serviceHosts: bundledHosts,
    finding: bundledFinding,
    ...(entry.followed ? { followed: async () => entry.followed! } : {}),
  };
  const make = async () => {
    const config = v.parse(entry.kind.schema, entry.config(server.url, SECRET));
    return (await entry.kind.load()).createSource(config, deps);
  };
  const world: World = {
    source: await make(),
    clock,
    state,
    cache,
    asked,
    arrived: () => server.seen.length,
    lines,
    nextRequest: () => new Promise((wake) => void waiting.push(wake)),
    answer(next) {
      listener = next;
    },
    poll: (more) => settled(clock, world.start(more), () => underWay > 0),
    start: (more = {}) =>
      world.source.poll({ now: clock.now(), firstPoll: false, signal: new AbortController().signal, ...more }),
    async restart() {
      (world.source as Source & { close?: () => void }).close?.();
      world.source = await make();
    },
  };
  if (!('none' in entry.documents) && entry.documents.baseline !== undefined) {
    const began = clock.now();
    world.answer(serveBody(entry.documents.baseline, entry.documents.contentType));
    await (await world.poll({ firstPoll: true })).commit?.();
    asked.length = 0;
    server.seen.length = 0;
    clock.jump(began - clock.now());
  }
  return world;
}

/** Lets the fake time pass while a poll is under way, for what sleeps in it: slowly while an answer is awaited, else up to when the next wakes. */
async function settled<T>(clock: FakeClock, poll: Promise<T>, awaitsAnswer: () => boolean): Promise<T> {
  const state = { over: false };
  const end = () => {
    state.over = true;
  };
  poll.then(end, end);
  while (!state.over) {
    const nap = awaitsAnswer() ? null : clock.untilNext();
    await clock.pass(nap ?? 50);
    if (nap === null && !state.over) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return poll;
}

/** What tells results apart over polls: sorted, without times and made-up ids. */
export const keysOf = ({ items, measurements, statements = [] }: PollResult): string[] =>
  [
    ...items.map((item) => item.guid ?? item.url ?? item.title),
    ...statements.map(({ id, revision }) => (revision === null ? id : `${id} ${revision}`)),
    ...measurements.map((one) => [one.vantageId, one.target, one.component, one.verdict].join(' ')),
  ].sort();

/** The named error of a poll that fails; anything else (a TypeError, a result) fails the test with what came instead. */
export async function failure(poll: Promise<PollResult>): Promise<TocsinError> {
  const got = await poll.then(
    (result) => new Error(`no error, but ${keysOf(result).length} results: ${JSON.stringify(result).slice(0, 300)}`),
    (error: unknown) => error,
  );
  if (!(got instanceof TocsinError) || !CODES.includes(got.code) || codeOf(got) === 'internal') throw got;
  return got;
}

/** Served with a validator, which is honoured, as a good server does. */
export function serveBody(body: string, contentType: string): RequestListener {
  const etag = `"${hash('sha1', body)}"`;
  return (request, response) =>
    request.headers['if-none-match'] === etag
      ? void response.writeHead(304, { etag }).end()
      : void response.writeHead(200, { etag, 'content-type': contentType }).end(body);
}

/** Bound of "at once" on a machine that does other things, too, ms. */
const AT_ONCE = 5_000;

/** What a poll came to within `AT_ONCE`: its code, or "nothing" for an empty result. */
export const ends = (poll: Promise<PollResult>): Promise<string> =>
  Promise.race([
    poll.then(
      // A source that measures may end an aborted poll with what it has: nothing.
      (result) => (keysOf(result).length === 0 && result.commit === undefined ? 'canceled' : keysOf(result).join()),
      (error: { code?: string }) => error.code ?? String(error),
    ),
    new Promise<string>((late) => setTimeout(late, AT_ONCE, 'still running').unref()),
  ]);

/** Serves so many results, where the kind reads documents, and lets the time pass until something is due. */
export type Ready = (world: World, n: number) => Promise<void>;
