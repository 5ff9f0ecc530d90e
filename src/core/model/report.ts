import type { Action, Method } from './incident.ts';

/**
 * One normalised statement by one source about one (country, service, action) at one time, with its evidence.
 * An item or a round of measurements may yield none, one or many.
 */
export interface Report {
  id: string;
  sourceId: string;
  /** Groups the reports of one item or one round; null where there is no such thing. */
  itemId: string | null;
  /** When the source says it, ms since the epoch. */
  at: number;
  /** ISO 3166-1 alpha-2 or "EU"; null = the source names none. */
  country: string | null;
  /** Service id; `internet` = the network itself; null = the source names none. */
  service: string | null;
  action: Action;
  method: Method | null;
  /** Part of the country; null = nation-wide or not stated. */
  region: string | null;
  /** Said in a word that fits a slow-down as well (`ExtractedEvent.vague`). Not kept: it only matters while the report joins. */
  vague?: boolean;
  /** One of several services that the text names for this action. Not kept either. */
  listed?: boolean;
  /** Stated in terms: its title is no text, and two that read alike are no copies. Not kept either. */
  stated?: true;
  /** A search found its text (`Item.found`). Not kept either. */
  found?: true;
  /** Stated beside the main news of its text. */
  secondary: boolean;
  kind: ReportKind;
  /**
   * Independent outlet: the publisher or the credited agency (in an incident all of one owner speak with the voice of the first of them), `state:RU`
   * for the media of a state, `new:<n>` for sites that nobody has met before, `authority:<id>`, or `network:AS<n>` for a measurement. Reports of one
   * incident with one `voice` count once.
   */
  voice: string;
  /** Id of the publisher of a news report; whatever it credits, it is one outlet. Absent = `voice` is all that is known. */
  publisher?: string;
  /** What its publisher is, and of which country, where that is known (`config/publishers.yaml`). */
  outlet?: Pick<Outlet, 'country' | 'kind'>;
  /**
   * How likely the reading of the text is right, 0 to 1 (`ExtractedEvent.confidence`); from `FIRM_READING` on it stands by itself. Absent = no
   * doubt is known: a measurement, an authority's entry, a report of an older version.
   */
  confidence?: number;
  /** What to show as evidence. */
  title: string;
  url: string | null;
  publisherName: string;
  lang: string;
  /** Lead, for near-duplicate tests and the evidence card; bounded. */
  summary: string;
  /** Facts of a measurement, null for news. */
  measured: MeasuredFacts | null;
  /** When its own source took it back, ms since the epoch: it is kept for the record, and counts for nothing. Absent = it stands. */
  takenBack?: number;
}

/** First letter of the last part of `itemId`, where another Tocsin passed the statement on: no evidence found here, and so not passed on again. */
export const RELAYED_KEY = 'p';
const RELAYED = new RegExp(`/${RELAYED_KEY}[\\w-]{22}$`);

/** Did another Tocsin pass it on? Known by its item, which is kept: whatever the configuration calls its source later. */
export const isRelayed = ({ itemId }: Pick<Report, 'itemId'>): boolean => itemId !== null && RELAYED.test(itemId);

/**
 * Gone from a register: it is forbidden no more. Whether it works nobody has said by that, so by itself it lifts nothing.
 */
export const isStruckOff = ({ action, outlet }: Pick<Report, 'action' | 'outlet'>): boolean =>
  action === 'unblock' && outlet?.kind === 'register';

/** A reading below this probability is doubtful: it takes two of those to weigh as much as one outlet. */
export const FIRM_READING = 0.65;
/** The same of a title alone: what is read in it with this probability is right as often as what is read in a whole text with that one. */
export const FIRM_TITLE = 0.8;

export type ReportKind = 'news' | 'authority' | 'measurement';

/** What a verdict adds to a report; the rule that raised it decides the confidence (domain.md, "Confidence"). */
export interface MeasuredFacts {
  /**
   * `anomaly`: below the confirmation rule. `round-rule`: own probe on one network, confirmed by rounds. `fingerprint`: a known block page.
   * `window-rule`: an observatory, by the rule of its source over a window of time.
   */
  strength: 'anomaly' | 'round-rule' | 'fingerprint' | 'window-rule';
  /** Networks that measured it, as "AS64500"; two different ones confirm, unless one observatory counted them. */
  networks: string[];
  /** Verdict in the words of probes.md, such as `sni_blocked:rst`. */
  verdict: string;
  /** Component of the service that failed ("registration"), where not the whole. */
  component: string | null;
  /** Id of the agent that says so; absent = our own probe. However many networks it names, it is one. */
  agent?: string;
  /** Time of the first of the rounds that count, ms since the epoch; absent = the report's own. */
  since?: number;
  /** It only says that what was reported before goes on: it opens nothing. */
  standing?: boolean;
  /** Kind of the observatory that says so ("ooni"); absent = own probes and agents, which are one kind together. One kind is one voice. */
  observatory?: string;
  /** Under which its figures may be shown. */
  licence?: string;
  /** How many measurements it counted; absent = it does not count so. */
  measurements?: number;
  /** Signals of the observatory that agree ("bgp"). */
  signals?: string[];
  /** It is that measurements have stopped. */
  silence?: boolean;
  /** Networks on which our own probes found it well at that time. */
  openOn?: string[];
}

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
  /** It is an entry of a register: what is gone from there is struck off, whether it works or not. */
  ofRegister?: true;
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
type StatementKind = (typeof STATEMENT_KINDS)[number];

export const MAX_STATEMENT_ID = 200;
/** Incidents that one poll may take back. */
export const MAX_WITHDRAWALS = 100;
/** Statements of one poll, or of one post; a source says which are left out where there are more. */
export const MAX_STATEMENTS = 500;

/**
 * What an outlet is. `external`: media of a state, made for other countries. `unknown`: nobody has written down whose it is. What an
 * aggregator prints is nobody's word. `register`: a state's list of what is forbidden, which knows nothing of what works.
 */
export type OutletKind =
  | 'national'
  | 'regional'
  | 'public'
  | 'state'
  | 'external'
  | 'exile'
  | 'agency'
  | 'tech'
  | 'rights'
  | 'aggregator'
  | 'register'
  | 'unknown';

/** Whose word it is. */
export interface Outlet {
  /** As its feeds and texts that credit it call it; else its domain. */
  id: string;
  /** As people know it. */
  name: string;
  /** Two outlets of one owner are one voice. */
  owner: string;
  /** ISO 3166-1; null = of the whole world, or unknown. */
  country: string | null;
  kind: OutletKind;
}
