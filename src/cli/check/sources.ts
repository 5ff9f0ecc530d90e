import type { SourceConfig } from '../../config/schema.ts';
import { loadServiceHosts } from '../../config/service-domains.ts';
import { createEtiquette } from '../../core/poll/etiquette.ts';
import type { Http } from '../../core/ports/http.ts';
import { createHttp } from '../../platform/http.ts';
import { progressOnStderr } from '../../platform/progress.ts';
import { sourceKinds } from '../../sources/index.ts';
import { type CheckDeps, eachOf, failure, type Row, throwaway, within } from './table.ts';

const AT_A_TIME = 8;
const DEADLINE_MS = 30_000;

type Polite = ReturnType<typeof createEtiquette>;

/** Polls each source once, as on a first poll, and keeps nothing. */
export async function checkSources(deps: CheckDeps): Promise<Row[]> {
  const client = createHttp({ ...deps.config.network, contact: deps.config.web?.publicUrl ?? null });
  const polite = createEtiquette({ ...deps, state: throwaway().state });
  const progress = progressOnStderr(deps.clock)('trying', 'sources');
  const all = deps.config.sources.length;
  let done = 0;
  progress.tell(0, all);
  try {
    return await eachOf(deps.config.sources, AT_A_TIME, async (source) => {
      const row = await checkSource(source, client.http, polite, deps);
      progress.tell(++done, all);
      return row;
    });
  } finally {
    progress.end();
    await client.close();
  }
}

async function checkSource(config: SourceConfig, http: Http, polite: Polite, deps: CheckDeps): Promise<Row> {
  const { clock, ids, log } = deps;
  const serviceHosts = () => loadServiceHosts(deps.config.catalogue);
  try {
    const kind = sourceKinds.find((one) => one.kind === config.kind)!;
    if (kind.off?.(config)) return { part: 'source', name: config.id, ok: true, detail: 'off: no token' };
    const { createSource } = await kind.load();
    const fetched = kind.polite ? polite(http) : http;
    const source = createSource(config, { clock, ids, log, http: fetched, ...throwaway(), serviceHosts });
    const poll = (signal: AbortSignal) => source.poll({ now: clock.now(), firstPoll: true, signal });
    const { items, measurements, statements = [] } = await within(kind.checkMs ?? DEADLINE_MS, poll, deps);
    const newest = Math.max(...items.filter((item) => item.dated).map((item) => item.publishedAt));
    const none = items.length + statements.length + measurements.length === 0;
    if (none && kind.idle) return { part: 'source', name: config.id, ok: true, detail: kind.idle };
    const found = items.length > 0 || statements.length === 0 ? [counted(items.length, 'item')] : [];
    if (statements.length > 0) found.push(counted(statements.length, 'statement'));
    if (measurements.length > 0) found.push(counted(measurements.length, 'measurement'));
    if (Number.isFinite(newest)) found.push(`newest ${new Date(newest).toISOString().slice(0, 16)}Z`);
    return { part: 'source', name: config.id, ok: true, detail: found.join(', ') };
  } catch (error) {
    return failure('source', config.id, error);
  }
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
