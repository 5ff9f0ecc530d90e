import * as v from 'valibot';
import { loadServiceHosts } from '../config/catalogue.ts';
import { COUNTRIES } from '../core/commands/asking/country-names.ts';
import { TocsinError } from '../core/errors.ts';
import { unspell } from '../core/judge/verdict.ts';
import { type Measurement, viewOf } from '../core/model/measurement.ts';
import type { ServiceHosts } from '../core/ports/reading.ts';
import type { Source } from '../core/ports/source.ts';
import { createHttp } from '../platform/http.ts';
import { sourceKinds } from '../sources/index.ts';
import { throwaway } from './check.ts';
import { configOf, optionsOf, runtimeOf } from './runtime.ts';

const MAX_TARGETS = 3;
const POLL_MS = 110_000;

/** `probe TARGET… --from CC`: asks volunteers' probes in that country, once, and prints what they found. */
export async function run(args: string[]): Promise<number> {
  const { values, words } = optionsOf(args, ['from', 'config'], ['json'], 'words');
  const country = (values.from ?? '').toUpperCase();
  if (!COUNTRIES.includes(country) || country === 'EU')
    throw new TocsinError('usage', `--from takes a country of ISO 3166-1, such as RU, not "${country.slice(0, 20)}"`);
  const remedy = `name one to ${MAX_TARGETS} services, such as "tocsin probe whatsapp --from ${country}"`;
  if (words.length === 0 || words.length > MAX_TARGETS) throw new TocsinError('usage', remedy);
  const config = await configOf(values.config);
  const kind = sourceKinds.find((one) => one.elsewhere)!;
  const hosts = await loadServiceHosts(config.catalogue);
  const services = words.map((typed) => serviceOf(typed, hosts));
  const block = config.sources.find((one) => one.kind === kind.kind) ?? { id: kind.kind, kind: kind.kind };
  await using client = createHttp(config.network);
  const deps = runtimeOf(config, 'warn');
  const { createSource } = await kind.load();
  const source = createSource(v.parse(kind.schema, { ...block, countries: [country] }), {
    ...deps,
    http: client.http,
    followed: async () => ({ countries: [], services: [] }),
    serviceHosts: async () => hosts,
    ...throwaway(),
  });
  for (const service of services)
    print(service, await lookOnce(source, service, country, deps.clock.now()), values.json === true);
  return 0;
}

function serviceOf(typed: string, hosts: ServiceHosts): string {
  const service = hosts.services.find((id) => id === typed.toLowerCase()) ?? hosts.find(typed)?.service;
  if (service) return service;
  const wrong = `"${typed.slice(0, 60)}" is no service that has a domain of its own`;
  throw new TocsinError('usage', `${wrong}; name one of services.yaml, such as whatsapp`);
}

async function lookOnce(source: Source, service: string, country: string, now: number): Promise<Measurement | null> {
  source.nudge?.([service], country);
  const signal = AbortSignal.timeout(POLL_MS);
  const { measurements } = await source.poll({ now, firstPoll: false, signal });
  return measurements[0] ?? null;
}

/** The same line as that of `probe`. */
function print(target: string, found: Measurement | null, json: boolean): void {
  const view = found && viewOf(found);
  const { verdict, detail } = unspell(found?.verdict ?? 'inconclusive');
  const notes = view
    ? [`${view.measurements} probes`, `${view.networks.length} networks`, ...(view.url ? [view.url] : [])]
    : [];
  const confidence = view ? 'high' : 'low';
  const line = json
    ? JSON.stringify({ target, verdict, detail, also: [], notes, families: {}, confidence })
    : `${target.padEnd(20)} ${[verdict, detail].filter(Boolean).join(':').padEnd(24)} ${notes.join(', ')}`;
  process.stdout.write(`${line}\n`);
}
