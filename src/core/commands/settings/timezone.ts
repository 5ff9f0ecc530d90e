import type { Block, Inline, MessageDocument } from '../../model/message.ts';
import { foreign } from '../../render/plain.ts';
import { answer, backToSettings, button, code, line, list, type Matcher, note, rows, wholeChat } from '../answer.ts';
import { findZone, likelyZones, LOCATED, zoneLabel } from '../asking/zones.ts';
import type { Can } from '../capabilities.ts';
import { BESIDE, type Command, type CommandContext } from '../command.ts';
import { type HeardCapabilities, levelQuestion } from './language-and-level.ts';

/** Begins the button that sends no place; what it sends is its own text. */
const NO = '✖';
/** A keyboard that asks for the place may stand for so long, ms. */
const ASKED_MS = 6 * 3_600_000;

/** What follows the answer: the next question of the first minute, or the setting of whoever came for that. */
const NEXT = [BESIDE, ' quiet', ' digest'] as const;
type Next = (typeof NEXT)[number];

type TimezoneCapabilities = Pick<Can, 'chats' | 'placeAsked' | 'command'> & HeardCapabilities;

export const timezoneCommand = (can: TimezoneCapabilities): Command => ({
  name: 'timezone',
  examples: ['timezone Europe/Moscow', 'timezone Berlin', 'timezone UTC+3'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const { words, args } = context;
    const located = new RegExp(`^${LOCATED}(?: |$)`, 'u').test(args);
    if (located) return await byPlace(args.split(' ').slice(1, 5), context, can);
    if (args === 'here' && context.places === 'button') return [await askPlace(context, can)];
    if (args === words.say('button.noPlace')) return [await noPlace(context, can)];
    if (args === '') return [now(context)];
    const next = NEXT.find((one) => args.endsWith(one)) ?? '';
    const found = findZone(args.slice(0, args.length - next.length).slice(0, 60), context.known);
    if (!('zone' in found)) return [unknown(found.nearest, context)];
    const done = await choose(found.zone, context, can);
    const { blocks, buttons } = await nextQuestion(next, found.zone, context, can);
    // One message holds one keyboard: the old one goes with a message of its own.
    if (await wasAsked(context, can)) {
      const after = next === '' ? [] : [answer(words, blocks, buttons)];
      return [{ ...answer(words, done), keyboard: 'gone' }, ...after];
    }
    return [answer(words, [...done, ...blocks], buttons)];
  },
});

async function nextQuestion(next: string, timeZone: string, context: CommandContext, can: TimezoneCapabilities) {
  if (next === BESIDE) return levelQuestion(context, can, BESIDE);
  if (next !== '') {
    const chat = { ...context.chat, timeZone };
    const [page] = await can.command('settings').run({ ...context, chat, args: next });
    return page!;
  }
  return { blocks: [], buttons: [backToSettings(context.words)] };
}

/** Which clock is theirs? As buttons where they can be tapped and the zone can be guessed; two that look alike are no choice. */
export function zoneQuestion(matchers: readonly Matcher[], next: Next | '', context: CommandContext) {
  const { words, hint, now, known } = context;
  const zones = likelyZones(matchers, words.lang, known);
  const labels = new Map(zones.toReversed().map((zone) => [zoneLabel(zone, words.lang, now), zone]));
  const shown = context.hasButtons ? [...labels].reverse() : [];
  const buttons = shown.map(([label, zone]) => button(label, `timezone ${zone}${next}`));
  const share = context.places === 'message' && shown.length === 0 ? [note(words.say('timezone.share'))] : [];
  return {
    blocks: [
      line(words.say('first.zone')),
      note(...hint('first.zoneOther', `timezone ${zones[0] ?? 'Berlin'}`)),
      ...share,
    ],
    buttons: [...rows(buttons, 2), ...hereButton(context)],
  };
}

const clock = (zone: string, { words, now }: CommandContext) => ({ zone, time: words.dateTime(now, zone, now) });

/** How to name a place, and how to send it where that can be done. */
function ask({ words, hint, places }: CommandContext): Block[] {
  const named = note(...hint('timezone.ask', 'timezone Europe/Moscow'));
  return places === 'message' ? [named, note(words.say('timezone.share'))] : [named];
}

function now(context: CommandContext): MessageDocument {
  const { words, chat } = context;
  const blocks = [line(words.say('timezone.now', clock(chat.timeZone, context))), ...ask(context)];
  return answer(words, blocks, [...hereButton(context), backToSettings(words)]);
}

/** Where the platform asks for a place by a button of its own. */
const hereButton = ({ words, places }: CommandContext) =>
  places === 'button' ? [[button(`📍 ${words.say('button.place')}`, 'timezone here')]] : [];

async function choose(timeZone: string, context: CommandContext, can: TimezoneCapabilities): Promise<Block[]> {
  const row = await context.row();
  await can.chats.update(row.id, { timeZone });
  context.changed();
  return [line(context.words.say('timezone.done', clock(timeZone, context))), ...wholeChat(context)];
}

function unknown(nearest: readonly string[], context: CommandContext): MessageDocument {
  const { words, typed, args } = context;
  const word = foreign(args, 40);
  const near = nearest.map((zone): Inline[] => [code(typed(`timezone ${zone}`))]);
  const blocks = [line(words.say('timezone.unknown', { word })), ...(near.length > 0 ? [list(near)] : ask(context))];
  return answer(
    words,
    blocks,
    nearest.map((zone) => [button(zone, `timezone ${zone}`)]),
  );
}

async function askPlace(context: CommandContext, { placeAsked }: TimezoneCapabilities): Promise<MessageDocument> {
  const { words, personHere } = context;
  await placeAsked.set(personHere, true, ASKED_MS);
  const keyboard = { place: `📍 ${words.say('button.place')}`, no: `${NO} ${words.say('button.noPlace')}` };
  return { ...answer(words, [line(words.say('timezone.here'))]), keyboard };
}

const wasAsked = ({ personHere }: CommandContext, { placeAsked }: TimezoneCapabilities): Promise<boolean> =>
  placeAsked.delete(personHere);

async function noPlace(context: CommandContext, can: TimezoneCapabilities): Promise<MessageDocument> {
  await wasAsked(context, can);
  return { ...now(context), buttons: [], keyboard: 'gone' };
}

/** The zones of the towns nearest to a place that was shared, the nearest first. Of the place itself nothing has come this far. */
async function byPlace(names: readonly string[], context: CommandContext, can: TimezoneCapabilities) {
  const { words, chat } = context;
  await wasAsked(context, can);
  const zones = names.flatMap((name) => {
    const found = findZone(name, context.known);
    return 'zone' in found ? [found.zone] : [];
  });
  const [nearest] = zones;
  if (nearest === undefined) {
    const none = answer(words, [line(words.say('timezone.nowhere')), ...ask(context)]);
    return [context.places === 'button' ? { ...none, keyboard: 'gone' as const } : none];
  }
  const isFirst = chat.timeZone === 'UTC';
  const done = [...(await choose(nearest, context, can)), note(words.say('timezone.kept'))];
  const others = othersBy(nearest, zones, context);
  const next = await nextQuestion(isFirst ? BESIDE : '', nearest, context, can);
  const rest = [...(others.length > 0 ? [line(words.say('timezone.others'))] : []), ...next.blocks];
  const buttons = [...rows(others, 2), ...next.buttons];
  if (context.places !== 'button') return [answer(words, [...done, ...rest], buttons)];
  const first: MessageDocument = { ...answer(words, done), keyboard: 'gone' };
  return rest.length === 0 ? [first] : [first, answer(words, rest, buttons)];
}

/** Across a near border the clock may be another one; zones that show the same time now are no choice. */
function othersBy(nearest: string, zones: readonly string[], { words, now }: CommandContext) {
  const timeOf = (label: string): string => label.split(' ')[0]!;
  const times = new Set([timeOf(zoneLabel(nearest, words.lang, now))]);
  return zones.slice(1).flatMap((zone) => {
    const label = zoneLabel(zone, words.lang, now);
    if (times.has(timeOf(label))) return [];
    times.add(timeOf(label));
    return [button(label, `timezone ${zone}`)];
  });
}
