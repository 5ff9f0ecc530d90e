import { follows } from '../../audience.ts';
import { ANY } from '../../model/chat.ts';
import type { Incident } from '../../model/incident.ts';
import type { Block, Button, Inline } from '../../model/message.ts';
import type { Translator } from '../../ports/translate.ts';
import { boundedList } from '../../render/evidence.ts';
import { markOf, sayingOf, whatOf, whereOf } from '../../render/headline.ts';
import { capital, firstOf } from '../../render/plain.ts';
import {
  type Answer,
  isMereClaim,
  isOver,
  isPresent,
  isRecordAlone,
  isWhole,
  keysOf,
  nameOfKey,
  type State,
} from '../../state/fold.ts';
import {
  answer,
  button,
  claimOf,
  code,
  followedHere,
  groupsOf,
  head,
  line,
  list,
  type Matcher,
  nameOfMatcher,
  nameOfThing,
  note,
  problemsAnswer,
  sinceOf,
  stateList,
} from '../answer.ts';
import { matchersOf } from '../asking/targets.ts';
import { parseDuration } from '../asking/times.ts';
import type { Vocabulary } from '../asking/vocabulary.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';
import { sightBlocks } from './health.ts';
import { readerHours } from './readers.ts';
import { type PictureCapabilities, timelinePicture } from './timeline-picture.ts';

const DAY = 86_400_000;
const DEFAULT_DAYS = 30;
const LONGER = [90, 365];
/** All that is known. */
export const MAX_DAYS = 3_650;
const MAX_PICTURED = 365;
const MAX_ROWS = 25;
const MAX_STANDING = 5;
const MAX_NAMES = 4;

type HistoryCapabilities = PictureCapabilities & Pick<Can, 'subscriptions' | 'targets' | 'health' | 'readers'>;

export const historyCommand = (can: HistoryCapabilities): Command => ({
  name: 'history',
  examples: ['history ru', 'history whatsapp', 'history ru whatsapp 90', 'history'],
  who: 'anyone',
  replaces: true,
  async run(context) {
    const { words, now, hint } = context;
    const { what, days } = splitDays(context.args, context.known);
    const parsed = can.targets.parse(what);
    if (parsed.problems.length > 0) return [problemsAnswer(context, 'history', parsed, false)];
    const asked = matchersOf(parsed);
    const here = asked.length > 0 ? null : await followedHere(context, can.subscriptions);
    const followed: Matcher[] = here ? [...here.thread, ...here.chat] : [];
    const matchers = asked.length > 0 ? asked : followed.length > 0 ? followed : [{ country: ANY, service: ANY }];
    const names = matchers.map((one) => nameOfMatcher(one, words));
    const title = followed.length > 0 ? words.say('status.followed') : boundedList(names, MAX_NAMES, words);
    const known = await can.world.of({ matchers, reach: days * DAY, everything: true }, now);
    const found = incidentsSince(now - days * DAY, matchers, known);
    // Nobody should read "nothing was cut off" about what has been blocked for years.
    const standing = known.states.filter(isRecordAlone);
    const isAll = days === MAX_DAYS;
    const blocks: Block[] = [head(capital(isAll ? title : words.say('history.head', { what: title, n: days })))];
    if (found.length === 0) {
      const none = isAll ? words.say('history.never') : words.say('history.none', { n: days });
      blocks.push(...sightBlocks(await can.health(), words), ...(isAll && standing.length > 0 ? [] : [line(none)]));
    } else blocks.push(list(firstOf(found, MAX_ROWS, words, (one) => row(one, known.states, context))));
    if (standing.length > 0)
      blocks.push(line(words.say('subscribe.standing')), ...stateList(standing, MAX_STANDING, context));
    const [only] = asked.length === 1 ? asked : [];
    if (only && only.country !== ANY && only.service !== ANY)
      blocks.push(...(await readerHours({ ...only, days }, context, can.readers)));
    const typedTargets = asked.length === 0 ? '' : targetsOf(parsed.countries, parsed.services);
    const longer = LONGER.filter((one) => one > days);
    if (!context.hasButtons && longer.length > 0) {
      blocks.push(note(...hint('history.longer', join('history', typedTargets, String(longer[0])))));
    }
    const text = answer(words, blocks, context.hasButtons ? [buttonsFor(typedTargets, days, context)] : []);
    const rows = rowsOf(found, matchers, known, standing.slice(0, MAX_STANDING));
    const shown = followed.length > 0 ? title : shortNames(matchers, context);
    return [
      text,
      ...(await timelinePicture(
        { title: shown, days: Math.min(days, MAX_PICTURED), rows, answer: known },
        context,
        can,
      )),
    ];
  },
});

/** What was told of it in the last day, or that nothing was. */
export async function lastDay(matchers: Matcher[], context: CommandContext, world: Can['world']): Promise<Block[]> {
  const { words, now } = context;
  const known = await world.of({ matchers, reach: DAY, everything: true }, now);
  const fresh = incidentsSince(now - DAY, matchers, known).filter((one) => one.lastReportAt >= now - DAY);
  if (fresh.length === 0) return [line(words.say('history.none', { n: 1 }))];
  return [list(firstOf(fresh, MAX_FRESH, words, (one) => row(one, known.states, context)))];
}
const MAX_FRESH = 3;

/** "ru whatsapp 90", "ru 12 weeks", "за 90 дней": how far back, in days, and the rest. */
export function splitDays(text: string, known: Vocabulary): { what: string; days: number } {
  const form = new RegExp(`(?:^|\\s)(?:(?:${known.anyOf('ago')})\\s+)*(\\d{1,5})\\s*(\\p{L}{1,8})?$`, 'u');
  const match = form.exec(text);
  if (!match) return { what: text, days: DEFAULT_DAYS };
  const unit = match[2];
  const ms = unit === undefined ? Number(match[1]) * DAY : parseDuration(`${match[1]} ${unit}`, known);
  // "4 Pakistan": the number belongs to something else.
  if (ms === null) return { what: text, days: DEFAULT_DAYS };
  return { what: text.slice(0, match.index).trim(), days: Math.min(MAX_DAYS, Math.max(1, Math.round(ms / DAY))) };
}

/** What lasted or changed in that time, newest first; what is still in force as well, however long ago it was last told of. */
function incidentsSince(since: number, matchers: readonly Matcher[], { incidents, states }: Answer): Incident[] {
  const present = new Set(states.filter(isPresent).flatMap((one) => [one.incident?.id, one.threat?.id]));
  const isAsked = (one: Incident): boolean => matchers.some((matcher) => follows(matcher, one));
  // Where it works again while it goes on elsewhere.
  const backOf = ({ id, regions }: Incident): Incident[] =>
    states.flatMap(({ incident, region }) =>
      incident?.id === id && region !== null && !regions.includes(region) ? incident : [],
    );
  const isShown = (one: Incident): boolean =>
    Math.max(one.lastReportAt, one.closedAt ?? 0) >= since || present.has(one.id);
  // Where it holds since different days.
  const placesOf = (one: Incident): Incident[] => {
    const places = states.filter(
      ({ incident, region, covered }) =>
        incident?.id === one.id && !covered && region !== null && one.regions.includes(region),
    );
    const groups = groupsOf(places).map((group) => group.map(({ region }) => region!));
    return groups.length < 2 ? [one] : groups.map((regions) => ({ ...one, regions }));
  };
  const found = incidents.filter((one) => isAsked(one) && !isMereClaim(one) && isShown(one));
  return [...found.flatMap(placesOf), ...found.flatMap(backOf)].sort(
    (a, b) => b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1),
  );
}

/** What the picture has a row for: what the text tells of, and what was asked for by country and service. */
function rowsOf(
  found: readonly Incident[],
  matchers: readonly Matcher[],
  { states }: Answer,
  standing: readonly State[],
): State[][] {
  const told = new Set(
    found
      .filter(({ state }) => state !== 'withdrawn')
      .flatMap((one) => keysOf(one))
      .map(nameOfKey),
  );
  const named = new Set(matchers.map(({ country, service }) => `${country} ${service}`));
  const recorded = new Set(standing.map(nameOfKey));
  const isShown = (one: State): boolean =>
    told.has(nameOfKey(one)) ||
    recorded.has(nameOfKey(one)) ||
    (isWhole(one) && named.has(`${one.country} ${one.service}`));
  return groupsOf(states.filter(isShown));
}

/** "🟢 Russia: WhatsApp works again (was blocked 3 h) · 12 Feb · corroborated · RU-whatsapp-3f9k": what holds, as the state of now says it. */
function row(incident: Incident, states: readonly State[], { words, chat, now }: CommandContext): Inline[] {
  const { state, openedAt } = incident;
  const closedAt = state === 'lifted' && !isOver(incident) ? null : incident.closedAt;
  const isHere = ({ region }: State): boolean => region === null || incident.regions.includes(region);
  const own = states.find((one) => one.incident?.id === incident.id && !one.covered && isHere(one)) ?? null;
  const since = own && closedAt === null ? own.since : openedAt;
  const day = (at: number): string => words.day(at, chat.timeZone, now);
  const parts = [headOf(incident, closedAt, words)];
  if (closedAt !== null) {
    const [from, to] = [day(openedAt), day(closedAt)];
    parts.push(from === to ? from : words.say('history.span', { from, to }));
  } else {
    const reported = () => words.say('line.reported', { when: words.dateTime(openedAt, chat.timeZone, now) });
    const said = own ? sinceOf(own, { chat, words, now }) : reported();
    parts.push(...(said === null ? [] : [said]));
    // Nobody has told of it for long: whether it lasts is not known.
    if (own === null || own.was !== null || own.faded)
      parts.push(words.say('status.age', { age: words.age(now - incident.lastReportAt) }));
    else if (since !== null) parts.push(words.duration(now - since));
  }
  const claim = own && claimOf(own, words);
  if (claim) parts.push(claim);
  const sure = (state === 'lifted' ? incident.liftConfidence : null) ?? incident.confidence;
  parts.push(words.say(`confidence.${sure}`));
  return [`${parts.join(' · ')} · `, code(incident.id)];
}

/** Mark, place and what it is; of what is over what it was, and for how long. */
function headOf(incident: Incident, closedAt: number | null, words: Translator): string {
  const { state, action, family, openedAt } = incident;
  const isRegional = incident.regions.length > 0;
  const said = closedAt === null && state === 'lifted' ? action : sayingOf(incident);
  const thing = nameOfThing(keysOf(incident)[0]!, words);
  const country = whereOf([incident], words, isRegional);
  const wasCut = said === 'unblock' && closedAt !== null && action !== 'unblock' && family === 'access';
  const duration = wasCut ? words.duration(closedAt - openedAt) : '';
  const was = wasCut ? words.say('history.again', { state: words.say(`state.${stateWord(action)}`), duration }) : '';
  const extent = { part: incident.part ?? null, regional: isRegional };
  const what = wasCut
    ? `${thing} ${was}`
    : whatOf(said === 'warnOver' ? 'warn' : said, incident.service, words, extent);
  return `${markOf(said)} ${words.say('headline', { country, what })}`;
}

const stateWord = (action: Incident['action']) => (action === 'unblock' ? 'open' : action);

/** As a title: "Russia" where all of it is meant. */
function shortNames(matchers: readonly Matcher[], { words }: CommandContext): string {
  const nameOf = (one: Matcher): string => {
    if (one.service !== ANY) return one.country === ANY ? words.service(one.service) : nameOfMatcher(one, words);
    return one.country === ANY ? words.say('status.world') : words.country(one.country);
  };
  return words.list(matchers.slice(0, MAX_NAMES).map(nameOf));
}

const targetsOf = (countries: readonly string[], services: readonly string[]): string =>
  [...countries, ...services].join(' ') || 'all';

const join = (...words: string[]): string => words.filter((one) => one !== '').join(' ');

function buttonsFor(targets: string, days: number, { words }: CommandContext): Button[] {
  const others = [DEFAULT_DAYS, ...LONGER].filter((one) => one !== days && (one > days || one === DEFAULT_DAYS));
  return [
    ...others.map((n) => button(words.say('button.days', { n }), join('history', targets, String(n)))),
    button(words.say('button.status'), join('status', targets)),
  ];
}
