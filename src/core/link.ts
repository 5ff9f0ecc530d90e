import type { BaselineEntry } from './model/catalogue.ts';
import { ANY } from './model/chat.ts';
import {
  type Action,
  type Incident,
  isInForce,
  type Level,
  liftReaches,
  reaches,
  severityOf,
} from './model/incident.ts';
import type { Link } from './model/link.ts';
import type { Tools } from './ports/runtime.ts';
import type { Diversion, IncidentTable, Store, Stuck } from './ports/store.ts';
import { onceFor } from './recent.ts';
import { allOf, keepAtIt } from './wakeable.ts';

/** A platform that is cut off somewhere, as far as is known: by an incident, or long since by the public record. */
interface CutOff {
  country: string;
  /** When it began, or became worse than it had been, ms since the epoch; null = it is what has been for long. */
  since: number | null;
  /** Null: by the public record; every level knows. */
  incident: Pick<Incident, 'id' | 'confidence' | 'liftConfidence' | 'state'> | null;
}

/** What counts: the platform itself cannot be reached, or is slowed down. A part of it (calls) is not the messages. */
const ACTIONS: ReadonlySet<string> = new Set(['block', 'throttle', 'shutdown']);
const INCIDENTS = 500;

/**
 * Where the platform's service is cut off now: by its open incidents, and by the public record. An incident that is no worse than the record says
 * tells what has been for long once more. Pure. `worseAt`: when each became worse than it began, by its id.
 */
export function cutOffBy(
  incidents: readonly Incident[],
  record: readonly Pick<BaselineEntry, 'country' | 'action'>[] = [],
  worseAt: ReadonlyMap<string, number> = new Map(),
): CutOff[] {
  const longSince = new Map(record.filter(({ action }) => ACTIONS.has(action)).map((one) => [one.country, one.action]));
  const isWorse = (action: Action, country: string): boolean => {
    const before = longSince.get(country);
    return before === undefined || severityOf(action) > severityOf(before);
  };
  const open = incidents.flatMap((incident): CutOff[] => {
    const { country, family, action, openedAt, id } = incident;
    if (country === null || family !== 'access' || !ACTIONS.has(action) || !isInForce(incident)) return [];
    const since = isWorse(action, country) ? Math.max(openedAt, worseAt.get(id) ?? 0) : null;
    return [{ country, since, incident }];
  });
  return [...open, ...[...longSince.keys()].map((country) => ({ country, since: null, incident: null }))];
}

/** Of one platform, now. `service`: its id in the catalogue; null = it is none of those. */
export async function cutOffNow(
  service: string | null,
  incidents: Pick<IncidentTable, 'list' | 'transitionsOf'>,
  baseline: readonly BaselineEntry[],
): Promise<CutOff[]> {
  if (service === null) return [];
  const open = await incidents.list({ service, family: 'access', open: true, limit: INCIDENTS });
  const changes = open.length === 0 ? new Map() : await incidents.transitionsOf(open.map(({ id }) => id));
  const worseAt = new Map<string, number>();
  for (const [id, all] of changes)
    for (const { change, at } of all) if (change === 'escalated') worseAt.set(id, Math.max(at, worseAt.get(id) ?? 0));
  const record = baseline.filter((one) => one.service === service);
  return cutOffBy(open, record, worseAt);
}

/** Countries that the first chat of a pair, in itself or in a thread, follows by name. */
export async function followedByName(
  { spareId }: Pick<Link, 'spareId'>,
  store: Pick<Store, 'links' | 'subscriptions'>,
): Promise<Set<string>> {
  const rows = (await store.links.mains([spareId])).get(spareId) ?? [];
  const followed = await store.subscriptions.listMany(rows);
  return new Set([...followed.values()].flatMap((list) => list.map((one) => one.country)).filter((one) => one !== ANY));
}

/** Who joins two chats because of what began in this time, ms, joins them because of news. */
const NEWS = 7 * 86_400_000;

/** The first chat of a pair, as far as this goes. `countries`: those that it follows by name. */
interface BothChat {
  level: Level;
  countries: ReadonlySet<string>;
}

/**
 * For which of these does a chat of that level get its alerts in both chats? Only for a country that it follows by name: whoever follows
 * everything lives somewhere, and nobody knows where. And only for what began or became worse since the two were joined: whoever lives with a slow
 * platform for a year does not want a year of everything twice, unless they say so. Null = for none. Pure.
 */
export function planBoth(
  chat: BothChat,
  { both, createdAt }: Pick<Link, 'both' | 'createdAt'>,
  cutOff: readonly CutOff[],
): CutOff | null {
  if (both === 'never') return null;
  const known = cutOff.filter((one) => concerns(chat, one));
  const fresh = known.find(({ since }) => since !== null && since >= createdAt - NEWS);
  return fresh ?? (both === 'always' ? (known[0] ?? null) : null);
}

/** What has been so since before the two were joined, so that nothing comes to both because of it; null = nothing. Pure. */
export const longSince = (chat: BothChat, { createdAt }: Pick<Link, 'createdAt'>, cutOff: readonly CutOff[]) =>
  cutOff.find((one) => concerns(chat, one) && (one.since === null || one.since < createdAt - NEWS)) ?? null;

const concerns = ({ level, countries }: BothChat, { country, incident }: CutOff): boolean =>
  country !== ANY &&
  countries.has(country) &&
  (incident === null || (reaches(incident.confidence, level) && !liftReaches(incident, level)));

/** The platform counts as failing after so long, ms. */
export const FAILS_AFTER = 5 * 60_000;
/** What waited that long already when a process begins need not wait that long again; but trouble of a moment is none. */
const SURE_AFTER = 30_000;
/** Even of an account that has failed for long, what is new is tried first, ms: so a platform that is back is noticed, and nobody is told twice. */
const TRIED_FOR = 20_000;
/** A second chat that is in trouble itself for so long, ms, helps nobody. */
const SPARE_FAILS_AFTER = 60_000;
/** A single chat that its platform does not take messages for: so many attempts at least. */
const ATTEMPTS = 2;

type DivertWhy =
  /** The first chat's account has failed for five minutes. */
  | 'account-fails'
  /** The account fails now, and this has waited for five minutes; or it was tried again and again meanwhile. */
  | 'waits-too-long'
  | 'spare-has-it'
  | 'not-yet'
  | 'spare-fails-too';

/**
 * What becomes of something that a first chat has not got; `wait`: it is looked at again. Never both: what the second chat is told, or has, the first is not told any more, so
 * that a platform that comes back repeats nothing. Pure. `troubles`: how long an account has been in trouble without a pause, ms, by its id; those that
 * are absent are well. `now`: ms since the epoch.
 */
export function planDivert(
  { id, accountId, attempts, createdAt, spareHas, spareAccountId }: Stuck,
  troubles: ReadonlyMap<string, number>,
  now: number,
): { id: number; do: Diversion['do'] | 'wait'; why: DivertWhy } {
  const trouble = troubles.get(accountId) ?? 0;
  const age = now - createdAt;
  const fails = trouble >= FAILS_AFTER && age >= TRIED_FOR;
  const waits = age >= FAILS_AFTER && (trouble >= SURE_AFTER || attempts >= ATTEMPTS);
  if (!fails && !waits) return { id, do: 'wait', why: 'not-yet' };
  if (spareHas) return { id, do: 'drop', why: 'spare-has-it' };
  if ((troubles.get(spareAccountId) ?? 0) >= SPARE_FAILS_AFTER) return { id, do: 'wait', why: 'spare-fails-too' };
  return { id, do: 'divert', why: fails ? 'account-fails' : 'waits-too-long' };
}

/** About a month, ms. */
export const TEST_EVERY = 30 * 86_400_000;

/** Is the monthly test of a pair due? The first comes a month after it was joined, or after the last one that somebody asked for. Pure. */
export const isTestDue = (link: Pick<Link, 'monthlyTest' | 'testedAt' | 'createdAt'>, now: number): boolean =>
  link.monthlyTest && now - (link.testedAt ?? link.createdAt) >= TEST_EVERY;

/** How an account is, as its adapter and its sender say. */
export interface PairAccount {
  id: string;
  platform: string;
  /** Its platform's own id in the catalogue of services; null = it is none of those. */
  service: string | null;
  ok: boolean;
}

interface PairWatchDeps extends Tools {
  store: Pick<Store, 'links' | 'notices' | 'chats' | 'subscriptions' | 'incidents' | 'alerts' | 'transaction'>;
  accounts(): PairAccount[];
  baseline: readonly BaselineEntry[];
  /** Deliveries were written: the accounts' senders may look. */
  wake(): void;
}

const LOOK_EVERY = 10_000;
const LINES = {
  begins: 'Unable to look after pairs of chats; will go on trying',
  ends: 'Pairs of chats are looked after again',
};
/** Where platforms are cut off changes by the hour. */
const BOTH_EVERY = 30_000;
const STUCK_AT_ONCE = 500;
const LINKS_AT_ONCE = 200;
/** What tells of the cut itself goes to both, if it is so new, ms. */
const NEWS_MS = 30 * 60_000;

/** Looks after pairs of chats: what cannot reach the first goes to the second. */
export function createPairWatch(deps: PairWatchDeps) {
  const { store, clock, ids, log } = deps;
  const troubledSince = new Map<string, number>();
  let bothAt = Number.NEGATIVE_INFINITY;

  function troubles(): Map<string, number> {
    const now = clock.monotonic();
    const found = new Map<string, number>();
    for (const { id, ok } of deps.accounts()) {
      if (ok) troubledSince.delete(id);
      else found.set(id, now - troubledSince.getOrInsert(id, now));
    }
    return found;
  }

  /** What first chats cannot get. */
  async function divert(): Promise<number> {
    const now = clock.now();
    const found = troubles();
    const failing = [...found].flatMap(([id, ms]) => (ms >= FAILS_AFTER ? [id] : []));
    const stuck = await store.links.stuck(failing, now - FAILS_AFTER, STUCK_AT_ONCE);
    const decided = stuck.map((one) => planDivert(one, found, now));
    const what = decided.flatMap((one) => (one.do === 'wait' ? [] : [{ id: one.id, do: one.do }]));
    if (what.length === 0) return 0;
    const messages = await store.links.divert(what, now);
    log.info('Notified second chats of what their first ones cannot get', { pieces: what.length, messages });
    return messages;
  }

  /** Returns how many messages were queued. */
  async function tendOne(link: Link, cutOffOf: (platform: string) => Promise<CutOff[]>): Promise<number> {
    const main = await store.chats.get(link.mainId);
    if (!main) return 0;
    const now = clock.now();
    let messages = 0;
    if (isTestDue(link, now)) {
      const other = { platform: main.platform, kind: main.kind };
      await store.transaction(async (tables) => {
        await tables.links.update(link.mainId, { testedAt: now });
        messages += await tables.notices.tell(ids.next(), { kind: 'link-test', other }, [link.spareId], {
          priority: 'digest',
          now,
        });
      });
    }
    const cutOff = link.both === 'never' ? [] : await cutOffOf(main.platform);
    const countries = cutOff.length === 0 ? new Set<string>() : await followedByName(link, store);
    const because = planBoth({ level: main.level, countries }, link, cutOff);
    if ((because?.country ?? null) !== link.because)
      await store.links.update(link.mainId, { because: because?.country ?? null });
    if (because?.incident && because.country !== link.because) {
      const via = { reason: 'country' as const, platform: main.platform, country: because.country };
      for (const alert of await store.alerts.byIncident(because.incident.id))
        if (alert.level === main.level && now - alert.createdAt < NEWS_MS)
          messages += await store.links.copy(link.mainId, alert.id, via, now);
    }
    return messages;
  }

  /** Where the platforms are cut off, and the monthly tests. */
  async function tend(): Promise<number> {
    const services = new Map(deps.accounts().map(({ platform, service }) => [platform, service]));
    const cutOffOf = onceFor((platform: string) =>
      cutOffNow(services.get(platform) ?? null, store.incidents, deps.baseline),
    );
    let messages = 0;
    const paging = { idOf: ({ mainId }: Link) => mainId, atOnce: LINKS_AT_ONCE, clock };
    for await (const link of allOf((...page) => store.links.list(...page), paging))
      messages += await tendOne(link, cutOffOf);
    return messages;
  }

  async function look(): Promise<void> {
    let messages = await divert();
    if (clock.monotonic() - bothAt >= BOTH_EVERY) {
      bothAt = clock.monotonic();
      messages += await tend();
    }
    if (messages > 0) deps.wake();
  }

  return {
    /** One look at everything, as often as it is called. Throws what the store throws. */
    look,
    /** Until aborted. */
    loop: (signal: AbortSignal): Promise<void> => keepAtIt(look, LOOK_EVERY, { clock, log, ...LINES }, signal),
  };
}
