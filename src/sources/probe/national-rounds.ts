import { NATIONAL } from '../../core/judge/measured.ts';
import type { Measurement } from '../../core/model/measurement.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Ids } from '../../core/ports/ids.ts';
import type { ProbeConfig } from './config.ts';
import { measureNational, type NationalResolver, nationalResolvers } from './national.ts';
import type { ProbeTarget } from './round.ts';
import type { Session } from './session.ts';
import { publicName } from './targets.ts';

const EVERY = 5 * 60_000;

/** Countries' own resolvers, every five minutes. They may be silent for many seconds. */
export interface NationalRounds {
  /** After the wall clock was set back: never later than one interval from now. */
  mend(now: number): void;
  /** It should have been their turn an interval ago. */
  isLate(now: number): boolean;
  /** What they say of the targets that have a public name; nothing while it is not their time. */
  poll(session: Session, targets: readonly ProbeTarget[], now: number, signal: AbortSignal): Promise<Measurement[]>;
}

export function createNationalRounds(config: ProbeConfig, { clock, ids }: { clock: Clock; ids: Ids }): NationalRounds {
  let next = clock.now();
  let resolvers: NationalResolver[] | null = null;

  return {
    mend(now) {
      next = Math.min(next, now + EVERY);
    },
    isLate: (now) => now > next + EVERY,
    async poll(session, targets, now, signal) {
      const { vantage } = session;
      const out: Measurement[] = [];
      if (now < next || signal.aborted) return out;
      next = now + EVERY;
      resolvers ??= await nationalResolvers(vantage);
      const named = targets
        .map((target) => ({ id: target.id, name: publicName(target) }))
        .filter((x): x is { id: string; name: string } => x.name !== null);
      for (const resolver of resolvers) {
        const found = await measureNational(session, resolver.address, [...new Set(named.map((x) => x.name))], signal);
        const common = {
          sourceId: config.id,
          kind: 'probe',
          at: clock.now(),
          probeCc: resolver.country ?? vantage.country,
          probeAsn: vantage.asn,
          vantageId: `${vantage.id}/${NATIONAL}/${resolver.id}`,
        };
        for (const { id, name } of named) {
          const one = found.find((f) => f.name === name);
          if (!one || signal.aborted) continue;
          const { verdict, detail } = one.finding;
          const about = { id: ids.next(), target: id, component: NATIONAL };
          out.push({ ...common, ...about, verdict, detail, notes: [], raw: one.observations });
        }
      }
      return out;
    },
  };
}
