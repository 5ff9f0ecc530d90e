import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { controlView, judgeNational, type NationalObservations } from '../../core/judge/dns.ts';
import { eachLimited } from '../../core/wakeable.ts';
import type { Vantage } from './config.ts';
import { askControls, askPlainPair } from './net/dns.ts';
import type { Work } from './session.ts';

const file = v.record(v.string(), v.array(v.strictObject({ id: v.string(), address: v.string() })));

export type NationalResolver = NonNullable<Vantage['resolvers']['national']>[number];

/** The vantage file's own, else the bundled ones of its country. */
export async function nationalResolvers(vantage: Vantage): Promise<NationalResolver[]> {
  if (vantage.resolvers.national !== null) return vantage.resolvers.national;
  const path = new URL('../../../config/national-resolvers.yaml', import.meta.url);
  return v.parse(file, parse(await readFile(path, 'utf8')))[vantage.country] ?? [];
}

/** Asks one resolver of a country about names, beside the controls outside. Never throws. */
export async function measureNational(work: Work, resolver: string, names: readonly string[]) {
  const references = work.vantage.reference_sites.slice(0, 2).map((s) => s.name);
  const known = await Promise.all(references.map((name) => askPlainPair(resolver, name, work, { lateMs: 0 })));
  const alive = known.some((pair) => pair.a.kind === 'address' || pair.aaaa.kind === 'address');
  // Silent about everything: out of reach from here, and no word about any name.
  if (!alive) return [];
  return eachLimited(names, 8, async (name) => {
    const [pair, controls] = await Promise.all([
      askPlainPair(resolver, name, work, { lateMs: 0 }),
      askControls(work, name),
    ]);
    const observations: NationalObservations = {
      a: pair.a,
      aaaa: pair.aaaa,
      alive,
      view: controlView(controls),
    };
    return { name, finding: judgeNational(observations), observations };
  });
}
