import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import FEED_COUNTRIES from '../../config/feed-countries.json' with { type: 'json' };
import { type Edit, cannot, configText, dataOf, editConfig, saveConfig } from '../config/edit.ts';
import { displayName } from '../config/read.ts';
import type { Config } from '../config/schema.ts';
import { BUNDLED_SOURCES } from '../config/sources.ts';
import { TocsinError } from '../core/errors.ts';
import type { ExportedFeed, Feed, FeedLists, Planned } from '../core/ports/feed-lists.ts';
import type { HttpRequest } from '../core/ports/runtime.ts';
import { systemClock } from '../platform/clock.ts';
import { createHttp, isLocalName, isPrivateAddress, literalAddress } from '../platform/http.ts';
import { type Paint, paintFor, printable } from '../platform/log.ts';
import { progressOnStderr } from '../platform/progress.ts';
import { cronProblem } from '../platform/schedule.ts';
import { sourceKinds } from '../sources/index.ts';
import { configOf } from './runtime.ts';

/** The kind of source whose lists other readers share, and those of the configuration that are of it. */
export async function feedsOf(config: Pick<Config, 'sources'>): Promise<{ lists: FeedLists; feeds: Feed[] }> {
  const kind = sourceKinds.find((one) => one.lists !== undefined)!;
  const feeds = config.sources.filter((one): one is Feed => one.kind === kind.kind);
  const { createLists } = await kind.lists!.load();
  return { lists: createLists(), feeds };
}

/** Of a file and of a page; a list of ten thousand feeds has some two. */
const MAX_LIST_BYTES = 5_000_000;
const NEW_FILE = '# The configuration of Tocsin. config/tocsin.example.yaml explains every key.\n';

/** What every command of feeds is asked with. */
export interface FeedsAsked {
  config: string | undefined;
  json: boolean;
}

/** Adds the feeds of an OPML list to the configuration. `from`: a file, `-`, or an address. Exit code 0 whatever was left out. */
export async function importFeeds({ config: named, json }: FeedsAsked, from: string, dryRun: boolean): Promise<number> {
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
  process.stdout.write(json ? jsonLines(rowsOf(plan)) : report(plan, { beyond, name, dryRun, kept }, paint));
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
export async function fetchOnce(request: HttpRequest, config: Config, refused: (status: number) => string) {
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

function report(
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

export const jsonLines = (all: readonly object[]): string => all.map((one) => `${JSON.stringify(one)}\n`).join('');
const rowsOf = ({ added, leftOut }: Planned): object[] => [
  ...added.map(({ source, notes }) => ({ type: 'added', ...source, notes })),
  ...leftOut.map((one) => ({ type: 'left-out', ...one })),
];

/** Prints the configured feeds as OPML 2.0; resolves with the exit code. */
export async function exportFeeds({ config: named }: Pick<FeedsAsked, 'config'>): Promise<number> {
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
