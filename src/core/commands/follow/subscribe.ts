import { ANY } from '../../model/chat.ts';
import type { Block, Button } from '../../model/message.ts';
import { firstOf, foreign } from '../../render/plain.ts';
import { isRecordAlone, newestFirst } from '../../state/fold.ts';
import {
  answer,
  button,
  followedHere,
  groupsOf,
  head,
  isSame,
  line,
  list,
  type Matcher,
  nameOfMatcher,
  nameOfTarget,
  note,
  openBlocks,
  stateList,
  problemsAnswer,
  statusRow,
} from '../answer.ts';
import { bestOf, distance, matchersOf, type Target, WEAK } from '../asking/targets.ts';
import { keyOf } from '../asking/vocabulary.ts';
import type { Can } from '../capabilities.ts';
import { BESIDE, type Command, type CommandContext, withoutBeside } from '../command.ts';
import { hardlyHeard, sightBlocks } from '../look/health.ts';
import { zoneQuestion } from '../settings/timezone.ts';
import {
  chosenIn,
  firstButtons,
  firstPage,
  labelOf,
  MAX_SUBSCRIPTIONS,
  type PickerCapabilities,
  picker,
  pickLine,
  readPage,
} from './pickers.ts';

const MAX_OPEN = 10;
const MAX_NAMED = 20;
const MAX_STANDING = 5;

type SubscribeCapabilities = PickerCapabilities & Pick<Can, 'health' | 'press'>;

export const subscribeCommand = (can: SubscribeCapabilities): Command => ({
  name: 'subscribe',
  examples: ['subscribe ru whatsapp', 'subscribe ru', 'subscribe whatsapp telegram', 'subscribe all'],
  who: 'admins',
  replaces: true,
  async run(context) {
    const args = withoutBeside(context.args);
    const asked = readPage(args, context.known);
    if (asked?.step.do === 'done') {
      const ticked = await chosenIn(asked.page, context, can);
      if (ticked) return [await follow(ticked.chosen, context, can, ticked)];
    }
    if (asked) return [await picker(asked.page, asked.step, context, can)];
    const [, only, what] = /^(only )?(.*)$/u.exec(args)!;
    const parsed = can.targets.parse(what!);
    const matchers = matchersOf(parsed);
    if (parsed.problems.length > 0) return [problemsAnswer(context, 'subscribe', parsed, true)];
    if (matchers.length === 0) return [await firstPage(context, can)];
    if (only) await endOthers(matchers, context, can);
    return [await follow(matchers, context, can, { misspelt: misspeltIn(what!, context, can) })];
  },
});

/** How far a name may be from what it was taken for to be a slip, and not another name of it. */
const MAX_SLIP = 2;

/** Names that are nearly right, and were taken for what they are near to. Forms of a name ("России") are right. */
function misspeltIn(what: string, { words, known }: CommandContext, can: Pick<Can, 'targets'>) {
  return what.split(/[\s,;]+/u).flatMap((word): { word: string; target: Target }[] => {
    const typed = keyOf(word);
    const [target, other] = bestOf(can.targets.names().get(typed) ?? []);
    if (!target || other || target.rank === 0 || target.rank === WEAK) return [];
    const name = keyOf(nameOfTarget(target, words));
    const right = [target.id, ...known.words.all(`${target.kind}.${target.id}`)].map(keyOf);
    const isForm = right.includes(typed) || typed.startsWith(name);
    return !isForm && distance(typed, name, MAX_SLIP) <= MAX_SLIP ? [{ word, target }] : [];
  });
}

const isPart = (one: Matcher, whole: Matcher): boolean =>
  (whole.country === ANY || whole.country === one.country) && (whole.service === ANY || whole.service === one.service);

/** "Only …", as a button says it: what else is followed here ends. */
async function endOthers(matchers: readonly Matcher[], context: CommandContext, can: SubscribeCapabilities) {
  const { id } = await context.here();
  const before = await can.subscriptions.list(id);
  await can.subscriptions.remove(
    id,
    before.filter((one) => !matchers.some((wanted) => isSame(wanted, one))),
  );
}

/**
 * Adds the matchers and answers with what is followed now and what of it is open: the catch-up, never the backlog. What is part of something that is
 * followed is heard already. `isFirst`: they were followed tap by tap, and this is the end of it; did the chat follow nothing before?
 */
async function follow(
  matchers: readonly Matcher[],
  context: CommandContext,
  can: SubscribeCapabilities,
  { isFirst = null, misspelt = [] }: { isFirst?: boolean | null; misspelt?: ReturnType<typeof misspeltIn> } = {},
) {
  const { words, hint } = context;
  const chat = await context.here();
  const before = await can.subscriptions.list(chat.id);
  const whole = before.filter((known) => matchers.some((one) => isPart(one, known) && !isSame(one, known)));
  const fresh = matchers.filter((one) => !before.some((known) => isPart(one, known)));
  if (before.length + fresh.length > MAX_SUBSCRIPTIONS) {
    const text = words.say('subscribe.tooMany', { most: MAX_SUBSCRIPTIONS });
    return answer(words, [line(text), note(words.say('error.nothing'))]);
  }
  if (fresh.length > 0) await can.subscriptions.add(chat.id, [...fresh], context.now);
  context.changed();
  const level = words.say(`level.${context.chat.level}.what`);
  const [inChat, inThread] =
    fresh.length > 0 || isFirst !== null
      ? (['subscribe.done', 'thread.done'] as const)
      : (['subscribe.already', 'thread.already'] as const);
  const blocks: Block[] = [
    head(words.say(context.thread ? inThread : inChat)),
    ...(await standingNow(matchers, context, can)),
    ...(fresh.length === 0 && isFirst === null && whole.length > 0
      ? [line(words.say('subscribe.part', { whole: words.list(whole.map((one) => nameOfMatcher(one, words))) }))]
      : []),
    ...(fresh.length > 0 ? misspelt : []).map(({ word, target }) =>
      line(
        ...hint('subscribe.took', `unsubscribe ${target.id}`, {
          word: foreign(word, 40),
          name: nameOfTarget(target, words),
        }),
      ),
    ),
    ...(context.brief ? [] : await hardlyHeard(can, matchers, words)),
    note(...hint('subscribe.when', 'level', { level })),
  ];
  // The first thing that a chat follows: what it hears should come by its own clock.
  const isAsked =
    (isFirst ?? before.length === 0) && !context.brief && !context.thread && context.chat.timeZone === 'UTC';
  const zones = isAsked ? zoneQuestion(matchers, BESIDE, context) : null;
  return answer(
    words,
    [...blocks, ...(zones?.blocks ?? [])],
    [...(zones?.buttons ?? []), followButtons(matchers, context)],
  );
}

/** What is followed, and how it stands: what is new and what stood, for nobody should read "nothing is cut off" about what has been blocked for years. */
async function standingNow(matchers: readonly Matcher[], context: CommandContext, can: SubscribeCapabilities) {
  const { words, chat, now } = context;
  const present = context.brief ? [] : await can.world.present(matchers, chat.level, now);
  const [group, ...others] = groupsOf(present);
  const [only, ...more] = matchers;
  if (group && others.length === 0 && more.length === 0 && only!.country !== ANY && only!.service !== ANY) {
    const [what, state] = statusRow(group, nameOfMatcher(only!, words), context) as [string, string];
    return [line(words.say('subscribe.now', { what, state }))];
  }
  // What has stood for long, in the order of the status: one list, wherever it is asked for.
  const [standing, open] = [present.filter(isRecordAlone), newestFirst(present.filter((one) => !isRecordAlone(one)))];
  // What "nothing new" is worth.
  const sight = open.length === 0 ? sightBlocks(await can.health(), words) : [];
  const blocks = [namedList(matchers, context), ...sight, ...openBlocks(open, MAX_OPEN, context)];
  if (standing.length > 0)
    blocks.push(line(words.say('subscribe.standing')), ...stateList(standing, MAX_STANDING, context));
  return blocks;
}

export const namedList = (matchers: readonly Matcher[], { words }: CommandContext): Block =>
  list(firstOf(matchers, MAX_NAMED, words, (one) => [nameOfMatcher(one, words)]));

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
    const { thread, chat } = await followedHere(context, can.subscriptions);
    const followed = thread.length > 0 ? thread : chat;
    if (context.args === '' && followed.length > 0) return [await again(followed, context, can)];
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

/** To somebody who has begun already: what they follow, and how that stands. */
async function again(followed: readonly Matcher[], context: CommandContext, can: SubscribeCapabilities) {
  const { words } = context;
  const blocks = [head(words.say('subscriptions.head')), ...(await standingNow(followed, context, can))];
  const more = [button(words.say('button.mine'), 'subscriptions'), button(words.say('button.help'), 'help')];
  return answer(words, blocks, [firstButtons(context, BESIDE), more]);
}

async function greeting(context: CommandContext, can: SubscribeCapabilities & Pick<Can, 'health'>) {
  const { words, hint, chat, now } = context;
  // Their own country first, with what has long been cut off there.
  const home = context.known.words.homes(words.lang)[0];
  const own = home ? await can.world.present([{ country: home, service: ANY }], chat.level, now) : [];
  const world = await can.world.present([{ country: ANY, service: ANY }], chat.level, now);
  const open = [...newestFirst(own), ...newestFirst(world.filter(({ country }) => country !== home))];
  const atHome = home ? [button(labelOf('country', home, words), `subscribe ${home}${BESIDE}`)] : [];
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
  return answer(words, blocks, [atHome, firstButtons(context, BESIDE), [button(words.say('button.help'), 'help')]]);
}
