import type { BaselineEntry } from '../model/baseline.ts';
import { ANY, type Subscription } from '../model/chat.ts';
import { type Incident, NETWORK } from '../model/incident.ts';
import type { Block } from '../model/message.ts';
import type { IncidentFilter, IncidentTable, SubscriptionTable } from '../ports/store.ts';
import type { Translator } from '../ports/translate.ts';
import {
  isNotable,
  nationalShutdown,
  type ObservedCut,
  type ServiceStatus,
  STATUS_POLICY,
  type StatusFacts,
  standingStatuses,
  statusesOf,
  statusOf,
} from '../status/derive.ts';
import type { Command, CommandContext } from './command.ts';
import { type Matcher, nameOfMatcher, problemsAnswer } from './describe.ts';
import { answer, button, head, line, list, note } from './document.ts';
import type { BotHealth } from './health.ts';
import { healthBlocks } from './health-view.ts';
import { networkBlocks, regionBlocks } from './networks.ts';
import { type Lately, observedLines, withOpenSeen } from './observed-now.ts';
import { oldEvidence } from './old-evidence.ts';
import { sightBlocks } from './sight.ts';
import { statusRow } from './status-rows.ts';
import { matchersOf, type TargetIndex } from './targets.ts';
import { followedHere } from './threads.ts';
import { nameOfKey, type PictureCapabilities, type TimelineAsked, timelinePicture } from './timeline-picture.ts';

const MAX_ROWS = 25;
/** Sections of one answer: several countries or services may be asked for at once. */
const MAX_SECTIONS = 6;
const MAX_INCIDENTS = 300;
/** Days of the picture: as long as a change stays in the table. */
const DAYS_SHOWN = 30;
/** Long-standing blocks of one section. */
const MAX_STANDING = 40;

export interface StatusCapabilities extends PictureCapabilities {
  incidents: Pick<IncidentTable, 'list' | 'transitionsOf'>;
  /** What observatories see of services without an incident; absent = not shown. */
  lately?: Lately;
  subscriptions: Pick<SubscriptionTable, 'list'>;
  targets: TargetIndex;
  health(): Promise<BotHealth>;
}

export const statusCommand = (can: StatusCapabilities): Command => ({
  name: 'status',
  aliases: ['now'],
  examples: ['status ru', 'status whatsapp', 'status ru whatsapp', 'status'],
  who: 'anyone',
  replaces: false,
  async run(context) {
    const { words } = context;
    const parsed = can.targets.parse(context.args);
    if (parsed.problems.length > 0) return [problemsAnswer(context, 'status', parsed, false)];
    const here = await followedHere(context, can.subscriptions);
    const followed = [...here.thread, ...here.chat];
    const asked = matchersOf(parsed);
    const networks = parsed.networks ?? [];
    const wanted =
      asked.length > 0 || networks.length > 0
        ? asked
        : followed.length > 0
          ? followed
          : [{ country: ANY, service: ANY }];
    const own = wanted === followed;
    const health = await can.health();
    // Before anything that sounds like "nothing is blocked".
    const blocks: Block[] = [...sightBlocks(health, words), ...(own ? [head(words.say('status.followed'))] : [])];
    blocks.push(
      ...(await networkBlocks(networks, context, can)),
      ...(await regionBlocks(parsed.regions ?? [], context, can)),
    );
    const sections: Section[] = [];
    for (const matcher of sectionsOf(wanted)) sections.push(await section(matcher, followed, context, can));
    blocks.push(...sections.flatMap((one) => one.blocks));
    if (wanted.some((one) => one.country === ANY || one.service === ANY)) blocks.push(note(words.say('status.rest')));
    blocks.push(...healthBlocks(health, words, context.now));
    const text = answer(words, blocks, [buttonsFor(asked, followed, words)]);
    const title = own ? words.say('status.followed') : sections.map((one) => one.title).join(', ');
    return [text, ...(await timelinePicture({ title, days: DAYS_SHOWN, ...toShow(sections) }, context, can))];
  },
});

interface Section {
  title: string;
  blocks: Block[];
  rows: ServiceStatus[];
  incidents: Incident[];
}

/** Every row of every section, once, and what they rest on; nothing where nothing is known of any of them: empty days are no picture. */
function toShow(sections: readonly Section[]): Pick<TimelineAsked, 'keys' | 'incidents' | 'observed'> {
  const rows = new Map(sections.flatMap((one) => one.rows).map((row) => [nameOfKey(row), row]));
  const incidents = new Map(sections.flatMap((one) => one.incidents).map((one) => [one.id, one]));
  const all = [...rows.values()];
  const keys = all.some((row) => row.state !== 'unknown' || row.was !== null || row.threat) ? all : [];
  const observed = keys.flatMap((row) => row.observed ?? []);
  return { keys, observed, incidents: [...incidents.values()] };
}

/** Pairs of one country make one section; more sections than fit are left to the next question. */
function sectionsOf(wanted: readonly Matcher[]): { matcher: Matcher; services: string[] }[] {
  const sections = new Map<string, { matcher: Matcher; services: string[] }>();
  if (wanted.some((one) => one.country === ANY && one.service === ANY)) {
    return [{ matcher: { country: ANY, service: ANY }, services: [] }];
  }
  for (const one of wanted) {
    const key = one.country === ANY ? `* ${one.service}` : one.country;
    const known = sections.get(key) ?? { matcher: one, services: [] };
    if (one.service === ANY) known.matcher = one;
    else if (one.country !== ANY) known.services.push(one.service);
    sections.set(key, known);
  }
  return [...sections.values()].slice(0, MAX_SECTIONS);
}

async function section(
  { matcher, services }: { matcher: Matcher; services: string[] },
  followed: readonly Subscription[],
  context: CommandContext,
  can: StatusCapabilities,
): Promise<Section> {
  const { words, chat, now } = context;
  const { country, service } = matcher;
  const incidents = await gather(matcher, services.length > 0, context, can);
  const baseline = await standingIn(matcher, services, incidents, { now, can });
  const observed = country === ANY ? [] : ((await can.lately?.cutIn(country, now)) ?? []);
  const evidence = await oldEvidence(incidents, now, can);
  const facts: StatusFacts = { now, policy: STATUS_POLICY, baseline, observed, ...evidence };
  const world = country === ANY && service === ANY;
  const named = country !== ANY && service !== ANY ? services : [];
  const derived =
    named.length > 0
      ? named.map((one) => statusOf(country, one, incidents, facts))
      : listed(matcher, services, followed, incidents, facts);
  const rows = await withOpenSeen(derived, now, can);
  const title = world ? words.say('status.world') : country === ANY ? words.service(service) : words.country(country);
  if (rows.length === 0) {
    const text = world ? words.say('status.worldNone') : `❔ ${words.say('status.nothing', { what: title })}`;
    return { title, blocks: [line(text)], rows, incidents };
  }
  const nameOf = (status: ServiceStatus): string => {
    const what = status.service === null ? words.say('status.unnamed') : words.service(status.service);
    if (country !== ANY) return what;
    const where = words.country(status.country);
    return world ? words.say('headline', { country: where, what }) : where;
  };
  const table = rows.slice(0, MAX_ROWS).map((status) => statusRow(status, nameOf(status), chat, words, now));
  if (rows.length > MAX_ROWS) table.push([words.say('list.more', { n: rows.length - MAX_ROWS })]);
  const seen = await observedLines(rows, { nameOf, words, now }, can);
  const lines: Block[] = seen.length > 0 ? [list(seen)] : [];
  return { title, blocks: [head(title), { type: 'table', head: null, rows: table }, ...lines], rows, incidents };
}

/** What is not open, what this chat follows there, what changed of late. */
function listed(
  { country, service }: Matcher,
  services: readonly string[],
  followed: readonly Subscription[],
  incidents: readonly Incident[],
  facts: StatusFacts,
): ServiceStatus[] {
  const own = (status: ServiceStatus): boolean =>
    (country === ANY || status.country === country) && (service === ANY || status.service === service);
  const all = statusesOf(incidents, facts).filter(own);
  const rows = all.filter((status) => isNotable(status, facts));
  const add = (where: string, what: string): void => {
    if (rows.some((row) => row.country === where && row.service === what)) return;
    rows.push(statusOf(where, what, incidents, facts));
  };
  for (const one of services) if (country !== ANY) add(country, one);
  const isIts = (one: ObservedCut): boolean => service === ANY || one.service === service;
  for (const one of (facts.observed ?? []).filter(isIts)) add(one.country, one.service);
  // Where the network is off, no service works.
  if (country === ANY && service !== ANY) {
    const off = incidents.flatMap((one) =>
      one.country && nationalShutdown(incidents, one.country, facts) ? one.country : [],
    );
    for (const one of new Set(off)) add(one, service);
  }
  for (const one of followed) {
    if (country !== ANY && one.service !== ANY && (one.country === country || one.country === ANY))
      add(country, one.service);
    if (country === ANY && service !== ANY && one.country !== ANY && (one.service === service || one.service === ANY)) {
      add(one.country, service);
    }
  }
  const standing = standingStatuses(all, incidents, facts).filter(own);
  return [
    ...rows,
    ...standing.filter(({ country: c, service: s }) => !rows.some((row) => row.country === c && row.service === s)),
  ];
}

/**
 * Long-standing blocks of what is asked about, with the lifts that ended some of them long ago among the incidents; of the whole world none: that is about what is
 * new.
 */
async function standingIn(
  { country, service }: Matcher,
  named: readonly string[],
  incidents: Incident[],
  { now, can }: { now: number; can: StatusCapabilities },
): Promise<BaselineEntry[]> {
  if (country === ANY && service === ANY) return [];
  const asked = can.baseline.filter(
    (one) =>
      (country === ANY || one.country === country) &&
      (service === ANY || named.includes(one.service) || one.service === service),
  );
  const known = new Set(incidents.map((one) => one.id));
  for (const one of asked.slice(0, MAX_STANDING)) {
    const closed = await can.lifted.of(one, now);
    if (closed && !known.has(closed.id)) incidents.push(closed);
  }
  return asked.slice(0, MAX_STANDING);
}

async function gather(
  { country, service }: Matcher,
  named: boolean,
  { now }: CommandContext,
  can: StatusCapabilities,
): Promise<Incident[]> {
  const filter: Omit<IncidentFilter, 'limit'> = {
    ...(country === ANY ? {} : { country }),
    ...(service === ANY || country !== ANY ? {} : { service }),
  };
  const found = new Map<string, Incident>();
  const take = async (more: Omit<IncidentFilter, 'limit'>): Promise<void> => {
    for (const one of await can.incidents.list({ ...more, limit: MAX_INCIDENTS })) found.set(one.id, one);
  };
  await take({ ...filter, open: true });
  // Older ones say what was; of a named service that may be long ago.
  await take(named ? filter : { ...filter, since: now - STATUS_POLICY.changedMs });
  // A network that is off covers the service that is asked about.
  if (country === ANY && service !== ANY) await take({ service: NETWORK, family: 'access', open: true });
  return [...found.values()];
}

function buttonsFor(asked: readonly Matcher[], followed: readonly Subscription[], words: Translator) {
  const only = asked.length === 1 ? asked[0]! : null;
  const covers = (one: Matcher, only: Matcher): boolean =>
    (one.country === ANY || one.country === only.country) && (one.service === ANY || one.service === only.service);
  if (!only || followed.some((one) => covers(one, only))) return [];
  const typed = [only.country, only.service].filter((one) => one !== ANY).join(' ') || 'all';
  return [button(words.say('button.follow', { what: nameOfMatcher(only, words) }), `subscribe ${typed}`)];
}
