import type { Block, Inline } from '../../model/message.ts';
import {
  isReadersWord,
  type ReaderCount,
  type ReaderReport,
  type ReaderReports,
  type ReadersSay,
  type ReaderTable,
  type ReaderVerdict,
} from '../../ports/readers.ts';
import { hoursOf, readersSay, SETTLED_AFTER } from '../../readers.ts';
import { voiceButtons } from '../../render/alert.ts';
import {
  answer,
  button,
  followedHere,
  head,
  line,
  list,
  nameOfMatcher,
  note,
  problemsAnswer,
  rows,
  stateList,
} from '../answer.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';

/** "Is it only me?": what is known, how many readers say so, and two buttons to say it oneself. */

const DAY = 24 * 3_600_000;
/** So long it is remembered in which country somebody is who told us. */
const PLACE_MS = 30 * DAY;
const MAX_PLACES = 6;
const MAX_OPERATORS = 3;
const MAX_STATES = 3;
/** Hours of a timeline. */
const MAX_HOURS = 8;
/** Rows of a timeline. */
const MAX_COUNTS = 5_000;

type ReadersCapabilities = Pick<Can, 'targets' | 'subscriptions' | 'world' | 'readerReports' | 'picks' | 'testPage'>;

const FORM = /^(?:(fails|works)(?:\s+|$))?(.*)$/u;

export const readersCommand = (can: ReadersCapabilities): Command => ({
  name: 'readers',
  examples: ['readers whatsapp ru', 'readers fails whatsapp ru'],
  who: 'anyone',
  counts: (args) => isReadersWord(`readers ${args}`),
  async run(context) {
    const { words, hint, now } = context;
    const [, said, rest = ''] = FORM.exec(context.args) ?? [];
    const parsed = can.targets.parse(rest);
    if (parsed.problems.length > 0) return [problemsAnswer(context, 'readers', parsed, false)];
    const [service] = parsed.services;
    if (service === undefined) return [answer(words, [line(...hint('readers.which', 'readers whatsapp ru'))])];
    const named = parsed.countries.find((one) => one !== 'EU');
    const place = await placeOf(named, parsed.networks, context, can);
    const again = [said, service].filter(Boolean).join(' ');
    if (place === null) return [await whereAsked(again, context, can)];
    const { country } = place;
    const matcher = { country, service };
    const verdict = said as ReaderVerdict | undefined;
    const outcome = verdict ? [line(words.say(await taken({ ...place, service, verdict }, context, can)))] : [];
    if (verdict && (named || parsed.networks)) await remember(place, context, can);
    const heard = (await can.readerReports?.said(matcher)) ?? { hour: null, isSilent: true, places: 0 };
    // Who has just spoken may not be counted yet.
    const counts = saidBlocks({ ...heard, isSilent: heard.isSilent && !verdict }, context);
    if (verdict && context.brief) return [answer(words, [...outcome, ...counts])];
    const operators = verdict && place.operator === undefined ? operatorsIn(country, context) : [];
    const { states } = await can.world.of({ matchers: [matcher] }, now);
    const known = stateList(states, MAX_STATES, context);
    const what = nameOfMatcher(matcher, words);
    const blocks: Block[] = [
      head(what),
      ...outcome,
      ...(known.length > 0 ? known : [line(`❔ ${words.say('status.nothing', { what })}`)]),
      ...counts,
      ...(verdict ? [note(...hint('readers.elsewhere', `readers ${again} de`))] : []),
      ...(operators.length > 0 ? [note(words.say('readers.operator'))] : []),
      note(words.say('readers.kept')),
    ];
    const targets = `${country} ${service}`;
    return [
      answer(words, blocks, [
        ...(verdict ? [] : [voiceButtons(targets, words)]),
        testButtons(matcher, context, can),
        ...operators.map(({ asn, name }) => [button(name, `readers ${said} ${targets} ${asn}`)]),
        [
          button(words.say('button.status'), `status ${targets}`),
          button(words.say('button.days', { n: 30 }), `history ${targets} 30`),
        ],
      ]),
    ];
  },
});

type Place = Pick<ReaderReport, 'country' | 'operator'>;
type Word = Place & ReaderReport['verdicts'][number];

const operatorsIn = (country: string, { known }: CommandContext) =>
  known.operators.filter((one) => one.country === country).slice(0, MAX_OPERATORS);

/** In a chat of several nobody knows for how long each has been there. */
async function taken(
  { service, verdict, ...place }: Word,
  { chat, now, senderId }: CommandContext,
  can: ReadersCapabilities,
) {
  const settled = chat.kind === 'private' && chat.since !== undefined && now - chat.since >= SETTLED_AFTER;
  const report = { ...place, door: 'chat' as const, verdicts: [{ service, verdict }], token: senderId, settled };
  const outcome = await can.readerReports?.take(report);
  if (outcome === 'known') return 'readers.known';
  if (outcome !== 'taken') return 'error.slow';
  return verdict === 'fails' ? 'readers.tookFails' : 'readers.tookWorks';
}

/** [Test from here]. Platforms take an application of theirs in private chats alone. */
export function testButtons(
  { country, service }: { country: string; service: string },
  { words, chat }: CommandContext,
  can: Pick<Can, 'testPage'>,
) {
  const url = can.testPage?.(country, service, words.lang) ?? null;
  return url === null ? [] : [{ label: words.say('here.start'), press: { url, app: chat.kind === 'private' } }];
}

type Told = Pick<CommandContext, 'words' | 'now'> & { timeZone: string };

/** Null = fewer spoke than may be counted. */
function sayingOf(hour: ReadersSay['hour'], { words, timeZone, now }: Told): string | null {
  if (hour === null) return null;
  const { fails, works, since, manyNew } = hour;
  return [
    words.say('readers.hour', { fails, works }),
    since === null ? [] : words.say('readers.since', { when: words.dateTime(since, timeZone, now) }),
    manyNew ? words.say('readers.new') : [],
  ]
    .flat()
    .join(' · ');
}

/** What readers said of it within the hour; of a service that fails them in several countries, that. */
function saidBlocks({ hour, isSilent, places }: ReadersSay, { words, chat, now }: CommandContext): Block[] {
  const said = sayingOf(hour, { words, timeZone: chat.timeZone, now });
  const everywhere = places > 0 ? [line(words.say('readers.everywhere', { n: places }))] : [];
  return [line(said ?? words.say(isSilent ? 'readers.none' : 'readers.few')), ...everywhere];
}

/** The same where enough have spoken to be counted; else nothing. */
export async function readersLine(
  of: Parameters<ReaderReports['said']>[0],
  context: CommandContext,
  can: Pick<Can, 'readerReports'>,
) {
  const said = await can.readerReports?.said(of);
  return said?.hour ? saidBlocks(said, context) : [];
}

/** In one line, from counts of one service in one country. */
export const saidByReaders = (counts: readonly ReaderCount[], told: Told): string | null =>
  sayingOf(readersSay(counts, told.now), told);

/** The hours in which enough readers spoke, newest first; for one service in one country. */
export async function readerHours(
  { country, service, days }: { country: string; service: string; days: number },
  { words, chat, now }: Pick<CommandContext, 'words' | 'chat' | 'now'>,
  table: ReaderTable | undefined,
): Promise<Block[]> {
  const counts = (await table?.counts({ country, service, since: now - days * DAY, limit: MAX_COUNTS })) ?? [];
  const hours = hoursOf(counts)
    .slice(0, MAX_HOURS)
    .map(({ at, fails, works }): Inline[] => [`${words.dateTime(at, chat.timeZone, now)} · ${fails} / ${works}`]);
  return hours.length === 0 ? [] : [line(words.say('readers.hours')), list(hours)];
}

const placeAt = ({ personHere }: CommandContext): string => `${personHere} country`;

/** What they say now; else what they said, or the only country that is followed here. An operator counts in its own country. */
async function placeOf(
  named: string | undefined,
  networks: readonly string[] | undefined,
  context: CommandContext,
  can: ReadersCapabilities,
): Promise<Place | null> {
  const told = await can.picks.get(placeAt(context));
  const [home, own] = typeof told === 'string' ? told.split(' ') : [];
  const [only, ...others] = home === undefined ? await followedCountries(context, can) : [];
  const country = named ?? home ?? (others.length === 0 ? only : undefined);
  if (country === undefined) return null;
  const asked = [...(networks ?? []), ...(country === home && own ? [own] : [])];
  const operator = asked.find((asn) =>
    context.known.operators.some((one) => one.asn === asn && one.country === country),
  );
  return operator === undefined ? { country } : { country, operator };
}

async function followedCountries(context: CommandContext, can: ReadersCapabilities): Promise<string[]> {
  const { thread, chat } = await followedHere(context, can.subscriptions);
  return [...new Set([...thread, ...chat].map(({ country }) => country))].filter((one) =>
    /^(?!EU)[A-Z]{2}$/u.test(one),
  );
}

/** In a chat of one's own, once: whoever presses a button about another country has not moved. */
async function remember({ country, operator }: Place, context: CommandContext, { picks }: ReadersCapabilities) {
  const told = await picks.get(placeAt(context));
  if (context.chat.kind !== 'private' || (told !== undefined && !(operator && told === country))) return;
  await picks.set(placeAt(context), operator ? `${country} ${operator}` : country, PLACE_MS);
}

export const forgetPlace = (context: CommandContext, { picks }: Pick<Can, 'picks'>) => picks.delete(placeAt(context));

async function whereAsked(again: string, context: CommandContext, can: ReadersCapabilities) {
  const { words, hint, known } = context;
  const places = [...new Set([...(await followedCountries(context, can)), ...known.words.homes(words.lang)])];
  const buttons = places.slice(0, MAX_PLACES).map((one) => button(words.country(one), `readers ${again} ${one}`));
  return answer(words, [line(...hint('readers.where', `readers ${again} de`))], rows(buttons, 3));
}
