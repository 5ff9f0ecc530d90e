/** An address as bytes: 4 or 16 of them. */
type AddressBytes = Uint8Array;

/** Reads IPv4 or IPv6 text; null for anything else (also for a zone id). */
export const parseAddress = (text: string): AddressBytes | null => (text.includes(':') ? parse6(text) : parse4(text));

function parse4(text: string): AddressBytes | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
  const numbers = text.split('.').map(Number);
  return numbers.some((one) => one > 255) ? null : Uint8Array.from(numbers);
}

/** What a URL may hold in brackets; it comes back in lower case, in words alone, with its zeros as "::". */
function parse6(text: string): AddressBytes | null {
  const host = /^[\da-f:.]+$/i.test(text) ? URL.parse(`http://[${text}]/`)?.hostname : undefined;
  if (host === undefined) return null;
  const [head = [], tail = []] = host
    .slice(1, -1)
    .split('::')
    .map((half) => half.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const words = [...head, ...zeros, ...tail].map((word) => Number.parseInt(word, 16));
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 255]));
}

/** A range such as `192.0.2.0/24`; a bare address is a range of one. */
interface Range {
  bytes: AddressBytes;
  bits: number;
}

export function parseRange(text: string): Range | null {
  const [base = '', length] = text.split('/');
  const bytes = parseAddress(base);
  if (!bytes) return null;
  const bits = length === undefined ? bytes.length * 8 : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > bytes.length * 8) return null;
  return { bytes, bits };
}

const inRange = (address: AddressBytes, { bytes, bits }: Range): boolean =>
  address.length === bytes.length && samePrefix(address, bytes, bits);

/** What lies behind the last bit does not count. */
function samePrefix(a: AddressBytes, b: AddressBytes, bits: number): boolean {
  const least = (at: number): number => 256 >> Math.min(8, Math.max(0, bits - at * 8));
  return a.every((byte, at) => (byte ^ b[at]!) < least(at));
}

/** Same /24 or /48: near enough to belong to one operator (the method's stand-in for an AS database). */
export function sameNetwork(a: string, b: string): boolean {
  const x = parseAddress(a);
  const y = parseAddress(b);
  return x !== null && y !== null && x.length === y.length && samePrefix(x, y, x.length === 4 ? 24 : 48);
}

/** Not globally routable: RFC 6890 and the special registries, as of 2026. */
const SPECIAL = [
  ...'0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24'.split(' '),
  ...'192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'.split(' '),
  ...'::/128 ::1/128 ::ffff:0:0/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16'.split(' '),
  ...'fc00::/7 fe80::/10 ff00::/8'.split(' '),
].map((text) => parseRange(text)!);

export type IsBogon = (address: string) => boolean;

/** `notBogons`: ranges that count as public at this vantage point; unreadable ones are ignored (the config refused them). */
export function bogonTest(notBogons: readonly string[]): IsBogon {
  const spared = notBogons.map(parseRange).filter((r) => r !== null);
  return (address) => {
    const bytes = parseAddress(address);
    if (!bytes) return true;
    return !spared.some((r) => inRange(bytes, r)) && SPECIAL.some((r) => inRange(bytes, r));
  };
}
