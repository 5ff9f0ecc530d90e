import type { Action, Method, Part } from './incident.ts';

/** A service as the operator's catalogue (`services.yaml`) describes it. */
export interface Service {
  /** `whatsapp`; lower case, [a-z0-9-]. */
  id: string;
  /** As the catalogue spells it, the same in every language: "WhatsApp". */
  name: string;
  /** Other names in any script, and host names; unique over the catalogue. */
  aliases: string[];
  /** `messenger`, `social`, `news` …; groups services in pickers, and what can be used instead of each other. */
  category: string;
  /** Aliases (or the name) that are everyday words, too ("X", "Signal", "Max"): they count only as written and in context. */
  everyday?: string[];
  /** It has ended: nobody is sent there. */
  retired?: boolean;
  /** A state controls it, which is said where it is named as a way out. */
  ofState?: boolean;
}

/** All that it knows by name. `internet` (the network itself) is not in it. */
export interface Catalogue {
  services: Service[];
}

/** A block that has stood for long, by the public record (`config/baseline.yaml`). It never alerts; fresh evidence counts instead of it. */
export interface BaselineEntry {
  country: string;
  service: string;
  action: Extract<Action, 'block' | 'throttle' | 'restrict' | 'shutdown'>;
  method: Method | null;
  part?: Extract<Part, 'calls'> | undefined;
  /** ms since the epoch, UTC. */
  since: number;
  /** The day is not known, only the month. */
  monthOnly: boolean;
  /** Where it can be read: an https address. */
  reference: string;
}

/** The catalogue's group of a service ("messenger"); null = it is not in the catalogue, so nothing is known. */
export type CategoryOf = (service: string) => string | null;

/** What is known of one country, and of the services there: from this alone an alert says what still works and what its reader can do. */
export interface Known {
  /** Ids of services that were measured open there lately, the most measured first, none of whose house is cut off. Worst case empty: nothing is measured. */
  works: readonly string[];
  /** By how many measurements. */
  measurements(service: string): number;
  categoryOf: CategoryOf;
  /** Does the operator want advice for readers of this country (ISO 3166-1 alpha-2; null = no country is named)? */
  advises(country: string | null): boolean;
}
