import CODES from '../../../config/gdelt-countries.json' with { type: 'json' };
import { ask, loose, other, retryAfterMs, statusError, text, time, json } from '../../core/answers.ts';
import { TocsinError } from '../../core/errors.ts';
import type { Item } from '../../core/model/item.ts';
import type { HttpResponse } from '../../core/ports/runtime.ts';
import type { Aside, PollContext, PollResult, SourceDeps } from '../../core/ports/source.ts';
import { found, nobodyAsked } from '../kind.ts';
import type { Hit } from './sift.ts';

/** GDELT's search, which refuses most of what it is asked: a few questions an hour, for a second voice that nobody misses where it stays away. */

const HOUR = 3_600_000;
const MINUTE = 60_000;
const DAY = 24 * HOUR;
const AN_HOUR = 6;
const A_DAY = 60;
/** Where nothing turned, so much lies between two questions: what is left of a day's is for what does. */
const PACE = 30 * MINUTE;
/** Countries of one question. */
const AT_ONCE = 6;
const MAX_SPAN_HOURS = 24;
/** After a refusal it is left alone, twice as long after each that follows. */
const PAUSE = 30 * MINUTE;
const MAX_PAUSE = 6 * HOUR;
const MAX_NUDGED = 60;
const MAX_BYTES = 2_000_000;

const WORDS =
  '(blocked OR banned OR restricted OR throttled OR suspended OR restored OR "shut down") (internet OR whatsapp OR telegram OR facebook OR tiktok OR youtube OR signal OR vpn OR "social media")';

const FIPS: Readonly<Record<string, string>> = CODES.codes;

/** What is asked of outlets that sit in these countries. Brackets are for alternatives alone. */
export function queryFor(countries: readonly string[]): string {
  const places = countries.flatMap((one) => (FIPS[one] ?? one).split(' ')).map((code) => `sourcecountry:${code}`);
  return `${WORDS} ${places.length > 1 ? `(${places.join(' OR ')})` : places.join('')}`;
}

/** Text that says "too often", whatever the status. */
const LIMIT = /limit requests|too many requests|rate limit/i;

/** `refused`: it did not understand; `limited`: it does not want to be asked. Both are no answer, and not "nothing was found". */
export function answerOf(body: string): { articles: unknown[] } | 'refused' | 'limited' {
  const written = body.trim();
  if (written === '') return { articles: [] };
  if (!written.startsWith('{')) return LIMIT.test(written) ? 'limited' : 'refused';
  const plain = written.replace(/\p{Cc}/gu, ' ');
  // Valid answers hold stray backslashes.
  const value = json(plain) ?? json(plain.replace(/\\(?!["\\/bfnrtu])/g, '')) ?? json(plain.replace(/\\/g, ''));
  if (value === null) return 'refused';
  const { articles } = loose(value);
  return { articles: Array.isArray(articles) ? articles : [] };
}

/** `20261130T141500Z` → ms since the epoch. */
const seenAt = (value: unknown): number | null =>
  time((text(value, 20) ?? '').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

export function hitOf(article: unknown): Hit | null {
  const row = loose(article);
  const [title, url] = [text(row.title, 2_000), text(row.url, 2_000)];
  return title === null || url === null ? null : { title, url, at: seenAt(row.seendate), seen: true };
}

type Budget = ReturnType<typeof budgetOf>;
const KEPT = 'budget';

/** What was asked lately, kept before each question, so that a restart gives no new budget. `of`: when outlets of a country were asked about last. */
function budgetOf(value: unknown, now: number) {
  const { asked, of } = loose(value);
  const isLately = (at: unknown): at is number => typeof at === 'number' && at <= now && at > now - DAY;
  return {
    asked: Array.isArray(asked) ? asked.filter(isLately).slice(-A_DAY) : [],
    of: Object.fromEntries(Object.entries(loose(of)).filter((one): one is [string, number] => isLately(one[1]))),
  };
}

/** Until when nothing may be asked; null = it may. */
function spentUntil({ asked }: Budget, now: number): number | null {
  if (asked.length >= A_DAY) return asked.at(-A_DAY)! + DAY;
  const lately = asked.filter((at) => at > now - HOUR);
  return lately.length >= AN_HOUR ? lately.at(-AN_HOUR)! + HOUR : null;
}

/** Those that few others tell of wait as if for so many times as long. */
const THIN = 3;

/**
 * Which countries are asked about now: where something turned first, then those that were asked about longest ago, of which few owners are heard before
 * others; empty = it is not the time.
 */
export function turnOf(
  budget: Budget,
  countries: readonly string[],
  { nudged, thin }: Record<'nudged' | 'thin', ReadonlySet<string>>,
  now: number,
): string[] {
  const { asked, of } = budget;
  if (spentUntil(budget, now) !== null) return [];
  const wanted = countries.filter((one) => nudged.has(one));
  if (wanted.length === 0 && now - (asked.at(-1) ?? 0) < PACE) return [];
  const waited = (one: string): number => (now - (of[one] ?? 0)) * (thin.has(one) ? THIN : 1);
  const others = countries.filter((one) => !nudged.has(one)).sort((a, b) => waited(b) - waited(a));
  return [...wanted, ...others].slice(0, AT_ONCE);
}

export function createDocSearch(url: string, { http, state, log }: Pick<SourceDeps, 'http' | 'state' | 'log'>) {
  const { host } = new URL(url);
  const nudged = new Set<string>();
  let refusals = 0;
  let spent: number | null = null;

  function refused(why: string, { headers }: HttpResponse, now: number): TocsinError {
    const pause = Math.min(MAX_PAUSE, PAUSE * 2 ** Math.min(refusals++, 10));
    const retryAfter = retryAfterMs(headers['retry-after'], now) ?? pause;
    return new TocsinError('rate_limited', `${host} ${why}; it is asked again later.`, {
      host,
      retryAfterMs: retryAfter,
    });
  }

  async function search(countries: readonly string[], hours: number, { signal, now }: PollContext): Promise<unknown[]> {
    const query = {
      query: queryFor(countries),
      mode: 'artlist',
      format: 'json',
      timespan: `${hours}h`,
      maxrecords: '75',
      sort: 'datedesc',
    };
    const response = await ask(http, { url, query, signal, maxBytes: MAX_BYTES });
    if (response.status === 429) throw refused('wants fewer questions (429)', response, now);
    if (response.status !== 200) throw statusError(response, host, now);
    const answer = answerOf(new TextDecoder().decode(response.body));
    if (answer === 'limited') throw refused('wants fewer questions', response, now);
    if (answer === 'refused') throw other(host, 'words instead of an answer');
    refusals = 0;
    return answer.articles;
  }

  return {
    aside: (now: number): Aside | null => (spent !== null && spent > now ? { is: 'spent', until: spent } : null),
    nudge(country: string): void {
      if (nudged.size < MAX_NUDGED) nudged.add(country);
    },
    async poll(
      context: PollContext,
      { countries, thin }: Record<'countries' | 'thin', ReadonlySet<string>>,
      sift: (hit: Hit) => Item | null,
    ): Promise<PollResult> {
      const { now } = context;
      const budget = budgetOf(await state.get(KEPT), now);
      const turn = turnOf(budget, [...countries], { nudged, thin }, now);
      spent = spentUntil(budget, now);
      if (turn.length === 0) return nobodyAsked();
      const since = Math.min(...turn.map((one) => budget.of[one] ?? 0));
      const hours = Math.min(MAX_SPAN_HOURS, Math.max(2, Math.ceil((now - since) / HOUR) + 1));
      const of = { ...budget.of, ...Object.fromEntries(turn.map((one) => [one, now])) };
      await state.set(KEPT, { asked: [...budget.asked, now], of });
      for (const one of turn) nudged.delete(one);
      const articles = await search(turn, hours, context);
      log.debug('Search answered', { countries: turn.join(' '), articles: articles.length });
      const items = articles.flatMap((one) => {
        const hit = hitOf(one);
        return (hit && sift(hit)) ?? [];
      });
      return found({ items, unchanged: items.length === 0 });
    },
  };
}
