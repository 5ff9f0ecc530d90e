/** One entry of a feed, after decoding and clean-up; plain text, no markup. Times are milliseconds since the epoch, UTC. */
export interface Item {
  /** Id of the source in the config. */
  sourceId: string;
  /** The feed's own id of the entry, if it has one. Feeds lie: it may change, or be the same for every entry. */
  guid: string | null;
  /** Canonical URL (`core/correlate/canonical.ts`), or null. */
  url: string | null;
  title: string;
  /** Lead or description as plain text, bounded (2,000 characters). */
  summary: string;
  /** Full text where the feed carries one, as plain text, bounded (20,000 characters). */
  body?: string;
  /** ISO 639-1 as stated by the feed or the config, else null (the extractor detects it). */
  lang: string | null;
  /** When the outlet says it was published; never later than `fetchedAt`. The fetch time where it says nothing (`dated` false). */
  publishedAt: number;
  dated: boolean;
  fetchedAt: number;
  /** Publisher id: two feeds of one publisher are one voice. */
  publisher: string;
  /** Publisher as people know it; shown beside the link. */
  publisherName: string;
  /** Read at the authority's own site or feed: one such statement corroborates (domain.md). */
  authority: boolean;
}

/** What the extractor reads of an item. */
export interface NewsText {
  title: string;
  summary: string;
  body?: string;
  lang?: string | null;
  /** Where it stands, and whose it is. */
  url?: string | null;
  publisherName?: string;
}
