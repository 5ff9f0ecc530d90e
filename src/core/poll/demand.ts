import { ANY } from '../model/chat.ts';
import type { Clock } from '../ports/clock.ts';
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

/** The most wanted first, then the watch list; bounded. */
export function followedOf(pairs: readonly { country: string; service: string }[]): Followed {
  const most = (names: readonly string[], more: readonly string[], max: number): string[] => {
    const counts = new Map<string, number>();
    for (const name of names) if (name !== ANY) counts.set(name, (counts.get(name) ?? 0) + 1);
    const wanted = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
    return [...new Set([...wanted.slice(0, max - more.length), ...more])];
  };
  return {
    countries: most(
      pairs.map((one) => one.country),
      WATCH_LIST.countries,
      MAX_COUNTRIES,
    ),
    services: most(
      pairs.map((one) => one.service),
      WATCH_LIST.services,
      MAX_SERVICES,
    ),
  };
}

/** What chats follow, for sources that ask for what is asked for: read once in ten minutes. Rejects as the store does, and never twice for one look. */
export function createDemand(deps: { subscriptions: Pick<SubscriptionTable, 'followed'>; clock: Clock }) {
  const { subscriptions, clock } = deps;
  let known: { at: number; followed: Promise<Followed> } | null = null;
  return (): Promise<Followed> => {
    const at = clock.monotonic();
    if (known && at - known.at < FRESH_FOR) return known.followed;
    const followed = subscriptions.followed(MAX_PAIRS).then(followedOf);
    known = { at, followed };
    followed.catch(() => {
      known = null;
    });
    return followed;
  };
}
