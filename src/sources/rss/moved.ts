import type { Redirect } from '../../core/ports/http.ts';
import type { Remembered } from './remembered.ts';

/** Registrable domain of a host name, or null where it has none (`site.ts`). */
export type DomainOf = (hostname: string) => string | null;

/** The configured address is asked again after so long, ms: a little less than a day, so that a daily feed asks each time. */
const ASK_AGAIN_MS = 23 * 3_600_000;

export type Ask =
  | { reason: 'configured' | 'moved'; url: string }
  /** The feed has moved, and its configured address has not been asked for a day. `url` is the configured one. */
  | { reason: 'daily-check'; url: string };

/** Which address a poll begins with. */
export function addressToAsk(known: Pick<Remembered, 'url' | 'movedTo' | 'checkedAt'>, now: number): Ask {
  if (known.movedTo === null) return { reason: 'configured', url: known.url };
  const age = now - (known.checkedAt ?? 0);
  // A check in the future is a clock that was wrong.
  return age >= ASK_AGAIN_MS || age < 0
    ? { reason: 'daily-check', url: known.url }
    : { reason: 'moved', url: known.movedTo };
}

export type Move =
  /** The asked address answered itself. */
  | { reason: 'direct' }
  /** To be asked from now on. */
  | { reason: 'within-site'; to: string }
  /** Followed this time only. */
  | { reason: 'temporary' | 'other-site' | 'weaker-scheme' | 'has-password' };

/**
 * May a feed be asked at another address from now on? Only when every redirect on the way was permanent, stayed on the configured site and
 * never went from https to http: whoever can make a server (or a line) send one 301 must not own the feed for good.
 * An address with a password stays, for the new one comes without it.
 */
export function moveOf(configured: string, asked: string, redirects: readonly Redirect[], domainOf: DomainOf): Move {
  const last = redirects.at(-1);
  if (!last) return { reason: 'direct' };
  const home = new URL(configured);
  if (!redirects.every((one) => one.permanent)) return { reason: 'temporary' };
  if (home.username !== '' || home.password !== '') return { reason: 'has-password' };
  let from = new URL(asked);
  for (const { url } of redirects) {
    const to = new URL(url);
    if (from.protocol === 'https:' && to.protocol !== 'https:') return { reason: 'weaker-scheme' };
    if (!sameSite(home, to, domainOf)) return { reason: 'other-site' };
    from = to;
  }
  return { reason: 'within-site', to: last.url };
}

/** Another port is another server, maybe another owner's: both must be their schemes' usual one, or the same. */
function sameSite(a: URL, b: URL, domainOf: DomainOf): boolean {
  if (a.port !== b.port) return false;
  if (a.hostname === b.hostname) return true;
  const domain = domainOf(a.hostname);
  return domain !== null && domain === domainOf(b.hostname);
}

/** Does judging these need the list of public suffixes? It is loaded for a move to another host only. */
export const changesHost = (asked: string, redirects: readonly Redirect[]): boolean =>
  redirects.some(({ url }) => new URL(url).hostname !== new URL(asked).hostname);
