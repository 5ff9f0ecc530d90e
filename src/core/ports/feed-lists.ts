/** Lists of feeds of other readers, and one feed looked at by hand: what a kind of source offers to the command line (`tocsin feeds`). */

/** A configured feed. */
export interface Feed {
  id: string;
  kind: string;
  url: string;
  cron: string;
  publisher: string;
  name?: string | undefined;
  lang?: string | undefined;
  folder?: string | undefined;
  authority: boolean;
}

/** One entry of a list that is, or claims to be, a feed. */
export interface Listed {
  /** As it stands there; '' where it has none. */
  url: string;
  title: string;
  /** The title is the publisher's id, for want of a name. */
  nameless: boolean;
  /** As it stands there, such as `ru` or `en-US`. */
  lang: string | null;
  /** What the specification lets it be: `rss`, `link`, `include`; null where it does not say. */
  type: string | null;
  /** Commented out by whoever wrote it. */
  commented: boolean;
  /** Names of folders with "/" between them, the title of the list where it lies in none; '' = neither. */
  folder: string;
  own: { id?: string; cron?: string; publisher?: string; authority?: boolean };
}

export interface PlanOptions {
  /** What is configured already, of any kind: none of their ids is given twice. */
  sources: readonly { id: string }[];
  /** The feeds among them. */
  feeds: readonly Pick<Feed, 'url' | 'publisher'>[];
  /** Is that host (as in a URL) one that a stranger's list must not make us call? */
  isPrivate(hostname: string): boolean;
  /** What is wrong with a schedule; null = nothing. */
  cronProblem(cron: string): string | null;
  /** The list is a stranger's: nobody in it is an authority, or a voice, by its own word. */
  fromNet: boolean;
}

/** Only what is not the default, in the order in which people write it. */
type AddedFeed = Pick<Feed, 'id' | 'kind' | 'url' | 'publisher'> & Partial<Feed>;

export interface Planned {
  added: { source: AddedFeed; notes: string[] }[];
  leftOut: { title: string; url: string; why: string }[];
}

/** `country`: under which other readers show it, where it has no folder. */
export type ExportedFeed = Feed & { country: { code: string; name: string } | null };

/** A feed that a web page names. */
export interface Hint {
  url: string;
  title: string;
}

/** As `sources/rss/shape.ts` has it, as far as people look at it. */
export interface LookedAt {
  title: string;
  lang: string | null;
  parser: string;
  items: readonly {
    url: string | null;
    title: string;
    summary: string;
    body?: string;
    publishedAt: number | null;
    lang: string | null;
  }[];
}

export interface FeedLists {
  /** Throws `feed_not_a_feed` where it is no list, `feed_unreadable` where nothing can be read in it. `beyond`: entries that were not looked at. */
  readList(bytes: Uint8Array, contentType: string): { listed: Listed[]; beyond: number };
  /** Of one feed or more. */
  writeList(feeds: readonly ExportedFeed[], head: { title: string; at: Date }): string;
  planImport(listed: readonly Listed[], options: PlanOptions): Planned;
  decode(bytes: Uint8Array, contentType: string): { text: string; encoding: string };
  /** Throws `TocsinError` where it is no feed, or none that can be read in time. Leaves `bytes` alone. */
  look(bytes: Uint8Array, contentType: string, url: string): Promise<LookedAt>;
  /** In the order of the page, each once, ten at most. */
  feedsNamedBy(html: string, url: string): Hint[];
  /** Ends what `look` started. */
  stop(): Promise<void>;
}
