/** Where things are, for whoever reads feeds and answers elsewhere. */
export interface Scope {
  country: string | null;
  service: string | null;
}

/** Query of what is asked for, with the language where it is not the usual one; empty or beginning with "?". */
export function queryOf({ country, service }: Scope, lang: string | null): string {
  const asked = new URLSearchParams();
  if (country !== null) asked.set('country', country);
  if (service !== null) asked.set('service', service);
  if (lang !== null) asked.set('lang', lang);
  return asked.size > 0 ? `?${asked}` : '';
}

/** What a page is about, by its path: `/country/ru`, `/service/whatsapp`; any other is about everything. */
export function scopeOfPage(path: string): Scope {
  const [, kind, name = ''] = /^\/(country|service)\/([A-Za-z0-9-]{1,64})$/.exec(path) ?? [];
  return { country: kind === 'country' ? name.toUpperCase() : null, service: kind === 'service' ? name : null };
}

export interface FeedLink {
  rel: 'alternate';
  type: string;
  title: string;
  href: string;
}

/** What stands in the head of a page, so that programs find its feeds. `base`: before each path (`SiteDeps.base`). */
export function feedLinks(base: string, scope: Scope, lang: string): FeedLink[] {
  const query = queryOf(scope, lang);
  return [
    { rel: 'alternate', type: 'application/atom+xml', title: 'Atom', href: `${base}/feed.atom${query}` },
    { rel: 'alternate', type: 'application/feed+json', title: 'JSON Feed', href: `${base}/feed.json${query}` },
  ];
}
