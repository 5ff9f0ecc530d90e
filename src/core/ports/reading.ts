import type { Action } from '../model/incident.ts';
import type { Extraction, NewsText } from '../model/item.ts';
import type { Outlet } from '../model/report.ts';

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
  /** A name in any language and case, or an id, as a text of that country has it → the id ("RU-DA"); null = none, or more than one. */
  find(country: string, text: string): string | null;
  /**
   * The same without a country: an id for each country where that is the name of one region. Reads all countries when first asked; meant
   * for a few words of a sentence.
   */
  everywhere(text: string): readonly string[];
  /** English where that language has no name; null = no such id. `lang`: ISO 639-1. */
  nameOf(id: string, lang: string): string | null;
  /**
   * Where a text puts it: as `find`, but what is spoken of as a part of the state that applies its blocks there, or claims it, is found where it lies
   * ("RU", "Crimea" → "UA", "UA-43"). Null = no region that is known.
   */
  place(country: string, text: string): { country: string; region: string } | null;
  /** Ids of this country's regions; empty = none are known. */
  regionsOf(country: string): readonly string[];
  /** Who holds this region, where that is not simply its country; null = that is all there is to say. */
  disputed(region: string): DisputedPlace | null;
}

/** A part of a country whose networks are not under its control. */
export interface DisputedPlace {
  /** Ids of regions (ISO 3166-2). */
  regions: readonly string[];
  /** Whose territory it is by the United Nations, or by the claim of the state that does not hold it; ISO 3166-1. */
  law: string;
  /** The state whose blocks networks there apply; null = of neither, its own authorities run them. */
  applies: string | null;
  /** Only some of the region. */
  part: boolean;
  /** "2014" or "2014-03". */
  since: string;
  /** A page that says so; https. */
  reference: string;
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

/** Whose outlets are (`config/publishers.yaml`). */
export interface Publishers {
  /**
   * A host name or an address → the outlet of the longest domain that is known; else its registrable domain, as an outlet of its own of kind
   * `unknown`. Null = no name of a site.
   */
  of(address: string): Outlet | null;
  /** By the id of a publisher, or one by which texts credit it; null = unknown. */
  named(id: string): Outlet | null;
}

/** A first look at headlines on behalf of some countries, in the languages of these: who gets thousands has only those read that may tell of access. */
export interface FirstLook {
  /**
   * Does a text hold a word of access that is cut or restored, and one of what that is about, in one language? Null = it does not, and need not be read.
   * `isNamed`: it names one of the countries. Wrong on the side of reading.
   */
  mayTell(title: string): { isNamed: boolean } | null;
}
