import { ANY } from '../model/chat.ts';
import type { LeftOut } from '../model/measurement.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Followed } from '../ports/source.ts';
import type { SubscriptionTable } from '../ports/store.ts';

/** Looked after even where no chat follows them: where access changes most often. */
export const WATCH_LIST: Followed = {
  countries: ['RU', 'IR', 'MM', 'PK', 'TR', 'VE', 'BY', 'ET'],
  services: 'whatsapp telegram signal messenger'.split(' '),
};

/** Of different wishes so many are read; the rest of the world is a bot's with a million chats, and asks for what is asked for already. */
const MAX_PAIRS = 2_000;
const MAX_COUNTRIES = 60;
const MAX_SERVICES = 40;
const FRESH_FOR = 10 * 60_000;

/** The most wanted first, then the watch list; bounded. `leftOut`: what chats follow beyond that. */
export function demandOf(pairs: readonly Record<'country' | 'service', string>[]): {
  followed: Followed;
  leftOut: LeftOut;
} {
  const countries = most(
    Map.groupBy(pairs, ({ country }) => country),
    WATCH_LIST.countries,
    MAX_COUNTRIES,
  );
  const services = most(
    Map.groupBy(pairs, ({ service }) => service),
    WATCH_LIST.services,
    MAX_SERVICES,
  );
  return {
    followed: { countries: countries.asked, services: services.asked },
    leftOut: { countries: countries.leftOut, services: services.leftOut, isMore: pairs.length >= MAX_PAIRS },
  };
}

function most(pairs: ReadonlyMap<string, readonly unknown[]>, more: readonly string[], max: number) {
  const named = [...pairs].filter(([name]) => name !== ANY);
  const wanted = named.sort((a, b) => b[1].length - a[1].length).map(([name]) => name);
  // What is watched over anyway takes nobody's place.
  const others = wanted.filter((name) => !more.includes(name)).slice(0, max - more.length);
  const asked = wanted.filter((name) => more.includes(name) || others.includes(name));
  return { asked: [...new Set([...asked, ...more])], leftOut: wanted.length - asked.length };
}

/**
 * What chats follow, for sources that ask for what is asked for: read once in ten minutes. `ask` rejects as the store does, and never twice for one
 * look. More than is asked for: logged once, and again when it has become half as much again.
 */
export function createDemand(deps: { subscriptions: Pick<SubscriptionTable, 'followed'>; clock: Clock; log: Log }) {
  const { subscriptions, clock, log } = deps;
  let known: { at: number; followed: Promise<Followed> } | null = null;
  let leftOut: LeftOut | null = null;
  let logged = 0;

  async function read(): Promise<Followed> {
    const demand = demandOf(await subscriptions.followed(MAX_PAIRS));
    leftOut = demand.leftOut;
    const { countries, services } = leftOut;
    if (countries + services > logged * 1.5)
      log.warn('Chats follow more than observatories are asked for; the least wanted is left out', {
        countries,
        services,
      });
    logged = Math.max(logged, countries + services);
    return demand.followed;
  }

  return {
    ask(): Promise<Followed> {
      const at = clock.monotonic();
      if (known && at - known.at < FRESH_FOR) return known.followed;
      const followed = read();
      known = { at, followed };
      followed.catch(() => {
        known = null;
      });
      return followed;
    },
    /** As of the last look; null = nobody has asked, or nothing is left out. */
    leftOut: (): LeftOut | null => (leftOut !== null && leftOut.countries + leftOut.services > 0 ? leftOut : null),
  };
}

/** The same for a look from outside (`check`). Rejects as the store does. */
export async function leftOutOf(subscriptions: Pick<SubscriptionTable, 'followed'>): Promise<LeftOut> {
  return demandOf(await subscriptions.followed(MAX_PAIRS)).leftOut;
}
