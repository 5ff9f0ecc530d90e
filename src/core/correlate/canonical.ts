/** Longest address that is kept, characters; longer ones are no address of an article. */
const MAX_URL = 2_000;

/** Parameters that say how a reader came, not what is read. Compared in lower case. */
const TRACKING =
  /^(?:utm_.*|at_(?:medium|campaign|bbc_team|link_.*|format|ptr_name|custom\d|recipient_.*|creation)|itm_.*|mtm_.*|pk_(?:campaign|kwd|source|medium)|hsa_.*|vero_.*|oly_.*|fb_(?:action|source|ref).*|wt[._]?(?:mc|zmc).*|ns_(?:mchannel|source|campaign|linkname|fee)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh|mc_[ce]id|mkt_tok|_openstat|ocid|cmpid|cmp|icid|s_cid|smid|ref_src|ref_url|__twitter_impression|_hsenc|_hsmi|guccounter|guce_.*|soc_(?:src|trk)|spm|maca|xtor|traffic_source|feature=share|ceid|rss|from_rss|partner_rss)$/;
/** Values of generic parameters that only name the way: `?from=rss`, `?ref=feed`. */
const WAY_NAMES = new Set(['from', 'ref', 'source', 'src', 'via', 'partner', 'referrer']);
const WAY_VALUES =
  /^(?:rss\d?|feed|atom|twitter|x|telegram|tg|facebook|fb|vk|share|social|whatsapp|email|newsletter|push|rss_.*|feed_.*|.*_rss)$/i;

/**
 * One spelling of an article's address, so that copies of a link compare equal: host in lower case, no default port, credentials,
 * fragment (but `#!`), tracking parameters, index file or trailing slash; the other parameters in order of name. It still opens what the feed
 * meant: scheme, `www.` and AMP paths stay. Pure. Null where the text is no http(s) address (after resolving it against `base`) or
 * is too long.
 */
export function canonicalUrl(address: string, base?: string | null): string | null {
  const url = linkUrl(address, base);
  if (!url) return null;
  if (!url.hash.startsWith('#!')) url.hash = '';
  url.username = '';
  url.password = '';
  const host = url.hostname.replace(/\.+$/, '');
  if (host !== url.hostname) url.hostname = host;
  const path = cleanPath(url.pathname);
  if (path !== url.pathname) url.pathname = path;
  cleanQuery(url);
  const bare = url.pathname === '/' && url.search === '' && url.hash === '';
  const text = bare ? url.href.slice(0, -1) : url.href;
  return text.length > MAX_URL ? null : text;
}

function linkUrl(address: string, base?: string | null): URL | null {
  const text = address.trim();
  if (text === '' || text.length > 4 * MAX_URL) return null;
  const url = URL.parse(text, (base && URL.parse(base)) || undefined);
  return url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url : null;
}

function cleanPath(path: string): string {
  let clean = path.replace(/\/{2,}/g, '/').replace(/\/(?:index|default)\.(?:html?|php|aspx?)$/i, '/');
  if (clean.length > 1) clean = clean.replace(/\/+$/, '');
  // One spelling of percent-encoding: %d0%b0 and %D0%B0 are the same.
  return clean.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase()) || '/';
}

function cleanQuery(url: URL): void {
  const all = [...url.searchParams];
  const kept = all.filter(([name, value]) => {
    const key = name.toLowerCase();
    if (TRACKING.test(key) || (key === 'amp' && /^1?$/.test(value)) || (key === 'outputtype' && value === 'amp'))
      return false;
    return !(WAY_NAMES.has(key) && WAY_VALUES.test(value));
  });
  const names = kept.map(([name]) => name);
  const inOrder = names.every((name, i) => i === 0 || names[i - 1]! <= name);
  // Untouched where there is nothing to do: writing it anew may change its encoding. A lone question mark goes.
  if (url.search !== '' && kept.length === all.length && inOrder) return;
  kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  url.search = new URLSearchParams(kept).toString();
}
