/** A page, or a place to be redirected to, that is known. All texts in lower case; a match is a plain substring. */
export interface Fingerprint {
  id: string;
  /** ISO 3166-1 alpha-2; null = used in many countries. */
  country: string | null;
  /** When somebody last saw it, ISO date. */
  seen: string;
  /** Hosts (and their subdomains) that a redirect leads to. */
  redirect: string[];
  /** Any of these in the title. */
  title: string[];
  /** All of these in the body. */
  body: string[];
}

export interface PageTexts {
  /** Host of the Location header, lower case. */
  redirectHost: string | null;
  location: string | null;
  /** Lower case. */
  title: string;
  body: string;
}

/** Id of the first fingerprint that fits, or null. */
export function matchFingerprint(list: readonly Fingerprint[], page: PageTexts): string | null {
  for (const f of list) {
    if (
      page.redirectHost !== null &&
      f.redirect.some((h) => page.redirectHost === h || page.redirectHost!.endsWith(`.${h}`))
    )
      return f.id;
    if (f.title.some((t) => page.title.includes(t))) return f.id;
    if (f.body.length > 0 && f.body.every((b) => page.body.includes(b))) return f.id;
  }
  return null;
}
