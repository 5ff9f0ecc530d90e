import type { RequestListener } from 'node:http';
import * as v from 'valibot';
import { onTestFinished } from 'vitest';
import type { Source, SourceDeps } from '../../../src/core/ports/source.ts';
import { createHttp } from '../../../src/platform/http.ts';
import type { SourceKind } from '../../../src/sources/kind.ts';
import { bundledHosts } from '../../fakes/bundled.ts';
import { quietLog as silent } from '../../fakes/fake-log.ts';
import { serve } from '../../unit/http/servers.ts';
import { Town } from '../town.ts';

/** A town with chats, and a source of any kind that reads from loopback. */
export interface ObservedTown {
  town: Town;
  /** Polls as the poller does: all of a round, stored, committed. */
  poll(): Promise<void>;
  /** A new process over what is kept. */
  restart(): Promise<void>;
}

export async function observedTown(
  // oxlint-disable-next-line typescript/no-explicit-any -- each kind has its own config type; the schema checks it
  kind: SourceKind<any>,
  config: Record<string, unknown>,
  listener: (town: Town) => RequestListener,
  lang = 'en',
): Promise<ObservedTown> {
  const town = await Town.create({}, { lang });
  const server = await serve(listener(town));
  const client = createHttp({ allowPrivateAddresses: true });
  onTestFinished(async () => {
    await client.close();
    await server.close();
    await town.store.close();
  });
  let firstPoll = true;
  const make = async (): Promise<Source> => {
    const deps: SourceDeps = {
      clock: town.clock,
      ids: town.ids,
      log: silent,
      http: client.http,
      state: town.store.state(`source/${kind.kind}`),
      cache: town.store.cache(`source/${kind.kind}`),
      serviceHosts: bundledHosts,
    };
    const parsed = v.parse(kind.schema, { id: kind.kind, kind: kind.kind, url: server.url, ...config });
    return (await kind.load()).createSource(parsed, deps);
  };
  let source = await make();
  return {
    town,
    async poll() {
      for (let again = true; again;) {
        const result = await source.poll({ now: town.clock.now(), firstPoll, signal: new AbortController().signal });
        if (result.statements?.length)
          await town.pipeline.statements(source.id, result.statements, { firstPoll, pushed: false });
        if (result.measurements.length > 0) await town.pipeline.measurements(result.measurements);
        await result.commit?.();
        again = result.again === true;
      }
      firstPoll = false;
      await town.drain();
    },
    async restart() {
      source = await make();
    },
  };
}
