import { isIP } from 'node:net';

/** `http:` or `https:` with a host. */
export function isAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '';
}

const PROXIES = ['http:', 'https:', 'socks5:', 'socks5h:', 'socks:'];

export function isProxy(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    PROXIES.includes(url.protocol) &&
    url.hostname !== '' &&
    ['', '/'].includes(url.pathname) &&
    !url.search &&
    !url.hash
  );
}

export const isPostgres = (database: string): boolean => /^postgres(ql)?:\/\//i.test(database);

/** `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`; null for anything else. */
export function parseListen(text: string): { host: string; port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text.trim());
  if (!match) return null;
  const port = Number(match[3]);
  return port <= 65_535 ? { host: (match[1] ?? match[2])!, port } : null;
}

/** An address on which pages of ours can stand: without a user, a query or a fragment, so that a path can be written behind it. */
export function isSite(text: string): boolean {
  const url = URL.parse(text);
  return isAddress(text) && url !== null && url.username === '' && url.password === '' && !/[?#]/.test(text);
}

/** `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
