/** What becomes of each entry of a list of feeds: pure. */
import * as v from 'valibot';
import type { AddedFeed, Listed, Planned, PlanOptions } from '../../../core/ports/feed-lists.ts';
import { rssSchema } from '../config.ts';
import { domainOf } from '../site.ts';

const MAX_NAME = 100;
/** What would steer a terminal or turn text around in the configuration; but for what parts the letters of a Persian word. */
const UNSEEN = /(?!(?<=\p{Script=Arabic})\u200c\p{Script=Arabic})[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const DEFAULT_CRON = v.getDefault(rssSchema.entries.cron);

export function planImport(listed: readonly Listed[], options: PlanOptions): Planned {
  const plan: Planned = { added: [], leftOut: [] };
  const ids = new Set(options.sources.map(({ id }) => id));
  const known = new Map(options.feeds.map(({ url }) => [feedKey(url), 'it is read already']));
  const voices = new Map<string, string>();
  for (const { url, publisher } of options.feeds) {
    const site = siteOf(url);
    if (site !== null && !voices.has(site)) voices.set(site, publisher);
  }
  for (const one of listed) {
    const address = addressOf(one.url);
    const why = whyNot(one, address, options) ?? known.get(feedKey(address!)) ?? null;
    if (why !== null) {
      plan.leftOut.push({ title: one.title, url: one.url, why });
      continue;
    }
    known.set(feedKey(address!), 'it stands in the list twice');
    const made = sourceOf(one, address!, { ...options, ids, voices });
    ids.add(made.source.id);
    plan.added.push(made);
  }
  return plan;
}

/** Null where nothing speaks against it. */
function whyNot(one: Listed, address: string | null, { isPrivate }: PlanOptions): string | null {
  if (one.commented) return 'it is commented out there';
  if (one.type === 'include') return 'it includes another list: import that one by itself';
  if (one.type === 'link') return 'it links to a page or a list, not to a feed';
  if (one.url === '') return 'it has no address (xmlUrl)';
  if (address === null) return 'its address is none that can be read: it must begin with http:// or https://';
  const host = new URL(address).hostname;
  if (isPrivate(host)) return 'its address is in a private network, which is not read (network.allowPrivateAddresses)';
  return null;
}

/** As browsers write it. `feed:` is what some readers put before an address. */
function addressOf(written: string): string | null {
  const text = written.replace(/^feed:(?:\/\/)?(?=https?:)/i, '').replace(/^feed:\/\//i, 'http://');
  const parsed = v.safeParse(rssSchema.entries.url, text);
  if (!parsed.success || text.length > 2_000 || !URL.canParse(text) || /[\u0000-\u0020]/.test(text)) return null;
  return text;
}

/** One feed has several spellings: with `www.` and without, http and https, a slash at its end. */
function feedKey(address: string): string {
  const url = new URL(address);
  const host = url.hostname.replace(/^www\./, '').replace(/\.$/, '');
  return `${host}${url.port && `:${url.port}`}${url.pathname.replace(/\/+$/, '')}${url.search}`;
}

/** Who one voice is: a site, so that two feeds of it never corroborate each other. */
function siteOf(address: string): string | null {
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  return domainOf(host) ?? host;
}

interface Taken {
  ids: ReadonlySet<string>;
  voices: Map<string, string>;
  fromNet: boolean;
  cronProblem: PlanOptions['cronProblem'];
}

function sourceOf(
  one: Listed,
  url: string,
  { ids, voices, fromNet, cronProblem }: Taken,
): { source: AddedFeed; notes: string[] } {
  const notes: string[] = [];
  const site = siteOf(url)!;
  const stated = valid(rssSchema.entries.publisher, one.own.publisher);
  // A stranger's list may not split one site into several voices that corroborate each other.
  const publisher = (fromNet ? undefined : stated) ?? voices.get(site) ?? nameFrom(site);
  if (!voices.has(site)) voices.set(site, publisher);
  else if (publisher === voices.get(site)) notes.push(`one voice with the other feeds of ${publisher}`);
  const title = one.title.replace(UNSEEN, ' ').replace(/\s+/gu, ' ').trim();
  const name = valid(
    rssSchema.entries.name,
    one.nameless ? undefined : title.slice(0, MAX_NAME).toWellFormed().trim() || undefined,
  );
  const lang = valid(rssSchema.entries.lang, one.lang?.slice(0, 2).toLowerCase());
  const cron = valid(rssSchema.entries.cron, one.own.cron);
  if (one.own.authority && fromNet)
    notes.push('that it is an authority is not taken from the net: set "authority" yourself');
  if (one.own.authority && !fromNet) notes.push('an authority: one statement of it corroborates');
  const source: AddedFeed = {
    id: free(valid(rssSchema.entries.id, one.own.id) ?? nameFrom(one.title || site, site), ids),
    kind: 'rss',
    url,
    ...(cron === undefined || cron === DEFAULT_CRON || cronProblem(cron) !== null ? {} : { cron }),
    publisher,
    ...(name === undefined ? {} : { name }),
    ...(lang === undefined ? {} : { lang }),
    ...(one.own.authority && !fromNet ? { authority: true } : {}),
  };
  return { source, notes };
}

function valid(schema: v.GenericSchema<unknown, unknown>, value: string | undefined): string | undefined {
  return value !== undefined && v.safeParse(schema, value).success ? value : undefined;
}

/** `The Moscow Times` → `the-moscow-times`; a title in another script is called after its site. */
function nameFrom(text: string, otherwise = 'feed'): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const latin = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  const most = /[^\p{ASCII}\p{P}\p{Z}]/u.test(plain) ? '' : latin;
  return (most || otherwise.replace(/[^a-z0-9]+/gi, '-').toLowerCase()).slice(0, 50).replace(/-+$/, '') || 'feed';
}

function free(wanted: string, ids: ReadonlySet<string>): string {
  let id = wanted;
  for (let n = 2; ids.has(id); n++) id = `${wanted.slice(0, 58)}-${n}`;
  return id;
}
