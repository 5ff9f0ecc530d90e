import type { ControlView } from './dns.ts';
import type { DnsAnswer } from './observations.ts';
import { type Finding, finding, OK } from './verdict.ts';

export interface NationalObservations {
  /** What the national resolver says about the name: both record types, up to three tries each. */
  a: DnsAnswer;
  aaaa: DnsAnswer;
  /** It answers for names that must resolve. */
  alive: boolean;
  /** How the trusted controls outside see the name. */
  view: ControlView;
}

const gone = (x: DnsAnswer): boolean => x.kind === 'nxdomain' || x.kind === 'nodata';

/**
 * A name that resolves everywhere and does not exist for a country's own resolver has been delisted there: a block by decree, whatever the
 * packets do. The same name resolving again is its return.
 */
export function judgeNational(o: NationalObservations): Finding {
  if (o.a.kind === 'address' || o.aaaa.kind === 'address') return OK;
  if (!o.alive) return finding('inconclusive', 'national_resolver_dead');
  if (o.view === 'gone') return finding('down', 'dns');
  if (o.view !== 'address') return finding('inconclusive', 'no_control');
  if (gone(o.a) && gone(o.aaaa)) return finding('dns_blocked', 'delisted');
  return finding('inconclusive', 'national_resolver_silent');
}
