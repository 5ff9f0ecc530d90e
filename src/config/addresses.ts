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
