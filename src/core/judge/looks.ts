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

/** What a round comes to. Without a control that is well nothing is said: then it may be the service itself. */
export function judgeRound(round: Round): Verdict {
  const delisted = delistedBy(round);
  if (delisted) return delisted;
  const inside = counted(round.http.filter(({ country }) => country === round.country));
  const outside = counted(round.http.filter(({ country }) => country !== round.country));
  const unclear: Verdict = {
    says: 'unclear',
    verdict: 'inconclusive',
    method: null,
    looks: inside.length,
    networks: [],
  };
  if (outside.length === 0 || outside.some(({ found }) => found !== 'fine')) return unclear;
  const failed = inside.filter(({ found }) => found !== 'fine');
  const fine = inside.filter(({ found }) => found === 'fine');
  if (inside.length < LEAST_LOOKS) return unclear;
  if (failed.length >= CUT_SHARE * inside.length && networksOf(failed).length >= LEAST_NETWORKS)
    return { says: 'cut', verdict: 'unreachable', method: null, looks: failed.length, networks: networksOf(failed) };
  if (failed.length <= OPEN_SHARE * inside.length && networksOf(fine).length >= LEAST_NETWORKS)
    return { says: 'open', verdict: 'ok', method: null, looks: fine.length, networks: networksOf(fine) };
  return unclear;
}

/** Delisted from the national DNS: it does not exist for the country's resolver, and does for those abroad. */
export function delistedBy({ dns }: Pick<Round, 'dns'>): Verdict | null {
  if (!dns) return null;
  const asked = counted(dns.asked).filter(({ found }) => found !== 'failed');
  const controls = counted(dns.controls);
  const isThere = controls.length > 0 && controls.every(({ found }) => found === 'fine');
  if (!isThere || asked.length < LEAST_ASKED || asked.some(({ found }) => found !== 'gone')) return null;
  return {
    says: 'cut',
    verdict: 'dns_blocked:delisted',
    method: 'dns',
    looks: asked.length,
    networks: networksOf(asked),
  };
}
