import type { Action, Method } from './action.ts';
import type { MeasuredFacts } from './report.ts';

/**
 * What a source states of one service in one country, in terms and not in a text: an entry of a register, a finding, a report that
 * somebody posts. Nothing is read into it. Times are milliseconds since the epoch, UTC.
 */
export interface Statement {
  /** The source's own id of what is stated, at most `MAX_STATEMENT_ID` characters. With `revision` it is taken once, ever. */
  id: string;
  /** Of an entry that its publisher changes, what changes with it (a time, a state); null = an entry stays as it is. */
  revision: string | null;
  /** When it is stated, or since when it holds; never later than now. */
  at: number;
  /** ISO 3166-1 alpha-2 or "EU". */
  country: string;
  /** Id of the catalogue, or `internet` for the network itself. */
  service: string;
  action: Action;
  method: Method | null;
  /** Part of the country; null = nation-wide or not stated. */
  region: string | null;
  /** What to show as evidence, with its page; what is longer than the bounds below is cut. */
  title: string;
  url: string | null;
  /** More of it, for the evidence card; may be empty. */
  summary: string;
  /** An authority's word corroborates by itself; an outlet's or a monitor's is one voice. */
  kind: StatementKind;
  /** Publisher id: all that it says is one voice, here and in its feeds. */
  publisher: string;
  /** As people know it. */
  publisherName: string;
  /** Language of title and summary, ISO 639-1. */
  lang: string;
  /** It was not found out here: another Tocsin passes it on (`core/federation`). Absent = first-hand. */
  relayed?: Relayed;
}

/** What another Tocsin says of whose word it is. */
export interface Relayed {
  /** The voice behind it: whoever else speaks with it in the incident counts once with it. */
  voice: string;
  /** The title is an article's own, not made of terms: its copies are known by it. */
  isArticle: boolean;
  /** How likely its reading is right, as in a report; null = no doubt is known. */
  reading: number | null;
  /** A measurement, as good as that of one agent; null = a word. */
  measured: MeasuredFacts | null;
}

/** A source takes back what it stated: an incident that rests on nothing else is withdrawn. */
export interface Withdrawal {
  /** What was stated, by id and revision, each within the bounds of a statement. */
  statements: readonly Pick<Statement, 'id' | 'revision'>[];
  /** Why, in its own words; may be empty. */
  because: string;
}

export const STATEMENT_KINDS = ['outlet', 'monitor', 'authority'] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

export const MAX_STATEMENT_ID = 200;
/** Incidents that one poll may take back. */
export const MAX_WITHDRAWALS = 100;
/** Statements of one poll, or of one post; a source says which are left out where there are more. */
export const MAX_STATEMENTS = 500;
