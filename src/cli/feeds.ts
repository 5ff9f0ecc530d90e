import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import COMMANDS from '../../config/commands.json' with { type: 'json' };
import FEED_COUNTRIES from '../../config/feed-countries.json' with { type: 'json' };
import { builtInExtractor } from '../app/built-in-extractor.ts';
import { bundledPublishers, loadServiceHosts } from '../config/catalogue.ts';
import { type Edit, cannot, configText, dataOf, editConfig, saveConfig } from '../config/edit.ts';
import { type PressFeed, readPress } from '../config/press.ts';
import { displayName } from '../config/read.ts';
import type { Config } from '../config/schema.ts';
import { BUNDLED_SOURCES } from '../config/sources.ts';
import { TocsinError } from '../core/errors.ts';
import type { ExtractedEvent, Extraction } from '../core/model/item.ts';
import { noted, type PollEnd, restOf } from '../core/poll/plan.ts';
import { type Heard, heardBy, PRESS_EVERY_MS } from '../core/poll/press.ts';
import { emptyState, type SourceHealth, sourceHealth } from '../core/poll/source-state.ts';
import type { ExportedFeed, Feed, FeedLists, Planned, Hint, LookedAt } from '../core/ports/feed-lists.ts';
import type { HttpRequest, HttpResponse } from '../core/ports/runtime.ts';
import type { Source, SourceState } from '../core/ports/source.ts';
import { within } from '../core/wakeable.ts';
import { systemClock } from '../platform/clock.ts';
import { createHttp, isLocalName, isPrivateAddress, literalAddress } from '../platform/http.ts';
import { type Paint, paintFor, printable, createLog } from '../platform/log.ts';
import { progressOnStderr } from '../platform/progress.ts';
import { cronProblem } from '../platform/schedule.ts';
import { sourceKinds } from '../sources/index.ts';
import { askEach, type CheckDeps, throwaway } from './check.ts';
import { reasonText } from './reason-texts.ts';
import { optionsOf, configOf, counted, runtimeOf } from './runtime.ts';

/** import, export and check: 0 it ran. test: 0 it is a feed, 1 it is none. find: 0 there are some, 1 there are none. */
export async function run(args: string[]): Promise<number> {
  const { values, words } = optionsOf(args, ['config', 'country'], ['dry-run', 'json'], 'words');
  const [what, from, ...more] = words;
  const { config, country, json = false, 'dry-run': dryRun = false } = values;
  const asked = { config, json };
  if (what === 'check' && from === undefined && !dryRun) return checkFeeds(asked, country);
  if (country !== undefined) throw new TocsinError('usage', `Usage: ${COMMANDS.feeds.usage}`);
  if (what === 'export' && from === undefined && !json && !dryRun) return exportFeeds({ config });
  if (what === 'import' && from !== undefined && more.length === 0) return importFeeds(asked, from, dryRun);
  if (what === 'test' && from !== undefined && more.length === 0 && !dryRun) return testFeed(asked, from);
  if (what === 'find' && from !== undefined && more.length === 0 && !dryRun) return findFeeds(asked, from);
  throw new TocsinError('usage', `Usage: ${COMMANDS.feeds.usage}`);
}

/** The kind of source whose lists other readers share, and those of the configuration that are of it. */
async function feedsOf(config: Pick<Config, 'sources'>): Promise<{ lists: FeedLists; feeds: Feed[] }> {
  const kind = sourceKinds.find((one) => one.lists !== undefined)!;
  const feeds = config.sources.filter((one): one is Feed => one.kind === kind.kind);
  const { createLists } = await kind.lists!.load();
  return { lists: createLists(), feeds };
}

/** Of a file and of a page; a list of ten thousand feeds has some two. */
const MAX_LIST_BYTES = 5_000_000;
const NEW_FILE = '# The configuration of Tocsin. config/tocsin.example.yaml explains every key.\n';

/** What every command of feeds is asked with. */
interface FeedsAsked {
  config: string | undefined;
  json: boolean;
}

/** Adds the feeds of an OPML list to the configuration. `from`: a file, `-`, or an address. Exit code 0 whatever was left out. */
async function importFeeds({ config: named, json }: FeedsAsked, from: string, dryRun: boolean): Promise<number> {
  const config = await configOf(named);
  const fromNet = /^https?:\/\//i.test(from);
  const { bytes, type } = fromNet ? await fetched(from, config) : { bytes: await fileBytes(from), type: '' };
  const { lists, feeds } = await feedsOf(config);
  const { listed, beyond } = lists.readList(bytes, type);
  const plan = lists.planImport(listed, {
    sources: config.sources,
    feeds,
    isPrivate: (host) => !config.network.allowPrivateAddresses && isPrivate(host),
    cronProblem,
    fromNet,
  });
  const file = config.file ?? resolve(process.cwd(), 'config/tocsin.yaml');
  const kept = plan.added.length > 0 && !dryRun ? await write(file, plan) : false;
  const name = displayName(file, process.cwd());
  const paint = paintFor(process.stdout, process.env);
  process.stdout.write(json ? jsonLines(planRows(plan)) : importLines(plan, { beyond, name, dryRun, kept }, paint));
  return 0;
}

function isPrivate(hostname: string): boolean {
  const address = literalAddress(hostname);
  return address === null ? isLocalName(hostname) : isPrivateAddress(address);
}

async function fetched(url: string, config: Config): Promise<{ bytes: Uint8Array; type: string }> {
  using progress = progressOnStderr(systemClock)('fetching', 'kB');
  const pieces: Uint8Array[] = [];
  let length = 0;
  const request: HttpRequest = {
    url,
    maxBytes: MAX_LIST_BYTES,
    headers: { accept: 'text/x-opml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5' },
    onChunk(piece) {
      pieces.push(Uint8Array.from(piece));
      length += piece.length;
      progress.tell(Math.round(length / 1_000));
    },
  };
  const refused = (status: number): string => `The server answered ${status} for the list: check its address.`;
  const { headers } = await fetchOnce(request, config, refused);
  return { bytes: new Uint8Array(Buffer.concat(pieces)), type: headers['content-type'] ?? '' };
}

/** One request, as the bot would make it. Throws with the sentence of `refused` where the status is none of 2xx. */
async function fetchOnce(request: HttpRequest, config: Config, refused: (status: number) => string) {
  await using client = createHttp({ ...config.network, contact: config.web?.publicUrl ?? null });
  const answer = await client.http(request);
  if (answer.status >= 200 && answer.status <= 299) return answer;
  throw new TocsinError('fetch_status', refused(answer.status), { status: answer.status });
}

async function fileBytes(file: string): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of file === '-' ? process.stdin : createReadStream(file)) {
      pieces.push(piece as Buffer);
      length += (piece as Buffer).length;
      if (length > MAX_LIST_BYTES)
        throw new TocsinError('usage', `${file} holds more than ${MAX_LIST_BYTES / 1e6} MB: split the list.`, { file });
    }
  } catch (error) {
    throw cannot('read', file, error);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** True where the bundled feeds were named so that they are read on: a configuration that names sources reads these alone. */
async function write(file: string, plan: Planned): Promise<boolean> {
  const text = await configText(file);
  const json = file.toLowerCase().endsWith('.json');
  const edits: Edit[] = [{ do: 'append', path: ['sources'], values: plan.added.map(({ source }) => source) }];
  const { sources, include } = dataOf(text, { json });
  const alone = sources === undefined && include === undefined;
  if (alone) edits.unshift({ do: 'set', path: ['include'], value: BUNDLED_SOURCES });
  await saveConfig(file, text, editConfig(text || (json ? '' : NEW_FILE), edits, { json }));
  return alone;
}

function importLines(
  plan: Planned,
  { beyond, name, dryRun, kept }: { beyond: number; name: string; dryRun: boolean; kept: boolean },
  paint: Paint,
): string {
  const lines = plan.added.map(({ source, notes }) => {
    const more = notes.length > 0 ? `  (${notes.join('; ')})` : '';
    return `${paint('good', dryRun ? 'would add' : 'added')}     ${source.id}  ${printable(source.url)}${printable(more)}`;
  });
  for (const { title, url, why } of plan.leftOut) {
    const what = [title.slice(0, 100), url.slice(0, 200)].filter(Boolean).join('  ') || 'an entry without a name';
    lines.push(`${paint('doubtful', 'left out')}  ${printable(what)}: ${why}`);
  }
  if (beyond > 0) lines.push(`${beyond} more entries were not looked at: split the list.`);
  if (dryRun && plan.added.length > 0)
    lines.push('', stringify({ sources: plan.added.map(({ source }) => source) }, { lineWidth: 0 }).trimEnd());
  lines.push('');
  const counts = `${plan.added.length} ${dryRun ? 'would be added' : 'added'}, ${plan.leftOut.length} left out.`;
  const where =
    dryRun || plan.added.length === 0
      ? 'Nothing was written.'
      : `Written to ${name}; a bot that runs reads them after its next start.`;
  const bundled = kept ? ' What comes with Tocsin is read as before: "include" names it now.' : '';
  lines.push(`${counts} ${where}${bundled}`);
  return `${lines.join('\n')}\n`;
}

const jsonLines = (all: readonly object[]): string => all.map((one) => `${JSON.stringify(one)}\n`).join('');
const planRows = ({ added, leftOut }: Planned): object[] => [
  ...added.map(({ source, notes }) => ({ type: 'added', ...source, notes })),
  ...leftOut.map((one) => ({ type: 'left-out', ...one })),
];

/** Prints the configured feeds as OPML 2.0; resolves with the exit code. */
async function exportFeeds({ config: named }: Pick<FeedsAsked, 'config'>): Promise<number> {
  const config = await configOf(named);
  const { lists, feeds } = await feedsOf(config);
  const none = 'No feeds are configured: there is nothing to export, and no OPML without an entry.';
  if (feeds.length === 0) throw new TocsinError('usage', none);
  const exported = feeds.map((feed): ExportedFeed => ({ ...feed, country: countryOf(feed) }));
  process.stdout.write(lists.writeList(exported, { title: 'Feeds of Tocsin', at: new Date(systemClock.now()) }));
  const others = config.sources.length - feeds.length;
  if (others > 0)
    process.stderr.write(`${others} sources that are no feeds are left out: OPML has no words for them.\n`);
  return 0;
}

const homes: Record<string, string> = FEED_COUNTRIES.homes;
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** For the folders of other readers: a guess by domain, else by language. Nothing in Tocsin rests on it. */
function countryOf({ url, lang }: Pick<Feed, 'url' | 'lang'>): ExportedFeed['country'] {
  const last = /\.([a-z]{2})$/.exec(new URL(url).hostname)?.[1];
  const domain =
    last === undefined || FEED_COUNTRIES.sold.includes(last) ? null : last === 'uk' ? 'GB' : last.toUpperCase();
  const code = domain ?? homes[lang ?? ''] ?? null;
  const name = code === null ? undefined : names.of(code);
  return code === null || name === undefined ? null : { code, name };
}

const SHOWN = 30;

interface Read {
  item: LookedAt['items'][number];
  found: Extraction;
}

/** Reads a feed once, as the bot would, and tells what it makes of it. 0 it is a feed; 1 it is none. Keeps nothing. */
async function testFeed({ config: named, json }: FeedsAsked, url: string): Promise<number> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new TocsinError('usage', `"${url.slice(0, 100)}" is no address: begin it with https:// or http://.`);
  const config = await configOf(named);
  const paint = paintFor(process.stdout, process.env);
  const { lists } = await feedsOf(config);
  const refused = (status: number): string => `The server answers ${status}: the bot would read nothing there.`;
  const answer = await fetchOnce({ url }, config, refused);
  const type = answer.headers['content-type'] ?? '';
  const { text, encoding } = lists.decode(answer.body, type);
  const facts = factsOf(answer, type, encoding);
  try {
    const feed = await lists.look(answer.body, type, answer.url);
    const extractor = builtInExtractor(config, createLog({ clock: systemClock, level: 'warn' }));
    const items: Read[] = [];
    for (const item of feed.items)
      items.push({ item, found: await extractor.extract(textOf(item, feed), { explain: true }) });
    await extractor.stop();
    process.stdout.write(json ? testJson(facts, feed, items) : testLines(facts, feed, items, paint));
    return 0;
  } catch (error) {
    if (!(error instanceof TocsinError)) throw error;
    const hints = lists.feedsNamedBy(text, answer.url);
    const why = `${factLines(facts)}${paint('bad', 'No feed')}: ${printable(error.message)}\n${hintLines(hints)}`;
    process.stdout.write(json ? jsonLines([{ type: 'feed', ...facts, error: error.code, feeds: hints }]) : why);
    return 1;
  } finally {
    await lists.stop();
  }
}

type Facts = ReturnType<typeof factsOf>;

const factsOf = (answer: HttpResponse, contentType: string, encoding: string) => ({
  address: answer.url,
  redirects: [...(answer.redirects ?? [])],
  contentType: contentType.slice(0, 200),
  encoding,
  bytes: answer.body.length,
});

const textOf = (item: Read['item'], feed: LookedAt) => ({
  title: item.title,
  summary: item.summary,
  ...(item.body === undefined ? {} : { body: item.body }),
  lang: item.lang ?? feed.lang,
});

function factLines({ address, redirects, contentType, encoding, bytes }: Facts): string {
  const lines = redirects.map(
    ({ url, permanent }) => `Redirect  ${printable(url)} (${permanent ? 'for good: write this address' : 'for now'})`,
  );
  lines.push(
    `Address   ${printable(address)}`,
    `Answer    ${printable(contentType) || 'no type named'}, read as ${encoding}, ${bytes} bytes`,
  );
  return `${lines.join('\n')}\n`;
}

function testLines(facts: Facts, feed: LookedAt, items: readonly Read[], paint: Paint): string {
  const dates = feed.items.flatMap(({ publishedAt }) => publishedAt ?? []);
  const relevant = items.filter(({ found }) => found.relevant).length;
  const lines = [
    `Feed      ${printable(feed.title).slice(0, 200) || 'without a title'}, language ${feed.lang ?? 'not named'}, by ${feed.parser}`,
    `Items     ${feed.items.length}, ${dates.length === 0 ? 'none with a date' : `${dates.length} with a date: ${day(Math.min(...dates))} to ${day(Math.max(...dates))}`}`,
    '',
    ...items.slice(0, SHOWN).flatMap((one) => itemLines(one, paint)),
  ];
  if (items.length > SHOWN) lines.push(`… and ${items.length - SHOWN} more (--json shows all)`);
  lines.push(
    '',
    `${relevant} of ${items.length} report a change of access. To read it: tocsin feeds import, or a line under "sources".`,
  );
  return `${factLines(facts)}${lines.join('\n')}\n`;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

function itemLines({ item, found }: Read, paint: Paint): string[] {
  const when = item.publishedAt === null ? 'no date         ' : day(item.publishedAt);
  const head = `${when}  ${printable(item.title).slice(0, 160) || '(no title)'}`;
  if (found.relevant)
    return [head, ...found.events.map((event) => `                  ${paint('bad', eventText(event))}`)];
  const [first] = found.why?.rejected ?? [];
  const why =
    first === undefined ? '' : `: "${printable(first.text).slice(0, 60)}" is ${reasonText(first.why, first.by)}`;
  return [head, `                  ${paint('aside', `nothing of access${why}`)}`];
}

function eventText({ action, services, countries, method, region, confidence }: ExtractedEvent): string {
  const what = services.join(', ') || 'no service named';
  const where = [countries.join(', ') || 'no country named', region].filter(Boolean).join(', ');
  const sure = confidence === undefined ? '' : `, ${Math.round(confidence * 100)} % sure`;
  return printable(`${action}: ${what} in ${where}${method ? `, by ${method}` : ''}${sure}`);
}

function testJson(facts: Facts, feed: LookedAt, items: readonly Read[]): string {
  const { title, lang, parser } = feed;
  const lines = [
    { type: 'feed', ...facts, title, lang, parser, items: items.length },
    ...items.map(({ item, found }) => ({
      type: 'item',
      title: item.title,
      url: item.url,
      publishedAt: item.publishedAt === null ? null : new Date(item.publishedAt).toISOString(),
      relevant: found.relevant,
      events: found.events,
      rejected: found.why?.rejected.map(({ text, as, why, by }) => ({ text, as, why: reasonText(why, by) })) ?? [],
    })),
  ];
  return jsonLines(lines);
}

function hintLines(hints: readonly Hint[]): string {
  if (hints.length === 0) return '';
  const lines = hints.map(
    ({ url, title }) => `  tocsin feeds test "${printable(url)}"${title ? `  (${printable(title)})` : ''}`,
  );
  return `The page names ${hints.length === 1 ? 'a feed' : 'feeds'}; try:\n${lines.join('\n')}\n`;
}

/** Where feeds lie by habit; asked where a page names none. */
const USUAL = ['feed/', 'rss', 'rss.xml', 'feed.xml', 'atom.xml', 'index.xml'];

interface Found {
  url: string;
  title: string;
  items: number;
  lang: string | null;
}

/** The feeds of a page: those that it names, else those at the usual addresses of its site; each is read once. 0 there are some; 1 there are none. */
async function findFeeds({ config: named, json }: FeedsAsked, url: string): Promise<number> {
  const config = await configOf(named);
  const { lists } = await feedsOf(config);
  const refused = (status: number): string => `The server answers ${status}.`;
  const ask = (address: string) => fetchOnce({ url: address, maxBytes: MAX_LIST_BYTES }, config, refused);
  const read = async (answer: HttpResponse): Promise<Found> => {
    const { title, items, lang } = await lists.look(answer.body, answer.headers['content-type'] ?? '', answer.url);
    return { url: answer.url, title, items: items.length, lang };
  };
  const none = (error: unknown): null => {
    if (error instanceof TocsinError) return null;
    throw error;
  };
  const readAt = (address: string) => ask(address).then(read).catch(none);
  try {
    const page = await ask(/^https?:\/\//i.test(url) ? url : `https://${url}`);
    const found = new Map<string, Found>();
    const add = (one: Found | null) => one && found.set(one.url, one);
    add(await read(page).catch(none));
    if (found.size === 0) {
      const { text } = lists.decode(page.body, page.headers['content-type'] ?? '');
      for (const hint of lists.feedsNamedBy(text, page.url)) add(await readAt(hint.url));
    }
    for (const path of found.size === 0 ? USUAL : []) add(await readAt(new URL(`/${path}`, page.url).href));
    const all = [...found.values()];
    process.stdout.write(json ? jsonLines(all.map((one) => ({ type: 'feed', ...one }))) : foundLines(all, page.url));
    return all.length > 0 ? 0 : 1;
  } finally {
    await lists.stop();
  }
}

function foundLines(found: readonly Found[], page: string): string {
  if (found.length === 0)
    return `No feed: ${printable(page)} names none that can be read, and none lies at the usual addresses of its site.\n`;
  const lines = found.map(({ url, title, items, lang }) => {
    const facts = [counted(items, 'item'), ...(lang ? [lang] : [])].join(', ');
    return `${printable(url)}  ${printable(title).slice(0, 100)} (${facts})`;
  });
  return `${lines.join('\n')}\nWhat the bot makes of one: tocsin feeds test URL\n`;
}

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
async function checkFeeds({ config: named, json }: FeedsAsked, country: string | undefined): Promise<number> {
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
  process.stdout.write(json ? checkJson(countries, looked) : checkLines(countries, rows, paint));
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
const inEnglish = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

function checkLines(countries: readonly Heard[], rows: readonly Looked[], paint: Paint): string {
  const lines = countries.map(({ country, heard, owners, newestAt, languages, troubled }) => {
    const tone = heard > 1 ? 'good' : heard === 1 ? 'doubtful' : 'bad';
    const newest = newestAt === null ? 'nothing new' : `newest ${dateOf(newestAt)!.slice(0, 16)}Z`;
    const rest = [newest, languages.join(' '), ...(troubled > 0 ? [`${troubled} rest or fail`] : [])].filter(Boolean);
    const name = (inEnglish.of(country) ?? '').slice(0, 28).padEnd(28);
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

const checkJson = (countries: readonly Heard[], looked: readonly Looked[]): string =>
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
