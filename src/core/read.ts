import { hash } from 'node:crypto';
import { type Correction, correctionKind, correctionOf } from './corrections.ts';
import { messageOf } from './errors.ts';
import type { Policy } from './model/alert.ts';
import { familyOf, NETWORK } from './model/incident.ts';
import type { Extraction, Item, NewsText } from './model/item.ts';
import {
  FIRM_TITLE,
  MAX_STATEMENT_ID,
  MAX_STATEMENTS,
  RELAYED_KEY,
  type Report,
  type ReportKind,
  type Statement,
} from './model/report.ts';
import type { Extractor, Gazetteer, Publishers, Said } from './ports/reading.ts';
import type { Ids, Tools } from './ports/runtime.ts';
import type { Store } from './ports/store.ts';
import { oneLine } from './render/plain.ts';

/** One text makes at most so many reports: a list of a hundred names is not a hundred stories. */
const MAX_REPORTS = 40;

/**
 * Extraction → reports: one for each (country, service, action); a missing side is null. `voice` stands in for the credit (recordings name whom
 * they repeat).
 */
export function reportsOf(
  item: Item,
  extraction: Extraction,
  { itemId, voice, publishers }: { itemId: string; voice?: string; publishers?: Publishers | undefined },
  ids: Ids,
): Report[] {
  const whose = whoseOf(item, publishers);
  const { publisher } = whose;
  const told = voice ?? (item.authority ? `authority:${publisher}` : (extraction.credit ?? publisher));
  const credit = told === publisher ? whose.speaker : told;
  if (credit === null) return [];
  const reports: Report[] = [];
  const seen = new Set<string>();
  for (const event of extraction.events) {
    if (item.found && event.confidence !== undefined && event.confidence < FIRM_TITLE) continue;
    const countries = event.countries.length > 0 ? event.countries : [null];
    const services = event.services.length > 0 ? event.services : [null];
    for (const country of countries) {
      for (const service of services) {
        const key = `${country} ${service} ${event.action} ${event.region ?? ''}`;
        if ((country === null && service === null) || seen.has(key)) continue;
        if (reports.length >= MAX_REPORTS) return reports;
        seen.add(key);
        reports.push({
          id: ids.next(),
          sourceId: item.sourceId,
          itemId,
          at: item.publishedAt,
          country,
          service,
          action: event.action,
          method: event.method ?? null,
          region: event.region ?? null,
          secondary: event.secondary === true,
          ...(event.confidence === undefined ? {} : { confidence: event.confidence }),
          ...(event.vague ? { vague: true } : {}),
          ...(services.length > 1 ? { listed: true } : {}),
          kind: item.authority ? 'authority' : 'news',
          voice: credit,
          ...(item.authority ? {} : { publisher }),
          ...(item.found ? { found: true } : {}),
          title: item.title,
          url: item.url,
          publisherName: whose.name,
          lang: extraction.lang,
          summary: item.summary.slice(0, 600),
          measured: null,
        });
      }
    }
  }
  return reports;
}

/**
 * Whose an item is, and who speaks in it where it credits nobody: its publisher. What a search found is its domain's, and an aggregator speaks for
 * nobody (`speaker` null). A feed whose items stand on another known outlet's site passes that one's word on: it is no second one beside it.
 */
function whoseOf({ publisher, publisherName: name, url, found }: Item, publishers: Publishers | undefined) {
  const site = url === null ? null : (publishers?.of(url) ?? null);
  const own = { publisher, name, speaker: publisher };
  if (site === null || site.kind === 'unknown') return own;
  if (found) return { publisher: site.id, name: site.name, speaker: site.kind === 'aggregator' ? null : site.id };
  const owner = publishers?.named(publisher)?.owner ?? publisher;
  return site.kind === 'aggregator' || site.owner === owner ? own : { ...own, speaker: site.id };
}

/** What those write that names no country is about theirs; others write of the whole world. */
const AT_HOME: ReadonlySet<string> = new Set(['national', 'public', 'state', 'exile']);

function homeOf({ publisher, url, found }: Item, publishers: Publishers | undefined): Pick<NewsText, 'home'> {
  const outlet = (found ? publishers?.of(url ?? '') : publishers?.named(publisher)) ?? null;
  return outlet?.country && AT_HOME.has(outlet.kind) ? { home: outlet.country } : {};
}

/**
 * A report at a place that is known; null = it is left out. A part of the country that nobody knows must not make a city the whole: a word about the
 * network, or that something works again, goes with it. What is said to be cut is mostly cut everywhere: of that only the region goes.
 */
function located(report: Report, gazetteer: Pick<Gazetteer, 'place'> | undefined): Report | null {
  const { country, region, service, action } = report;
  if (region === null || gazetteer === undefined) return report;
  const isBound = service === NETWORK || action === 'shutdown' || action === 'unblock';
  const place = country === null ? null : gazetteer.place(country, oneLine(region, MAX_REGION));
  if (place !== null && (place.country === country || service === NETWORK)) return { ...report, ...place };
  return isBound ? null : { ...report, region: null };
}

/** Reports of one reading by their places; what is left out is counted, and said. */
export function placedOnly(reports: readonly Report[], deps: Pick<ReadItemsDeps, 'gazetteer' | 'log'>): Report[] {
  const placed = reports.flatMap((one) => located(one, deps.gazetteer) ?? []);
  const [n, first] = [reports.length - placed.length, reports.find((one) => located(one, deps.gazetteer) === null)];
  if (first)
    deps.log.info('Reports name a part of a country that is not known here: they are left out', {
      source: first.sourceId,
      n,
      region: oneLine(first.region ?? '', 40),
    });
  return placed;
}

/** Reports of an incident that are looked at: more than this, and others have spoken as well. */
const LOOKED_AT = 20;

/**
 * Would an outlet's word be the second of something that one outlet has reported? Asked by whoever reads what `publisher` writes. Not of what several outlets say already, nor of what only this one says: its second word
 * adds nothing.
 */
export function createSecondWord(store: {
  incidents: Pick<Store['incidents'], 'openByKey'>;
  reports: Pick<Store['reports'], 'byIncident'>;
}) {
  const { incidents, reports } = store;
  return async (publisher: string, { country, service, action }: Said): Promise<boolean> => {
    const open = await incidents.openByKey(country, service, familyOf(action));
    if (open === null) return false;
    const waits = action === 'unblock' ? open.liftConfidence === 'reported' : open.confidence === 'reported';
    if (!waits) return false;
    const reported = await reports.byIncident(open.id, LOOKED_AT);
    return reported.some((one) => (one.action === 'unblock') === (action === 'unblock') && one.publisher !== publisher);
  };
}

/** 106 bits as text: two runs of cyrb53 (public domain, bryc) with different seeds. Not for secrets; only to recognise. */
function digest(text: string): string {
  const run = (seed: number): string => {
    let a = 0xdeadbeef ^ seed;
    let b = 0x41c6ce57 ^ seed;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      a = Math.imul(a ^ c, 2654435761);
      b = Math.imul(b ^ c, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
  };
  return run(1) + run(2);
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/**
 * How an item is recognised when its feed gives it again: by address, by guid, by content, whichever the feed did not change. Any of its keys known =
 * the item was seen; all are remembered. A guid or an address that several different items of one fetch share says nothing and is left out for that fetch.
 */
export function seenKeys(items: Item[]): string[][] {
  // A search has titles of many outlets: who copies one must not hide whom it is of.
  const whose = ({ found, publisher }: Item): string => (found ? `${publisher}\n` : '');
  const content = items.map(
    (item) => `c${digest(`${whose(item)}${plain(item.title)}\n${plain(item.summary).slice(0, 400)}`)}`,
  );
  const sharers = (of: (item: Item) => string | null): Set<string> => {
    const contents = new Map<string, Set<string>>();
    for (const [i, item] of items.entries()) {
      const value = of(item);
      if (value !== null) contents.set(value, (contents.get(value) ?? new Set()).add(content[i]!));
    }
    return new Set([...contents].filter(([, different]) => different.size > 1).map(([value]) => value));
  };
  const sharedGuids = sharers((item) => item.guid);
  const sharedUrls = sharers((item) => item.url);
  return items.map((item, i) => {
    const keys = [content[i]!];
    if (item.guid !== null && !sharedGuids.has(item.guid)) keys.push(`g${digest(item.guid)}`);
    if (item.url !== null && !sharedUrls.has(item.url)) keys.push(`u${digest(item.url)}`);
    return keys;
  });
}

/** Why an item is read, or passed over in silence. */
type SeenReason =
  | 'news'
  /** It was seen before. */
  | 'known'
  /** It was, and its text is another now: one that says of itself that it corrects something. */
  | 'corrects'
  /** It stands twice in this fetch; the next one will know it by the other. */
  | 'twice'
  /** Older than what is news at all. */
  | 'archive'
  /** Without a date on a first poll: anything may be old. */
  | 'undated'
  /** Older than what this source had to forget (`read.ts`): it may have been seen. */
  | 'forgotten';

interface SeenFacts {
  firstPoll: boolean;
  /** Nothing that was published earlier is news, ms since the epoch. */
  oldest: number;
  /** What was first seen until then may have been forgotten; 0 = nothing was. */
  forgottenUntil: number;
}

/**
 * Which items of one fetch are news, and what is remembered of each. Of an item that was recognised, a guid, an address or a content that is
 * new says nothing where the feed gives most of its known items a new one: such keys would grow without end, and are left out.
 */
export function planSeen(
  items: readonly Item[],
  keys: readonly string[][],
  known: ReadonlySet<string>,
  facts: SeenFacts,
): { item: Item; reason: SeenReason; add: string[] }[] {
  const fickle = fickleKinds(keys, known);
  const met = new Set<string>();
  return items.map((item, i) => {
    const own = keys[i]!;
    const before = own.some((key) => known.has(key));
    const twice = !before && own.some((key) => met.has(key));
    for (const key of own) met.add(key);
    if (twice) return { item, reason: 'twice', add: [] };
    if (!before) return { item, reason: reasonOf(item, facts), add: own };
    // By its content it is known from then on, whatever the feed does to its other items.
    if (!known.has(own[0]!) && correctionKind(item) !== null) return { item, reason: 'corrects', add: own };
    return { item, reason: 'known', add: own.filter((key) => known.has(key) || !(item.found || fickle.has(key[0]!))) };
  });
}

function reasonOf(item: Item, { firstPoll, oldest, forgottenUntil }: SeenFacts): SeenReason {
  if (item.publishedAt < oldest) return 'archive';
  if (firstPoll && !item.dated) return 'undated';
  // Without a date it stands with the time of this fetch, and is judged by what it says alone.
  return item.dated && item.publishedAt <= forgottenUntil ? 'forgotten' : 'news';
}

/** Kinds of keys (their first letter) that most of the recognised items bring anew. */
function fickleKinds(keys: readonly string[][], known: ReadonlySet<string>): Set<string> {
  const recognised = keys.filter((own) => own.some((key) => known.has(key)));
  const anew = Map.groupBy(
    recognised.flat().filter((key) => !known.has(key)),
    (key) => key[0]!,
  );
  return new Set([...anew].filter(([, all]) => 2 * all.length > recognised.length).map(([kind]) => kind));
}

/** What one poll of a source brings. Nothing of it is stored yet. */
export type ReadPoll = Awaited<ReturnType<ReturnType<typeof createItemReading>>>;

interface ReadItemsDeps extends Tools {
  store: Pick<Store, 'seen' | 'incidents' | 'reports'>;
  extractor: Extractor;
  policy: Pick<Policy, 'firstPollWindow'>;
  bound: Pick<ReturnType<typeof createSeenBound>, 'forgottenUntil'>;
  /** Absent: whatever stands there is a region. */
  gazetteer?: Gazetteer | undefined;
  publishers?: Publishers | undefined;
}

/** What one item reports, and what it takes back of what its outlet reported. */
interface ReadItem {
  reports: Report[];
  correction: Correction | null;
}

/** Items older than this are for the record of what was seen only, ms: a feed that opens its archive is not news. */
const ARCHIVE = 14 * 86_400_000;
/** So many texts that the extractor failed at are remembered, so that each is logged once. */
const UNREADABLE_KEPT = 1_000;
/** After so long, ms, the event loop gets a turn: texts that are dear to read are dearer than twenty of the others. */
const TURN = 8;

/**
 * Reads what is new among a poll's items. May take as long as the extractor does; polls of one source must be read one after the other,
 * each after the one before was stored.
 */
export function createItemReading(deps: ReadItemsDeps) {
  const { store, extractor, policy, bound, clock, ids, log, gazetteer, publishers } = deps;
  const isSecond = createSecondWord(store);
  // Texts that the extractor failed at: logged once each, tried again with each poll, and in nobody's way.
  const unreadable = new Set<string>();

  /** `isKnown`: its text is another than it was. What such an item reports was reported before. */
  async function reportsIn(item: Item, itemId: string, isKnown: boolean): Promise<ReadItem | null> {
    const kind = correctionKind(item);
    try {
      const options = { corroborates: (said: Said) => isSecond(item.publisher, said), explain: kind !== null };
      const extraction = await extractor.extract({ ...item, ...homeOf(item, publishers) }, options);
      const correction = kind && correctionOf(item, kind, extraction, isKnown);
      const isNews = extraction.relevant && kind !== 'retraction' && !isKnown;
      const read = isNews ? reportsOf(item, extraction, { itemId, publishers }, ids) : [];
      return { reports: placedOnly(read, { gazetteer, log }), correction };
    } catch (error) {
      if (unreadable.size >= UNREADABLE_KEPT) unreadable.clear();
      if (!unreadable.has(itemId))
        log.error('Unable to make sense of an item; it is passed over', {
          source: item.sourceId,
          url: item.url,
          error: messageOf(error),
        });
      unreadable.add(itemId);
      return null;
    }
  }

  async function extractAll(sourceId: string, fresh: readonly { item: Item; add: string[]; reason: SeenReason }[]) {
    const relevant: (ReadItem & { keys: string[] })[] = [];
    const silent: string[] = [];
    let since = clock.monotonic();
    for (const { item, add: keys, reason } of fresh) {
      if (clock.monotonic() - since > TURN) {
        await clock.sleep(0);
        since = clock.monotonic();
      }
      const read = await reportsIn(item, `${sourceId}/${keys[0]}`, reason === 'corrects');
      if (read === null) continue;
      if (read.reports.length > 0 || read.correction) relevant.push({ keys, ...read });
      // Of the thousands of a search that tell nothing the content is enough: twice as many are remembered.
      else silent.push(...(item.found ? keys.slice(0, 1) : keys));
    }
    return { relevant, silent };
  }

  return async (sourceId: string, items: Item[], firstPoll: boolean) => {
    const keys = seenKeys(items);
    const carried = keys.flat();
    const known = await store.seen.known(sourceId, carried);
    const at = clock.now();
    const plan = planSeen(items, keys, known, {
      firstPoll,
      oldest: at - (firstPoll ? policy.firstPollWindow : ARCHIVE),
      forgottenUntil: await bound.forgottenUntil(sourceId, at),
    });
    const { news = [], passed = [] } = Object.groupBy(plan, ({ reason }) =>
      reason === 'news' || reason === 'corrects' ? 'news' : 'passed',
    );
    news.sort((a, b) => a.item.publishedAt - b.item.publishedAt);
    const { relevant, silent } = await extractAll(sourceId, news);
    const added = plan.reduce((sum, { add }) => sum + add.filter((key) => !known.has(key)).length, 0);
    return {
      sourceId,
      /** When it was read, ms since the epoch. */
      at,
      /** Items that report or correct something, oldest first, and the keys by which each is known once its reports are stored. */
      relevant,
      /** Keys of items that report nothing, or are no news: to be remembered, and that is all. */
      silent: [...passed.flatMap(({ add }) => add), ...silent],
      /** How many keys are new to the store. */
      added,
      /** Keys by which the feed's items are known at present. */
      carried,
    };
  };
}

/** How statements came. */
export interface StatedHow {
  /** On the first poll of a source nothing older than the window notifies. */
  firstPoll: boolean;
  /** Somebody handed them in: whoever does so means it, however old it is. */
  pushed: boolean;
  /** Awaited between the parts of what was pushed; absent: there is no pause. */
  pause?(): Promise<void>;
}

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

/**
 * Finds what is new among a source's statements; one call at a time a source, each after the one before was stored. Nothing is stored yet: `reports`,
 * oldest first; `fresh`: how many statements are new, those that report and those that are too old to; `keys` of all that were stated, to be
 * remembered, or to be kept in memory for longer.
 */
export function createStatementReading(
  deps: Pick<ReadItemsDeps, 'policy' | 'bound' | 'clock' | 'ids' | 'log' | 'gazetteer'> & {
    store: Pick<Store, 'seen'>;
  },
) {
  const { store, policy, bound, clock, ids } = deps;
  return async (sourceId: string, statements: readonly Statement[], { firstPoll, pushed }: StatedHow) => {
    const stated = new Map(statements.slice(0, MAX_STATEMENTS).map((one) => [keyOf(one), one]));
    const keys = [...stated.keys()];
    const known = await store.seen.known(sourceId, keys);
    const at = clock.now();
    const oldest = pushed ? Number.NEGATIVE_INFINITY : at - (firstPoll ? policy.firstPollWindow : ARCHIVE);
    const forgotten = await bound.forgottenUntil(sourceId, at);
    const fresh = [...stated].filter(([key]) => !known.has(key));
    const reports = fresh
      .filter(([, one]) => one.at >= oldest && one.at > forgotten)
      .map(([key, one]) => reportOf(one, { id: ids.next(), sourceId, itemId: `${sourceId}/${key}`, now: at }));
    reports.sort((a, b) => a.at - b.at);
    return { at, reports: placedOnly(reports, deps), fresh: fresh.length, keys };
  };
}

const MAX_LISTED = 20;
/** Of a title: an item's is a text. */
const MAX_TEXT = 500;

/** A report within bounds, whoever made it: what is stored of one word is some kilobytes at most. */
export function bounded(report: Report): Report {
  const { title, summary, url, publisherName, region, voice, measured } = report;
  const name = (text: string): string => text.slice(0, MAX_NAME);
  return {
    ...report,
    title: title.slice(0, MAX_TEXT),
    summary: summary.slice(0, MAX_SUMMARY),
    url: url !== null && url.length > MAX_URL ? null : url,
    publisherName: name(publisherName),
    region: region === null ? null : region.slice(0, MAX_REGION),
    voice: name(voice),
    ...(report.publisher === undefined ? {} : { publisher: name(report.publisher) }),
    measured: measured && {
      ...measured,
      verdict: name(measured.verdict),
      networks: measured.networks.slice(0, MAX_LISTED).map(name),
      ...(measured.signals ? { signals: measured.signals.slice(0, MAX_LISTED).map(name) } : {}),
      ...(measured.openOn ? { openOn: measured.openOn.slice(0, MAX_LISTED).map(name) } : {}),
    },
  };
}

/** A statement as a report, bounded and without what turns or hides text: an authority's speaks for itself, what is passed on for whom it names, all others with the voice of their publisher. */
export function reportOf(
  stated: Statement,
  { id, sourceId, itemId, now }: { id: string; sourceId: string; itemId: string; now: number },
): Report {
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
    region: stated.region === null ? null : oneLine(stated.region, MAX_REGION),
    ...(relayed?.isArticle ? {} : { stated: true as const }),
    secondary: false,
    kind: reportKindOf(stated),
    voice: relayed?.voice ?? (stated.kind === 'authority' ? `authority:${publisher}` : publisher),
    ...(reportKindOf(stated) === 'news' ? { publisher } : {}),
    ...(stated.ofRegister ? { outlet: { country, kind: 'register' as const } } : {}),
    ...(reading === null ? {} : { confidence: reading }),
    title: oneLine(stated.title, MAX_TITLE),
    url: url !== null && url.length <= MAX_URL ? url : null,
    publisherName: oneLine(stated.publisherName, MAX_NAME),
    lang,
    summary: oneLine(stated.summary, MAX_SUMMARY),
    measured: relayed?.measured ?? null,
  };
}

function reportKindOf({ kind, relayed }: Statement): ReportKind {
  if (relayed?.measured) return 'measurement';
  return kind === 'authority' ? 'authority' : 'news';
}

/** Keys that one source may have; a feed of fifty items a day has that many after half a year. */
const MAX_SEEN = 30_000;
/** Keys are counted again when a source has added so many. */
const COUNT_EVERY = 1_000;

/**
 * Keeps what is remembered of one source within bounds, whatever its feed invents. The oldest keys go; up to when they were, is remembered in
 * the same transaction, so that what was forgotten is not taken for news when the feed brings it back.
 */
export function createSeenBound(store: Pick<Store, 'transaction' | 'state'>, max = MAX_SEEN) {
  const floors = new Map<string, number>();
  const uncounted = new Map<string, number>();

  async function floorOf(sourceId: string): Promise<number> {
    const kept = floors.get(sourceId) ?? (await store.state('seen').get(sourceId));
    const floor = typeof kept === 'number' ? kept : 0;
    floors.set(sourceId, floor);
    return floor;
  }

  /**
   * What this source first showed until then (ms since the epoch) may have been forgotten; 0 = nothing was. One that lies ahead of `now` was written
   * by a clock that was wrong, and is of now from here on: else all that comes until then would be taken for old.
   */
  async function forgottenUntil(sourceId: string, now: number): Promise<number> {
    const floor = await floorOf(sourceId);
    if (floor <= now) return floor;
    floors.set(sourceId, now);
    await store.state('seen').set(sourceId, now);
    return now;
  }

  return {
    forgottenUntil,
    /** After a fetch: `added` keys were remembered at most, `carried` are those that the feed still shows and that must stay. */
    async added(sourceId: string, added: number, carried: string[]): Promise<void> {
      // Unknown how many there are: as if it were time to count.
      const since = (uncounted.get(sourceId) ?? COUNT_EVERY) + added;
      if (added === 0 || since < Math.min(COUNT_EVERY, max / 10)) {
        if (uncounted.has(sourceId)) uncounted.set(sourceId, since);
        return;
      }
      for (;;) {
        const floor = await floorOf(sourceId);
        const forgotten = await store.transaction(async (tables) => {
          const at = await tables.seen.bound(sourceId, max, carried);
          if (at !== null && at > floor) await tables.state('seen').set(sourceId, at);
          return at;
        });
        if (forgotten === null) break;
        floors.set(sourceId, Math.max(floor, forgotten));
      }
      uncounted.set(sourceId, 0);
    },
  };
}
