import { getDomain } from 'tldts';

/**
 * The registrable domain of a host name: what one owner has under a public suffix ("bbc.co.uk", "ann.github.io": the suffixes of hosting
 * platforms count as public, so two of their customers are two sites). Null for addresses, for single labels and for a suffix itself.
 */
export const domainOf = (hostname: string): string | null =>
  getDomain(hostname.replace(/\.+$/, ''), { allowPrivateDomains: true, validateHostname: false });
