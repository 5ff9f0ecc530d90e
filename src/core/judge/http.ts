import type { EndpointObservations, Page } from './observations.ts';
import { type Finding, finding } from './verdict.ts';

/** Second-level labels under which names are registered one level deeper ("co.uk"). Enough for comparing redirects, not a registry. */
const SECOND_LEVEL = new Set('co com net org gov edu ac or ne go gob gouv mil in info id msk spb'.split(' '));

/** "www.bbc.co.uk" → "bbc.co.uk". */
export function registrable(host: string): string {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  const deep = labels.length > 2 && labels.at(-1)!.length === 2 && SECOND_LEVEL.has(labels.at(-2)!);
  return labels.slice(deep ? -3 : -2).join('.');
}

/** Host of a Location header; null for a relative or unreadable one. */
export function locationHost(location: string | null): string | null {
  if (location === null) return null;
  const m = /^(?:https?:)?\/\/(?:[^/@?#]*@)?(\[[^\]]+\]|[^/:?#]+)/i.exec(location.trim());
  return m ? m[1]!.toLowerCase() : null;
}

const isRedirect = (p: Page): boolean => p.status >= 300 && p.status < 400;
const answeredAtAll = (p: Page | null): boolean => p !== null && p.status > 0;

/** Headers that every server sends and that prove no kinship. */
const COMMON =
  /^(?:date|server|content-(?:type|length|encoding)|transfer-encoding|connection|keep-alive|location|cache-control|expires|pragma|vary|etag|last-modified|accept-ranges|set-cookie)$/;

const titleWords = (t: string | null): string[] =>
  (t ?? '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((w) => w.length >= 5);

/** OONI's rule, the stricter end: is this quite another page? */
function differs(ours: Page, theirs: Page): boolean {
  if (ours.status !== theirs.status) return true;
  const longer = Math.max(ours.bytes, theirs.bytes);
  const ratio = longer === 0 ? 1 : Math.min(ours.bytes, theirs.bytes) / longer;
  const kin = ours.headers.some((h) => !COMMON.test(h) && theirs.headers.includes(h));
  const words = titleWords(theirs.title);
  return ratio < 0.7 && !kin && !titleWords(ours.title).some((w) => words.includes(w));
}

/** The same status, and the same page or an error, is what the site itself says behind its certificate. */
function isSitesOwn(ours: Page, page: Page | null, siteSpeaks: number | null): boolean {
  const same = siteSpeaks !== null && siteSpeaks === ours.status && ours.fingerprint === null;
  return same && (ours.status >= 400 || ours.sha256 === page?.sha256);
}

/** We are sent away: to the site itself, to where others are sent too, or to a place that speaks for a block. */
function judgeRedirect(ours: Page, theirs: Page | null, name: string, shared: boolean): Finding | null {
  const host = locationHost(ours.location);
  if (host === null || registrable(host) === registrable(name)) return null;
  if (theirs && answeredAtAll(theirs)) {
    const their = isRedirect(theirs) ? locationHost(theirs.location) : null;
    if (their !== null && registrable(their) === registrable(host)) return null;
    return finding('http_blockpage', ours.fingerprint ?? host);
  }
  if (ours.fingerprint !== null) return finding('http_blockpage', ours.fingerprint);
  return shared ? finding('http_blockpage', host) : finding('inconclusive', 'http_redirect');
}

/** We get a page: a known one, a refusal that others do not get, or one that differs from theirs. */
function judgePage(ours: Page, theirs: Page | null, shared: boolean): Finding | null {
  if (ours.fingerprint !== null && ours.fingerprint !== theirs?.fingerprint)
    return finding('http_blockpage', ours.fingerprint);
  if (!theirs || !answeredAtAll(theirs)) return null;
  if (ours.status === 451 || ours.status === 403)
    return theirs.status === ours.status ? null : finding('http_blockpage', String(ours.status));
  if (ours.status < 200 || ours.status >= 300 || !differs(ours, theirs)) return null;
  return shared ? finding('http_blockpage', 'shared_page') : finding('inconclusive', 'http_diff');
}

const FILTERED: readonly Page['outcome'][] = ['reset', 'timeout', 'eof', 'stall'];

/**
 * Plain HTTP (probes.md, section 6.3). `siteSpeaks`: an authentic HTTPS answer with this status, which makes the same status on port 80 the
 * site's own word. `shared`: two unrelated targets are sent to the same foreign place.
 */
export function judgeHttp(e: EndpointObservations, name: string, siteSpeaks: number | null, shared: boolean) {
  const ours = e.http;
  const theirs = e.helper?.http ?? null;
  if (!ours) return { finding: null, notes: [] };
  if (!answeredAtAll(ours)) {
    const filtered = siteSpeaks !== null && answeredAtAll(theirs) && FILTERED.includes(ours.outcome);
    return { finding: null, notes: filtered ? ['http_filtered'] : [] };
  }
  if (ours.benign || isSitesOwn(ours, e.page, siteSpeaks)) return { finding: null, notes: [] };
  const found = isRedirect(ours) ? judgeRedirect(ours, theirs, name, shared) : judgePage(ours, theirs, shared);
  return { finding: found, notes: [] };
}

/** A page, or a place to be redirected to, that is known. All texts in lower case; a match is a plain substring. */
export interface Fingerprint {
  id: string;
  /** Hosts (and their subdomains) that a redirect leads to. */
  redirect: string[];
  /** Any of these in the title. */
  title: string[];
  /** All of these in the body. */
  body: string[];
}

/** Id of the first fingerprint that fits, or null. All in lower case; `redirectHost`: of the Location header. */
export function matchFingerprint(
  list: readonly Fingerprint[],
  { redirectHost, title, body }: { redirectHost: string | null; title: string; body: string },
): string | null {
  const fits = (one: Fingerprint): boolean =>
    (redirectHost !== null && one.redirect.some((host) => `.${redirectHost}`.endsWith(`.${host}`))) ||
    one.title.some((text) => title.includes(text)) ||
    (one.body.length > 0 && one.body.every((text) => body.includes(text)));
  return list.find(fits)?.id ?? null;
}
