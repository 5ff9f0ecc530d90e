import { onceWhileFailing } from '../failures.ts';
import type { BaselineEntry } from '../model/baseline.ts';
import type { Link } from '../model/link.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { type CutOff, cutOffNow } from './cut-off.ts';
import { followedByName } from './followed.ts';
import { planBoth } from './plan-both.ts';
import { FAILS_AFTER, planDivert } from './plan-divert.ts';
import { isTestDue } from './plan-test.ts';

/** How an account is, as its adapter and its sender say. */
export interface PairAccount {
  id: string;
  platform: string;
  /** Its platform's own id in the catalogue of services; null = it is none of those. */
  service: string | null;
  ok: boolean;
}

export interface PairWatchDeps {
  store: Pick<Store, 'links' | 'notices' | 'chats' | 'subscriptions' | 'incidents' | 'alerts' | 'transaction'>;
  clock: Clock;
  ids: Ids;
  log: Log;
  accounts(): PairAccount[];
  baseline: readonly BaselineEntry[];
  /** Deliveries were written: the accounts' senders may look. */
  wake(): void;
}

/** Looks after pairs of chats: what cannot reach the first goes to the second. */
export interface PairWatch {
  loop(signal: AbortSignal): Promise<void>;
  /** One look at everything, as often as it is called. Throws what the store throws. */
  look(): Promise<void>;
}

const LOOK_EVERY = 10_000;
/** Where platforms are cut off changes by the hour. */
const BOTH_EVERY = 30_000;
const STUCK_AT_ONCE = 500;
const LINKS_AT_ONCE = 200;
/** What tells of the cut itself goes to both, if it is so new, ms. */
const NEWS = 30 * 60_000;

export function createPairWatch(deps: PairWatchDeps): PairWatch {
  const { store, clock, log } = deps;
  const troubledSince = new Map<string, number>();
  let bothAt = Number.NEGATIVE_INFINITY;

  function troubles(): Map<string, number> {
    const now = clock.monotonic();
    const found = new Map<string, number>();
    for (const { id, ok } of deps.accounts()) {
      if (ok) troubledSince.delete(id);
      else {
        const since = troubledSince.get(id) ?? now;
        troubledSince.set(id, since);
        found.set(id, now - since);
      }
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

  /** Where the platforms are cut off, and the monthly tests. */
  async function tend(): Promise<number> {
    const services = new Map(deps.accounts().map(({ platform, service }) => [platform, service]));
    const cutOff = new Map<string, CutOff[]>();
    const cutOffOf = async (platform: string): Promise<CutOff[]> => {
      const known = cutOff.get(platform);
      if (known) return known;
      const found = await cutOffNow(services.get(platform) ?? null, store.incidents, deps.baseline);
      cutOff.set(platform, found);
      return found;
    };
    let messages = 0;
    for (let after = 0; ; ) {
      const links = await store.links.list(after, LINKS_AT_ONCE);
      for (const link of links) {
        messages += await tendOne(link, cutOffOf, deps);
        after = link.mainId;
      }
      if (links.length < LINKS_AT_ONCE) return messages;
      await clock.sleep(0);
    }
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
    look,
    async loop(signal) {
      const trouble = onceWhileFailing(log, {
        begins: 'Unable to look after pairs of chats; will go on trying',
        ends: 'Pairs of chats are looked after again',
        level: 'error',
      });
      while (!signal.aborted) {
        try {
          await look();
          trouble.working();
        } catch (error) {
          trouble.failing(error);
        }
        await clock.sleep(LOOK_EVERY, signal).catch(() => undefined);
      }
    },
  };
}

/** Returns how many messages were queued. */
async function tendOne(
  link: Link,
  cutOffOf: (platform: string) => Promise<CutOff[]>,
  { store, clock, ids }: PairWatchDeps,
): Promise<number> {
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
  const because =
    cutOff.length === 0
      ? null
      : planBoth({ level: main.level, countries: await followedByName(link, store) }, link, cutOff);
  if ((because?.country ?? null) !== link.because)
    await store.links.update(link.mainId, { because: because?.country ?? null });
  if (because?.incident && because.country !== link.because) {
    const via = { reason: 'country' as const, platform: main.platform, country: because.country };
    for (const alert of await store.alerts.byIncident(because.incident.id))
      if (alert.level === main.level && now - alert.createdAt < NEWS)
        messages += await store.links.copy(link.mainId, alert.id, via, now);
  }
  return messages;
}
