import type { Action, Method } from './incident.ts';

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
  /** When the outlet says it was published; never later than it was fetched. The fetch time where it says nothing (`dated` false). */
  publishedAt: number;
  dated: boolean;
  /** Publisher id: two feeds of one publisher are one voice. */
  publisher: string;
  /** Publisher as people know it; shown beside the link. */
  publisherName: string;
  /** A search found it: nobody configured its publisher, who is whoever owns the domain of `url`. Absent = a source of its own. */
  found?: true;
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
  publisher?: string;
  /** Country of its outlet (ISO 3166-1), where its texts that name none are about that one. */
  home?: string;
}

/** One event that a text reports as news (background and history are no events). */
export interface ExtractedEvent {
  /** What is reported to have happened, or to be threatened (`warn`). */
  action: Action;
  /** ISO 3166-1 alpha-2, or "EU"; empty where the text names none. */
  countries: string[];
  /** Service ids of the catalogue; `internet` for whole networks; empty where the text names none. */
  services: string[];
  /** How access is cut, where the text tells. */
  method?: Method;
  /** A part of the country (region, city, island), as the text names it, where the event is not nation-wide. */
  region?: string;
  /** The text only says "restricts X": a block in most mouths, yet no word against a slow-down that is known. */
  vague?: boolean;
  /** How likely this reading is right, 0 to 1, as calibrated on texts that the extractor had not seen. Absent = the rules alone read it. */
  confidence?: number;
  /** Second-rank news of the same text (not in title or lead). Absent = first rank. */
  secondary?: boolean;
}

/** Words of a text that a phrase of the lexicon found. */
export interface ExplainedWord {
  text: string;
  class: string;
  /** As it stands in the lexicon: `block*`. */
  phrase: string;
}

interface ExplainedClause {
  field: 'title' | 'summary' | 'body';
  text: string;
  acts: ExplainedWord[];
  words: ExplainedWord[];
  names: string[];
  places: string[];
}

/** Why the extractor decided as it did; only filled when asked for (`classify --explain`). */
export interface Explanation {
  lang: string;
  /** On what grounds the events stand, in order: ids. */
  rules: string[];
  /** Spans that decided: offsets in the field's text. */
  spans: { field: 'title' | 'summary' | 'body'; start: number; end: number; text: string; as: string }[];
  /** What was considered and turned down. `as`: what it was taken for; `why`: the reason's id; `by`: who did it, where that is the reason. */
  rejected: { text: string; as: string; why: string; by?: string }[];
  /** The clauses of title and lead: stretches that say one thing, with what is known in each (names with their role, places with their score). */
  clauses?: ExplainedClause[];
  /** Rows of the rule tables that fired, `stage/id`, and the words that they were asked about. */
  fired?: { rule: string; text: string }[];
  /** The likeliest readings, best first, with the probability of each given that the text is news. */
  candidates?: { triple: string; probability: number }[];
}

export interface Extraction {
  /** Does it report a change of access, or a threat of one, as news? */
  relevant: boolean;
  /** Empty when not relevant. At most `MAX_EVENTS`. */
  events: ExtractedEvent[];
  /** Detected or stated language, ISO 639-1, `und` where unknown. */
  lang: string;
  /** News agency or outlet that the text credits as its source ("Reuters", "РБК:", "сообщает ТАСС"), as an id of `config/lexicon/agencies.yaml`; null = its own words. */
  credit: string | null;
  /** How likely the text is news of access at all, 0 to 1; absent where the rules alone read it. */
  probability?: number;
  why?: Explanation;
}

/** More events than this in one text are a list, not news; the first ones count. */
export const MAX_EVENTS = 12;
