/** What the worker gets and gives; plain data that can be posted between threads. */
export interface ParseJob {
  id: number;
  bytes: Uint8Array;
  contentType: string;
  /** Where the bytes came from: relative links are resolved against it. */
  url: string;
}

/** What the worker is started with. */
export interface WorkerStart {
  /** Folder of the main thread's compile cache, where it has one. */
  compileCache: string | undefined;
}

export interface ParsedItem {
  guid: string | null;
  url: string | null;
  title: string;
  summary: string;
  body?: string;
  /** ms since the epoch, UTC, or null where the feed gives none that can be read. */
  publishedAt: number | null;
  lang: string | null;
}

export interface ParsedFeed {
  title: string;
  lang: string | null;
  /** Newest first, undated ones where they stood; at most 500. */
  items: ParsedItem[];
  /** How long the feed itself asks to be left alone, ms; null where it does not. */
  ttlMs: number | null;
  /** Hours of the day (UTC, 0–23) and days of the week (0 = Sunday) in which it does not change. */
  skipHours: number[];
  skipDays: number[];
  /** Which parser made sense of it, for the log. */
  parser: string;
}

export type ParseFailure = 'feed_not_a_feed' | 'feed_unreadable';

export type ParseAnswer = { id: number; feed: ParsedFeed } | { id: number; code: ParseFailure; message: string };

export const MAX_ITEMS = 500;
export const MAX_TITLE = 500;
export const MAX_SUMMARY = 2_000;
export const MAX_BODY = 20_000;
export const MAX_GUID = 500;
