import type { Action } from '../model/incident.ts';
import type { Extraction, NewsText } from '../model/item.ts';

/** What a text says of one service in one country. */
export interface Said {
  country: string | null;
  service: string | null;
  action: Action;
}

export interface ExtractOptions {
  explain?: boolean;
  /** Would this outlet's word be the second of it? Then its reading decides what chats are told. Absent = nobody knows. */
  corroborates?: (said: Said) => Promise<boolean>;
}

/**
 * Reads one text. Pure and bounded: never throws, under 50 ms for any input. `explain` fills `why`. The built-in extractor answers at once;
 * others (a language model) may take time and must fall back to it.
 */
export interface Extractor {
  extract(text: NewsText, options?: ExtractOptions): Extraction | Promise<Extraction>;
}

/** Regions of countries by id and name (`config/regions.json`). */
export interface Gazetteer {
  /**
   * A name in any language and case, or an id, as a text of that country has it → the id ("RU-DA"); null = none, or more than one. `lang`: of the
   * text, ISO 639-1.
   */
  find(country: string, text: string, lang?: string): string | null;
  /**
   * The same without a country: an id for each country where that is the name of one region. Reads all countries when first asked; meant
   * for a few words of a sentence.
   */
  everywhere(text: string): readonly string[];
  /** English where that language has no name; null = no such id. `lang`: ISO 639-1. */
  nameOf(id: string, lang: string): string | null;
}

/** Names of one country's regions in one language by the second part of their id; missing where that language has none. */
export type NamesInLanguage = Readonly<Record<string, string>>;

/** Names of one country's regions by the second part of their id: English, Russian ('' = none is known), then any others. */
export type RegionNames = Readonly<Record<string, readonly string[]>>;

/** Which service a host name belongs to: what registers and observatories name by domain (`config/service-domains.yaml`). */
export interface ServiceHosts {
  /** Ids of the services that have domains here. */
  readonly services: readonly string[];
  /** Domains of a service, without markup; the one by which people know it first. Empty = none is known. */
  domainsOf(service: string): readonly string[];
  /**
   * A host name, or a mask (`*.example.org`), in any case, IDN or punycode → the service; null = of none, or no host name (an address is none).
   * `whole`: the name stands for all of it; else for some part of it (`static.example.org`).
   */
  find(host: string): { service: string; domain: string; whole: boolean } | null;
}
