/** Who asks: addresses as they count, and how much one of them may ask for. */
import { BlockList, isIP, isIPv6 } from 'node:net';

/** More proxies in a row are nobody's; what stands further off is what a stranger wrote. */
const MAX_HOPS = 10;

/**
 * The address of the person behind `remote`: itself, unless it is a trusted proxy; then the last address of `X-Forwarded-For` that is no trusted proxy. What
 * stands before that in the header is hearsay.
 */
export function createClientOf(trusted: readonly string[]) {
  const proxies = new BlockList();
  for (const one of trusted) {
    const [address = '', bits] = one.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  const isProxy = (address: string): boolean => proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return {
    isProxy: (remote: string): boolean => isProxy(unmapped(remote)),
    of(remote: string, forwardedFor: string | readonly string[] | undefined): string {
      let client = unmapped(remote);
      const chain = String(forwardedFor ?? '')
        .slice(-1_000)
        .split(',')
        .slice(-MAX_HOPS)
        .map((one) => unmapped(one.trim()));
      while (isProxy(client)) {
        const next = chain.pop();
        if (next === undefined || isIP(next) === 0) break;
        client = next;
      }
      return client;
    },
  };
}

/** "::ffff:192.0.2.1", as a socket that listens to both kinds has it, is an address of IPv4. */
const unmapped = (address: string): string => {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(bare) ? bare.slice(7) : bare;
};

/** As what an address counts: of IPv6 the /64, which is one household's. */
export function countsAs(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - groups(tail).length);
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...groups(tail ?? '')];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

export interface Budget {
  /** How much it may hold at most. */
  burst: number;
  /** What comes back each second. */
  perSecond: number;
  /** Addresses that are remembered; of more, the one longest unheard of begins anew. */
  most: number;
}

/** A token bucket an address. */
export function createBuckets({ burst, perSecond, most }: Budget) {
  const kept = new Map<string, { tokens: number; at: number }>();
  return {
    /** Takes `cost` where there is anything left, and gives 0; else how many ms until there is. `now`: ms of a clock that only goes forward. */
    take(address: string, cost: number, now: number): number {
      const known = kept.get(address);
      const tokens = known ? Math.min(burst, known.tokens + ((now - known.at) / 1_000) * perSecond) : burst;
      const left = tokens >= 1 ? tokens - cost : tokens;
      kept.delete(address);
      kept.set(address, { tokens: left, at: now });
      if (kept.size > most) kept.delete(kept.keys().next().value!);
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1_000);
    },
    size: () => kept.size,
  };
}
export type Buckets = ReturnType<typeof createBuckets>;
