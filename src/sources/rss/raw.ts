/** What a parser (rss-parser, feedsmith, JSON) makes of a feed, before clean-up: strings may be HTML, dates are as written. */
export interface RawFeed {
  parser: string;
  title: string;
  /** The site's address. */
  link: string | null;
  /** xml:base of the root, as written. */
  base: string | null;
  lang: string | null;
  ttlMinutes: number | null;
  skipHours: number[];
  skipDays: string[];
  items: RawItem[];
}

export interface RawItem {
  title: string;
  link: string | null;
  guid: string | null;
  /** Best first. */
  dates: string[];
  summary: string;
  content: string;
  base: string | null;
  lang: string | null;
}

/** A parser that could not make sense of a text says why. */
export class Unreadable extends Error {}

export const noHints = {
  base: null,
  lang: null,
  ttlMinutes: null,
  skipHours: [],
  skipDays: [],
};
