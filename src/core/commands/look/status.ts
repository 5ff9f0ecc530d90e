import { ANY, type Subscription } from '../../model/chat.ts';
import type { Incident } from '../../model/incident.ts';
import type { Block } from '../../model/message.ts';
import type { Translator } from '../../ports/translate.ts';
import type { ServiceStatus } from '../../state.ts';
import { countriesAt, disputedLine } from '../../state/disputed.ts';
import {
  answer,
  button,
  code,
  followedHere,
  head,
  incidentList,
  line,
  list,
  type Matcher,
  nameOfMatcher,
  note,
  problemsAnswer,
  statusRow,
} from '../answer.ts';
import { matchersOf } from '../asking/targets.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';
import { healthBlocks, sightBlocks } from './health.ts';
import { knownNow, observedLines } from './known.ts';
import { nameOfKey, type PictureCapabilities, type TimelineAsked, timelinePicture } from './timeline-picture.ts';

/** What is known of single networks and regions, for `status`: what was measured there, and what is open there. */

type NetworkCapabilities = Pick<Can, 'incidents' | 'reports'>;

/** Open incidents whose reports are looked through, newest first, and reports of each. */
const MAX_INCIDENTS = 60;
const MAX_REPORTS = 20;
const MAX_SHOWN = 8;

/** "AS8359 (MTS, Russia)": what was measured there of what is open; never that all is well. */
async function networkBlocks(
  networks: readonly string[],
  context: CommandContext,
  can: NetworkCapabilities,
): Promise<Block[]> {
  const { words, typed, known } = context;
  const blocks: Block[] = [];
  for (const network of networks) {
    const operator = known.operators.find(({ asn }) => asn === network);
    const country = operator?.country ?? null;
    const name = operator ? `${network} (${operator.name}, ${words.country(country)})` : network;
    const open = await can.incidents.list({ open: true, limit: MAX_INCIDENTS, ...(country ? { country } : {}) });
    const measured = await measuredOn(network, open, can);
    blocks.push(head(name));
    if (measured.length > 0) {
      blocks.push(line(words.say('network.seen')), ...incidentList(measured, MAX_SHOWN, context));
      continue;
    }
    const command = code(typed(`status ${country ?? 'ru'}`));
    blocks.push(line(words.say('network.none')), line(...words.rich('network.country', { command })));
  }
  return blocks;
}

async function measuredOn(network: string, open: readonly Incident[], can: NetworkCapabilities): Promise<Incident[]> {
  const found: Incident[] = [];
  for (const incident of open) {
    const reports = await can.reports.byIncident(incident.id, MAX_REPORTS);
    if (reports.some(({ measured }) => measured?.networks.includes(network))) found.push(incident);
  }
  return found;
}

/** What is open in a region by itself; where nothing is, that, before what is told of the whole country. */
async function regionBlocks(
  regions: readonly string[],
  context: CommandContext,
  can: Pick<NetworkCapabilities, 'incidents'> & Pick<Can, 'gazetteer'>,
): Promise<Block[]> {
  const { words } = context;
  const blocks: Block[] = [];
  for (const region of regions) {
    const place = can.gazetteer?.disputed(region) ?? null;
    if (place !== null) blocks.push(line(...disputedLine(region, place, words)));
    const country = region.slice(0, 2);
    const open = await can.incidents.list({ country, open: true, limit: MAX_INCIDENTS });
    const there = open.filter((one) => one.regions.includes(region));
    const name = words.say('place.one', { regions: words.region(region), country: words.country(country) });
    if (there.length > 0) blocks.push(head(name), ...incidentList(there, MAX_SHOWN, context));
    else
      blocks.push(line(words.say('place.unknown', { region: words.region(region), country: words.country(country) })));
  }
  return blocks;
}

const MAX_ROWS = 25;
/** Sections of one answer: several countries or services may be asked for at once. */
const MAX_SECTIONS = 6;
/** Days of the picture: as long as a change stays in the table. */
const DAYS_SHOWN = 30;

type StatusCapabilities = PictureCapabilities &
  Pick<Can, 'lately' | 'subscriptions' | 'targets' | 'health' | 'gazetteer'>;

/** What was asked for: a region by its name alone, too, and with it whoever's law or blocks hold there. */
function parsedOf(args: string, { targets, gazetteer }: Pick<StatusCapabilities, 'targets' | 'gazetteer'>) {
  const typed = targets.parse(args);
  const [region, ...others] = typed.problems.length > 0 ? (gazetteer?.everywhere(args) ?? []) : [];
  const parsed = region !== undefined && others.length === 0 ? targets.parse(region) : typed;
  const there = (parsed.regions ?? []).flatMap((one) => countriesAt(one, gazetteer?.disputed(one) ?? null));
  return { ...parsed, countries: [...new Set([...parsed.countries, ...there])] };
}

export const statusCommand = (can: StatusCapabilities): Command => ({
  name: 'status',
  aliases: ['now'],
  examples: ['status ru', 'status whatsapp', 'status ru whatsapp', 'status'],
  who: 'anyone',
  async run(context) {
    const { words } = context;
    const parsed = parsedOf(context.args, can);
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
  const { rows, incidents } = await knownNow({ matcher, services, followed }, now, can);
  const world = country === ANY && service === ANY;
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

function buttonsFor(asked: readonly Matcher[], followed: readonly Subscription[], words: Translator) {
  const only = asked.length === 1 ? asked[0]! : null;
  const covers = (one: Matcher, only: Matcher): boolean =>
    (one.country === ANY || one.country === only.country) && (one.service === ANY || one.service === only.service);
  if (!only || followed.some((one) => covers(one, only))) return [];
  const typed = [only.country, only.service].filter((one) => one !== ANY).join(' ') || 'all';
  return [button(words.say('button.follow', { what: nameOfMatcher(only, words) }), `subscribe ${typed}`)];
}
