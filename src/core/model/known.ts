/** The catalogue's group of a service ("messenger"); null = it is not in the catalogue, so nothing is known. */
export type CategoryOf = (service: string) => string | null;

/** What is known of one country, and of the services there: from this alone an alert says what still works and what its reader can do. */
export interface Known {
  /** Ids of services that somebody found open there, and nobody cut since. Worst case empty: nothing is measured. */
  works: readonly string[];
  /** Ids of messengers of which no block is known there, by incidents or the public record: an absence of news, not a measurement. */
  unblocked: readonly string[];
  categoryOf: CategoryOf;
  /** Does the operator want advice for readers of this country (ISO 3166-1 alpha-2; null = no country is named)? */
  advises(country: string | null): boolean;
}
