import { setImmediate } from 'node:timers/promises';
import type { Config } from '../config/schema.ts';
import { PLAIN_WRITING, type Writing } from '../core/extract/text/tokens.ts';
import { createReadersWatch } from '../core/judge/readers.ts';
import { createMissingWatch } from '../core/missing.ts';
import { createPoller } from '../core/poll/poller.ts';
import { gatheredNews } from '../core/poll/source-state.ts';
import type { Encoder } from '../core/ports/encoder.ts';
import type { LeaseTerm } from '../core/ports/leases.ts';
import type { Extractor, FirstLook } from '../core/ports/reading.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';
import type { Source } from '../core/ports/source.ts';
import { keepAtIt } from '../core/wakeable.ts';
import { createHttp } from '../platform/http.ts';
import { nextRun } from '../platform/schedule.ts';
import { createWatching, SILENTLY } from './housekeeping.ts';
import { takePosts } from './intakes.ts';
import { openSources } from './open-sources.ts';
import { followPress, thinCountries, wantedCountries } from './press.ts';
import type { IngestUnit, ProcessParts } from './process.ts';

/** How often it is looked at what readers say, ms. */
const READERS_EVERY = 5 * 60_000;

/** What runs while this process holds `ingest`: sources are polled, judged, correlated. Made anew for each term. */

export async function beginIngest(parts: ProcessParts, term: LeaseTerm): Promise<IngestUnit> {
  const { config, clock, ids, log, intake, here } = parts;
  const store = term.store;
  const { bus } = parts.store;
  const ending = new AbortController();
  const { signal } = ending;
  const sources: Source[] = [];
  const pipeline = parts.core.pipeline(store, {
    extractor: await parts.extractor(),
    wake: () => bus.tell('broadcasts'),
    onIncidentChanged(service, country) {
      for (const source of sources) source.nudge?.([service], country);
    },
  });
  const finding = {
    wanted: () => wantedCountries({ config, store }),
    thin: () => thinCountries({ config, store, clock }, poller),
    firstLook: (countries: ReadonlySet<string>) => makeFirstLook(config, countries),
    publishers: parts.publishers,
  };
  const open = await openSources({ config, store, clock, ids, log, http: parts.client.http, finding });
  sources.push(...open.sources);
  const vantageId = config.vantage?.data.id ?? null;
  const { missingVantages } = pipeline;
  const onVantages = (ids: readonly string[]) => store.state('missing').set('vantages', ids);
  const missing =
    intake || config.vantage ? createMissingWatch({ ...parts, vantageId, missingVantages, onVantages }) : null;
  const poller = createPoller({
    ...parts,
    sources,
    nextRun,
    news: gatheredNews(sources, { ...parts, signal }),
    states: store.sourceStates,
    perHost: config.network.perHost,
    ingest: pipeline.ingest,
  });
  const watching = createWatching({ store, clock, log, sources: () => [...poller.health(), ...poller.followed()] });
  const loops = [watching.loop(signal), takePosts({ store, pipeline, bus, clock, log }, signal)];
  if (missing) loops.push(missing.loop(signal));
  const lookAtReaders = createReadersWatch(store, pipeline.readers);
  const begins = 'Unable to judge what readers say';
  loops.push(keepAtIt(() => lookAtReaders(clock.now()), READERS_EVERY, { clock, log, begins, ...SILENTLY }, signal));
  const unit: IngestUnit = {
    pipeline,
    poller,
    open,
    missing,
    async stop() {
      if (here.ingest === unit) here.ingest = null;
      await poller.stop();
      ending.abort();
      await Promise.allSettled(loops);
    },
  };
  await poller.start();
  loops.push(followPress({ config, store, clock, log }, { poller, open, signal }));
  here.ingest = unit;
  return unit;
}

/** How news are read here: the built-in extractor of the operator's catalogue and phrases, or the operator's own model with that one behind it. */

/** Languages that are kept ready: the words of all are 28 MB, and those of one are made in some 30 ms, with the first text in it after a while. */
const LANGUAGES_HELD = 16;

/**
 * The built-in one is loaded and made when the first text comes: the rules, and the words of dozens of languages, need neither hold up the start nor
 * fill the memory of a bot that reads no news.
 */
export async function makeExtractor(
  config: Config,
  { clock, log, signal, encoder }: { clock: Clock; log: Log; signal: AbortSignal; encoder: Encoder | null },
): Promise<Extractor> {
  let writing: Writing = PLAIN_WRITING;
  let made: Extractor | null = null;
  let making: Promise<Extractor> | null = null;
  /** In pieces, with a turn of the event loop for others in between: whole it holds the loop for a tenth of a second. */
  async function make(): Promise<Extractor> {
    const { builtInExtractor, lexiconOf, writingOf } = await import('./built-in-extractor.ts');
    const lexicon = lexiconOf(config.phrases);
    writing = writingOf(lexicon.languages);
    await setImmediate();
    made = builtInExtractor(config, log, LANGUAGES_HELD, encoder);
    await setImmediate();
    return made;
  }
  const builtIn: Extractor = {
    async extract(text, options) {
      making ??= make();
      return (made ?? (await making)).extract(text, options);
    },
  };
  if (!config.model) return builtIn;
  const { createModelExtractor } = await import('../platform/model-extractor.ts');
  // The operator's own endpoint may stand at a private address; nobody else chooses it.
  const own = createHttp({ allowPrivateAddresses: true, perHost: 1 });
  signal.addEventListener('abort', () => void own.close());
  const { catalogue } = config;
  return createModelExtractor(config.model, { http: own.http, clock, log, catalogue, builtIn, writing: () => writing });
}

/** A first look at headlines by the words that the built-in extractor has, made in pieces as well. */
async function makeFirstLook(
  { phrases, catalogue }: Pick<Config, 'phrases' | 'catalogue'>,
  countries: ReadonlySet<string>,
): Promise<FirstLook> {
  const { createFirstLook, lexiconOf } = await import('./built-in-extractor.ts');
  const lexicon = lexiconOf(phrases);
  return await createFirstLook({ lexicon, catalogue }, countries, async () => void (await setImmediate()));
}
