import type { BaselineEntry } from '../../model/catalogue.ts';
import { ANY } from '../../model/chat.ts';
import { type Incident, isInForce } from '../../model/incident.ts';
import type { Block, Button, Inline } from '../../model/message.ts';
import { markOf, sayingOf, whatOf, whereOf } from '../../render/headline.ts';
import { capital } from '../../render/plain.ts';
import { STATUS_POLICY } from '../../state.ts';
import type { RowKey } from '../../timeline.ts';
import {
  answer,
  button,
  code,
  followedHere,
  head,
  line,
  list,
  type Matcher,
  nameOfMatcher,
  note,
  problemsAnswer,
} from '../answer.ts';
import { matchersOf } from '../asking/targets.ts';
import { parseDuration } from '../asking/times.ts';
import type { Vocabulary } from '../asking/vocabulary.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';
import { sightBlocks } from './health.ts';
import { coveredBy, standingList, standingOf } from './known.ts';
import { nameOfKey, type PictureCapabilities, timelinePicture } from './timeline-picture.ts';

const DAY = 86_400_000;
const DEFAULT_DAYS = 30;
const LONGER = [90, 365];
const MAX_DAYS = 3_650;
const MAX_ROWS = 25;
const MAX_STANDING = 5;
const MAX_NAMES = 4;
/** Read for one matcher; more than a country has in a year. */
const PER_MATCHER = 1_000;

type HistoryCapabilities = PictureCapabilities & Pick<Can, 'subscriptions' | 'targets' | 'health'>;

export const historyCommand = (can: HistoryCapabilities): Command => ({
  name: 'history',
  aliases: ['past', 'timeline'],
  examples: ['history ru', 'history whatsapp', 'history ru whatsapp 90', 'history'],
  who: 'anyone',
  replaces: true,
  async run(context) {
    const { words, now, typed } = context;
    const { what, days } = splitDays(context.args, context.known);
    const parsed = can.targets.parse(what);
    if (parsed.problems.length > 0) return [problemsAnswer(context, 'history', parsed, false)];
    const asked = matchersOf(parsed);
    const here = asked.length > 0 ? null : await followedHere(context, can.subscriptions);
    const followed: Matcher[] = here ? [...here.thread, ...here.chat] : [];
    const matchers = asked.length > 0 ? asked : followed.length > 0 ? followed : [{ country: ANY, service: ANY }];
    const title = followed.length > 0 ? words.say('status.followed') : namesOf(matchers, context);
    const found = await incidentsSince(now - days * DAY, matchers, can);
    const blocks: Block[] = [head(capital(words.say('history.head', { what: title, n: days })))];
    if (found.length === 0) {
      blocks.push(...sightBlocks(await can.health(), words), line(words.say('history.none', { n: days })));
    } else blocks.push(historyList(found, context));
    const standing = await standingOf(matchers, now, can);
    blocks.push(...standingList(standing, MAX_STANDING, context));
    const typedTargets = asked.length === 0 ? '' : targetsOf(parsed.countries, parsed.services);
    const longer = LONGER.filter((one) => one > days);
    if (!context.hasButtons && longer.length > 0) {
      const command = code(typed(join('history', typedTargets, String(longer[0]))));
      blocks.push(note(...words.rich('history.longer', { command })));
    }
    const text = answer(words, blocks, context.hasButtons ? [buttonsFor(typedTargets, days, context)] : []);
    const keys = rowsOf(found, matchers, standing.entries.slice(0, MAX_STANDING));
    const shown = followed.length > 0 ? title : shortNames(matchers, context);
    return [text, ...(await timelinePicture({ title: shown, days, keys, incidents: found }, context, can))];
  },
});

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
async function incidentsSince(
  since: number,
  matchers: readonly Matcher[],
  can: Pick<HistoryCapabilities, 'incidents'>,
): Promise<Incident[]> {
  const world = matchers.filter((one) => one.country === ANY && one.service === ANY).slice(0, 1);
  const wanted = world.length > 0 ? world : matchers;
  const lasted = await coveredBy(wanted, { since, limit: PER_MATCHER }, can.incidents);
  const open = await coveredBy(wanted, { open: true, limit: PER_MATCHER }, can.incidents);
  const found = new Map([...lasted, ...open.filter(isInForce)].map((one) => [one.id, one]));
  return [...found.values()].sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1));
}

/** What the picture has a row for: what the text tells of, and what was asked for by country and service. */
function rowsOf(
  found: readonly Incident[],
  matchers: readonly Matcher[],
  standing: readonly BaselineEntry[],
): RowKey[] {
  const stood = found.filter(({ state }) => state !== 'withdrawn');
  const named = matchers.filter(({ country, service }) => country !== ANY && service !== ANY);
  const rows = new Map<string, RowKey>();
  for (const { country, service } of [...stood, ...named, ...standing])
    rows.set(nameOfKey({ country, service }), { country, service });
  return [...rows.values()];
}

function historyList(found: readonly Incident[], context: CommandContext): Block {
  const items = found.slice(0, MAX_ROWS).map((one) => row(one, context));
  if (found.length > MAX_ROWS) items.push([context.words.say('list.more', { n: found.length - MAX_ROWS })]);
  return list(items);
}

/** "🟢 Russia: WhatsApp blocked · 12 Feb – 14 Feb · 2 days 3 hours · corroborated · RU-whatsapp-3f9k". */
function row(incident: Incident, { words, chat, now }: CommandContext): Inline[] {
  const { state, family, action, openedAt, closedAt, lastReportAt } = incident;
  const saying = sayingOf(incident);
  // Of what is over: what it was, not that it is over; the mark and the second date tell that.
  const was = state !== 'lifted' ? saying : family === 'warn' ? 'warn' : action;
  const what = whatOf(was, incident.service, words);
  const headline = words.say('headline', { country: whereOf([incident], words), what });
  const [from, to] = [openedAt, closedAt ?? now].map((at) => words.day(at, chat.timeZone, now)) as [string, string];
  const parts = [`${markOf(saying)} ${headline}`];
  if (closedAt === null) parts.push(words.say('line.since', { when: from }));
  else parts.push(from === to ? from : words.say('history.span', { from, to }));
  const age = now - lastReportAt;
  // Nobody has told of it for long: whether it lasts is not known.
  if (closedAt === null && age > STATUS_POLICY.newsStaleMs)
    parts.push(words.say('status.age', { age: words.age(age) }));
  // What was taken back lasted no time, and a lift of something unknown is a moment.
  else if (state !== 'withdrawn' && was !== 'unblock') parts.push(words.duration((closedAt ?? now) - openedAt));
  parts.push(words.say(`confidence.${incident.confidence}`));
  return [`${parts.join(' · ')} · `, code(incident.id)];
}

function namesOf(matchers: readonly Matcher[], { words }: CommandContext): string {
  const names = matchers.slice(0, MAX_NAMES).map((one) => nameOfMatcher(one, words));
  if (matchers.length > MAX_NAMES) names.push(words.say('list.more', { n: matchers.length - MAX_NAMES }));
  return words.list(names);
}

/** As a title: "Russia" where all of it is meant. */
function shortNames(matchers: readonly Matcher[], { words }: CommandContext): string {
  const nameOf = (one: Matcher): string => {
    if (one.service !== ANY) return one.country === ANY ? words.service(one.service) : nameOfMatcher(one, words);
    return one.country === ANY ? words.say('status.world') : words.country(one.country);
  };
  return matchers.slice(0, MAX_NAMES).map(nameOf).join(', ');
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
