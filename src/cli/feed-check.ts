import { bundledPublishers, loadServiceHosts } from '../config/catalogue.ts';
import { type PressFeed, readPress } from '../config/press.ts';
import type { Config } from '../config/schema.ts';
import { TocsinError } from '../core/errors.ts';
import { noted, type PollEnd, restOf } from '../core/poll/plan.ts';
import { type Heard, heardBy, PRESS_EVERY_MS } from '../core/poll/press.ts';
import { emptyState, type SourceHealth, sourceHealth } from '../core/poll/source-state.ts';
import type { Source, SourceState } from '../core/ports/source.ts';
import { within } from '../core/wakeable.ts';
import { systemClock } from '../platform/clock.ts';
import { type Paint, paintFor, printable } from '../platform/log.ts';
import { sourceKinds } from '../sources/index.ts';
import { type FeedsAsked, jsonLines } from './feed-lists.ts';
import { askEach, type CheckDeps, throwaway } from './looks.ts';
import { configOf, counted, runtimeOf } from './runtime.ts';

const AT_A_TIME = 24;
const DEADLINE_MS = 30_000;

interface Looked {
  id: string;
  label: string;
  health: SourceHealth;
  /** `ok`, `failed`, or why it would rest. */
  state: string;
  items: number;
}

/**
 * Asks each feed of the catalogue once, as the bot would, and tells by country how well it is heard. Exit code 0 whatever was found; keeps nothing.
 * `country`: codes of countries, with commas; absent = all.
 */
export async function checkFeeds({ config: named, json }: FeedsAsked, country: string | undefined): Promise<number> {
  const config = await configOf(named);
  const press = readPress();
  const known = press.countries();
  const codes = country?.toUpperCase().match(/[^\s,]+/g) ?? (country === undefined ? known : []);
  const unknown = codes.filter((code) => !known.includes(code));
  const none = `The catalogue has no press of "${unknown.join(' ').slice(0, 40)}"`;
  if (codes.length === 0 || unknown.length > 0)
    throw new TocsinError('usage', `${none}: write two letters of ISO 3166-1, such as UG.`);
  const faults: string[] = [];
  const feeds = codes.flatMap((code) => press.of(code, (at, wrong) => faults.push(`${at}: ${wrong}`)));
  const looked = await lookAt(feeds, config);
  const healths = looked.map(({ health }) => health);
  const countries = heardBy(healths, systemClock.now());
  for (const fault of faults) process.stderr.write(`${printable(fault)}\n`);
  const paint = paintFor(process.stdout, process.env);
  const rows = country === undefined ? [] : looked;
  process.stdout.write(json ? jsonOf(countries, looked) : report(countries, rows, paint));
  return 0;
}

async function lookAt(feeds: readonly PressFeed[], config: Config): Promise<Looked[]> {
  const deps = { config, ...runtimeOf(config, 'error') };
  const { createSource } = await sourceKinds.find((one) => one.lists !== undefined)!.load();
  // Nothing is looked for among what is written: whose the sites are is all that a feed asks.
  const firstLook = () => Promise.reject(new Error('No news is looked for here.'));
  const none = async () => new Set<string>();
  const finding = { publishers: bundledPublishers(), wanted: none, thin: none, firstLook };
  const serviceHosts = () => loadServiceHosts(config.catalogue);
  const told = { atATime: AT_A_TIME, what: 'asking', unit: 'feeds' };
  return await askEach(feeds, told, deps, (feed, http) => {
    const source = createSource(feed.source, { ...deps, ...throwaway(), http, finding, serviceHosts });
    return lookAtOne(feed, source, deps);
  });
}

async function lookAtOne({ country, owner, lang }: PressFeed, source: Source, deps: CheckDeps): Promise<Looked> {
  const now = deps.clock.now();
  const { id, label } = source;
  const [intervalMs, press] = [PRESS_EVERY_MS, { country, owner, lang }];
  const after = (end: PollEnd): Pick<Looked, 'health'> & { state: SourceState } => {
    const { state } = noted(emptyState(), now, end);
    return { state, health: sourceHealth({ ...source, press }, state, { intervalMs, now, since: now }) };
  };
  try {
    const poll = (signal: AbortSignal) => source.poll({ now, firstPoll: true, signal });
    const { items, pulse } = await within(DEADLINE_MS, poll, deps);
    const { state, health } = after({ ok: true, notBefore: null, ...(pulse ? { pulse } : {}) });
    return { id, label, health, state: restOf(state, now)?.reason ?? 'ok', items: items.length };
  } catch (error) {
    const { health } = after({ ok: false, error, at: 'source' });
    return { id, label, health, state: 'failed', items: 0 };
  }
}

const dateOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

function report(countries: readonly Heard[], rows: readonly Looked[], paint: Paint): string {
  const lines = countries.map(({ country, heard, owners, newestAt, languages, troubled }) => {
    const tone = heard > 1 ? 'good' : heard === 1 ? 'doubtful' : 'bad';
    const newest = newestAt === null ? 'nothing new' : `newest ${dateOf(newestAt)!.slice(0, 16)}Z`;
    const rest = [newest, languages.join(' '), ...(troubled > 0 ? [`${troubled} rest or fail`] : [])].filter(Boolean);
    const name = (names.of(country) ?? '').slice(0, 28).padEnd(28);
    return `${country}  ${name}  ${paint(tone, `${heard} of ${owners}`.padEnd(8))} owners heard; ${rest.join('; ')}`;
  });
  for (const { id, label, health, state, items } of rows) {
    const { lastCode, lastMessage, pulse } = health;
    const ok = state === 'ok';
    const newest = dateOf(pulse?.newestAt ?? null)?.slice(0, 16);
    const read = [
      counted(items, 'item'),
      ...(newest ? [`newest ${newest}Z`] : []),
      ...(pulse?.foreign ? [`its links are ${pulse.foreign}'s`] : []),
    ];
    const what = state === 'failed' ? `${lastCode}: ${lastMessage}` : read.join(', ');
    lines.push(
      `${paint(ok ? 'good' : 'bad', state.padEnd(7))}  ${id.padEnd(32)}  ${printable(`${label}: ${what}`).slice(0, 300)}`,
    );
  }
  const well = countries.filter(({ heard }) => heard > 1).length;
  return `${lines.join('\n')}\n\n${well} of ${countries.length} countries are heard from two owners or more.\n`;
}

const jsonOf = (countries: readonly Heard[], looked: readonly Looked[]): string =>
  jsonLines([
    ...countries.map(({ country, feeds, owners, heard, troubled, newestAt, languages }) => {
      const newest = dateOf(newestAt);
      return { type: 'country', country, feeds, owners, heard, troubled, newest, languages };
    }),
    ...looked.map(({ id, health, state, items }) => ({
      type: 'feed',
      id,
      ...health.press,
      state,
      items,
      newest: dateOf(health.pulse?.newestAt ?? null),
      ...(health.pulse?.foreign ? { foreign: health.pulse.foreign } : {}),
      ...(state === 'failed' ? { code: health.lastCode, message: health.lastMessage } : {}),
    })),
  ]);
