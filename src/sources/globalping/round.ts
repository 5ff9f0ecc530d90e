import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import type { Client } from './client.ts';
import { delistedBy, judgeRound, type Round, type Verdict } from './verdict.ts';

/** Probes at homes and offices of the country; and some abroad, for comparison. */
const INSIDE = 6;
const ASKED = 3;
const CONTROLS = ['DE', 'US', 'NL'];
const CONTROL_COUNT = 2;
/** Nobody's national resolver, and one that leaves out nothing. */
const CONTROL_RESOLVER = '1.1.1.1';

const file = v.record(v.string(), v.array(v.strictObject({ id: v.string(), address: v.string() })));

/** Addresses of the resolvers that the country tells its providers to use; none for most. */
export async function resolversOf(country: string): Promise<string[]> {
  const path = new URL('../../../config/national-resolvers.yaml', import.meta.url);
  return (v.parse(file, parse(await readFile(path, 'utf8')))[country] ?? []).map(({ address }) => address);
}

/** Tests that a round takes, without the second resolver. */
export const costOf = (resolvers: readonly string[]): number =>
  INSIDE + CONTROL_COUNT + (resolvers.length > 0 ? costOfNames() : 0);
/** Those of a look at a name alone. */
export const costOfNames = (): number => ASKED + CONTROL_COUNT;

export interface RoundResult extends Verdict {
  /** Of the measurement that shows it, for a link. */
  id: string | null;
  headers: Record<string, string>;
}

interface Looking {
  client: Client;
  signal: AbortSignal;
}

interface Asking {
  resolvers: readonly string[];
  /** May so many more tests be made? They are counted then. */
  more(tests: number): Promise<boolean>;
}

const controlsFor = (country: string) =>
  CONTROLS.filter((one) => one !== country)
    .slice(0, CONTROL_COUNT)
    .map((one) => ({ country: one, limit: 1 }));
const inside = (country: string, limit: number) => ({ country, limit, tags: ['eyeball-network'] });

/** Does the name exist for the country's own resolver, and for one abroad? */
export async function lookAtName(
  country: string,
  { domain, resolver }: { domain: string; resolver: string },
  { client, signal }: Looking,
) {
  const asked = await client.look(
    { type: 'dns', target: domain, resolver, locations: [inside(country, ASKED)] },
    signal,
  );
  const there = await client.look(
    { type: 'dns', target: domain, resolver: CONTROL_RESOLVER, locations: controlsFor(country) },
    signal,
  );
  return { dns: { asked: asked.looks, controls: there.looks }, shown: { ...asked, headers: there.headers } };
}

/** Looks at a service from inside a country, beside controls abroad, and at its name with the country's own resolver. */
export async function lookFrom(
  country: string,
  domain: string,
  { client, resolvers, more, signal }: Looking & Asking,
): Promise<RoundResult> {
  const locations = [inside(country, INSIDE), ...controlsFor(country)];
  const http = await client.look({ type: 'http', target: domain, locations }, signal);
  let dns: Round['dns'] = null;
  let shown = http;
  const [resolver, second] = resolvers;
  if (resolver !== undefined) {
    const found = await lookAtName(country, { domain, resolver }, { client, signal });
    dns = found.dns;
    shown = found.shown;
    // One resolver may be at fault; a name that is delisted is gone from the other as well, and whoever asks that one must not hear of it.
    if (second !== undefined && delistedBy(found) !== null && (await more(ASKED))) {
      const other = await client.look(
        { type: 'dns', target: domain, resolver: second, locations: [inside(country, ASKED)] },
        signal,
      );
      dns = { ...dns, asked: [...dns.asked, ...other.looks] };
      shown = { ...shown, headers: other.headers };
    }
  }
  const verdict = judgeRound({ country, http: http.looks, dns });
  return { ...verdict, id: verdict.method === 'dns' ? shown.id : http.id, headers: shown.headers };
}
