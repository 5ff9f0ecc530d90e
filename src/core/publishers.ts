import type { Outlet, OutletKind } from './model/outlet.ts';
import type { Publishers } from './ports/reading.ts';

/** [name, owner, country, kind, ids …], by domain. */
export type PublisherRows = Readonly<Record<string, readonly string[]>>;

/** Of no country. */
const WORLD = 'XX';

/** `rows`: read when somebody first asks. `domainOf`: the registrable domain of a host name, null where it has none. */
export function createPublishers(rows: () => PublisherRows, domainOf: (host: string) => string | null): Publishers {
  let known: { byDomain: PublisherRows; byId: ReadonlyMap<string, string> } | null = null;
  function read() {
    if (known !== null) return known;
    const byDomain: PublisherRows = Object.assign(Object.create(null), rows());
    const pairs = Object.entries(byDomain).flatMap(([domain, row]) => row.slice(4).map((id) => [id, domain] as const));
    return (known = { byDomain, byId: new Map(pairs) });
  }
  function at(domain: string): Outlet | null {
    const row = read().byDomain[domain];
    if (row === undefined) return null;
    const [name, owner, country, kind, id = domain] = row as [string, string, string, OutletKind, string?];
    return { id, name, owner, country: country === WORLD ? null : country, kind };
  }
  return {
    of(address) {
      const host = hostOf(address);
      const labels = host.split('.');
      for (let i = 0; i < labels.length; i++) {
        const found = at(labels.slice(i).join('.'));
        if (found) return found;
      }
      const domain = host === '' ? null : domainOf(host);
      return domain === null ? null : { id: domain, name: domain, owner: domain, country: null, kind: 'unknown' };
    },
    named: (id) => at(read().byId.get(id) ?? id),
  };
}

/** In lower case and punycode; empty where there is none. */
function hostOf(address: string): string {
  const written = address.includes('://') ? address : `http://${address}`;
  return URL.canParse(written) ? new URL(written).hostname.replace(/\.$/, '') : '';
}
