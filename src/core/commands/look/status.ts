import { follows } from '../../audience.ts';
import { ANY, type Subscription } from '../../model/chat.ts';
import type { ObservatoryView } from '../../model/measurement.ts';
import type { Block, Inline } from '../../model/message.ts';
import { voiceButtons } from '../../render/alert.ts';
import { observatoriesOf, observedLine, reportsInForce } from '../../render/evidence.ts';
import { countriesAt, disputedLine } from '../../state/disputed.ts';
import { type Answer, isCut, isRecordAlone, joined, nameOfKey, type State } from '../../state/fold.ts';
import {
  answer,
  button,
  followedHere,
  head,
  line,
  list,
  type Matcher,
  nameOfMatcher,
  note,
  problemsAnswer,
  groupsOf,
  nameOfThing,
  rowOf,
  stateList,
} from '../answer.ts';
import { matchersOf } from '../asking/targets.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';
import { hardlyHeard, healthBlocks, sightBlocks } from './health.ts';
import { readersLine, testButtons } from './readers.ts';
import { type PictureCapabilities, timelinePicture } from './timeline-picture.ts';

/** What is known of single networks and regions, for `status`: what was measured there, and what is open there. */

type NetworkCapabilities = Pick<Can, 'world' | 'reports'>;

/** Open incidents whose reports are looked through, newest first, and reports of each. */
const MAX_INCIDENTS = 60;
const MAX_REPORTS = 20;
const MAX_SHOWN = 8;

/** "AS8359 (MTS, Russia)": what was measured there of what is open; never that all is well. */
async function networkBlocks(
  networks: readonly string[],
  isAlone: boolean,
  context: CommandContext,
  can: NetworkCapabilities,
): Promise<Block[]> {
  const { words, hint, known, now } = context;
  const blocks: Block[] = [];
  for (const network of networks) {
    const operator = known.operators.find(({ asn }) => asn === network);
    const country = operator?.country ?? null;
    const name = operator
      ? words.say('text.brackets', { text: network, more: words.list([operator.name, words.country(country)]) })
      : network;
    const present = await can.world.present([{ country: country ?? ANY, service: ANY }], 'early', now);
    const measured = await measuredOn(network, present, can);
    blocks.push(head(name));
    if (measured.length > 0) {
      blocks.push(line(words.say('network.seen')), ...stateList(measured, MAX_SHOWN, context));
      continue;
    }
    blocks.push(line(words.say('network.none')));
    if (isAlone) blocks.push(line(...hint('network.country', `status ${country ?? 'ru'}`)));
  }
  return blocks;
}

async function measuredOn(network: string, present: readonly State[], can: NetworkCapabilities): Promise<State[]> {
  const found: State[] = [];
  const told = present.filter(({ incident }) => incident !== null).slice(0, MAX_INCIDENTS);
  for (const state of told) {
    const reports = await can.reports.byIncident(state.incident!.id, MAX_REPORTS);
    if (reports.some(({ measured }) => measured?.networks.includes(network))) found.push(state);
  }
  return found;
}

/** What is known of a region by itself; where nothing is, that, before what is told of the whole country. */
async function regionBlocks(
  regions: readonly string[],
  context: CommandContext,
  can: Pick<NetworkCapabilities, 'world'> & Pick<Can, 'gazetteer'>,
): Promise<Block[]> {
  const { words, now } = context;
  const blocks: Block[] = [];
  for (const region of regions) {
    const place = can.gazetteer?.disputed(region) ?? null;
    if (place !== null) blocks.push(line(...disputedLine(region, place, words)));
    const country = region.slice(0, 2);
    const { states } = await can.world.of({ matchers: [{ country, service: ANY }] }, now);
    const there = states.filter((one) => one.region === region);
    const name = words.say('place.one', { regions: words.region(region), country: words.country(country) });
    if (there.length > 0) blocks.push(head(name), ...stateList(there, MAX_SHOWN, context));
    else
      blocks.push(line(words.say('place.unknown', { region: words.region(region), country: words.country(country) })));
  }
  return blocks;
}

/** [All] means all: China has 26; beyond this many, the rest is counted. */
const MAX_ROWS = 40;
/** Of what has been cut for long so many are named; [All] names the others. */
const MAX_STANDING = 5;
const DAY = 86_400_000;
/** Sections of one answer: several countries or services may be asked for at once. */
const MAX_SECTIONS = 6;
/** Days of the picture: as long as a change stays in the table. */
const DAYS_SHOWN = 30;

type StatusCapabilities = PictureCapabilities &
  Pick<Can, 'reports' | 'subscriptions' | 'targets' | 'health' | 'press' | 'gazetteer' | 'readerReports' | 'testPage'>;

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
      ...(await networkBlocks(networks, asked.length === 0, context, can)),
      ...(await regionBlocks(parsed.regions ?? [], context, can)),
    );
    const sections: Section[] = [];
    for (const matcher of sectionsOf(wanted))
      sections.push(await section(matcher, followed, parsed.all > 0, context, can));
    blocks.push(...sections.flatMap((one) => one.blocks), ...(await hardlyHeard(can, wanted, words)));
    const isWide = wanted.some((one) => one.country === ANY || one.service === ANY);
    if (isWide) blocks.push(note(words.say('status.rest')));
    else if (asked.length === 1) blocks.push(...(await readersLine(asked[0]!, context, can)));
    blocks.push(...healthBlocks(health, words, context.now));
    const left = sections.reduce((n, { more }) => n + more, 0);
    const all = parsed.all > 0 || sections.length !== 1 || left === 0 ? null : sections[0]!;
    const text = answer(words, blocks, buttonsFor(asked, followed, all, context, can));
    const title = own ? words.say('status.followed') : words.list(sections.map((one) => one.title));
    // Of one thing the text says as much.
    const shown = toShow(sections);
    if (shown.rows.length < 2) return [text];
    return [text, ...(await timelinePicture({ title, days: DAYS_SHOWN, ...shown, changing: true }, context, can))];
  },
});

interface Section {
  title: string;
  blocks: Block[];
  rows: State[][];
  /** Rows that the text leaves out. */
  more: number;
  /** What shows them all. */
  typed: string;
  answer: Answer;
}

/** Every row of every section, once, and what they rest on; nothing where nothing is known of any of them: empty days are no picture. */
function toShow(sections: readonly Section[]): { rows: State[][]; answer: Answer } {
  const rows = [...new Map(sections.flatMap((one) => one.rows).map((row) => [nameOfKey(row[0]!), row])).values()];
  const isKnown = ([state]: State[]): boolean =>
    state!.access !== 'unknown' || state!.was !== null || state!.threat !== null;
  return { rows: rows.some(isKnown) ? rows : [], answer: joined(sections.map((one) => one.answer)) };
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
  isAll: boolean,
  context: CommandContext,
  can: StatusCapabilities,
): Promise<Section> {
  const { words, now } = context;
  const { country, service } = matcher;
  const typed = [country, service].filter((one) => one !== ANY).join(' ');
  const world = country === ANY && service === ANY;
  const title = world ? words.say('status.world') : country === ANY ? words.service(service) : words.country(country);
  const isNamed = country !== ANY && service !== ANY;
  const matchers = isNamed ? services.map((one) => ({ country, service: one })) : [matcher];
  const pairs = services.map((one) => ({ country, service: one }));
  const always = isNamed ? [] : [...pairs, ...followed.flatMap((one) => overlapOf(matcher, one) ?? [])];
  const known = await can.world.of({ matchers, always }, now);
  const rows = latelyFirst(groupsOf(known.states), now);
  if (rows.length === 0) {
    const text = world ? words.say('status.worldNone') : `❔ ${words.say('status.nothing', { what: title })}`;
    return { title, blocks: [line(text)], rows, more: 0, typed, answer: known };
  }
  const nameOf = (state: State): string => {
    const what = nameOfThing(state, words);
    if (country !== ANY) return what;
    const where = words.country(state.country);
    return world || state.network !== 'all' ? words.say('headline', { country: where, what }) : where;
  };
  const standing = rows.filter(([state]) => isLongCut(state!));
  const shown = isAll ? rows : rows.filter((row) => standing.indexOf(row) < MAX_STANDING);
  const items = shown.slice(0, MAX_ROWS).map((group) => rowOf(group, nameOf(group[0]!), context));
  const more = rows.length - items.length;
  if (more > 0) items.push([words.say('list.more', { n: more })]);
  const seen = await observedLines(known.states, nameOf, context, can);
  const lines: Block[] = seen.length > 0 ? [list(seen)] : [];
  return { title, blocks: [head(title), list(items), ...lines], rows, more, typed, answer: known };
}

/** What changed within the days of the picture, the newest first; then what has stood for longer, and what is only asked for. */
function latelyFirst(rows: State[][], now: number): State[][] {
  const at = ([state]: State[]): number => Math.max(state!.since ?? 0, state!.threat?.openedAt ?? 0);
  const isNew = (row: State[]): boolean => !isLongCut(row[0]!) && now - at(row) < DAYS_SHOWN * DAY;
  return [...rows.filter(isNew).sort((a, b) => at(b) - at(a)), ...rows.filter((row) => !isNew(row))];
}

/** It stood before anybody told us, and nothing was told since. */
const isLongCut = (state: State): boolean => isRecordAlone(state) && state.threat === null && state.claim === null;

/** The one pair that both are about; null = there is none, or there are many. */
function overlapOf(a: Matcher, b: Matcher): Matcher | null {
  const both = (one: string, other: string): string | null =>
    one === ANY ? other : other === ANY || other === one ? one : null;
  const [country, service] = [both(a.country, b.country), both(a.service, b.service)];
  return country === null || service === null || country === ANY || service === ANY ? null : { country, service };
}

/** Lines that name an observatory, in one section. */
const MAX_LINES = 8;
/** Of services without an incident so many are looked up: each is a question to the store. */
const MAX_LOOKED = 4;

/** Which observatories bear out what is in force, and what they see of services without an incident (cut for long, or open), each with its link. */
async function observedLines(
  states: readonly State[],
  nameOf: (state: State) => string,
  { words, now }: CommandContext,
  can: Pick<StatusCapabilities, 'reports' | 'world'>,
): Promise<Inline[][]> {
  const lines: Inline[][] = [];
  const open = states.filter(({ covered }) => !covered);
  const known = open.filter((one) => one.incident !== null && isCut(one));
  for (const state of known.slice(0, MAX_LINES)) {
    const reports = await can.reports.byIncident(state.incident!.id, MAX_REPORTS);
    const force = reportsInForce(state.incident!, reports);
    for (const one of observatoriesOf(force)) lines.push([`${nameOf(state)}: `, ...observedLine(one, words)]);
  }
  const others = open.filter((one) => !known.includes(one) && one.country !== null && one.service !== null);
  for (const state of others.slice(0, MAX_LOOKED)) {
    for (const view of await can.world.views(state.country!, state.service!, now)) {
      const [source, ...counts] = observedLine(asReport(view), words);
      const said = words.say(view.says === 'cut' ? 'state.block' : 'state.open');
      lines.push([`${nameOf(state)}: `, source!, `${words.dash}${said}`, ...counts]);
    }
  }
  return lines.slice(0, MAX_LINES);
}

const asReport = ({ observatory, name, url, licence, networks, signals, measurements }: ObservatoryView) => ({
  url,
  publisherName: name,
  sourceId: name,
  measured: {
    strength: 'window-rule' as const,
    verdict: '',
    component: null,
    observatory,
    networks,
    signals,
    ...(measurements > 0 ? { measurements } : {}),
    ...(licence === null ? {} : { licence }),
  },
});

/** So many may be followed at a tap. */
const MAX_FOLLOWED = 3;

function buttonsFor(
  asked: readonly Matcher[],
  followed: readonly Subscription[],
  all: Section | null,
  context: CommandContext,
  can: Pick<Can, 'readerReports' | 'testPage'>,
) {
  const { words } = context;
  const only = asked.length === 1 ? asked[0]! : null;
  const typed = only && ([only.country, only.service].filter((one) => one !== ANY).join(' ') || 'all');
  const isFollowed = !only || followed.some((one) => follows(one, only));
  const [country] = asked.map((one) => one.country).filter((one) => one !== ANY);
  const isOne = only !== null && only.service !== ANY;
  // "Telegram in Brazil or Vietnam": what of it is new here.
  const few =
    asked.length > 1 && asked.length <= MAX_FOLLOWED
      ? asked.filter((one) => !followed.some((own) => follows(own, one)))
      : [];
  const isAlike = few.length > 0 && few.every(({ country, service }) => country !== ANY && service === few[0]!.service);
  const what = few[0]?.service === ANY ? '' : (few[0]?.service ?? '');
  return [
    ...(isOne && can.readerReports ? [voiceButtons(typed!, words)] : []),
    ...(isOne ? [testButtons(only, context, can)] : []),
    [
      ...(all ? [button(words.say('button.allOf', { count: all.rows.length }), `status ${all.typed} all`)] : []),
      ...(isFollowed
        ? []
        : [button(words.say('button.follow', { what: nameOfMatcher(only, words) }), `subscribe ${typed}`)]),
      ...(isAlike
        ? [
            button(
              words.say('button.follow', { what: words.list(few.map((one) => nameOfMatcher(one, words))) }),
              `subscribe ${few.map(({ country }) => country).join(' ')} ${what}`.trim(),
            ),
          ]
        : []),
    ],
    [
      ...(country === undefined ? [] : [button(words.say('button.relatives'), `family ${country}`)]),
      button(words.say('button.sight'), 'ping'),
    ],
  ];
}
