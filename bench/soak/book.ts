/** Who should have heard what, told from the year's plan alone, and what each chat was shown. */
import type { Shown } from './program.ts';
import { type Chance, DAY, type Episode, HOUR, type Pair } from './world.ts';

export interface Chat {
  name: string;
  /** Null: any. */
  country: string | null;
  service: string | null;
  /** Where it is night from 22 to 7, and nothing rings. Null: nothing is kept from it. */
  zone: string | null;
  from: number;
  to: number;
}

interface Heard {
  /** Messages that ring, of the cut and of its end; and lines in a summary of quiet hours. */
  red: number;
  green: number;
  summed: number;
}

interface Told {
  episode: Episode;
  heard: Map<Chat, Heard>;
}

/** Between the first word and the last of those who must have heard by then. */
const SETTLES = 4 * HOUR;
/** What a chat chose is kept for half a year after it has gone. */
const REMEMBERED = 150 * DAY;
/** Whoever leaves before the morning is not told of the night. */
const NIGHT = 10 * HOUR;
/** Summaries of quiet hours come within a day. */
const AFTERWARDS = 1.5 * DAY;
const KEPT_WRONGS = 20;
const TEXTS_KEPT = 500;

const IDS = /\b([A-Z]{2})-([a-z0-9-]+)-[a-z0-9]{4}\b/g;
const SUMMARY = /^During your quiet hours|This happened during your quiet hours/m;

/** What a text says of which pair: the sign at the head of its part. */
function saidIn(text: string): { summary: boolean; said: { key: string; mark: string }[] } {
  const said: { key: string; mark: string }[] = [];
  let mark = '';
  for (const line of text.split('\n')) {
    mark = /^[🔴🟠🟢⚪⚫]/u.exec(line)?.[0] ?? mark;
    for (const [, country, service] of line.matchAll(IDS)) said.push({ key: `${country} ${service}`, mark });
  }
  return { summary: SUMMARY.test(text), said };
}

const follows = ({ country, service }: Chat, pair: Pair): boolean =>
  (country === null || country === pair.country) && (service === null || service === pair.service);

const clocks = new Map<string, Intl.DateTimeFormat>();
function isNight(zone: string, at: number): boolean {
  let clock = clocks.get(zone);
  if (!clock)
    clocks.set(zone, (clock = new Intl.DateTimeFormat('en', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' })));
  const hour = Number(clock.format(at));
  return hour >= 22 || hour < 7;
}

/** `now`: true time; `wall`: what the program's clock says. */
export function createBook(
  pairs: readonly Pair[],
  episodes: readonly Episode[],
  { now, wall }: { now(): number; wall(): number },
) {
  const active: Chat[] = [];
  const byName = new Map<string, Chat>();
  /** Those that episodes under way may concern. */
  let known: Chat[] = [];
  /** Those who said that they leave. Whoever did not ask to be forgotten finds what they chose. */
  let free: Pick<Chat, 'name' | 'zone' | 'to'>[] = [];
  const live = new Map<string, Told>();
  const texts = new Map<string, ReturnType<typeof saidIn>>();
  const sums = { alerts: 0, lifts: 0, summed: 0, edits: 0, answers: 0, open: 0, wrong: 0 };
  const wrongs: string[] = [];
  let made = 0;
  let began = 0;

  const wrong = (what: string): void => {
    sums.wrong++;
    if (wrongs.length < KEPT_WRONGS) wrongs.push(`${new Date(now()).toISOString()} ${what}`);
  };
  const keyOf = ({ pair }: Episode): string => `${pairs[pair]!.country} ${pairs[pair]!.service}`;

  function begin(): void {
    for (; episodes[began] && episodes[began]!.beginsAt <= now(); began++)
      live.set(keyOf(episodes[began]!), { episode: episodes[began]!, heard: new Map() });
  }

  function shown({ chat: name, op, text }: Shown): void {
    if (op === 'answer') return void sums.answers++;
    if (op === 'edit') return void sums.edits++;
    begin();
    const chat = byName.get(name)!;
    const what = texts.get(text) ?? saidIn(text);
    if (texts.size >= TEXTS_KEPT) texts.clear();
    texts.set(text, what);
    if (what.said.length === 0) wrong(`${name} was told of nothing: ${text.slice(0, 80)}`);
    if (!what.summary && chat.zone && wall() === now() && isNight(chat.zone, wall()))
      wrong(`${name} was woken at night in ${chat.zone}`);
    for (const { key, mark } of what.said) {
      const told = live.get(key);
      if (!told) {
        wrong(`${name} was told of ${key}, where nothing is`);
        continue;
      }
      if (!follows(chat, pairs[told.episode.pair]!))
        wrong(`${name} does not follow ${key}: ${op} ${text.split('\n')[0]}`);
      let heard = told.heard.get(chat);
      if (!heard) told.heard.set(chat, (heard = { red: 0, green: 0, summed: 0 }));
      if (what.summary) heard.summed++;
      else if (mark === '🟢') heard.green++;
      else heard.red++;
    }
  }

  /** At most once; once where it was there all the time; not at all where it came later. */
  function check(chat: Chat, heard: number, summed: number, at: number, what: string): void {
    const must = chat.from <= at && chat.to > at + SETTLES + (chat.zone === null ? 0 : NIGHT);
    const never = chat.from > at + SETTLES || chat.to < at;
    if (!must && !never) sums.open++;
    if (heard > 1) wrong(`${chat.name} heard ${what} ${heard} times`);
    else if (never && heard > 0) wrong(`${chat.name} heard ${what}, and was not there`);
    else if (must && heard === 0 && (chat.zone === null || summed === 0)) wrong(`${chat.name} never heard ${what}`);
  }

  return {
    shown,
    count: () => active.length,
    isThere: (name: string): boolean => byName.has(name),
    /** Some are those of before, who come back. */
    join(what: Pick<Chat, 'country' | 'service' | 'zone'>, chance: Chance): Chat {
      free = free.filter(({ to }) => now() - to < REMEMBERED);
      const back = free.length > 20 && chance.next() < 0.3 ? free.splice(chance.below(free.length), 1)[0] : undefined;
      const own = { name: back?.name ?? `c${made++}`, zone: what.zone ?? back?.zone ?? null };
      const chat = { ...what, ...own, from: now(), to: Number.POSITIVE_INFINITY };
      active.push(chat);
      known.push(chat);
      byName.set(chat.name, chat);
      return chat;
    },
    any: (chance: Chance): Chat | null => (active.length === 0 ? null : chance.of(active)),
    leave(chat: Chat, how: 'silently' | 'unsubscribes' | 'forgotten'): void {
      active[active.indexOf(chat)] = active.at(-1)!;
      active.pop();
      byName.delete(chat.name);
      chat.to = now();
      if (how !== 'silently' && free.length < 1_000)
        free.push({ name: chat.name, zone: how === 'forgotten' ? null : chat.zone, to: chat.to });
    },
    /** Of what is over it is looked whether everybody has heard it. */
    settle(all = false): void {
      begin();
      for (const [key, { episode, heard }] of live) {
        const { beginsAt, liftedAt } = episode;
        if (!all && now() < liftedAt + AFTERWARDS) continue;
        live.delete(key);
        for (const chat of known) {
          if (!follows(chat, pairs[episode.pair]!) || chat.to < beginsAt) continue;
          const { red, green, summed } = heard.get(chat) ?? { red: 0, green: 0, summed: 0 };
          check(chat, red, summed, beginsAt, `that ${key} is blocked`);
          check(chat, green, summed, liftedAt, `that ${key} works again`);
          sums.alerts += red;
          sums.lifts += green;
          sums.summed += summed;
        }
      }
      const oldest = Math.min(...[...live.values()].map(({ episode }) => episode.beginsAt), now());
      known = known.filter(({ to }) => to >= oldest);
    },
    result: () => ({ ...sums, wrongs }),
  };
}
