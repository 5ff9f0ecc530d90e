/** What people say works for them and what does not: counts, never who said it. `core/readers.ts` decides what is taken. */

/** What counts are kept by, ms. */
export const QUARTER = 900_000;
/** Fewer people than this are never counted aloud: one of few could be found by those who know them. */
export const MIN_PEOPLE = 10;

/** As a kind of evidence (`MeasuredFacts.observatory`), and as a source. */
export const READERS = 'readers';
/** Why an incident that rested on them alone was taken back: they speak in every country, so it is the service itself. */
export const EVERYWHERE = 'readers: everywhere';

/** Does this command take down a word? Who gave it is remembered nowhere but under the key of the day. */
export const isReadersWord = (command: string): boolean => /^readers (?:fails|works)(?: |$)/u.test(command);

export type ReaderVerdict = 'fails' | 'works';
/** Said in a chat, or by a page that measured. */
export type ReaderDoor = 'chat' | 'page';

export interface ReaderReport {
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** "AS8359"; absent = not told. */
  operator?: string;
  door: ReaderDoor;
  /** Ids of the catalogue, or `internet`; at most `MAX_VERDICTS` are read. */
  verdicts: readonly { service: string; verdict: ReaderVerdict }[];
  /** The same for all that one person says, and nobody else's; never kept, only its keyed digest, whose key lasts a day. */
  token: string;
  /** Known here for long: whoever has come lately may be one of a thousand that one hand made. */
  settled?: boolean;
}

/** What people said of one service in one country. */
export interface ReadersSay {
  /**
   * Within the last hour; null = fewer spoke than may be counted. `since`: from when on most of those fail who said so within six hours, null = it is
   * nothing that began. `manyNew`: most have come lately.
   */
  hour: { fails: number; works: number; since: number | null; manyNew: boolean } | null;
  /** Nobody spoke within the last hour. */
  isSilent: boolean;
  /** In so many countries it fails people at once, this among them: it is the service itself. 0 = it is not so. */
  places: number;
}

export interface ReaderReports {
  /** `known`: all of it was said within the same six hours. `refused`: it names what is none of ours, or too many have spoken today. */
  take(report: ReaderReport): Promise<'taken' | 'known' | 'refused'>;
  /** As it was moments ago, at most. */
  said(of: Pick<ReaderCount, 'country' | 'service'>): Promise<ReadersSay>;
}

/** So many people said so, within a quarter of an hour. */
export interface ReaderCount {
  /** When the quarter began, ms since the epoch. */
  at: number;
  country: string;
  /** '' = not told, or too few people of it spoke to name it. */
  operator: string;
  service: string;
  verdict: ReaderVerdict;
  door: ReaderDoor;
  people: number;
  /** Those of them who have been known for long. */
  settled: number;
}

/** One person's word, as it is written down: the digest here, the count there, and nothing that joins the two. */
export interface ReaderVoice extends Omit<ReaderCount, 'people' | 'settled'> {
  digest: string;
  settled: boolean;
}

export interface ReaderTable {
  /** The key of a day (days since the epoch): `fresh` where it has none. Keys and voices of days before are deleted. A loss of power may undo what is written with it. */
  secret(day: number, fresh: string): Promise<string>;
  /** Counts each whose digest is new. How many were. */
  add(voices: readonly ReaderVoice[]): Promise<number>;
  /** At or after `since`, before `until`; oldest first. At most `limit`, the newest of them. `known`: only where those spoke who have been known for long. */
  counts(which: {
    country?: string;
    service?: string;
    since: number;
    until?: number;
    known?: true;
    limit: number;
  }): Promise<ReaderCount[]>;
}
