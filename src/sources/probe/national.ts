import { controlView } from '../../core/judge/dns.ts';
import { judgeNational, type NationalObservations } from '../../core/judge/national.ts';
import type { Finding } from '../../core/judge/verdict.ts';
import { askPlainPair } from './dns/plain.ts';
import { eachLimited, type Session } from './session.ts';

export interface NationalResult {
  name: string;
  finding: Finding;
  observations: NationalObservations;
}

/** Asks one resolver of a country about names, beside the controls outside. Never throws. */
export async function measureNational(
  session: Session,
  resolver: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<NationalResult[]> {
  const { clock } = session;
  const references = session.vantage.reference_sites.slice(0, 2).map((s) => s.name);
  const known = await Promise.all(references.map((name) => askPlainPair(resolver, name, clock, signal, { lateMs: 0 })));
  const alive = known.some((pair) => pair.a.kind === 'address' || pair.aaaa.kind === 'address');
  return eachLimited(names, 8, async (name) => {
    const [pair, controls] = await Promise.all([
      alive ? askPlainPair(resolver, name, clock, signal, { lateMs: 0 }) : Promise.resolve(null),
      Promise.all(session.controls.map((c) => c.ask(name, signal))),
    ]);
    const silent = { kind: 'timeout' as const, addresses: [], ms: 0, late: null, tries: 0 };
    const observations: NationalObservations = {
      a: pair?.a ?? silent,
      aaaa: pair?.aaaa ?? silent,
      alive,
      view: controlView(controls.filter((c) => c !== null)),
    };
    return { name, finding: judgeNational(observations), observations };
  });
}
