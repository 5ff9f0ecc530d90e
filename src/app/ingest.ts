import { createMissingWatch } from '../core/missing.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { type Poller, createPoller } from '../core/poll/poller.ts';
import { gatheredNews } from '../core/poll/source-state.ts';
import type { LeaseTerm } from '../core/ports/leases.ts';
import type { Source } from '../core/ports/source.ts';
import type { Store } from '../core/ports/store.ts';
import { nextRun } from '../platform/schedule.ts';
import { createWatching } from './housekeeping.ts';
import { takePosts } from './intakes.ts';
import { openSources } from './open-sources.ts';
import { followPress } from './press.ts';
import type { IngestUnit, ProcessParts } from './process.ts';

/** What runs while this process holds `ingest`: sources are polled, judged, correlated. Made anew for each term. */

export async function beginIngest(parts: ProcessParts, term: LeaseTerm): Promise<IngestUnit> {
  const { config, clock, ids, log, intake, here, publishers } = parts;
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
  const open = await openSources({ config, store, clock, ids, log, http: parts.client.http, publishers });
  sources.push(...open.sources);
  const vantageId = config.vantage?.data.id ?? null;
  const { missingVantages } = pipeline;
  const onVantages = (ids: readonly string[]) => store.state('missing').set('vantages', ids);
  const missing = createMissingWatch({ ...parts, vantageId, missingVantages, onVantages });
  const poller = pollerOf(parts, { sources, pipeline, store, signal });
  const watching = createWatching({ store, clock, log, sources: () => poller.health() });
  const loops = [watching.loop(signal), takePosts({ store, pipeline, bus, clock, log }, signal)];
  if (intake || config.vantage) loops.push(missing.loop(signal));
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

interface Polled {
  sources: Source[];
  pipeline: Pipeline;
  store: Store;
  signal: AbortSignal;
}

function pollerOf(parts: ProcessParts, { sources, pipeline, store, signal }: Polled): Poller {
  return createPoller({
    ...parts,
    sources,
    nextRun,
    news: gatheredNews(sources, { ...parts, signal }),
    states: store.sourceStates,
    perHost: parts.config.network.perHost,
    async ingest(source, result, context) {
      if (result.items.length > 0) await pipeline.items(source.id, result.items, context.firstPoll);
      if (result.statements?.length)
        await pipeline.statements(source.id, result.statements, { firstPoll: context.firstPoll, pushed: false });
      if (result.withdrawals?.length) await pipeline.withdrawals(source.id, result.withdrawals);
      if (result.measurements.length > 0) await pipeline.measurements(result.measurements);
    },
  });
}
