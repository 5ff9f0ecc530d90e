/** Looks of single probes at a service, and at its name with the country's own resolver → what they say together (`sources/globalping`). */

/** What one probe found. */
export interface Look {
  country: string;
  /** "AS64500". */
  asn: string;
  /** `fine`: it answered; `failed`: it did not; `gone`: the name does not exist there; `unclear`: the probe itself failed. */
  found: 'fine' | 'failed' | 'gone' | 'unclear';
}

/** Looks of one round: at the service, and at its name with the country's own resolver; each beside controls abroad. */
export interface Round {
  country: string;
  http: readonly Look[];
  /** Null: the country has no resolvers of its own. */
  dns: { asked: readonly Look[]; controls: readonly Look[] } | null;
}

export interface Verdict {
  /** `open` is said only where nothing speaks against it. */
  says: 'cut' | 'open' | 'unclear';
  /** In the words of probes.md. */
  verdict: string;
  method: 'dns' | null;
  /** Probes that count, and the networks that they stand in. */
  looks: number;
  networks: string[];
}

/** So many probes must have looked, in so many networks, and so large a share must have failed. */
const LEAST_LOOKS = 5;
const LEAST_NETWORKS = 3;
const CUT_SHARE = 0.6;
const OPEN_SHARE = 0.2;
/** Of a resolver: all who asked it must have heard the same. */
const LEAST_ASKED = 2;

const networksOf = (looks: readonly Look[]): string[] => [...new Set(looks.map(({ asn }) => asn))].sort();
const counted = (looks: readonly Look[]): Look[] => looks.filter(({ found }) => found !== 'unclear');

const said = (says: Verdict['says'], verdict: string, looks: readonly Look[], method: Verdict['method'] = null) =>
  ({ says, verdict, method, looks: looks.length, networks: networksOf(looks) }) satisfies Verdict;

/** What a round comes to. Without a control that is well nothing is said: then it may be the service itself. */
export function judgeRound(round: Round): Verdict {
  const delisted = delistedBy(round);
  if (delisted) return delisted;
  const inside = counted(round.http.filter(({ country }) => country === round.country));
  const outside = counted(round.http.filter(({ country }) => country !== round.country));
  const unclear: Verdict = { ...said('unclear', 'inconclusive', inside), networks: [] };
  if (outside.length === 0 || outside.some(({ found }) => found !== 'fine')) return unclear;
  if (inside.length < LEAST_LOOKS) return unclear;
  const { true: wrong = [], false: well = [] } = Object.groupBy(inside, ({ found }) => String(found !== 'fine'));
  const [failed, fine] = [said('cut', 'unreachable', wrong), said('open', 'ok', well)];
  const isWide = ({ networks }: Verdict): boolean => networks.length >= LEAST_NETWORKS;
  if (failed.looks >= CUT_SHARE * inside.length && isWide(failed)) return failed;
  return failed.looks <= OPEN_SHARE * inside.length && isWide(fine) ? fine : unclear;
}

/** Delisted from the national DNS: it does not exist for the country's resolver, and does for those abroad. */
export function delistedBy({ dns }: Pick<Round, 'dns'>): Verdict | null {
  if (!dns) return null;
  const asked = counted(dns.asked).filter(({ found }) => found !== 'failed');
  const controls = counted(dns.controls);
  const isThere = controls.length > 0 && controls.every(({ found }) => found === 'fine');
  if (!isThere || asked.length < LEAST_ASKED || asked.some(({ found }) => found !== 'gone')) return null;
  return said('cut', 'dns_blocked:delisted', asked, 'dns');
}
