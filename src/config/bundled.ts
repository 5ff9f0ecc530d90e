import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { domainToASCII } from 'node:url';
import * as v from 'valibot';
import { parse } from 'yaml';
import { createGazetteer } from '../core/correlate/regions.ts';
import type { Catalogue } from '../core/model/catalogue.ts';
import type { Gazetteer, NamesInLanguage, RegionNames, ServiceHosts } from '../core/ports/reading.ts';
import type { ZonePlaces } from '../core/wall-clock.ts';

const FOLDER = new URL('../../config/', import.meta.url);
const LANG = /^[a-z]{2}$/;

/**
 * The bundled regions. A country's line of the file is read when one of its regions is first spoken of, and its names in a language when a chat
 * speaks it; nothing else stays in memory.
 */
export const bundledRegions = (): Gazetteer =>
  createGazetteer(
    (country) => lineOf<RegionNames>('regions.json', country),
    readAll,
    (country, lang) => (LANG.test(lang) ? lineOf<NamesInLanguage>(`region-names/${lang}.json`, country) : null),
  );

const readAll = (): Record<string, RegionNames> => dataOf('regions.json');

/** All of a file but what it says about itself. */
function dataOf<T>(file: string): T {
  const { about: _, ...data } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
  return data as T;
}

/** Null = the file is not there, or has no such country. */
function lineOf<T>(file: string, country: string): T | null {
  let text: string;
  try {
    text = readFileSync(new URL(file, FOLDER), 'utf8');
  } catch {
    if (file === 'regions.json') throw new Error('config/regions.json is missing');
    return null;
  }
  const start = text.indexOf(`\n"${country}":`);
  if (start < 0) return null;
  const line = text.slice(start + 6, text.indexOf('\n', start + 1)).replace(/,$/, '');
  return JSON.parse(line) as T;
}

const file = v.record(v.string(), v.array(v.string()));
const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** Names before a domain that people take for the domain itself. */
const SAME = /^(?:\*|www|m|web|mobile)\./;

/** The bundled domains, and the host names among the aliases, of the services that the catalogue has. Read when it is first asked for. */
export async function loadServiceHosts(catalogue: Catalogue): Promise<ServiceHosts> {
  const text = await readFile(new URL('service-domains.yaml', FOLDER), 'utf8');
  return serviceHosts(catalogue, v.parse(file, parse(text)));
}

interface Domain {
  service: string;
  alone: boolean;
}

export function serviceHosts({ services }: Catalogue, bundled: Record<string, readonly string[]>): ServiceHosts {
  const domains = new Map<string, Domain>();
  const byService = new Map<string, string[]>();
  const add = (service: string, domain: string, alone: boolean): void => {
    if (domains.has(domain)) return;
    domains.set(domain, { service, alone });
    byService.set(service, [...(byService.get(service) ?? []), domain]);
  };
  for (const { id } of services)
    for (const written of bundled[id] ?? []) add(id, written.replace(/^=/, ''), written.startsWith('='));
  for (const { id, aliases } of services)
    for (const alias of aliases) if (HOST.test(alias.toLowerCase())) add(id, alias.toLowerCase(), false);
  return {
    services: [...byService.keys()],
    domainsOf: (service) => byService.get(service) ?? [],
    find(written) {
      const host = hostOf(written);
      if (host === null) return null;
      const bare = host.replace(SAME, '');
      for (
        let domain = host.replace(/^\*\./, '');
        domain.includes('.');
        domain = domain.slice(domain.indexOf('.') + 1)
      ) {
        const found = domains.get(domain);
        if (!found) continue;
        const whole = domain === bare || domain === host;
        return found.alone && !whole ? null : { service: found.service, domain, whole };
      }
      return null;
    },
  };
}

/** In lower case and punycode, a mask kept; null = no host name. */
function hostOf(written: string): string | null {
  const text = written.trim().replace(/\.$/, '').toLowerCase();
  const mask = text.startsWith('*.');
  const name = mask ? text.slice(2) : text;
  const host = /[^\x21-\x7e]/.test(name) ? domainToASCII(name) : name;
  return HOST.test(host) ? (mask ? `*.${host}` : host) : null;
}

/** Towns of each time zone. Read when somebody shares a place, which is seldom, and not kept. */
export const bundledZonePlaces = (): ZonePlaces => dataOf('zone-places.json');
