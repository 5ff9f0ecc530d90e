import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** IPv4 space that is nobody's on the public internet (IANA special-purpose registry), multicast and reserved included. */
const IPV4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

const special = new BlockList();
for (const [address, prefix] of IPV4) special.addSubnet(address, prefix, 'ipv4');

/**
 * True for an address that a stranger's feed must not make us call: private, loopback, link-local, shared, documentation, multicast,
 * reserved; for IPv6 everything outside 2000::/3 and, inside it, what embeds an IPv4 address. Anything that is no address is true.
 */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return special.check(address, 'ipv4');
  if (!isIPv6(address)) return true;
  const words = ipv6Words(address);
  if (!words) return true;
  const [a, b] = words as [number, number];
  const embedded = dotted(words[6]!, words[7]!);
  const zeros = (count: number) => words.slice(0, count).every((word) => word === 0);
  // ::ffff:a.b.c.d (mapped) and 64:ff9b::a.b.c.d (NAT64) stand for the IPv4 address inside.
  if (zeros(5) && words[5] === 0xffff) return special.check(embedded, 'ipv4');
  if (a === 0x64 && b === 0xff9b && words.slice(2, 6).every((word) => word === 0))
    return special.check(embedded, 'ipv4');
  if (a < 0x2000 || a > 0x3fff) return true;
  // Teredo, ORCHID and other protocol assignments; documentation; 6to4; the newer documentation block.
  if (a === 0x2001 && (b < 0x200 || b === 0xdb8)) return true;
  return a === 0x2002 || (a === 0x3fff && b < 0x1000);
}

/** A host as it stands in a URL (brackets allowed): the address it is, or null where it is a name. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) ? bare : null;
}

/** Names that never leave this network; behind a proxy, which resolves for us, all that can be judged. */
export function isLocalName(hostname: string): boolean {
  const name = hostname.replace(/\.+$/, '').toLowerCase();
  return (
    !name.includes('.') || /\.(?:localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa)$/.test(name)
  );
}

const dotted = (high: number, low: number) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;

function ipv6Words(address: string): number[] | null {
  try {
    // The URL parser writes every form (dotted tails, leading zeros) in one way.
    const canonical = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1);
    const [head = '', tail] = canonical.split('::');
    const left = head ? head.split(':') : [];
    const right = tail ? tail.split(':') : [];
    const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
    const words = [...left, ...middle, ...right].map((word) => Number.parseInt(word, 16));
    return words.length === 8 ? words : null;
  } catch {
    return null;
  }
}
