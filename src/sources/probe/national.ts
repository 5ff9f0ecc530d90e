import { controlView, judgeNational, type NationalObservations } from '../../core/judge/dns.ts';
import { eachLimited } from '../../core/wakeable.ts';
import { askControls, askPlainPair } from './net/dns.ts';
import type { Work } from './session.ts';

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
    const observations: NationalObservations = { ...pair, alive, view: controlView(controls) };
    return { name, finding: judgeNational(observations), observations };
  });
}
