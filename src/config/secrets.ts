import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decoded, PERCENT_REMEDY, percentFault, readPostgresAddress } from '../core/model/connection-address.ts';
import type { Problems } from './problems.ts';
import { readBounded, readFault } from './read.ts';

/** `http:` or `https:` with a host. */
export function isAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '';
}

const PROXIES = ['http:', 'https:', 'socks5:', 'socks5h:', 'socks:'];

export function isProxy(text: string): boolean {
  const url = URL.parse(text);
  if (!url || !PROXIES.includes(url.protocol) || url.hostname === '') return false;
  return ['', '/'].includes(url.pathname) && !url.search && !url.hash;
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

/** What is printed where a secret stands. */
const HIDDEN = '***';
const MAX_SECRET_BYTES = 65_536;
const VARIABLE = /^env:\s*([A-Za-z_][A-Za-z0-9_]*)$/;

export type Env = Record<string, string | undefined>;

/** A file that is read, and what every loader of a part of it is handed. */
export interface Place {
  /** Name of the file in messages. */
  name: string;
  /** Folder that its relative paths begin at. */
  folder: string;
  env: Env;
  cwd: string;
  problems: Problems;
  /** Values that must never be printed; resolved secrets are added. */
  redactions: Set<string>;
  /** Every file that had a part in it, absolute. */
  files: Set<string>;
  /** Keys that a source does without, since their variables are not set. */
  unset: Unset[];
}

/**
 * The copy of a block (an account, a source) with its references resolved: `env:NAME` anywhere, `file:PATH` in the keys that hold
 * secrets (`token`, `webhook.secret`). Values of secret keys go to the redactions whatever way they were written. A reference that
 * leads nowhere is a problem; its key is listed in `unresolved`, so that nobody complains about it twice.
 */
export function resolveBlock(
  block: Record<string, unknown>,
  path: string,
  secretKeys: readonly string[],
  place: Place,
): { block: Record<string, unknown>; unresolved: Set<string> } {
  const unresolved = new Set<string>();
  const resolveInner = (value: unknown, key: string): unknown => {
    const secret = secretKeys.includes(key);
    if (typeof value === 'string') {
      const got = resolveText(value, `${path}.${key}`, secret, place);
      if (got === null) unresolved.add(key);
      else if (secret && got) place.redactions.add(got);
      else keepPassword(got, place.redactions);
      return got;
    }
    if (secret) keepSecret(value, place.redactions);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return mapKeys(value as Record<string, unknown>, (inner, innerKey) => resolveInner(inner, `${key}.${innerKey}`));
  };
  return { block: mapKeys(block, resolveInner), unresolved };
}

/** Own keys only, and whatever they are called: `__proto__` is a key like any other here. */
const mapKeys = (block: Record<string, unknown>, map: (value: unknown, key: string) => unknown) =>
  Object.fromEntries(Object.entries(block).map(([key, value]) => [key, map(value, key)]));

function keepSecret(value: unknown, redactions: Set<string>): void {
  if (typeof value === 'string' && value !== '') redactions.add(value);
  else if (value !== null && typeof value === 'object')
    for (const inner of Object.values(value)) keepSecret(inner, redactions);
}

/**
 * The block without those of `keys` whose variable of the environment is not set or empty, and the names of these variables: for keys that may be
 * missing anyway. A file that is named must be there.
 */
export function withoutUnset(block: Record<string, unknown>, keys: readonly string[], env: Env) {
  const named = keys.flatMap((key) => {
    const variable = typeof block[key] === 'string' ? VARIABLE.exec(block[key])?.[1] : undefined;
    return variable !== undefined && !env[variable]?.trim() ? [{ key, variable }] : [];
  });
  const isLeft = ([key]: [string, unknown]): boolean => !named.some((one) => one.key === key);
  if (named.length === 0) return { block, unset: [] };
  return { block: Object.fromEntries(Object.entries(block).filter(isLeft)), unset: named.map((one) => one.variable) };
}

/** One text with its reference resolved, or null (and a problem) where it leads nowhere. */
export function resolveText(text: string, path: string, filesToo: boolean, place: Place): string | null {
  const fault = (wrong: string, remedy: string): null => {
    place.problems.add(place.name, path, wrong, remedy);
    return null;
  };
  const variable = VARIABLE.exec(text)?.[1];
  if (variable) {
    const value = place.env[variable]?.trim();
    if (value) return sound(value, `${path} (environment variable ${variable})`, place);
    const state = value === '' ? 'empty' : 'not set';
    return fault(`the environment variable ${variable} is ${state}`, 'set it, or use file:PATH');
  }
  if (filesToo && text.startsWith('env:'))
    return fault('names no environment variable', 'write env:NAME with letters, digits and "_"');
  if (!filesToo || !text.startsWith('file:')) return text;
  const target = text.slice('file:'.length).trim();
  try {
    const bytes = readBounded(resolve(place.folder, target), MAX_SECRET_BYTES);
    if (bytes === null) return fault(`the file ${target} is too large for a secret`, 'let it hold the secret alone');
    const value = new TextDecoder().decode(bytes).trim();
    if (value) return sound(value, `${path} (file ${target})`, place);
    return fault(`the file ${target} is empty`, 'write the secret into it');
  } catch (error) {
    const [wrong] = readFault(error);
    const what = wrong === 'there is no such file' ? 'does not exist' : wrong;
    return fault(`the file ${target} ${what}`, 'put the secret into it, readable for the user that runs Tocsin');
  }
}

/** A value from elsewhere; an address with a malformed escape is a problem. */
function sound(value: string, path: string, { name, problems }: Place): string | null {
  const wrong = percentFault(value);
  if (wrong === null) return value;
  problems.add(name, path, wrong, PERCENT_REMEDY);
  return null;
}

/** As it is written. Of a database with several hosts, which no URL has, too. */
function passwordOf(text: string): string | null {
  if (!isPostgres(text)) return text.includes('@') ? (URL.parse(text)?.password ?? null) : null;
  const address = readPostgresAddress(text);
  return typeof address === 'string' ? null : address.password;
}

/** The text as it is; the password in it, where it is an address with one, becomes a thing that is never printed. */
export function keepPassword<T extends string | null>(text: T, redactions: Set<string>): T {
  const password = text === null ? null : passwordOf(text);
  if (password) {
    redactions.add(password);
    redactions.add(decoded(password) ?? password);
  }
  return text;
}

/** An address with its password hidden, for messages and tables. */
export function withoutPassword(address: string): string {
  if (isPostgres(address)) {
    const inUser = address.replace(/^([a-z]+:\/\/[^:@/?#]*):[^/?#]*@/i, `$1:${HIDDEN}@`);
    return inUser.replace(/([?&]password=)[^&#]*/i, `$1${HIDDEN}`);
  }
  const url = URL.parse(address);
  if (!url?.password) return address;
  url.password = '';
  return url.href.replace(/\/\/([^@/]*)@/, `//$1:${HIDDEN}@`);
}

/** Where the bundled `config/` lies. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Unset {
  /** Of the source. */
  id: string;
  variable: string;
}
