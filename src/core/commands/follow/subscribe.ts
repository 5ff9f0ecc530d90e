import { ANY } from '../../model/chat.ts';
import type { Block, Button } from '../../model/message.ts';
import { isRecordAlone, newestFirst, type State } from '../../state/fold.ts';
import {
  answer,
  button,
  head,
  line,
  list,
  type Matcher,
  nameOfMatcher,
  note,
  openBlocks,
  stateList,
  problemsAnswer,
  rows,
} from '../answer.ts';
import { matchersOf } from '../asking/targets.ts';
import { likelyZones, zoneLabel } from '../asking/zones.ts';
import type { Can } from '../capabilities.ts';
import type { Command, CommandContext } from '../command.ts';
import { hardlyHeard, sightBlocks } from '../look/health.ts';
import { FIRST_MINUTE, hereButton } from '../settings/timezone.ts';
import {
  chosenIn,
  firstButtons,
  firstPage,
  MAX_SUBSCRIPTIONS,
  type PickerCapabilities,
  picker,
  pickLine,
  readPage,
} from './pickers.ts';

const MAX_OPEN = 10;
const MAX_NAMED = 20;
const MAX_STANDING = 5;

type SubscribeCapabilities = PickerCapabilities & Pick<Can, 'press'>;

export const subscribeCommand = (can: SubscribeCapabilities): Command => ({
  name: 'subscribe',
  aliases: ['sub', 'follow'],
  examples: ['subscribe ru whatsapp', 'subscribe ru', 'subscribe whatsapp telegram', 'subscribe all'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const asked = readPage(context.args, context.known);
    if (asked?.step.do === 'done') {
      const ticked = await chosenIn(asked.page, context, can);
      if (ticked) return [await follow(ticked.chosen, context, can, ticked)];
    }
    if (asked) return [await picker(asked.page, asked.step, context, can)];
    const [, only, what] = /^(only )?(.*)$/u.exec(context.args)!;
    const parsed = can.targets.parse(what!);
    const matchers = matchersOf(parsed);
    if (parsed.problems.length > 0) return [problemsAnswer(context, 'subscribe', parsed, true)];
    if (matchers.length === 0) return [await firstPage(context, can)];
    if (only) await endOthers(matchers, context, can);
    return [await follow(matchers, context, can)];
  },
});

/** "Only …", as a button says it: what else is followed here ends. */
async function endOthers(matchers: readonly Matcher[], context: CommandContext, can: SubscribeCapabilities) {
  const { id } = await context.here();
  const others = (await can.subscriptions.list(id)).filter(
    (one) => !matchers.some(({ country, service }) => country === one.country && service === one.service),
  );
  const ended = others.map(({ country, service }) => ({ country, service }));
  if (ended.length > 0) await can.subscriptions.remove(id, ended);
}

/**
 * Adds the matchers and answers with what is followed now and what of it is open: the catch-up, never the backlog. `picked`: they were followed tap by
 * tap, and this is the end of it; `isFirst` tells whether the chat followed nothing before.
 */
async function follow(
  matchers: readonly Matcher[],
  context: CommandContext,
  can: SubscribeCapabilities,
  picked: { isFirst: boolean } | null = null,
) {
  const { words, hint } = context;
  const chat = await context.here();
  const before = await can.subscriptions.list(chat.id);
  const fresh = matchers.filter(
    (one) => !before.some((known) => known.country === one.country && known.service === one.service),
  );
  if (before.length + fresh.length > MAX_SUBSCRIPTIONS) {
    const text = words.say('subscribe.tooMany', { n: MAX_SUBSCRIPTIONS });
    return answer(words, [line(text), note(words.say('error.nothing'))]);
  }
  if (fresh.length > 0) await can.subscriptions.add(chat.id, [...fresh], context.now);
  context.changed();
  const present = context.brief ? [] : await can.world.present(matchers, context.chat.level, context.now);
  const [standing, open] = [present.filter(isRecordAlone), present.filter((one) => !isRecordAlone(one))];
  const level = words.say(`level.${context.chat.level}`);
  const [inChat, inThread] =
    fresh.length > 0 || picked
      ? (['subscribe.done', 'thread.done'] as const)
      : (['subscribe.already', 'thread.already'] as const);
  const blocks: Block[] = [
    head(words.say(context.thread ? inThread : inChat)),
    namedList(matchers, context),
    ...openBlocks(open, MAX_OPEN, context),
    ...standingBlocks(standing, MAX_STANDING, context),
    ...(context.brief ? [] : await hardlyHeard(can, matchers, words)),
    note(...hint('subscribe.when', 'level', { level })),
  ];
  // The first thing that a chat follows: what it hears should come by its own clock.
  const isFirst = picked?.isFirst ?? before.length === 0;
  const zones = isFirst && !context.brief ? zoneQuestion(matchers, context) : null;
  return answer(
    words,
    [...blocks, ...(zones?.blocks ?? [])],
    [...(zones?.buttons ?? []), followButtons(matchers, context)],
  );
}

/** Asked once, of a chat by itself that has chosen no zone; null = not asked. */
function zoneQuestion(
  matchers: readonly Matcher[],
  context: CommandContext,
): { blocks: Block[]; buttons: Button[][] } | null {
  const { words, chat, hint, now } = context;
  if (chat.timeZone !== 'UTC' || context.thread) return null;
  const zones = likelyZones(matchers, words.lang, context.known);
  const other = note(...hint('first.zoneOther', `timezone ${zones[0] ?? 'Berlin'}`));
  const share = context.places === 'message' ? [note(words.say('timezone.share'))] : [];
  if (!context.hasButtons || zones.length === 0)
    return { blocks: [line(words.say('first.zone')), other, ...share], buttons: hereButton(context) };
  const buttons = zones.map((zone) => button(zoneLabel(zone, words.lang, now), `timezone ${zone} ${FIRST_MINUTE}`));
  return { blocks: [line(words.say('first.zone')), other], buttons: [...rows(buttons, 2), ...hereButton(context)] };
}

/** Nobody should read "nothing is cut off" about what has been blocked for years. Newest first. */
function standingBlocks(standing: readonly State[], max: number, context: CommandContext): Block[] {
  const shown = newestFirst(standing);
  return shown.length > 0 ? [line(context.words.say('subscribe.standing')), ...stateList(shown, max, context)] : [];
}

export function namedList(matchers: readonly Matcher[], { words }: CommandContext): Block {
  const items = matchers.slice(0, MAX_NAMED).map((matcher) => [nameOfMatcher(matcher, words)]);
  if (matchers.length > MAX_NAMED) items.push([words.say('list.more', { n: matchers.length - MAX_NAMED })]);
  return list(items);
}

function followButtons(matchers: readonly Matcher[], { words }: CommandContext): Button[] {
  const only = matchers.length === 1 ? matchers[0] : undefined;
  const status = ['status', ...(only ? [only.country, only.service].filter((one) => one !== '*') : [])].join(' ');
  return [
    button(words.say('button.status'), status),
    button(words.say('button.sure'), 'level'),
    button(words.say('button.mine'), 'subscriptions'),
  ];
}

const MAX_GREETED = 3;
/** By this `tocsin setup` knew whose Start it was; here it says nothing. */
const SETUP_CODE = /(^| )setup-[0-9a-z]{1,20}$/i;

export const startCommand = (can: SubscribeCapabilities & Pick<Can, 'health'>): Command => ({
  name: 'start',
  examples: ['start'],
  who: 'anyone',
  async run(context) {
    const hello = await greeting(context, can);
    if (context.args === '') return [hello];
    // A deep link: "?start=ru-whatsapp", which cannot hold spaces. In a group only admins get more than a greeting by it.
    const parsed = can.targets.parse(context.args.replaceAll('_', ' ').replace(SETUP_CODE, ''));
    const matchers = matchersOf(parsed);
    if (parsed.problems.length > 0) return [hello, problemsAnswer(context, 'subscribe', parsed, true)];
    if (matchers.length === 0 || !(await context.mayChange())) return [hello];
    return [await follow(matchers, context, can)];
  },
});

async function greeting(context: CommandContext, can: SubscribeCapabilities & Pick<Can, 'health'>) {
  const { words, hint } = context;
  const { chat, now } = context;
  const open = newestFirst(await can.world.present([{ country: ANY, service: ANY }], chat.level, now));
  const blocks: Block[] = [
    head(words.say('start.hello')),
    line(words.say('start.what')),
    ...sightBlocks(await can.health(), words),
    ...(open.length > 0
      ? [
          line(words.say('start.open', { n: open.length })),
          ...stateList(open.slice(0, MAX_GREETED), MAX_GREETED, context),
        ]
      : [line(words.say('start.none'))]),
    ...(context.hasButtons
      ? [line(words.say('start.ask')), note(...hint('start.type', 'subscribe ru whatsapp'))]
      : [pickLine(context)]),
    note(...hint('error.help', 'help')),
  ];
  return answer(words, blocks, [firstButtons(context), [button(words.say('button.help'), 'help')]]);
}
