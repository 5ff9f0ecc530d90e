import { hash } from 'node:crypto';
import type { Policy } from '../model/policy.ts';
import { RELAYED_KEY, type Report, type ReportKind } from '../model/report.ts';
import { MAX_STATEMENT_ID, MAX_STATEMENTS, type Statement } from '../model/statement.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Store } from '../ports/store.ts';
import type { SeenBound } from './seen-bound.ts';

/** How statements came. */
export interface StatedHow {
  /** On the first poll of a source nothing older than the window notifies. */
  firstPoll: boolean;
  /** Somebody handed them in: whoever does so means it, however old it is. */
  pushed: boolean;
}

/** What one poll or post states that was not stated before. Nothing of it is stored yet. */
export interface ReadStatements {
  /** When it was read, ms since the epoch. */
  at: number;
  /** Oldest first. */
  reports: Report[];
  /** How many statements are new: those that report, and those that are too old to. */
  fresh: number;
  /** Keys of all that were stated: to be remembered, or to be kept in memory for longer. */
  keys: string[];
}

export interface ReadStatementsDeps {
  store: Pick<Store, 'seen'>;
  policy: Pick<Policy, 'firstPollWindow'>;
  bound: Pick<SeenBound, 'forgottenUntil'>;
  clock: Clock;
  ids: Ids;
}

/** Older ones are for the record of what was seen only, ms, unless somebody hands them in. */
const ARCHIVE = 14 * 86_400_000;
const MAX_TITLE = 300;
const MAX_SUMMARY = 600;
const MAX_NAME = 100;
const MAX_REGION = 100;
/** An address cut is another address: a longer one is none. */
const MAX_URL = 2_000;

type Named = Pick<Statement, 'id' | 'revision'>;
const hashOf = ({ id, revision }: Named): string =>
  hash('sha256', JSON.stringify([id.slice(0, MAX_STATEMENT_ID), revision]), 'base64url').slice(0, 22);
const keyOf = (one: Statement): string => `${one.relayed ? RELAYED_KEY : 's'}${hashOf(one)}`;

/** Under which items a statement of this source may be filed. */
export const itemsOf = (sourceId: string, one: Named): string[] =>
  ['s', RELAYED_KEY].map((letter) => `${sourceId}/${letter}${hashOf(one)}`);

/** Finds what is new among a source's statements; one call at a time a source, each after the one before was stored. */
export function createStatementReading(
  deps: ReadStatementsDeps,
): (sourceId: string, statements: readonly Statement[], how: StatedHow) => Promise<ReadStatements> {
  const { store, policy, bound, clock, ids } = deps;
  return async (sourceId, statements, { firstPoll, pushed }) => {
    const stated = new Map(statements.slice(0, MAX_STATEMENTS).map((one) => [keyOf(one), one]));
    const keys = [...stated.keys()];
    const known = await store.seen.known(sourceId, keys);
    const at = clock.now();
    const oldest = pushed ? Number.NEGATIVE_INFINITY : at - (firstPoll ? policy.firstPollWindow : ARCHIVE);
    const forgotten = await bound.forgottenUntil(sourceId);
    const fresh = [...stated].filter(([key]) => !known.has(key));
    const reports = fresh
      .filter(([, one]) => one.at >= oldest && one.at > forgotten)
      .map(([key, one]) => reportOf(one, { id: ids.next(), sourceId, itemId: `${sourceId}/${key}`, now: at }));
    reports.sort((a, b) => a.at - b.at);
    return { at, reports, fresh: fresh.length, keys };
  };
}

interface Filed {
  id: string;
  sourceId: string;
  itemId: string;
  now: number;
}

/** A statement as a report: an authority's speaks for itself, what is passed on for whom it names, all others with the voice of their publisher. */
export function reportOf(stated: Statement, { id, sourceId, itemId, now }: Filed): Report {
  const { country, service, action, method, publisher, url, lang, relayed } = stated;
  const reading = relayed?.reading ?? null;
  return {
    id,
    sourceId,
    itemId,
    at: Math.min(stated.at, now),
    country,
    service,
    action,
    method: action === 'unblock' ? null : method,
    region: stated.region === null ? null : stated.region.slice(0, MAX_REGION),
    ...(relayed?.isArticle ? {} : { stated: true as const }),
    secondary: false,
    kind: reportKindOf(stated),
    voice: relayed?.voice ?? (stated.kind === 'authority' ? `authority:${publisher}` : publisher),
    ...(reportKindOf(stated) === 'news' ? { publisher } : {}),
    ...(reading === null ? {} : { confidence: reading }),
    title: stated.title.slice(0, MAX_TITLE),
    url: url !== null && url.length <= MAX_URL ? url : null,
    publisherName: stated.publisherName.slice(0, MAX_NAME),
    lang,
    summary: stated.summary.slice(0, MAX_SUMMARY),
    measured: relayed?.measured ?? null,
  };
}

function reportKindOf({ kind, relayed }: Statement): ReportKind {
  if (relayed?.measured) return 'measurement';
  return kind === 'authority' ? 'authority' : 'news';
}
