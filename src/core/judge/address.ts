/** An address as bytes: 4 or 16 of them. */
type AddressBytes = Uint8Array;

/** Reads IPv4 or IPv6 text; null for anything else (also for a zone id). */
export function parseAddress(text: string): AddressBytes | null {
  return text.includes(':') ? parse6(text) : parse4(text);
}

function parse4(text: string): AddressBytes | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const out = new Uint8Array(4);
  for (const [i, part] of parts.entries()) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    out[i] = Number(part);
  }
  return out;
}

function parse6(text: string): AddressBytes | null {
  let body = text;
  const tail4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (tail4) {
    const v4 = parse4(tail4[2]!);
    if (!v4) return null;
    body = `${tail4[1]}${((v4[0]! << 8) | v4[1]!).toString(16)}:${((v4[2]! << 8) | v4[3]!).toString(16)}`;
  }
  const halves = body.split('::');
  if (halves.length > 2) return null;
  const words = (s: string): string[] => (s === '' ? [] : s.split(':'));
  const head = words(halves[0]!);
  const tail = halves.length === 2 ? words(halves[1]!) : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 0) return null;
  const all = halves.length === 2 ? [...head, ...Array<string>(missing).fill('0'), ...tail] : head;
  const out = new Uint8Array(16);
  for (const [i, word] of all.entries()) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(word)) return null;
    const n = Number.parseInt(word, 16);
    out[2 * i] = n >> 8;
    out[2 * i + 1] = n & 255;
  }
  return out;
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

function inRange(address: AddressBytes, range: Range): boolean {
  if (address.length !== range.bytes.length) return false;
  return samePrefix(address, range.bytes, range.bits);
}

function samePrefix(a: AddressBytes, b: AddressBytes, bits: number): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false;
  const rest = bits & 7;
  if (rest === 0) return true;
  const mask = 0xff << (8 - rest);
  return (a[whole]! & mask) === (b[whole]! & mask);
}

/** Same /24 or /48: near enough to belong to one operator (the method's stand-in for an AS database). */
export function sameNetwork(a: string, b: string): boolean {
  const x = parseAddress(a);
  const y = parseAddress(b);
  return x !== null && y !== null && x.length === y.length && samePrefix(x, y, x.length === 4 ? 24 : 48);
}

/** Not globally routable: RFC 6890 and the special registries, as of 2026. */
const SPECIAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '::ffff:0:0/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
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
