import { type Fingerprint, matchFingerprint } from '../../../core/judge/fingerprint.ts';
import { locationHost } from '../../../core/judge/http.ts';
import type { Fingerprints } from '../fingerprints.ts';

const MAX_OBSERVATIONS = 64;
const MAX_ENDPOINTS = 16;
const MAX_TEXT = 4_000;

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const listOf = (value: unknown, max: number): unknown[] => (Array.isArray(value) ? value.slice(0, max) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MAX_TEXT) : '');

/** Every answer in plain HTTP, and every page behind a certificate that is not the site's, of raw observations that somebody sent. */
function pagesOf(raw: unknown): Record<string, unknown>[] {
  return listOf(objectOf(raw).observations, MAX_OBSERVATIONS).flatMap((one) =>
    listOf(objectOf(one).endpoints, MAX_ENDPOINTS).flatMap((endpoint) => {
      const { http, page, target } = objectOf(endpoint);
      const isSites = listOf(target, 8).some((flow) => objectOf(objectOf(flow).certificate).valid === true);
      return [http, isSites ? null : page].filter((it) => it !== null && it !== undefined).map(objectOf);
    }),
  );
}

function matchOf(list: readonly Fingerprint[], page: Record<string, unknown>): string | null {
  const location = textOf(page.location) || null;
  const excerpt = textOf(page.excerpt).toLowerCase();
  return matchFingerprint(list, {
    redirectHost: locationHost(location),
    location,
    title: textOf(page.title).toLowerCase(),
    body: excerpt,
  });
}

/** Id of the known block page that is in what an agent saw, by our own list; null = none is, whatever it says. */
export function knownPage(raw: unknown, prints: Pick<Fingerprints, 'blockPages' | 'benign'>): string | null {
  for (const page of pagesOf(raw)) {
    if (!(Number(page.status) > 0) || matchOf(prints.benign, page) !== null) continue;
    const id = matchOf(prints.blockPages, page);
    if (id !== null) return id;
  }
  return null;
}

/** Of observations that are too large to be sent: the pages that were recognised, so that the centre can do so as well; null = none. */
export function pagesAlone(raw: unknown): unknown {
  const pages = pagesOf(raw).filter((page) => typeof page.fingerprint === 'string');
  return pages.length === 0 ? null : { observations: [{ endpoints: pages.slice(0, 4).map((http) => ({ http })) }] };
}
