import { orNull } from '../errors.ts';
/** Which server will do, as libpq's `target_session_attrs`. */
const SESSION_ATTRS = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;
export type SessionAttrs = (typeof SESSION_ATTRS)[number];

export interface PostgresAddress {
  /** An address for each host, in the order in which they are tried, without what is libpq's alone. At least one. */
  each: string[];
  attrs: SessionAttrs;
  /** For each host, ms; null = not said. */
  connectTimeout: number | null;
  /** As it is written, percent-encoded; null = none. */
  password: string | null;
}

const FORM = /^(postgres(?:ql)?:\/\/)(?:([^/?#]*)@)?([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/i;
const HOST = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]]*))(?::(\d{1,5})?)?$/i;
const OURS = ['host', 'port', 'target_session_attrs', 'connect_timeout'];
const MAX_HOSTS = 16;

/**
 * Reads `postgres://user@a:5433,b:5434/db?target_session_attrs=read-write` as libpq does: several hosts with ports, the parameters `host`
 * and `port` (lists, which stand before those), `[…]` around IPv6, percent-encoding. What is wrong comes as a sentence without an end, which
 * quotes nothing: the address may hold a password.
 */
export function readPostgresAddress(text: string): PostgresAddress | string {
  const match = FORM.exec(text);
  if (!match) return 'is no PostgreSQL address';
  const [, scheme = '', user, authority = '', path = '/', query = ''] = match;
  const params = new URLSearchParams(query);
  const attrs = (params.get('target_session_attrs') ?? 'any') as SessionAttrs;
  if (!SESSION_ATTRS.includes(attrs)) return `has a target_session_attrs that is none of ${SESSION_ATTRS.join(', ')}`;
  const timeout = params.get('connect_timeout');
  if (timeout !== null && !/^\d{1,6}$/.test(timeout)) return 'has a connect_timeout that is no number of seconds';
  const hosts = hostsOf(authority, params);
  if (typeof hosts === 'string') return hosts;
  const password = user?.includes(':') ? user.slice(user.indexOf(':') + 1) : params.get('password');
  const plain = { attrs, connectTimeout: Number(timeout) > 0 ? Number(timeout) * 1_000 : null, password };
  // One host and nothing of libpq's own: as it is written.
  if (hosts.length === 1 && timeout === null && !params.has('target_session_attrs')) return { each: [text], ...plain };
  const rest = [...params].filter(([key]) => !OURS.includes(key));
  const each = hosts.map(({ host, port }) => {
    const own = new URLSearchParams(rest);
    if (host !== '') own.set('host', host);
    if (port !== '') own.set('port', port);
    const asked = own.toString().replaceAll('+', '%20');
    return `${scheme}${user === undefined ? '' : `${user}@`}${path}${asked === '' ? '' : `?${asked}`}`;
  });
  return { each, ...plain };
}

function hostsOf(authority: string, params: URLSearchParams): { host: string; port: string }[] | string {
  const written: { host: string; port: string }[] = [];
  for (const part of authority.split(',')) {
    const match = HOST.exec(part);
    if (!match) return 'names a host in a form that is not understood';
    written.push({ host: decodeURIComponent(match[1] ?? match[2] ?? ''), port: match[3] ?? '' });
  }
  const hosts = params.get('host')?.split(',') ?? written.map(({ host }) => host);
  const ports = params.get('port')?.split(',') ?? (params.has('host') ? [''] : written.map(({ port }) => port));
  if (hosts.length > MAX_HOSTS) return `names more than ${MAX_HOSTS} hosts`;
  if (ports.length !== 1 && ports.length !== hosts.length) return 'names another number of ports than of hosts';
  const all = hosts.map((host, i) => ({ host, port: (ports.length === 1 ? ports[0] : ports[i])! }));
  return all.every(({ port }) => port === '' || (/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536))
    ? all
    : 'names a port that is none';
}

/**
 * What is wrong with the percent signs of an address, as a sentence without an end; null where nothing is. A `%` must begin an escape
 * (`%2F`); in a user name or password the escapes must spell UTF-8 as well, for they are decoded. Texts that are no address are fine.
 * Quotes nothing of the address: it may hold a password.
 */
export function percentFault(text: string): string | null {
  const match = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*@)?/i.exec(text);
  if (!match) return null;
  if (match[1] && decoded(match[1]) === null) return 'holds a user name or password with a "%" that is no escape';
  const at = text.search(/%(?![0-9a-f]{2})/i);
  if (at >= 0) return `holds a "%" that is no escape (character ${at + 1})`;
  // Of a database all parts are decoded.
  return /^postgres/i.test(text) && decoded(text) === null ? 'holds an escape that is no UTF-8' : null;
}

export const PERCENT_REMEDY = 'write "%25" where a percent sign is meant';

/** `%61%62` → `ab`; null where an escape is malformed. */
export const decoded = (text: string): string | null => orNull(() => decodeURIComponent(text));
