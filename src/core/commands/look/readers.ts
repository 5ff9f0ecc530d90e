import type { ChatKind } from '../../model/chat.ts';
import type { Block, Inline } from '../../model/message.ts';
import { MIN_PEOPLE, QUARTER, type ReaderCount, type ReaderTable, type ReaderVerdict } from '../../ports/readers.ts';
import { failing, hoursOf, readersSay, SETTLED_AFTER, sumOf } from '../../readers.ts';
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

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** So long it is remembered in which country somebody is who told us. */
const PLACE_MS = 30 * DAY;
const MAX_PLACES = 6;
const MAX_STATES = 3;
/** Hours of a timeline. */
const MAX_HOURS = 8;
/** Rows that are read: ten of them a quarter and country would be many. */
const MAX_COUNTS = 5_000;
/** In so many countries at once it is the service itself. */
const EVERYWHERE = 3;

type ReadersCapabilities = Pick<Can, 'targets' | 'subscriptions' | 'world' | 'readers' | 'readerReports' | 'picks'>;

const FORM = /^(?:(fails|works)(?:\s+|$))?(.*)$/u;

export const readersCommand = (can: ReadersCapabilities): Command => ({
  name: 'readers',
  examples: ['readers whatsapp ru', 'readers fails whatsapp ru'],
  who: 'anyone',
  counts: (args) => FORM.exec(args)?.[1] !== undefined,
  async run(context) {
    const { words, hint, now } = context;
    const [, said, rest = ''] = FORM.exec(context.args) ?? [];
    const parsed = can.targets.parse(rest);
    if (parsed.problems.length > 0) return [problemsAnswer(context, 'readers', parsed, false)];
    const [service] = parsed.services;
    if (service === undefined) return [answer(words, [line(...hint('readers.which', 'readers whatsapp ru'))])];
    const named = parsed.countries.find((one) => one !== 'EU');
    const country = named ?? (await placeOf(context, can));
    const again = [said, service].filter(Boolean).join(' ');
    if (country === null) return [await whereAsked(again, context, can)];
    const verdict = said as ReaderVerdict | undefined;
    const outcome = verdict
      ? await taken({ country, service, verdict, networks: parsed.networks }, context, can)
      : null;
    if (verdict && named) await remember(named, context, can);
    const matcher = { country, service };
    const { states } = await can.world.of({ matchers: [matcher] }, now);
    const known = stateList(states, MAX_STATES, context);
    const what = nameOfMatcher(matcher, words);
    const blocks: Block[] = [
      head(what),
      ...(outcome === null ? [] : [line(words.say(outcome))]),
      ...(known.length > 0 ? known : [line(`❔ ${words.say('status.nothing', { what })}`)]),
      ...(await readerBlocks(matcher, context, can.readers)),
      ...(verdict ? [note(...hint('readers.elsewhere', `readers ${again} de`))] : []),
      note(words.say('readers.kept')),
    ];
    const targets = `${country} ${service}`;
    return [
      answer(words, blocks, [
        ...(verdict ? [] : [voiceButtons(targets, words)]),
        [
          button(words.say('button.status'), `status ${targets}`),
          button(words.say('button.days', { n: 30 }), `history ${targets} 30`),
        ],
      ]),
    ];
  },
});

interface Word {
  country: string;
  service: string;
  verdict: ReaderVerdict;
  networks: readonly string[] | undefined;
}

/** In a chat of several nobody knows for how long each has been there. */
async function taken({ country, service, verdict, networks }: Word, context: CommandContext, can: ReadersCapabilities) {
  const { chat, now, senderId, known } = context;
  const operator = networks?.find((one) => known.operators.some((own) => own.asn === one && own.country === country));
  const settled = chat.kind === 'private' && chat.since !== undefined && now - chat.since >= SETTLED_AFTER;
  const report = { country, door: 'chat' as const, verdicts: [{ service, verdict }], token: senderId, settled };
  const outcome = await can.readerReports?.take(operator === undefined ? report : { ...report, operator });
  if (outcome === 'known') return 'readers.known';
  if (outcome !== 'taken') return 'error.slow';
  return verdict === 'fails' ? 'readers.tookFails' : 'readers.tookWorks';
}

/** What readers said of this within the hour; of a service that fails them in several countries, that. */
async function readerBlocks(
  { country, service }: { country: string; service: string },
  { words, chat, now }: CommandContext,
  table: ReaderTable | undefined,
): Promise<Block[]> {
  const all = (await table?.counts({ service, since: now - 6 * HOUR, limit: MAX_COUNTS })) ?? [];
  const own = all.filter((one) => one.country === country);
  const says = readersSay(own, now);
  const places = failingIn(all, now);
  const blocks: Block[] = [];
  if (says === null) {
    const isSilent = sumOf(own.filter(({ at }) => at > now - HOUR - QUARTER)) === 0;
    blocks.push(line(words.say(isSilent ? 'readers.none' : 'readers.few')));
  } else {
    const { fails, works, since, manyNew } = says;
    const parts = [
      words.say('readers.hour', { fails, works }),
      since === null ? null : words.say('readers.since', { when: words.dateTime(since, chat.timeZone, now) }),
      manyNew ? words.say('readers.new') : null,
    ];
    blocks.push(line(parts.filter((one) => one !== null).join(' · ')));
  }
  if (places.includes(country) && places.length >= EVERYWHERE)
    blocks.push(line(words.say('readers.everywhere', { n: places.length })));
  return blocks;
}

/** Where most of those who spoke within the hour say that it fails them. */
const failingIn = (counts: readonly ReaderCount[], now: number): string[] =>
  [...Map.groupBy(counts, (one) => one.country)].flatMap(([country, own]) => {
    const lately = own.filter(({ at }) => at > now - HOUR - QUARTER);
    return sumOf(lately) >= MIN_PEOPLE && failing(lately) * 3 >= sumOf(lately) * 2 ? country : [];
  });

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

/** Where they said that they are, or the only country that is followed here. */
async function placeOf(context: CommandContext, can: ReadersCapabilities): Promise<string | null> {
  const told = await can.picks.get(placeAt(context));
  if (typeof told === 'string') return told;
  const [only, ...others] = await followedCountries(context, can);
  return only !== undefined && others.length === 0 ? only : null;
}

async function followedCountries(context: CommandContext, can: ReadersCapabilities): Promise<string[]> {
  const { thread, chat } = await followedHere(context, can.subscriptions);
  return [...new Set([...thread, ...chat].map(({ country }) => country))].filter((one) =>
    /^(?!EU)[A-Z]{2}$/u.test(one),
  );
}

/** In a chat of one's own, once: whoever presses a button about another country has not moved. */
async function remember(country: string, context: CommandContext, { picks }: ReadersCapabilities): Promise<void> {
  const alone: ChatKind = 'private';
  if (context.chat.kind !== alone || (await picks.get(placeAt(context))) !== undefined) return;
  await picks.set(placeAt(context), country, PLACE_MS);
}

export const forgetPlace = (context: CommandContext, { picks }: Pick<Can, 'picks'>) => picks.delete(placeAt(context));

async function whereAsked(again: string, context: CommandContext, can: ReadersCapabilities) {
  const { words, hint, known } = context;
  const places = [...new Set([...(await followedCountries(context, can)), ...known.words.homes(words.lang)])];
  const buttons = places.slice(0, MAX_PLACES).map((one) => button(words.country(one), `readers ${again} ${one}`));
  return answer(words, [line(...hint('readers.where', `readers ${again} de`))], rows(buttons, 3));
}
