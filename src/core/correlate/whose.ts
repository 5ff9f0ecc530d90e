/** Whose word a report is: an owner's, a state's, or that of sites that nobody knows. */
import type { Outlet, OutletKind, Report } from '../model/report.ts';
import type { Publishers } from '../ports/reading.ts';
import type { Tables } from '../ports/store.ts';
import { keepNewest } from '../recent.ts';

const STATE = 'state:';
const stateVoice = (country: string): string => `${STATE}${country}`;

/** Who speaks by this name: the owner of an outlet, or the state whose media it is; a name that nobody has written down speaks for itself. */
export function ownerOf(name: string, publishers: Pick<Publishers, 'named'> | undefined): string {
  const outlet = publishers?.named(name);
  if (!outlet) return name;
  return isOfState(outlet) && outlet.country !== null ? stateVoice(outlet.country) : outlet.owner;
}

const isOfState = ({ kind }: Pick<Outlet, 'kind'>): boolean => kind === 'state' || kind === 'external';

/** Are these media of the very state that acts? */
export const isStatesMedia = ({
  outlet,
  country,
}: Pick<Report, 'outlet'> & Partial<Pick<Report, 'country'>>): boolean =>
  outlet !== undefined && isOfState(outlet) && outlet.country === country;

/** Is it the word of the very state that acts, by its media or by who quotes them? It bears out what others say, and is no outlet. */
export const isStatesOwn = ({ voice, country }: Pick<Report, 'voice' | 'country'>): boolean =>
  country !== null && voice === stateVoice(country);

/*
 * Sites that nobody has written down (`config/publishers.yaml`) and nobody has met before: a search names them, and whoever wants twenty of them
 * registers twenty domains. Nobody can be asked how old a domain is, but when it turned up here is known, and what it is called.
 */
/** Of their voice: it counts by half, and only beside an outlet that is known (`ladder.ts`). What comes after it is one for all that turned up together. */
const NEW = 'new:';
/** Of those that have been here for long: a voice as any other. */
const MET = 'met:';
/** One that only repeats what a known outlet wrote, or credits somebody: it counts for nothing. */
export const ECHO = NEW;

export const isNewcomer = ({ voice }: Pick<Report, 'voice'>): boolean => voice.startsWith(NEW);

const HOUR = 3_600_000;
/** Those of one story turn up one after the other, each within an hour of the one before; that ends after a day. */
const BROOD = 24 * HOUR;
/** New for so long. */
const SEASON = 30 * 24 * HOUR;
/** As many are remembered; who is forgotten is new again. */
const REMEMBERED = 1_000;

type Met = [domain: string, { brood: number; since: number }];

/** "uganda-news-24.com" and "ugandanews7.net" are called alike; null = its name is too short to tell. */
function nameOf(domain: string): string | null {
  const bare = domain.split('.')[0]!.replace(/[\d-]+/g, '');
  return bare.length < 6 ? null : bare;
}

/** The voice of a site that no list knows. Remembers it, in the caller's transaction. */
async function voiceOf(tables: Pick<Tables, 'state'>, domain: string, now: number): Promise<string> {
  const state = tables.state('newcomers');
  const met = new Map(((await state.get('met')) as Met[] | null | undefined) ?? []);
  const known = met.get(domain);
  if (known) return called(known.brood, now);
  const name = nameOf(domain);
  const alike = name === null ? undefined : [...met].find(([other]) => nameOf(other) === name)?.[1];
  const last = [...met.values()].at(-1);
  const isTogether = last !== undefined && Math.abs(now - last.since) < HOUR && Math.abs(now - last.brood) < BROOD;
  const brood = alike?.brood ?? (isTogether ? last.brood : now);
  keepNewest(met, domain, { brood, since: now }, REMEMBERED);
  await state.set('met', [...met]);
  return called(brood, now);
}

const called = (brood: number, now: number): string => `${now - brood < SEASON ? NEW : MET}${brood.toString(36)}`;

/** With what is known of its outlet, and with the voice of the state whose media speak, or of those that turned up with it. */
export async function attributed(
  tables: Pick<Tables, 'state'>,
  report: Report,
  { publishers, now }: { publishers: Publishers | undefined; now: number },
): Promise<Report> {
  if (report.kind !== 'news' || publishers === undefined) return report;
  const publisher = report.publisher ?? report.voice;
  const outlet = publishers.named(publisher);
  if (outlet === null && report.found) {
    const voice = report.voice === publisher ? await voiceOf(tables, publisher, now) : ECHO;
    return { ...report, voice, outlet: { country: null, kind: 'unknown' } };
  }
  const whose = ownerOf(report.voice, publishers);
  const voice = whose.startsWith(STATE) ? whose : report.voice;
  return { ...report, voice, ...(outlet ? { outlet: { country: outlet.country, kind: outlet.kind } } : {}) };
}

/** Two addresses that are the same but for the site, and long enough not to be so by chance: one hand made both. */
export function isOneTemplate(a: string | null, b: string | null): boolean {
  const [one, other] = [a, b].map((url) => (url !== null && URL.canParse(url) ? new URL(url).pathname : ''));
  return one!.length >= 12 && one === other;
}

/** [name, owner, country, kind, ids …], by domain. */
export type PublisherRows = Readonly<Record<string, readonly string[]>>;

/** Of no country. */
const WORLD = 'XX';

/** `domainOf`: the registrable domain of a host name, null where it has none. */
export function createPublishers(rows: PublisherRows, domainOf: (host: string) => string | null): Publishers {
  const byDomain: PublisherRows = Object.assign(Object.create(null), rows);
  const byId = new Map(
    Object.entries(byDomain).flatMap(([domain, row]) => row.slice(4).map((id) => [id, domain] as const)),
  );
  function at(domain: string): Outlet | null {
    const row = byDomain[domain];
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
    named: (id) => at(byId.get(id) ?? id),
  };
}

/** In lower case and punycode; empty where there is none. */
function hostOf(address: string): string {
  const written = address.includes('://') ? address : `http://${address}`;
  return URL.canParse(written) ? new URL(written).hostname.replace(/\.$/, '') : '';
}
